"""What of a case a consulted body is shown: by rule when it is asked, and afterwards as those who consider the case decide."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from app.cases.advancing import Running, locked
from app.cases.office import Office
from app.cases.replies import considering, documents_to_show, handling_of
from app.cases.viewing.cases import visible_case
from app.domain.errors import Declined, Invalid, NotFound
from app.domain.events import EventKind
from app.domain.people import INSIDE, Actor, Role
from app.domain.permissions import Action, require
from app.history.recording import record
from app.store.tables import Case, ConsultationRow, Disclosure, Document, WorkItem
from app.store.unit_of_work import UnitOfWork


def change_disclosure(
    office: Office, actor: Actor, item_id: str, *, show: Collection[str] = (), withdraw: Collection[str] = (), reason: str
) -> None:
    """Shows documents of the case to the body asked at this work item, and no longer shows others, for one reason.

    What is so already changes nothing. What was seen before it was withdrawn, readings tell. Raises Declined once the body is no
    longer asked, Invalid without a reason, NotFound for a document that may not be shown.
    """
    with office.unit_of_work() as uow:
        this, asked, item = open_request(office, uow, actor, item_id, Action.DISCLOSE)
        dossier = {document.id: document for document in documents_to_show(uow, this)}
        for document_id in [*show, *withdraw]:
            if document_id not in dossier:
                raise NotFound("There is no document '%(id)s'.", id=document_id)
        why, now = _reason(reason), office.clock.now()
        for document_id in show:
            if _show(uow, asked, document_id, actor, why, now):
                _tell(office, uow, this, EventKind.DOCUMENT_DISCLOSED, actor, asked, item, dossier[document_id], why)
        for document_id in withdraw:
            if _withdraw(uow, asked, document_id, actor, why, now):
                _tell(office, uow, this, EventKind.DISCLOSURE_WITHDRAWN, actor, asked, item, dossier[document_id], why)
        uow.commit()


def keep_inside(
    office: Office, actor: Actor, case_id: str, *, keep: Collection[str] = (), let_out: Collection[str] = (), reason: str
) -> None:
    """Which of what the applicant filed the bodies still to be asked are not shown by rule, and which they are after all.

    What bodies already asked are shown stays as it is. Raises Invalid without a reason, NotFound for a document that would not
    be shown by rule anyway.
    """
    with office.unit_of_work() as uow:
        visible_case(uow, actor, case_id)
        this = locked(office, uow, case_id)
        require(actor, Action.DISCLOSE, handling_of(uow, this))
        if this.case.status.is_final:
            raise Declined("The case has ended: nobody is asked any more.")
        filed = {document.id: document for document in documents_to_show(uow, this) if document.work_item_id is None}
        for document_id in [*keep, *let_out]:
            if document_id not in filed:
                raise NotFound("There is no document '%(id)s'.", id=document_id)
        why = _reason(reason)
        for document_id in keep:
            if filed[document_id].kept_inside is None:
                filed[document_id].kept_inside = why
                _tell(office, uow, this, EventKind.DISCLOSURE_WITHDRAWN, actor, None, None, filed[document_id], why)
        for document_id in let_out:
            if filed[document_id].kept_inside is not None:
                filed[document_id].kept_inside = None
                _tell(office, uow, this, EventKind.DOCUMENT_DISCLOSED, actor, None, None, filed[document_id], why)
        uow.commit()


def _show(uow: UnitOfWork, asked: ConsultationRow, document_id: str, actor: Actor, reason: str, now: datetime) -> bool:
    """Gives whether it was not shown before."""
    row = uow.disclosures.of(asked.id, document_id)
    if row is not None and row.withdrawn_at is None:
        return False
    if row is None:
        row = Disclosure(consultation_id=asked.id, document_id=document_id, at=now)
        uow.disclosures.add(row)
    row.by_id, row.at, row.withdrawn_at, row.reason = actor.id, now, None, reason
    return True


def _withdraw(uow: UnitOfWork, asked: ConsultationRow, document_id: str, actor: Actor, reason: str, now: datetime) -> bool:
    """Gives whether it was shown before."""
    row = uow.disclosures.of(asked.id, document_id)
    if row is None or row.withdrawn_at is not None:
        return False
    row.by_id, row.withdrawn_at, row.reason = actor.id, now, reason
    return True


def open_request(
    office: Office, uow: UnitOfWork, actor: Actor, item_id: str, action: Action
) -> tuple[Running, ConsultationRow, WorkItem]:
    """The request, under its case's lock: is it there, may this person do that with it, does the body still reply."""
    missing = NotFound("There is no request for a reply at the work item '%(id)s'.", id=item_id)
    asked, found = uow.work.consultation_of(item_id), uow.work.get(item_id)
    if asked is None or found is None:
        raise missing
    visible_case(uow, actor, asked.case_id)
    this = locked(office, uow, asked.case_id)
    require(actor, action, handling_of(uow, this))
    item = next((each for each in uow.work.open_of(this.case.id) if each.id == item_id), None)
    if item is None:
        raise Declined("This body is no longer asked: what it was shown stays as it was.")
    return this, asked, item


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Invalid("Say why the document is shown or withdrawn.")
    return reason.strip()


def _tell(
    office: Office,
    uow: UnitOfWork,
    this: Running,
    kind: EventKind,
    actor: Actor,
    asked: ConsultationRow | None,
    item: WorkItem | None,
    document: Document,
    reason: str,
) -> None:
    """The reason stands beside the disclosure; in the history stands its digest, salted by the document's random id. Without a
    body it is told of those still to be asked."""
    request = {"item": item.id, "consultation": asked.consultation} if item and asked else {}
    details = {
        **request,
        "document": document.id,
        "sha256": document.sha256,
        "reason_digest": sha256(document.id.encode() + reason.encode()).hexdigest(),
    }
    element = this.process.elements[item.process, item.element] if item else None
    role, absent = acts_as(actor, this.case, considering(uow, this))
    record(
        uow,
        this.case,
        kind,
        at=office.clock.now(),
        actor=actor,
        role=role,
        responsible_id=absent,
        element=element,
        details=details,
    )


def acts_as(actor: Actor, case: Case, people: frozenset[str]) -> tuple[Role, str | None]:
    """The role in which this person considers the case, and in whose place, if in another's."""
    if actor.id not in people:
        for each in actor.substitutions:
            if each.absent_id in people and each.covers(each.role.value, case.service):
                return each.role, each.absent_id
    if actor.id == case.executor_id:
        return Role.EXECUTOR, None
    return next(role for role in Role if role in actor.roles & INSIDE), None
