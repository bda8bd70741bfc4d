"""Terms, reminders, jobs and their repair where something is late, absent, broken or done already."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from app.cases import jobs, repairing, timing, viewing
from app.cases.demonstration import move_clock
from app.cases.office import Office
from app.domain.case import TimerKind, TimerStatus
from app.domain.errors import Invalid, Unavailable
from app.domain.people import Role
from app.domain.ports import Register, RegisterAnswer
from app.gateways.authority import TestAuthority
from app.store.tables import Incident
from tests.clock import HandClock, astana
from tests.desk import Desk
from tests.press import with_short_letters

OVERDUE = "“%(step)s” of case %(number)s is overdue since %(due)s."


@pytest.fixture
def desk(office: Office, clock: HandClock, authority: TestAuthority) -> Desk:
    return Desk(with_short_letters(office), clock, authority)


def notices(desk: Desk, login: str) -> list[str]:
    return [notice.sentence for notice in viewing.notices(desk.office, desk.actor(login)).rows]


# --- Terms ---------------------------------------------------------------------------------------------------------


def test_a_step_that_comes_back_after_its_term_is_overdue_at_once_and_reminded_of_no_more(desk: Desk, clock: HandClock) -> None:
    case = desk.file()
    desk.register(case)
    desk.appoint(case)
    desk.find_complete(case)
    desk.find_compliant(case)
    desk.draw_up(case)  # on Monday 2 March: drawing up was due on Tuesday 3 March
    desk.wait_until(astana(2026, 3, 5))
    desk.work(case, "head", "return_for_rework", {"remarks": "Нақтылаңыз"})
    before = desk.events(case).count("reminded")
    desk.sweep()
    assert desk.events(case).count("reminded") == before
    assert desk.item(case, "executor").row.escalated


def test_whoever_stands_in_for_the_absent_is_reminded_and_told_of_delays_too(desk: Desk) -> None:
    days = {"first": date(2026, 3, 2), "last": date(2026, 3, 31)}
    case = desk.file()
    desk.register(case)
    desk.appoint(case, executor="executor")
    desk.substitute(absent="executor", by="executor2", role=Role.EXECUTOR, **days)
    desk.substitute(absent="head", by="deputy", role=Role.HEAD, **days)
    desk.wait_until(astana(2026, 3, 4, 18, 31))  # the check of completeness was due on Wednesday 4 March, 18:30
    for login in ("executor", "executor2", "head", "deputy"):
        assert OVERDUE in notices(desk, login), login
    assert OVERDUE not in notices(desk, "clerk")


# --- What cannot be done -------------------------------------------------------------------------------------------


class Unloadable:
    """An engine that refuses every process, as after a version was published that it can no longer read."""

    def load(self, _bundle: object) -> Any:
        raise Invalid("The diagram cannot be read.")


def test_a_case_whose_process_cannot_be_loaded_holds_up_no_other(desk: Desk, clock: HandClock) -> None:
    cases = [desk.file(), desk.file()]
    clock.move_to(astana(2026, 3, 2, 19))  # a reminder and a deadline of the registration are due in each
    swept = timing.sweep(replace(desk.office, engine=Unloadable()))  # type: ignore[arg-type]
    assert (swept.fired, swept.failed) == (0, 4)
    incidents = viewing.incidents(desk.office, desk.actor("deputy")).rows
    assert {incident.case_id for incident in incidents} == set(cases)
    for incident in incidents:
        repairing.retry(desk.office, desk.actor("deputy"), incident.id, "The process can be read again.")
    assert timing.sweep(desk.office).fired == 4


def test_a_failed_timer_ends_with_its_case_and_is_not_tried_again(desk: Desk, clock: HandClock) -> None:
    case = desk.file()
    with desk.office.unit_of_work() as uow:
        timer = next(t for t in uow.timing.running_of(case) if t.kind is TimerKind.SERVICE_DEADLINE)
        timer.status = TimerStatus.FAILED
        incident = Incident(case_id=case, element="", sentence="A fault.", opened_at=clock.now(), timer_id=timer.id)
        uow.cases.add_incident(incident)
        uow.commit()
    desk.to_the_certificate(case)
    repairing.retry(desk.office, desk.actor("deputy"), incident.id, "The cause is gone.")
    clock.move_to(astana(2026, 3, 20))
    assert desk.sweep() == timing.Swept(0, 0)
    assert "deadline-passed" not in desk.events(case)


# --- Jobs ----------------------------------------------------------------------------------------------------------


class Silent:
    """The gateway does not answer."""

    def ask(self, _register: Register, _number: str, *, message_id: str) -> RegisterAnswer:
        raise Unavailable("No answer to %(id)s.", id=message_id)


def asked(desk: Desk) -> tuple[str, str, str]:
    """A case that waits for the registers, with its job and the job's token."""
    case = desk.file()
    desk.register(case)
    desk.appoint(case)
    desk.answer_jobs = lambda: 0  # type: ignore[method-assign]
    desk.find_complete(case)
    del desk.answer_jobs
    with desk.office.unit_of_work() as uow:
        job = uow.timing.take_job(desk.clock.now())
        assert job is not None
        return case, job.id, job.token


def found(desk: Desk) -> tuple[RegisterAnswer, ...]:
    return (desk.office.registers.ask(Register.LEGAL_ENTITY, "991240000013", message_id="late"),)


def test_an_answer_that_came_after_the_last_attempt_is_taken_and_a_retry_asks_no_more(desk: Desk, clock: HandClock) -> None:
    case, job, _ = asked(desk)
    silent = replace(desk.office, registers=Silent())
    for _ in range(jobs.MOST_ATTEMPTS):
        jobs.run_jobs(silent)
        clock.pass_by(hours=1)
    (incident,) = viewing.incidents(desk.office, desk.actor("deputy")).rows
    assert jobs.answer(desk.office, job, case, found(desk))
    repairing.retry(desk.office, desk.actor("deputy"), incident.id, "The gateway answers again.")
    assert jobs.run_jobs(desk.office) == 0
    assert desk.events(case).count("job-answered") == 1
    assert desk.events(case).count("job-failed") == jobs.MOST_ATTEMPTS
    assert desk.item(case, "executor").element.id == "check_compliance"


def test_an_answer_nobody_waits_for_any_more_is_kept_and_moves_nothing(desk: Desk) -> None:
    case, job_id, _ = asked(desk)
    with desk.office.unit_of_work() as uow:
        job = uow.timing.job(job_id)
        assert job is not None
        job.token = "interrupted"
        uow.commit()
    assert desk.answer_jobs() == 1
    assert desk.case(case).lookups
    assert viewing.incidents(desk.office, desk.actor("deputy")).rows == ()
    assert desk.case(case).items[-1].step.en != "Check the documents and data against the requirements"


# --- The demonstration's clock -------------------------------------------------------------------------------------


def test_deadlines_fire_at_their_own_moments_although_another_process_sweeps_beside(
    office: Office, clock: HandClock, authority: TestAuthority
) -> None:
    class SweptBeside(HandClock):
        swept_by: Office | None = None

        def move_to(self, moment: datetime) -> None:
            super().move_to(moment)
            if self.swept_by is not None:
                timing.sweep(self.swept_by)

    beside = SweptBeside(clock.now())
    other = replace(with_short_letters(office), clock=beside)
    desk = Desk(other, beside, authority)
    case = desk.file()
    beside.swept_by = other
    move_clock(other, desk.actor("admin"), clock.now() + timedelta(days=14))
    told = {entry.details["due"]: entry.at for entry in desk.case(case).timeline if entry.details.get("timer")}
    assert len(told) == 4
    assert all(datetime.fromisoformat(due) == at for due, at in told.items())
