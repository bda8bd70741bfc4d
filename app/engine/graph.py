"""A BPMN file seen as graphs: each process and each embedded sub-process with its flow elements and sequence flows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from app.engine.extension import BPMN

SUB_PROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
TASKS = frozenset({"task", "userTask", "manualTask", "scriptTask", "serviceTask", "businessRuleTask", "sendTask", "receiveTask"})
ACTIVITIES = TASKS | SUB_PROCESSES | {"callActivity"}
FLAG_TASKS = ("userTask", "serviceTask", "businessRuleTask")  # they set the flag named by their id
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"})
EVENTS = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "implicitThrowEvent"}
)
FLOW_NODES = ACTIVITIES | GATEWAYS | EVENTS


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow; `condition` is its expression, None when it has none."""

    id: str
    source: str
    target: str
    condition: str | None
    node: etree._Element


@dataclass(frozen=True)
class Scope:
    """A process or an embedded sub-process: the reach of one token game. `parent` is the scope around it."""

    file: str
    node: etree._Element
    parent: Scope | None

    @property
    def id(self) -> str:
        return self.node.get("id", "")

    @property
    def process(self) -> Scope:
        """The process this scope belongs to."""
        return self if self.parent is None else self.parent.process

    @cached_property
    def nodes(self) -> Mapping[str, etree._Element]:
        """Flow elements by id; those without an id can be neither reached nor named."""
        return {child.get("id", ""): child for child in self.node if tag(child) in FLOW_NODES and child.get("id")}

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        return tuple(_flow(child) for child in self.node if tag(child) == "sequenceFlow")

    @cached_property
    def _outgoing(self) -> Mapping[str, tuple[Flow, ...]]:
        return {id_: tuple(flow for flow in flows if flow.source == id_) for id_, flows in self._touching.items()}

    @cached_property
    def _incoming(self) -> Mapping[str, tuple[Flow, ...]]:
        return {id_: tuple(flow for flow in flows if flow.target == id_) for id_, flows in self._touching.items()}

    @cached_property
    def _touching(self) -> Mapping[str, list[Flow]]:
        touching: dict[str, list[Flow]] = {}
        for flow in self.flows:
            for end in {flow.source, flow.target}:
                touching.setdefault(end, []).append(flow)
        return touching

    @cached_property
    def _boundaries(self) -> Mapping[str, list[str]]:
        hosts: dict[str, list[str]] = {}
        for id_, node in self.nodes.items():
            if tag(node) == "boundaryEvent":
                hosts.setdefault(node.get("attachedToRef", ""), []).append(id_)
        return hosts

    def outgoing(self, id_: str) -> tuple[Flow, ...]:
        return self._outgoing.get(id_, ())

    def incoming(self, id_: str) -> tuple[Flow, ...]:
        return self._incoming.get(id_, ())

    def boundaries(self, host: str) -> tuple[str, ...]:
        """The boundary events attached to an activity."""
        return tuple(self._boundaries.get(host, ()))

    def tagged(self, *tags: str) -> Iterator[etree._Element]:
        return (node for node in self.nodes.values() if tag(node) in tags)


def scopes(file: str, root: etree._Element) -> Iterator[Scope]:
    """Every process of a file and every sub-process in it, outer before inner."""
    for child in root:
        if tag(child) == "process":
            yield from _with_inner(Scope(file, child, None))


def _with_inner(scope: Scope) -> Iterator[Scope]:
    yield scope
    for child in scope.node:
        if tag(child) in SUB_PROCESSES:
            yield from _with_inner(Scope(scope.file, child, scope))


def tag(node: etree._Element) -> str:
    """The BPMN tag name; empty for elements of other namespaces."""
    namespace, _, name = str(node.tag)[1:].partition("}")
    return name if namespace == BPMN else ""


def child_text(node: etree._Element, name: str) -> str | None:
    """The stripped text of the BPMN child; None without such a child or text."""
    child = node.find(f"{{{BPMN}}}{name}")
    return None if child is None else (child.text or "").strip() or None


def event_of(node: etree._Element) -> str:
    """What an event is about: timer, message, error, …; "none" for a plain one, "multiple" for several."""
    found = [tag(child) for child in node if tag(child).endswith("EventDefinition")]
    if len(found) > 1:
        return "multiple"
    return found[0].removesuffix("EventDefinition") if found else "none"


def _flow(node: etree._Element) -> Flow:
    return Flow(
        node.get("id", ""),
        node.get("sourceRef", ""),
        node.get("targetRef", ""),
        child_text(node, "conditionExpression"),
        node,
    )
