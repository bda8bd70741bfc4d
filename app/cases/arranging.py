"""A person arranges the work in hand: its priority, the day to come back to it, and what is out of the list till its moment.

None of it moves a case or its terms.
"""

from __future__ import annotations

from datetime import date
from enum import Enum

from app.cases.office import Office
from app.cases.working import Held, hold
from app.domain.errors import Declined, Invalid
from app.domain.events import EventKind
from app.domain.people import Actor
from app.history.recording import record

PRIORITIES = (2, 1, 0, -1)
"""Urgent, high, usual, low."""


class Wake(Enum):
    """When a snoozed item comes back: as the provider opens on that day."""

    TOMORROW = "tomorrow"
    NEXT_WORKING_DAY = "next-working-day"
    DAY = "day"  # a day that is named


def set_priority(office: Office, actor: Actor, item_id: str, priority: int) -> None:
    if priority not in PRIORITIES:
        raise Invalid("There is no priority '%(found)s'.", found=priority)
    with office.unit_of_work() as uow:
        held = hold(office, uow, actor, item_id)
        before, held.item.priority = held.item.priority, priority
        if before != priority:
            record(
                uow,
                held.running.case,
                EventKind.PRIORITY_SET,
                at=office.clock.now(),
                actor=actor,
                role=held.role,
                responsible_id=held.responsible_id,
                element=held.element,
                details={"item": item_id, "priority_before": before, "priority": priority},
            )
        uow.commit()


def set_follow_up(office: Office, actor: Actor, item_id: str, day: date | None) -> None:
    """The day on which its owner means to come back to the item; None: no such day."""
    if day is not None and day < office.today():
        raise Invalid("The day to come back lies in the past: %(day)s.", day=day)
    with office.unit_of_work() as uow:
        _own(hold(office, uow, actor, item_id), actor).item.follow_up_on = day
        uow.commit()


def snooze(office: Office, actor: Actor, item_id: str, wake: Wake, day: date | None = None) -> None:
    """Takes an item out of its owner's list until its moment. Its terms run on; what falls due comes back by itself."""
    wakes_on = _day_of(office, wake, day)
    with office.unit_of_work() as uow:
        held = _own(hold(office, uow, actor, item_id), actor)
        terms = office.terms(held.running.passport)
        until = terms.schedule.opening(wakes_on)
        if until <= office.clock.now():
            raise Invalid("Choose a day that is still to come.")
        if held.item.due_at is not None and held.item.due_at < office.day_ends(office.today()):
            raise Declined("This falls due today or is overdue: it stays in the list.")
        held.item.snoozed_until = until
        uow.commit()


def wake(office: Office, actor: Actor, item_id: str) -> None:
    """Puts a snoozed item back into the list now."""
    with office.unit_of_work() as uow:
        _own(hold(office, uow, actor, item_id), actor).item.snoozed_until = None
        uow.commit()


def _day_of(office: Office, wake: Wake, day: date | None) -> date:
    today = office.today()
    if wake is Wake.TOMORROW:
        return date.fromordinal(today.toordinal() + 1)
    if wake is Wake.NEXT_WORKING_DAY:
        return office.calendar.next_working(today)
    if day is None:
        raise Invalid("Choose the day on which it is to come back.")
    return day


def _own(held: Held, actor: Actor) -> Held:
    if held.item.owner_id != actor.id:
        raise Declined("Take it first: this is for what one has oneself.")
    return held
