"""State registers. The embedded simulator serves demonstrations; everything it answers is marked as simulated."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.errors import Unavailable
from app.domain.ports import Clock, Register, RegisterAnswer


class SimulatedRegisters:
    """Answers every number as a state register would, with made-up data.

    A number that ends in 0000 before its check digit is not found, so that the answer "no data" can be shown too.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def ask(self, register: Register, number: str, *, message_id: str) -> RegisterAnswer:
        found = number[7:11] != "0000"
        return RegisterAnswer(
            register=register,
            number=number,
            found=found,
            data=_SIMULATED[register] if found else {},
            message_id=message_id,
            answered_at=self._clock.now(),
            simulated=True,
        )


class NoRegisters:
    """Stands where no e-government gateway is configured: every question ends as an incident, none as a made-up answer."""

    def ask(self, register: Register, number: str, *, message_id: str) -> RegisterAnswer:
        raise Unavailable("No e-government gateway is configured; %(register)s was not asked.", register=register.value)


_SIMULATED: Mapping[Register, Mapping[str, str]] = {
    Register.IDENTITY_DOCUMENT: {"document": "identity card", "number": "000000000", "status": "valid"},
    Register.LEGAL_ENTITY: {"status": "registered", "registered_on": "2099-12-01"},
    Register.INDIVIDUAL_ENTREPRENEUR: {"status": "registered", "registered_on": "2099-12-01"},
    Register.TAX_REGISTRATION: {"status": "registered", "registered_on": "2099-12-01"},
    Register.CHARTER: {"status": "in force", "adopted_on": "2099-12-01"},
    Register.LICENCE: {"status": "in force", "number": "00000000"},
    Register.PAYMENT: {"status": "paid"},
}
