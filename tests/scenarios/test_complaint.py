"""A complaint about how a case was handled: Law on public services, art. 25 paras 2 and 4."""

from __future__ import annotations

import pytest

from app.cases import drafting, viewing
from app.cases.complaining import complain
from app.domain.case import CaseStatus
from app.domain.errors import Forbidden, NotFound
from app.domain.events import EventKind
from tests.clock import astana
from tests.desk import Desk
from tests.filling import answers_of, passport_for, sign_and_file, work

COMPLAINT = "complaint"
PROVIDER, AUTHORISED_BODY = "to-provider", "to-authorised-body"


def registered_case(desk: Desk, login: str = "company") -> str:
    case_id = desk.file(login)
    desk.register(case_id)
    return case_id


def complaint_about(desk: Desk, case_id: str, variant: str = PROVIDER, login: str = "company") -> str:
    """Begun from the case, written to its end and filed on Monday 2 March 2026."""
    actor = desk.actor(login)
    draft = complain(desk.office, actor, case_id, variant)
    known = viewing.application(desk.office, actor, draft).answers[COMPLAINT]
    answers = answers_of(desk, passport_for(desk, COMPLAINT), variant=variant, login=login, **known)
    drafting.save_application(desk.office, actor, draft, answers)
    return sign_and_file(desk, draft, login)


def to_the_examiner(desk: Desk, complaint: str) -> None:
    work(desk, complaint, "clerk", "registered")
    work(desk, complaint, "head", "appointed", executor=desk.actor("executor2").id)


def to_the_decision(desk: Desk, complaint: str, decision: str) -> None:
    to_the_examiner(desk, complaint)
    work(desk, complaint, "executor2", "examined")
    work(desk, complaint, "executor2", decision, reasons="Құжаттар толық болған")


def test_a_complaint_opens_filled_in_with_what_is_known_of_the_case_and_is_linked_to_it(desk: Desk) -> None:
    case_id = registered_case(desk)
    number = desk.case(case_id).number
    draft = complain(desk.office, desk.actor("company"), case_id, PROVIDER)
    written = viewing.application(desk.office, desk.actor("company"), draft).answers[COMPLAINT]
    assert written["about_number"] == number
    assert written["about_service"] == desk.case(case_id).title.kk
    complaint = complaint_about(desk, case_id)
    assert [row.id for row in desk.case(complaint).linked] == [case_id]
    assert [row.id for row in desk.case(case_id).linked] == [complaint]


def test_nobody_complains_about_a_case_of_others(desk: Desk) -> None:
    case_id = registered_case(desk)
    with pytest.raises(Forbidden):
        complain(desk.office, desk.actor("applicant"), case_id, PROVIDER)
    with pytest.raises(Forbidden):
        complain(desk.office, desk.actor("head"), case_id, PROVIDER)
    with pytest.raises(NotFound):
        complain(desk.office, desk.actor("company"), "0" * 32, PROVIDER)


def test_a_number_of_somebody_elses_case_links_nothing(desk: Desk) -> None:
    theirs = registered_case(desk, "company")
    own = registered_case(desk, "applicant")
    actor = desk.actor("applicant")
    draft = complain(desk.office, actor, own, PROVIDER)
    given = {"about_number": desk.case(theirs).number}
    answers = answers_of(desk, passport_for(desk, COMPLAINT), variant=PROVIDER, login="applicant", **given)
    drafting.save_application(desk.office, actor, draft, answers)
    complaint = sign_and_file(desk, draft, "applicant")
    assert desk.case(complaint).linked == () and desk.case(theirs).linked == ()


@pytest.mark.parametrize(
    ("variant", "due"),
    [
        # Law art 25 para 2, five working days: 3, 4, 5, 6 March; 9 March is off for 8 March, a Sunday; 10 March is the fifth.
        (PROVIDER, astana(2026, 3, 10, 18, 30)),
        # Fifteen: four until 6 March, 10-13 eight, 16-20 thirteen; 23-25 March are off for Nauryz; 26 and 27 March.
        (AUTHORISED_BODY, astana(2026, 3, 27, 18, 30)),
    ],
)
def test_the_term_depends_on_who_examines(desk: Desk, variant: str, due: object) -> None:
    """Law art 25 para 2."""
    complaint = complaint_about(desk, registered_case(desk), variant)
    assert desk.case(complaint).result_due == due


@pytest.mark.parametrize(
    ("decision", "kind", "status"),
    [
        ("satisfied", "satisfaction", CaseStatus.ISSUED),
        ("partly_satisfied", "satisfaction", CaseStatus.ISSUED),
        ("rejected", "rejection", CaseStatus.REFUSED),
    ],
)
def test_the_reply_is_signed_by_the_head_and_goes_to_the_cabinet(
    desk: Desk, decision: str, kind: str, status: CaseStatus
) -> None:
    """Law art 25."""
    complaint = complaint_about(desk, registered_case(desk))
    to_the_decision(desk, complaint, decision)
    work(desk, complaint, "executor2", "drawn_up")
    work(desk, complaint, "head", "sign")
    case = desk.case(complaint, "company")
    assert case.status is status
    (reply,) = [document for document in case.documents if document.kind == kind]
    assert [signature.name for signature in reply.signatures] == [desk.actor("head").name]


def test_the_head_sends_a_reply_back(desk: Desk) -> None:
    complaint = complaint_about(desk, registered_case(desk))
    to_the_decision(desk, complaint, "rejected")
    work(desk, complaint, "executor2", "drawn_up", reasons="Қысқа")
    work(desk, complaint, "head", "return_for_rework", remarks="Негіздемені толықтырыңыз")
    assert desk.item(complaint, "executor2").draft["reasons"] == "Қысқа"  # what was drawn up is kept
    work(desk, complaint, "executor2", "drawn_up")
    work(desk, complaint, "head", "sign")
    assert desk.case(complaint).status is CaseStatus.REFUSED


@pytest.mark.parametrize(
    ("variant", "due"),
    [
        # Law art 25 para 4: ten working days more. 5 + 10 = 15 working days from 2 March: 27 March, as counted above.
        (PROVIDER, astana(2026, 3, 27, 18, 30)),
        # 15 + 10: fifteen until 27 March; 30 and 31 March, 1-3 April make twenty; 6-10 April twenty-five.
        (AUTHORISED_BODY, astana(2026, 4, 10, 18, 30)),
    ],
)
def test_the_term_is_prolonged_by_ten_working_days_and_the_complainant_is_told_in_three(
    desk: Desk, variant: str, due: object
) -> None:
    """Law art 25 para 4."""
    complaint = complaint_about(desk, registered_case(desk), variant)
    to_the_examiner(desk, complaint)
    desk.wait_until(astana(2026, 3, 4, 11, 0))
    work(desk, complaint, "executor2", "extend", extension_ground="further-information", extension_reasons="Мұрағаттан сұралды")
    assert desk.case(complaint).result_due == due
    assert EventKind.TERM_CHANGED.value in desk.events(complaint)
    # Prolonged on 4 March; three working days: 5, 6 and 10 March.
    assert desk.item(complaint, "executor2").row.due_at == astana(2026, 3, 10, 18, 30)
    work(desk, complaint, "executor2", "told")
    (notice,) = [n for n in viewing.notices(desk.office, desk.actor("company")).rows if "prolonged" in n.sentence]
    assert notice.values["reasons"] == "Мұрағаттан сұралды"
    work(desk, complaint, "executor2", "examined")
    work(desk, complaint, "executor2", "satisfied")
    work(desk, complaint, "executor2", "drawn_up")
    work(desk, complaint, "head", "sign")
    assert desk.case(complaint).status is CaseStatus.ISSUED


def test_a_late_notice_of_the_prolonged_term_goes_to_the_superior(desk: Desk) -> None:
    """Law art 25 para 4: three working days from 2 March end on 5 March at 18:30."""
    complaint = complaint_about(desk, registered_case(desk))
    to_the_examiner(desk, complaint)
    work(desk, complaint, "executor2", "extend")
    desk.wait_until(astana(2026, 3, 5, 18, 29))
    assert EventKind.ESCALATED.value not in desk.events(complaint)
    desk.wait_until(astana(2026, 3, 5, 18, 31))
    assert EventKind.ESCALATED.value in desk.events(complaint)
