"""The control card of a case ("бақылау парағы"): on one paper what came in, who was to do it, by when, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.cases.advancing import Running, running
from app.cases.office import Office
from app.cases.viewing.appointing import resolutions_of
from app.cases.viewing.cases import case_view, visible_case
from app.domain.case import WorkStatus
from app.domain.people import Actor
from app.domain.permissions import Action, require
from app.domain.text import Text
from app.domain.views import CaseView, DocumentView
from app.gateways.office_papers import CONTROL_CARD
from app.store.tables import WorkItem
from app.store.unit_of_work import UnitOfWork

TITLES = {"kk": "Бақылау парағы", "ru": "Контрольный лист"}


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step of the case with its term; moments on the country's clock."""

    step: Text
    paragraph: str
    limit: str
    role: Text
    due_at: datetime | None
    done_at: datetime | None
    person: str
    on_behalf_of: str
    outcome: Text
    in_time: bool


def control_card(office: Office, actor: Actor, case_id: str, language: str) -> tuple[str, bytes]:
    """The card as PDF with the case's number. Whoever may not see the case is told that there is none."""
    require(actor, Action.PRINT_CONTROL_CARD)
    with office.reading() as uow:
        this = running(office, uow, visible_case(uow, actor, case_id))
        view = case_view(office, uow, this, actor)
        values = {**_of_case(office, uow, this, view), "steps": list(_steps(office, uow, this)), "printed_by": actor.name}
    return view.number, office.letters.pdf(CONTROL_CARD, values, language=language, title=TITLES[language])


def _of_case(office: Office, uow: UnitOfWork, this: Running, view: CaseView) -> dict[str, object]:
    case = this.case
    executor = uow.people.get(case.executor_id) if case.executor_id else None
    results = {result.id for result in this.passport.results}
    return {
        "case": view,
        "passport": this.passport,
        "channel": case.channel,
        "is_organisation": bool(case.applicant_bin),
        "received": office.local(case.received_at),
        "registered": office.local(case.registered_at),
        "due": _local(office, case.result_due),
        "ended": _local(office, case.ended_at),
        "sheets": view.answers.get(this.passport.application.id, {}).get("sheets", ""),
        "documents": [document for document in view.documents if document.kind not in results],
        "results": [_result(office, document) for document in view.documents if document.kind in results and document.signatures],
        "resolutions": [(each, office.local(each.at)) for each in resolutions_of(view.records)],
        "executor": executor.name if executor else "",
        "executor_position": Text(**executor.position) if executor and executor.position else Text.empty(),
        "stops": [(each, _local(office, each.stopped_at), _local(office, each.resumed_at)) for each in view.stops],
        "extensions": [
            (each.term, each.reason, _local(office, each.at), _local(office, each.due_after))
            for each in uow.cases.extensions(case.id)
        ],
        "today": office.today(),
    }


def _result(office: Office, document: DocumentView) -> tuple[DocumentView, list[tuple[object, datetime]]]:
    return document, [(each, office.local(each.signed_at)) for each in document.signatures]


def _local(office: Office, moment: datetime | None) -> datetime | None:
    return office.local(moment) if moment else None


def _steps(office: Office, uow: UnitOfWork, this: Running) -> Iterator[StepLine]:
    for item, person in uow.work.all_of(this.case.id):
        if item.status is WorkStatus.OBSOLETE:
            continue
        element = this.element(item.process, item.element)
        yield StepLine(
            step=element.label,
            paragraph=element.paragraph or "",
            limit=element.limit or "",
            role=this.passport.role(item.role).title,
            due_at=_local(office, item.due_at),
            done_at=_local(office, item.completed_at),
            person=person.name if person else "",
            on_behalf_of=item.on_behalf_of,
            outcome=next((each.label for each in element.outcomes if each.id == item.outcome), Text.empty()),
            in_time=_in_time(office, item),
        )


def _in_time(office: Office, item: WorkItem) -> bool:
    return item.due_at is None or (item.completed_at or office.clock.now()) <= item.due_at
