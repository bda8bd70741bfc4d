"""Annex 8 of order No 321 (licence for products under export control), row by row of its Standard, on both databases.

The act is repealed and runs as demonstration. Every scenario begins on Monday 2 March 2026, 10:00 in Astana, unless it says
otherwise; days off near it: Monday 9 March, 23-25 March (Nauryz).
"""

from __future__ import annotations

from datetime import date, datetime

import pytest

from app.domain.case import CaseStatus
from app.domain.fees import BANK
from app.domain.passport import StandingStatus
from tests.clock import HandClock, astana
from tests.desk import Desk
from tests.scenarios.act002 import CommitteeCase

SERVICE = "export-control-licence"
# Thirty working days after Monday 2 March: 3-6 (4), 10-13 (8), 16-20 (13), (23-25 off) 26, 27 (15), 30 March - 3 April (20),
# 6-10 (25), 13-17 April (30) → Friday 17 April. Three: Thursday 5 March.
THIRTY_DAYS, THREE_DAYS = astana(2026, 4, 17, 18, 30), astana(2026, 3, 5, 18, 30)
VARIANTS = {
    "issue": (THIRTY_DAYS, "43250.00"),  # ten MCI of 4325 tenge
    "reissue": (THREE_DAYS, "4325.00"),  # one
    "reissue-reorganisation": (THIRTY_DAYS, "4325.00"),
}
GROUNDS = {
    "activity-prohibited": "not_prohibited",
    "fee-not-paid": "fee_paid",
    "not-qualified": "qualified",
    "court-ban": "no_court_ban",
    "bailiff-ban": "no_bailiff_ban",
    "un-obligations": "un_measures_kept",
    "international-obligations": "obligations_kept",
    "war-crimes": "no_crimes",
}
SILENCES = {
    # Ten working days after Monday 2 March: 3-6 (4), 10-13 (8), 16, 17 → Tuesday 17 March. One: Tuesday 3 March.
    "issue": ("reply_on_licence", astana(2026, 3, 17, 18, 30)),
    "reissue-reorganisation": ("reply_on_licence", astana(2026, 3, 17, 18, 30)),
    "reissue": ("reply_on_reissue", astana(2026, 3, 3, 18, 30)),
}


def examined(desk: Desk, variant: str = "issue", **given: object) -> CommitteeCase:
    return CommitteeCase(desk, SERVICE, variant, **given).to_the_executor()


def authenticity_asked(desk: Desk) -> CommitteeCase:
    """The certificate's country has been asked on Monday 2 March 2026."""
    case = examined(desk)
    case.step("executor", "check_authenticity", certificate="№ 15, Германия")
    case.step("executor", "sent", sent_to="Германияның экспорттық бақылау органы")
    return case


@pytest.mark.parametrize("variant", VARIANTS)
def test_standard_rows_3_5_and_6_every_variant_ends_with_a_signed_licence_in_its_term_and_for_its_fee(
    desk: Desk, variant: str
) -> None:
    due, tenge = VARIANTS[variant]
    case = CommitteeCase(desk, SERVICE, variant, f9_product="Осциллограф, 4 арналы")
    assert case.view.passport.standing.status is StandingStatus.REPEALED
    assert case.view.result_due == due
    assert case.told("fee-paid").details["amount"] == tenge
    case.to_the_executor()
    case.step("executor", "meets")
    case.grant(conditions="Кері экспортқа тыйым салынады")
    assert case.view.status is CaseStatus.ISSUED
    licence = case.letter("licence")
    assert "Осциллограф, 4 арналы" in licence
    assert "Кері экспортқа тыйым салынады" in licence


def test_standard_row_3_the_thirty_days_do_not_apply_while_authenticity_is_confirmed(desk: Desk) -> None:
    case = authenticity_asked(desk)
    assert case.view.result_due is None
    assert case.told("term-changed").details["switch"] == "authenticity"
    desk.wait_until(astana(2026, 6, 1))  # long after the thirty days
    assert "deadline-passed" not in desk.events(case.id)
    case.step("executor", "agree", reply_number="77")
    assert case.open_steps() == ["examine_application"]
    case.step("executor", "meets")
    case.grant()
    assert case.view.status is CaseStatus.ISSUED


def test_standard_row_9_10_a_certificate_that_is_not_confirmed_is_a_ground_of_refusal(desk: Desk) -> None:
    case = authenticity_asked(desk)
    case.step("executor", "disagree", reply_number="77", reply="Сертификат берілмеген")
    case.refuse("authenticity-check")
    case.assert_refused("authenticity-check")


def test_standard_row_9_10_no_answer_within_a_calendar_year_is_a_ground_of_refusal(desk: Desk) -> None:
    case = authenticity_asked(desk)
    # A calendar year after Monday 2 March 2026 is Tuesday 2 March 2027, a working day, at the close of which it ends.
    desk.wait_until(astana(2027, 3, 2, 18, 29))
    assert case.open_steps() == ["record_authenticity_reply"]
    desk.wait_until(astana(2027, 3, 2, 18, 31))
    assert case.open_steps() == ["draw_up_refusal"]
    assert case.replies == [""]
    case.refuse("authenticity-check")
    case.assert_refused("authenticity-check")


def test_standard_row_9_10_a_second_certificate_may_be_checked_and_not_be_answered(desk: Desk) -> None:
    case = authenticity_asked(desk)
    case.step("executor", "agree", reply_number="77")
    case.step("executor", "check_authenticity", certificate="№ 16, Германия")
    case.step("executor", "sent")
    desk.wait_until(astana(2027, 3, 2, 18, 31))
    assert case.open_steps() == ["draw_up_refusal"]  # the first reply, which was positive, does not count for it


@pytest.mark.parametrize(("ground", "check"), GROUNDS.items())
def test_standard_row_9_the_licence_is_refused_on_each_ground(desk: Desk, ground: str, check: str) -> None:
    case = examined(desk)
    case.step("executor", "does_not_meet", **{check: "no"}, findings="Сәйкес келмейді")
    case.refuse(ground)
    case.assert_refused(ground)


@pytest.mark.parametrize("variant", ["reissue", "reissue-reorganisation"])
def test_standard_row_9_a_reissue_is_refused_by_the_same_grounds(desk: Desk, variant: str) -> None:
    case = examined(desk, variant)
    case.step("executor", "does_not_meet", qualified="no", findings="Сәйкес келмейді")
    case.refuse("not-qualified")
    case.assert_refused("not-qualified")


@pytest.mark.parametrize("variant", SILENCES)
def test_standard_row_9_4_a_negative_reply_is_a_ground_of_refusal(desk: Desk, variant: str) -> None:
    case = examined(desk, variant)
    case.ask_for_agreement()
    case.reply("disagree")
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


def test_standard_row_9_4_agreement_may_follow_a_confirmed_certificate(desk: Desk) -> None:
    case = authenticity_asked(desk)
    case.step("executor", "agree", reply_number="77")
    case.ask_for_agreement()
    case.reply("agree")
    assert case.replies == ["agree", "agree"]
    assert case.open_steps() == ["draw_up_licence"]


def test_standard_annex_1_form_2_is_for_import(desk: Desk) -> None:
    answers = CommitteeCase(desk, SERVICE, "issue", operation="import").view.answers["application"]
    assert {"f3_end_consumer", "f4_seller", "f5_origin"} <= answers.keys()
    assert not {"f3_developer", "f4_buyer", "f5_end_consumer"} & answers.keys()


def test_standard_row_8_what_information_systems_hold_is_not_wanted(desk: Desk) -> None:
    case = examined(desk, "reissue", changes_in_registers="yes", by=BANK)
    assert {d.kind for d in case.view.documents} == {"application", "fee_proof"}
    assert [lookup.register for lookup in case.view.lookups] == ["legal-entity"]
    issue = CommitteeCase(desk, SERVICE, "issue", qualification_in_systems="yes")
    assert {d.kind for d in issue.view.documents} == {"application"}


@pytest.mark.parametrize(
    ("filed", "registered_on"),
    [
        (astana(2026, 3, 3, 16, 59), date(2026, 3, 3)),
        (astana(2026, 3, 3, 17, 1), date(2026, 3, 4)),  # after 17:00, though the working day ends at 18:30
        (astana(2026, 3, 9, 11), date(2026, 3, 10)),  # Monday 9 March is off
    ],
    ids=["before-17:00", "after-17:00", "day-off"],
)
def test_standard_row_7_what_comes_after_17_is_registered_on_the_next_working_day(
    desk: Desk, clock: HandClock, filed: datetime, registered_on: date
) -> None:
    clock.move_to(filed)
    assert CommitteeCase(desk, SERVICE, "reissue").view.registered_on == registered_on
