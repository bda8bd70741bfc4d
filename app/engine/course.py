"""The course of a case: its main process with every sub-process and called process spelled out in its place.

`app.engine.soundness` plays each process on its own. What the law asks (only after signing, within seven days) runs
through all of them, so it is asked here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from lxml import etree

from app.domain.errors import Invalid
from app.domain.expressions import compile_expression
from app.engine.graph import Flow, Scope, event_of, tag
from app.engine.lint import MAIN, Diagrams

Place = tuple[str, ...]  # the ids of the activities around an element, outermost first, and then its own


class Course:
    """Every way a case can take whose flags have the `known` values, as {"variant": "issue"}.

    A flow is closed when its condition names known flags only and does not hold. An activity with something inside is entered
    at the start event inside it, and its own place stands for its completion. `diagrams` have passed the lint.
    """

    def __init__(self, diagrams: Diagrams, known: Mapping[str, object]) -> None:
        self._known = known
        self._inside = Inside(diagrams)
        self._scopes: dict[Place, Scope] = {}
        self._entries: dict[Place, Place] = {}  # where an activity is entered that has something inside
        self._after: dict[Place, list[Place]] = {}  # where a case comes when it has completed an element
        self._beside: dict[Place, list[Place]] = defaultdict(list)  # and, by its boundary events, when it has entered one
        main = self._inside.main
        self._add(main, ())
        self.start: Place = (_start_of(main),)

    def _add(self, scope: Scope, around: Place) -> None:
        for identity, node in scope.nodes.items():
            place = (*around, identity)
            self._scopes[place] = scope
            boundaries = [(*around, boundary) for boundary in scope.boundaries(identity)]
            self._after[place] = [self._entered_at(scope, (*around, flow.target)) for flow in self._open(scope, identity)]
            self._beside[self._entered_at(scope, place)] += boundaries
            inner = self._inside.of(node)
            if inner is not None:
                self._entries[place] = self._entered_at(scope, place)
                self._after[place] += boundaries  # these may go off as late as this
                self._add(inner, place)
            elif tag(node) == "endEvent":
                self._after[place] = self._thrown(around) if event_of(node) == "error" else [around] if around else []

    def _entered_at(self, scope: Scope, place: Place) -> Place:
        inner = self._inside.of(scope.nodes[place[-1]])
        return place if inner is None else (*place, _start_of(inner))

    def _open(self, scope: Scope, identity: str) -> Iterator[Flow]:
        """The default flow is closed when another one is sure to be taken."""
        holds = {flow.id: self._holds(flow) for flow in scope.outgoing(identity)}
        default = scope.nodes[identity].get("default") if True in holds.values() else None
        return (flow for flow in scope.outgoing(identity) if holds[flow.id] is not False and flow.id != default)

    def _holds(self, flow: Flow) -> bool | None:
        """None when that depends on more than the known flags."""
        if flow.condition is None:
            return None
        condition = compile_expression(flow.condition)
        if not condition.names <= self._known.keys():
            return None
        try:
            return bool(condition.evaluate(self._known))
        except Invalid:  # such a case becomes an incident here, so nothing can be said of its way
            return None

    def _thrown(self, around: Place) -> list[Place]:
        """Where an error leads that is thrown inside these activities: to the events of the innermost that catches it."""
        if not around:
            return []
        scope = self._scopes[around]
        errors = [each for each in scope.boundaries(around[-1]) if event_of(scope.nodes[each]) == "error"]
        return [(*around[:-1], each) for each in errors] or self._thrown(around[:-1])

    def places(self, element: str) -> list[Place]:
        """Where an element stands: several places when its process is called several times."""
        return [place for place in self._scopes if place[-1] == element]

    def scope(self, place: Place) -> Scope:
        return self._scopes[place]

    def at(self, place: Place) -> tuple[str, etree._Element]:
        """The file and the element, as a finding is reported at."""
        return self.scope(place).file, self.node(place)

    def node(self, place: Place) -> etree._Element:
        return self._scopes[place].nodes[place[-1]]

    def entry(self, place: Place) -> Place:
        """Where a case enters the element: the place itself unless something is inside."""
        return self._entries.get(place, place)

    def entered(self, *, never: str = "") -> set[Place]:
        """Where a case can come that never completes the element `never`, whatever else happens.

        A parallel join is passed only when a token can come from each side.
        """
        entered: set[Place] = set()
        arrived: dict[Place, set[Place]] = defaultdict(set)
        waiting = [self.start]
        while waiting:
            place = waiting.pop()
            if place in entered:
                continue
            entered.add(place)
            for following in [*self._beside[place], *(self._after[place] if place[-1] != never else ())]:
                arrived[following].add(place)
                if len(arrived[following]) >= self._sides(following):
                    waiting.append(following)
        return entered

    def _sides(self, place: Place) -> int:
        joins = tag(self.node(place)) == "parallelGateway"
        return len({flow.source for flow in self.scope(place).incoming(place[-1])}) if joins else 1

    @cached_property
    def onward(self) -> Mapping[Place, list[Place]]:
        """What follows each place a case can come to; the places in an order in which each stands before what follows it.

        Ways that lead back are left out, so that a return for rework does not begin a path anew.
        """
        onward: dict[Place, list[Place]] = {}
        path = {self.start: self._following(self.start)}
        followed: dict[Place, list[Place]] = defaultdict(list)
        while path:
            place, ways = next(reversed(path.items()))
            following = next(ways, None)
            if following is None:
                path.popitem()
                onward[place] = followed[place]
            elif following not in path:
                followed[place].append(following)
                if following not in onward:
                    path[following] = self._following(following)
        return dict(reversed(onward.items()))

    def _following(self, place: Place) -> Iterator[Place]:
        return iter([*self._after[place], *self._beside[place]])

    @cached_property
    def ends(self) -> Mapping[Place, frozenset[str]]:
        """The end events that each place leads on to, those inside activities too."""
        ends: dict[Place, frozenset[str]] = {}
        for place in reversed(list(self.onward)):
            own = place[-1:] if tag(self.node(place)) == "endEvent" else ()
            ends[place] = frozenset(own).union(*(ends[each] for each in self.onward[place]))
        return ends


class Inside:
    """What is inside activities: the processes that are called and the sub-processes."""

    def __init__(self, diagrams: Diagrams) -> None:
        self.main = next(scope for scope in diagrams.processes.values() if scope.file == MAIN)
        self._processes = diagrams.processes
        self._sub_processes = {scope.id: scope for scope in diagrams.scopes if scope.parent is not None}
        self._sizes: dict[str, int] = {}

    def of(self, node: etree._Element) -> Scope | None:
        if tag(node) == "callActivity":
            return self._processes[node.get("calledElement", "")]
        return self._sub_processes[node.get("id", "")] if tag(node) == "subProcess" else None

    def size(self, scope: Scope) -> int:
        """How many places a process has when everything in it is spelled out; calls of calls multiply."""
        if scope.id not in self._sizes:
            inner = (self.of(node) for node in scope.nodes.values())
            self._sizes[scope.id] = len(scope.nodes) + sum(self.size(each) for each in inner if each is not None)
        return self._sizes[scope.id]


def _start_of(scope: Scope) -> str:
    return next(scope.tagged("startEvent")).get("id", "")
