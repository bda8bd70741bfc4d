"""A user task waits for a person: its work item, whose it is, until when, and what else begins with it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from app.cases import consulting, service_term
from app.cases.assigning import note_assignment
from app.cases.office import ProviderTerms
from app.domain.case import AssignedHow, TimerKind, WorkStatus
from app.domain.errors import Invalid
from app.domain.events import EventKind
from app.domain.moves import Element, Wait
from app.domain.people import SYSTEM, Role
from app.history.recording import record
from app.store.tables import Case, Notice, Timer, WorkItem
from app.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from app.cases.advancing import Running


def open_work(uow: UnitOfWork, this: Running, wait: Wait, terms: ProviderTerms, now: datetime) -> None:
    case, element = this.case, this.process.elements[wait.process, wait.element]
    owner = _owner(case, element)
    item = uow.work.add(
        WorkItem(
            case_id=case.id,
            token=wait.token,
            process=wait.process,
            element=wait.element,
            role=element.role or "",
            service=case.service,
            instance=wait.instance,
            status=WorkStatus.RESERVED if owner else WorkStatus.READY,
            owner_id=owner,
            opened_at=now,
        )
    )
    limit, origin = prescribed(this, element)
    if limit:
        _run_the_limit(uow, case, element, item, limit, counted_from(uow, case, element.id, origin, now), terms, now)
    details = {"item": item.id, "role": item.role, "due": item.due_at.isoformat() if item.due_at else None}
    body = consulting.ask(uow, this.passport, case, element, item)
    if body is not None:
        details["consultation"] = body.id
    item.unit_id = uow.people.jurisdiction(case.service, item.role, body.id if body else "")
    if owner:
        note_assignment(uow, item, owner, AssignedHow.BY_PROCESS, by=SYSTEM, at=now)
    record(uow, case, EventKind.WORK_OPENED, at=now, actor=SYSTEM, element=element, details=details)
    service_term.stop(uow, this, element, item, now)
    if element.role == Role.APPLICANT.value:
        _tell_applicant(uow, case, element, item, now)


def _owner(case: Case, element: Element) -> str | None:
    """The executor the head appointed, the applicant himself; else nobody yet."""
    if element.role == Role.EXECUTOR.value:
        return case.executor_id
    return case.applicant_id if element.role == Role.APPLICANT.value else None


def prescribed(this: Running, element: Element) -> tuple[str | None, str]:
    """The step's limit and the event it is counted from: as the diagram says, or for a step of a called process, which is drawn
    once for many services, as the passport says."""
    if element.limit:
        return element.limit, element.counted_from or "opened"
    limit = this.passport.limit_at(element.id)
    return (limit.limit, limit.counted_from) if limit else (None, "opened")


def _run_the_limit(
    uow: UnitOfWork,
    case: Case,
    element: Element,
    item: WorkItem,
    limit: str,
    start: datetime,
    terms: ProviderTerms,
    now: datetime,
) -> None:
    item.due_at = terms.deadline(limit, start)
    moments = {TimerKind.STEP_DEADLINE: item.due_at}
    if item.due_at > now:  # a step that comes back after its term needs no reminder
        moments[TimerKind.STEP_REMINDER] = terms.reminder(max(now, start), item.due_at)
    for kind, due in moments.items():
        uow.timing.add(
            Timer(
                case_id=case.id,
                kind=kind,
                due_at=due,
                term=limit,
                counted_from=start,
                calendar_edition=terms.calendar.edition,
                token=item.token,
                element=element.id,
            )
        )


def counted_from(uow: UnitOfWork, case: Case, element: str, origin: str, now: datetime) -> datetime:
    """The event a step's term is counted from; a step that does not say counts from its opening."""
    if origin == "registered":
        return case.registered_at
    if origin.startswith("completed:"):
        earlier = uow.work.last_completed(case.id, origin.removeprefix("completed:"))
        if earlier is None or earlier.completed_at is None:
            raise Invalid(
                "The term of '%(element)s' is counted from '%(origin)s', which has not happened in case '%(case)s'.",
                element=element,
                origin=origin,
                case=case.id,
            )
        return max(earlier.completed_at, case.registered_at)
    return max(now, case.registered_at)


def _tell_applicant(uow: UnitOfWork, case: Case, element: Element, item: WorkItem, now: datetime) -> None:
    values: dict[str, object] = {"step": {"kk": element.label.kk, "ru": element.label.ru, "en": element.label.en}}
    values["number"] = case.number or case.id[:8]
    template = "You are asked to do this in case %(number)s: %(step)s."
    if item.due_at:
        template, values["due"] = "You are asked to do this in case %(number)s by %(due)s: %(step)s.", item.due_at.isoformat()
    uow.notices.add(Notice(user_id=case.applicant_id, case_id=case.id, at=now, template=template, values=values))


def close_work(uow: UnitOfWork, this: Running, item: WorkItem, terms: ProviderTerms, now: datetime) -> None:
    """The process has moved on without this item."""
    element = this.process.elements[item.process, item.element]
    item.status = WorkStatus.OBSOLETE
    record(uow, this.case, EventKind.WORK_OBSOLETED, at=now, actor=SYSTEM, element=element, details={"item": item.id})
    consulting.note_silence(uow, this.case, element, item, now)
    service_term.resume(uow, this, element, item, terms, now)
