"""The applicant takes an application back: everything that waits falls away, and nothing that comes later moves the case."""

from __future__ import annotations

from hashlib import sha256

import pytest

from app.cases import jobs, timing, viewing, working
from app.cases.withdrawing import withdraw
from app.domain.case import CaseStatus, JobStatus, TimerStatus, WorkStatus
from app.domain.errors import Declined, Forbidden, Invalid, NotFound
from app.domain.events import EventKind
from app.history.verification import verify
from app.store.tables import Decision, Job, Notice, Timer
from tests.clock import astana
from tests.desk import Desk
from tests.engine.drawing import boundary, end, flow, gateway, path, service, start, timer
from tests.rows import all_rows
from tests.scenarios.drawn import Drawn, task

WAITS = """
suspensions:
  - {id: sample, during: wait_for_sample, paragraph: Rules para 9, title: {kk: үлгі, ru: образец, en: sample}}
consultations:
  - {id: interior, at: reply, paragraph: Rules para 8, body: {kk: ІІМ, ru: МВД, en: Interior}, about: {kk: а, ru: б, en: c}}
"""


def everything_waits(desk: Desk) -> Drawn:
    """A task that stops the term, a body asked, a timer, and a job for the outside, side by side."""
    branches = (task("wait_for_sample", role="chancellery"), task("reply", "agree", role="agreeing_body"))
    timed = boundary("late", "reply", timer("working_days(5)"))
    elements = (start(), gateway("parallel", "fork"), *branches, timed, service("ask", "request_registry_data"))
    rest = (gateway("exclusive", "heard"), gateway("parallel", "join"), end())
    flows = path("begin", "fork", "wait_for_sample", "join", "finish") + path("fork", "reply", "heard", "join")
    return Drawn(desk, *elements, *rest, flows, path("fork", "ask", "join"), flow("late", "heard"), passport=WAITS)


def taken_back(desk: Desk) -> Drawn:
    case = everything_waits(desk)
    withdraw(desk.office, desk.actor("company"), case.case_id, "  Шарт бұзылды  ")
    return case


def test_the_case_ends_as_withdrawn_and_nothing_of_it_waits(desk: Desk) -> None:
    case = taken_back(desk)
    assert (case.case.status, case.case.ended_at) == (CaseStatus.WITHDRAWN, desk.clock.now())
    assert case.open() == []
    items = [item for element in ("wait_for_sample", "reply") for item in case.items(element, closed=True)]
    assert [item.status for item in items] == [WorkStatus.OBSOLETE, WorkStatus.OBSOLETE]
    assert {timer.status for timer in case.rows(Timer)} == {TimerStatus.CANCELLED}
    assert [job.status for job in case.rows(Job)] == [JobStatus.CANCELLED]
    assert [row.resumed_at for row in case.ledger()] == [desk.clock.now()]


def test_the_history_tells_it_and_proves_the_reason_without_holding_it(desk: Desk) -> None:
    case = taken_back(desk)
    (event,) = case.events(EventKind.CASE_WITHDRAWN.value)
    (decision,) = case.rows(Decision)
    assert (event.actor_id, event.role) == (desk.actor("company").id, "applicant")
    assert decision.rationale == "Шарт бұзылды"
    assert event.details == {"reason_sha256": sha256(decision.id.encode() + "Шарт бұзылды".encode()).hexdigest()}
    assert case.events(EventKind.CASE_ENDED.value)[0].details["status"] == "withdrawn"
    assert case.events(EventKind.CONSULTATION_SILENT.value) == []  # nobody kept silent: nobody is asked any more
    with desk.office.reading() as uow:
        assert [breaches for _, _, breaches in verify(uow)] == [[]]


def test_who_had_a_task_or_might_have_taken_it_is_told(desk: Desk) -> None:
    case = everything_waits(desk)
    working.claim(desk.office, desk.actor("clerk"), case.items("wait_for_sample")[0].id)
    withdraw(desk.office, desk.actor("company"), case.case_id, "Шарт бұзылды")
    told = {notice.user_id: notice for notice in case.rows(Notice) if notice.template.startswith("The applicant has withdrawn")}
    assert set(told) == {desk.actor(login).id for login in ("clerk", "agency", "agency2")}
    assert told[desk.actor("clerk").id].values["step"]["kk"] == "wait_for_sample"


def test_a_second_withdrawal_is_declined_and_changes_nothing(desk: Desk, database: str) -> None:
    case = taken_back(desk)
    before = all_rows(database)
    with pytest.raises(Declined, match="has ended already"):
        withdraw(desk.office, desk.actor("company"), case.case_id, "Тағы да")
    assert all_rows(database) == before


def test_a_case_that_has_ended_cannot_be_withdrawn(desk: Desk) -> None:
    case = Drawn(desk, start(), task("look"), end(), path("begin", "look", "finish"))
    case.do("look")
    with pytest.raises(Declined):
        withdraw(desk.office, desk.actor("company"), case.case_id, "Кеш")
    assert case.case.status is CaseStatus.ISSUED


@pytest.mark.parametrize(("login", "error"), [("clerk", Forbidden), ("head", Forbidden), ("applicant", NotFound)])
def test_nobody_but_the_applicant_withdraws(desk: Desk, login: str, error: type[Exception]) -> None:
    case = everything_waits(desk)
    with pytest.raises(error):
        withdraw(desk.office, desk.actor(login), case.case_id, "Қалаймын")
    assert case.case.status is CaseStatus.OPEN


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_a_reason_is_asked_for(desk: Desk, reason: str) -> None:
    case = everything_waits(desk)
    with pytest.raises(Invalid, match="Say why"):
        withdraw(desk.office, desk.actor("company"), case.case_id, reason)
    assert case.case.status is CaseStatus.OPEN


def test_what_comes_later_is_harmless(desk: Desk, database: str) -> None:
    case = everything_waits(desk)
    item = case.items("reply")[0]
    (job,) = case.rows(Job)
    waiting = [each for each in case.rows(Timer) if each.status is TimerStatus.WAITING]
    withdraw(desk.office, desk.actor("company"), case.case_id, "Шарт бұзылды")
    before = all_rows(database)
    assert jobs.run_jobs(desk.office) == 0
    assert jobs.answer(desk.office, job.id, case.case_id, ()) is False  # a call that was under way
    desk.clock.move_to(astana(2026, 4, 20))
    assert [timing.fire(desk.office, each.id, case.case_id) for each in waiting] == [False] * len(waiting)
    assert timing.sweep(desk.office) == timing.Swept(0, 0)
    with pytest.raises(Declined):
        working.complete(desk.office, desk.actor("agency"), item.id, rev=item.rev, outcome="agree", answers={})
    assert all_rows(database) == before


def test_the_case_can_still_be_looked_at(desk: Desk) -> None:
    case = taken_back(desk)
    for login in ("company", "head"):
        view = viewing.case(desk.office, desk.actor(login), case.case_id)
        assert view.status is CaseStatus.WITHDRAWN
        assert view.decision is not None
        assert view.decision.rationale == "Шарт бұзылды"
