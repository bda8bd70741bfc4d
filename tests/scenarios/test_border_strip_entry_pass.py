"""Order No 110/ҚЕ of 2023, second block (passes for the border strip), paragraph by paragraph.

Every scenario begins on Monday 2 March 2026, 10:00 in Astana. The provider works Monday to Friday 09:00-18:00 and on Saturday
09:00-13:00 (List item 7). Days off near it: Sundays and Monday 9 March (8 March is a Sunday).
"""

from __future__ import annotations

import pytest

from app.domain.case import CaseStatus
from app.domain.errors import Invalid
from tests.clock import HandClock, astana
from tests.desk import Desk
from tests.filling import draft, sign_and_file
from tests.scenarios.act000 import SUBSTANCE, BorderCase

SERVICE = "border-strip-entry-pass"


def case_of(desk: Desk, variant: str = "individual-entry", login: str = "applicant", **given: object) -> BorderCase:
    return BorderCase(desk, SERVICE, variant, login, **given)


@pytest.mark.parametrize(("variant", "login"), [("individual-entry", "applicant"), ("activity-or-event", "company")])
def test_list_items_3_and_8_each_variant_ends_in_a_pass_within_ten_working_days(desk: Desk, variant: str, login: str) -> None:
    case = case_of(desk, variant, login)
    # Ten working days after Monday 2 March, Saturdays worked: 3, 4, 5, 6, 7, (8, 9 off) 10, 11, 12, 13, 14 March → Saturday
    # 14 March, 13:00.
    assert case.view.result_due == astana(2026, 3, 14, 13)
    case.without_agreement()
    case.step("executor", "meets")
    case.signed()
    assert case.view.status is CaseStatus.ISSUED
    assert "Шекаралық белдеуге кіруге және онда болуға рұқсаттама" in case.letter("permit")


def test_list_item_8_2_an_activity_needs_the_documents_of_the_authorised_bodies(desk: Desk) -> None:
    application = draft(desk, SERVICE, "activity-or-event", without=["permitting_documents"])
    with pytest.raises(Invalid) as raised:
        sign_and_file(desk, application)
    assert [problem.place for problem in raised.value.problems] == ["documents.permitting_documents"]


@pytest.mark.parametrize("ground", ["incomplete-set", "expired-documents"])
def test_rules_para_5_a_set_that_is_incomplete_or_expired_is_not_accepted(desk: Desk, ground: str) -> None:
    case_of(desk).not_accepted(ground)


@pytest.mark.parametrize(("ground", "question"), SUBSTANCE.items())
def test_rules_para_5_1_and_list_item_9_each_ground_ends_in_a_notice_of_refusal(
    desk: Desk, clock: HandClock, ground: str, question: str
) -> None:
    case_of(desk).refused_after_a_hearing(clock, ground, question)


def test_rules_para_5_1_a_negative_reply_comes_before_the_executor(desk: Desk) -> None:
    case = case_of(desk)
    case.accepted()
    case.step("executor", "needed")
    desk.reply(case.id, "disagree")
    desk.reply(case.id, "agree")
    assert desk.item(case.id, "executor").element.id == "check_requirements"
    assert sorted(row.reply for row in desk.consultations(case.id)) == ["agree", "disagree"]


def test_rules_para_4_the_set_is_registered_on_the_day_it_comes(desk: Desk) -> None:
    # "On the day it comes": the close of Monday 2 March, 18:00.
    assert desk.item(case_of(desk).id, "clerk").row.due_at == astana(2026, 3, 2, 18)
