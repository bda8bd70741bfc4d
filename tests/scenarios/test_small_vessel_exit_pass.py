"""Order No 110/ҚЕ of 2023, third block (passes for the exit of small vessels), paragraph by paragraph.

Every scenario begins on Monday 2 March 2026, 10:00 in Astana. The provider works Monday to Friday 09:00-18:00 and on Saturday
09:00-13:00 (List item 7). Days off near it: Sundays and Monday 9 March (8 March is a Sunday).
"""

from __future__ import annotations

import pytest

from app.domain.case import CaseStatus
from tests.clock import HandClock, astana
from tests.desk import Desk
from tests.scenarios.act000 import SUBSTANCE, BorderCase

SERVICE = "small-vessel-exit-pass"
CREW = [
    {
        "name": f"Теңізшиев {n}",
        "born_on": "1990-01-01",
        "address": "Ақтау",
        "work": "Матрос",
        "document_no": str(n),
        "citizenship": "ҚР",
    }
    for n in range(1, 4)
]


def case_of(desk: Desk, **given: object) -> BorderCase:
    return BorderCase(desk, SERVICE, "issue", **given)


def test_list_items_3_and_5_the_pass_with_its_list_of_persons_within_fifteen_working_days(desk: Desk) -> None:
    case = case_of(desk, persons=CREW)
    # Fifteen working days after Monday 2 March, Saturdays worked: 3, 4, 5, 6, 7, (8, 9 off) 10, 11, 12, 13, 14, (15) 16, 17,
    # 18, 19, 20 March → Friday 20 March, 18:00.
    assert case.view.result_due == astana(2026, 3, 20, 18)
    case.without_agreement()
    case.step("executor", "meets")
    case.signed()
    assert case.view.status is CaseStatus.ISSUED
    text = case.letter("permit")
    assert all(person["name"] in text for person in CREW)


def test_rules_para_6_the_set_is_registered_on_the_day_it_comes(desk: Desk) -> None:
    # "On the day it comes": the close of Monday 2 March, 18:00.
    assert desk.item(case_of(desk).id, "clerk").row.due_at == astana(2026, 3, 2, 18)


@pytest.mark.parametrize("ground", ["incomplete-set", "expired-documents"])
def test_rules_para_7_a_set_that_is_incomplete_or_expired_is_not_accepted(desk: Desk, ground: str) -> None:
    case_of(desk).not_accepted(ground)


@pytest.mark.parametrize(("ground", "question"), SUBSTANCE.items())
def test_rules_para_7_1_and_list_item_9_each_ground_ends_in_a_notice_of_refusal(
    desk: Desk, clock: HandClock, ground: str, question: str
) -> None:
    case_of(desk).refused_after_a_hearing(clock, ground, question)


def test_rules_para_7_1_a_negative_reply_comes_before_the_executor(desk: Desk) -> None:
    case = case_of(desk)
    case.accepted()
    case.step("executor", "needed")
    desk.reply(case.id, "agree")
    desk.reply(case.id, "disagree")
    assert desk.item(case.id, "executor").element.id == "check_requirements"
    assert sorted(row.reply for row in desk.consultations(case.id)) == ["agree", "disagree"]
