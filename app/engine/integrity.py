"""What the library would silently drop or misread, found before it sees the file.

A boundary event on an unknown activity is forgotten, a flow to an unknown element stops the parser with a riddle, a path
without an end event ends nowhere, a negative duration fires at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from app.domain.errors import Invalid
from app.domain.expressions import compile_expression, compile_term
from app.domain.moves import Finding
from app.domain.terms import Term
from app.engine.extension import BPMN
from app.engine.findings import Rule
from app.engine.graph import ACTIVITIES, FLOW_NODES, Scope, scopes, tag

NO_ID = Rule("bpmn-id-missing", "A %(element)s has no id, so nothing can lead to it")
UNKNOWN_END = Rule("bpmn-unknown-reference", "The flow “%(flow)s” leads to or from “%(id)s”, which is not in the same process")
UNKNOWN_HOST = Rule("bpmn-unknown-host", "The boundary event is attached to “%(host)s”, which is no activity of this process")
UNKNOWN_DEFINITION = Rule("bpmn-unknown-reference", "The event refers to the %(kind)s “%(id)s”, which the file does not define")
DEAD_END = Rule("bpmn-dead-end", "The path ends here without an end event")
FOREIGN_DEFAULT = Rule("bpmn-default-unknown", "The default flow “%(flow)s” does not leave this gateway")
NESTED_EXPRESSION = Rule("bpmn-expression", "An expression is plain text; found the element “%(element)s” inside it")
WRONG_CYCLE = Rule("bpmn-timer", "A repeating timer is written as R3/PT10M or R/2 working-days; found “%(found)s”")
WRONG_TIMER = Rule(
    "bpmn-timer",
    "A timer waits for a term such as working_days(2), a duration such as PT10M or a moment with its zone; found “%(found)s”",
)

_TIMERS = ("timeDuration", "timeDate", "timeCycle")
_EXPRESSIONS = ("conditionExpression", *_TIMERS, "loopCardinality", "completionCondition")
_DEFINED = {"messageEventDefinition": "message", "errorEventDefinition": "error"}
_CYCLE = re.compile(r"R(?:[1-9][0-9]{0,3})?/(?:(?P<first>\d{4}-[^/]*)/)?(?P<period>[^/]+)")


def integrity(file: str, root: etree._Element) -> list[Finding]:
    """Every place the library would misread. Raises nothing, whatever the tree."""
    findings = [*_expressions(file, root), *_definitions(file, root)]
    for scope in scopes(file, root):
        findings += [*_identities(scope), *_flows(scope), *_boundaries(scope), *_ends(scope)]
    return findings


def _identities(scope: Scope) -> Iterator[Finding]:
    for child in scope.node:
        if tag(child) in FLOW_NODES and not child.get("id"):
            yield NO_ID.broken_by(scope.file, child, element=tag(child))


def _flows(scope: Scope) -> Iterator[Finding]:
    for flow in scope.flows:
        for end in (flow.source, flow.target):
            if end not in scope.nodes:
                yield UNKNOWN_END.broken_by(scope.file, flow.node, flow=flow.id, id=end)
    for identity, node in scope.nodes.items():
        default = node.get("default")
        if default and default not in {flow.id for flow in scope.outgoing(identity)}:
            yield FOREIGN_DEFAULT.broken_by(scope.file, node, flow=default)


def _boundaries(scope: Scope) -> Iterator[Finding]:
    for node in scope.tagged("boundaryEvent"):
        host = node.get("attachedToRef", "")
        if host not in scope.nodes or tag(scope.nodes[host]) not in ACTIVITIES:
            yield UNKNOWN_HOST.broken_by(scope.file, node, host=host)


def _ends(scope: Scope) -> Iterator[Finding]:
    for identity, node in scope.nodes.items():
        if tag(node) != "endEvent" and not scope.outgoing(identity):
            yield DEAD_END.broken_by(scope.file, node)


def _definitions(file: str, root: etree._Element) -> Iterator[Finding]:
    for event, kind in _DEFINED.items():
        known = {node.get("id") for node in root if tag(node) == kind}
        for node in root.iter(f"{{{BPMN}}}{event}"):
            reference = node.get(f"{kind}Ref")
            if reference is not None and reference not in known:
                yield UNKNOWN_DEFINITION.broken_by(file, node, kind=kind, id=reference)


def _expressions(file: str, root: etree._Element) -> Iterator[Finding]:
    for name in _EXPRESSIONS:
        for node in root.iter(f"{{{BPMN}}}{name}"):
            if len(node):
                yield NESTED_EXPRESSION.broken_by(file, node, element=etree.QName(node[0]).localname)
            elif name == "timeCycle":
                yield from _cycle(file, node)
            else:
                yield from _expression(file, node, name)


def _cycle(file: str, node: etree._Element) -> Iterator[Finding]:
    text = (node.text or "").strip()
    cycle = _CYCLE.fullmatch(text)
    if cycle is None or not _is_term(cycle["period"]) or not Term.parse(cycle["period"]).value:
        yield WRONG_CYCLE.broken_by(file, node, found=text)
    elif cycle["first"] and not _is_moment(cycle["first"]):
        yield WRONG_TIMER.broken_by(file, node, found=text)


def _expression(file: str, node: etree._Element, name: str) -> Iterator[Finding]:
    text = (node.text or "").strip()
    try:
        expression = compile_term(text) if name in _TIMERS else compile_expression(text)
        if name in _TIMERS and not expression.names:
            value = expression.evaluate({})
            if not _is_term(value) and not _is_moment(value):
                yield WRONG_TIMER.broken_by(file, node, found=text)
    except Invalid as error:
        yield wrong_expression(file, node, error)


def wrong_expression(file: str, node: etree._Element, error: Invalid) -> Finding:
    """What is wrong with an expression, in the words of the expression language itself."""
    return Rule("bpmn-expression", error.sentence.template).broken_by(file, node, **error.sentence.values)


def _is_term(value: object) -> bool:
    """A term of the law or a duration; nothing negative can be written so."""
    try:
        Term.parse(str(value))
    except Invalid:
        return False
    return True


def _is_moment(value: object) -> bool:
    """A moment that says its zone: nobody knows where a server stands."""
    try:
        return datetime.fromisoformat(str(value)).tzinfo is not None
    except ValueError:
        return False
