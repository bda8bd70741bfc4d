"""The history of one service, one of its versions, and a draft on its way to becoming one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.cases.design.approving import PublishedSince, published_since
from app.cases.design.drafts import found
from app.cases.office import Office
from app.cases.publishing import check_bundle
from app.cases.viewing.design import DraftRow, VersionRow, draft_rows, version_rows
from app.domain.design import DesignEventKind, DraftStatus
from app.domain.errors import NotFound
from app.domain.moves import Finding
from app.domain.people import Actor
from app.domain.permissions import Action, DraftFacts, may, require
from app.domain.text import Text
from app.domain.versions import Period, after_retiring
from app.domain.views import Page
from app.store.bundles import SHARED, passport_of
from app.store.processes import unpack
from app.store.tables import ProcessVersion
from app.store.unit_of_work import UnitOfWork

EVENTS_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class DesignEventRow:
    at: datetime
    kind: DesignEventKind
    actor: str
    draft_id: str | None
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ServiceHistory:
    service: str
    title: Text | None
    versions: tuple[VersionRow, ...]
    drafts: tuple[DraftRow, ...]
    events: Page[DesignEventRow]


def service_history(office: Office, actor: Actor, service: str, *, page: int = 1) -> ServiceHistory:
    """Its versions, open drafts, and a page of what happened to them, the newest first. Raises NotFound for no such service."""
    require(actor, Action.VIEW_DESIGN)
    with office.reading() as uow:
        versions = uow.processes.versions(service)
        drafts = draft_rows(uow, uow.design.open_drafts(service))
        if not versions and not drafts:
            raise NotFound("There is no service '%(id)s'.", id=service)
        title = passport_of(uow.processes.bundle(versions[0])).title if versions else None
        found_events = uow.design.events(service, limit=EVENTS_A_PAGE, offset=(page - 1) * EVENTS_A_PAGE)
        rows = tuple(DesignEventRow(e.at, DesignEventKind(e.kind), e.actor_name, e.draft_id, e.details) for e in found_events)
        events = Page(rows, page, EVENTS_A_PAGE, uow.design.count_events(service))
        return ServiceHistory(service, title, version_rows(office, versions), drafts, events)


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A file of a version that many services share: pinned when it was published, and perhaps newer elsewhere since."""

    name: str
    same_as_newest: bool
    newest_in: str  # the service whose version has the newest edition of it
    newest_number: int


@dataclass(frozen=True, slots=True)
class VersionView:
    row: VersionRow
    service: str
    title: Text
    digest: str
    files: Mapping[str, int]  # name → bytes
    shared: tuple[SharedFile, ...]
    versions: tuple[VersionRow, ...]
    in_force_then: int | None  # which version is in force once this one is retired now; None: none


def version_page(office: Office, actor: Actor, version_id: str) -> VersionView:
    require(actor, Action.VIEW_DESIGN)
    with office.reading() as uow:
        version = known_version(uow, version_id)
        versions = uow.processes.versions(version.service)
        rows = version_rows(office, versions)
        files = uow.processes.bundle(version).files
        periods = [Period(v.number, v.in_force_from, v.retired_at) for v in versions]
        then = after_retiring([version.number], periods, office.clock.now())
        return VersionView(
            row=next(each for each in rows if each.id == version.id),
            service=version.service,
            title=passport_of(uow.processes.bundle(version)).title,
            digest=version.digest,
            files={name: len(files[name]) for name in sorted(files)},
            shared=tuple(_shared(uow, files)),
            versions=rows,
            in_force_then=then.number if then else None,
        )


def known_version(uow: UnitOfWork, version_id: str) -> ProcessVersion:
    version = uow.processes.get(version_id)
    if version is None:
        raise NotFound("There is no version '%(id)s'.", id=version_id)
    return version


def _shared(uow: UnitOfWork, files: Mapping[str, bytes]) -> list[SharedFile]:
    """Each shared file of these, beside its edition in whatever newest version was published last."""
    newest: dict[str, ProcessVersion] = {}
    for version in sorted(uow.processes.newest_of_each(), key=lambda each: each.published_at):
        for name in uow.processes.bundle(version).files:
            if name.startswith(f"{SHARED}/"):
                newest[name] = version
    rows = []
    for name in sorted(name for name in files if name in newest):
        last = newest[name]
        same = uow.processes.bundle(last).files[name] == files[name]
        rows.append(SharedFile(name, same, last.service, last.number))
    return rows


@dataclass(frozen=True, slots=True)
class Approval:
    """A draft with what has to be known to hand it over, approve it or publish it."""

    draft: DraftRow
    digest: str
    title: Text | None
    reason: str
    act: str
    note: str
    authors: tuple[str, ...]
    approved_by: str
    approved_at: datetime | None
    base: VersionRow | None
    since: tuple[PublishedSince, ...]
    findings: tuple[Finding, ...]
    is_clean: bool
    version_id: str | None
    may_hand_over: bool
    may_approve: bool
    may_publish: bool


def approval(office: Office, actor: Actor, draft_id: str) -> Approval:
    require(actor, Action.VIEW_DESIGN)
    with office.reading() as uow:
        draft = found(uow.design.get(draft_id), draft_id)
        bundle = unpack(draft.service, draft.bundle)
        versions = uow.processes.versions(draft.service)
        rows = version_rows(office, versions)
        title = passport_of(uow.processes.bundle(versions[0])).title if versions else None
        names = uow.people.names([*draft.authors, draft.changed_by_id, draft.approved_by_id or ""])
        since = published_since(uow, draft)
        (row,) = draft_rows(uow, [draft])
    checked = check_bundle(bundle, office.handlers) if draft.status.is_open else None
    return Approval(
        draft=row,
        digest=draft.digest,
        title=title,
        reason=draft.reason,
        act=draft.act,
        note=draft.note,
        authors=tuple(names.get(each, each) for each in draft.authors),
        approved_by=names.get(draft.approved_by_id or "", ""),
        approved_at=draft.approved_at,
        base=next((each for each in rows if each.id == draft.base_version_id), None),
        since=since if draft.status.is_open else (),
        findings=checked.findings if checked else (),
        is_clean=checked.is_publishable if checked else False,
        version_id=draft.version_id,
        may_hand_over=draft.status.is_open and may(actor, Action.EDIT_DRAFT),
        may_approve=may(actor, Action.APPROVE_DRAFT, DraftFacts(frozenset(draft.authors))),
        may_publish=draft.status is DraftStatus.APPROVED and may(actor, Action.PUBLISH),
    )
