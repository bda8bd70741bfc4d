"""A case as another body sees it: what it is asked, what was disclosed to it, its own reply and its own part of the history.

Everything here is built from the body's own requests and from what it is shown; the rest of the case is not even read.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.cases.advancing import Running
from app.cases.office import Office
from app.cases.viewing.history import marks, timeline
from app.cases.viewing.in_process import consultations
from app.cases.viewing.records import records
from app.cases.viewing.rows import Runs, document_view, item_row
from app.domain.case import WorkStatus
from app.domain.events import EventKind
from app.domain.people import Actor
from app.domain.permissions import Sight
from app.domain.views import CaseRow, CaseView, TimelineEntry
from app.store.tables import Case, Document, HistoryEvent, User, WorkItem
from app.store.unit_of_work import UnitOfWork

_TOLD = {
    EventKind.WORK_OPENED.value,
    EventKind.WORK_CLAIMED.value,
    EventKind.WORK_RELEASED.value,
    EventKind.WORK_ASSIGNED.value,
    EventKind.WORK_COMPLETED.value,
    EventKind.WORK_OBSOLETED.value,
    EventKind.BODY_ASKED_AGAIN.value,
    EventKind.CONSULTATION_SILENT.value,
    EventKind.DOCUMENT_DISCLOSED.value,
    EventKind.DISCLOSURE_WITHDRAWN.value,
    EventKind.DOCUMENT_SIGNED.value,
}
"""What is told to a body of its own requests; how the provider divides its work is not."""


def view_of_a_body(office: Office, uow: UnitOfWork, this: Running, actor: Actor) -> CaseView:
    found, now = this.case, office.clock.now()
    items = uow.work.requests_to(actor, found.id)
    own = {item.id: item.role for item, _ in items}
    events = [event for event in uow.history.of(found.id) if event.kind in _TOLD and event.details.get("item") in own]
    documents = shown_documents(uow, found.id, actor, own)
    signatures = uow.documents.signatures([document.id for document in documents])
    return CaseView(
        id=found.id,
        number=found.number,
        service=found.service,
        title=this.passport.title,
        variant=this.passport.variant(found.variant).title,
        passport=this.passport,
        status=None,
        applicant=found.applicant_name,
        applicant_number=found.applicant_bin or found.applicant_iin,
        received_at=found.received_at,
        registered_on=found.registered_on,
        result_due=None,
        left=None,
        ended_at=None,
        answers=_disclosed_answers(uow, this, documents),
        documents=tuple(document_view(document, signatures[document.id]) for document in documents),
        lookups=(),
        items=tuple(item_row(office, this, item, person, actor) for item, person in items),
        records=tuple(records(uow, this, items, ())),
        marks=tuple(marks(this, [item for item, _ in items], events, now)),
        timeline=tuple(_own_part(uow, this, events, frozenset(own.values()), documents)),
        decision=None,
        consultations=tuple(each for each in consultations(office, uow, this, actor, events, only=own)),
        sight=Sight.ASKED,
    )


def shown_documents(uow: UnitOfWork, case_id: str, actor: Actor, own: Mapping[str, str]) -> list[Document]:
    """What is disclosed to the person's body, and what was printed and signed at its own requests."""
    shown = uow.disclosures.shown_to(actor, case_id)
    at_own = [document for item_id in own for document in uow.documents.at_work_item(item_id)]
    signed = uow.documents.signatures([document.id for document in at_own])
    known = {document.id for document in shown}
    return shown + [document for document in at_own if document.id not in known and signed[document.id]]


def _disclosed_answers(uow: UnitOfWork, this: Running, documents: list[Document]) -> Mapping[str, Mapping[str, Any]]:
    """The forms of the application whose prints are shown: what a print says may be read beside it, and nothing else."""
    application = uow.cases.application(this.case.application_id)
    kinds = {document.kind for document in documents if document.printed and document.work_item_id is None}
    forms = {rule.form for rule in this.passport.variant(this.case.variant).documents if rule.form and rule.id in kinds}
    return {form: answers for form, answers in application.answers.items() if form in forms} if application else {}


def _own_part(
    uow: UnitOfWork,
    this: Running,
    events: list[HistoryEvent],
    roles: frozenset[str],
    documents: list[Document],
) -> Iterator[TimelineEntry]:
    """The body's own part of the history, numbered by itself: the chain's numbers would count what else happened. Its own
    people stand in it by name, the provider's by their role."""
    known = {document.id for document in documents}
    for number, entry in enumerate(timeline(uow, this, events, staff=True), start=1):
        own = entry.role in roles
        yield replace(
            entry,
            number=number,
            actor=entry.actor if own else "",
            on_behalf_of=entry.on_behalf_of if own else "",
            details={
                name: said
                for name, said in entry.details.items()
                if name in _DETAILS and (name != "shown" or _is_shown(entry, known))
            },
        )


def _is_shown(entry: TimelineEntry, documents: Container[str]) -> bool:
    """A document that was withdrawn is no longer named either."""
    return entry.details.get("document") in documents


_DETAILS = frozenset({"outcome", "consultation", "shown", "due", "in_time"})


def as_asked(office: Office, uow: UnitOfWork, cases: Sequence[Case], actor: Actor, rows: Sequence[CaseRow]) -> Iterator[CaseRow]:
    """Lines of the search as another body may see them: what it was asked last; how the case stands and ends is not told."""
    runs, newest = Runs(office, uow), {}
    by_age = sorted(uow.work.requests_to(actor, *(case.id for case in cases)), key=_waiting_last)
    for item, person in by_age:
        newest[item.case_id] = item, person
    for case, row in zip(cases, rows, strict=True):
        if found := newest.get(case.id):
            request = item_row(office, runs.of(case), *found, actor)
            row = replace(row, status=None, result_due=None, overdue=False, request=request)
        yield row  # as it is where the person began the case himself


def _waiting_last(request: tuple[WorkItem, User | None]) -> tuple[bool, datetime]:
    item, _ = request
    return item.status in (WorkStatus.READY, WorkStatus.RESERVED), item.opened_at
