"""Annex 12 of order No 321 (licence to import and export certain goods), row by row of its Standard, on both databases.

Every scenario begins on Monday 2 March 2026, 10:00 in Astana; Monday 9 March is off.
"""

from __future__ import annotations

from datetime import date, datetime

import pytest

from app.domain.case import CaseStatus
from app.domain.fees import BANK
from tests.clock import HandClock, astana
from tests.desk import Desk
from tests.scenarios.act002 import CommitteeCase

SERVICE = "goods-import-export-licence"
TERMS = {
    "issue-export": astana(2026, 3, 3, 18, 30),  # one working day after Monday 2 March: Tuesday
    "issue-import": astana(2026, 3, 10, 18, 30),  # five: 3, 4, 5, 6, (7-9 off) 10 March
    "issue-special-means": astana(2026, 3, 17, 18, 30),  # ten: 3, 4, 5, 6, (7-9 off) 10, 11, 12, 13, (14, 15) 16, 17 March
}
SILENCES = {
    "issue-export": ("reply_on_export", astana(2026, 3, 2, 18, 30)),  # the same day
    "issue-import": ("reply_on_import", astana(2026, 3, 4, 18, 30)),  # two working days: 3, 4 March
    "issue-special-means": ("reply_on_special_means", astana(2026, 3, 10, 18, 30)),  # five: 3, 4, 5, 6, (7-9 off) 10 March
}
GROUNDS = {
    "false-data": "data_true",
    "activity-prohibited": "not_prohibited",
    "fee-not-paid": "fee_paid",
    "not-qualified": "qualified",
    "court-ban": "no_court_ban",
    "bailiff-ban": "no_bailiff_ban",
    "basis-document-ended": "basis_valid",
    "international-obligations": "no_obligations_broken",
    "eec-other": "no_eec_ground",
}


def examined(desk: Desk, variant: str = "issue-import", **given: object) -> CommitteeCase:
    return CommitteeCase(desk, SERVICE, variant, **given).to_the_executor()


@pytest.mark.parametrize(("variant", "due"), TERMS.items())
def test_standard_rows_3_and_5_every_variant_ends_with_a_signed_licence_in_its_term(
    desk: Desk, variant: str, due: datetime
) -> None:
    case = CommitteeCase(desk, SERVICE, variant, f15_description="Күміс құймалары")
    assert case.view.result_due == due
    # Ten MCI in 2026: 10 × 4325 tenge.
    assert case.told("fee-paid").details["amount"] == "43250.00"
    case.to_the_executor()
    case.step("executor", "meets")
    case.grant()
    assert case.view.status is CaseStatus.ISSUED
    assert "Күміс құймалары" in case.letter("licence")


def test_standard_annex_2_the_import_form_asks_for_the_seller_and_lists_several_goods(desk: Desk) -> None:
    rows = [{"description": f"Тауар {n}", "quantity": "2", "unit": "кг", "cost": "100"} for n in (1, 2, 3)]
    answers = CommitteeCase(desk, SERVICE, "issue-import", goods="several", appendix=rows).view.answers["application"]
    assert "f6_seller" in answers
    assert "f6_buyer" not in answers
    assert answers["appendix"] == rows


def test_standard_row_3_special_means_are_exported_or_imported(desk: Desk) -> None:
    answers = CommitteeCase(desk, SERVICE, "issue-special-means", direction="import").view.answers["application"]
    assert (answers["direction"], "f6_seller" in answers, "f6_buyer" in answers) == ("import", True, False)


def test_standard_row_8_2_a_fee_paid_at_a_bank_is_proved_by_its_receipt(desk: Desk) -> None:
    case = examined(desk, by=BANK)
    assert {d.kind for d in case.view.documents} == {"application", "fee_proof", "qualification_documents"}
    assert case.view.lookups == ()


@pytest.mark.parametrize(("ground", "check"), GROUNDS.items())
def test_standard_row_9_the_licence_is_refused_on_each_ground(desk: Desk, ground: str, check: str) -> None:
    case = examined(desk)
    case.step("executor", "does_not_meet", **{check: "no"}, findings="Сәйкес келмейді")
    case.hear("upheld")
    case.refuse(ground)
    case.assert_refused(ground)


@pytest.mark.parametrize("variant", SILENCES)
def test_standard_row_9_5_a_negative_reply_is_a_ground_of_refusal(desk: Desk, variant: str) -> None:
    case = examined(desk, variant)
    case.ask_for_agreement()
    assert case.open_steps() == [SILENCES[variant][0]]
    case.reply("disagree")
    case.hear("upheld")
    case.refuse("agreeing-body-negative")
    case.assert_refused("agreeing-body-negative")


@pytest.mark.parametrize("variant", SILENCES)
def test_a_silent_body_has_no_objection(desk: Desk, variant: str) -> None:
    """The act sets the body no term; by the Law on permits and notifications silence is agreement."""
    step, ends = SILENCES[variant]
    case = examined(desk, variant)
    case.ask_for_agreement()
    desk.wait_until(ends.replace(minute=ends.minute - 1))
    assert case.open_steps() == [step]
    desk.wait_until(ends.replace(minute=ends.minute + 1))
    assert case.open_steps() == ["draw_up_licence"]
    assert case.replies == [""]


def test_standard_row_9_5_a_positive_reply_lets_the_licence_be_drawn_up(desk: Desk) -> None:
    case = examined(desk, "issue-export")
    case.ask_for_agreement()
    case.reply("agree")
    assert case.open_steps() == ["draw_up_licence"]


def test_code_art_73_the_hearing_may_remove_the_ground(desk: Desk) -> None:
    case = examined(desk)
    case.step("executor", "does_not_meet", basis_valid="no", findings="Келісімшарт тоқтатылған")
    case.hear("reconsider")
    case.step("executor", "meets")
    case.grant()
    assert case.view.status is CaseStatus.ISSUED


def test_standard_row_7_what_comes_after_hours_is_accepted_on_the_next_working_day(desk: Desk, clock: HandClock) -> None:
    clock.move_to(astana(2026, 3, 6, 18, 31))
    case = CommitteeCase(desk, SERVICE, "issue-export").view
    # Friday 6 March after 18:30 → Tuesday 10 March (Monday 9 is off); one working day: Wednesday 11 March.
    assert case.registered_on == date(2026, 3, 10)
    assert case.result_due == astana(2026, 3, 11, 18, 30)
