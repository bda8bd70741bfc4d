"""The term of the whole service while a case runs: it may be exchanged for another, and it may stand still.

What the law says stands in the case (`term`, `term_from`) and in the ledger of its suspensions; `result_due` and the service's
timers follow from these. While the term stands still nobody can say when it ends: `result_due` is empty and no timer runs.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.cases.office import ProviderTerms
from app.domain.case import TimerKind, TimerStatus
from app.domain.events import EventKind
from app.domain.moves import Element
from app.domain.passport import Passport, Suspension, TermSwitch
from app.domain.people import SYSTEM
from app.domain.stops import deadline_after
from app.domain.terms import Term
from app.history.recording import record
from app.store.tables import Case, SuspensionRow, Timer, WorkItem
from app.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from app.cases.advancing import Running

_SERVICE_TIMERS = (TimerKind.SERVICE_REMINDER, TimerKind.SERVICE_DEADLINE)


def watch(uow: UnitOfWork, case: Case, terms: ProviderTerms, now: datetime) -> None:
    """Makes the service's timers follow `result_due`, in place of those that ran before."""
    cancel_timers(uow, case)
    if case.result_due is None or case.term is None or case.term_from is None:
        return
    moments = {TimerKind.SERVICE_DEADLINE: case.result_due}
    if case.result_due > now:
        moments[TimerKind.SERVICE_REMINDER] = terms.reminder(max(now, case.term_from), case.result_due)
    for kind, due in moments.items():
        uow.timing.add(
            Timer(
                case_id=case.id,
                kind=kind,
                due_at=due,
                term=case.term,
                counted_from=case.term_from,
                calendar_edition=terms.calendar.edition,
            )
        )


def cancel_timers(uow: UnitOfWork, case: Case) -> None:
    """No timer of the service runs any more."""
    for timer in uow.timing.running_of(case.id):
        if timer.kind in _SERVICE_TIMERS:
            timer.status = TimerStatus.CANCELLED


def switch(uow: UnitOfWork, this: Running, element: Element, item: WorkItem, terms: ProviderTerms, now: datetime) -> None:
    """From the completion of a user task on another term may run, counted from that completion or from registration, or a
    longer one, or none any more."""
    case, switched = this.case, _switch_at(this.passport, this.case, item)
    if switched is None:
        return
    before = _facts(case)
    if not switched.extends:
        begins = case.registered_at if switched.from_registration else now
        case.term, case.term_from = switched.limit, begins if switched.limit else None
    elif case.term and switched.limit:
        case.term = str(Term.parse(case.term) + Term.parse(switched.limit))
    follow(uow, case, terms, now)
    details = {
        "switch": switched.id,
        "paragraph": switched.paragraph,
        "before": before,
        "after": _facts(case),
        "due": said(case.result_due),
        "calendar": terms.calendar.edition,
    }
    record(uow, case, EventKind.TERM_CHANGED, at=now, actor=SYSTEM, element=element, details=details)


def _switch_at(passport: Passport, case: Case, item: WorkItem) -> TermSwitch | None:
    return next(
        (
            each
            for each in passport.switches
            if each.at == item.element
            and each.outcome in (None, item.outcome)
            and (not each.variants or case.variant in each.variants)
        ),
        None,
    )


def stop(uow: UnitOfWork, this: Running, element: Element, item: WorkItem, now: datetime) -> None:
    """A task has opened during which the term stands still. A term that had ended before stays ended."""
    case, suspension = this.case, _suspension_during(this.passport, element)
    if suspension is None:
        return
    before = case.result_due
    row = SuspensionRow(case_id=case.id, suspension=suspension.id, work_item_id=item.id, stopped_at=now, due_before=before)
    uow.work.suspend(row)
    if before is not None and now < before:
        case.result_due = None
        cancel_timers(uow, case)
    details = {"item": item.id, "suspension": suspension.id, "paragraph": suspension.paragraph, "due_before": said(before)}
    record(uow, case, EventKind.TERM_STOPPED, at=now, actor=SYSTEM, element=element, details=details)


def resume(uow: UnitOfWork, this: Running, element: Element, item: WorkItem, terms: ProviderTerms, now: datetime) -> None:
    """That task is over, done or not: what was left of the term runs on, unless another such task still waits."""
    case, suspension = this.case, _suspension_during(this.passport, element)
    row = uow.work.suspended_by(item.id) if suspension is not None else None
    if suspension is None or row is None:
        return
    row.resumed_at = now
    follow(uow, case, terms, now)
    row.due_after = case.result_due
    details = {
        "item": item.id,
        "suspension": suspension.id,
        "paragraph": suspension.paragraph,
        "stopped_at": said(row.stopped_at),
        "due_before": said(row.due_before),
        "due": said(row.due_after),
        "calendar": terms.calendar.edition,
    }
    record(uow, case, EventKind.TERM_RESUMED, at=now, actor=SYSTEM, element=element, details=details)


def _suspension_during(passport: Passport, element: Element) -> Suspension | None:
    return next((each for each in passport.suspensions if each.during == element.id), None)


def follow(uow: UnitOfWork, case: Case, terms: ProviderTerms, now: datetime) -> None:
    """The end of the term, and its timers, by what the law and the ledger say now."""
    due = _due(case, uow.work.suspensions(case.id), terms)
    if due != case.result_due:
        case.result_due = due
        watch(uow, case, terms, now)


def _due(case: Case, ledger: list[SuspensionRow], terms: ProviderTerms) -> datetime | None:
    """None where no term runs, or it stands still."""
    if case.term is None or case.term_from is None:
        return None
    over = [(row.stopped_at, row.resumed_at) for row in ledger if row.resumed_at is not None]
    due = deadline_after(Term.parse(case.term), case.term_from, over, terms.schedule, terms.calendar)
    stands_still = any(row.resumed_at is None and row.stopped_at < due for row in ledger)
    return None if stands_still else due


def _facts(case: Case) -> dict[str, Any]:
    return {"term": case.term, "from": said(case.term_from), "due": said(case.result_due)}


def said(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
