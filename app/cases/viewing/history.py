"""A case's events as people read them, and the marks they leave on the diagram."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.cases.advancing import Running
from app.domain.case import WorkStatus
from app.domain.events import EventKind
from app.domain.moves import Element
from app.domain.text import Text
from app.domain.views import (
    StepMark,
    TimelineEntry,
)
from app.store.tables import HistoryEvent, WorkItem
from app.store.unit_of_work import UnitOfWork


def marks(this: Running, items: Sequence[WorkItem], events: Sequence[HistoryEvent], now: datetime) -> Iterable[StepMark]:
    """Done, waiting, overdue; what waits is said last, so that a step done once and open again shows as open."""
    for element in dict.fromkeys(event.element for event in events if event.kind in _DONE and event.element):
        yield StepMark(element, "done")
    for item in items:
        if item.status in (WorkStatus.READY, WorkStatus.RESERVED):
            yield StepMark(item.element, "overdue" if item.due_at and item.due_at < now else "waiting")
    if not this.case.status.is_final and (asked := _unanswered(events)):
        yield StepMark(asked, "waiting")


_DONE = {EventKind.STEP_PASSED.value, EventKind.WORK_COMPLETED.value}


def _unanswered(events: Sequence[HistoryEvent]) -> str | None:
    """The step whose outside call has not been answered yet."""
    last = next((e for e in reversed(events) if e.kind in (EventKind.JOB_REQUESTED.value, EventKind.JOB_ANSWERED.value)), None)
    return last.element if last is not None and last.kind == EventKind.JOB_REQUESTED.value else None


_STAFF_ONLY = {
    EventKind.PRIORITY_SET.value,
    EventKind.DOCUMENT_DISCLOSED.value,
    EventKind.DISCLOSURE_WITHDRAWN.value,
    EventKind.WORK_CLAIMED.value,
    EventKind.WORK_RELEASED.value,
    EventKind.WORK_DECLINED.value,
    EventKind.ACTION_REFUSED.value,
    EventKind.COMMENT_WRITTEN.value,
    EventKind.REMINDED.value,
    EventKind.BODY_ASKED_AGAIN.value,
    EventKind.ESCALATED.value,
    EventKind.JOB_FAILED.value,
    EventKind.INCIDENT_OPENED.value,
    EventKind.INCIDENT_RESOLVED.value,
    EventKind.WORK_OBSOLETED.value,
}


def timeline(uow: UnitOfWork, this: Running, events: Sequence[HistoryEvent], *, staff: bool) -> Iterable[TimelineEntry]:
    """The applicant sees roles instead of names, and not how the office divides its work."""
    elements = {name: element for (_, name), element in this.process.elements.items()}
    appointed = [event.details[name] for event in events for name in ("executor", "to") if name in event.details]
    names = uow.people.names(appointed) if staff else {}
    titles = _titles(uow, this, events)
    former = {name: Text(**label) for event in events for name, label in event.details.get("former_labels", {}).items()}
    for event in events:
        if not staff and event.kind in _STAFF_ONLY:
            continue
        own = event.actor_id == this.case.applicant_id
        element = elements.get(event.element)
        yield TimelineEntry(
            number=event.number,
            at=event.at,
            kind=EventKind(event.kind),
            actor=event.actor_name if staff or own else "",
            role=event.role,
            on_behalf_of=event.on_behalf_of if staff else "",
            element=event.element,
            element_label=element.label if element else former.get(event.element, Text("")),
            paragraph=event.paragraph,
            details=_in_words(this, event, element, names, titles) if staff else {},
        )


def _titles(uow: UnitOfWork, this: Running, events: Sequence[HistoryEvent]) -> Mapping[str, Text]:
    """Of the documents that were shown to bodies, where there are any."""
    if all(event.kind not in _OF_DISCLOSURE for event in events):
        return {}
    return {document.id: Text(**document.title) for document in uow.documents.of_application(this.case.application_id)}


_OF_DISCLOSURE = {EventKind.DOCUMENT_DISCLOSED.value, EventKind.DISCLOSURE_WITHDRAWN.value}


def _in_words(
    this: Running, event: HistoryEvent, element: Element | None, names: Mapping[str, str], titles: Mapping[str, Text]
) -> dict[str, Any]:
    """The event's details, ids of people, bodies and outcomes said in words: the history itself keeps ids alone."""
    details = dict(event.details)
    if "executor" in details:
        details["executor"] = names.get(details["executor"], "")
    if details.get("to") in names:  # a person; whom a delay was told to is a role
        details["to"] = names[details["to"]]
    if "consultation" in details:
        details["consultation"] = next(body.body for body in this.passport.consultations if body.id == details["consultation"])
    if event.kind in _OF_DISCLOSURE:
        details["shown"] = titles.get(details["document"], "")
    for name in ("stood_before", "stood_after"):
        if name in details:
            details[name] = _standing_in_words(this, details[name], details["former_labels"])
    if "outcome" in details:
        labels = {outcome.id: outcome.label for outcome in element.outcomes} if element is not None else {}
        details["outcome"] = labels.get(details["outcome"], Text(details["outcome"]))
    return details


def _standing_in_words(this: Running, said: Mapping[str, Any], former: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What stood open when a case was moved between versions, by the labels of both."""
    labels = {name: Text(**label) for name, label in former.items()}
    labels |= {name: element.label for (_, name), element in this.process.elements.items()}
    return [{"step": labels.get(each["step"], Text(each["step"])), "due": each["due"]} for each in said["open"]]
