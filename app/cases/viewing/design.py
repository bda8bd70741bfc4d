"""Services as analysts see them: the versions there are, by which applications are filed, and the drafts being made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from app.cases.office import Office
from app.domain.design import DraftStatus
from app.domain.people import Actor
from app.domain.permissions import Action, require
from app.domain.text import Text
from app.domain.versions import Period, Standing, in_force, in_force_until, standing
from app.store.bundles import passport_of
from app.store.tables import ProcessDraft, ProcessVersion
from app.store.unit_of_work import UnitOfWork


class ServiceState(Enum):
    """By what the list of services is narrowed."""

    IN_FORCE = "in-force"  # applications are filed
    COMING = "coming"  # a version comes into force later
    CLOSED = "closed"  # nobody can apply now
    DRAWN = "drawn"  # a draft is open
    WAITING = "waiting"  # a draft waits for approval


@dataclass(frozen=True, slots=True)
class DraftRow:
    id: str
    service: str
    status: DraftStatus
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One published version, and from when until when applications are filed by it."""

    id: str
    number: int
    standing: Standing
    published_at: datetime
    published_by: str
    approved_by: str
    in_force_from: datetime
    until: datetime | None  # when it was, or will be, replaced or retired
    reason: str
    act: str
    retired_at: datetime | None
    retired_by: str
    retired_why: str


@dataclass(frozen=True, slots=True)
class DesignedService:
    """A service with the version in force, the newest one, and the drafts of the next; no title where none is published yet."""

    service: str
    title: Text | None
    current: VersionRow | None  # None: nobody can apply now
    newest: VersionRow | None
    drafts: tuple[DraftRow, ...]

    @property
    def states(self) -> frozenset[ServiceState]:
        coming = self.newest is not None and self.newest.standing is Standing.COMING
        waiting = any(each.status is DraftStatus.CHECKED for each in self.drafts)
        held = {
            ServiceState.IN_FORCE: self.current is not None,
            ServiceState.COMING: coming,
            ServiceState.CLOSED: self.current is None,
            ServiceState.DRAWN: bool(self.drafts),
            ServiceState.WAITING: waiting,
        }
        return frozenset(state for state, holds in held.items() if holds)


def designed_services(
    office: Office, actor: Actor, *, words: str = "", state: ServiceState | None = None
) -> tuple[DesignedService, ...]:
    """Services in whose name or id every one of these words stands; on wish, only those in a state."""
    require(actor, Action.VIEW_DESIGN)
    with office.reading() as uow:
        drafts = draft_rows(uow, uow.design.open_drafts())
        versions: dict[str, list[ProcessVersion]] = {}
        for version in uow.processes.all_versions():
            versions.setdefault(version.service, []).append(version)
        names = sorted({*versions, *(each.service for each in drafts)})
        rows = [_designed(office, uow, name, versions.get(name, []), drafts) for name in names]
    wanted = words.casefold().split()
    return tuple(row for row in rows if _speaks_of(row, wanted) and (state is None or state in row.states))


def _speaks_of(row: DesignedService, wanted: list[str]) -> bool:
    said = f"{row.service} {row.title.kk} {row.title.ru} {row.title.en}" if row.title else row.service
    return all(word in said.casefold() for word in wanted)


def _designed(
    office: Office, uow: UnitOfWork, service: str, versions: Sequence[ProcessVersion], drafts: Sequence[DraftRow]
) -> DesignedService:
    rows = version_rows(office, versions)
    own = tuple(each for each in drafts if each.service == service)
    current = next((each for each in rows if each.standing is Standing.IN_FORCE), None)
    shown = next((v for v in versions if current and v.id == current.id), versions[0] if versions else None)
    title = passport_of(uow.processes.bundle(shown)).title if shown else None
    return DesignedService(service, title, current, rows[0] if rows else None, own)


def version_rows(office: Office, versions: Sequence[ProcessVersion]) -> tuple[VersionRow, ...]:
    """All versions of one service, in the order given."""
    now = office.clock.now()
    periods = {v.id: Period(v.number, v.in_force_from, v.retired_at) for v in versions}
    return tuple(_version_row(version, periods, now) for version in versions)


def _version_row(version: ProcessVersion, periods: Mapping[str, Period], now: datetime) -> VersionRow:
    own, every = periods[version.id], periods.values()
    until = in_force_until(own, every)
    is_current = in_force(every, now) == own
    return VersionRow(
        id=version.id,
        number=version.number,
        standing=standing(own, every, now),
        published_at=version.published_at,
        published_by=version.published_by,
        approved_by=version.approved_by,
        in_force_from=version.in_force_from,
        until=None if is_current and until is not None and until <= now else until,  # in force again
        reason=version.reason,
        act=version.act,
        retired_at=version.retired_at,
        retired_by=version.retired_by,
        retired_why=version.retired_why,
    )


def draft_rows(uow: UnitOfWork, drafts: Sequence[ProcessDraft]) -> tuple[DraftRow, ...]:
    names = uow.people.names([each.changed_by_id for each in drafts])
    return tuple(
        DraftRow(each.id, each.service, each.status, each.changed_at, names.get(each.changed_by_id, each.changed_by_id))
        for each in drafts
    )
