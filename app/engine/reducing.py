"""Makes a diagram smaller without changing whether it is sound, for those too large to be played through as they are.

The rules are those of structural reduction (Sadiq and Orlowska, "Analyzing process models using graph reduction techniques",
2000; Murata, "Petri nets", 1989, for nets): what is passed one way is taken out, ways of one choice to one place become one,
so do branches of one fork that meet at one join, a circle with one entry and one exit becomes its body, and a token that only
goes to an end is forgotten. A diagram made of nested blocks, however many stand side by side, shrinks to a single way;
what is left is what is not built of blocks, and only that needs every order to be tried.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from app.engine.extension import BPMN
from app.engine.graph import ACTIVITIES, GATEWAYS, Scope, event_of, tag

_JOINS = frozenset({"parallelGateway", "inclusiveGateway"})
_CHOOSES = frozenset({"exclusiveGateway", "eventBasedGateway"})
_PASSED = ACTIVITIES | GATEWAYS | {"intermediateCatchEvent", "intermediateThrowEvent"}


def reduced(scope: Scope) -> Scope:
    """The same process or sub-process with as few elements as the rules leave; ids and lines are kept."""
    graph = _Graph(scope)
    graph.shrink()
    return Scope(scope.file, graph.written(), scope.parent)


class _Graph:
    """Elements and flows; a flow of a boundary event begins at the event."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._tags = {identity: tag(node) for identity, node in scope.nodes.items()}
        self._flows = {flow.id: (flow.source, flow.target) for flow in scope.flows}
        self._out: dict[str, list[str]] = {identity: [] for identity in self._tags}
        self._in: dict[str, list[str]] = {identity: [] for identity in self._tags}
        for name, (source, target) in self._flows.items():
            self._out[source].append(name)
            self._in[target].append(name)
        self._boundaries = {identity: list(scope.boundaries(identity)) for identity in self._tags}

    def shrink(self) -> None:
        while sum(self._shrink_at(identity) for identity in list(self._tags)):
            pass

    def _shrink_at(self, identity: str) -> bool:
        """Applies every rule to one element as long as one of them does anything."""
        rules = (self._pass, self._forget, self._unite, self._unroll)
        shrunk = False
        while identity in self._tags and any(rule(identity) for rule in rules):
            shrunk = True
        return shrunk

    def _pass(self, identity: str) -> bool:
        """Takes out what is entered one way and left one way."""
        once = len(self._in[identity]) == len(self._out[identity]) == 1
        if not once or self._boundaries[identity] or self._tags[identity] not in _PASSED:
            return False
        (entry,), (leave,) = self._in[identity], self._out[identity]
        source, target = self._flows[entry][0], self._flows[leave][1]
        if source == target:
            return False
        self._flows[entry] = (source, target)
        self._in[target][self._in[target].index(leave)] = entry
        del self._flows[leave], self._tags[identity], self._in[identity], self._out[identity], self._boundaries[identity]
        return True

    def _forget(self, identity: str) -> bool:
        """Drops a token that runs beside others straight into an end: a reminder that was sent, a branch that is over."""
        beside = [event for event in self._boundaries[identity] if not self._interrupts(event)]
        candidates = [self._out[event][0] for event in beside]
        if self._tags[identity] == "parallelGateway" and len(self._out[identity]) > 1:
            candidates += self._out[identity]
        for flow in candidates:
            end = self._flows[flow][1]
            if self._tags[end] == "endEvent" and event_of(self._scope.nodes[end]) == "none":
                self._drop(flow)
                if not self._in[end]:
                    del self._tags[end], self._in[end], self._out[end], self._boundaries[end]
                return True
        return False

    def _unite(self, identity: str) -> bool:
        """Makes one of two ways from here to one place, where both are taken together or neither matters."""
        seen: dict[str, str] = {}
        default = self._scope.nodes[identity].get("default")
        for flow in self._ways(identity):
            target = self._flows[flow][1]
            other = seen.setdefault(target, flow)
            if other != flow and self._unites(identity, target):
                self._drop(other if flow == default else flow)
                return True
        return False

    def _unites(self, identity: str, target: str) -> bool:
        kind = self._tags[identity]
        joins = self._tags[target] in _JOINS and len(self._in[target]) > 1
        if kind in _JOINS:
            return joins and self._tags[target] == kind
        return not joins  # a choice, or an activity that an event may end

    def _unroll(self, identity: str) -> bool:
        """Drops the way back of a circle that is entered and left here: begin → merge → choice → merge | onward."""
        ways = self._ways(identity)
        if len(self._in[identity]) != 1 or len(ways) < 2 or not self._is_choice(identity):
            return False
        merge = self._flows[self._in[identity][0]][0]
        if self._tags[merge] != "exclusiveGateway" or len(self._out[merge]) != 1 or len(self._in[merge]) < 2:
            return False
        own = self._out[identity] if self._tags[identity] in ACTIVITIES else []  # without it the activity would lead nowhere
        back = [flow for flow in ways if self._flows[flow][1] == merge and flow not in own]
        if not back:
            return False
        self._drop(back[0])
        return True

    def _is_choice(self, identity: str) -> bool:
        watched = self._boundaries[identity]
        return self._tags[identity] in _CHOOSES or (bool(watched) and all(map(self._interrupts, watched)))

    def _ways(self, identity: str) -> list[str]:
        """The flows of which a token takes one; for a fork, all; of an activity its own comes first."""
        events = [event for event in self._boundaries[identity] if self._interrupts(event)]
        return [*self._out[identity], *(flow for event in events for flow in self._out[event])]

    def _interrupts(self, event: str) -> bool:
        return self._scope.nodes[event].get("cancelActivity") != "false"

    def _drop(self, flow: str) -> None:
        """Takes a flow out, and the boundary event it was the only way of."""
        source, target = self._flows.pop(flow)
        self._out[source].remove(flow)
        self._in[target].remove(flow)
        if self._tags[source] == "boundaryEvent":
            self._boundaries[self._scope.nodes[source].get("attachedToRef", "")].remove(source)
            del self._tags[source], self._in[source], self._out[source], self._boundaries[source]

    def written(self) -> etree._Element:
        process = etree.Element(self._scope.node.tag, id=self._scope.id)
        process.extend(self._elements())
        for name, (source, target) in self._flows.items():
            flow = etree.SubElement(process, f"{{{BPMN}}}sequenceFlow", id=name, sourceRef=source, targetRef=target)
            flow.sourceline = self._scope.node.sourceline
        return process

    def _elements(self) -> Iterator[etree._Element]:
        for identity, name in self._tags.items():
            node = self._scope.nodes[identity]
            # Its events were passed and taken out, as if they stood before it.
            written = "exclusiveGateway" if name == "eventBasedGateway" else name
            element = etree.Element(f"{{{BPMN}}}{written}")
            element.attrib.update(node.attrib)
            element.sourceline = node.sourceline
            for child in node:
                if tag(child).endswith("EventDefinition"):
                    etree.SubElement(element, child.tag)
            yield element
