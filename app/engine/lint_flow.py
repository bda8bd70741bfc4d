"""Whether a diagram's flow is drawn so that it can be followed: starts, ends, gateways, conditions, events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from app.domain.errors import Invalid
from app.domain.expressions import compile_expression, compile_term
from app.domain.moves import Finding
from app.domain.unary_tests import Value
from app.engine.findings import Rule
from app.engine.graph import GATEWAYS, Scope, child_text, event_of, tag

ONE_START = Rule("bpmn-start", "Expected exactly one start event, found %(found)s")
NO_END = Rule("bpmn-end", "Expected at least one end event, found none")
ENTERED = Rule("bpmn-entered", "No flow may lead into a %(element)s")
LEFT = Rule("bpmn-left", "No flow may leave an end event")
UNREACHABLE = Rule("bpmn-unreachable", "No path from the start event leads here")
SPLIT_WITHOUT_GATEWAY = Rule("bpmn-split", "%(found)s flows leave a %(element)s; use a gateway to say what they mean")
MIXED_GATEWAY = Rule("bpmn-gateway-mixed", "The gateway both joins and splits; draw a joining and a splitting one")
CONDITION_ELSEWHERE = Rule(
    "bpmn-condition-ignored",
    "The condition of “%(flow)s” would be ignored; only flows out of splitting exclusive and inclusive gateways have one",
)
CONDITION_ON_DEFAULT = Rule("bpmn-condition-ignored", "“%(flow)s” is the default flow, so its condition would be ignored")
CONDITION_MISSING = Rule(
    "bpmn-condition-missing", "The flow “%(flow)s” leaves a splitting gateway without a condition and is not its default"
)
DEFAULT_MISSING = Rule(
    "bpmn-default-missing", "The splitting gateway has no default flow; a case that meets no condition would stop here"
)
DEFAULT_ELSEWHERE = Rule("bpmn-default-ignored", "Only a splitting exclusive or inclusive gateway has a default flow")
UNKNOWN_NAME = Rule(
    "bpmn-expression-name",
    "The expression “%(text)s” names “%(name)s”, which nothing sets; known: %(known)s",
)
UNKNOWN_OUTCOME = Rule(
    "bpmn-expression-outcome", "The expression “%(text)s” compares “%(name)s” with “%(value)s”; it can only be: %(known)s"
)
EVENT_GATEWAY_TARGET = Rule(
    "bpmn-event-gateway", "After an event-based gateway every flow leads straight to a catching timer or message event of its own"
)
EVENT_GATEWAY_SINGLE = Rule("bpmn-event-gateway", "An event-based gateway chooses between at least two events")
MESSAGE_WITHOUT_NAME = Rule("bpmn-message", "The message event refers to no message with a name, so nothing could ever wake it")
TIMER_WITHOUT_VALUE = Rule("bpmn-timer", "The timer says no duration, date or cycle")
TIMER_CYCLE = Rule("bpmn-timer", "A repeating timer may stand only on a boundary event that does not interrupt")
ERROR_HOST = Rule("bpmn-boundary", "An error event may stand only on: %(known)s")
ERROR_INTERRUPTS = Rule("bpmn-boundary", "An error always ends the activity; the event must interrupt")

_CONDITIONAL = frozenset({"exclusiveGateway", "inclusiveGateway"})
_ERROR_HOSTS = frozenset({"serviceTask", "callActivity", "subProcess"})
_TIMES = ("timeDuration", "timeDate", "timeCycle")


@dataclass(frozen=True)
class Flags:
    """What expressions may name, each with the values it can have; none where any value may come."""

    values: Mapping[str, frozenset[Value]]


def lint_flow(scope: Scope, flags: Flags) -> Iterator[Finding]:
    yield from _starts_and_ends(scope)
    yield from _reachable(scope)
    messages = _message_names(scope)
    for identity, node in scope.nodes.items():
        yield from _degree(scope, identity, node)
        if tag(node) in GATEWAYS:
            yield from _gateway(scope, identity, node)
        yield from _event(scope, node, messages)
    yield from _conditions(scope)
    yield from _expressions(scope, flags)


def _starts_and_ends(scope: Scope) -> Iterator[Finding]:
    starts = sum(tag(child) == "startEvent" for child in scope.node)
    if starts != 1:
        yield ONE_START.broken_by(scope.file, scope.node, found=starts)
    if not list(scope.tagged("endEvent")):
        yield NO_END.broken_by(scope.file, scope.node)


def _reachable(scope: Scope) -> Iterator[Finding]:
    waiting = [node.get("id", "") for node in scope.tagged("startEvent")]
    reached: set[str] = set()
    while waiting:
        identity = waiting.pop()
        if identity not in reached:
            reached.add(identity)
            waiting.extend(flow.target for flow in scope.outgoing(identity))
            waiting.extend(scope.boundaries(identity))
    for identity, node in scope.nodes.items():
        if identity not in reached and tag(node) != "boundaryEvent":  # a boundary event is where its activity is
            yield UNREACHABLE.broken_by(scope.file, node)


def _degree(scope: Scope, identity: str, node: etree._Element) -> Iterator[Finding]:
    name = tag(node)
    leaving = len(scope.outgoing(identity))
    if name in ("startEvent", "boundaryEvent") and scope.incoming(identity):
        yield ENTERED.broken_by(scope.file, node, element=name)
    if name == "endEvent" and leaving:
        yield LEFT.broken_by(scope.file, node)
    elif name not in GATEWAYS and leaving > 1:
        yield SPLIT_WITHOUT_GATEWAY.broken_by(scope.file, node, element=name, found=leaving)


def _gateway(scope: Scope, identity: str, node: etree._Element) -> Iterator[Finding]:
    leaving = scope.outgoing(identity)
    if len(leaving) > 1 and len(scope.incoming(identity)) > 1:
        yield MIXED_GATEWAY.broken_by(scope.file, node)
    default = node.get("default")
    if tag(node) in _CONDITIONAL and len(leaving) > 1:
        if default is None:
            yield DEFAULT_MISSING.broken_by(scope.file, node)
        for flow in leaving:
            if flow.condition is None and flow.id != default:
                yield CONDITION_MISSING.broken_by(scope.file, flow.node, flow=flow.id)
    elif default is not None:
        yield DEFAULT_ELSEWHERE.broken_by(scope.file, node)
    if tag(node) == "eventBasedGateway":
        yield from _event_gateway(scope, identity, node)


def _event_gateway(scope: Scope, identity: str, node: etree._Element) -> Iterator[Finding]:
    targets = [scope.nodes[flow.target] for flow in scope.outgoing(identity) if flow.target in scope.nodes]
    if len(targets) < 2:
        yield EVENT_GATEWAY_SINGLE.broken_by(scope.file, node)
    for target in targets:
        if tag(target) != "intermediateCatchEvent" or len(scope.incoming(target.get("id", ""))) > 1:
            yield EVENT_GATEWAY_TARGET.broken_by(scope.file, target)


def _event(scope: Scope, node: etree._Element, messages: Mapping[str | None, str | None]) -> Iterator[Finding]:
    for child in node:
        if tag(child) == "messageEventDefinition" and not messages.get(child.get("messageRef")):
            yield MESSAGE_WITHOUT_NAME.broken_by(scope.file, node)
        if tag(child) == "timerEventDefinition":
            if not any(child_text(child, name) for name in _TIMES):
                yield TIMER_WITHOUT_VALUE.broken_by(scope.file, node)
            if child_text(child, "timeCycle") and node.get("cancelActivity") != "false":
                yield TIMER_CYCLE.broken_by(scope.file, node)
    host = scope.nodes.get(node.get("attachedToRef", ""))
    if event_of(node) == "error" and host is not None:
        if tag(host) not in _ERROR_HOSTS:
            yield ERROR_HOST.broken_by(scope.file, node, known=", ".join(sorted(_ERROR_HOSTS)))
        if node.get("cancelActivity") == "false":
            yield ERROR_INTERRUPTS.broken_by(scope.file, node)


def _message_names(scope: Scope) -> Mapping[str | None, str | None]:
    root = scope.node.getroottree().getroot()
    return {child.get("id"): child.get("name") for child in root if tag(child) == "message"}


def _conditions(scope: Scope) -> Iterator[Finding]:
    for flow in scope.flows:
        source = scope.nodes.get(flow.source)
        if flow.condition is None or source is None:
            continue
        if tag(source) not in _CONDITIONAL or len(scope.outgoing(flow.source)) < 2:
            yield CONDITION_ELSEWHERE.broken_by(scope.file, flow.node, flow=flow.id)
        elif source.get("default") == flow.id:
            yield CONDITION_ON_DEFAULT.broken_by(scope.file, flow.node, flow=flow.id)


def _expressions(scope: Scope, flags: Flags) -> Iterator[Finding]:
    for node, text, is_term in _texts(scope):
        try:
            expression = compile_term(text) if is_term else compile_expression(text)
        except Invalid:
            continue  # reported when the file was read
        known = ", ".join(sorted(flags.values))
        for name in sorted(expression.names - flags.values.keys()):
            yield UNKNOWN_NAME.broken_by(scope.file, node, text=text, name=name, known=known)
        for name, value in expression.compared:
            possible = flags.values.get(name)
            if possible and value not in possible:
                listed = ", ".join(sorted(map(str, possible)))
                yield UNKNOWN_OUTCOME.broken_by(scope.file, node, text=text, name=name, value=value, known=listed)


def named_in(scope: Scope) -> Iterator[str]:
    """The names the expressions of a process or sub-process ask for, as far as they can be read."""
    for _, text, is_term in _texts(scope):
        try:
            yield from compile_term(text).names if is_term else compile_expression(text).names
        except Invalid:
            continue  # reported when the file was read


def _texts(scope: Scope) -> Iterator[tuple[etree._Element, str, bool]]:
    for flow in scope.flows:
        if flow.condition is not None:
            yield flow.node, flow.condition, False
    for node in scope.nodes.values():
        for child in node:
            for name in ("timeDuration", "timeDate", "loopCardinality", "completionCondition"):
                text = child_text(child, name)
                if text is not None:
                    yield node, text, name in ("timeDuration", "timeDate")
