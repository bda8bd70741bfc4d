"""What follows an outcome: the diagram is walked from a user task to the next things that wait, its one flag being known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from app.domain.expressions import compile_expression
from app.domain.moves import Ahead, Element
from app.engine.course import Course, Place
from app.engine.graph import Flow, event_of, tag
from app.engine.lint import Diagrams

_WAITS = frozenset({"userTask", "manualTask", "receiveTask", "intermediateCatchEvent"})
_CHOOSES = frozenset({"exclusiveGateway", "inclusiveGateway", "eventBasedGateway"})
_JOINS = frozenset({"parallelGateway", "inclusiveGateway"})


class _Step(NamedTuple):
    place: Place
    certain: bool
    after_others: bool


class _Settled(Course):
    """The course on which a flow is closed already when what is known settles that its condition does not hold."""

    def _holds(self, flow: Flow) -> bool | None:
        if flow.condition is None:
            return None
        value = compile_expression(flow.condition).settled(self._known)
        return None if value is None else bool(value)

    def onward_from(self, place: Place) -> list[Place]:
        """What comes after an element is completed. A term that may run out meanwhile is no consequence of the outcome."""
        return [each for each in self._after[place] if tag(self.node(each)) != "boundaryEvent"]

    def errors_at(self, place: Place) -> list[Place]:
        return [each for each in self._beside.get(place, ()) if event_of(self.node(each)) == "error"]


def ahead(
    diagrams: Diagrams, elements: Mapping[tuple[str, str], Element], where: tuple[str, str], known: Mapping[str, object]
) -> tuple[Ahead, ...]:
    """What waits next when this user task is finished with its outcome among the `known` flags, in the order it is met."""
    course = _Settled(diagrams, known)
    repeated = elements[where].instances is not None
    found: dict[tuple[str, str], Ahead] = {}
    waiting = [
        _Step(each, True, repeated)
        for place in course.places(where[1])
        if course.scope(place).process.id == where[0]
        for each in course.onward_from(place)
    ]
    seen: set[_Step] = set()
    while waiting:
        step = waiting.pop(0)
        if step in seen:
            continue
        seen.add(step)
        if not _stops(course, step.place):
            waiting += _following(course, step)
            continue
        ids = (course.scope(step.place).process.id, step.place[-1])
        before = found.get(ids)
        found[ids] = Ahead(
            elements[ids],
            step.certain or (before is not None and before.certain),
            step.after_others and (before is None or before.after_others),
        )
    return tuple(found.values())


def _stops(course: _Settled, place: Place) -> bool:
    name = tag(course.node(place))
    return name in _WAITS or (name == "endEvent" and not course.onward_from(place))


def _following(course: _Settled, step: _Step) -> Iterator[_Step]:
    name, onward = tag(course.node(step.place)), course.onward_from(step.place)
    certain = step.certain and not (name in _CHOOSES and len(onward) > 1)
    joined = name in _JOINS and len(course.scope(step.place).incoming(step.place[-1])) > 1
    for place in onward:
        yield _Step(place, certain, step.after_others or joined)
    for place in course.errors_at(step.place):
        yield _Step(place, False, step.after_others)
