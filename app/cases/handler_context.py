"""The one implementation of `HandlerContext`: what a handler does lands in the transaction of the step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from app.cases.consulting import bodies_counted_by, names_of_case, replies_before
from app.cases.office import Office
from app.domain.case import WorkStatus
from app.domain.errors import Declined, HandlerFailed, Invalid, NotFound
from app.domain.events import EventKind
from app.domain.handling import CaseInHand, Handler
from app.domain.moves import LATER, CallHandler, Element, HandlerResult, Later, ServiceCall
from app.domain.passport import Consultation, Result
from app.domain.people import SYSTEM, Role
from app.domain.ports import Verdict
from app.history.recording import record
from app.store.tables import Document, Job, Notice
from app.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from app.cases.advancing import Running


class CaseContext:
    """A handler's view of one case during one move."""

    def __init__(
        self,
        office: Office,
        uow: UnitOfWork,
        this: Running,
        element: Element,
        token: str,
        step_answers: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self._office, self._uow, self._case, self._process, self._token = office, uow, this.case, this.process, token
        self.passport = this.passport
        self.element = element
        self.step_answers = step_answers

    @property
    def case(self) -> CaseInHand:
        case = self._case
        return CaseInHand(
            id=case.id,
            number=case.number,
            service=case.service,
            variant=case.variant,
            applicant_name=case.applicant_name,
            applicant_iin=case.applicant_iin,
            applicant_bin=case.applicant_bin,
            received_at=case.received_at,
            registered_on=case.registered_on,
            result_due=case.result_due,
        )

    @property
    def answers(self) -> Mapping[str, Mapping[str, Any]]:
        application = self._uow.cases.application(self._case.application_id)
        if application is None:
            raise NotFound("Case '%(case)s' has no application.", case=self._case.id)
        return application.answers

    @property
    def names(self) -> Mapping[str, Any]:
        return names_of_case(self._uow, self.passport, self._case)

    def answered(self, form: str) -> Mapping[str, Any]:
        for item, _ in reversed(self._uow.work.all_of(self._case.id)):
            element = self._process.elements[item.process, item.element]
            if element.form == form and item.status is WorkStatus.COMPLETED and item.answers is not None:
                return item.answers
        return MappingProxyType({})

    def last_day(self, term: str) -> date:
        terms = self._office.terms(self.passport)
        return self._office.civil_day(terms.deadline(term, self.now()))

    def working_days_until(self, day: date) -> int:
        terms = self._office.terms(self.passport)
        return terms.schedule.calendar(terms.calendar).working_days_between(self._office.today(), day)

    def bodies_to_ask(self) -> tuple[Consultation, ...]:
        return bodies_counted_by(self._process, self.passport, self.element, self.names)

    def replies(self) -> tuple[str, ...]:
        return replies_before(self._uow, self._process, self.passport, self._case, self.element, self.names)

    def is_signed_validly(self) -> bool:
        documents = self._uow.documents.of_application(self._case.application_id)
        signatures = [each for found in self._uow.documents.signatures([d.id for d in documents]).values() for each in found]
        return bool(signatures) and all(each.verdict == Verdict.VALID.value for each in signatures)

    def last_hand_holds_role(self) -> bool:
        done = [item for item, _ in self._uow.work.all_of(self._case.id) if item.completed_at is not None]
        last = max(done, key=lambda item: item.completed_at or self.now(), default=None)
        holders = self._uow.people.acting_in(Role(last.role), self._office.today()) if last else []
        return last is not None and last.completed_by in holders

    def registers_know_applicant(self) -> bool:
        return all(reply.found for reply in self._uow.cases.replies(self._case.id))

    def now(self) -> datetime:
        return self._office.clock.now()

    def number_case(self) -> str:
        case = self._case
        if not case.number:
            year = case.registered_on.year
            case.number = f"{year}-{self._uow.cases.next_number('', year):05d}"
            self._uow.cases.find_by_number(case)
            details = {"number": case.number, "registered_on": case.registered_on.isoformat()}
            record(self._uow, case, EventKind.CASE_REGISTERED, at=self.now(), actor=SYSTEM, element=self.element, details=details)
        return case.number

    def signed_result(self) -> Result:
        return self._last_signed()[0]

    def _last_signed(self) -> tuple[Result, Document]:
        for item, _ in reversed(self._uow.work.all_of(self._case.id)):
            result = self.passport.result_signed_at(item.element)
            if item.status is not WorkStatus.COMPLETED or result is None or item.completed_by is None:
                continue
            printed = self._uow.documents.of_work_item(item.id, item.completed_by)
            signed = self._uow.documents.signatures([document.id for document in printed])
            for document in printed:
                if signed[document.id]:
                    return result, document
        raise Invalid("Case '%(case)s' has no signed result to deliver.", case=self._case.id)

    def tell_applicant(self, template: str, values: Mapping[str, Any], *, letter: str | None = None) -> None:
        document = None
        if letter is not None:
            _, document = self._last_signed()
            self._uow.documents.delivered(document, self.now())
            record(
                self._uow,
                self._case,
                EventKind.LETTER_DELIVERED,
                at=self.now(),
                actor=SYSTEM,
                element=self.element,
                details={"document": document.id, "kind": document.kind, "sha256": document.sha256},
            )
        self._uow.notices.add(
            Notice(
                user_id=self._case.applicant_id,
                case_id=self._case.id,
                at=self.now(),
                template=template,
                values=dict(values),
                document_id=document.id if document else None,
            )
        )

    def request(self, job: str, payload: Mapping[str, Any]) -> Later:
        row = self._uow.timing.add_job(
            Job(
                case_id=self._case.id,
                token=self._token,
                element=self.element.id,
                name=job,
                request=dict(payload),
                run_at=self.now(),
            )
        )
        record(
            self._uow,
            self._case,
            EventKind.JOB_REQUESTED,
            at=self.now(),
            actor=SYSTEM,
            element=self.element,
            details={"job": row.id, "name": job},
        )
        return LATER


def handlers_of(office: Office, uow: UnitOfWork, this: Running) -> CallHandler:
    """What the engine calls when a service task of this case begins."""

    def call(service_call: ServiceCall) -> HandlerResult:
        handler = _handler(office, service_call.handler, service_call.element)
        return handler(CaseContext(office, uow, this, service_call.element, service_call.token))

    return call


def _handler(office: Office, name: str, element: Element) -> Handler:
    handler = office.handlers.get(name)
    if handler is None:
        raise NotFound(
            "The step '%(element)s' asks for the handler '%(handler)s', which is not registered.",
            element=element.id,
            handler=name,
        )
    return handler


def run_on_completion(office: Office, uow: UnitOfWork, this: Running, element: Element, answers: Mapping[str, Any]) -> None:
    """A user task may name a handler too: it runs when the person finishes the task, before the case moves on.

    What the handler finds wrong in the answers (Invalid, Declined) is the person's to mend and comes back as it is; raises
    HandlerFailed with the real error for anything else, as for a service task.
    """
    if element.handler is None:
        return
    handler = _handler(office, element.handler, element)
    try:
        result = handler(CaseContext(office, uow, this, element, "", answers))
    except (Invalid, Declined):
        raise
    except Exception as error:
        raise HandlerFailed(
            "The handler %(handler)s of the step %(element)s failed: %(kind)s: %(error)s",
            handler=element.handler,
            element=element.id,
            kind=type(error).__name__,
            error=error,
        ) from error
    if result is LATER:
        raise Invalid(
            "The handler '%(handler)s' of the user task '%(element)s' may not answer later.",
            handler=element.handler,
            element=element.id,
        )
