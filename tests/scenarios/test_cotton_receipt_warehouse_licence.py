"""The Regulation of the Akimat of Astana, No 102-1249 of 2014 (cotton-receipt warehouse licence), paragraph by paragraph.

Every scenario begins on Monday 2 March 2026, 10:00 in Astana; the provider works 09:00-18:30 with lunch 13:00-14:30. Days off
near it: Saturdays and Sundays, Monday 9 March (8 March is a Sunday).
"""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from app.cases import paying, viewing
from app.domain.case import CaseStatus
from app.domain.ports import Register, RegisterAnswer
from app.gateways.state_registers import SimulatedRegisters
from tests.clock import HandClock, astana
from tests.desk import Desk
from tests.filling import file, work

SERVICE = "cotton-receipt-warehouse-licence"


class Licence:
    """One application for the licence, from one of the three ways of paras 7 to 9 on."""

    def __init__(self, desk: Desk, variant: str = "issue", channel: str = "portal", **given: object) -> None:
        self.desk = desk
        self.id = file(desk, SERVICE, variant, channel=channel, **given)

    def step(self, login: str, outcome: str, **given: object) -> None:
        work(self.desk, self.id, login, outcome, **given)

    @property
    def status(self) -> CaseStatus:
        return self.desk.case(self.id, "company").status

    def due(self, login: str) -> object:
        return self.desk.item(self.id, login).row.due_at

    def waits_at(self) -> set[str]:
        return {item.element for item in self.desk.open_items(self.id)}

    def passed(self) -> list[str]:
        """The automatic steps that were passed, in order."""
        with self.desk.office.reading() as uow:
            return [event.element for event in uow.history.of(self.id) if event.kind == "step-passed"]

    def to_the_specialist(self) -> None:
        self.step("clerk", "registered")
        self.step("head", "passed")
        self.step("depthead", "appointed", executor=self.desk.actor("executor").id)

    def to_the_bodies(self) -> None:
        self.to_the_specialist()
        self.step("executor", "complete")
        self.step("executor", "qualified")
        self.step("depthead", "sent")

    def to_the_licence(self) -> None:
        self.to_the_bodies()
        self.desk.reply(self.id, "agree")
        self.desk.reply(self.id, "agree")
        self.step("executor", "drawn_up")
        self.step("head", "signed")

    def issued(self) -> None:
        self.step("executor", "drawn_up")
        self.step("head", "sign")

    def letter(self, kind: str) -> str:
        found = next(d for d in self.desk.case(self.id, "company").documents if d.kind == kind)
        assert [signature.verdict.value for signature in found.signatures] == ["valid"]
        _, content = viewing.document(self.desk.office, self.desk.actor("company"), found.id)
        return " ".join("\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


@pytest.mark.parametrize("variant", ["issue", "reissue"])
def test_regulation_para_5_a_licence_by_the_portal_in_the_times_of_its_procedures(
    desk: Desk, clock: HandClock, variant: str
) -> None:
    case = Licence(desk, variant)
    assert desk.case(case.id).result_due is None  # the act sets no total term
    assert case.due("clerk") == astana(2026, 3, 2, 10, 30)  # (1): 30 minutes from 10:00
    clock.move_to(astana(2026, 3, 2, 12, 50))
    case.step("clerk", "registered")
    assert case.due("head") == astana(2026, 3, 2, 14, 50)  # (2): 10 minutes to lunch, 20 after it
    case.step("head", "passed")
    case.step("depthead", "appointed", executor=desk.actor("executor").id)
    assert case.due("executor") == astana(2026, 3, 3, 18, 30)  # (4): one working day, Tuesday 3 March
    clock.move_to(astana(2026, 3, 3, 10))
    case.step("executor", "complete")
    assert case.due("executor") == astana(2026, 3, 5, 18, 30)  # (5): two, Wednesday and Thursday 5 March
    clock.move_to(astana(2026, 3, 5, 10))
    case.step("executor", "qualified")
    case.step("depthead", "sent")
    # (6): two working days after Thursday 5 March: 6, (7, 8, 9 off) 10 → Tuesday 10 March
    assert {item.due_at for item in desk.open_items(case.id)} == {astana(2026, 3, 10, 18, 30)}
    desk.reply(case.id, "agree")
    desk.reply(case.id, "agree")
    case.step("executor", "drawn_up")
    assert case.due("head") == astana(2026, 3, 6, 18, 30)  # (7): one working day, Friday 6 March
    case.step("head", "signed")
    assert case.due("executor") == astana(2026, 3, 6, 18, 30)  # (8): one working day, Friday 6 March
    case.issued()
    assert case.status is CaseStatus.ISSUED
    assert "лицензия" in case.letter("licence").lower()


def test_regulation_para_5_8_a_duplicate_skips_procedures_4_to_7(desk: Desk) -> None:
    case = Licence(desk, "duplicate")
    case.to_the_specialist()
    assert case.waits_at() == {"draw_up_licence"}
    case.issued()
    assert case.status is CaseStatus.ISSUED


def test_regulation_para_5_4_an_incomplete_set_is_not_considered_further_within_one_working_day(desk: Desk) -> None:
    case = Licence(desk)
    case.to_the_specialist()
    case.step("executor", "incomplete", standard_package="absent", findings="Қойма жоспары жоқ")
    assert case.due("executor") == astana(2026, 3, 3, 18, 30)  # one working day after Monday 2 March
    case.step("executor", "drawn_up", grounds=["documents-incomplete", "against-legislation"])
    case.step("head", "sign")
    assert case.status is CaseStatus.DISCONTINUED
    assert "Қойма жоспары жоқ" in case.letter("discontinuation")


def test_regulation_para_5_8_an_applicant_who_does_not_qualify_is_answered_through_the_chancellery(desk: Desk) -> None:
    case = Licence(desk)
    case.to_the_specialist()
    case.step("executor", "complete")
    case.step("executor", "not_qualified", conclusion="Сыйымдылығы жеткіліксіз")
    case.step("executor", "drawn_up")
    case.step("head", "sign")
    assert case.status is CaseStatus.OPEN  # signed, and not sent yet
    case.step("clerk", "sent")
    assert case.status is CaseStatus.REFUSED
    assert "біліктілік талаптарына сәйкес келмейді" in case.letter("refusal")


def test_regulation_para_5_7_a_negative_conclusion_brings_the_qualification_back(desk: Desk) -> None:
    case = Licence(desk)
    case.to_the_bodies()
    desk.reply(case.id, "agree")
    desk.reply(case.id, "disagree")
    assert case.waits_at() == {"check_qualification"}


def test_regulation_para_5_6_bodies_that_are_silent_for_two_working_days_are_asked_again(desk: Desk) -> None:
    case = Licence(desk)
    case.to_the_bodies()
    desk.reply(case.id, "agree")
    # Two working days after Monday 2 March: 3, 4 → Wednesday 4 March, 18:30.
    desk.wait_until(astana(2026, 3, 4, 18, 31))
    assert case.waits_at() == {"send_for_agreement"}
    case.step("depthead", "sent")
    desk.reply(case.id, "agree")
    desk.reply(case.id, "agree")
    assert case.waits_at() == {"draw_up_decision"}


def test_regulation_para_7_the_sixteen_items_of_the_portal_are_passed_in_order(desk: Desk) -> None:
    case = Licence(desk)
    wanted = ["registration", "process_1", "condition_1", "process_3", "process_4", "condition_2", "process_6", "condition_3"]
    ids = [f"portal_{name}" for name in [*wanted, "process_8", "process_9"]]
    assert [step for step in case.passed() if step in ids] == ids


def test_regulation_para_8_the_twelve_items_at_the_provider(desk: Desk) -> None:
    case = Licence(desk, channel="provider-office")
    case.step("clerk", "signed_in")
    case.step("clerk", "entered")
    desk.answer_jobs()
    case.step("clerk", "attached")
    assert case.waits_at() == {"register_application"}
    ids = ["provider_condition_1", "provider_process_4", "provider_condition_2", "provider_process_7"]
    assert [step for step in case.passed() if step in ids] == ids


class NobodyKnown(SimulatedRegisters):
    def ask(self, register: Register, number: str, *, message_id: str) -> RegisterAnswer:
        return replace(super().ask(register, number, message_id=message_id), found=False, data={})


def test_regulation_para_8_7_a_person_the_state_databases_do_not_know_gets_a_message_and_no_licence(
    desk: Desk, clock: HandClock
) -> None:
    desk.office = replace(desk.office, registers=NobodyKnown(clock))
    case = Licence(desk, channel="provider-office")
    case.step("clerk", "signed_in")
    case.step("clerk", "entered")
    desk.answer_jobs()
    assert case.status is CaseStatus.NOT_ACCEPTED
    newest = [notice.sentence for notice in viewing.notices(desk.office, desk.actor("company")).rows][:2]
    assert newest == ["%(message)s", "%(message)s"]


def test_regulation_para_9_signing_comes_before_payment_and_processing_after_it(desk: Desk) -> None:
    case = Licence(desk, channel="e-licensing")
    assert case.waits_at() == {"pay_fee"}
    assert case.passed()[-1] != "e_licensing_item_9"
    paying.pay_for_case(desk.office, desk.actor("company"), case.id, stated="10000")
    case.step("company", "paid")
    assert case.waits_at() == {"register_application"}
    assert "e_licensing_item_9" in case.passed()


def test_regulation_para_5_8_a_paper_licence_is_handed_over_within_one_working_day(desk: Desk) -> None:
    case = Licence(desk, paper="yes")
    case.to_the_licence()
    case.issued()
    assert case.waits_at() == {"hand_over_paper_copy"}
    assert case.due("clerk") == astana(2026, 3, 3, 18, 30)  # one working day after Monday 2 March
    case.step("clerk", "handed_over")
    assert case.status is CaseStatus.ISSUED


def test_of_one_moment_the_silence_of_a_body_comes_before_its_lateness(desk: Desk) -> None:
    """The bodies' limit and the timer that ends their silence are the same two days: who is no longer asked is not overdue."""
    case = Licence(desk)
    case.to_the_bodies()
    desk.wait_until(astana(2026, 3, 4, 18, 31))
    assert "escalated" not in desk.events(case.id)
