"""Cases: one whole, and the search over all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from app.cases.advancing import Running, running
from app.cases.complaining import linked_to
from app.cases.office import Office
from app.cases.viewing.history import marks, timeline
from app.cases.viewing.in_process import consultations, stops
from app.cases.viewing.rows import PAGE_SIZE, Passports, document_view, incident_view, item_row, left
from app.domain.case import CaseStatus, WorkStatus
from app.domain.errors import NotFound
from app.domain.people import OUTSIDE, Actor, Role
from app.domain.permissions import Action, CaseFacts, may, require
from app.domain.text import Text
from app.domain.views import (
    CaseRow,
    CaseView,
    DecisionView,
    DocumentView,
    LookupView,
    Page,
    StepRecord,
)
from app.store.tables import Case, User, WorkItem
from app.store.unit_of_work import UnitOfWork


def visible_case(uow: UnitOfWork, actor: Actor, case_id: str) -> Case:
    """The case if this person may see it; otherwise the same "no such case" as for one that is not there."""
    case = uow.cases.get(case_id)
    if case is None or not may(actor, Action.VIEW_CASE, _facts_of(uow, actor, case)):
        raise NotFound("There is no case '%(id)s'.", id=case_id)
    return case


def _facts_of(uow: UnitOfWork, actor: Actor, case: Case) -> CaseFacts:
    asked = frozenset() if actor.is_inside else uow.work.asked_of(case.id, _OUTSIDE)
    return CaseFacts(case.applicant_iin, case.applicant_bin, asked)


_OUTSIDE = frozenset(role.value for role in OUTSIDE)


def case(office: Office, actor: Actor, case_id: str) -> CaseView:
    with office.reading() as uow:
        return case_view(office, uow, running(office, uow, visible_case(uow, actor, case_id)), actor)


def diagram(office: Office, actor: Actor, case_id: str) -> bytes:
    with office.reading() as uow:
        version = uow.processes.get(visible_case(uow, actor, case_id).version_id)
        if version is None:
            raise NotFound("There is no case '%(id)s'.", id=case_id)
        return uow.processes.bundle(version).files["process.bpmn"]


def cases(office: Office, actor: Actor, *, query: str = "", status: CaseStatus | None = None, page: int = 1) -> Page[CaseRow]:
    require(actor, Action.SEARCH_CASES)
    now = office.clock.now()
    with office.reading() as uow:
        found, total = uow.cases.search(actor, words=query, status=status, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
        passports = Passports(uow)
        rows = [_row(each, passports, now) for each in found]
    return Page(tuple(rows), page, PAGE_SIZE, total)


def _row(case: Case, passports: Passports, now: datetime) -> CaseRow:
    return CaseRow(
        case.id,
        case.number,
        passports.of(case.version_id).title,
        case.applicant_name,
        case.status,
        case.received_at,
        case.result_due,
        case.result_due is not None and (case.ended_at or now) > case.result_due,
    )


def case_view(office: Office, uow: UnitOfWork, this: Running, actor: Actor) -> CaseView:
    found, now = this.case, office.clock.now()
    terms = office.terms(this.passport)
    application = uow.cases.application(found.application_id)
    items = uow.work.all_of(found.id)
    replies = uow.cases.replies(found.id)
    decision = uow.cases.last_decision(found.id)
    events = uow.history.of(found.id)
    staff = actor.is_staff
    return CaseView(
        id=found.id,
        number=found.number,
        service=found.service,
        title=this.passport.title,
        variant=this.passport.variant(found.variant).title,
        passport=this.passport,
        status=found.status,
        applicant=found.applicant_name,
        applicant_number=found.applicant_bin or found.applicant_iin,
        received_at=found.received_at,
        registered_on=found.registered_on,
        result_due=found.result_due,
        left=None if found.status.is_final else left(terms, now, found.result_due),
        ended_at=found.ended_at,
        answers=application.answers if application else {},
        documents=_documents(uow, found, actor),
        lookups=tuple(LookupView(r.register, r.number, r.found, r.data, r.answered_at, r.simulated) for r in replies),
        items=tuple(item_row(office, this, item, person, actor) for item, person in items if staff or _asked(item)),
        records=tuple(_records(this, items)) if staff else (),
        marks=tuple(marks(this, [item for item, _ in items], events, now)),
        timeline=tuple(timeline(uow, this, events, staff=staff)),
        decision=DecisionView(decision.outcome, tuple(decision.grounds), decision.rationale, decision.decided_at)
        if decision and (staff or found.status.is_final)
        else None,
        incidents=tuple(incident_view(i, n) for i, n in uow.cases.incidents(found.id)) if staff else (),
        simulated=any(r.simulated for r in replies),
        consultations=tuple(consultations(uow, this)) if staff else (),
        stops=tuple(stops(uow, this)),
        own=may(actor, Action.COMPLAIN, CaseFacts(found.applicant_iin, found.applicant_bin)),
        linked=tuple(_row(each, Passports(uow), now) for each in linked_to(uow, found)),
    )


def _asked(item: WorkItem) -> bool:
    return item.role == Role.APPLICANT.value


def _records(this: Running, items: Sequence[tuple[WorkItem, User | None]]) -> Iterable[StepRecord]:
    """What was answered at each finished step, for those who work the next ones."""
    for item, person in items:
        if item.status is not WorkStatus.COMPLETED or item.completed_at is None:
            continue
        element = this.process.elements[item.process, item.element]
        outcome = next((each.label for each in element.outcomes if each.id == item.outcome), Text(item.outcome))
        form = this.passport.form(element.form) if element.form else None
        name = person.name if person else ""
        yield StepRecord(element.label, name, item.completed_at, outcome, form, item.answers or {}, item.on_behalf_of)


def _documents(uow: UnitOfWork, found: Case, actor: Actor) -> tuple[DocumentView, ...]:
    """Staff see all that is signed or attached; the applicant his own and what was delivered."""
    documents = uow.documents.of_application(found.application_id)
    signatures = uow.documents.signatures([d.id for d in documents])
    return tuple(
        document_view(d, signatures[d.id])
        for d in documents
        if d.work_item_id is None or d.delivered_at is not None or (actor.is_staff and signatures[d.id])
    )
