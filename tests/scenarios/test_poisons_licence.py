"""Annex 14 of order No 321 (licence for poisons), row by row of its Standard, on both databases.

Every scenario begins on Monday 2 March 2026, 10:00 in Astana, unless it says otherwise; Monday 9 March is off.
"""

from __future__ import annotations

from datetime import date, datetime

import pytest

from app.domain.case import CaseStatus
from app.domain.errors import Invalid
from app.domain.fees import BANK
from tests import filling
from tests.clock import HandClock, astana
from tests.desk import Desk
from tests.scenarios.act002 import HEARD_ON, CommitteeCase

SERVICE = "poisons-licence"
# Five working days after Monday 2 March: 3, 4, 5, 6, (7, 8 weekend, 9 off) 10 → Tuesday 10 March. Three: Thursday 5 March.
FIVE_DAYS, THREE_DAYS = astana(2026, 3, 10, 18, 30), astana(2026, 3, 5, 18, 30)
TERMS = {
    "issue": FIVE_DAYS,
    "issue-annex": FIVE_DAYS,
    "reissue": THREE_DAYS,
    "reissue-annex": THREE_DAYS,
    "reorganisation": FIVE_DAYS,
    "reorganisation-annex": FIVE_DAYS,
}
ISSUE_GROUNDS = {
    "activity-prohibited": "not_prohibited",
    "fee-not-paid": "fee_paid",
    "not-qualified": "qualified",
    "court-ban": "no_court_ban",
    "bailiff-ban": "no_bailiff_ban",
    "false-data": "data_true",
}
REORGANISATION_GROUNDS = {
    "reorganisation-documents": "documents_in_order",
    "not-qualified": "qualified",
    "already-reissued": "not_reissued_before",
}
REFUSALS = [
    *(("issue", ground, check) for ground, check in ISSUE_GROUNDS.items()),
    ("issue-annex", "not-qualified", "qualified"),
    *((variant, "reissue-documents", "documents_in_order") for variant in ("reissue", "reissue-annex")),
    *(("reorganisation", ground, check) for ground, check in REORGANISATION_GROUNDS.items()),
    ("reorganisation-annex", "already-reissued", "not_reissued_before"),
]


def examined(desk: Desk, variant: str = "issue", **given: str) -> CommitteeCase:
    return CommitteeCase(desk, SERVICE, variant, **given).to_the_executor()


@pytest.mark.parametrize(("variant", "due"), TERMS.items())
def test_standard_rows_3_and_5_every_variant_ends_with_a_signed_licence_in_its_term(
    desk: Desk, variant: str, due: datetime
) -> None:
    case = CommitteeCase(desk, SERVICE, variant)
    assert case.view.result_due == due
    case.to_the_executor()
    case.step("executor", "meets")
    case.grant(activity="Уларды сақтау")
    assert case.view.status is CaseStatus.ISSUED
    licence = case.letter("licence")
    assert "Уларды сақтау" in licence
    assert "2026-00001" in licence


@pytest.mark.parametrize(("variant", "tenge"), [("issue", "43250.00"), ("reissue", "4325.00"), ("reorganisation", "4325.00")])
def test_standard_row_6_ten_mci_for_the_licence_and_a_tenth_for_its_reissue(desk: Desk, variant: str, tenge: str) -> None:
    # One MCI is 4325 tenge in 2026: ten are 43250, a tenth of ten is one.
    assert CommitteeCase(desk, SERVICE, variant).told("fee-paid").details["amount"] == tenge


@pytest.mark.parametrize("variant", ["issue-annex", "reissue-annex", "reorganisation-annex"])
def test_standard_row_6_3_no_fee_is_taken_for_an_annex(desk: Desk, variant: str) -> None:
    assert "fee-paid" not in desk.events(CommitteeCase(desk, SERVICE, variant).id)


def test_standard_row_8_1_a_fee_not_paid_through_the_gateway_is_proved_by_the_banks_receipt(desk: Desk) -> None:
    case = CommitteeCase(desk, SERVICE, "issue", by=BANK)
    assert {d.kind for d in case.view.documents} == {"application", "fee_proof", "data_form"}
    case.to_the_executor()
    assert case.view.lookups == ()
    with pytest.raises(Invalid) as refused:
        filling.sign_and_file(desk, filling.draft(desk, SERVICE, "issue", by="", applicant_kind="legal-entity"))
    assert [p.place for p in refused.value.problems] == ["payment"]


def test_standard_row_8_1_a_fee_paid_through_the_gateway_is_read_there(desk: Desk) -> None:
    assert [lookup.register for lookup in examined(desk).view.lookups] == ["payment"]
    assert {d.kind for d in examined(desk).view.documents} == {"application", "data_form"}


@pytest.mark.parametrize(("known", "attached", "registers"), [("no", True, []), ("yes", False, ["legal-entity"])])
def test_standard_row_8_2_documents_on_changes_are_not_wanted_where_state_systems_hold_them(
    desk: Desk, known: str, attached: bool, registers: list[str]
) -> None:
    case = examined(desk, "reissue-annex", changes_in_registers=known)
    assert ("change_documents" in {d.kind for d in case.view.documents}) is attached
    assert [lookup.register for lookup in case.view.lookups] == registers


def test_standard_annexes_1_and_3_an_individual_applies_by_the_individuals_form(desk: Desk) -> None:
    case = CommitteeCase(desk, SERVICE, "reissue", login="applicant")
    answers = case.view.answers["application"]
    assert "iin" in answers
    assert "bin" not in answers
    assert answers["person_grounds"]
    case.to_the_executor()
    case.step("executor", "meets")
    case.grant()
    assert case.view.status is CaseStatus.ISSUED


def test_standard_annex_4_a_division_is_a_legal_entitys(desk: Desk) -> None:
    answers = CommitteeCase(desk, SERVICE, "reorganisation").view.answers["application"]
    assert answers["division"] == "split-off"
    assert "applicant_kind" not in answers


@pytest.mark.parametrize(("variant", "ground", "check"), REFUSALS)
def test_standard_row_9_the_licence_is_refused_on_each_ground(desk: Desk, variant: str, ground: str, check: str) -> None:
    case = examined(desk, variant)
    case.step("executor", "does_not_meet", **{check: "no"}, findings="Сәйкес келмейді")
    case.hear("upheld")
    case.refuse(ground)
    case.assert_refused(ground)
    assert "Сәйкес келмейді" in case.letter("refusal")  # what the executor found is carried over


def test_standard_row_9_item_1_4_a_positive_reply_lets_the_licence_be_drawn_up(desk: Desk) -> None:
    case = examined(desk)
    case.ask_for_agreement()
    # The body's time ends with two working days after Monday 2 March: Wednesday 4 March; it replies before.
    case.reply("agree")
    assert case.replies == ["agree"]
    assert case.open_steps() == ["draw_up_licence"]


@pytest.mark.parametrize("variant", ["issue", "issue-annex"])
def test_standard_row_9_item_1_4_a_negative_reply_is_a_ground_of_refusal(desk: Desk, variant: str) -> None:
    case = examined(desk, variant)
    case.ask_for_agreement()
    case.reply("disagree")
    case.hear("upheld")
    case.refuse("agreeing-body-negative")
    case.assert_refused("agreeing-body-negative")


def test_a_body_silent_for_two_working_days_has_no_objection(desk: Desk) -> None:
    """The act sets the body no term; by the Law on permits and notifications silence is agreement."""
    case = examined(desk)
    case.ask_for_agreement()
    # Two working days after Monday 2 March: 3, 4 → Wednesday 4 March, 18:30.
    desk.wait_until(astana(2026, 3, 4, 18, 29))
    assert case.open_steps() == ["reply_on_agreement"]
    desk.wait_until(astana(2026, 3, 4, 18, 31))
    assert case.open_steps() == ["draw_up_licence"]
    assert case.replies == [""]
    assert "consultation-silent" in desk.events(case.id)
    case.grant()
    assert case.view.status is CaseStatus.ISSUED


def test_code_art_73_the_hearing_may_remove_the_ground_of_a_negative_reply(desk: Desk) -> None:
    case = examined(desk)
    case.ask_for_agreement()
    case.reply("disagree")
    case.hear("reconsider")
    assert case.open_steps() == ["examine_application"]
    case.ask_for_agreement()  # asked anew, the body keeps silent: the reply of the first round counts no more
    desk.wait_until(astana(2026, 3, 5, 18, 31))
    assert case.open_steps() == ["draw_up_licence"]


def test_code_art_73_the_invitation_goes_out_three_working_days_ahead(desk: Desk) -> None:
    case = examined(desk)
    case.step("executor", "does_not_meet", no_court_ban="no", findings="Сот шешімі бар")
    with pytest.raises(Invalid):
        case.invite(date(2026, 3, 4))  # 3 and 4 March are two working days
    case.invite(HEARD_ON)
    assert case.open_steps() == ["give_objections"]


def test_code_art_73_an_applicant_who_says_nothing_holds_up_no_hearing(desk: Desk) -> None:
    case = examined(desk)
    case.step("executor", "does_not_meet", no_court_ban="no", findings="Сот шешімі бар")
    case.invite()
    desk.wait_until(astana(2026, 3, 5, 18, 31))  # the day of the hearing, Thursday 5 March, is over
    assert case.open_steps() == ["record_hearing"]
    case.step("executor", "upheld")
    case.refuse("court-ban")
    case.assert_refused("court-ban")


def test_standard_annex_1_a_licence_is_printed_on_request(desk: Desk) -> None:
    case = examined(desk, paper_copy="yes")
    case.step("executor", "meets")
    case.grant()
    assert case.open_steps() == ["hand_over_paper_copy"]
    assert "licence" in {d.kind for d in case.view.documents}  # the electronic licence is there already
    case.step("clerk", "handed_over", handed_to="Мысалова Іңкәр")
    assert case.view.status is CaseStatus.ISSUED


def test_standard_row_7_what_comes_after_hours_is_accepted_on_the_next_working_day(desk: Desk, clock: HandClock) -> None:
    clock.move_to(astana(2026, 3, 6, 19))
    case = CommitteeCase(desk, SERVICE, "reissue").view
    # Friday 6 March, 19:00 → Tuesday 10 March (Monday 9 is off); three working days: 11, 12, 13 March.
    assert case.registered_on == date(2026, 3, 10)
    assert case.result_due == astana(2026, 3, 13, 18, 30)


def test_the_head_sends_a_draft_back_and_signs_the_better_one(desk: Desk) -> None:
    case = examined(desk)
    case.step("executor", "meets")
    case.step("executor", "drawn_up")
    case.step("head", "return_for_rework", remarks="Объект мекенжайын нақтылаңыз")
    assert case.open_steps() == ["draw_up_licence"]
    case.grant()
    assert case.view.status is CaseStatus.ISSUED
