"""Annex 1 to order No 500 of 2015 (passes into the border zone for foreigners), paragraph by paragraph, on both databases.

Every scenario begins on Monday 2 March 2026, 10:00 in Astana. Days off near it: Saturdays and Sundays, Monday 9 March (8 March
is a Sunday). The service is on paper: what is signed by hand is printed, and nothing is signed electronically on filing.
"""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader

from app.cases import viewing
from app.domain.case import CaseStatus
from tests.clock import HandClock, astana
from tests.desk import Desk
from tests.filling import file, work

SERVICE = "border-zone-pass-for-foreigners"


class Zone:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.id = file(desk, SERVICE, "issue", login="applicant", channel="provider-office")

    def step(self, login: str, outcome: str, **given: object) -> None:
        work(self.desk, self.id, login, outcome, **given)

    def due(self, login: str) -> object:
        return self.desk.item(self.id, login).row.due_at

    def to_the_decision(self, interior: str = "agree", security: str = "agree") -> None:
        self.step("clerk", "complete")
        self.step("executor", "drawn_up")
        self.step("head", "signed")
        self.step("interior", interior)
        self.step("interior", "signed")
        self.step("security", security)

    def letter(self, kind: str) -> str:
        view = self.desk.case(self.id, "applicant")
        found = next(d for d in view.documents if d.kind == kind)
        _, content = viewing.document(self.desk.office, self.desk.actor("applicant"), found.id)
        return " ".join("\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def test_regulation_paras_8_to_12_each_step_has_its_own_days(desk: Desk, clock: HandClock) -> None:
    zone = Zone(desk)
    assert desk.case(zone.id).result_due is None  # para 14 leaves the total term to the Standard
    assert zone.due("clerk") == astana(2026, 3, 3, 18, 30)  # one working day after Monday 2 March: Tuesday 3 March
    clock.move_to(astana(2026, 3, 3, 12))
    zone.step("clerk", "complete")
    assert zone.due("executor") == astana(2026, 3, 4, 18, 30)  # one after Tuesday 3 March: Wednesday 4 March
    clock.move_to(astana(2026, 3, 4, 12))
    zone.step("executor", "drawn_up")
    assert zone.due("head") == astana(2026, 3, 4, 18, 30)  # the same day of para 9
    zone.step("head", "signed")
    assert zone.due("interior") == astana(2026, 3, 6, 18, 30)  # two after Wednesday 4 March: 5, 6 → Friday 6 March
    zone.step("interior", "agree")
    clock.move_to(astana(2026, 3, 6, 12))
    zone.step("interior", "signed")
    assert zone.due("security") == astana(2026, 3, 11, 18, 30)  # two after Friday 6 March: (7, 8, 9 off) 10, 11 → Wednesday
    clock.move_to(astana(2026, 3, 11, 12))
    zone.step("security", "agree")
    assert zone.due("executor") == astana(2026, 3, 12, 18, 30)  # one after Wednesday 11 March: Thursday 12 March
    zone.step("executor", "grant")
    zone.step("executor", "drawn_up")
    zone.step("head", "sign")
    zone.step("clerk", "handed_over")
    assert desk.case(zone.id, "applicant").status is CaseStatus.ISSUED
    assert "Шекаралық аймаққа кіруге рұқсаттама" in zone.letter("pass")


def test_regulation_para_8_a_set_that_is_not_complete_goes_back_to_be_completed(desk: Desk) -> None:
    zone = Zone(desk)
    zone.step("clerk", "incomplete", missing="Куәліктің көшірмесі")
    assert "Куәліктің көшірмесі" in str(desk.item(zone.id, "applicant").draft)
    zone.step("applicant", "completed", brought="Көшірмесі")
    zone.step("clerk", "complete")
    assert desk.item(zone.id, "executor").element.id == "draw_up_request"


@pytest.mark.parametrize(("interior", "security"), [("disagree", "agree"), ("agree", "disagree")])
def test_regulation_paras_4_and_12_a_negative_reply_comes_before_the_decision_and_ends_in_a_reasoned_refusal(
    desk: Desk, interior: str, security: str
) -> None:
    zone = Zone(desk)
    zone.to_the_decision(interior, security)
    assert sorted(row.reply for row in desk.consultations(zone.id)) == ["agree", "disagree"]
    zone.step("executor", "refuse", findings="Департаменттің жауабы теріс")
    zone.step("executor", "drawn_up")
    zone.step("head", "return_for_rework", remarks="Негізін нақтылаңыз")
    zone.step("executor", "drawn_up")
    zone.step("head", "sign")
    zone.step("clerk", "handed_over")
    assert desk.case(zone.id, "applicant").status is CaseStatus.REFUSED
    text = zone.letter("refusal")
    assert "10-тармағында көзделген негіз" in text
    assert "Департаменттің жауабы теріс" in text


def test_regulation_para_11_a_department_that_is_silent_is_overdue_and_awaited(desk: Desk) -> None:
    zone = Zone(desk)
    zone.step("clerk", "complete")
    zone.step("executor", "drawn_up")
    zone.step("head", "signed")
    zone.step("interior", "agree")
    zone.step("interior", "signed")
    # Two working days after Monday 2 March: 3, 4 → Wednesday 4 March, 18:30.
    desk.wait_until(astana(2026, 3, 4, 18, 31))
    assert desk.item(zone.id, "security").row.escalated
