"""Where people sit, which roles they hold, whether they still work here. What somebody may no longer do goes back to its role."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from app.cases.advancing import locked
from app.cases.assigning import give
from app.cases.office import Office
from app.domain.case import AssignedHow
from app.domain.errors import Declined, Invalid, NotFound
from app.domain.events import EventKind
from app.domain.people import Actor, Role
from app.domain.permissions import Action, require
from app.domain.text import Text
from app.history.recording import record
from app.store.tables import User
from app.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class PersonView:
    id: str
    login: str
    name: str
    position: Text
    unit_id: str
    roles: frozenset[Role]
    active: bool
    cleared_until: date | None
    open_items: int
    cases: int  # open ones of which this person is the executor


def person(office: Office, actor: Actor, user_id: str) -> PersonView:
    require(actor, Action.MANAGE_PEOPLE)
    with office.reading() as uow:
        user = _known(uow, user_id)
        return PersonView(
            id=user.id,
            login=user.login,
            name=user.name,
            position=Text(**user.position) if user.position else Text(""),
            unit_id=user.unit_id or "",
            roles=frozenset(uow.people.roles_of(user.id)),
            active=user.active,
            cleared_until=user.cleared_until,
            open_items=uow.people.open_items([user.id]).get(user.id, 0),
            cases=len(uow.work.executed_by(user.id)),
        )


def change_person(
    office: Office,
    actor: Actor,
    user_id: str,
    *,
    unit_id: str,
    roles: Collection[Role],
    active: bool,
    cleared_until: date | None,
) -> int:
    """Moves a person to a unit (empty: none), and sets his roles, his clearance and whether he may sign in. What he holds and may
    no longer do is released, each case in its own transaction; gives how many cases were touched."""
    require(actor, Action.MANAGE_PEOPLE)
    with office.unit_of_work() as uow:
        user = _known(uow, user_id)
        if unit_id and uow.people.unit_by_id(unit_id) is None:
            raise NotFound("There is no unit '%(code)s'.", code=unit_id)
        kept = frozenset(roles) if active else frozenset()
        if Role.ADMINISTRATOR not in kept and not uow.people.other_administrators(user_id):
            raise Declined("Somebody must stay the administrator: give that role to another first.")
        if not roles:
            raise Invalid("A person holds at least one role; who no longer works here is made inactive.")
        user.unit_id, user.active, user.cleared_until = unit_id or None, active, cleared_until
        uow.people.set_roles(user_id, roles)
        uow.commit()
    return _release(office, actor, user_id, kept)


def _release(office: Office, actor: Actor, user_id: str, kept: frozenset[Role]) -> int:
    with office.reading() as uow:
        held = {role.value for role in kept}
        items = uow.work.held_beyond(user_id, held)
        cases = {case_id: [item for item, of in items if of == case_id] for _, case_id in items}
        if Role.EXECUTOR not in kept:
            cases |= {case_id: cases.get(case_id, []) for case_id in uow.work.executed_by(user_id)}
    for case_id, item_ids in cases.items():
        with office.unit_of_work() as uow:
            _release_in(office, uow, actor, user_id, case_id, item_ids, executes=Role.EXECUTOR in kept)
            uow.commit()
    return len(cases)


def _release_in(
    office: Office, uow: UnitOfWork, actor: Actor, user_id: str, case_id: str, item_ids: list[str], *, executes: bool
) -> None:
    this, now = locked(office, uow, case_id), office.clock.now()
    if this.case.executor_id == user_id and not executes:
        this.case.executor_id = None
        details = {"before": user_id}
        record(uow, this.case, EventKind.EXECUTOR_CHANGED, at=now, actor=actor, role=Role.ADMINISTRATOR, details=details)
    for item_id in item_ids:
        item = uow.work.get(item_id, lock=True)
        if item is not None and item.owner_id == user_id and item.completed_at is None:
            give(uow, this, item, None, AssignedHow.RETURNED, by=actor, at=now, as_role=Role.ADMINISTRATOR)


def _known(uow: UnitOfWork, user_id: str) -> User:
    user = uow.people.get(user_id)
    if user is None:
        raise NotFound("There is no person '%(id)s'.", id=user_id)
    return user
