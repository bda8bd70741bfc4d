"""Annex 16 of order No 321 (conclusion on controlled products), row by row of its Standard, on both databases.

Every scenario begins on Monday 2 March 2026, 10:00 in Astana; days off near it: Monday 9 March, 23-25 March (Nauryz).
"""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.case import CaseStatus
from tests.clock import HandClock, astana
from tests.desk import Desk
from tests.scenarios.act002 import CommitteeCase

SERVICE = "controlled-product-classification-conclusion"
# Seven working days after Monday 2 March: 3, 4, 5, 6, (7-9 off) 10, 11, 12 → Thursday 12 March.
SEVEN_DAYS = astana(2026, 3, 12, 18, 30)
# Fifteen: 3-6 (4), 10-13 (8), 16-20 (13), (23-25 off) 26, 27 → Friday 27 March.
FIFTEEN_DAYS = astana(2026, 3, 27, 18, 30)
GROUNDS = {
    "false-data": "data_true",
    "not-meeting-requirements": "requirements_met",
    "negative-reply": "expertise_not_negative",
    "court-ban": "no_court_ban",
    "special-right-lost": "special_right_kept",
}


def examined(desk: Desk, **given: object) -> CommitteeCase:
    return CommitteeCase(desk, SERVICE, "issue", **given).to_the_executor()


def asked(desk: Desk) -> CommitteeCase:
    case = examined(desk)
    case.step("executor", "agreement_needed", agreeing_bodies="Екі орган", question="Бақылауға жата ма?")
    return case


def test_standard_rows_3_and_5_a_conclusion_without_agreement_in_seven_working_days(desk: Desk) -> None:
    case = examined(desk)
    assert case.view.result_due == SEVEN_DAYS
    case.step("executor", "meets")
    case.grant(text="Тауар бақыланатын өнімге жатпайды.")
    assert case.view.status is CaseStatus.ISSUED
    conclusion = case.letter("conclusion")
    assert "Тауар бақыланатын өнімге жатпайды." in conclusion
    assert "№ 104 қаулысымен бекітілген" in conclusion


def test_standard_row_3_fifteen_working_days_once_agreement_is_needed(desk: Desk, clock: HandClock) -> None:
    case = CommitteeCase(desk, SERVICE, "issue")
    clock.move_to(astana(2026, 3, 4, 11))
    case.to_the_executor()
    case.step("executor", "agreement_needed", agreeing_bodies="Екі орган", question="Бақылауға жата ма?")
    # Found on Wednesday 4 March, the need takes the fifteen days from registration on Monday 2 March all the same.
    assert case.view.result_due == FIFTEEN_DAYS
    assert case.told("term-changed").details["switch"] == "agreement"


def test_standard_row_3_all_bodies_are_asked_at_once_and_agree(desk: Desk) -> None:
    case = asked(desk)
    assert case.open_steps() == ["reply_on_agreement", "reply_on_agreement"]
    case.reply("agree")
    case.reply("agree", login="agency2")
    assert case.replies == ["agree", "agree"]
    case.grant(text="Тауар бақыланатын өнімге жатады.")
    assert case.view.status is CaseStatus.ISSUED


def test_standard_row_9_3_one_negative_reply_is_a_ground_of_refusal(desk: Desk) -> None:
    case = asked(desk)
    case.reply("agree")
    case.reply("disagree", login="agency2")
    case.hear("upheld")
    case.refuse("negative-reply")
    case.assert_refused("negative-reply")


def test_a_body_silent_for_ten_working_days_has_no_objection(desk: Desk) -> None:
    """The act sets the bodies no term of their own; the fifteen days of row 3 must be kept."""
    case = asked(desk)
    case.reply("agree")
    # Ten working days after Monday 2 March: 3-6 (4), 10-13 (8), 16, 17 → Tuesday 17 March.
    desk.wait_until(astana(2026, 3, 17, 18, 29))
    assert case.open_steps() == ["reply_on_agreement"]
    desk.wait_until(astana(2026, 3, 17, 18, 31))
    assert case.open_steps() == ["draw_up_conclusion"]
    assert case.replies == ["agree", ""]


@pytest.mark.parametrize("found", ["positive", "negative"])
def test_standard_row_9_3_an_expert_examines_and_the_executor_decides(desk: Desk, found: str) -> None:
    case = examined(desk)
    case.step("executor", "expertise_needed", question="Сипаттамалары қандай?")
    case.step("expert", found, conclusion="Сынақ хаттамасы")
    assert case.open_steps() == ["examine_request"]
    assert case.view.result_due == SEVEN_DAYS  # the act gives the examination no days
    if found == "positive":
        case.step("executor", "meets")
        case.grant()
        assert case.view.status is CaseStatus.ISSUED
    else:
        case.step("executor", "does_not_meet", expertise_not_negative="no", findings="Теріс қорытынды")
        case.hear("upheld")
        case.refuse("negative-reply")
        case.assert_refused("negative-reply")


@pytest.mark.parametrize(("ground", "check"), GROUNDS.items())
def test_standard_row_9_the_conclusion_is_refused_on_each_ground(desk: Desk, ground: str, check: str) -> None:
    case = examined(desk)
    case.step("executor", "does_not_meet", **{check: "no"}, findings="Сәйкес келмейді")
    case.hear("upheld")
    case.refuse(ground)
    case.assert_refused(ground)


def test_rules_annex_2_the_refusal_cites_the_list_of_controlled_products(desk: Desk) -> None:
    case = examined(desk)
    case.step("executor", "does_not_meet", data_true="no", findings="Деректер дұрыс емес")
    case.hear("upheld")
    case.refuse("false-data")
    assert "№ 104 қаулысымен бекітілген" in case.letter("refusal")


def test_code_art_73_the_hearing_may_remove_the_ground(desk: Desk) -> None:
    case = examined(desk)
    case.step("executor", "does_not_meet", data_true="no", findings="Деректер дұрыс емес")
    case.hear("reconsider")
    case.step("executor", "meets")
    case.grant()
    assert case.view.status is CaseStatus.ISSUED


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_standard_row_8_documents_are_due_as_far_as_there_are_any(desk: Desk, answer: str) -> None:
    asked_for = dict.fromkeys(("works_or_services", "has_technical_documents", "has_photographs"), answer)
    kinds = {d.kind for d in CommitteeCase(desk, SERVICE, "issue", **asked_for).view.documents}
    files = {"description", "technical_documents", "photographs"}
    assert kinds == {"application", "data_form"} | (files if answer == "yes" else set())


def test_standard_annex_2_the_data_form_lists_every_item(desk: Desk) -> None:
    rows = [
        {"name": "Осциллограф", "code": "9030201000", "operation": "export", "use": "Өлшеу", "end_user_country": "Германия"},
        {"name": "Бағдарламалық қамтылым", "operation": "transit"},
    ]
    case = CommitteeCase(desk, SERVICE, "issue", items=rows, login="applicant")
    assert case.view.answers["data_form"]["items"] == rows


def test_standard_row_7_what_comes_after_hours_is_accepted_on_the_next_working_day(desk: Desk, clock: HandClock) -> None:
    clock.move_to(astana(2026, 3, 6, 19))
    case = CommitteeCase(desk, SERVICE, "issue").view
    # Friday 6 March, 19:00 → Tuesday 10 March; seven working days: 11, 12, 13, 16, 17, 18, 19 March.
    assert case.registered_on == date(2026, 3, 10)
    assert case.result_due == astana(2026, 3, 19, 18, 30)
