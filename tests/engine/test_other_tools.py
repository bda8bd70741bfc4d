"""Files of other modelers: they open, are drawn, and get findings instead of errors.

The files in `files/tools` were written for this test in the manner of the tool each is named by: its namespaces, extensions,
prefixes, picture or lack of one.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree

from app.cases.publishing import check_bundle
from app.domain.moves import Bundle, Severity
from app.engine.entry import examine
from app.engine.layers import Box
from app.engine.layout import MAX_DRAWN, laid_out
from app.engine.lint import lint
from app.store.bundles import PROCESS, read_bundle
from tests.engine.drawing import boundary, bundle, definitions, end, gateway, path, process, start, timer, user

TOOLS = sorted((Path(__file__).with_name("files") / "tools").glob("*.bpmn"))
DRAWN_BY_ITSELF = {"camunda7", "jbpm", "signavio"}
SERVICE = Path(__file__).parents[2] / "processes" / "guarantee-obligation-end-user-certificate"
NS = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}

each_tool = pytest.mark.parametrize("file", TOOLS, ids=lambda file: file.stem)


def boxes(content: bytes) -> dict[str, Box]:
    root = etree.fromstring(content)
    found = {}
    for shape in root.iterfind(".//bpmndi:BPMNShape", NS):
        bounds = shape.find("dc:Bounds", NS)
        found[shape.get("bpmnElement", "")] = Box(*(float(bounds.get(side)) for side in ("x", "y", "width", "height")))
    return found


def undrawn(content: bytes) -> bytes:
    return re.sub(rb"<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>", b"", content, flags=re.DOTALL)


@each_tool
def test_a_file_of_another_tool_gets_findings_and_no_error(file: Path) -> None:
    service = read_bundle(SERVICE)
    checked = check_bundle(Bundle(service.service, {**service.files, PROCESS: file.read_bytes()}), {"number_case"})
    assert not checked.is_publishable
    assert "bpmn-schema" not in {finding.code for finding in checked.findings}
    assert all(str(finding) and finding.file for finding in checked.findings)
    foreign = [each for each in checked.findings if each.code == "bpmn-foreign-extension"]
    assert {each.severity for each in foreign} <= {Severity.WARNING}


@each_tool
def test_everything_in_it_is_drawn_and_what_was_drawn_stays(file: Path) -> None:
    content = file.read_bytes()
    drawn = laid_out(file.name, content)
    assert (drawn == content) == (file.stem in DRAWN_BY_ITSELF)
    assert {each.code for each in lint(Bundle("t", {PROCESS: drawn}))} & {"bpmn-not-drawn", "bpmn-bounds"} == set()
    assert boxes(drawn).items() >= boxes(content).items()
    assert laid_out(file.name, drawn) == drawn
    for extension in (b"camunda:", b"zeebe:", b"signavio:", b"flowable:", b"drools:", b"adonis:", b"BizagiProperty", b"<!--"):
        assert drawn.count(extension) == content.count(extension)  # kept, though never executed


def test_a_service_without_its_picture_is_drawn_without_overlaps_each_step_in_its_lane() -> None:
    content = undrawn((SERVICE / PROCESS).read_bytes())
    places = boxes(laid_out(PROCESS, content))
    root = etree.fromstring(content)
    nodes = {str(ref.text): str(lane.get("id")) for lane in root.iterfind(".//bpmn:lane", NS) for ref in lane.iterfind("*", NS)}
    nodes = {node: lane for node, lane in nodes.items() if node in places}
    assert len(nodes) > 20
    for node, lane in nodes.items():
        box, around = places[node], places[lane]
        assert around.x < box.x and around.y < box.y and box.right < around.right and box.bottom < around.bottom
        for other in nodes.keys() - {node}:
            beside = places[other]
            assert box.right <= beside.x or beside.right <= box.x or box.bottom <= beside.y or beside.bottom <= box.y


def test_a_flow_onward_runs_from_left_to_right_and_meets_its_ends() -> None:
    content = undrawn((SERVICE / PROCESS).read_bytes())
    drawn = etree.fromstring(laid_out(PROCESS, content))
    places = boxes(etree.tostring(drawn))
    ends = {flow.get("id"): (flow.get("sourceRef"), flow.get("targetRef")) for flow in drawn.iterfind(".//bpmn:sequenceFlow", NS)}
    lines = {
        edge.get("bpmnElement"): [(float(p.get("x")), float(p.get("y"))) for p in edge.iterfind("di:waypoint", NS)]
        for edge in drawn.iterfind(".//bpmndi:BPMNEdge", NS)
    }
    assert lines.keys() == ends.keys()
    for flow, line in lines.items():
        source, target = (places[each] for each in ends[flow])
        assert line[-1] == (target.x, target.middle[1])
        assert line[0] in ((source.right, source.middle[1]), (source.middle[0], source.bottom))
        assert all(x1 == x2 or y1 == y2 for (x1, y1), (x2, y2) in pairwise(line))


def test_a_boundary_event_stands_on_its_activity_wherever_that_was_drawn() -> None:
    elements = (
        start(),
        user("a"),
        boundary("late", "a", timer("P1D")),
        end(),
        path("begin", "a", "finish"),
        path("late", "finish"),
    )
    whole = bundle(*elements).files[PROCESS]
    partly = re.sub(rb'<bpmndi:BPMNShape bpmnElement="late">.*?</bpmndi:BPMNShape>', b"", whole)
    for content in (definitions(process(*elements), drawn=False), partly):
        places = boxes(laid_out(PROCESS, content))
        assert places["a"].x <= places["late"].x
        assert places["late"].y < places["a"].bottom < places["late"].bottom


def test_a_flow_that_had_no_id_is_given_one_that_stays() -> None:
    content = definitions(process(start(), user("a"), end(), path("begin", "a", "finish")), drawn=False)
    nameless = content.replace(b' id="begin_a"', b"")
    drawn = laid_out(PROCESS, nameless)
    assert b'id="FlowGiven_1"' in drawn
    assert [each.code for each in lint(Bundle("t", {PROCESS: drawn}))] == []


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_file_in_another_lawful_encoding_is_drawn_too(encoding: str) -> None:
    text = definitions(process(start(), user("a"), end(), path("begin", "a", "finish")), drawn=False).decode()
    drawn = laid_out(PROCESS, text.replace("UTF-8", "UTF-16" if encoding == "utf-16" else "UTF-8").encode(encoding))
    assert "қадам".encode() in drawn
    assert lint(Bundle("t", {PROCESS: drawn})) == []


def test_ways_in_circles_nothing_and_nonsense_are_drawn_or_left_as_they_are() -> None:
    circle = definitions(process(user("a"), user("b"), path("a", "b", "a"), path("a", "nowhere")), drawn=False)
    assert set(boxes(laid_out(PROCESS, circle))) == {"a", "b"}
    for content in (b"", b"<broken", b"<definitions/>", definitions(), definitions(process())):
        assert laid_out(PROCESS, content) == content


def test_a_diagram_nobody_could_look_at_is_left_as_it_is() -> None:
    tasks = [user(f"t{n}") for n in range(MAX_DRAWN)]
    content = definitions(process(start(), *tasks, end(), path("begin", "finish")), drawn=False)
    assert laid_out(PROCESS, content) == content


def test_flows_over_many_columns_are_drawn_in_bounded_work() -> None:
    """400 tasks in a row, and from a fork a flow to each of them: cells kept for every flow would be 80,000."""
    names = [f"t{n}" for n in range(400)]
    flows = path("begin", "fork", *names, "finish") + "".join(path("fork", name) for name in names[1:])
    content = definitions(process(start(), gateway("parallel", "fork"), *map(user, names), end(), flows), drawn=False)
    places = boxes(laid_out(PROCESS, content))
    assert len(places) == 403
    assert max(box.bottom for box in places.values()) < 1000  # and no row was kept for a flow


def test_the_entry_reads_every_file_it_draws() -> None:
    for file in TOOLS:
        root, _ = examine(file.name, laid_out(file.name, file.read_bytes()))
        assert root is not None
