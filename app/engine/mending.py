"""Brings what other tools lawfully write to the one spelling the library reads right.

The library compares text where XML Schema knows types: "1" is not "true" to it, `tns:Message_1` is not `Message_1`, a line
break around a reference makes another reference, and a sequence flow without an id does not exist. It also takes every `id`
inside a process for a flow element, so the extensions of other tools may hide elements; they mean nothing here and are
taken out, with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

from lxml import etree

from app.domain.moves import Finding, Severity
from app.engine.extension import BPMN, NAMESPACE
from app.engine.findings import Rule

GIVEN_FLOW = "FlowGiven_"  # how the ids begin that are given here

FLOW_WITHOUT_ID = Rule(
    "bpmn-flow-id-given",
    "The sequence flow from “%(source)s” to “%(target)s” has no id; it is called “%(id)s” here",
    Severity.WARNING,
)
FOREIGN = Rule(
    "bpmn-foreign-extension",
    "“%(name)s” of %(namespace)s is an extension of another tool and is left out",
    Severity.WARNING,
)

_QUALIFIED = r"\{(?!http://www\.w3\.org/2001/XMLSchema-instance\})"  # attributes of any other namespace
_BOOLEANS = (
    "isExecutable",
    "cancelActivity",
    "isInterrupting",
    "isSequential",
    "testBefore",
    "triggeredByEvent",
    "isForCompensation",
    "parallelMultiple",
    "instantiate",
)
_REFERENCES = (
    "id",
    "default",
    "sourceRef",
    "targetRef",
    "attachedToRef",
    "calledElement",
    "messageRef",
    "errorRef",
    "escalationRef",
    "processRef",
    "bpmnElement",
)
_REFERENCE_ELEMENTS = tuple(f"{{{BPMN}}}{name}" for name in ("flowNodeRef", "incoming", "outgoing"))


def mend(name: str, root: etree._Element) -> list[Finding]:
    """Mends the tree in place and tells what it left out or gave."""
    findings = list(_drop_foreign(name, root))
    for node in root.iter():
        _mend_values(node)
    findings += _name_flows(name, root)
    return findings


def _drop_foreign(name: str, root: etree._Element) -> Iterator[Finding]:
    for holder in list(root.iter(f"{{{BPMN}}}extensionElements")):
        for child in list(holder):
            if etree.QName(child).namespace != NAMESPACE:
                yield _foreign(name, child, str(child.tag))
                holder.remove(child)
    for node in root.iter(f"{{{BPMN}}}*"):
        for attribute in [str(key) for key in node.attrib if re.match(_QUALIFIED, str(key))]:
            yield _foreign(name, node, attribute)
            del node.attrib[attribute]


def _foreign(file: str, node: etree._Element, qualified: str) -> Finding:
    qualified_name = etree.QName(qualified)
    return FOREIGN.broken_by(file, node, name=qualified_name.localname, namespace=qualified_name.namespace or "no namespace")


def _mend_values(node: etree._Element) -> None:
    for key in _BOOLEANS:
        if (value := node.get(key)) is not None:
            node.set(key, {"1": "true", "0": "false"}.get(value.strip(), value.strip()))
    for key in _REFERENCES:
        if (value := node.get(key)) is not None:
            node.set(key, _without_prefix(value))
    if node.tag in _REFERENCE_ELEMENTS:
        node.text = _without_prefix(node.text or "")


def _without_prefix(reference: str) -> str:
    """An id holds no colon, so whatever stands before one is a namespace prefix."""
    return reference.strip().rpartition(":")[2]


def _name_flows(file: str, root: etree._Element) -> Iterator[Finding]:
    taken = {node.get("id") for node in root.iter()}
    free = (f"{GIVEN_FLOW}{number}" for number in count(1))
    for flow in root.iter(f"{{{BPMN}}}sequenceFlow"):
        if flow.get("id"):
            continue
        given = next(name for name in free if name not in taken)
        flow.set("id", given)
        yield FLOW_WITHOUT_ID.broken_by(file, flow, source=flow.get("sourceRef"), target=flow.get("targetRef"), id=given)
