"""A body marks the reply it is about to give: for the cleared only, or for all of the provider's people."""

from __future__ import annotations

from app.cases.office import Office
from app.cases.working import hold
from app.domain.errors import Declined, NotFound
from app.domain.people import Actor


def restrict_reply(office: Office, actor: Actor, item_id: str, restricted: bool) -> None:
    """Once the reply is given its mark stands, since what was read cannot be taken back: raises Declined then."""
    with office.unit_of_work() as uow:
        held = hold(office, uow, actor, item_id)
        asked = uow.work.consultation_of(item_id)
        if asked is None:
            raise NotFound("There is no request for a reply at the work item '%(id)s'.", id=item_id)
        if asked.replied_at is not None:
            raise Declined("“%(step)s” is done already; its mark stands.", step=held.element.label)
        asked.restricted = restricted
        uow.commit()
