"""Replay: last year's cases of a service as they would have gone by a draft, reckoned in batches.

A batch is one short transaction, so nobody waits for it; whoever looks at the page goes on to the next one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from app.cases.design.drafts import DraftFiles, draft_files
from app.cases.design.walking import Course, as_it_was, walk
from app.cases.office import Office, ProviderTerms
from app.domain.case import CaseStatus
from app.domain.errors import Declined, NotFound, RasimError, Sentence
from app.domain.kept_sentences import sentence_from
from app.domain.moves import Bundle
from app.domain.people import Actor, Role
from app.domain.permissions import Action, require
from app.domain.rehearsal import SERVICE
from app.domain.replay import RecordedCase, Sums, Usual
from app.domain.text import Text
from app.engine import Process
from app.store.bundles import passport_of
from app.store.tables import Replay
from app.store.unit_of_work import UnitOfWork

BACK = timedelta(days=365)
MONTHS = 12
BATCH = 200  # some 1.5 ms each
MOST_CASES = 5_000
"""The newest of them are replayed where there are more."""
SAMPLE = 5_000  # steps, by which is told what is usual


@dataclass(frozen=True, slots=True)
class Missed:
    """Terms not kept at one step, or of the whole service (`label` None)."""

    element: str
    label: Text | None
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Load:
    """What a role had to do in a month, on the average: steps, and hours of working time in which they waited for it."""

    role: str
    title: Text | None  # None: no passport of the service knows the role
    steps_before: float
    steps_after: float
    hours_before: float
    hours_after: float


@dataclass(frozen=True, slots=True)
class Failed:
    """Cases that could not be replayed for one reason, with one of them as an example."""

    why: Sentence
    cases: int
    number: str


@dataclass(frozen=True, slots=True)
class ReplayView:
    draft: DraftFiles
    since: datetime
    until: datetime
    cases: int
    done: int
    replayed: int
    is_current: bool  # reckoned on the files as they are now
    missed: tuple[Missed, ...]
    load: tuple[Load, ...]
    failed: tuple[Failed, ...]

    @property
    def is_done(self) -> bool:
        return self.done >= self.cases


def begin_replay(office: Office, actor: Actor, draft_id: str) -> None:
    """Begins anew with the draft's files as they are now. Raises Invalid with the findings where they cannot be run."""
    require(actor, Action.EDIT_DRAFT)
    bundle = draft_files(office, actor, draft_id).bundle
    passport = passport_of(bundle)
    office.engine.load(bundle)
    until = office.clock.now()
    with office.unit_of_work() as uow:
        further = uow.replays.ended_before_the_newest(bundle.service, MOST_CASES)
        since = max(until - BACK, further + timedelta(microseconds=1)) if further else until - BACK
        steps = uow.replays.steps_lately(bundle.service, since, until, limit=SAMPLE)
        uow.replays.begin(
            Replay(
                draft_id=draft_id,
                digest=bundle.digest,
                since=since,
                until=until,
                cases=uow.replays.cases(bundle.service, since, until),
                usual=_usual(office.terms(passport), steps).as_data(),
                started_at=until,
                started_by_id=actor.id,
                sums=Sums().as_data(),
            )
        )
        uow.commit()


def _usual(terms: ProviderTerms, steps: Iterable[tuple[str, str, str, datetime, datetime]]) -> Usual:
    by_element: dict[str, list[timedelta]] = defaultdict(list)
    by_role: dict[str, list[timedelta]] = defaultdict(list)
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    for element, role, outcome, opened, completed in steps:
        time = terms.schedule.working_time_between(opened, completed, terms.calendar)
        by_element[element].append(time)
        by_role[role].append(time)
        outcomes[element][outcome] += 1
    return Usual(
        {name: _median(times) for name, times in by_element.items()},
        {name: _median(times) for name, times in by_role.items()},
        {name: counted.most_common(1)[0][0] for name, counted in outcomes.items()},
    )


def _median(times: Iterable[timedelta]) -> timedelta:
    return timedelta(seconds=median(time.total_seconds() for time in times))


def go_on_replaying(office: Office, actor: Actor, draft_id: str) -> None:
    """Replays the next batch. Raises Declined where the draft has changed since it began: what was found is of other files."""
    require(actor, Action.EDIT_DRAFT)
    bundle = draft_files(office, actor, draft_id).bundle
    with office.unit_of_work() as uow:
        replay = uow.replays.get(draft_id, lock=True)
        if replay is None:
            raise NotFound("Nothing is being replayed on this draft.")
        if replay.digest != bundle.digest:
            raise Declined("The draft has changed since the replay began; begin it anew.")
        course = _course(office, bundle, Usual.from_data(replay.usual))
        sums = Sums.from_data(replay.sums)
        found = uow.replays.next_cases(bundle.service, replay, limit=BATCH)
        for case, status in found:
            _replayed(course, case, status, sums)
            replay.last_ended_at, replay.last_id = case.ended_at, case.id
        replay.done = replay.done + len(found) if found else replay.cases  # what was erased meanwhile is not waited for
        replay.sums = sums.as_data()
        uow.commit()


def _course(office: Office, bundle: Bundle, usual: Usual) -> Course:
    passport = passport_of(bundle)
    return Course(office.engine, office.engine.load(bundle), passport, office.terms(passport), office.handlers, usual)


def _replayed(course: Course, case: RecordedCase, status: CaseStatus, sums: Sums) -> None:
    """Adds one case to the sums; one that cannot be replayed, with the reason."""
    number = case.number or case.id[:8]
    if status is CaseStatus.WITHDRAWN:
        sums.fail(Sentence("The applicant took the application back."), number)
        return
    try:
        sums.add(as_it_was(course, case), walk(course, case), SERVICE)
    except RasimError as wrong:
        sums.fail(wrong.sentence, number)


def replay_of(office: Office, actor: Actor, draft_id: str) -> ReplayView | None:
    """What was found so far; None: nothing was replayed on this draft."""
    draft = draft_files(office, actor, draft_id)
    with office.reading() as uow:
        replay = uow.replays.get(draft_id)
        if replay is None:
            return None
        names = _Names(office, uow, draft.bundle)
        sums = Sums.from_data(replay.sums)
        return ReplayView(
            draft=draft,
            since=replay.since,
            until=replay.until,
            cases=replay.cases,
            done=replay.done,
            replayed=sums.replayed,
            is_current=replay.digest == draft.bundle.digest,
            missed=tuple(_missed(sums, names)),
            load=tuple(_load(sums, names)),
            failed=tuple(
                Failed(sentence_from(each), each["cases"], each["number"])
                for each in sorted(sums.failed, key=lambda each: -each["cases"])
            ),
        )


class _Names:
    """The words for elements and roles: the draft's, and for what it no longer has, those of the newest version."""

    def __init__(self, office: Office, uow: UnitOfWork, bundle: Bundle) -> None:
        newest = uow.processes.newest(bundle.service)
        bundles = [bundle, *([uow.processes.bundle(newest)] if newest else [])]
        self.elements: dict[str, Text] = {}
        self.roles: dict[str, Text] = {}
        for each in reversed(bundles):
            process: Process = office.engine.load(each)
            self.elements |= {element.id: element.label for element in process.elements.values()}
            self.roles |= {role.id: role.title for role in passport_of(each).roles}


def _missed(sums: Sums, names: _Names) -> list[Missed]:
    elements = {*sums.late_before, *sums.late_after} - {SERVICE}
    rows = [
        Missed(each, names.elements.get(each, Text(each)), sums.late_before[each], sums.late_after[each]) for each in elements
    ]
    rows = [row for row in rows if row.before or row.after]
    rows.sort(key=lambda row: (-max(row.before, row.after), row.element))
    return [Missed(SERVICE, None, sums.late_before[SERVICE], sums.late_after[SERVICE]), *rows]


def _load(sums: Sums, names: _Names) -> list[Load]:
    roles = {*sums.steps_before, *sums.steps_after} - {Role.APPLICANT.value}
    order: Mapping[str, int] = {role.value: place for place, role in enumerate(Role)}

    def monthly(counted: Counter[str], role: str, unit: int = 1) -> float:
        return counted[role] / unit / MONTHS

    return [
        Load(
            role,
            names.roles.get(role),
            monthly(sums.steps_before, role),
            monthly(sums.steps_after, role),
            monthly(sums.seconds_before, role, 3600),
            monthly(sums.seconds_after, role, 3600),
        )
        for role in sorted(roles, key=lambda each: order.get(each, len(order)))
    ]
