"""Documents and their signatures, for those who may see them."""

from __future__ import annotations

from app.cases.office import Office
from app.cases.refusals import refusals_are_told
from app.cases.viewing.cases import visible_case
from app.cases.viewing.rows import document_view
from app.domain.errors import NotFound
from app.domain.people import Actor
from app.domain.views import (
    DocumentView,
)
from app.store.tables import Document
from app.store.unit_of_work import UnitOfWork


@refusals_are_told
def document(office: Office, actor: Actor, document_id: str) -> tuple[DocumentView, bytes]:
    with office.reading() as uow:
        found = _visible_document(uow, actor, document_id)
        signatures = uow.documents.signatures([found.id])[found.id]
        return document_view(found, signatures), uow.documents.content(found)


def _visible_document(uow: UnitOfWork, actor: Actor, document_id: str) -> Document:
    found = uow.documents.get(document_id)
    missing = NotFound("There is no document '%(id)s'.", id=document_id)
    if found is None:
        raise missing
    if found.case_id is None:
        application = uow.cases.application(found.application_id)
        if application is None or application.applicant_id != actor.id:
            raise missing
        return found
    visible_case(uow, actor, found.case_id)
    if not actor.is_staff and found.work_item_id is not None and found.delivered_at is None:
        raise missing
    return found


def signature_of(office: Office, actor: Actor, document_id: str, number: int) -> tuple[str, bytes]:
    """The detached CMS of one signature (from 1), with a file name to keep it under."""
    with office.reading() as uow:
        found = _visible_document(uow, actor, document_id)
        signatures = uow.documents.signatures([found.id])[found.id]
        if not 1 <= number <= len(signatures):
            raise NotFound("The document has no signature number %(number)s.", number=number)
        return f"{found.filename}.{number}.p7s", signatures[number - 1].cms
