"""Where a rehearsed case stands: what is open and for whom, until when, and what is late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.cases.advancing import Running
from app.cases.completeness import lines_of
from app.cases.design.stage import Stage
from app.cases.letters import prefilled
from app.domain.case import CaseStatus, IncidentStatus, TimerKind, WorkStatus
from app.domain.checklist import Line, checklist_field
from app.domain.events import EventKind
from app.domain.moves import Element, ElementKind
from app.domain.passport import Form
from app.domain.rehearsal import SERVICE, Doing
from app.domain.text import Text
from app.store.tables import Case, WorkItem
from app.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step that waits for somebody. `given` is what its form holds before anybody types."""

    element: Element
    label: Text
    instance: int | None
    body: Text | None  # whose reply it is, where a body is asked
    role_id: str
    role: Text
    limit: str | None
    due: datetime | None
    is_late: bool
    form: Form | None
    given: Mapping[str, Any]
    lines: tuple[Line, ...]

    def is_meant_by(self, step: Doing) -> bool:
        return self.element.id == step.element and step.instance in (None, self.instance)


@dataclass(frozen=True, slots=True)
class DrawnTimer:
    """A timer of the diagram that runs."""

    element: str
    label: Text
    due: datetime


@dataclass(frozen=True, slots=True)
class Breach:
    """A term that was not kept: `of` is the step's id, or `SERVICE`; `done_at` None: it is still open."""

    of: str
    label: Text | None
    due: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    now: datetime
    number: str
    status: CaseStatus
    end: str  # the end event's id; empty while the case is open
    end_label: Text | None
    open: tuple[OpenStep, ...]
    timers: tuple[DrawnTimer, ...]
    service_due: datetime | None
    breaches: tuple[Breach, ...]
    current: tuple[str, ...]  # element ids
    passed: tuple[str, ...]  # element ids, each once, in order
    incidents: tuple[str, ...]


def standing_of(stage: Stage) -> Standing:
    with stage.office.reading() as uow:
        this, now = stage.running(uow), stage.scratch.clock.now()
        case = this.case
        items = [item for item, _ in uow.work.all_of(case.id)]
        waiting = [item for item in items if item.completed_at is None and item.status is not WorkStatus.OBSOLETE]
        bodies = {row.work_item_id: row.consultation for row in uow.work.consultations(case.id)}
        passed = _passed(uow, this, items)
        end = _end(this, passed) if case.status.is_final else None
        drawn = [t for t in uow.timing.running_of(case.id) if t.kind is TimerKind.PROCESS]
        timers = tuple(DrawnTimer(t.element, this.element_named(t.element).label, t.due_at) for t in drawn)
        return Standing(
            now=now,
            number=case.number,
            status=case.status,
            end=end.id if end else "",
            end_label=end.label if end else None,
            open=tuple(_open(stage, uow, this, item, bodies.get(item.id), now) for item in waiting),
            timers=tuple(sorted(timers, key=lambda each: each.due)),
            service_due=case.result_due,
            breaches=tuple(_breaches(this, items, now)),
            current=tuple(dict.fromkeys([*(item.element for item in waiting), *(each.element for each in timers)])),
            passed=passed,
            incidents=tuple(
                incident.sentence for incident, _ in uow.cases.incidents(case.id) if incident.status is IncidentStatus.OPEN
            ),
        )


def _open(stage: Stage, uow: UnitOfWork, this: Running, item: WorkItem, body: str | None, now: datetime) -> OpenStep:
    element = this.element(item.process, item.element)
    form = this.passport.form(element.form) if element.form else None
    return OpenStep(
        element=element,
        label=element.label,
        instance=item.instance,
        body=this.passport.consultation(body).body if body else None,
        role_id=item.role,
        role=_role(this, item.role),
        limit=element.limit,
        due=item.due_at,
        is_late=item.due_at is not None and now > item.due_at,
        form=form,
        given=prefilled(stage.office, uow, this, item),
        lines=lines_of(uow, this) if checklist_field(form) else (),
    )


def _role(this: Running, role: str) -> Text:
    return next((each.title for each in this.passport.roles if each.id == role), Text(role))


def _passed(uow: UnitOfWork, this: Running, items: Iterable[WorkItem]) -> tuple[str, ...]:
    """The steps that are behind the case, a person's and the system's, in the order they were first passed."""
    told = [event.element for event in uow.history.of(this.case.id) if event.kind in _PASSED]
    done = {item.element for item in items if item.completed_at is not None}
    return tuple(dict.fromkeys(each for each in (*told, *done) if each))


_PASSED = (EventKind.STEP_PASSED.value, EventKind.WORK_COMPLETED.value, EventKind.TIMER_FIRED.value)


def _end(this: Running, passed: Iterable[str]) -> Element | None:
    ends = {e.id: e for e in this.process.elements.values() if e.kind is ElementKind.END_EVENT and e.process == this.process.main}
    return next((ends[each] for each in reversed(tuple(passed)) if each in ends), None)


def _breaches(this: Running, items: Iterable[WorkItem], now: datetime) -> Iterator[Breach]:
    """In the order in which they fell due; what the process took away in time is no breach."""
    late = []
    for item in items:
        done = item.completed_at
        if item.status is WorkStatus.OBSOLETE or item.due_at is None or (done or now) <= item.due_at:
            continue
        late.append(Breach(item.element, this.process.elements[item.process, item.element].label, item.due_at, done))
    yield from sorted(late, key=lambda each: each.due)
    yield from _of_the_service(this.case, now)


def _of_the_service(case: Case, now: datetime) -> Iterator[Breach]:
    if case.result_due is not None and (case.ended_at or now) > case.result_due:
        yield Breach(SERVICE, None, case.result_due, case.ended_at)
