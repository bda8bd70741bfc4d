"""A superior gives work of the list to a colleague who may do it; and one act over many items, each for itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app.cases.assigning import belongs_by_appointment, give
from app.cases.office import Office
from app.cases.separating import facts_of
from app.cases.working import hold
from app.domain.case import AssignedHow
from app.domain.errors import Declined, Forbidden, Invalid, NotFound, RasimError, Sentence
from app.domain.people import Actor, Role
from app.domain.permissions import Action, may, require

MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one item: nothing to say where it was done, else why not."""

    item_id: str
    why_not: Sentence | None = None


def each(item_ids: Sequence[str], act: Callable[[str], None]) -> tuple[Done, ...]:
    """Does one thing with each of the items, every one in a transaction of its own: one that cannot be done stops no other."""
    if len(item_ids) > MOST_AT_ONCE:
        raise Invalid("At most %(number)s tasks can be chosen at once.", number=MOST_AT_ONCE)
    return tuple(_one(item_id, act) for item_id in dict.fromkeys(item_ids))


def _one(item_id: str, act: Callable[[str], None]) -> Done:
    try:
        act(item_id)
    except RasimError as error:
        return Done(item_id, error.sentence)
    return Done(item_id)


def assign(office: Office, actor: Actor, item_id: str, to_id: str, reason: str) -> None:
    """Gives an open item within the superior's reach to a colleague who may do it, with a reason."""
    require(actor, Action.ASSIGN_WORK)
    if not reason.strip():
        raise Invalid("Say why the work goes to somebody else.")
    with office.unit_of_work() as uow:
        held = hold(office, uow, actor, item_id)
        item = held.item
        if item.owner_id == to_id:
            return
        if held.role is Role.APPLICANT:
            raise Forbidden("This is asked of %(name)s alone.", name=actor.name)
        if belongs_by_appointment(held.running, item, item.owner_id):
            raise Declined("The executor of a case is changed by a new appointment.")
        user = uow.people.get(to_id)
        if user is None or not user.active:
            raise NotFound("There is no person '%(id)s'.", id=to_id)
        colleague = uow.people.actor(user, office.today())
        if not may(colleague, Action.WORK_ITEM, replace(facts_of(held.running.case, item), owner_id=None)):
            raise Declined("%(name)s may not do this step.", name=user.name)
        behalf = colleague.acting_for(held.role, None, service=item.service)
        give(
            uow,
            held.running,
            item,
            to_id,
            AssignedHow.ASSIGNED,
            by=actor,
            at=office.clock.now(),
            taken_for=behalf.absent_id if behalf else None,
            responsible_id=held.responsible_id,
            reason=reason.strip(),
        )
        uow.commit()
