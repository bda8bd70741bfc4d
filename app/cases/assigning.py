"""Who has a work item is stored, and every change of it is a row and an event: nothing is worked out anew over a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.case import AssignedHow, WorkStatus
from app.domain.events import EventKind
from app.domain.moves import Element
from app.domain.people import SYSTEM, Actor, Role
from app.history.recording import record
from app.store.tables import Assignment, WorkItem
from app.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from datetime import datetime

    from app.cases.advancing import Running

_EVENTS = {
    AssignedHow.CLAIMED: EventKind.WORK_CLAIMED,
    AssignedHow.RELEASED: EventKind.WORK_RELEASED,
    AssignedHow.ASSIGNED: EventKind.WORK_ASSIGNED,
    AssignedHow.DECLINED: EventKind.WORK_DECLINED,
    AssignedHow.RETURNED: EventKind.WORK_RELEASED,
}


def give(
    uow: UnitOfWork,
    this: Running,
    item: WorkItem,
    to: str | None,
    how: AssignedHow,
    *,
    by: Actor,
    at: datetime,
    taken_for: str | None = None,
    responsible_id: str | None = None,
    reason: str = "",
) -> None:
    """Gives an open work item, under its case's lock, to a person or (None) back to its role; the page's revision changes.

    The reason stands in the assignment; in the history stands that there is one, since what people write may name people.
    """
    note_assignment(uow, item, to, how, by=by, at=at, reason=reason)
    item.owner_id, item.taken_for = to, taken_for
    item.status = WorkStatus.READY if to is None else WorkStatus.RESERVED
    item.rev += 1
    details: dict[str, object] = {"item": item.id, "how": how.value}
    if to is not None and to != by.id:
        details["to"] = to
    record(
        uow,
        this.case,
        _EVENTS[how],
        at=at,
        actor=by,
        role=None if by is SYSTEM else Role(item.role),
        responsible_id=responsible_id,
        element=_element(this, item),
        details=details,
    )


def note_assignment(
    uow: UnitOfWork, item: WorkItem, to: str | None, how: AssignedHow, *, by: Actor, at: datetime, reason: str = ""
) -> None:
    """The row alone, where another event tells of the assignment: when the process itself gives an item to somebody."""
    uow.work.assigned(
        Assignment(
            case_id=item.case_id,
            work_item_id=item.id,
            at=at,
            how=how,
            from_id=item.owner_id if item.owner_id != to else None,
            to_id=to,
            by_id=None if by is SYSTEM else by.id,
            reason=reason,
        )
    )


def _element(this: Running, item: WorkItem) -> Element:
    return this.process.elements[item.process, item.element]


def belongs_by_appointment(this: Running, item: WorkItem, user_id: str | None) -> bool:
    """Whether the item is this person's because the head appointed him the executor of the case."""
    return item.role == Role.EXECUTOR.value and user_id is not None and this.case.executor_id == user_id
