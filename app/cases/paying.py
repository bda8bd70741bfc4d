"""Paying a service's fee through the payment gateway: of a draft, where it is due before filing, or of a running case.

A fee is paid once. The application's id is the reference the gateway knows the payment by, so that asking again, after a
failure or in two windows, confirms the same payment; and what the gateway has confirmed is always kept.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.cases.drafting import own_draft, version_of
from app.cases.office import Office
from app.domain import fees
from app.domain.errors import Declined, Invalid, NotFound
from app.domain.events import EventKind
from app.domain.passport import Fee, Passport, PaymentTime
from app.domain.people import Actor, Role
from app.domain.permissions import Action, CaseFacts, require
from app.domain.ports import PaymentOrder, PaymentReceipt
from app.domain.views import FeeView, PaymentView
from app.history.recording import record
from app.store.bundles import passport_of
from app.store.tables import Application, Case, Payment
from app.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be paid for an application, and by which rate."""

    application_id: str
    fee: Fee
    given: PaymentOrder
    mci: Decimal | None  # one index, in tenge


def pay_for_application(office: Office, actor: Actor, application_id: str, *, stated: str = "") -> None:
    """Pays the fee of one's own draft, which is due before filing. `stated` is the amount where the act names none.

    Raises Declined when it is paid already, Invalid for an amount that is none, Unavailable when no gateway answers.
    """

    def find(uow: UnitOfWork) -> tuple[Application, Passport]:
        return own_draft(uow, actor, application_id)

    _pay(office, actor, find, PaymentTime.BEFORE_FILING, stated)


def pay_for_case(office: Office, actor: Actor, case_id: str, *, stated: str = "") -> None:
    """Pays the fee of an open case, which is due while it runs; its applicant pays. Raises as `pay_for_application` does."""

    def find(uow: UnitOfWork) -> tuple[Application, Passport]:
        case = _own_case(uow, actor, case_id)
        if case.status.is_final:
            raise Declined("This case has ended; its fee can no longer be paid.")
        return _applied_for(uow, case)

    _pay(office, actor, find, PaymentTime.IN_PROCESS, stated)


def fee_of(office: Office, actor: Actor, case_id: str) -> FeeView:
    """The fee of one's own case: what it is today, and the payment once there is one."""
    with office.reading() as uow:
        application, passport = _applied_for(uow, _own_case(uow, actor, case_id))
        return fee_view(office, passport.variant(application.variant).fee, uow.cases.payment(application.id))


def fee_view(office: Office, fee: Fee, payment: Payment | None = None) -> FeeView:
    """A fee by today's rate; without an amount where the act names none, or while the rate of the year is not known."""
    rate = amount = None
    if fee.mci is not None:
        with suppress(Invalid):
            rate, amount = fees.rate_on(office.today()).tenge, fees.amount(fee, office.today())
    return FeeView(fee, rate, amount, _payment_view(payment) if payment else None)


def record_payment(uow: UnitOfWork, case: Case, payment: Payment, actor: Actor, *, at: datetime) -> None:
    """The payment in the case's history, with the rate it was reckoned by. What was paid before the case began is told once it
    has begun."""
    details = {
        "amount": str(payment.amount),
        "fee_mci": str(payment.fee_mci) if payment.fee_mci is not None else None,
        "mci": str(payment.mci) if payment.mci is not None else None,
        "paid_at": payment.paid_at.isoformat(),
        "reference": payment.reference,
        "simulated": payment.simulated,
    }
    record(uow, case, EventKind.FEE_PAID, at=at, actor=actor, role=Role.APPLICANT, details=details)


def _pay(
    office: Office, actor: Actor, find: Callable[[UnitOfWork], tuple[Application, Passport]], due: PaymentTime, stated: str
) -> None:
    with office.unit_of_work() as uow:
        application, passport = find(uow)
        order = _order(office, uow, application, passport, actor, due, stated)
    receipt = office.payments.pay(order.given)  # nothing is locked while the bank is asked
    with office.unit_of_work() as uow:
        _keep(office, uow, order, receipt, actor)
        uow.commit()


def _order(
    office: Office, uow: UnitOfWork, application: Application, passport: Passport, actor: Actor, due: PaymentTime, stated: str
) -> Order:
    fee = passport.variant(application.variant).fee_by(application.channel)
    if fee.is_free:
        raise Declined("This service is free of charge; there is nothing to pay.")
    if fee.due is not due:
        raise Declined("The fee of this service is not due now.")
    _require_unpaid(uow, application.id)
    today = office.today()
    amount = fees.stated_amount(stated) if fee.unknown else fees.amount(fee, today)
    given = PaymentOrder(application.id, amount, actor.bin or actor.iin, application.service)
    return Order(application.id, fee, given, None if fee.unknown else fees.rate_on(today).tenge)


def _require_unpaid(uow: UnitOfWork, application_id: str) -> None:
    if uow.cases.payment(application_id):
        raise Declined("The fee is paid already; nothing was paid twice.")


def _keep(office: Office, uow: UnitOfWork, order: Order, receipt: PaymentReceipt, actor: Actor) -> None:
    """Keeps what the gateway confirmed, whatever became of the draft or the case meanwhile: the money is paid."""
    if uow.cases.application(order.application_id, lock=True) is None:
        raise Declined(
            "The draft was deleted while its fee was being paid. Keep the number of the payment: %(reference)s.",
            reference=receipt.reference,
        )
    _require_unpaid(uow, order.application_id)
    payment = Payment(
        application_id=order.application_id,
        amount=fees.in_tenge(receipt.amount),
        fee_mci=order.fee.mci,
        mci=order.mci,
        paid_at=receipt.paid_at,
        reference=receipt.reference,
        simulated=receipt.simulated,
    )
    uow.cases.add_payment(payment)
    filed = uow.cases.of_application(order.application_id)
    case = uow.cases.lock(filed.id) if filed else None
    if case is not None:
        record_payment(uow, case, payment, actor, at=office.clock.now())


def _own_case(uow: UnitOfWork, actor: Actor, case_id: str) -> Case:
    case = uow.cases.get(case_id)
    if case is None:
        raise NotFound("There is no case '%(id)s'.", id=case_id)
    require(actor, Action.PAY_FEE, CaseFacts(case.applicant_iin, case.applicant_bin))
    return case


def _applied_for(uow: UnitOfWork, case: Case) -> tuple[Application, Passport]:
    application = uow.cases.application(case.application_id)
    if application is None:
        raise NotFound("Case '%(case)s' has no application.", case=case.id)
    return application, passport_of(uow.processes.bundle(version_of(uow, application)))


def _payment_view(payment: Payment) -> PaymentView:
    return PaymentView(
        payment.amount, payment.fee_mci, payment.mci, payment.paid_at, payment.reference, simulated=payment.simulated
    )
