"""Documents and their signatures, for those who may see them."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from app.cases.office import Office
from app.cases.refusals import refusals_are_told
from app.cases.replies import kept_from
from app.cases.signing import signed_part
from app.cases.viewing.asked import shown_documents
from app.cases.viewing.cases import sighted_case
from app.cases.viewing.rows import document_view
from app.domain.errors import NotFound
from app.domain.people import Actor
from app.domain.permissions import Sight
from app.domain.views import (
    DocumentView,
)
from app.store.tables import Case, Document
from app.store.unit_of_work import UnitOfWork


@refusals_are_told
def document(office: Office, actor: Actor, document_id: str) -> tuple[DocumentView, bytes]:
    with office.reading() as uow:
        found = _visible_document(uow, actor, document_id)
        signatures = uow.documents.signatures([found.id])[found.id]
        return document_view(found, signatures), uow.documents.content(found)


def bytes_to_sign(office: Office, actor: Actor, document_id: str) -> bytes:
    """What a signature under the document covers: the whole file, or of a PDF all but the place of the signature in it."""
    with office.reading() as uow:
        found = _visible_document(uow, actor, document_id)
        return signed_part(found, uow.documents.content(found))


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
    try:
        case, sight = sighted_case(uow, actor, found.case_id)
    except NotFound:
        raise missing from None
    if not _shown(uow, actor, case, sight, found):
        raise missing
    return found


def _shown(uow: UnitOfWork, actor: Actor, case: Case, sight: Sight, document: Document) -> bool:
    """By the same rules as the lists of the case's page; staff also see a print that waits to be signed."""
    if sight is Sight.ASKED:
        own = {item.id: item.role for item, _ in uow.work.requests_to(actor, case.id)}
        prepared = document.prepared_for == actor.id and document.work_item_id in own
        return prepared or document.id in {each.id for each in shown_documents(uow, case.id, actor, own)}
    if document.work_item_id is None or document.delivered_at is not None:
        return True
    return sight is Sight.WHOLE and document.work_item_id not in kept_from(uow, case, actor)


def signature_of(office: Office, actor: Actor, document_id: str, number: int) -> tuple[str, bytes]:
    """The detached CMS of one signature (from 1), with a file name to keep it under."""
    with office.reading() as uow:
        found = _visible_document(uow, actor, document_id)
        signatures = uow.documents.signatures([found.id])[found.id]
        if not 1 <= number <= len(signatures):
            raise NotFound("The document has no signature number %(number)s.", number=number)
        return f"{found.filename}.{number}.p7s", signatures[number - 1].cms


def revocation_evidence(office: Office, actor: Actor, document_id: str, number: int) -> tuple[str, bytes]:
    """What authorities answered on revocation when a signature (from 1) came in, each answer a file of one archive.

    Raises NotFound where nobody was asked.
    """
    with office.reading() as uow:
        found = _visible_document(uow, actor, document_id)
        signatures = uow.documents.signatures([found.id])[found.id]
        answers = uow.documents.evidence(signatures[number - 1].id) if 1 <= number <= len(signatures) else []
    if not answers:
        raise NotFound("No authority was asked about the signature number %(number)s.", number=number)
    archive = BytesIO()
    with ZipFile(archive, "w", ZIP_DEFLATED) as files:
        for place, answer in enumerate(answers, start=1):
            name = ZipInfo(f"{place}-{answer.serial}.{_ENDINGS[answer.source.split()[0]]}", answer.answered_at.timetuple()[:6])
            files.writestr(name, answer.content)
    return f"{found.filename}.{number}.revocation.zip", archive.getvalue()


_ENDINGS = {"OCSP": "ors", "CRL": "crl", "NCANode": "json"}
