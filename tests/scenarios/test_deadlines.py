"""Terms that run out: reminders, escalation, the page of deadlines, and what happens when something fails on the way.

Every test begins on Monday 2 March 2026, 10:00 in Astana; the provider works 9:00-13:00 and 14:30-18:30.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Semaphore

import pytest
from apscheduler.events import EVENT_JOB_EXECUTED
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from app.cases import jobs, publishing, repairing, timing, viewing
from app.cases.office import Office
from app.cli import OPERATOR
from app.domain.case import JobStatus, TimerKind, TimerStatus
from app.domain.errors import Declined, Forbidden, Invalid, Unavailable
from app.domain.moves import Bundle
from app.domain.people import Role
from app.domain.ports import Register, RegisterAnswer
from app.gateways.authority import TestAuthority
from app.gateways.state_registers import SimulatedRegisters
from app.scheduler import start_scheduler
from app.store.bundles import read_bundle
from app.store.database import open_database
from app.store.tables import Job, Timer, WorkItem
from handlers import HANDLERS
from tests.clock import HandClock, astana
from tests.conftest import MONDAY_MORNING, ROOT
from tests.desk import SERVICE, Desk
from tests.press import with_short_letters

OVERDUE = "“%(step)s” of case %(number)s is overdue since %(due)s."
DUE = "“%(step)s” of case %(number)s is due %(due)s."


@pytest.fixture
def desk(office: Office, clock: HandClock, authority: TestAuthority) -> Desk:
    return Desk(with_short_letters(office), clock, authority)


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    opened = open_database(database)
    yield opened
    opened.dispose()


def told(desk: Desk, login: str) -> list[str]:
    return [notice.sentence for notice in viewing.notices(desk.office, desk.actor(login)).rows]


# --- Reminder and escalation ---------------------------------------------------------------------------------------


def test_the_clerk_is_reminded_before_the_close_of_the_day_and_the_head_hears_of_it_after(desk: Desk) -> None:
    case = desk.file()
    # Due at the close of the day it was opened on, 18:30; the reminder comes two working hours before: 16:30.
    desk.wait_until(astana(2026, 3, 2, 16, 29))
    assert DUE not in told(desk, "clerk")
    desk.wait_until(astana(2026, 3, 2, 16, 30))
    assert told(desk, "clerk") == [DUE]
    assert OVERDUE not in told(desk, "head")
    desk.wait_until(astana(2026, 3, 2, 18, 30))
    assert told(desk, "clerk") == [OVERDUE, DUE]
    assert told(desk, "head") == [OVERDUE]
    assert desk.item(case, "clerk").row.escalated
    escalated = next(e for e in desk.case(case).timeline if e.kind.value == "escalated")
    assert escalated.details["to"] == Role.HEAD.value
    assert escalated.at == astana(2026, 3, 2, 18, 30)


def test_work_done_in_time_is_neither_reminded_of_nor_escalated(desk: Desk, clock: HandClock) -> None:
    case = desk.file()
    clock.move_to(astana(2026, 3, 2, 12))
    desk.register(case)
    desk.wait_until(astana(2026, 3, 3, 8))
    assert {"reminded", "escalated", "deadline-passed"}.isdisjoint(desk.events(case))
    assert told(desk, "clerk") == []


def test_an_overdue_step_is_done_all_the_same_and_the_history_says_it_was_late(desk: Desk) -> None:
    case = desk.file()
    desk.wait_until(astana(2026, 3, 3, 10))
    desk.register(case)
    done = next(e for e in desk.case(case).timeline if e.kind.value == "work-completed")
    assert done.details["in_time"] is False
    assert desk.item(case, "head").row.step.en == "Appoint the responsible executor"


LIMIT = """\
  - element: appoint_executor
    limit: 1 working-days
    counted_from: registered
    paragraph: Rules para 7
    inferred: This edition sets the head a limit.
"""


def with_limited_appointment(desk: Desk) -> None:
    """The act gives the head no term to appoint in; this edition of the diagram does, so that the head can be late."""
    bundle = read_bundle(ROOT / "processes" / SERVICE)
    drawn = bundle.files["process.bpmn"].decode()
    step = '<rasim:step paragraph="Rules para 7" />\n        <rasim:role name="head" />'
    assert drawn.count(step) == 1
    limited = step.replace("/>", 'limit="1 working-days" from="registered" />', 1)
    passport = bundle.files["service.yaml"].decode()
    assert passport.count("\nlimits:\n") == 1
    files = {
        **bundle.files,
        "process.bpmn": drawn.replace(step, limited).encode(),
        "service.yaml": passport.replace("\nlimits:\n", f"\nlimits:\n{LIMIT}").encode(),
    }
    checked = publishing.check_bundle(Bundle(SERVICE, files), HANDLERS)
    assert publishing.publish(desk.office, OPERATOR, checked).number == 2, [str(f) for f in checked.findings]


def test_the_heads_overdue_step_goes_to_the_supervisor(desk: Desk) -> None:
    with_limited_appointment(desk)
    case = desk.file()
    desk.register(case)
    # One working day after Monday 2 March: Tuesday 3 March, 18:30.
    desk.wait_until(astana(2026, 3, 3, 18, 30))
    assert told(desk, "head")[0] == OVERDUE
    assert told(desk, "deputy") == [OVERDUE]
    escalated = next(e for e in desk.case(case).timeline if e.kind.value == "escalated")
    assert escalated.details["to"] == Role.SUPERVISOR.value


def test_each_term_ends_at_its_own_moment_however_far_the_clock_is_moved(desk: Desk, clock: HandClock, engine: Engine) -> None:
    desk.file()
    desk.wait_until(astana(2026, 3, 3, 12))
    second = desk.file()
    desk.register(second)
    desk.appoint(second)
    desk.wait_until(astana(2026, 4, 1))
    with Session(engine) as session:
        fired = list(session.scalars(select(Timer).where(Timer.status == TimerStatus.FIRED)))
        waiting = list(session.scalars(select(Timer).where(Timer.status == TimerStatus.WAITING)))
    # Of each case: reminder and end of the open step and of the service.
    assert len(fired) == 8
    assert waiting == []
    assert [timer.fired_at for timer in fired] == [timer.due_at for timer in fired]
    moments = [event.at for event in desk.case(second).timeline]
    assert moments == sorted(moments)
    assert clock.now() == astana(2026, 4, 1)


# --- The page ------------------------------------------------------------------------------------------------------


def test_the_page_of_deadlines_shows_what_will_fall_due_earliest_first(desk: Desk, clock: HandClock) -> None:
    first = desk.file()
    clock.move_to(astana(2026, 3, 3, 12))
    second = desk.file("applicant")
    desk.register(first)
    desk.appoint(first)

    page = viewing.deadlines(desk.office, desk.actor("deputy"))
    assert page.total == 8
    seen = [(row.due_at, row.kind, row.case_id, row.what.en, row.owner) for row in page.rows]
    assert [entry[:3] for entry in seen] == [
        (astana(2026, 3, 3, 16, 30), TimerKind.STEP_REMINDER, second),
        (astana(2026, 3, 3, 18, 30), TimerKind.STEP_DEADLINE, second),
        # The check of completeness: 2 working days after Monday 2 March are over on Wednesday 4 March.
        (astana(2026, 3, 4, 9), TimerKind.STEP_REMINDER, first),
        (astana(2026, 3, 4, 18, 30), TimerKind.STEP_DEADLINE, first),
        # Seven working days after 2 and 3 March (9 March is off): Thursday 12 and Friday 13 March.
        (astana(2026, 3, 12, 9), TimerKind.SERVICE_REMINDER, first),
        (astana(2026, 3, 12, 18, 30), TimerKind.SERVICE_DEADLINE, first),
        (astana(2026, 3, 13, 9), TimerKind.SERVICE_REMINDER, second),
        (astana(2026, 3, 13, 18, 30), TimerKind.SERVICE_DEADLINE, second),
    ]
    assert [entry[3:] for entry in seen[1:5:2]] == [
        ("Accept and register the documents", ""),
        ("Check that the documents are complete", "Орындаушиев Нұрлан"),
    ]
    # From Tuesday 12:00 to its closing at 18:30, lunch taken out: 1 h + 4 h.
    assert page.rows[1].left == timedelta(hours=5)
    assert page.rows[1].applicant == "Үлгібаев Әділ"


def test_applicants_do_not_see_the_page_of_deadlines(desk: Desk) -> None:
    with pytest.raises(Forbidden):
        viewing.deadlines(desk.office, desk.actor("company"))


# --- Failures ------------------------------------------------------------------------------------------------------


class AwayRegisters:
    """Registers that do not answer until they are mended."""

    def __init__(self, clock: HandClock) -> None:
        self._clock = clock
        self.asked: list[tuple[datetime, str]] = []
        self.mended = False

    def ask(self, register: Register, number: str, *, message_id: str) -> RegisterAnswer:
        self.asked.append((self._clock.now(), message_id))
        if not self.mended:
            raise Unavailable("The register %(register)s does not answer.", register=register.value)
        return SimulatedRegisters(self._clock).ask(register, number, message_id=message_id)


@pytest.fixture
def registers(clock: HandClock) -> AwayRegisters:
    return AwayRegisters(clock)


@pytest.fixture
def asking(office: Office, clock: HandClock, authority: TestAuthority, registers: AwayRegisters) -> tuple[Desk, str]:
    """A case that waits for registers which are away."""
    desk = Desk(replace(with_short_letters(office), registers=registers), clock, authority)
    case = desk.file()
    desk.register(case)
    desk.appoint(case)
    desk.find_complete(case)  # asks the registers once
    return desk, case


def test_a_register_that_is_away_is_asked_again_with_growing_pauses_and_the_same_message(
    asking: tuple[Desk, str], registers: AwayRegisters, clock: HandClock
) -> None:
    desk, case = asking
    # Pauses of 30, 60, 120 and 240 seconds between five attempts.
    at = [MONDAY_MORNING + timedelta(seconds=seconds) for seconds in (0, 30, 90, 210, 450)]
    for moment in at[1:]:
        clock.move_to(moment - timedelta(seconds=1))
        assert jobs.run_jobs(desk.office) == 0
        clock.move_to(moment)
        jobs.run_jobs(desk.office)
    assert [moment for moment, _ in registers.asked] == at
    assert len({message for _, message in registers.asked}) == 1
    assert desk.events(case).count("job-failed") == 5
    assert desk.events(case).count("incident-opened") == 1
    clock.pass_by(days=1)
    jobs.run_jobs(desk.office)
    assert len(registers.asked) == 5  # nobody is asked any more: a person has to look


def incident_of(desk: Desk, clock: HandClock) -> str:
    for seconds in (30, 60, 120, 240):
        clock.pass_by(seconds=seconds)
        jobs.run_jobs(desk.office)
    (incident,) = viewing.incidents(desk.office, desk.actor("deputy")).rows
    assert incident.open
    return incident.id


def test_an_incident_shows_the_real_error_and_a_supervisor_retries_it_with_a_reason(
    asking: tuple[Desk, str], registers: AwayRegisters, clock: HandClock
) -> None:
    desk, case = asking
    incident = incident_of(desk, clock)
    (shown,) = viewing.incidents(desk.office, desk.actor("deputy")).rows
    assert shown.sentence == "The register legal-entity does not answer."
    assert shown.case_id == case
    assert shown.element == "request_registry_data"

    with pytest.raises(Invalid, match="Say why"):
        repairing.retry(desk.office, desk.actor("deputy"), incident, "  ")
    with pytest.raises(Forbidden):
        repairing.retry(desk.office, desk.actor("executor"), incident, "I want to go on.")
    registers.mended = True
    repairing.retry(desk.office, desk.actor("deputy"), incident, "The register answers again.")
    with pytest.raises(Declined, match="resolved already: Орынбаев Өмір"):
        repairing.retry(desk.office, desk.actor("deputy"), incident, "Once more.")

    assert jobs.run_jobs(desk.office) == 1
    assert desk.item(case, "executor").row.step.en == "Check the documents and data against the requirements"
    resolved = next(e for e in desk.case(case).timeline if e.kind.value == "incident-resolved")
    assert resolved.actor == "Орынбаев Өмір"
    assert resolved.details["reason"] == "The register answers again."
    assert not viewing.incidents(desk.office, desk.actor("deputy")).rows[0].open


def test_a_retried_job_has_all_its_attempts_again(
    asking: tuple[Desk, str], registers: AwayRegisters, clock: HandClock, engine: Engine
) -> None:
    desk, _ = asking
    repairing.retry(desk.office, desk.actor("deputy"), incident_of(desk, clock), "The line was checked.")
    jobs.run_jobs(desk.office)
    with Session(engine) as session:
        job = session.scalars(select(Job)).one()
    assert (job.status, job.attempts) == (JobStatus.WAITING, 1)


def test_a_worker_that_died_over_a_job_frees_it_after_two_minutes(
    office: Office, clock: HandClock, authority: TestAuthority
) -> None:
    class Dies(AwayRegisters):
        def ask(self, register: Register, number: str, *, message_id: str) -> RegisterAnswer:
            raise KeyboardInterrupt  # as a kill would: nothing more is written

    desk = Desk(replace(with_short_letters(office), registers=Dies(clock)), clock, authority)
    case = desk.file()
    desk.register(case)
    desk.appoint(case)
    with pytest.raises(KeyboardInterrupt):
        desk.find_complete(case)
    clock.pass_by(seconds=119)
    assert jobs.run_jobs(with_short_letters(office)) == 0
    clock.pass_by(seconds=1)
    assert jobs.run_jobs(with_short_letters(office)) == 1
    assert desk.item(case, "executor").row.step.en == "Check the documents and data against the requirements"


def break_items_of(engine: Engine, case: str, role: str) -> None:
    with Session(engine) as session:
        session.execute(update(WorkItem).where(WorkItem.case_id == case).values(role=role))
        session.commit()


def test_one_case_that_cannot_be_handled_never_stops_the_next(desk: Desk, clock: HandClock, engine: Engine) -> None:
    broken, sound = desk.file(), desk.file()
    break_items_of(engine, broken, "nobody")
    clock.move_to(astana(2026, 3, 2, 18, 30))
    assert desk.sweep() == timing.Swept(fired=2, failed=2)
    assert desk.events(sound).count("escalated") == 1
    assert desk.sweep() == timing.Swept(fired=0, failed=0)  # set aside: the next sweep is not held up again

    incidents = viewing.incidents(desk.office, desk.actor("deputy")).rows
    assert {(i.case_id, i.sentence) for i in incidents} == {(broken, "'nobody' is not a valid Role")}
    break_items_of(engine, broken, Role.CHANCELLERY.value)
    for incident in incidents:
        repairing.retry(desk.office, desk.actor("deputy"), incident.id, "The role was put right.")
    assert desk.sweep() == timing.Swept(fired=2, failed=0)
    assert desk.events(broken).count("escalated") == 1
    assert desk.item(broken, "clerk").row.escalated


def test_a_database_that_does_not_answer_puts_a_timer_off_and_loses_it_not(
    desk: Desk, clock: HandClock, open_another: Callable[[], Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = desk.file()
    clock.move_to(astana(2026, 3, 2, 18, 30))
    monkeypatch.setattr("app.store.database.BUSY_TIMEOUT_MS", 50)
    monkeypatch.setattr("app.store.database.LOCK_TIMEOUT_MS", 50)
    hurried = open_another()
    with desk.office.unit_of_work() as uow:
        uow.cases.lock(case)  # as somebody who works the case and takes too long
        assert timing.sweep(hurried) == timing.Swept(fired=0, failed=0)
    assert timing.sweep(hurried) == timing.Swept(fired=2, failed=0)
    assert desk.events(case).count("escalated") == 1
    assert "incident-opened" not in desk.events(case)


def test_the_scheduler_sweeps_by_itself(desk: Desk, clock: HandClock) -> None:
    case = desk.file()
    clock.move_to(astana(2026, 3, 2, 18, 30))
    scheduler = start_scheduler(desk.office, every=0.05)
    sweeps = Semaphore(0)
    scheduler.add_listener(lambda event: event.job_id == "timers" and sweeps.release(), EVENT_JOB_EXECUTED)
    try:
        for _ in range(2):  # one may have begun before the clock was moved
            assert sweeps.acquire(timeout=10)
        assert desk.events(case).count("escalated") == 1
        clock.move_to(astana(2026, 3, 12, 18, 30))
        for _ in range(2):
            assert sweeps.acquire(timeout=10)
        assert desk.events(case).count("deadline-passed") == 2
    finally:
        scheduler.shutdown()
