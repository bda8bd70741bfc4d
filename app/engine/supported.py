"""Which of BPMN's elements Rasim executes. Whatever is not listed here is refused with what to draw instead.

The library parses more than it executes rightly: some events it treats as plain ones, some tasks it passes silently. A diagram
may therefore hold only what is known to run as drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from app.domain.moves import Finding
from app.engine.extension import NAMESPACE, ExtensionType, extension_types
from app.engine.findings import Rule
from app.engine.graph import FLOW_NODES, child_text, event_of, tag

_CODE = "bpmn-unsupported"
UNSUPPORTED = Rule(_CODE, "“%(element)s” is not executed here; leave it out")
UNSUPPORTED_INSIDE = Rule(_CODE, "“%(element)s” inside a “%(parent)s” is not executed here; leave it out")
UNSUPPORTED_ATTRIBUTE = Rule(_CODE, "%(attribute)s=“%(found)s” is not executed here; leave the attribute out")
UNSUPPORTED_EVENT = Rule(_CODE, "A %(element)s of the kind “%(event)s” is not executed here; these kinds are: %(known)s")
PLAIN_TASK = Rule(_CODE, "A plain task says nothing about who does it; make it a user task or a service task")
MANUAL_TASK = Rule(_CODE, "A manual task leaves no trace; make it a user task, so that its doing is recorded")
SCRIPT_TASK = Rule(_CODE, "Scripts in diagrams are never executed; make it a service task with a handler")
SEND_TASK = Rule(_CODE, "A send task would do nothing; make it a service task whose handler sends")
RECEIVE_TASK = Rule(_CODE, "A receive task would not wait; make it a catching message event")
TRANSACTION = Rule(_CODE, "A transaction is not undone here; make it a sub-process")
AD_HOC = Rule(_CODE, "An ad hoc sub-process has no prescribed order; draw the order the act prescribes")
COMPLEX_GATEWAY = Rule(_CODE, "A complex gateway is not executed here; use exclusive, parallel and inclusive gateways")
EVENT_SUB_PROCESS = Rule(_CODE, "An event sub-process is not executed rightly; use a sub-process with boundary events")
NOT_EXECUTABLE = Rule(_CODE, "The process is marked as not executable; set isExecutable to true")
STANDARD_LOOP = Rule(_CODE, "A looping activity hides its condition; draw the loop with a gateway")
REPETITION = Rule("bpmn-multi-instance", "Several instances need a loop cardinality, which says how many")
CARDINALITY = Rule("bpmn-multi-instance", "The number of instances must lie between 1 and %(limit)s; found %(found)s")
UNKNOWN_EXTENSION = Rule("rasim-unknown", "There is no “rasim:%(element)s”; known here: %(known)s")
MISPLACED_EXTENSION = Rule("rasim-misplaced", "“rasim:%(element)s” may not stand in a “%(parent)s”")
REPEATED_EXTENSION = Rule("rasim-repeated", "“rasim:%(element)s” may stand here only once")
UNKNOWN_ATTRIBUTE = Rule("rasim-unknown", "“rasim:%(element)s” has no attribute “%(attribute)s”; known: %(known)s")
MISSING_ATTRIBUTE = Rule("rasim-incomplete", "“rasim:%(element)s” needs the attribute “%(attribute)s”")
WRONG_VALUE = Rule("rasim-value", "%(attribute)s of “rasim:%(element)s” must be one of %(known)s; found “%(found)s”")
FILLED_EXTENSION = Rule("rasim-unknown", "“rasim:%(element)s” carries attributes only; found content inside it")

INSTEAD: Mapping[str, Rule] = {
    "task": PLAIN_TASK,
    "manualTask": MANUAL_TASK,
    "scriptTask": SCRIPT_TASK,
    "sendTask": SEND_TASK,
    "receiveTask": RECEIVE_TASK,
    "transaction": TRANSACTION,
    "adHocSubProcess": AD_HOC,
    "complexGateway": COMPLEX_GATEWAY,
}
EVENT_KINDS: Mapping[str, frozenset[str]] = {
    "startEvent": frozenset({"none"}),
    "endEvent": frozenset({"none", "terminate", "error"}),
    "intermediateCatchEvent": frozenset({"timer", "message"}),
    "intermediateThrowEvent": frozenset({"none"}),
    "boundaryEvent": frozenset({"timer", "message", "error"}),
}

_NOTES = frozenset({"documentation", "extensionElements"})
_ARTIFACTS = frozenset({"textAnnotation", "association", "group"})
_NODE = _NOTES | {"incoming", "outgoing"}
_ACTIVITY = _NODE | {"multiInstanceLoopCharacteristics", "standardLoopCharacteristics"}
_FLOW = _NOTES | _ARTIFACTS | {"laneSet", "sequenceFlow"} | FLOW_NODES - INSTEAD.keys()
_REPETITION = frozenset({"loopCardinality", "completionCondition"})
_EVENTS = {name: _NODE | {f"{kind}EventDefinition" for kind in kinds - {"none"}} for name, kinds in EVENT_KINDS.items()}
_INSIDE: Mapping[str, frozenset[str]] = {
    "definitions": _NOTES | {"process", "collaboration", "message", "error", "category"},
    "collaboration": _NOTES | _ARTIFACTS | {"participant", "messageFlow"},
    "process": _FLOW,
    "laneSet": _NOTES | {"lane"},
    "lane": _NOTES | {"flowNodeRef", "childLaneSet"},
    "childLaneSet": _NOTES | {"lane"},
    "userTask": _ACTIVITY,
    "serviceTask": _ACTIVITY,
    "businessRuleTask": _ACTIVITY,
    "callActivity": _ACTIVITY,
    "subProcess": _FLOW | _ACTIVITY,
    "exclusiveGateway": _NODE,
    "parallelGateway": _NODE,
    "inclusiveGateway": _NODE,
    "eventBasedGateway": _NODE,
    **_EVENTS,
    "sequenceFlow": _NOTES | {"conditionExpression"},
    "timerEventDefinition": _NOTES | {"timeDuration", "timeDate", "timeCycle"},
    "multiInstanceLoopCharacteristics": _NOTES | _REPETITION,
    "messageEventDefinition": _NOTES,
    "errorEventDefinition": _NOTES,
    "terminateEventDefinition": _NOTES,
    "participant": _NOTES,
    "textAnnotation": _NOTES | {"text"},
    "category": _NOTES | {"categoryValue"},
}
# The only value of these attributes under which an element does what it looks like.
_ONLY = {
    "startQuantity": "1",
    "completionQuantity": "1",
    "isForCompensation": "false",
    "instantiate": "false",
    "eventGatewayType": "Exclusive",
    "parallelMultiple": "false",
    "behavior": "All",
    "isInterrupting": "true",
}
MAX_INSTANCES = 100


def unsupported(file: str, root: etree._Element) -> Iterator[Finding]:
    """Everything in the file that would not be executed as it is drawn."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if tag(node):  # extensions and the drawing have their own checks
            yield from _node(file, node)
            waiting.extend(reversed(node))


def _node(file: str, node: etree._Element) -> Iterator[Finding]:
    name = tag(node)
    yield from _attributes(file, node)
    if name in EVENT_KINDS and event_of(node) not in EVENT_KINDS[name]:
        known = ", ".join(sorted(EVENT_KINDS[name]))
        yield UNSUPPORTED_EVENT.broken_by(file, node, element=name, event=event_of(node), known=known)
    elif name == "multiInstanceLoopCharacteristics":
        yield from _repetition(file, node)
    elif name == "standardLoopCharacteristics":
        yield STANDARD_LOOP.broken_by(file, node)
    elif name == "extensionElements":
        yield from _extensions(file, node)
    if name in INSTEAD:
        yield INSTEAD[name].broken_by(file, node)
    elif name in _INSIDE:
        yield from _children(file, node)


def _children(file: str, node: etree._Element) -> Iterator[Finding]:
    parent = tag(node)
    for child in node:
        name = tag(child)
        if not name or name in _INSIDE[parent] or name in INSTEAD:
            continue
        if parent in EVENT_KINDS and name.endswith("EventDefinition"):
            continue  # told as an unsupported kind of event
        if parent in ("definitions", "collaboration", "process"):
            yield UNSUPPORTED.broken_by(file, child, element=name)
        else:
            yield UNSUPPORTED_INSIDE.broken_by(file, child, element=name, parent=parent)


def _attributes(file: str, node: etree._Element) -> Iterator[Finding]:
    if node.get("triggeredByEvent") == "true":
        yield EVENT_SUB_PROCESS.broken_by(file, node)
    if node.get("isExecutable") == "false":
        yield NOT_EXECUTABLE.broken_by(file, node)
    for attribute, only in _ONLY.items():
        found = node.get(attribute, only)
        if found != only:
            yield UNSUPPORTED_ATTRIBUTE.broken_by(file, node, attribute=attribute, found=found)


def _repetition(file: str, node: etree._Element) -> Iterator[Finding]:
    cardinality = child_text(node, "loopCardinality")
    if cardinality is None:
        yield REPETITION.broken_by(file, node)
    elif re.fullmatch("-?[0-9]{1,9}", cardinality) and not 1 <= int(cardinality) <= MAX_INSTANCES:
        yield CARDINALITY.broken_by(file, node, found=cardinality, limit=MAX_INSTANCES)


def _extensions(file: str, holder: etree._Element) -> Iterator[Finding]:
    parent = holder.getparent()
    seen: set[str] = set()
    for node in holder:
        name = etree.QName(node).localname
        if etree.QName(node).namespace != NAMESPACE:
            continue  # reported and left out when the file was read
        known = extension_types().get(name)
        if known is None:
            yield UNKNOWN_EXTENSION.broken_by(file, node, element=name, known=", ".join(sorted(extension_types())))
            continue
        if parent is not None and tag(parent) not in known.allowed_in:
            yield MISPLACED_EXTENSION.broken_by(file, node, element=name, parent=tag(parent))
        if name in seen and not known.many:
            yield REPEATED_EXTENSION.broken_by(file, node, element=name)
        seen.add(name)
        yield from _extension(file, node, name, known)


def _extension(file: str, node: etree._Element, name: str, known: ExtensionType) -> Iterator[Finding]:
    if len(node) or (node.text or "").strip():
        yield FILLED_EXTENSION.broken_by(file, node, element=name)
    for attribute in (str(key) for key in node.attrib):
        if attribute not in known.attributes:
            listed = ", ".join(sorted(known.attributes))
            yield UNKNOWN_ATTRIBUTE.broken_by(file, node, element=name, attribute=attribute, known=listed)
        elif attribute in known.choices and node.get(attribute) not in known.choices[attribute]:
            listed = ", ".join(known.choices[attribute])
            found = node.get(attribute)
            yield WRONG_VALUE.broken_by(file, node, element=name, attribute=attribute, known=listed, found=found)
    for attribute in sorted(known.required):
        if not (node.get(attribute) or "").strip():
            yield MISSING_ATTRIBUTE.broken_by(file, node, element=name, attribute=attribute)
