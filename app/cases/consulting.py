"""Bodies that are asked for a reply: whose a task is, what came of it, and which tasks a counting or summing step speaks of."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from app.cases.naming import names_of_application
from app.cases.replies import tell_of_going_on, tell_of_reply
from app.domain.answers import Names
from app.domain.deciding import DISAGREES, bodies_at
from app.domain.errors import Invalid, NotFound
from app.domain.events import EventKind
from app.domain.expressions import compile_expression
from app.domain.moves import Element
from app.domain.passport import Consultation, Passport
from app.domain.people import OUTSIDE, SYSTEM, Role
from app.domain.text import Text
from app.engine import Process
from app.history.recording import record
from app.store.tables import Case, ConsultationRow, Disclosure, WorkItem
from app.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from app.cases.advancing import Running

COUNTS = "count_bodies"
SUMS_UP = "sum_up_replies"


def names_of_case(uow: UnitOfWork, passport: Passport, case: Case) -> Names:
    """What the passport's expressions may name for this case."""
    application = uow.cases.application(case.application_id)
    if application is None:
        raise NotFound("Case '%(case)s' has no application.", case=case.id)
    return names_of_application(uow, passport, application)


def ask(uow: UnitOfWork, passport: Passport, case: Case, element: Element, item: WorkItem) -> Consultation | None:
    """Writes down which body a new work item asks; None where the task asks none."""
    if all(body.at != element.id for body in passport.consultations):
        return None
    bodies = bodies_at(passport, element.id, names_of_case(uow, passport, case))
    place = item.instance or 1 if element.instances else 1
    if place > len(bodies):
        raise Invalid(
            "The step '%(element)s' asks body number %(number)s; by the passport %(found)s are to be asked in case '%(case)s'.",
            element=element.id,
            number=place,
            found=len(bodies),
            case=case.id,
        )
    body = bodies[place - 1]
    asked = ConsultationRow(
        case_id=case.id,
        work_item_id=item.id,
        consultation=body.id,
        asked_at=item.opened_at,
        due_at=item.due_at,
    )
    uow.work.ask(asked)
    if item.role in {role.value for role in OUTSIDE}:  # a body whose reply the executor writes down sees nothing here
        asked.restricted = body.restricted or item.role == Role.SECURITY_DEPARTMENT.value
        _disclose_by_rule(uow, case, asked)
    return body


def _disclose_by_rule(uow: UnitOfWork, case: Case, asked: ConsultationRow) -> None:
    """A body is shown what the applicant filed, but for what is kept inside. Asked again, it is shown what it was shown last, and
    what was filed since."""
    earlier = [row for row in uow.work.consultations(case.id) if row.consultation == asked.consultation and row.id != asked.id]
    numbers = {row.id: place for place, row in enumerate(earlier)}
    known = {
        row.document_id: row for row in sorted(_disclosures(uow, case, numbers), key=lambda row: numbers[row.consultation_id])
    }
    for document in uow.documents.of_application(case.application_id):
        last = known.get(document.id)
        by_rule = document.work_item_id is None and document.kept_inside is None
        if last.withdrawn_at is None if last is not None else by_rule:
            uow.disclosures.add(Disclosure(consultation_id=asked.id, document_id=document.id, at=asked.asked_at))


def _disclosures(uow: UnitOfWork, case: Case, consultations: Container[str]) -> list[Disclosure]:
    return [row for row in uow.disclosures.of_case(case.id) if row.consultation_id in consultations]


def take_reply(uow: UnitOfWork, this: Running, element: Element, item: WorkItem, now: datetime) -> None:
    """A body has replied by finishing its task; those who wait for it are told of its verdict."""
    asked = uow.work.consultation_of(item.id)
    if asked is not None:
        asked.reply, asked.replied_at = item.outcome, item.completed_at
        tell_of_reply(uow, this, element, item, now)


def note_silence(uow: UnitOfWork, this: Running, element: Element, item: WorkItem, now: datetime) -> None:
    """The process has moved on without the body's reply; where the case itself was ended from outside, nobody was silent."""
    case = this.case
    asked = None if case.status.is_final else uow.work.consultation_of(item.id)
    if asked is not None:
        details = {"item": item.id, "consultation": asked.consultation}
        record(uow, case, EventKind.CONSULTATION_SILENT, at=now, actor=SYSTEM, element=element, details=details)
        tell_of_going_on(uow, this, item, now)


def bodies_against(uow: UnitOfWork, passport: Passport, case: Case) -> dict[str, tuple[Text, ...]]:
    """Ground of refusal → the bodies whose newest reply is negative and is this ground. Their words stand nowhere here."""
    newest = {row.consultation: row.reply for row in _in_the_order_asked(uow, case)}
    against = [each for each in passport.consultations if each.ground and newest.get(each.id) == DISAGREES]
    grounds = {each.ground for each in against if each.ground}
    return {ground: tuple(each.body for each in against if each.ground == ground) for ground in grounds}


def bodies_counted_by(process: Process, passport: Passport, counting: Element, names: Names) -> tuple[Consultation, ...]:
    """The bodies that reply at the task repeated as often as this step's flag says."""
    for task in _reply_tasks(process, passport):
        if task.instances is not None and counting.id in compile_expression(task.instances).names:
            return bodies_at(passport, task.id, names)
    raise Invalid("No task at which bodies reply is repeated by the count of '%(element)s'.", element=counting.id)


def replies_before(
    uow: UnitOfWork, process: Process, passport: Passport, case: Case, summing: Element, names: Names
) -> tuple[str, ...]:
    """The newest reply of every body at the tasks this step sums up; empty for a body that did not reply."""
    newest = {row.consultation: row.reply for row in _in_the_order_asked(uow, case)}
    return replies_summed_up(process, passport, summing, names, newest)


def replies_summed_up(
    process: Process, passport: Passport, summing: Element, names: Names, newest: Mapping[str, str]
) -> tuple[str, ...]:
    """The same of replies that are at hand, by the bodies' ids."""
    tasks = _summed_up(process, passport, summing)
    return tuple(newest.get(body.id, "") for task in tasks for body in bodies_at(passport, task, names))


def _in_the_order_asked(uow: UnitOfWork, case: Case) -> list[ConsultationRow]:
    """By the history's numbers: a round of rework may begin in the very moment the one before it ends."""
    opened = (event for event in uow.history.of(case.id) if event.kind == EventKind.WORK_OPENED.value)
    numbers = {event.details["item"]: event.number for event in opened}
    return sorted(uow.work.consultations(case.id), key=lambda row: numbers[row.work_item_id])


def _reply_tasks(process: Process, passport: Passport) -> Iterator[Element]:
    named = {body.at for body in passport.consultations}
    return (element for element in process.elements.values() if element.id in named)


def _summed_up(process: Process, passport: Passport, summing: Element) -> list[str]:
    """The reply tasks that lead to this step, back to where bodies were counted or summed up before."""
    replying = {task.id for task in _reply_tasks(process, passport)}
    found: list[str] = []
    seen = {summing.id}
    waiting = [summing.id]
    while waiting:
        for before in process.follows.get((summing.process, waiting.pop()), ()):
            if before in seen:
                continue
            seen.add(before)
            if before in replying:
                found.append(before)
            if process.elements[summing.process, before].handler not in (COUNTS, SUMS_UP):
                waiting.append(before)
    if not found:
        raise Invalid("No task at which bodies reply leads to the step '%(element)s'.", element=summing.id)
    return found
