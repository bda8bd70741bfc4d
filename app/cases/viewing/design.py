"""Services as analysts see them: the versions there are and the drafts being made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.cases.office import Office
from app.domain.design import DraftStatus
from app.domain.people import Actor
from app.domain.permissions import Action, require
from app.domain.text import Text
from app.store.bundles import passport_of
from app.store.tables import ProcessDraft
from app.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class DraftRow:
    id: str
    service: str
    status: DraftStatus
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class DesignedService:
    """A service with its newest version and the drafts of the next; no title and number 0 where none is published yet."""

    service: str
    title: Text | None
    number: int
    published_at: datetime | None
    drafts: tuple[DraftRow, ...]


def designed_services(office: Office, actor: Actor) -> tuple[DesignedService, ...]:
    require(actor, Action.VIEW_DESIGN)
    with office.reading() as uow:
        drafts = [_row(uow, each) for each in uow.design.open_drafts()]
        rows = []
        for version in uow.processes.newest_of_each():
            title = passport_of(uow.processes.bundle(version)).title
            own = tuple(each for each in drafts if each.service == version.service)
            rows.append(DesignedService(version.service, title, version.number, version.published_at, own))
        known = {row.service for row in rows}
        for service in sorted({each.service for each in drafts} - known):
            rows.append(DesignedService(service, None, 0, None, tuple(each for each in drafts if each.service == service)))
        return tuple(rows)


def _row(uow: UnitOfWork, draft: ProcessDraft) -> DraftRow:
    user = uow.people.get(draft.changed_by_id)
    return DraftRow(draft.id, draft.service, draft.status, draft.changed_at, user.name if user else draft.changed_by_id)
