"""The one implementation of `HandlerContext`: what a handler does lands in the transaction of the step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.cases.office import Office
from app.domain.case import WorkStatus
from app.domain.errors import HandlerFailed, Invalid, NotFound
from app.domain.events import EventKind
from app.domain.handling import CaseInHand
from app.domain.moves import LATER, CallHandler, Element, HandlerResult, Later, ServiceCall
from app.domain.passport import Passport, Result
from app.domain.people import SYSTEM
from app.history.recording import record
from app.store.tables import Case, Document, Job, Notice
from app.store.unit_of_work import UnitOfWork


class CaseContext:
    """A handler's view of one case during one move."""

    def __init__(self, office: Office, uow: UnitOfWork, case: Case, passport: Passport, element: Element, token: str) -> None:
        self._office, self._uow, self._case, self._token = office, uow, case, token
        self.passport = passport
        self.element = element

    @property
    def case(self) -> CaseInHand:
        case = self._case
        if case.result_due is None:
            raise Invalid("Case '%(case)s' has no term yet.", case=case.id)
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

    def now(self) -> datetime:
        return self._office.clock.now()

    def number_case(self) -> str:
        case = self._case
        if not case.number:
            year = case.registered_on.year
            case.number = f"{year}-{self._uow.cases.next_number(year):05d}"
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


def handlers_of(office: Office, uow: UnitOfWork, case: Case, passport: Passport) -> CallHandler:
    """What the engine calls when a service task of this case begins."""

    def call(service_call: ServiceCall) -> HandlerResult:
        handler = office.handlers.get(service_call.handler)
        if handler is None:
            raise NotFound(
                "The step '%(element)s' asks for the handler '%(handler)s', which is not registered.",
                element=service_call.element.id,
                handler=service_call.handler,
            )
        return handler(CaseContext(office, uow, case, passport, service_call.element, service_call.token))

    return call


def run_on_completion(office: Office, uow: UnitOfWork, case: Case, passport: Passport, element: Element) -> None:
    """A user task may name a handler too: it runs when the person finishes the task, before the case moves on.

    Raises HandlerFailed with the real error, as for a service task.
    """
    if element.handler is None:
        return
    call = handlers_of(office, uow, case, passport)
    try:
        result = call(ServiceCall(element.handler, element, "", {}))
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
