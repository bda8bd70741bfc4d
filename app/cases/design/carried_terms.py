"""The terms of a case that goes to another version: what has elapsed stays elapsed.

The law "On legal acts" gives an act no force backwards. So:

- The term of the whole service stays the one the case began with, be the new one longer or shorter: the applicant was told it.
- An open step of the provider takes the new version's limit, counted from the event it was counted from before, never from now.
  A new limit that would be over already is not imposed, since nobody could have kept it; nor is one that would end after the
  service's term. A limit that a decision made longer stays as the decision made it.
- What was asked of another body stays due when the body was told.
- An applicant's open task gets more time where the new version gives more, never less, and no limit where it had none.
- A timer that both versions have keeps its beginning and takes the new term by the same rules; one that is new begins now.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.cases.advancing import Running, timer_term
from app.cases.design.fitting import Fitted, Plan, running_by
from app.cases.office import ProviderTerms
from app.cases.opening import counted_from, prescribed
from app.domain.case import TimerKind, TimerStatus
from app.domain.moves import Wait, WaitKind
from app.domain.people import INSIDE, Role
from app.domain.stops import deadline_after
from app.domain.terms import Term
from app.store.tables import Case, Timer, WorkItem
from app.store.unit_of_work import UnitOfWork

STEP_TIMERS = (TimerKind.STEP_REMINDER, TimerKind.STEP_DEADLINE)
_INSIDE = frozenset(role.value for role in INSIDE)


@dataclass(frozen=True, slots=True)
class _Limit:
    term: str
    counted_from: datetime
    due: datetime


class CarriedTerms:
    """The limits and timers of one case on its way. The rows have the new version's element ids already."""

    def __init__(self, uow: UnitOfWork, plan: Plan, fitted: Fitted, terms: ProviderTerms, now: datetime) -> None:
        self._uow, self._fitted, self._terms, self._now = uow, fitted, terms, now
        self._case: Case = fitted.case
        self._old: Running = running_by(plan.old, fitted.case)
        self._new: Running = running_by(plan.new, fitted.case)

    def carry(self, olds: dict[str, tuple[str, str]]) -> None:
        """`olds` says at which element of the old version each open item stood, by token."""
        for token, item in self._fitted.items.items():
            self._carry_limit(item, olds[token])
        rows = {timer.token: timer for timer in self._fitted.timers if timer.kind is TimerKind.PROCESS}
        for wait in self._fitted.move.waits if self._fitted.move else ():
            if wait.kind is WaitKind.TIMER and wait.token in rows:
                self._carry_timer(rows[wait.token], wait)

    # Limits of open steps

    def _carry_limit(self, item: WorkItem, old_place: tuple[str, str]) -> None:
        before = prescribed(self._old, self._old.process.elements[old_place])
        after = prescribed(self._new, self._new.process.elements[item.process, item.element])
        if before == after:
            return
        running = self._uow.timing.last_limit_of(self._case.id, item.token)
        if item.role == Role.APPLICANT.value:
            if running is not None:
                self._lengthen(item, running, before[1], after)
        elif item.role in _INSIDE:
            self._exchange(item, running, before, after)

    def _exchange(
        self, item: WorkItem, running: Timer | None, before: tuple[str | None, str], after: tuple[str | None, str]
    ) -> None:
        if running is not None and before[0] is not None and Term.parse(running.term) != Term.parse(before[0]):
            return  # a decision made it longer
        if after[0] is None:
            self._run(item, None)
            return
        limit = self._derived(item, running, before[1], after[0], after[1])
        service = self._case.result_due
        if limit.due > self._now and (service is None or limit.due <= service):
            self._run(item, limit)

    def _lengthen(self, item: WorkItem, running: Timer, origin: str, after: tuple[str | None, str]) -> None:
        limit = None if after[0] is None else self._derived(item, running, origin, after[0], after[1])
        if limit is None or item.due_at is None or limit.due > item.due_at:
            self._run(item, limit)

    def _derived(self, item: WorkItem, running: Timer | None, old_origin: str, term: str, origin: str) -> _Limit:
        """Counted from the same event; from the opening, where it was not counted before."""
        if running is not None and origin == old_origin:
            start = running.counted_from
        else:
            start = counted_from(self._uow, self._case, item.element, origin, item.opened_at)
        return _Limit(term, start, self._due(term, start))

    def _due(self, term: str, start: datetime) -> datetime:
        ledger = self._fitted.ledger
        stops = [(row.stopped_at, row.resumed_at) for row in ledger if row.work_item_id is None and row.resumed_at]
        return deadline_after(Term.parse(term), start, stops, self._terms.schedule, self._terms.calendar)

    def _run(self, item: WorkItem, limit: _Limit | None) -> None:
        for timer in self._fitted.timers:
            if timer.token == item.token and timer.kind in STEP_TIMERS:
                timer.status = TimerStatus.CANCELLED
        item.due_at = limit.due if limit else None
        item.escalated_at = None
        for kind, due in self._moments(limit) if limit else ():
            self._uow.timing.add(
                Timer(
                    case_id=self._case.id,
                    kind=kind,
                    due_at=due,
                    term=limit.term if limit else "",
                    counted_from=limit.counted_from if limit else due,
                    calendar_edition=self._terms.calendar.edition,
                    token=item.token,
                    element=item.element,
                )
            )

    def _moments(self, limit: _Limit) -> Iterator[tuple[TimerKind, datetime]]:
        yield TimerKind.STEP_DEADLINE, limit.due
        yield TimerKind.STEP_REMINDER, self._terms.reminder(max(self._now, limit.counted_from), limit.due)

    # Timers of the diagram

    def _carry_timer(self, row: Timer, wait: Wait) -> None:
        term, _ = timer_term(self._uow, self._new, wait, row.counted_from)
        if term == row.term:
            return
        due = self._terms.deadline(term, row.counted_from)
        watched = self._fitted.items.get(wait.attached_to or "")
        if watched is not None and watched.role == Role.APPLICANT.value and due < row.due_at:
            return
        if due <= self._now:
            return
        if watched is not None and wait.interrupts and watched.due_at == row.due_at:
            watched.due_at = due  # shown as the end of his time
        row.term, row.due_at = term, due
