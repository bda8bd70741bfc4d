"""Fees paid before filing and while a case runs, and applications that come by different ways."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from app.cases import drafting, filing, paying, viewing
from app.cases.office import Office
from app.domain.errors import Declined, Forbidden, Invalid, NotFound, Unavailable
from app.domain.events import EventKind
from app.domain.fees import PAYMENT
from app.domain.passport import Channel
from app.domain.ports import PaymentOrder, PaymentReceipt
from app.gateways.authority import TestAuthority
from app.gateways.payments import NoPayments
from tests.clock import HandClock
from tests.desk import PDF, Desk
from tests.made_up import document, published, service
from tests.press import with_short_letters
from tests.threads import at_once

RECEIPT = document("receipt", required="paid == 'bank'")


@pytest.fixture
def desk(office: Office, clock: HandClock, authority: TestAuthority) -> Desk:
    return Desk(with_short_letters(office), clock, authority)


def costing(fee: dict[str, Any], *documents: dict[str, Any]) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        for variant in data["variants"]:
            variant["fee"] = {"paragraph": "Standard row 6", **fee}
            variant["documents"] = [*variant["documents"], *documents]

    return change


def applied(desk: Desk, service_id: str, channel: Channel | None = None, **chosen: str) -> str:
    """A whole draft with its contract, unfiled; `chosen` says how the fee is to be paid."""
    company = desk.actor("company")
    application = drafting.start_application(desk.office, company, service_id, "issue", channel)
    answers = desk.answers() | ({PAYMENT: dict(chosen)} if chosen else {})
    drafting.save_application(desk.office, company, application, answers)
    drafting.attach(desk.office, company, application, "foreign_trade_contract", "c.pdf", "application/pdf", PDF)
    return application


def refusals(desk: Desk, application: str) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        filing.prepare_application(desk.office, desk.actor("company"), application)
    return [(problem.place, str(problem.sentence)) for problem in refused.value.problems]


def payments(desk: Desk, application: str) -> Any:
    return viewing.application(desk.office, desk.actor("company"), application).fee.payment


# --- Before filing --------------------------------------------------------------------------------------------------


def test_an_unpaid_application_is_refused_at_one_place_and_filed_once_it_is_paid(desk: Desk) -> None:
    application = applied(desk, published(desk.office, service("paid-service", costing({"mci": "0.9"}, RECEIPT))))
    assert refusals(desk, application) == [
        ("payment", "The fee is not paid yet: pay it here, or choose to attach the bank’s receipt.")
    ]
    paying.pay_for_application(desk.office, desk.actor("company"), application)
    case = desk.case(desk.sign_and_file(application))
    paid = next(entry for entry in case.timeline if entry.kind is EventKind.FEE_PAID)
    # 0,9 × 4325 tenge, the index of 2026; paid on Monday 2 March 2026 at 10:00 (05:00 UTC)
    facts = {name: paid.details[name] for name in ("amount", "fee_mci", "mci", "paid_at", "simulated")}
    assert facts == {
        "amount": "3892.50",
        "fee_mci": "0.9",
        "mci": "4325",
        "paid_at": "2026-03-02T05:00:00+00:00",
        "simulated": True,
    }
    assert paid.actor == desk.actor("company").name


def test_the_rate_is_that_of_the_day_of_payment(desk: Desk, clock: HandClock) -> None:
    """The index of 2026 is 4325; that of 2027 is not known, so nothing is taken by the old one."""
    service_id, company = published(desk.office, service("paid-service", costing({"mci": "10"}))), desk.actor("company")
    paid, unpaid = applied(desk, service_id), applied(desk, service_id)
    clock.move_to(datetime(2026, 12, 31, 18, 59, tzinfo=UTC))  # 23:59 in Astana
    paying.pay_for_application(desk.office, company, paid)
    clock.move_to(datetime(2026, 12, 31, 19, 0, tzinfo=UTC))  # midnight
    with pytest.raises(Invalid, match="known from 2015-01-01 to 2026-12-31; asked for 2027-01-01"):
        paying.pay_for_application(desk.office, company, unpaid)
    assert payments(desk, paid).amount == Decimal("43250.00")
    assert viewing.application(desk.office, company, unpaid).fee.amount is None


def test_who_chooses_the_banks_receipt_has_to_attach_it(desk: Desk) -> None:
    company = desk.actor("company")
    application = applied(desk, published(desk.office, service("paid-service", costing({"mci": "9"}, RECEIPT))), by="bank")
    assert [place for place, _ in refusals(desk, application)] == ["documents.receipt"]
    drafting.attach(desk.office, company, application, "receipt", "r.pdf", "application/pdf", PDF)
    case = desk.sign_and_file(application)
    assert EventKind.FEE_PAID.value not in desk.events(case)
    assert {document.kind for document in desk.case(case).documents} >= {"receipt"}


def test_a_receipt_that_no_document_asks_for_proves_nothing(desk: Desk) -> None:
    application = applied(desk, published(desk.office, service("paid-service", costing({"mci": "9"}))), by="bank")
    assert refusals(desk, application) == [("payment", "The fee is not paid yet: pay it here.")]


def test_the_choice_of_the_receipt_stays_when_the_form_is_saved_without_it(desk: Desk) -> None:
    application = applied(desk, published(desk.office, service("paid-service", costing({"mci": "9"}, RECEIPT))), by="bank")
    drafting.save_application(desk.office, desk.actor("company"), application, desk.answers(sheets="99"))
    assert viewing.application(desk.office, desk.actor("company"), application).names["paid"] == "bank"


def test_a_fee_without_a_figure_is_paid_by_what_the_applicant_states(desk: Desk) -> None:
    company = desk.actor("company")
    application = applied(desk, published(desk.office, service("paid-service", costing({"unknown": True}, RECEIPT))))
    with pytest.raises(Invalid, match="State the amount"):
        paying.pay_for_application(desk.office, company, application, stated="much")
    paying.pay_for_application(desk.office, company, application, stated="1 234,5")
    paid = payments(desk, application)
    assert (paid.amount, paid.fee_mci, paid.mci) == (Decimal("1234.50"), None, None)


class CountedPayments:
    """A gateway that counts the orders it was given, and whose money is real enough to be counted."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.orders = desk, list[PaymentOrder]()

    def pay(self, order: PaymentOrder) -> PaymentReceipt:
        self.orders.append(order)
        return PaymentReceipt(f"G-{order.reference}", order.amount, self.desk.clock.now(), simulated=False)


def test_a_fee_is_paid_once_however_often_the_button_is_pressed(desk: Desk) -> None:
    gateway = CountedPayments(desk)
    desk.office = replace(desk.office, payments=gateway)
    application = applied(desk, published(desk.office, service("paid-service", costing({"mci": "9"}))))
    press = partial(paying.pay_for_application, desk.office, desk.actor("company"), application)
    results = at_once([press] * 3)
    assert sorted(type(result).__name__ for result in results) == ["Declined", "Declined", "NoneType"]
    assert {order.reference for order in gateway.orders} == {application}  # the gateway takes them for one
    with pytest.raises(Declined, match="paid already"):
        press()
    assert payments(desk, application).reference == f"G-{application}"


def test_what_two_windows_pay_at_once_is_kept_as_one_payment(desk: Desk) -> None:
    application = applied(desk, published(desk.office, service("paid-service", costing({"mci": "9"}))))
    company, office = desk.actor("company"), desk.office

    class PaidMeanwhile(CountedPayments):
        def pay(self, order: PaymentOrder) -> PaymentReceipt:
            paying.pay_for_application(office, company, application)
            return super().pay(order)

    with pytest.raises(Declined, match="paid already; nothing was paid twice"):
        paying.pay_for_application(replace(office, payments=PaidMeanwhile(desk)), company, application)
    assert payments(desk, application).simulated  # the other window's


def test_a_payment_confirmed_after_the_application_was_filed_is_kept_in_its_case(desk: Desk) -> None:
    service_id = published(desk.office, service("paid-service", costing({"mci": "9"}, RECEIPT)))
    application, company = applied(desk, service_id, by="bank"), desk.actor("company")
    drafting.attach(desk.office, company, application, "receipt", "r.pdf", "application/pdf", PDF)

    class FiledMeanwhile(CountedPayments):
        def pay(self, order: PaymentOrder) -> PaymentReceipt:
            desk.sign_and_file(application)
            return super().pay(order)

    paying.pay_for_application(replace(desk.office, payments=FiledMeanwhile(desk)), company, application)
    case = viewing.application(desk.office, company, application).filed_case
    assert case is not None
    assert desk.events(case)[-1] == EventKind.FEE_PAID.value


def test_nothing_is_paid_where_no_gateway_is_configured(desk: Desk) -> None:
    application = applied(desk, published(desk.office, service("paid-service", costing({"mci": "9"}))))
    with pytest.raises(Unavailable, match="No payment gateway"):
        paying.pay_for_application(replace(desk.office, payments=NoPayments()), desk.actor("company"), application)
    assert payments(desk, application) is None


def test_a_paid_draft_is_not_thrown_away(desk: Desk) -> None:
    application = applied(desk, published(desk.office, service("paid-service", costing({"mci": "9"}))))
    company = desk.actor("company")
    paying.pay_for_application(desk.office, company, application)
    with pytest.raises(Declined, match="payment is not lost"):
        drafting.discard_application(desk.office, company, application)
    assert payments(desk, application)


def test_a_free_service_takes_no_money_and_a_stranger_pays_for_nobody(desk: Desk) -> None:
    with pytest.raises(Declined, match="free of charge"):
        paying.pay_for_application(desk.office, desk.actor("company"), desk.draft())
    application = applied(desk, published(desk.office, service("paid-service", costing({"mci": "9"}))))
    with pytest.raises(NotFound):
        paying.pay_for_application(desk.office, desk.actor("applicant"), application)
    with pytest.raises(Declined, match="not due now"):
        later = published(desk.office, service("later-service", costing({"mci": "9", "due": "in-process"})))
        paying.pay_for_application(desk.office, desk.actor("company"), applied(desk, later))


# --- While the case runs --------------------------------------------------------------------------------------------


def paid_at_registration(diagram: str) -> str:
    """The first step ends only once the fee is paid."""
    assert '<rasim:handler name="number_case"' in diagram
    return diagram.replace('<rasim:handler name="number_case"', '<rasim:handler name="confirm_payment"')


def test_a_step_that_waits_for_the_fee_ends_only_once_it_is_paid(desk: Desk) -> None:
    fee = costing({"mci": "10", "due": "in-process"})
    application = applied(desk, published(desk.office, service("paid-service", fee, paid_at_registration)))
    case, company = desk.sign_and_file(application), desk.actor("company")  # nothing is due before filing
    with pytest.raises(Declined, match="not paid yet"):
        desk.register(case)
    fee_today = paying.fee_of(desk.office, company, case)
    assert (fee_today.rate, fee_today.amount, fee_today.payment) == (Decimal(4325), Decimal("43250.00"), None)
    with pytest.raises(Forbidden):
        paying.pay_for_case(desk.office, desk.actor("applicant"), case)
    paying.pay_for_case(desk.office, company, case)
    with pytest.raises(Declined, match="paid already"):
        paying.pay_for_case(desk.office, company, case)
    assert desk.events(case).count(EventKind.FEE_PAID.value) == 1
    assert paying.fee_of(desk.office, company, case).payment is not None
    desk.register(case)


# --- Channels -------------------------------------------------------------------------------------------------------


def with_office_channel(data: dict[str, Any]) -> None:
    data["channels"] = ["portal", "provider-office"]
    for variant in data["variants"]:
        variant["documents"] = [
            *variant["documents"],
            document("electronic_only", channels=["portal"]),
            document("scan", required="channel == 'provider-office'"),
            document("original", kind="paper", channels=["provider-office"]),
        ]


def test_an_application_comes_by_the_portal_unless_another_way_is_chosen(desk: Desk) -> None:
    service_id = published(desk.office, service("two-ways", with_office_channel))
    assert [place for place, _ in refusals(desk, applied(desk, service_id))] == ["documents.electronic_only"]
    by_hand = applied(desk, service_id, Channel.PROVIDER_OFFICE)
    assert [place for place, _ in refusals(desk, by_hand)] == ["documents.scan"]  # an original is brought, not attached
    with pytest.raises(Invalid, match="no applications by the channel 'e-licensing'"):
        applied(desk, service_id, Channel.E_LICENSING)


def test_what_is_handed_in_at_the_office_is_printed_and_signed_by_hand(desk: Desk) -> None:
    application = applied(desk, published(desk.office, service("two-ways", with_office_channel)), Channel.PROVIDER_OFFICE)
    company = desk.actor("company")
    drafting.attach(desk.office, company, application, "scan", "s.pdf", "application/pdf", PDF)
    with pytest.raises(Invalid, match="not shown for signing yet"):
        filing.file_application(desk.office, company, application, [])
    documents = filing.prepare_application(desk.office, company, application)
    assert [(document.title.en, document.wanted) for document in documents] == [
        ("Application", ()),
        ("Guarantee obligation of the importer (end user)", ()),
    ]
    case = desk.case(filing.file_application(desk.office, company, application, []))
    assert not [signature for document in case.documents for signature in document.signatures]
    filed = next(entry for entry in case.timeline if entry.kind is EventKind.APPLICATION_FILED)
    assert filed.details["channel"] == "provider-office"


@pytest.mark.parametrize("id", ["electronic_only", "original", "importer_guarantee"])
def test_only_a_file_of_ones_own_channel_is_attached(desk: Desk, id: str) -> None:
    application = applied(desk, published(desk.office, service("two-ways", with_office_channel)), Channel.PROVIDER_OFFICE)
    with pytest.raises((NotFound, Invalid)):
        drafting.attach(desk.office, desk.actor("company"), application, id, "x.pdf", "application/pdf", PDF)


def test_a_form_that_no_document_asks_for_is_neither_checked_nor_printed(desk: Desk) -> None:
    def change(data: dict[str, Any]) -> None:
        for variant in data["variants"]:
            guarantee = next(rule for rule in variant["documents"] if rule["id"] == "importer_guarantee")
            guarantee["required"] = "acts_as_intermediary == 'yes'"

    service_id, company = published(desk.office, service("one-form", change)), desk.actor("company")
    application = drafting.start_application(desk.office, company, service_id, "issue")
    drafting.save_application(desk.office, company, application, {"application": desk.answers()["application"]})
    drafting.attach(desk.office, company, application, "foreign_trade_contract", "c.pdf", "application/pdf", PDF)
    assert [d.title.en for d in filing.prepare_application(desk.office, company, application)] == ["Application"]
    assert list(desk.case(desk.sign_and_file(application)).answers) == ["application"]


def test_look_ups_depend_on_the_channel_and_on_how_the_fee_was_paid(desk: Desk) -> None:
    def change(data: dict[str, Any]) -> None:
        costing({"mci": "9"})(data)
        lookup = dict(data["lookups"][0], number="bin")
        data["lookups"] = [
            {**lookup, "id": "of-payment", "register": "payment", "when": "paid == 'gateway' and channel == 'portal'"},
            {**lookup, "id": "of-receipt", "register": "licence", "when": "paid == 'bank'"},
        ]

    application = applied(desk, published(desk.office, service("paid-service", change)))
    paying.pay_for_application(desk.office, desk.actor("company"), application)
    case = desk.sign_and_file(application)
    desk.register(case)
    desk.appoint(case)
    desk.find_complete(case)
    assert [answer.register for answer in desk.case(case).lookups] == ["payment"]


# --- Services without a term, or without force ------------------------------------------------------------------------


def test_a_variant_without_a_term_is_accepted_without_a_day_of_result(desk: Desk) -> None:
    def change(data: dict[str, Any]) -> None:
        for variant in data["variants"]:
            variant["term"] = {"counted_from": "registered", "paragraph": "Standard row 3", "inferred": "the act is silent"}

    case = desk.case(desk.sign_and_file(applied(desk, published(desk.office, service("no-term", change)))))
    assert case.result_due is None
    notices = viewing.notices(desk.office, desk.actor("company")).rows
    assert [notice.sentence for notice in notices] == ["Your application was accepted."]


def test_a_repealed_service_takes_applications_in_the_demonstration_only(desk: Desk) -> None:
    production = replace(desk.office, settings=replace(desk.office.settings, demonstration=False))
    with pytest.raises(Forbidden, match="not in force"):
        drafting.start_application(production, desk.actor("company"), "guarantee-obligation-end-user-certificate", "issue")
    draft = desk.draft()
    filing.prepare_application(desk.office, desk.actor("company"), draft)
    with pytest.raises(Forbidden, match="not in force"):
        filing.file_application(production, desk.actor("company"), draft, [])
