"""The hearing before an adverse decision, which the Administrative Procedure Code (art. 73) adds to what the acts say, and what
is asked of an applicant in it: the shared process as a service calls it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cases import viewing, working
from app.cases.people import add_person
from app.domain.case import CaseStatus
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.numbers import with_check_digit
from app.domain.people import Role
from app.store.tables import WorkItem
from tests.clock import astana
from tests.desk import Desk
from tests.scenarios.hearing import case_at_the_hearing, invite


@pytest.fixture
def case_id(desk: Desk, tmp_path: Path) -> str:
    """It has come to the hearing on Monday 2 March 2026, 10:00."""
    return case_at_the_hearing(desk, tmp_path)


def waits_at(desk: Desk, case_id: str) -> list[str]:
    return [item.element for item in desk.open_items(case_id)]


def asked(desk: Desk, case_id: str) -> WorkItem:
    (item,) = desk.open_items(case_id)
    assert item.element == "give_objections"
    return item


def give(desk: Desk, item: WorkItem, login: str) -> None:
    actor = desk.actor(login)
    answers = {"preliminary_decision": "Бас тарту", "position": "Құжаттар толық"}
    working.complete(desk.office, actor, item.id, rev=item.rev, outcome="given", answers=answers)


def colleague(desk: Desk) -> None:
    """Another person who acts for the applicant's organisation."""
    company = desk.actor("company")
    add_person(
        desk.office,
        login="colleague",
        name="Әріптесов Бек",
        password="rasim",
        roles=(Role.APPLICANT,),
        iin=with_check_digit("99123150099"),
        bin=company.bin,
        organisation=company.organisation,
        position=company.position,
    )


def test_the_invitation_goes_out_three_working_days_ahead(desk: Desk, case_id: str) -> None:
    """From Monday 2 March: 3, 4 and 5 March are three working days; 4 March is too early."""
    with pytest.raises(Invalid) as wrong:
        invite(desk, case_id, "2026-03-04")
    assert [each.place for each in wrong.value.problems] == ["hearing_invitation.hearing_day"]
    assert wrong.value.problems[0].sentence.values["earliest"].isoformat() == "2026-03-05"
    invite(desk, case_id, "2026-03-05")
    assert waits_at(desk, case_id) == ["give_objections"]


def test_the_applicant_is_told_what_is_about_to_be_decided(desk: Desk, case_id: str) -> None:
    invite(desk, case_id, "2026-03-05")
    told = [notice.values for notice in viewing.notices(desk.office, desk.actor("company")).rows]
    (invitation,) = [values for values in told if "decision" in values]
    assert (invitation["day"], invitation["place"], invitation["decision"]) == ("2026-03-05", "Астана, 10:00", "Бас тарту")


def test_objections_are_taken_until_the_eve_of_the_hearing(desk: Desk, case_id: str) -> None:
    """Heard on Wednesday 11 March: the last working day before it is 10 March, which closes at 18:30."""
    invite(desk, case_id, "2026-03-11")
    assert asked(desk, case_id).due_at == astana(2026, 3, 10, 18, 30)
    desk.wait_until(astana(2026, 3, 10, 18, 29))
    assert waits_at(desk, case_id) == ["give_objections"]
    desk.wait_until(astana(2026, 3, 10, 18, 31))
    assert waits_at(desk, case_id) == ["record_hearing"]


@pytest.mark.parametrize(("outcome", "status"), [("upheld", CaseStatus.REFUSED), ("reconsider", CaseStatus.ISSUED)])
def test_the_record_says_what_follows(desk: Desk, case_id: str, outcome: str, status: CaseStatus) -> None:
    invite(desk, case_id, "2026-03-05")
    give(desk, asked(desk, case_id), "company")
    desk.work(case_id, "executor", outcome, {"attended": "in-writing", "course": "Пікір қаралды"})
    assert desk.case(case_id).status is status


# --- what is asked of an applicant ------------------------------------------------------------------------------------


def test_what_is_asked_stands_in_the_cabinet_of_the_applicant_alone(desk: Desk, case_id: str) -> None:
    invite(desk, case_id, "2026-03-05")
    assert [row.step.en for row in viewing.asked_of(desk.office, desk.actor("company"))] == ["Give explanations or objections"]
    assert viewing.asked_of(desk.office, desk.actor("applicant")) == ()
    assert [row for row in viewing.inbox(desk.office, desk.actor("executor")).rows if row.case_id == case_id] == []
    item = asked(desk, case_id)
    for other in ("applicant", "executor"):
        with pytest.raises(Forbidden):
            give(desk, item, other)
    with pytest.raises(NotFound):
        viewing.work_item(desk.office, desk.actor("applicant"), item.id)
    with pytest.raises(Forbidden):
        working.release(desk.office, desk.actor("company"), item.id)


def test_the_applicant_never_sees_a_task_of_the_staff(desk: Desk, case_id: str) -> None:
    (item,) = desk.open_items(case_id)
    with pytest.raises(NotFound):
        viewing.work_item(desk.office, desk.actor("company"), item.id)


def test_whoever_acts_for_the_organisation_may_answer(desk: Desk, case_id: str) -> None:
    invite(desk, case_id, "2026-03-05")
    colleague(desk)
    assert [row.case_id for row in viewing.asked_of(desk.office, desk.actor("colleague"))] == [case_id]
    give(desk, asked(desk, case_id), "colleague")
    assert waits_at(desk, case_id) == ["record_hearing"]
