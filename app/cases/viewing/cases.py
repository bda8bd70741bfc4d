"""Cases: one whole, and the search over all."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from app.cases.advancing import Running, running
from app.cases.complaining import linked_to
from app.cases.office import Office
from app.cases.refusals import refusals_are_told
from app.cases.replies import kept_from
from app.cases.viewing.acting import acting_of
from app.cases.viewing.asked import as_asked, view_of_a_body
from app.cases.viewing.history import marks, timeline
from app.cases.viewing.in_process import consultations, extensions, stops, to_disclose
from app.cases.viewing.records import records
from app.cases.viewing.rows import PAGE_SIZE, Passports, document_view, incident_view, item_row, left
from app.domain.case import CaseStatus
from app.domain.errors import Hidden, NotFound
from app.domain.people import OUTSIDE, Actor, Role
from app.domain.permissions import Action, CaseFacts, Sight, may, require, sight_of
from app.domain.views import (
    CaseRow,
    CaseView,
    DecisionView,
    DocumentView,
    ExtensionView,
    LookupView,
    Page,
    StopView,
)
from app.store.tables import Case, WorkItem
from app.store.unit_of_work import UnitOfWork


def visible_case(uow: UnitOfWork, actor: Actor, case_id: str) -> Case:
    """The case if this person may see it as the provider's people or as its applicant; otherwise the same "no such case" as for
    one that is not there. What another body may see of a case, `sighted_case` and the views built on it tell."""
    case, sight = sighted_case(uow, actor, case_id)
    if sight is Sight.ASKED:
        raise _no_such_case(case_id, Hidden)
    return case


def sighted_case(uow: UnitOfWork, actor: Actor, case_id: str) -> tuple[Case, Sight]:
    """The case and how much of it this person may be shown; "no such case" where that is nothing."""
    case = uow.cases.get(case_id)
    if case is None:
        raise _no_such_case(case_id, NotFound)
    if not may(actor, Action.VIEW_CASE, facts := _facts_of(uow, actor, case)):
        raise _no_such_case(case_id, Hidden)
    sight = sight_of(actor, facts)
    assert sight is not None, "the permission table and the sight say the same"
    return case, sight


def _no_such_case(case_id: str, kind: type[NotFound]) -> NotFound:
    return kind("There is no case '%(id)s'.", id=case_id)


def _facts_of(uow: UnitOfWork, actor: Actor, case: Case) -> CaseFacts:
    asked = frozenset() if actor.is_inside else uow.work.asked_of(case.id, _OUTSIDE)
    return CaseFacts(case.applicant_iin, case.applicant_bin, asked, case.applicant_id, case.service)


_OUTSIDE = frozenset(role.value for role in OUTSIDE)


@refusals_are_told
def case(office: Office, actor: Actor, case_id: str) -> CaseView:
    with office.reading() as uow:
        return case_view(office, uow, running(office, uow, sighted_case(uow, actor, case_id)[0]), actor)


def diagram(office: Office, actor: Actor, case_id: str) -> bytes:
    with office.reading() as uow:
        version = uow.processes.get(visible_case(uow, actor, case_id).version_id)
        if version is None:
            raise NotFound("There is no case '%(id)s'.", id=case_id)
        return uow.processes.bundle(version).files["process.bpmn"]


def cases(office: Office, actor: Actor, *, query: str = "", status: CaseStatus | None = None, page: int = 1) -> Page[CaseRow]:
    """The search; other bodies find the cases in which they were asked, whatever has come of them."""
    require(actor, Action.SEARCH_CASES)
    now = office.clock.now()
    status = None if _is_of_another_body(actor) else status
    with office.reading() as uow:
        found, total = uow.cases.search(actor, words=query, status=status, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
        passports = Passports(uow)
        rows = [_row(each, passports, now) for each in found]
        if _is_of_another_body(actor):
            rows = list(as_asked(office, uow, found, actor, rows))
    return Page(tuple(rows), page, PAGE_SIZE, total)


def _is_of_another_body(actor: Actor) -> bool:
    return not actor.is_inside and bool(actor.roles & OUTSIDE)


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
    sight = sight_of(actor, _facts_of(uow, actor, this.case))
    if sight is Sight.ASKED:
        return view_of_a_body(office, uow, this, actor)
    found, now = this.case, office.clock.now()
    terms = office.terms(this.passport)
    application = uow.cases.application(found.application_id)
    items = uow.work.all_of(found.id)
    replies = uow.cases.replies(found.id)
    decision = uow.cases.last_decision(found.id)
    events = uow.history.of(found.id)
    staff = sight is Sight.WHOLE
    hidden = kept_from(uow, found, actor) if this.passport.consultations else frozenset()
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
        documents=_documents(office, uow, found, staff=staff, hidden=hidden),
        lookups=tuple(LookupView(r.register, r.number, r.found, r.data, r.answered_at, r.simulated) for r in replies),
        items=tuple(item_row(office, this, item, person, actor) for item, person in items if staff or _asked(item)),
        records=tuple(records(uow, this, items, hidden)) if staff else (),
        marks=tuple(marks(this, [item for item, _ in items], events, now)),
        timeline=tuple(timeline(uow, this, events, staff=staff)),
        decision=DecisionView(decision.outcome, tuple(decision.grounds), decision.rationale, decision.decided_at)
        if decision and (staff or found.status.is_final)
        else None,
        incidents=tuple(incident_view(i, n) for i, n in uow.cases.incidents(found.id)) if staff else (),
        simulated=any(r.simulated for r in replies),
        stops=tuple(told(stop, staff) for stop in stops(uow, this)),
        extensions=tuple(told(longer, staff) for longer in extensions(uow, this)),
        consultations=tuple(consultations(office, uow, this, actor, events)) if staff else (),
        to_disclose=tuple(to_disclose(uow, this, actor)) if staff else (),
        sight=sight or Sight.OWN,
        own=may(actor, Action.COMPLAIN, CaseFacts(found.applicant_iin, found.applicant_bin)),
        linked=tuple(_row(each, Passports(uow), now) for each in linked_to(uow, found)),
    )


Decided = TypeVar("Decided", StopView, ExtensionView)


def told(decided: Decided, staff: bool) -> Decided:
    """The applicant is told the reason and not by whom: he sees roles, no names."""
    return decided if staff else replace(decided, by="")


def _asked(item: WorkItem) -> bool:
    return item.role == Role.APPLICANT.value


def _documents(office: Office, uow: UnitOfWork, found: Case, *, staff: bool, hidden: Container[str]) -> tuple[DocumentView, ...]:
    """Staff see all that is signed or attached; the applicant his own and what was delivered."""
    documents = uow.documents.of_application(found.application_id)
    signatures = uow.documents.signatures([d.id for d in documents])
    acting = acting_of(office, uow, [s for each in signatures.values() for s in each], found.service)
    return tuple(
        document_view(d, signatures[d.id], acting)
        for d in documents
        if d.work_item_id is None or d.delivered_at is not None or (staff and signatures[d.id] and d.work_item_id not in hidden)
    )
