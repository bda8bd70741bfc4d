"""Whether everything that is executed is drawn: people approve the picture, so nothing may run that it does not show."""

from __future__ import annotations

import math
from collections.abc import Iterator

from lxml import etree

from app.domain.moves import Finding
from app.engine.extension import BPMN
from app.engine.findings import Rule
from app.engine.graph import FLOW_NODES, tag
from app.engine.mending import GIVEN_FLOW

NOT_DRAWN = Rule("bpmn-not-drawn", "The %(element)s is executed but not drawn")
DRAWN_TWICE = Rule("bpmn-not-drawn", "“%(id)s” is drawn more than once")
DRAWS_NOTHING = Rule("bpmn-not-drawn", "The drawing shows “%(id)s”, which the file does not have")
EMPTY_SHAPE = Rule("bpmn-bounds", "The shape has no bounds of positive width and height at a place on the page")
SHORT_EDGE = Rule("bpmn-bounds", "The line of the flow has %(found)s points on the page; it needs at least two")

_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
_DC = "http://www.omg.org/spec/DD/20100524/DC"
_WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
_DRAWN = FLOW_NODES | {"lane", "sequenceFlow"}


def lint_drawing(file: str, root: etree._Element) -> Iterator[Finding]:
    known = {node.get("id", "") for node in root.iter(f"{{{BPMN}}}*")}
    drawn: set[str] = set()
    for element in root.iter(f"{{{_DI}}}BPMNShape", f"{{{_DI}}}BPMNEdge"):
        identity = element.get("bpmnElement", "")
        if identity and identity not in known:
            yield DRAWS_NOTHING.broken_by(file, element, id=identity)
        elif identity in drawn:
            yield DRAWN_TWICE.broken_by(file, element, id=identity)
        drawn.add(identity)
        yield from _shape(file, element) if element.tag.endswith("Shape") else _edge(file, element)
    for node in root.iter(f"{{{BPMN}}}*"):
        identity = node.get("id", "")
        # A flow whose id was given here was told then, and nothing could draw it.
        if tag(node) in _DRAWN and identity not in drawn and not identity.startswith(GIVEN_FLOW):
            yield NOT_DRAWN.broken_by(file, node, element=tag(node))


def _shape(file: str, shape: etree._Element) -> Iterator[Finding]:
    bounds = shape.find(f"{{{_DC}}}Bounds")
    numbers = [] if bounds is None else [_number(bounds.get(name)) for name in ("x", "y", "width", "height")]
    if not numbers or not all(math.isfinite(number) for number in numbers) or min(numbers[2:]) <= 0:
        yield EMPTY_SHAPE.broken_by(file, shape)


def _edge(file: str, edge: etree._Element) -> Iterator[Finding]:
    points = [point for point in edge.iterfind(_WAYPOINT) if math.isfinite(_number(point.get("x")) + _number(point.get("y")))]
    if len(points) < 2:
        yield SHORT_EDGE.broken_by(file, edge, found=len(points))


def _number(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return math.nan
