"""Order No 110/ҚЕ of 2023, first block (permits for repeated crossing of the State Border), paragraph by paragraph.

Every scenario begins on Monday 2 March 2026, 10:00 in Astana. The provider works Monday to Friday 09:00-18:00 and on Saturday
09:00-13:00 (List item 7), so Saturdays are working days here. Days off near it: Sundays, Monday 9 March (8 March is a Sunday),
21-23 March (Nauryz: Saturday, Sunday, Monday) and, in the six-day week, Tuesday 24 March for the Nauryz day on Sunday.
"""

from __future__ import annotations

from datetime import date

import pytest

from app.cases.working import complete
from app.domain.case import CaseStatus
from app.domain.errors import Invalid
from tests.clock import HandClock, astana
from tests.desk import Desk
from tests.filling import work
from tests.scenarios.act000 import SUBSTANCE, BorderCase

SERVICE = "fishing-vessel-repeated-border-crossing-permit"


def case_of(desk: Desk, variant: str = "issue", **given: object) -> BorderCase:
    return BorderCase(desk, SERVICE, variant, **given)


@pytest.mark.parametrize(
    ("variant", "due"),
    [
        # Fifteen working days after Monday 2 March, Saturdays worked: 3, 4, 5, 6, 7, (8, 9 off) 10, 11, 12, 13, 14, (15)
        # 16, 17, 18, 19, 20 March → Friday 20 March, 18:00.
        ("issue", astana(2026, 3, 20, 18)),
        # Three: 3, 4, 5 March → Thursday 5 March, 18:00.
        ("extend", astana(2026, 3, 5, 18)),
        ("reobtain", astana(2026, 3, 5, 18)),
    ],
)
def test_list_items_3_and_5_each_variant_ends_in_a_permit_within_its_term(desk: Desk, variant: str, due: object) -> None:
    case = case_of(desk, variant)
    assert case.view.registered_on == date(2026, 3, 2)
    assert case.view.result_due == due
    case.without_agreement()
    case.step("executor", "meets")
    case.signed()
    assert case.view.status is CaseStatus.ISSUED
    text = case.letter("permit")
    assert "Мемлекеттік шекараны бірнеше рет кесіп өтуге рұқсат" in text
    assert "2026-00001" in text


def test_list_item_7_saturday_is_worked_until_13_and_later_means_monday(desk: Desk, clock: HandClock) -> None:
    clock.move_to(astana(2026, 3, 14, 12))
    assert case_of(desk).view.registered_on == date(2026, 3, 14)
    clock.move_to(astana(2026, 3, 14, 14))
    assert case_of(desk).view.registered_on == date(2026, 3, 16)


def test_rules_para_4_the_set_is_registered_on_the_day_it_comes(desk: Desk) -> None:
    case = case_of(desk)
    # "On the day it comes": the close of Monday 2 March, 18:00.
    assert desk.item(case.id, "clerk").row.due_at == astana(2026, 3, 2, 18)


@pytest.mark.parametrize("ground", ["incomplete-set", "expired-documents"])
def test_rules_para_5_a_set_that_is_incomplete_or_expired_is_not_accepted(desk: Desk, ground: str) -> None:
    case_of(desk).not_accepted(ground)


@pytest.mark.parametrize(("ground", "question"), [*SUBSTANCE.items(), ("no-need-to-cross", "crossing_needed")])
def test_rules_para_5_1_and_list_item_9_each_ground_ends_in_a_notice_of_refusal(
    desk: Desk, clock: HandClock, ground: str, question: str
) -> None:
    case_of(desk).refused_after_a_hearing(clock, ground, question)


def test_code_art_73_a_hearing_sooner_than_three_working_days_is_not_taken(desk: Desk) -> None:
    case = case_of(desk)
    case.without_agreement()
    with pytest.raises(Invalid) as raised:
        case.to_be_refused(date(2026, 3, 4), data_true="no")
    assert [problem.place for problem in raised.value.problems] == ["hearing_invitation.hearing_day"]
    assert raised.value.sentence.values["earliest"] == date(2026, 3, 5)


def test_code_art_73_an_applicant_who_says_nothing_is_heard_without_words(desk: Desk) -> None:
    case = case_of(desk)
    case.without_agreement()
    case.to_be_refused(date(2026, 3, 5), data_true="no")
    # The time for objections ends with the third working day: Thursday 5 March, 18:00.
    desk.wait_until(astana(2026, 3, 5, 18, 1))
    case.step("executor", "upheld")
    assert desk.item(case.id, "executor").element.id == "draw_up_refusal"


def test_code_art_73_what_the_applicant_says_may_turn_the_decision(desk: Desk) -> None:
    case = case_of(desk)
    case.without_agreement()
    case.to_be_refused(date(2026, 3, 5), requirements_met="no")
    case.heard("reconsider")
    case.step("executor", "meets")
    case.signed()
    assert case.view.status is CaseStatus.ISSUED


@pytest.mark.parametrize(("replies", "flag"), [(("agree", "agree"), "positive"), (("agree", "disagree"), "negative")])
def test_rules_para_5_1_bodies_that_must_agree_are_asked_and_a_negative_reply_is_a_ground(
    desk: Desk, replies: tuple[str, str], flag: str
) -> None:
    case = case_of(desk)
    case.accepted()
    case.step("executor", "needed")
    rows = [row for row in desk.open_items(case.id) if row.element == "give_reply"]
    assert sorted(row.instance or 0 for row in rows) == [1, 2]
    for reply in replies:
        desk.reply(case.id, reply)
    assert desk.item(case.id, "executor").element.id == "check_requirements"
    assert {row.reply for row in desk.consultations(case.id)} == set(replies)


def test_an_applicant_sees_and_does_only_what_is_asked_of_him(desk: Desk) -> None:
    case = case_of(desk)
    case.without_agreement()
    case.to_be_refused(date(2026, 3, 5), data_true="no")
    item = desk.item(case.id, "company")
    assert item.element.id == "give_objections"
    other = desk.actor("applicant")
    with pytest.raises(Exception, match=r"no work item|may not"):
        complete(desk.office, other, item.row.id, rev=item.rev, outcome="given", answers={"position": "x"})
    work(desk, case.id, "company", "given", position="Келіспеймін")
