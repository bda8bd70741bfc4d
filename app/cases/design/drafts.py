"""Drafts: an analyst opens one from a version, changes its files, and sees what the checks say of it.

One person edits a draft at a time: who opens it for editing holds it for a while, and whoever saves upon files that are no
longer there is told so instead of overwriting them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.cases.design.telling import tell
from app.cases.office import Office
from app.cases.publishing import CheckedBundle, check_bundle
from app.domain.design import DesignEventKind, DraftStatus
from app.domain.errors import Declined, Invalid, NotFound, Stale
from app.domain.moves import Bundle
from app.domain.people import Actor
from app.domain.permissions import Action, require
from app.engine.canonical import canonical
from app.engine.layout import laid_out
from app.store.bundles import MAX_FILE
from app.store.processes import pack, unpack
from app.store.tables import ProcessDraft
from app.store.unit_of_work import UnitOfWork

HELD_FOR = timedelta(minutes=5)
"""Every save, and every sign of life of the page, holds a draft for so long."""

MAX_FILES, MAX_BUNDLE, MAX_NAME = 300, 20 * 1024 * 1024, 100

FILE_NAME = re.compile(r"(shared/)?([\w-]+\.bpmn|[\w-]+\.dmn|service\.yaml|steps\.yaml|(letters|rehearsals)/[\w-]+\.(html|yaml))")


@dataclass(frozen=True, slots=True)
class DraftFiles:
    """A draft with its files as they stand at this revision."""

    id: str
    service: str
    rev: int
    status: DraftStatus
    bundle: Bundle
    changed_at: datetime
    changed_by: str
    held_by: str  # the name of another person who has it open now; empty: nobody
    reason: str
    act: str
    base_version_id: str | None
    authors: frozenset[str]


def open_draft(office: Office, actor: Actor, service: str, *, version_id: str | None = None) -> str:
    """A new draft with the files of this version (none named: the newest); gives its id."""
    require(actor, Action.EDIT_DRAFT)
    with office.unit_of_work() as uow:
        version = uow.processes.get(version_id) if version_id else uow.processes.newest(service)
        if version is None or version.service != service:
            raise NotFound("There is no published service '%(id)s'.", id=service)
        draft = _new(office, uow, actor, uow.processes.bundle(version), base_version_id=version.id)
        tell(
            office,
            uow,
            actor,
            DesignEventKind.DRAFT_OPENED,
            service,
            draft_id=draft.id,
            version_id=version.id,
            number=version.number,
        )
        uow.commit()
        return draft.id


def open_draft_of_files(office: Office, actor: Actor, bundle: Bundle) -> str:
    """A new draft with these files: imported ones, or the beginning of a new service. Gives its id. What the diagrams do not
    draw is drawn, so that they can be looked at."""
    require(actor, Action.EDIT_DRAFT)
    for name, content in bundle.files.items():
        _require_file(name, content)
    bundle = Bundle(bundle.service, {name: _arranged(name, content) for name, content in bundle.files.items()})
    with office.unit_of_work() as uow:
        newest = uow.processes.newest(bundle.service)
        draft = _new(office, uow, actor, bundle, base_version_id=newest.id if newest else None)
        tell(office, uow, actor, DesignEventKind.DRAFT_OPENED, bundle.service, draft_id=draft.id)
        uow.commit()
        return draft.id


def copy_draft(office: Office, actor: Actor, draft_id: str, changed: Mapping[str, bytes | None]) -> str:
    """A new draft with the files of this one and these in place of its own. Gives its id."""
    require(actor, Action.EDIT_DRAFT)
    for name, content in changed.items():
        _require_file(name, content or b"")
    with office.unit_of_work() as uow:
        draft = found(uow.design.get(draft_id), draft_id)
        copied = _new(office, uow, actor, _with(draft, changed), base_version_id=draft.base_version_id)
        tell(office, uow, actor, DesignEventKind.DRAFT_OPENED, draft.service, draft_id=copied.id, copied_from=draft.id)
        uow.commit()
        return copied.id


def _with(draft: ProcessDraft, changed: Mapping[str, bytes | None]) -> Bundle:
    """The draft's files with these in place of its own."""
    arranged = {name: content if content is None else _arranged(name, content) for name, content in changed.items()}
    files = {**unpack(draft.service, draft.bundle).files, **arranged}
    return Bundle(draft.service, {name: content for name, content in files.items() if content is not None})


def _arranged(name: str, content: bytes) -> bytes:
    """A diagram as it is kept: with a drawing, and in its one text."""
    return canonical(name, laid_out(name, content)) if name.endswith(".bpmn") else content


def _new(office: Office, uow: UnitOfWork, actor: Actor, bundle: Bundle, *, base_version_id: str | None) -> ProcessDraft:
    _require_size(bundle)
    now = office.clock.now()
    return uow.design.add(
        ProcessDraft(
            service=bundle.service,
            base_version_id=base_version_id,
            bundle=pack(bundle),
            digest=bundle.digest,
            opened_at=now,
            opened_by_id=actor.id,
            changed_at=now,
            changed_by_id=actor.id,
            authors=[actor.id],
        )
    )


def draft_files(office: Office, actor: Actor, draft_id: str) -> DraftFiles:
    require(actor, Action.VIEW_DESIGN)
    with office.reading() as uow:
        return _files_of(office, uow, actor, found(uow.design.get(draft_id), draft_id))


def found(draft: ProcessDraft | None, draft_id: str) -> ProcessDraft:
    """Raises NotFound where there is none."""
    if draft is None:
        raise NotFound("There is no draft '%(id)s'.", id=draft_id)
    return draft


def _files_of(office: Office, uow: UnitOfWork, actor: Actor, draft: ProcessDraft) -> DraftFiles:
    return DraftFiles(
        id=draft.id,
        service=draft.service,
        rev=draft.rev,
        status=draft.status,
        bundle=unpack(draft.service, draft.bundle),
        changed_at=draft.changed_at,
        changed_by=_name(uow, draft.changed_by_id),
        held_by=_holder(office, uow, actor, draft),
        reason=draft.reason,
        act=draft.act,
        base_version_id=draft.base_version_id,
        authors=frozenset(draft.authors),
    )


def _name(uow: UnitOfWork, user_id: str) -> str:
    user = uow.people.get(user_id)
    return user.name if user else user_id


def _holder(office: Office, uow: UnitOfWork, actor: Actor, draft: ProcessDraft) -> str:
    """The name of another person who has the draft open for editing now."""
    if draft.held_by_id in (None, actor.id) or draft.held_until is None or draft.held_until <= office.clock.now():
        return ""
    return _name(uow, draft.held_by_id)


def hold_draft(office: Office, actor: Actor, draft_id: str, *, take_over: bool = False) -> None:
    """Has the draft open for editing. Raises Declined naming the person who has it, unless it is taken over on purpose."""
    require(actor, Action.EDIT_DRAFT)
    with office.unit_of_work() as uow:
        draft = found(uow.design.lock(draft_id), draft_id)
        holder = _holder(office, uow, actor, draft)
        if holder and not take_over:
            raise Declined("%(name)s is editing this draft now.", name=holder)
        draft.held_by_id, draft.held_until = actor.id, office.clock.now() + HELD_FOR
        uow.commit()


def save_files(office: Office, actor: Actor, draft_id: str, changed: Mapping[str, bytes | None], *, rev: int) -> int:
    """Puts these files in place of the former ones (None: takes the file out) and gives the draft's new revision.

    `rev` is the revision the change was made upon. Raises Stale when somebody has saved since, naming who, and Declined when
    the draft is no longer being drawn. A draft that was handed over or approved goes back to being drawn.
    """
    require(actor, Action.EDIT_DRAFT)
    for name, content in changed.items():
        _require_file(name, content or b"")
    with office.unit_of_work() as uow:
        draft = found(uow.design.lock(draft_id), draft_id)
        if not draft.status.is_open:
            raise Declined("This draft was published or discarded; open a new one from the version.")
        if draft.rev != rev:
            raise Stale("%(name)s has saved this draft since you opened it.", name=_name(uow, draft.changed_by_id))
        bundle = _with(draft, changed)
        if bundle.digest != draft.digest:
            _put(office, actor, draft, bundle)
        draft.held_by_id, draft.held_until = actor.id, office.clock.now() + HELD_FOR
        uow.commit()
        return draft.rev


def _put(office: Office, actor: Actor, draft: ProcessDraft, bundle: Bundle) -> None:
    _require_size(bundle)
    draft.bundle, draft.digest, draft.rev = pack(bundle), bundle.digest, draft.rev + 1
    draft.changed_at, draft.changed_by_id = office.clock.now(), actor.id
    if actor.id not in draft.authors:
        draft.authors = [*draft.authors, actor.id]
    draft.status, draft.approved_by_id, draft.approved_at = DraftStatus.DRAFT, None, None


def _require_file(name: str, content: bytes) -> None:
    if len(name) > MAX_NAME or not FILE_NAME.fullmatch(name):
        raise Invalid("'%(name)s' is no name of a file of a service.", name=name[:MAX_NAME])
    if len(content) > MAX_FILE:
        raise Invalid("The file has %(size)d bytes; at most %(most)d are read.", size=len(content), most=MAX_FILE)


def discard_draft(office: Office, actor: Actor, draft_id: str) -> None:
    """Takes the draft out of the lists; its files stay for the history."""
    require(actor, Action.EDIT_DRAFT)
    with office.unit_of_work() as uow:
        draft = found(uow.design.lock(draft_id), draft_id)
        if not draft.status.is_open:
            raise Declined("This draft was published or discarded; open a new one from the version.")
        draft.status = DraftStatus.DISCARDED
        tell(office, uow, actor, DesignEventKind.DRAFT_DISCARDED, draft.service, draft_id=draft.id)
        uow.commit()


def check_draft(office: Office, actor: Actor, draft_id: str, changed: Mapping[str, bytes | None] | None = None) -> CheckedBundle:
    """What the checks say of the draft, with these unsaved files in place of the saved ones."""
    files = draft_files(office, actor, draft_id).bundle
    if changed:
        for name, content in changed.items():
            _require_file(name, content or b"")
        merged = {**files.files, **changed}
        files = Bundle(files.service, {name: content for name, content in merged.items() if content is not None})
        _require_size(files)
    return check_bundle(files, office.handlers)


def _require_size(bundle: Bundle) -> None:
    """The checks read every file, so their time is that of all of them together."""
    if len(bundle.files) > MAX_FILES:
        raise Invalid("The service has %(found)d files; at most %(most)d are read.", found=len(bundle.files), most=MAX_FILES)
    size = sum(map(len, bundle.files.values()))
    if size > MAX_BUNDLE:
        raise Invalid("The files have %(size)d bytes together; at most %(most)d are read.", size=size, most=MAX_BUNDLE)
