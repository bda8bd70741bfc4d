"""Who opened what: a row for every case, task and document a person was shown."""

from __future__ import annotations

from app.cases.office import Office
from app.domain.people import Actor, Role
from app.store.tables import Reading


def note_reading(
    office: Office,
    actor: Actor,
    case_id: str,
    *,
    work_item_id: str | None = None,
    document_id: str | None = None,
    sha256: str = "",
) -> None:
    """Keeps that this person was shown this now. Call it after the use case that decided that he may see it."""
    with office.unit_of_work() as uow:
        uow.history.note_reading(
            Reading(
                user_id=actor.id,
                role=_role(actor),
                case_id=case_id,
                work_item_id=work_item_id,
                document_id=document_id,
                sha256=sha256,
                at=office.clock.now(),
            )
        )
        uow.commit()


def _role(actor: Actor) -> str:
    """The role a reading stands under: the first the person holds, in the order of the roles."""
    return next((role.value for role in Role if role in actor.roles and role is not Role.APPLICANT), "")
