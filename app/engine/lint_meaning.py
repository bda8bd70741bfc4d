"""Whether a diagram says what people and the law need: labels, lanes, roles, outcomes, handlers, paragraphs, limits."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import pairwise
from keyword import iskeyword

from lxml import etree

from app.domain.errors import Invalid
from app.domain.expressions import FUNCTIONS
from app.domain.moves import Finding
from app.domain.terms import Term
from app.engine.extension import BPMN, attribute, extensions, label_of
from app.engine.findings import Rule
from app.engine.graph import EVENTS, TASKS, Scope, tag

NOT_A_NAME = Rule("bpmn-id-shape", "The id “%(id)s” cannot be named in an expression; use letters, digits and single underscores")
NO_LABEL = Rule("bpmn-label-missing", "The %(element)s has no name (in Kazakh)")
NO_TRANSLATION = Rule("bpmn-label-missing", "The %(element)s has no rasim:label in: %(languages)s")
LANE_UNKNOWN_NODE = Rule("bpmn-lane", "The lane holds “%(id)s”, which is not in this process")
NOT_IN_ONE_LANE = Rule("bpmn-lane", "The element stands in %(found)s lanes; where there are lanes, it must stand in exactly one")
NO_HANDLER = Rule("bpmn-handler-missing", "The task names no handler, so nothing would do it")
UNKNOWN_HANDLER = Rule("bpmn-handler-unknown", "There is no handler “%(name)s”; known: %(known)s")
NO_ROLE = Rule("bpmn-role-missing", "The user task names no role, so nobody could do it")
NO_OUTCOMES = Rule("bpmn-outcome", "The user task has no outcome, so nobody could finish it")
OUTCOME_TWICE = Rule("bpmn-outcome", "The outcome “%(outcome)s” stands here twice")
NO_GROUND_IN_LAW = Rule("bpmn-paragraph-missing", "The step names neither the paragraph of the act nor why it is inferred")
WRONG_LIMIT = Rule("bpmn-limit", "The limit is written as “2 working-days”; found “%(found)s”")
WRONG_COUNTED_FROM = Rule("bpmn-limit", "A limit is counted from registered, opened or completed:<element id>; found “%(found)s”")

_STEPS = TASKS | {"callActivity", "subProcess"}
_CHOICES = frozenset({"exclusiveGateway", "inclusiveGateway"})
_LANGUAGES = ("ru", "en")
_TAKEN = FUNCTIONS.keys() | {"case_id", "variant"}


def lint_meaning(scope: Scope, known: Collection[str], handlers: Collection[str] | None) -> Iterator[Finding]:
    """`known` are all element ids of the bundle; `handlers` the registered names, None when they are not to be checked."""
    for identity, node in scope.nodes.items():
        yield from _identity(scope, identity, node)
        yield from _label(scope, identity, node)
        yield from _limit(scope, node, known)
        if tag(node) in _STEPS and not (attribute(node, "step", "paragraph") or attribute(node, "inferred", "why")):
            yield NO_GROUND_IN_LAW.broken_by(scope.file, node)
        if tag(node) == "userTask":
            yield from _user_task(scope, node)
        yield from _handler(scope, node, handlers)
    yield from _lanes(scope)


def _identity(scope: Scope, identity: str, node: etree._Element) -> Iterator[Finding]:
    if not identity.isidentifier() or iskeyword(identity) or "__" in identity or identity in _TAKEN:
        yield NOT_A_NAME.broken_by(scope.file, node, id=identity)


def _label(scope: Scope, identity: str, node: etree._Element) -> Iterator[Finding]:
    name = tag(node)
    chooses = name in _CHOICES and len(scope.outgoing(identity)) > 1
    if (name in _STEPS or name in EVENTS or chooses) and not (node.get("name") or "").strip():
        yield NO_LABEL.broken_by(scope.file, node, element=name)
    if name in _STEPS:
        label = label_of(node)
        missing = [language for language in _LANGUAGES if not getattr(label, language).strip()]
        if missing:
            yield NO_TRANSLATION.broken_by(scope.file, node, element=name, languages=", ".join(missing))


def _user_task(scope: Scope, node: etree._Element) -> Iterator[Finding]:
    if not attribute(node, "role", "name"):
        yield NO_ROLE.broken_by(scope.file, node)
    outcomes = sorted(each.get("ref", "") for each in extensions(node, "outcome"))
    if not outcomes:
        yield NO_OUTCOMES.broken_by(scope.file, node)
    for outcome in sorted({first for first, second in pairwise(outcomes) if first == second}):
        yield OUTCOME_TWICE.broken_by(scope.file, node, outcome=outcome)


def _handler(scope: Scope, node: etree._Element, handlers: Collection[str] | None) -> Iterator[Finding]:
    name = attribute(node, "handler", "name")
    if name is None and tag(node) == "serviceTask":
        yield NO_HANDLER.broken_by(scope.file, node)
    elif name is not None and handlers is not None and name not in handlers:
        yield UNKNOWN_HANDLER.broken_by(scope.file, node, name=name, known=", ".join(sorted(handlers)))


def _limit(scope: Scope, node: etree._Element, known: Collection[str]) -> Iterator[Finding]:
    limit, counted_from = attribute(node, "step", "limit"), attribute(node, "step", "from")
    if limit is not None:
        try:
            Term.parse(limit)
        except Invalid:
            yield WRONG_LIMIT.broken_by(scope.file, node, found=limit)
    if counted_from is not None and not _is_counted_from(counted_from, known):
        yield WRONG_COUNTED_FROM.broken_by(scope.file, node, found=counted_from)


def _is_counted_from(text: str, known: Collection[str]) -> bool:
    completed = re.fullmatch(r"completed:(.+)", text)
    return completed[1] in known if completed else text in ("registered", "opened")


def _lanes(scope: Scope) -> Iterator[Finding]:
    lanes = list(scope.node.iterfind(f"{{{BPMN}}}laneSet//{{{BPMN}}}lane"))
    if not lanes:
        return
    times = dict.fromkeys(scope.nodes, 0)
    for lane in lanes:
        if not (lane.get("name") or "").strip():
            yield NO_LABEL.broken_by(scope.file, lane, element="lane")
        if lane.find(f"{{{BPMN}}}childLaneSet") is not None:
            continue  # what it holds stands in its inner lanes too
        for reference in lane.iterfind(f"{{{BPMN}}}flowNodeRef"):
            if reference.text in times:
                times[reference.text] += 1
            else:
                yield LANE_UNKNOWN_NODE.broken_by(scope.file, reference, id=reference.text)
    for identity, found in times.items():
        node = scope.nodes[identity]
        if found > 1 or (found == 0 and tag(node) != "boundaryEvent"):  # a boundary event is where its activity is
            yield NOT_IN_ONE_LANE.broken_by(scope.file, node, found=found)
