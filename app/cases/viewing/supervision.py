"""The work those answer for who supervise it: each open step with its forecast, and the load of people and units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.cases.advancing import Running
from app.cases.office import Office, ProviderTerms
from app.cases.viewing.away import AwayDays, away_days
from app.cases.viewing.rows import Passports, Runs
from app.domain.forecast import breach, last_day_with_somebody
from app.domain.moves import Bundle
from app.domain.people import Actor
from app.domain.permissions import Action, require
from app.domain.terms import Term
from app.domain.text import Text
from app.domain.views import Away, Load, Narrowed, Page, SupervisedRow
from app.store.supervision import Counted
from app.store.tables import Case, Unit, User, WorkItem
from app.store.unit_of_work import UnitOfWork

PAGE_SIZE = 50
AHEAD = timedelta(days=60)  # as far as absences are looked at
AVERAGE_OVER = timedelta(days=30)
AVERAGE_OF = 2_000  # steps at most
SOON_WORKING_DAYS = 2


def supervised(office: Office, actor: Actor, narrowed: Narrowed, *, page: int = 1, size: int = PAGE_SIZE) -> Page[SupervisedRow]:
    require(actor, Action.SUPERVISE)
    now = office.clock.now()
    with office.reading() as uow:
        found, total = uow.supervision.open_work(
            actor, narrowed, now, office.end_of_working_days(SOON_WORKING_DAYS), offset=(page - 1) * size, limit=size
        )
        forecast = _Forecast(office, uow, [owner.id for _, _, owner in found if owner], now)
        units = uow.supervision.units([unit for item, _, owner in found if (unit := _unit_of(item, owner))])
        rows = tuple(forecast.row(item, case, owner, units) for item, case, owner in found)
    return Page(rows, page, size, total)


def _unit_of(item: WorkItem, owner: User | None) -> str | None:
    return (owner.unit_id if owner else None) or item.unit_id


class _Forecast:
    """What is known once for a page: processes, and who of its people is away."""

    def __init__(self, office: Office, uow: UnitOfWork, people: list[str], now: datetime) -> None:
        self._office, self._uow, self._now, self._today = office, uow, now, office.civil_day(now)
        self._runs = Runs(office, uow)
        self._bundles: dict[str, Bundle | None] = {}
        self._away = away_days(uow, list(dict.fromkeys(people)), self._today, self._today + AHEAD)

    def row(self, item: WorkItem, case: Case, owner: User | None, units: dict[str, Unit]) -> SupervisedRow:
        this = self._runs.of(case)
        element, terms = this.element(item.process, item.element), self._office.terms(this.passport)
        breached = breach(item.due_at, case.result_due)
        until = terms.schedule.day_of(breached.at) if breached else self._today
        away = self._away.get(owner.id, AwayDays()) if owner else AwayDays()
        week = terms.schedule.calendar(terms.calendar)
        covered = away.covered(item.role, item.service, self._away)
        there = last_day_with_somebody(self._today, until, away.away, covered, week) if breached else None
        unit = units.get(_unit_of(item, owner) or "")
        return SupervisedRow(
            id=item.id,
            case_id=case.id,
            number=case.number,
            service=this.passport.title,
            step=element.label,
            paragraph=element.paragraph or "",
            applicant=case.applicant_name,
            role=item.role,
            owner_id=item.owner_id,
            owner=owner.name if owner else "",
            unit=Text(**unit.name) if unit else Text(""),
            opened_at=item.opened_at,
            due_at=item.due_at,
            left=terms.left(self._now, breached.at) if breached else None,
            result_due=case.result_due,
            breach=breached,
            last_day=there,
            away=away.told(self._today, week, until=until) if owner else None,
            missed_by=self._missed_by(this, item, terms),
            escalated=item.escalated_at is not None,
        )

    def _bundle_of(self, version_id: str) -> Bundle | None:
        if version_id not in self._bundles:
            version = self._uow.processes.get(version_id)
            self._bundles[version_id] = self._uow.processes.bundle(version) if version else None
        return self._bundles[version_id]

    def _missed_by(self, this: Running, item: WorkItem, terms: ProviderTerms) -> int | None:
        """By how many working days the service's term is missed even if this step ends with its limit and every step after it
        takes its own and no more; None when it is kept, or no term runs."""
        case = this.case
        if case.term is None or case.result_due is None:
            return None
        term = Term.parse(case.term)
        bundle = self._bundle_of(case.version_id)
        if bundle is None:
            return None
        rest = self._office.engine.longest_rest(bundle, this.passport, variant=case.variant, after=item.element, term=term)
        done = max(item.due_at or self._now, self._now)
        over = terms.deadline(str(Term(rest, term.unit)), done) if rest else done
        if over <= case.result_due:
            return None
        day, last = terms.schedule.day_of(over), terms.schedule.day_of(case.result_due)
        return terms.schedule.calendar(terms.calendar).working_days_between(last, day) or None


# --- Load -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Loads:
    """The load of people and of units; the people and units to choose from."""

    people: tuple[Load, ...]
    units: tuple[Load, ...]


def loads(office: Office, actor: Actor, narrowed: Narrowed) -> Loads:
    """The heaviest first: by what is overdue, then by what is open. People without work stand at the end."""
    require(actor, Action.SUPERVISE)
    now = office.clock.now()
    today = office.civil_day(now)
    with office.reading() as uow:
        counted = uow.supervision.counted(actor, narrowed, now, office.end_of_day(today), office.end_of_week(today))
        averages = _averages(office, uow, actor, now)
        staff = {user.id: user for user, _ in uow.supervision.staff(actor)}
        units = {unit.id: unit for unit in uow.people.units()}
        away = away_days(uow, list(staff), today, today + AHEAD)
        week = office.week()
        people = []
        whose = _by(counted, lambda each: each.owner_id)
        for user in staff.values():
            if _is_asked_for(user, narrowed):
                unit = units.get(user.unit_id or "")
                people.append(
                    _load(
                        user.id,
                        user.name,
                        Text(**user.position) if user.position else Text(""),
                        Text(**unit.name) if unit else Text(""),
                        whose.get(user.id, []),
                        averages.get(user.id),
                        away.get(user.id, AwayDays()).told(today, week, until=today + timedelta(days=14)),
                    )
                )
        if nobodys := whose.get(None):
            people.append(_load("", "", Text(""), Text(""), nobodys, []))
        by_unit = _by(counted, lambda each: each.unit_id)
        places = [
            _load(unit_id or "", "", Text(""), Text(**units[unit_id].name) if unit_id in units else Text(""), rows, [])
            for unit_id, rows in by_unit.items()
        ]
    return Loads(_heaviest_first(people), _heaviest_first(places))


def _is_asked_for(user: User, narrowed: Narrowed) -> bool:
    return narrowed.unit in ("", user.unit_id) and narrowed.person in ("", user.id)


def _averages(office: Office, uow: UnitOfWork, actor: Actor, now: datetime) -> dict[str, list[timedelta]]:
    passports = Passports(uow)
    times: dict[str, list[timedelta]] = defaultdict(list)
    for person, version_id, opened, done in uow.supervision.finished(actor, now - AVERAGE_OVER, limit=AVERAGE_OF):
        times[person].append(office.terms(passports.of(version_id)).left(opened, done))
    return times


def _by(counted: Iterable[Counted], key: Callable[[Counted], str | None]) -> dict[str | None, list[Counted]]:
    found: dict[str | None, list[Counted]] = defaultdict(list)
    for each in counted:
        found[key(each)].append(each)
    return found


def _load(
    id: str,
    name: str,
    position: Text,
    unit: Text,
    rows: list[Counted],
    times: list[timedelta] | None,
    away: Away | None = None,
) -> Load:
    return Load(
        id=id,
        name=name,
        position=position,
        unit=unit,
        open=sum(row.open for row in rows),
        overdue=sum(row.overdue for row in rows),
        today=sum(row.today for row in rows),
        this_week=sum(row.this_week for row in rows),
        oldest=min((row.oldest for row in rows), default=None),
        average=sum(times, timedelta()) / len(times) if times else None,
        away=away,
    )


def _heaviest_first(loads: Iterable[Load]) -> tuple[Load, ...]:
    return tuple(sorted(loads, key=lambda each: (-each.overdue, -each.open, each.name)))


@dataclass(frozen=True, slots=True)
class Choices:
    """By what the work can be narrowed: pairs of id and words."""

    units: tuple[tuple[str, Text], ...]
    people: tuple[tuple[str, str], ...]
    services: tuple[tuple[str, Text], ...]


def choices(office: Office, actor: Actor) -> Choices:
    require(actor, Action.SUPERVISE)
    with office.reading() as uow:
        staff = [user for user, _ in uow.supervision.staff(actor)]
        sat_in = {user.unit_id for user in staff}
        passports = Passports(uow)
        return Choices(
            tuple((unit.id, Text(**unit.name)) for unit in uow.people.units() if unit.id in sat_in),
            tuple((user.id, user.name) for user in staff),
            tuple((version.service, passports.of(version.id).title) for version in uow.processes.newest_of_each()),
        )
