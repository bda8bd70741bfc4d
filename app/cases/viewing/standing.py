"""Where the cases of a service stand, by version and period: what waits where, how long steps take, what is missed, what is
refused and on which ground."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.cases.office import Office, ProviderTerms
from app.domain.errors import Invalid, NotFound
from app.domain.moves import ElementKind
from app.domain.passport import Passport
from app.domain.people import Actor
from app.domain.permissions import Action, require
from app.domain.text import Text
from app.engine import Process
from app.store.bundles import PROCESS, passport_of
from app.store.standings import Period
from app.store.tables import ProcessVersion
from app.store.unit_of_work import UnitOfWork

BACK = timedelta(days=365)
MEASURED = 20_000
"""So many of the steps done last are measured: working time is reckoned here and not by the database."""


@dataclass(frozen=True, slots=True)
class StepStanding:
    """One user task. `median` and `ninth` are working time from opening to end: half, and nine of ten, took no longer. `refusals`
    count the decisions on grounds that are drawn up here."""

    element: str
    in_main: bool  # drawn in the main diagram, not in a called process
    label: Text
    role: Text
    open: int
    overdue: int
    done: int
    missed: int
    median: timedelta | None
    ninth: timedelta | None
    refusals: int


@dataclass(frozen=True, slots=True)
class GroundCount:
    label: Text
    paragraph: str
    count: int


@dataclass(frozen=True, slots=True)
class VersionChoice:
    id: str
    number: int
    published_at: datetime


@dataclass(frozen=True, slots=True)
class StandingView:
    service: str
    title: Text
    versions: tuple[VersionChoice, ...]
    version_id: str
    since: date
    until: date  # the last day
    open: int
    ended: int
    ended_late: int
    steps: tuple[StepStanding, ...]
    grounds: tuple[GroundCount, ...]
    measured: int  # steps whose working time was measured
    is_sample: bool  # there were more


def standing(
    office: Office,
    actor: Actor,
    service: str,
    *,
    version_id: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> StandingView:
    """Of the newest version and the last twelve months, unless others are named. Both days belong to the period.

    Raises NotFound where the service has no such version, Invalid where the last day comes before the first.
    """
    require(actor, Action.VIEW_DESIGN)
    last = until or office.today()
    first = since or last - BACK
    if first > last:
        raise Invalid("The period ends on %(last)s, before it begins on %(first)s.", first=first, last=last)
    with office.reading() as uow:
        versions = uow.standings.versions(service)
        version = next((each for each in versions if version_id in (None, each.id)), None)
        if version is None:
            raise NotFound("There is no published service '%(id)s'.", id=service)
        bundle = uow.processes.bundle(version)
        passport, process = passport_of(bundle), office.engine.load(bundle)
        begins = office.day_ends(first - timedelta(days=1))
        period = Period(service, version.id, begins, office.day_ends(last))
        open_now, ended, late = uow.standings.cases(period)
        taken = uow.standings.newest_done(period, limit=MEASURED + 1)
        steps, grounds = _counted(office, uow, passport, process, period, taken[:MEASURED])
        return StandingView(
            service=service,
            title=passport.title,
            versions=tuple(VersionChoice(each.id, each.number, each.published_at) for each in versions),
            version_id=version.id,
            since=first,
            until=last,
            open=open_now,
            ended=ended,
            ended_late=late,
            steps=steps,
            grounds=grounds,
            measured=min(len(taken), MEASURED),
            is_sample=len(taken) > MEASURED,
        )


def version_diagram(office: Office, actor: Actor, service: str, version_id: str) -> bytes:
    """The main diagram of one version."""
    require(actor, Action.VIEW_DESIGN)
    with office.reading() as uow:
        version: ProcessVersion | None = uow.processes.get(version_id)
        if version is None or version.service != service:
            raise NotFound("There is no published service '%(id)s'.", id=service)
        return uow.processes.bundle(version).files[PROCESS]


def _counted(
    office: Office,
    uow: UnitOfWork,
    passport: Passport,
    process: Process,
    period: Period,
    taken: Iterable[tuple[str, datetime, datetime]],
) -> tuple[tuple[StepStanding, ...], tuple[GroundCount, ...]]:
    waiting = uow.standings.open_steps(period.version_id, office.clock.now())
    done = uow.standings.done_steps(period)
    times = _times(office.terms(passport), taken)
    refused: Counter[str] = Counter()
    for named, count in uow.standings.refusals(period):
        for ground in named:
            refused[ground] += count
    titles = {role.id: role.title for role in passport.roles}
    steps = tuple(
        StepStanding(
            element=element.id,
            in_main=element.process == process.main,
            label=element.label,
            role=titles.get(element.role or "", Text(element.role or "")),
            open=waiting.get(element.id, (0, 0))[0],
            overdue=waiting.get(element.id, (0, 0))[1],
            done=done.get(element.id, (0, 0))[0],
            missed=done.get(element.id, (0, 0))[1],
            median=_share(times[element.id], 5),
            ninth=_share(times[element.id], 9),
            refusals=sum(refused[ground] for ground in _grounds(passport, element.grounds)),
        )
        for element in process.elements.values()
        if element.kind is ElementKind.USER_TASK
    )
    return steps, tuple(_told(passport, refused))


def _told(passport: Passport, refused: Counter[str]) -> Iterator[GroundCount]:
    """The grounds that were named, the most frequent first."""
    known = {ground.id: ground for ground in passport.grounds}
    for ground_id, count in refused.most_common():
        if ground_id in known:
            yield GroundCount(known[ground_id].label, known[ground_id].paragraph, count)


def _times(terms: ProviderTerms, taken: Iterable[tuple[str, datetime, datetime]]) -> dict[str, list[timedelta]]:
    times: dict[str, list[timedelta]] = defaultdict(list)
    for element, opened, done in taken:
        times[element].append(terms.schedule.working_time_between(opened, done, terms.calendar))
    return times


def _share(times: list[timedelta], tenths: int) -> timedelta | None:
    """What so many tenths of the steps took at most (nearest rank); None where none was done."""
    if not times:
        return None
    rank = -(-len(times) * tenths // 10)  # rounded up
    return sorted(times)[rank - 1]


def _grounds(passport: Passport, drawn: tuple[str, ...]) -> Iterable[str]:
    return [ground.id for ground in passport.grounds] if drawn == ("*",) else drawn
