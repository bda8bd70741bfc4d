"""The limits of open steps follow a decision on the service's term, of which they are parts: they stand still and run on with it,
and get longer by as much. What is asked of the applicant and of other bodies has its own time and is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from app.cases.office import ProviderTerms
from app.domain.case import TimerKind, TimerStatus
from app.domain.people import INSIDE
from app.domain.stops import deadline_after
from app.domain.terms import Term
from app.store.tables import Case, Timer, WorkItem
from app.store.unit_of_work import UnitOfWork

_KINDS = (TimerKind.STEP_REMINDER, TimerKind.STEP_DEADLINE)
_INSIDE = frozenset(role.value for role in INSIDE)


def stand_still(uow: UnitOfWork, case: Case, now: datetime) -> list[str]:
    """No limit that is not over yet runs on for now; gives the ids of the work items."""
    stopped = [item for item in _own(uow, case) if item.due_at is not None and item.due_at > now]
    for item in stopped:
        item.due_at = None
        _cancel(uow, item)
    return [item.id for item in stopped]


def step_on(uow: UnitOfWork, case: Case, terms: ProviderTerms, now: datetime) -> list[str]:
    """What was left of each limit that stood still runs on, that of a step opened meanwhile whole; gives the work items' ids."""
    going = []
    for item in _own(uow, case):
        limit = uow.timing.last_limit_of(case.id, item.token)
        if limit is not None and (item.due_at is None or item.due_at > now):
            _run_again(uow, item, limit, Term.parse(limit.term), terms, now)
            going.append(item.id)
    return going


def lengthen(uow: UnitOfWork, case: Case, more: Term, terms: ProviderTerms, now: datetime) -> list[str]:
    """Limits in the same unit that are not over yet get longer by as much; gives the ids of the work items."""
    longer = []
    for item in _own(uow, case):
        limit = uow.timing.last_limit_of(case.id, item.token)
        if limit is None or item.due_at is None or item.due_at <= now:
            continue
        old = Term.parse(limit.term)
        if old.unit is more.unit:
            _run_again(uow, item, limit, old + more, terms, now)
            longer.append(item.id)
    return longer


def _own(uow: UnitOfWork, case: Case) -> Iterator[WorkItem]:
    """The open steps of the provider's own people."""
    return (item for item in uow.work.open_of(case.id) if item.role in _INSIDE)


def _cancel(uow: UnitOfWork, item: WorkItem) -> None:
    for timer in uow.timing.running_of(item.case_id):
        if timer.token == item.token and timer.kind in _KINDS:
            timer.status = TimerStatus.CANCELLED


def _run_again(uow: UnitOfWork, item: WorkItem, limit: Timer, term: Term, terms: ProviderTerms, now: datetime) -> None:
    """By the law's facts: this term, counted from the same event, less the intervals in which a decision stopped it."""
    _cancel(uow, item)
    stops = [(row.stopped_at, row.resumed_at or now) for row in uow.work.suspensions(item.case_id) if row.work_item_id is None]
    item.due_at = deadline_after(term, limit.counted_from, stops, terms.schedule, terms.calendar)
    moments = {TimerKind.STEP_DEADLINE: item.due_at, TimerKind.STEP_REMINDER: terms.reminder(now, item.due_at)}
    for kind, at in moments.items():
        uow.timing.add(
            Timer(
                case_id=item.case_id,
                kind=kind,
                due_at=at,
                term=str(term),
                counted_from=limit.counted_from,
                calendar_edition=terms.calendar.edition,
                token=item.token,
                element=item.element,
            )
        )
