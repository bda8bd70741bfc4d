"""Annex 10 of order No 321 (licence for mining and chemical production), row by row of its Standard, on both databases.

Every scenario begins on Monday 2 March 2026, 10:00 in Astana; days off near it: Monday 9 March, 23-25 March (Nauryz).
"""

from __future__ import annotations

from datetime import date, datetime

import pytest

from app.domain.case import CaseStatus
from app.domain.fees import BANK
from tests.clock import HandClock, astana
from tests.desk import Desk
from tests.scenarios.act002 import CommitteeCase

SERVICE = "mining-chemical-production-licence"
# Fifteen working days after Monday 2 March: 3-6 (4), 10-13 (8), 16-20 (13), (23-25 off) 26, 27 → Friday 27 March.
# Three: 3, 4, 5 → Thursday 5 March.
FIFTEEN_DAYS, THREE_DAYS = astana(2026, 3, 27, 18, 30), astana(2026, 3, 5, 18, 30)
VARIANTS = {
    "issue": (FIFTEEN_DAYS, "43250.00"),  # ten MCI of 4325 tenge
    "issue-annex": (FIFTEEN_DAYS, ""),
    "reissue": (THREE_DAYS, "4325.00"),  # a tenth of them
    "reissue-annex": (THREE_DAYS, ""),
    "reorganisation": (FIFTEEN_DAYS, "4325.00"),
    "reorganisation-annex": (FIFTEEN_DAYS, ""),
}
COMMON = {
    "activity-prohibited": "not_prohibited",
    "court-ban": "no_court_ban",
    "bailiff-ban": "no_bailiff_ban",
    "false-data": "data_true",
}
REFUSALS = [
    *(("issue", ground, check) for ground, check in {**COMMON, "fee-not-paid": "fee_paid", "not-qualified": "qualified"}.items()),
    *(
        ("reissue", ground, check)
        for ground, check in {**COMMON, "fee-not-paid": "fee_paid", "reissue-documents": "documents_in_order"}.items()
    ),
    ("issue-annex", "not-qualified", "qualified"),
    ("reissue-annex", "reissue-documents", "documents_in_order"),
    ("reorganisation", "reorganisation-documents", "documents_in_order"),
    ("reorganisation", "not-qualified", "qualified"),
    ("reorganisation-annex", "already-reissued", "not_reissued_before"),
]
SILENCES = {
    # Ten working days after Monday 2 March: 3-6 (4), 10-13 (8), 16, 17 → Tuesday 17 March. One: Tuesday 3 March.
    "issue": ("reply_on_issue", astana(2026, 3, 17, 18, 30)),
    "issue-annex": ("reply_on_issue", astana(2026, 3, 17, 18, 30)),
    "reissue": ("reply_on_reissue", astana(2026, 3, 3, 18, 30)),
    "reissue-annex": ("reply_on_reissue", astana(2026, 3, 3, 18, 30)),
}


def examined(desk: Desk, variant: str = "issue", **given: object) -> CommitteeCase:
    return CommitteeCase(desk, SERVICE, variant, **given).to_the_executor()


@pytest.mark.parametrize("variant", VARIANTS)
def test_standard_rows_3_5_and_6_every_variant_ends_with_a_signed_licence_in_its_term_and_for_its_fee(
    desk: Desk, variant: str
) -> None:
    due, tenge = VARIANTS[variant]
    case = CommitteeCase(desk, SERVICE, variant)
    assert case.view.result_due == due
    if tenge:
        assert case.told("fee-paid").details["amount"] == tenge
    else:
        assert "fee-paid" not in desk.events(case.id)
    case.to_the_executor()
    case.step("executor", "meets")
    case.grant(activity="Тау-кен жұмыстары")
    assert case.view.status is CaseStatus.ISSUED
    assert "Тау-кен жұмыстары" in case.letter("licence")


def test_standard_row_8_each_variant_has_its_documents(desk: Desk) -> None:
    def documents(variant: str, **given: object) -> set[str]:
        return {d.kind for d in CommitteeCase(desk, SERVICE, variant, by=BANK, **given).view.documents}

    assert documents("issue") == {"application", "fee_proof", "qualification_documents"}
    assert documents("issue-annex") == {"application", "qualification_documents"}
    assert documents("reissue", changes_in_registers="no") == {"application", "fee_proof", "change_documents"}
    assert documents("reissue-annex", changes_in_registers="yes") == {"application"}
    assert documents("reorganisation", changes_in_registers="no") == {
        "application",
        "fee_proof",
        "change_documents",
        "qualification_documents",
    }


def test_standard_annex_1_an_individual_applies_by_the_individuals_form(desk: Desk) -> None:
    case = CommitteeCase(desk, SERVICE, "issue", login="applicant")
    assert "iin" in case.view.answers["application"]
    case.to_the_executor()
    assert [lookup.register for lookup in case.view.lookups] == ["payment"]


@pytest.mark.parametrize(("variant", "ground", "check"), REFUSALS)
def test_standard_row_9_the_licence_is_refused_on_each_ground(desk: Desk, variant: str, ground: str, check: str) -> None:
    case = examined(desk, variant)
    case.step("executor", "does_not_meet", **{check: "no"}, findings="Сәйкес келмейді")
    case.hear("upheld")
    case.refuse(ground)
    case.assert_refused(ground)


@pytest.mark.parametrize("variant", ["issue", "reissue"])
def test_standard_row_9_a_negative_reply_is_a_ground_of_refusal(desk: Desk, variant: str) -> None:
    case = examined(desk, variant)
    case.ask_for_agreement()
    case.reply("disagree")
    case.hear("upheld")
    case.refuse("agreeing-body-negative")
    case.assert_refused("agreeing-body-negative")


@pytest.mark.parametrize(("variant", "silence"), SILENCES.items())
def test_a_silent_body_has_no_objection(desk: Desk, variant: str, silence: tuple[str, datetime]) -> None:
    """The act sets the body no term; by the Law on permits and notifications silence is agreement."""
    step, ends = silence
    case = examined(desk, variant)
    case.ask_for_agreement()
    desk.wait_until(ends.replace(minute=ends.minute - 1))
    assert case.open_steps() == [step]
    desk.wait_until(ends.replace(minute=ends.minute + 1))
    assert case.open_steps() == ["draw_up_licence"]


def test_standard_row_9_item_1_4_a_positive_reply_lets_the_licence_be_drawn_up(desk: Desk) -> None:
    case = examined(desk)
    case.ask_for_agreement()
    case.reply("agree")
    assert case.open_steps() == ["draw_up_licence"]


def test_code_art_73_the_hearing_may_remove_the_ground(desk: Desk) -> None:
    case = examined(desk, "reorganisation")
    case.step("executor", "does_not_meet", qualified="no", findings="Қызметкерлер жоқ")
    case.hear("reconsider")
    assert case.open_steps() == ["examine_reorganisation"]
    case.step("executor", "meets")
    case.grant()
    assert case.view.status is CaseStatus.ISSUED


def test_standard_annex_1_a_licence_is_printed_on_request(desk: Desk) -> None:
    case = examined(desk, paper_copy="yes")
    case.step("executor", "meets")
    case.grant()
    case.step("clerk", "handed_over", handed_to="Мысалова Іңкәр")
    assert case.view.status is CaseStatus.ISSUED


def test_standard_row_7_what_comes_on_a_day_off_is_accepted_on_the_next_working_day(desk: Desk, clock: HandClock) -> None:
    clock.move_to(astana(2026, 3, 9, 11))
    case = CommitteeCase(desk, SERVICE, "reissue").view
    # Monday 9 March is off → Tuesday 10 March; three working days: 11, 12, 13 March.
    assert case.registered_on == date(2026, 3, 10)
    assert case.result_due == astana(2026, 3, 13, 18, 30)
