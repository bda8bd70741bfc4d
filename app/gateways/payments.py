"""The e-government payment gateway. The embedded simulator serves demonstrations; all it confirms is marked as simulated."""

from __future__ import annotations

from app.domain.errors import Unavailable
from app.domain.ports import Clock, PaymentOrder, PaymentReceipt


class SimulatedPayments:
    """Pays every order at once, with money nobody has. An order's number follows from its reference, so giving an order again
    confirms the same payment."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def pay(self, order: PaymentOrder) -> PaymentReceipt:
        return PaymentReceipt(f"SIM-{order.reference}", order.amount, self._clock.now(), simulated=True)


class NoPayments:
    """Stands where no payment gateway is configured: no fee is taken, and none is said to have been paid."""

    def pay(self, order: PaymentOrder) -> PaymentReceipt:
        raise Unavailable("No payment gateway is configured; the fee cannot be paid here.")
