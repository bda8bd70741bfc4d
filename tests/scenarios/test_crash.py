"""`kill -9` of the serving process at any moment: what was answered is kept, nothing is done twice, no term is forgotten.

Four people at a time work over HTTP against a real `rasim run` whose sweep fires terms and answers jobs meanwhile. It is killed
again and again at random moments, while it starts too. After each kill the database is examined from outside.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPException
from logging import getLogger
from pathlib import Path
from random import Random
from threading import Event

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.bootstrap.demonstration import PASSWORD
from app.cases import filing, viewing
from app.domain.case import ApplicationStatus, CaseStatus, JobStatus, TimerKind, TimerStatus, WorkStatus
from app.domain.passport import FieldType, Form
from app.domain.people import Actor, Role
from app.domain.views import WorkItemView
from app.gateways.authority import TestAuthority
from app.history.verification import verify
from app.store.database import for_reading, open_database
from app.store.tables import Application, Case, HistoryEvent, Job, Notice, RegisterReply, Timer, WorkItem
from tests.checking import checked
from tests.clock import ASTANA, HandClock
from tests.conftest import new_office
from tests.desk import Desk
from tests.press import with_short_letters
from tests.scenarios.serving import Fields, Servers, Visitor

SEED = 20260302
STEPS = 200
KILLS = 10
CASES = 16
PEOPLE_AT_ONCE = 4
STEPS_IN_A_LIFE = (0, 8, 16, 24, 32, 40)  # one of them, and then some moments more; none: killed while it starts
LONGEST_LIFE = 20.0  # seconds
BETWEEN_LIVES = timedelta(hours=6)  # of the demonstration's clock, so that terms end in every life

log = getLogger(__name__)

WORKERS = {Role.CHANCELLERY.value: "clerk", Role.HEAD.value: "head", Role.EXECUTOR.value: "executor"}
STEP_TIMERS = {TimerKind.STEP_REMINDER, TimerKind.STEP_DEADLINE}
SERVICE_TIMERS = {TimerKind.SERVICE_REMINDER, TimerKind.SERVICE_DEADLINE}


@dataclass
class Book:
    """What the server said was done, written down outside of it."""

    filed: set[str] = field(default_factory=set)  # application ids
    finished: dict[str, str] = field(default_factory=dict)  # work item id → outcome
    unanswered: int = 0  # requests that the server died over

    @property
    def steps(self) -> int:
        return len(self.filed) + len(self.finished)


class People:
    """The applicant and the staff at their browsers. Each lane of cases is worked by one of four threads."""

    def __init__(self, desk: Desk, servers: Servers, drafts: dict[str, Fields]) -> None:
        self._desk, self._servers, self._drafts = desk, servers, drafts
        self._actors = {login: desk.actor(login) for login in ("company", *WORKERS.values())}
        self._visitors: dict[str, Visitor] = {}
        self._goal = 0
        self._goal_reached = Event()
        self.book = Book()

    def wait_for(self, steps: int, seconds: float) -> None:
        """Returns when so many steps more were answered, or after this time."""
        self._goal_reached.clear()
        self._goal = self.book.steps + steps
        if steps:
            self._goal_reached.wait(seconds)

    def work(self, dead: Event) -> None:
        """Until the server dies."""
        lanes = [list(self._drafts)[i::PEOPLE_AT_ONCE] for i in range(PEOPLE_AT_ONCE)]
        with ThreadPoolExecutor(PEOPLE_AT_ONCE) as threads:
            list(threads.map(lambda lane: self._work_lane(lane, dead), lanes))

    def _work_lane(self, applications: list[str], dead: Event) -> None:
        while not dead.is_set():
            for application in applications:
                try:
                    self._take_a_step(application)
                    if self.book.steps >= self._goal:
                        self._goal_reached.set()
                except ConnectionRefusedError:  # it is still starting, or dead
                    if dead.wait(0.05):
                        return
                except (OSError, HTTPException):
                    self.book.unanswered += 1

    def _take_a_step(self, application: str) -> None:
        if application not in self.book.filed:
            status, _ = self._post("company", f"/applications/{application}/signing", self._drafts[application])
            assert status in (302, 409), status  # declined: the filing before the kill had come through
            self.book.filed.add(application)
            return
        item = self._open_item(application)
        if item is None:
            return  # its job is not answered yet
        outcome, answers = self._choice(item)
        fields = [("rev", str(item.rev)), ("outcome", outcome), *as_typed(item.form, {**item.draft, **answers})]
        status, _ = self._post(WORKERS[item.row.role], f"/tasks/{item.row.id}/complete", fields)
        assert status in (302, 409), (status, item.element.id, outcome)
        self.book.finished[item.row.id] = outcome

    def _post(self, login: str, address: str, fields: Fields) -> tuple[int, str]:
        if login not in self._visitors:
            self._visitors[login] = Visitor(self._servers.port, login, PASSWORD)
        return self._visitors[login].post(address, fields)

    def _open_item(self, application: str) -> WorkItemView | None:
        with self._desk.office.reading() as uow:
            case = uow.cases.of_application(application)
            assert case is not None, f"{application} was filed and is lost"
            items = uow.work.open_of(case.id)
        actor = self._actors[WORKERS[items[0].role]] if items else None
        return viewing.work_item(self._desk.office, actor, items[0].id) if actor else None

    def _choice(self, item: WorkItemView) -> tuple[str, dict[str, object]]:
        """The way to the certificate, where the head is never content: draft and remarks go round and round."""
        ways: dict[str, dict[str, object]] = {
            "registered": {},
            "appointed": {"executor": self._actors["executor"].id},
            "complete": checked(item),
            "meets": dict.fromkeys(("data_true", "requirements_met", "no_court_ban", "special_right_kept"), "yes"),
            "drawn_up": {},
            "return_for_rework": {"remarks": "Нақтылаңыз"},
        }
        outcome = next(outcome.id for outcome in item.element.outcomes if outcome.id in ways)
        return outcome, ways[outcome]


def as_typed(form: Form | None, answers: dict[str, object]) -> Iterator[tuple[str, str]]:
    """A step's answers as a page sends them."""
    if form is None:
        return
    for asked in form.fields:
        value = answers.get(asked.id)
        if asked.type is FieldType.CHECKLIST and isinstance(value, list):
            for row in value:
                yield f"{form.id}.{asked.id}[{row['document']}].state", row["state"]
        elif value not in (None, False) and asked.type is not FieldType.TABLE:
            yield f"{form.id}.{asked.id}", "on" if value is True else str(value)


@contextmanager
def killed_at(servers: Servers, people: People, steps: int, delay: float) -> Iterator[Event]:
    """Kills the server so many steps and seconds from now, whatever it is doing then."""
    dead = Event()

    def kill() -> None:
        people.wait_for(steps, LONGEST_LIFE)
        dead.wait(delay)
        try:
            servers.kill()
        finally:
            dead.set()

    with ThreadPoolExecutor(1) as threads:
        killing = threads.submit(kill)
        yield dead
        killing.result()


def require_nothing_lost(session: Session, desk: Desk, book: Book) -> None:
    """Everything reported stands in the database once, and rows, engine state, history and terms tell one story."""
    items = list(session.scalars(select(WorkItem)))
    events = list(session.scalars(select(HistoryEvent).order_by(HistoryEvent.case_id, HistoryEvent.number)))
    cases = list(session.scalars(select(Case)))

    # No step lost: what was answered is there, as it was answered.
    outcomes = {item.id: item.outcome for item in items if item.status is WorkStatus.COMPLETED}
    assert {item: outcomes.get(item) for item in book.finished} == book.finished
    filed = session.scalars(select(Application.id).where(Application.status == ApplicationStatus.FILED))
    assert book.filed <= set(filed)
    assert book.filed <= {case.application_id for case in cases}

    # None doubled: each item opened once and completed once at most, each case filed and numbered once.
    told = Counter((event.kind, event.details.get("item")) for event in events)
    for item in items:
        assert told["work-opened", item.id] == 1, item.id
        assert told["work-completed", item.id] == (item.status is WorkStatus.COMPLETED), item.id
    assert Counter(event.kind for event in events)["application-filed"] == len(cases)
    numbers = sorted(case.number for case in cases if case.number)
    assert numbers == [f"2026-{n:05d}" for n in range(1, len(numbers) + 1)]

    # The chain of every case is whole and its numbers have no gap.
    for case in cases:
        assert [event.number for event in events if event.case_id == case.id] == list(range(1, case.history_length + 1))
    with desk.office.reading() as uow:
        assert [breaches for _, _, breaches in verify(uow) if breaches] == []

    require_terms(session, cases, items, events)
    require_jobs(session, events)
    require_rows_as_the_engine_waits(session, desk, cases, items)


def require_terms(session: Session, cases: list[Case], items: list[WorkItem], events: list[HistoryEvent]) -> None:
    """Every open item and case has its reminder and its deadline, waiting or fired; each firing is told once."""
    timers = list(session.scalars(select(Timer)))
    assert not [timer.id for timer in timers if timer.status is TimerStatus.FAILED]
    for item in items:
        mine = [timer for timer in timers if timer.token == item.token]
        assert sorted(timer.kind.value for timer in mine) == sorted(kind.value for kind in wanted_timers(item)), item.id
        alive = {TimerStatus.WAITING, TimerStatus.FIRED}
        allowed = alive if item.status is not WorkStatus.COMPLETED else {TimerStatus.FIRED, TimerStatus.CANCELLED}
        assert {timer.status for timer in mine} <= allowed, item.id
    for case in cases:
        whole = [timer for timer in timers if timer.case_id == case.id and not timer.token]
        assert {timer.kind for timer in whole} == SERVICE_TIMERS
        assert len(whole) == 2
        assert {timer.status for timer in whole} <= {TimerStatus.WAITING, TimerStatus.FIRED}
    fired = Counter(timer.case_id for timer in timers if timer.status is TimerStatus.FIRED)
    assert fired == Counter(event.case_id for event in events if event.kind in ("reminded", "deadline-passed"))


def wanted_timers(item: WorkItem) -> set[TimerKind]:
    """A step that came back after its term is not reminded of any more."""
    if item.due_at is None:
        return set()
    return STEP_TIMERS if item.due_at > item.opened_at else STEP_TIMERS - {TimerKind.STEP_REMINDER}


def require_jobs(session: Session, events: list[HistoryEvent]) -> None:
    """Every question to the registers is kept, and answered once at most."""
    jobs = list(session.scalars(select(Job)))
    asked = Counter(event.details["job"] for event in events if event.kind == "job-requested")
    answered = Counter(event.details["job"] for event in events if event.kind == "job-answered")
    assert asked == Counter(job.id for job in jobs)
    assert answered == Counter(job.id for job in jobs if job.status is JobStatus.DONE)
    assert not [job.id for job in jobs if job.status is JobStatus.FAILED]
    messages = Counter(session.scalars(select(RegisterReply.message_id)))
    assert set(messages.values()) <= {1}
    accepted = session.scalars(select(Notice.case_id).where(Notice.template.startswith("Your application was accepted")))
    assert set(Counter(accepted).values()) <= {1}


def require_rows_as_the_engine_waits(session: Session, desk: Desk, cases: list[Case], items: list[WorkItem]) -> None:
    jobs = list(session.scalars(select(Job).where(Job.status == JobStatus.WAITING)))
    with desk.office.reading() as uow:
        version = uow.processes.newest(cases[0].service) if cases else None
        process = desk.office.engine.load(uow.processes.bundle(version)) if version else None
    for case in cases:
        assert process is not None
        waits = sorted(wait.token for wait in desk.office.engine.waits(process, case.state))
        rows = [item.token for item in items if item.case_id == case.id and item.status is not WorkStatus.COMPLETED]
        assert waits == sorted(rows + [job.token for job in jobs if job.case_id == case.id])


def require_everything_goes_on(desk: Desk, outside: Engine, book: Book) -> None:
    """After the last kill: what is due fires, what was asked is answered, and a case is led to its certificate."""
    desk.clock.pass_by(days=1)  # past the time for which a dead worker's job is held
    while swept := desk.sweep():
        if swept.fired == 0:
            break
    assert swept.failed == 0
    desk.answer_jobs()
    with Session(outside) as session:
        require_nothing_lost(session, desk, book)
        overdue = select(Timer).where(Timer.status == TimerStatus.WAITING, Timer.due_at <= desk.clock.now())
        assert session.scalars(overdue).all() == []
        assert session.scalars(select(Job).where(Job.status == JobStatus.WAITING)).all() == []
        open_items = select(WorkItem).where(WorkItem.completed_at.is_(None), WorkItem.element.endswith("_certificate"))
        near = session.scalars(open_items).first()
    assert near is not None
    if near.element == "draw_up_certificate":
        desk.draw_up(near.case_id)
    desk.sign(near.case_id)
    assert desk.case(near.case_id).status is CaseStatus.ISSUED


def signed_drafts(desk: Desk, actor: Actor) -> dict[str, Fields]:
    """Applications filled in, printed and signed; their filing is left to the server."""
    drafts: dict[str, Fields] = {}
    for _ in range(CASES):
        application = desk.draft()
        drafts[application] = [
            (f"cms.{document.id}.1", b64encode(desk.signature(document, actor, iin=want.iin, bin=want.bin)).decode())
            for document in filing.prepare_application(desk.office, actor, application)
            for want in document.wanted
        ]
    return drafts


def test_a_server_killed_at_any_moment_loses_nothing_and_does_nothing_twice(
    database: str, clock: HandClock, authority: TestAuthority, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "authority").symlink_to(authority._directory)
    desk = Desk(with_short_letters(new_office(database, clock, authority)), clock, authority)
    servers = Servers({"RASIM_HOME": str(home), "RASIM_DATABASE": database}, tmp_path / "server.log")
    people = People(desk, servers, signed_drafts(desk, desk.actor("company")))
    outside = for_reading(open_database(database))
    random = Random(SEED)
    kills = 0
    try:
        while people.book.steps < STEPS or kills < KILLS:
            clock.pass_by(hours=BETWEEN_LIVES.total_seconds() / 3600)
            servers.start("--clock", clock.now().astimezone(ASTANA).isoformat(timespec="seconds"))
            steps = random.choice(STEPS_IN_A_LIFE)
            with killed_at(servers, people, steps, random.uniform(0, 0.1 if steps else 2)) as dead:
                people.work(dead)
            kills += 1
            with Session(outside) as session:
                require_nothing_lost(session, desk, people.book)
        require_everything_goes_on(desk, outside, people.book)
    finally:
        servers.close()
        outside.dispose()
        desk.office.close()
    log.info("%d kills, %d steps, %d requests unanswered", kills, people.book.steps, people.book.unanswered)
