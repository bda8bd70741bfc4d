"""Rules every service's diagram keeps: it is sound, traceable to the act, drawn without crossings, and its picture is fresh."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise, product
from pathlib import Path

import pytest
from lxml import etree

from app.diagrams import ROOT, is_fresh, pictures
from app.domain.citations import cite
from app.engine.law import law
from app.engine.lint import lint
from app.engine.soundness import soundness
from app.store.bundles import passport_of, read_bundle, services_in
from handlers import HANDLERS

SERVICES = services_in(ROOT / "processes")
PICTURES = dict(pictures())
NS = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "rasim": "urn:rasim:bpmn:1",
}
BESIDE = (  # whose names do not stand inside their shapes
    *("startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent"),
    *("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"),
)
Box = tuple[float, float, float, float]  # left, top, right, bottom
Segment = tuple[tuple[float, float], tuple[float, float]]

each_service = pytest.mark.parametrize("service", SERVICES, ids=lambda folder: folder.name)


each_diagram = pytest.mark.parametrize(
    "diagram", PICTURES, ids=lambda path: path.parent.name if path.stem == "process" else f"shared-{path.stem}"
)


def read(diagram: Path) -> etree._Element:
    return etree.fromstring(diagram.read_bytes())


def root_of(service: Path) -> etree._Element:
    return read(service / "process.bpmn")


@each_service
def test_a_published_diagram_has_no_finding(service: Path) -> None:
    bundle = read_bundle(service, ROOT / "processes" / "shared")
    assert [str(finding) for finding in lint(bundle, handlers=HANDLERS, passport=passport_of(bundle))] == []
    assert [str(finding) for finding in soundness(bundle)] == []
    assert [str(finding) for finding in law(bundle, passport_of(bundle))] == []  # a refusal path for every ground, too


@each_diagram
def test_every_paragraph_of_a_diagram_is_a_citation(diagram: Path) -> None:
    for step in read(diagram).iterfind(".//rasim:step", NS):
        if step.get("paragraph"):
            assert cite(step.get("paragraph", "")).kk


@each_diagram
def test_every_name_of_a_diagram_is_in_three_languages(diagram: Path) -> None:
    for node in read(diagram).iterfind(".//bpmn:*[@name]", NS):
        languages = {label.get("lang") for label in node.iterfind("bpmn:extensionElements/rasim:label", NS)}
        assert languages == {"ru", "en"}, node.get("id")


@each_diagram
def test_no_two_flows_cross(diagram: Path) -> None:
    edges = dict(_edges(read(diagram)))
    crossings = [
        (first, second) for first, second in combinations(edges, 2) for a in edges[first] for b in edges[second] if _cross(a, b)
    ]
    assert crossings == []


@each_diagram
def test_flows_run_at_right_angles_and_round_the_other_steps(diagram: Path) -> None:
    root = read(diagram)
    shapes = dict(_shapes(root))
    ends = {f.get("id"): (f.get("sourceRef"), f.get("targetRef")) for f in root.iterfind(".//bpmn:sequenceFlow", NS)}
    for flow, segments in _edges(root):
        for (x1, y1), (x2, y2) in segments:
            assert x1 == x2 or y1 == y2, flow
        for shape, box in shapes.items():
            if shape not in ends[flow]:
                assert not any(_touches(segment, box) for segment in segments), (flow, shape)


@each_diagram
def test_no_two_steps_overlap_and_each_stands_inside_its_lane(diagram: Path) -> None:
    root = read(diagram)
    shapes, lanes = dict(_shapes(root)), dict(_bounds(root, {lane.get("id") for lane in root.iterfind(".//bpmn:lane", NS)}))
    on = {(event.get("attachedToRef"), event.get("id")) for event in root.iterfind(".//bpmn:boundaryEvent", NS)}
    for first, second in combinations(shapes, 2):
        assert {(first, second), (second, first)} & on or not _overlap(shapes[first], shapes[second]), (first, second)
    for lane in root.iterfind(".//bpmn:lane", NS):
        left, top, right, bottom = lanes[lane.get("id")]
        for reference in lane.iterfind("bpmn:flowNodeRef", NS):
            box = shapes[str(reference.text)]
            assert left < box[0] and top < box[1] and box[2] < right and box[3] < bottom, reference.text


@each_diagram
def test_every_name_beside_its_shape_or_flow_has_its_place(diagram: Path) -> None:
    root = read(diagram)
    beside = (*(f"bpmn:{name}" for name in BESIDE), "bpmn:sequenceFlow")
    named = {str(node.get("id")) for name in beside for node in root.iterfind(f".//{name}[@name]", NS) if node.get("name")}
    assert named - dict(_labels(root)).keys() == set()


@each_diagram
def test_no_label_lies_on_another_label_a_shape_or_a_flow(diagram: Path) -> None:
    root = read(diagram)
    labels, shapes, edges = dict(_labels(root)), dict(_shapes(root)), dict(_edges(root))
    for (first, one), (second, other) in combinations(labels.items(), 2):
        assert not _covers(one, other), (first, second)
    for (label, place), (shape, box) in product(labels.items(), shapes.items()):
        assert label == shape or not _covers(place, box), (label, shape)
    for (label, place), (flow, segments) in product(labels.items(), edges.items()):
        assert label == flow or not any(_covers(place, _box(segment)) for segment in segments), (label, flow)


@each_service
def test_lanes_stand_in_the_order_of_the_act(service: Path) -> None:
    """The applicant, the system, then the act's units in the order of the passport's roles, which the applicant begins; one role
    a lane. The applicant's lane may hold no more than the filing, and the system's never holds a person's work."""
    root, roles = root_of(service), [role.id for role in passport_of(read_bundle(service)).roles]
    tops = {lane: box[1] for lane, box in _bounds(root, {lane.get("id") for lane in root.iterfind(".//bpmn:lane", NS)})}
    doers = dict(_roles(root))
    lanes = sorted(root.iterfind(".//bpmn:lane", NS), key=lambda lane: tops[str(lane.get("id"))])
    held = [[str(ref.text) for ref in lane.iterfind("bpmn:flowNodeRef", NS)] for lane in lanes]
    work = [{doers[element] for element in elements if element in doers} for elements in held]
    assert all(work[2:])
    assert [role for (role,) in filter(None, work)] == sorted({role for each in work for role in each}, key=roles.index)


@each_diagram
def test_the_picture_is_drawn_from_the_diagram_of_today(diagram: Path) -> None:
    assert is_fresh(PICTURES[diagram], diagram.read_bytes()), "run: python -m app.diagrams"


def test_the_guarantee_obligation_has_the_ten_steps_of_its_act_in_its_units() -> None:
    """Rules paras 6-9, step by step: who does it, by which paragraph, within which limit counted from what."""
    root = root_of(ROOT / "processes" / "guarantee-obligation-end-user-certificate")
    lane_of = {
        str(ref.text): lane.get("id")
        for lane in root.iterfind(".//bpmn:lane", NS)
        for ref in lane.iterfind("bpmn:flowNodeRef", NS)
    }
    steps = {}
    for node in root.iterfind(".//bpmn:process/*[@id]", NS):
        step = node.find("bpmn:extensionElements/rasim:step", NS)
        if step is not None:
            steps[node.get("id")] = (lane_of[str(node.get("id"))], step.get("paragraph"), step.get("limit"), step.get("from"))
    # fmt: off
    expected = {
        "application_filed": ("lane_applicant", "Rules para 6; Standard row 8", None, None),
        "acknowledge_receipt": ("lane_system", "Rules para 6 part 3", None, None),
        "register_application": ("lane_chancellery", "Rules para 7", "0 working-days", "registered"),
        "appoint_executor": ("lane_head", "Rules para 7", None, None),
        "check_completeness": ("lane_executor", "Rules para 8 part 1", "2 working-days", "registered"),
        "request_registry_data": ("lane_system", "Rules para 8 part 2", None, None),
        "check_compliance": ("lane_executor", "Rules para 9 part 1", "4 working-days", "completed:check_completeness"),
        "draw_up_certificate": (
            "lane_executor", "Rules para 9 part 1; Rules annex 3", "1 working-days", "completed:check_compliance"
        ),
        "sign_certificate": ("lane_head", "Rules para 9 part 3", None, None),
        "deliver_certificate": ("lane_system", "Rules para 9 part 3", None, None),
    }
    # fmt: on
    assert {identity: steps[identity] for identity in expected} == expected


def _edges(root: etree._Element) -> Iterator[tuple[str, list[Segment]]]:
    for edge in root.iterfind(".//bpmndi:BPMNEdge", NS):
        points = [(float(p.get("x", "")), float(p.get("y", ""))) for p in edge.iterfind("di:waypoint", NS)]
        yield str(edge.get("bpmnElement")), list(pairwise(points))


def _shapes(root: etree._Element) -> Iterator[tuple[str, Box]]:
    """The boxes of flow elements: all that flows begin or end at."""
    flows = list(root.iterfind(".//bpmn:sequenceFlow", NS))
    return _bounds(root, {flow.get(end) for flow in flows for end in ("sourceRef", "targetRef")})


def _bounds(root: etree._Element, wanted: set[str | None]) -> Iterator[tuple[str, Box]]:
    for shape in root.iterfind(".//bpmndi:BPMNShape", NS):
        box = shape.find("dc:Bounds", NS)
        if box is not None and shape.get("bpmnElement") in wanted:
            yield str(shape.get("bpmnElement")), _rectangle(box)


def _labels(root: etree._Element) -> Iterator[tuple[str, Box]]:
    """The boxes of the names that stand beside their shapes and flows."""
    for label in root.iterfind(".//bpmndi:BPMNLabel", NS):
        box, owner = label.find("dc:Bounds", NS), label.getparent()
        if box is not None and owner is not None:
            yield str(owner.get("bpmnElement")), _rectangle(box)


def _roles(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Who does each user task."""
    for task in root.iterfind(".//bpmn:userTask", NS):
        for role in task.iterfind("bpmn:extensionElements/rasim:role", NS):
            yield task.get("id", ""), role.get("name", "")


def _rectangle(box: etree._Element) -> Box:
    x, y, width, height = (float(box.get(name, "")) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def _box(segment: Segment) -> Box:
    (x1, y1), (x2, y2) = segment
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _cross(a: Segment, b: Segment) -> bool:
    """Right-angled segments cross where their boxes meet; two flows may share the point they both begin or end at."""
    return _overlap(_box(a), _box(b)) and not {*a} & {*b}


def _touches(segment: Segment, box: Box) -> bool:
    return _overlap(_box(segment), box)


def _overlap(a: Box, b: Box) -> bool:
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


def _covers(a: Box, b: Box) -> bool:
    """Whether the boxes have more in common than a border."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
