"""Draws what a file does not draw: diagrams of other tools come without a picture, or with parts of one.

What is drawn stays where it is. The rest of the file is kept as it came, extensions of other tools included; only sequence
flows without an id are given one, without which no line can be theirs.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from app.engine.entry import examine, tree_as_written
from app.engine.extension import BPMN
from app.engine.graph import FLOW_NODES, SUB_PROCESSES, Scope, scopes, tag
from app.engine.layers import LANE_HEAD, Box, Picture, Point, draw, straight

MAX_DRAWN = 2_000  # elements and flows; a larger diagram nobody could look at

_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
_DC = "http://www.omg.org/spec/DD/20100524/DC"
_WAYPOINTS = "http://www.omg.org/spec/DD/20100524/DI"
_PREFIXES = {"bpmndi": _DI, "dc": _DC, "di": _WAYPOINTS}
_EDGES = ("sequenceFlow", "messageFlow", "association")
_SHAPES = FLOW_NODES | {"lane", "participant", "textAnnotation", "group", "dataObjectReference", "dataStoreReference"}
_POOL_GAP = 40


def laid_out(name: str, content: bytes) -> bytes:
    """The file with everything in it drawn. The same bytes when nothing is missing, or nothing can be drawn: of a file that
    cannot be read, or has more than MAX_DRAWN elements and flows, the checks tell."""
    mended, _ = examine(name, content)
    if mended is None or sum(tag(node) in (*_SHAPES, *_EDGES) for node in mended.iter()) > MAX_DRAWN:
        return content
    root = tree_as_written(name, content)
    missing = _missing(mended)
    if not missing:
        return content
    _give_flow_ids(root, mended)
    known = _boxes(mended)
    if not known:
        for diagram in root.findall(f"{{{_DI}}}BPMNDiagram"):
            root.remove(diagram)
    picture = _picture(mended, known)
    for plane, process in _planes(root, mended, known):
        _draw(plane, process, picture, missing, known)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _missing(root: etree._Element) -> set[str]:
    drawn = {element.get("bpmnElement") for element in root.iter(f"{{{_DI}}}BPMNShape", f"{{{_DI}}}BPMNEdge")}
    wanted = (node.get("id", "") for node in root.iter(f"{{{BPMN}}}*") if tag(node) in _SHAPES or tag(node) in _EDGES)
    return {identity for identity in wanted if identity and identity not in drawn}


def _give_flow_ids(root: etree._Element, mended: etree._Element) -> None:
    """The ids given on entry, written into the file: both trees have the same flows in the same order."""
    flows = f"{{{BPMN}}}sequenceFlow"
    for written, read in zip(root.iter(flows), mended.iter(flows), strict=True):
        if not written.get("id"):
            written.set("id", read.get("id", ""))


def _boxes(root: etree._Element) -> dict[str, Box]:
    """What the file draws, by element."""
    found = {}
    for shape in root.iter(f"{{{_DI}}}BPMNShape"):
        bounds = shape.find(f"{{{_DC}}}Bounds")
        try:
            numbers = [float(bounds.get(side, "")) for side in ("x", "y", "width", "height")] if bounds is not None else []
        except ValueError:
            continue
        if numbers:
            found[shape.get("bpmnElement", "")] = Box(*numbers)
    return found


def _picture(root: etree._Element, known: dict[str, Box]) -> Picture:
    """All processes one below the other, each in its pool if it has one, below what is drawn already."""
    picture = Picture()
    top = max((box.bottom for box in known.values()), default=0.0) + _POOL_GAP
    every = list(scopes("", root))
    inside = {scope.id: scope for scope in every if scope.parent is not None}
    pools = {node.get("processRef", ""): node.get("id", "") for node in root.iter(f"{{{BPMN}}}participant")}
    for scope in every:
        if scope.parent is None:
            drawn, pool = draw(scope, inside), pools.pop(scope.id, None)
            left = LANE_HEAD if pool else 0.0
            picture.take(drawn, left, top)
            height = max(drawn.height, 100.0)
            if pool:
                picture.boxes[pool] = Box(0, top, drawn.width + left, height)
            top += height + _POOL_GAP
    for pool in pools.values():  # whose inside nobody knows
        picture.boxes[pool] = Box(0, top, 600.0, 60.0)
        top += 60.0 + _POOL_GAP
    picture.boxes |= _at_their_hosts(every, picture.boxes, known)
    picture.boxes |= known
    return picture


def _at_their_hosts(every: list[Scope], boxes: dict[str, Box], known: dict[str, Box]) -> dict[str, Box]:
    """Boundary events that are not drawn stand on their activity, which may be."""
    moved = {}
    for scope in every:
        for event in scope.tagged("boundaryEvent"):
            identity, host = event.get("id", ""), event.get("attachedToRef", "")
            if identity in boxes and host in known and host in boxes:
                moved[identity] = boxes[identity].moved(known[host].x - boxes[host].x, known[host].bottom - boxes[host].bottom)
    return moved


def _planes(
    root: etree._Element, mended: etree._Element, known: dict[str, Box]
) -> Iterator[tuple[etree._Element, etree._Element | None]]:
    """Where what is missing is drawn, with the process to draw there; None: all of them. A plane shows one process, or one
    collaboration with all its pools."""
    planes = root.findall(f"{{{_DI}}}BPMNDiagram/{{{_DI}}}BPMNPlane")
    if known and planes:
        yield planes[0], None
        return
    collaboration = mended.find(f"{{{BPMN}}}collaboration")
    if collaboration is not None:
        yield _new_plane(root, collaboration.get("id", "")), None
        return
    for process in mended.findall(f"{{{BPMN}}}process"):
        yield _new_plane(root, process.get("id", "")), process


def _new_plane(root: etree._Element, shows: str) -> etree._Element:
    diagram = etree.SubElement(root, f"{{{_DI}}}BPMNDiagram", nsmap=_PREFIXES)
    diagram.tail = "\n"
    return etree.SubElement(diagram, f"{{{_DI}}}BPMNPlane", bpmnElement=shows)


def _draw(
    plane: etree._Element, process: etree._Element | None, picture: Picture, missing: set[str], known: dict[str, Box]
) -> None:
    root = plane.getroottree().getroot()
    source = root if process is None else next(node for node in root.iter(process.tag) if node.get("id") == process.get("id"))
    nodes = [node for node in source.iter(f"{{{BPMN}}}*") if node.get("id") in missing]
    for node in nodes:
        if tag(node) in _SHAPES and node.get("id") in picture.boxes:
            _shape(plane, node, picture.boxes[node.get("id", "")])
    for node in nodes:
        if tag(node) in _EDGES:
            line = _line(node, picture, known)
            if line:
                _edge(plane, node.get("id", ""), line)


def _line(flow: etree._Element, picture: Picture, known: dict[str, Box]) -> list[Point]:
    """As it was laid out between two elements that were; else straight, wherever the two stand."""
    ends = [(flow.get(end) or "").strip().rpartition(":")[2] for end in ("sourceRef", "targetRef")]
    if not known.keys() & set(ends) and (line := picture.lines.get(flow.get("id", ""))):
        return line
    boxes = [picture.boxes[end] for end in ends if end in picture.boxes]
    return straight(*boxes) if len(boxes) == 2 else []


def _shape(plane: etree._Element, node: etree._Element, box: Box) -> None:
    shape = etree.SubElement(plane, f"{{{_DI}}}BPMNShape", bpmnElement=node.get("id", ""))
    if tag(node) in SUB_PROCESSES:
        shape.set("isExpanded", "true")
    if tag(node) in ("lane", "participant"):
        shape.set("isHorizontal", "true")
    sides = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    etree.SubElement(shape, f"{{{_DC}}}Bounds", {side: f"{value:g}" for side, value in sides.items()})


def _edge(plane: etree._Element, identity: str, line: list[Point]) -> None:
    edge = etree.SubElement(plane, f"{{{_DI}}}BPMNEdge", bpmnElement=identity)
    for x, y in line:
        etree.SubElement(edge, f"{{{_WAYPOINTS}}}waypoint", x=f"{x:g}", y=f"{y:g}")
