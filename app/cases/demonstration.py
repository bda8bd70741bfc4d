"""Demonstration mode only: the clock can be moved, so that a month of terms is seen in a minute."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, runtime_checkable

from app.cases.jobs import run_jobs
from app.cases.office import Office
from app.cases.timing import Swept, sweep
from app.domain.errors import Forbidden, Invalid
from app.domain.people import Actor
from app.domain.permissions import Action, require


@runtime_checkable
class SettableClock(Protocol):
    def now(self) -> datetime: ...
    def move_to(self, moment: datetime) -> None: ...


def move_clock(office: Office, actor: Actor, to: datetime) -> Swept:
    """Moves the clock forward, stopping at every deadline on the way so that each fires at its own moment."""
    require(actor, Action.SET_CLOCK)
    clock = office.clock
    if not office.settings.demonstration or not isinstance(clock, SettableClock):
        raise Forbidden("The clock can be set in demonstration mode only.")
    if to < clock.now():
        raise Invalid("The clock moves forward only: it is %(now)s already.", now=clock.now())
    fired = failed = 0
    while (due := _next_due(office)) is not None and due <= to:
        clock.move_to(max(due, clock.now()))
        swept = work_off(office)
        fired, failed = fired + swept.fired, failed + swept.failed
        if not swept.fired and not swept.failed and _next_due(office) == due:
            break  # it cannot be fired now, neither here nor by a sweep beside this one
    clock.move_to(max(to, clock.now()))
    swept = work_off(office)
    return Swept(fired + swept.fired, failed + swept.failed)


def _next_due(office: Office) -> datetime | None:
    with office.reading() as uow:
        return uow.timing.next_due()


def work_off(office: Office) -> Swept:
    """One round of what the scheduler does: due timers, then due jobs."""
    swept = sweep(office)
    run_jobs(office)
    return swept
