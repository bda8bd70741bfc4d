"""Who opened what: a row for every case, task and document a person was shown."""

from __future__ import annotations

from datetime import timedelta

from app.cases.office import Office
from app.domain.people import Actor
from app.store.tables import Reading

SAME_VIEW = timedelta(minutes=1)


def note_reading(
    office: Office,
    actor: Actor,
    case_id: str,
    *,
    work_item_id: str | None = None,
    document_id: str | None = None,
    sha256: str = "",
) -> None:
    """Keeps that this person was shown this now. Call it after the use case that decided that he may see it.

    The same person opening the same within `SAME_VIEW` again has not opened it anew: nothing is written.
    """
    reading = Reading(
        user_id=actor.id,
        role=actor.first_role.value if actor.first_role else "",
        case_id=case_id,
        work_item_id=work_item_id,
        document_id=document_id,
        sha256=sha256,
        at=office.clock.now(),
    )
    with office.reading() as uow:
        if uow.history.was_shown(reading, reading.at - SAME_VIEW):
            return
    with office.unit_of_work() as uow:
        uow.history.note_reading(reading)
        uow.commit()


def note_document(office: Office, actor: Actor, document_id: str, sha256: str) -> None:
    """Keeps that this person was shown exactly these bytes of a case's document. Of what is no case's yet nothing is kept."""
    with office.reading() as uow:
        document = uow.documents.get(document_id)
    if document is not None and document.case_id is not None:
        note_reading(office, actor, document.case_id, work_item_id=document.work_item_id, document_id=document_id, sha256=sha256)
