"""Migrations of running cases as analysts see them: the list, what a plan is made of, and how one goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.cases.office import Office
from app.domain.design import MigrationStatus, MovedStatus
from app.domain.element_map import Alike, Match, suggested
from app.domain.errors import NotFound, Sentence
from app.domain.moves import Element, ElementKind
from app.domain.people import Actor
from app.domain.permissions import Action, require
from app.domain.text import Text
from app.domain.views import Page
from app.store.bundles import passport_of
from app.store.tables import CaseMigration, ProcessVersion
from app.store.unit_of_work import UnitOfWork

ROWS = 50


@dataclass(frozen=True, slots=True)
class MigrationRow:
    """A migration in the list; `numbers` are the two versions'."""

    id: str
    title: Text
    numbers: tuple[int, int]
    ground: str
    reason: str
    planned_by: str
    planned_at: datetime
    status: MigrationStatus
    status_by: str
    status_at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a migration is: so many of so many cases are checked, moved or taken back."""

    status: MigrationStatus
    counts: Mapping[MovedStatus, int]
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class MovedRow:
    """A case of a migration; the sentence says why it was refused or kept."""

    case_id: str
    number: str
    status: MovedStatus
    sentence: Sentence | None
    moved_at: datetime | None


@dataclass(frozen=True, slots=True)
class MigrationView:
    row: MigrationRow
    service: str
    progress: Progress
    cases: Page[MovedRow]
    elements: Mapping[str, str]  # old → new, only what has another name


@dataclass(frozen=True, slots=True)
class VersionChoice:
    id: str
    number: int
    published_at: datetime
    in_force_from: datetime
    retired_at: datetime | None
    open_cases: int


@dataclass(frozen=True, slots=True)
class MapRow:
    """An element of the old version, what is suggested for it, what else could be chosen, and how many open steps stand there."""

    match: Match
    choices: tuple[Element, ...]
    standing: int


@dataclass(frozen=True, slots=True)
class Planning:
    """What a plan is made of; without a pair of versions there is no map yet."""

    service: str
    title: Text
    versions: tuple[VersionChoice, ...]
    old: VersionChoice | None
    new: VersionChoice | None
    same: int  # elements found under their own ids
    rows: tuple[MapRow, ...]  # all others


def migrations(office: Office, actor: Actor, *, page: int) -> Page[MigrationRow]:
    """The newest first."""
    require(actor, Action.VIEW_DESIGN)
    with office.reading() as uow:
        found, total = uow.moving.plans(offset=(page - 1) * ROWS, limit=ROWS)
        return Page(tuple(_row(uow, each) for each in found), page, ROWS, total)


def _row(uow: UnitOfWork, migration: CaseMigration) -> MigrationRow:
    old, new = (_version(uow, each) for each in (migration.from_version_id, migration.to_version_id))
    names = uow.people.names([migration.planned_by_id, migration.status_by_id])
    return MigrationRow(
        id=migration.id,
        title=passport_of(uow.processes.bundle(new)).title,
        numbers=(old.number, new.number),
        ground=migration.ground,
        reason=migration.reason,
        planned_by=names.get(migration.planned_by_id, ""),
        planned_at=migration.planned_at,
        status=migration.status,
        status_by=names.get(migration.status_by_id, ""),
        status_at=migration.status_at,
    )


def _version(uow: UnitOfWork, version_id: str) -> ProcessVersion:
    version = uow.processes.get(version_id)
    if version is None:
        raise NotFound("There is no version '%(id)s'.", id=version_id)
    return version


def migration(office: Office, actor: Actor, migration_id: str, *, status: MovedStatus | None, page: int) -> MigrationView:
    require(actor, Action.VIEW_DESIGN)
    with office.reading() as uow:
        found = _found(uow, migration_id)
        rows, total = uow.moving.rows(migration_id, status, offset=(page - 1) * ROWS, limit=ROWS)
        cases = tuple(
            MovedRow(case.id, case.number, row.status, Sentence(row.template, row.values) if row.template else None, row.moved_at)
            for row, case in rows
        )
        return MigrationView(
            _row(uow, found), found.service, _progress(uow, found), Page(cases, page, ROWS, total), dict(found.elements)
        )


def migration_progress(office: Office, actor: Actor, migration_id: str) -> Progress:
    require(actor, Action.VIEW_DESIGN)
    with office.reading() as uow:
        return _progress(uow, _found(uow, migration_id))


def _found(uow: UnitOfWork, migration_id: str) -> CaseMigration:
    migration = uow.moving.get(migration_id)
    if migration is None:
        raise NotFound("There is no migration '%(id)s'.", id=migration_id)
    return migration


def _progress(uow: UnitOfWork, found: CaseMigration) -> Progress:
    counts = uow.moving.counts(found.id)
    known = sum(counts.values())
    if found.status is MigrationStatus.PLANNED:
        return Progress(found.status, counts, known, known + uow.moving.unchecked_count(found))
    if found.status in (MigrationStatus.REVERTING, MigrationStatus.REVERTED):
        back = counts.get(MovedStatus.REVERTED, 0) + counts.get(MovedStatus.KEPT, 0)
        return Progress(found.status, counts, back, back + counts.get(MovedStatus.MOVED, 0))
    return Progress(found.status, counts, known - counts.get(MovedStatus.READY, 0), known)


def migration_planning(office: Office, actor: Actor, service: str, *, old: str, new: str) -> Planning:
    """Of these versions; where none is named, from the one with the most open cases among the former to the newest."""
    require(actor, Action.VIEW_DESIGN)
    with office.reading() as uow:
        listed = [(version, _choice(version, count)) for version, count in uow.moving.versions(service)]
        if not listed:
            raise NotFound("There is no published service '%(id)s'.", id=service)
        title = passport_of(uow.processes.bundle(listed[0][0])).title
        former = max((each for _, each in listed[1:]), key=lambda each: each.open_cases, default=None)
        chosen = {each.id: each for _, each in listed}
        here, there = chosen.get(old, former), chosen.get(new, listed[0][1])
        if here is None or here.id == there.id:
            return Planning(service, title, tuple(chosen.values()), here, there, 0, ())
        same, rows = _map(office, uow, *(next(v for v, c in listed if c is each) for each in (here, there)))
        return Planning(service, title, tuple(chosen.values()), here, there, same, rows)


def _choice(version: ProcessVersion, open_cases: int) -> VersionChoice:
    return VersionChoice(version.id, version.number, version.published_at, version.in_force_from, version.retired_at, open_cases)


def _map(office: Office, uow: UnitOfWork, old: ProcessVersion, new: ProcessVersion) -> tuple[int, tuple[MapRow, ...]]:
    here, there = (office.engine.load(uow.processes.bundle(each)) for each in (old, new))
    matches = suggested(here.elements.values(), there.elements.values(), {here.main: there.main})
    same = [each for each in matches if each.alike is Alike.ID]
    taken = [each.new for each in same]
    free = [each for each in there.elements.values() if each not in taken]
    standing = uow.moving.standing_at(old.id)
    rows = [
        MapRow(
            each,
            tuple(other for other in free if other.kind is each.old.kind),
            standing.get((each.old.process, each.old.id), 0),
        )
        for each in matches
        if each.alike is not Alike.ID
    ]
    # A gateway nothing could stand for needs no choice: whether a token waits at it, the dry run tells.
    return len(same), tuple(row for row in rows if row.choices or row.match.old.kind is not ElementKind.GATEWAY)
