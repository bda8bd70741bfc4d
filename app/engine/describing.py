"""A diagram or a decision table taken apart into what it means: every element with every property, seen on the picture or not.

Two editions are compared by it (`app/domain/changes.py`). It reads what was written, so a file that could not be published is
described as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from app.domain.changes import Described
from app.domain.text import Text
from app.engine.entry import safely_read
from app.engine.extension import BPMN, NAMESPACE

_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
_HOLDERS = ("process", "subProcess", "transaction", "adHocSubProcess")
_DERIVED = ("incoming", "outgoing", "flowNodeRef", "laneSet", "childLaneSet")  # said by flows and lanes already
_EXTENSION = "extensionElements"
_LONG = re.compile(r"\{[^}]*\}")  # a namespace in a name


def described_diagram(name: str, content: bytes) -> dict[str, Described] | None:
    """Element id → what it is; None for a file that cannot be read."""
    root = safely_read(name, content)
    if root is None:
        return None
    lanes = _lanes(root)
    return {
        element.get("id", ""): Described(_title(element), _local(element), dict(_properties(element, lanes)))
        for element in _elements(root)
    }


def drawn(name: str, content: bytes) -> dict[str, str]:
    """Element id → where it is drawn; what is otherwise the same was moved on the paper only."""
    root = safely_read(name, content)
    if root is None:
        return {}
    shapes = [*root.iter(f"{{{_DI}}}BPMNShape"), *root.iter(f"{{{_DI}}}BPMNEdge")]
    return {shape.get("bpmnElement", ""): " ".join(_numbers(shape)) for shape in shapes}


def _numbers(shape: etree._Element) -> Iterator[str]:
    for node in shape.iter():
        if _local(node) in ("Bounds", "waypoint"):
            yield from (f"{float(node.get(axis, '0')):g}" for axis in ("x", "y", "width", "height") if _is_number(node.get(axis)))


def _is_number(text: str | None) -> bool:
    return text is not None and text.replace(".", "", 1).replace("-", "", 1).isdigit()


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def _elements(root: etree._Element) -> Iterator[etree._Element]:
    """Whatever has an id of its own and a meaning: in document order."""
    for element in root.iterdescendants(f"{{{BPMN}}}*"):
        parent = element.getparent()
        if not element.get("id") or parent is None or _local(element) in ("laneSet", "childLaneSet"):
            continue
        if parent is root or _local(parent) in (*_HOLDERS, "collaboration", "laneSet", "childLaneSet"):
            yield element


def _lanes(root: etree._Element) -> dict[str, str]:
    """Element id → the lane it stands in, by the lane's id: the innermost one, which comes last."""
    found = {}
    for lane in root.iter(f"{{{BPMN}}}lane"):
        for node in lane.iterchildren(f"{{{BPMN}}}flowNodeRef"):
            found[(node.text or "").strip()] = lane.get("id", "")
    return found


def _title(element: etree._Element) -> Text:
    labels = {str(label.get("lang")): str(label.get("text", "")) for label in element.iterfind(f"*/{{{NAMESPACE}}}label")}
    kk = labels.get("kk") or element.get("name") or _way(element) or element.get("id")
    return Text(str(kk), labels.get("ru", ""), labels.get("en", ""))


def _way(element: etree._Element) -> str:
    return f"{element.get('sourceRef')} → {element.get('targetRef')}" if element.get("sourceRef") else ""


def _properties(element: etree._Element, lanes: dict[str, str]) -> Iterator[tuple[str, str]]:
    parent = element.getparent()
    yield "element", _local(element)
    if parent is not None and _local(parent) in _HOLDERS:
        yield "parent", parent.get("id", "")
    if element.get("id") in lanes:
        yield "lane", lanes[element.get("id", "")]
    yield from ((_LONG.sub("", str(key)), str(value)) for key, value in element.attrib.items() if key != "id")
    for child in element.iterchildren(etree.Element):
        if _local(child) == _EXTENSION:
            for each in child.iterchildren(etree.Element):
                yield from _extension(each)
        elif _local(child) not in _DERIVED and not (child.get("id") and _local(element) in (*_HOLDERS, "collaboration")):
            yield from _inner(child, _local(child))


def _extension(each: etree._Element) -> Iterator[tuple[str, str]]:
    """`limit`, `label.ru`, `outcome[complete].kk`: by what tells one from another of its kind."""
    kind, ref = _local(each), str(each.get("ref"))
    if kind == "label":
        yield f"label.{each.get('lang')!s}", str(each.get("text", ""))
    elif kind in ("outcome", "ground"):
        yield from ((f"{kind}[{ref}].{key!s}", str(value)) for key, value in each.attrib.items())
    elif kind == "step":
        yield from ((str(key), str(value)) for key, value in each.attrib.items())
    elif len(each.attrib) == 1:
        yield kind, str(next(iter(each.attrib.values())))
    else:
        yield from _inner(each, kind)


def _inner(element: etree._Element, path: str) -> Iterator[tuple[str, str]]:
    """What stands inside an element and is no element of the flow: conditions, timers, loops, whatever else."""
    for key, value in element.attrib.items():
        if key != "id":
            yield f"{path}@{_LONG.sub('', str(key))}", str(value)
    inner = list(element.iterchildren(etree.Element))
    text = (element.text or "").strip()
    if text or not inner:
        yield path, text
    for number, child in enumerate(inner, start=1):
        twins = sum(_local(each) == _local(child) for each in inner)
        yield from _inner(child, f"{path}.{_local(child)}" + (f"[{number}]" if twins > 1 else ""))


# --- Decision tables ---------------------------------------------------------------------------------------------------


def described_decisions(name: str, content: bytes) -> dict[str, Described] | None:
    """Rules of decision tables, cell by cell under the names of their columns, and what else a decision says."""
    root = safely_read(name, content)
    if root is None:
        return None
    found: dict[str, Described] = {}
    for decision in root.iterdescendants("{*}decision"):
        title = Text(str(decision.get("name") or decision.get("id", "")))
        own = {key: value for key, value in _inner(decision, "decision") if ".rule" not in key}
        found[decision.get("id", "")] = Described(title, "decision", own)
        for table in decision.iterchildren("{*}decisionTable"):
            for place, rule in _rules(decision.get("id", ""), table):
                found[place] = Described(title, "rule", rule)
    return found


def _rules(decision: str, table: etree._Element) -> Iterator[tuple[str, dict[str, str]]]:
    columns = [_column(each) for kind in ("input", "output") for each in table.iterchildren(f"{{*}}{kind}")]
    for number, rule in enumerate(table.iterchildren("{*}rule"), start=1):
        cells = [each for kind in ("inputEntry", "outputEntry") for each in rule.iterchildren(f"{{*}}{kind}")]
        said = {column: "".join(map(str, cell.itertext())).strip() for column, cell in zip(columns, cells, strict=False)}
        yield f"{decision}[{rule.get('id') or number}]", {"number": str(number), **said}


def _column(column: etree._Element) -> str:
    expression = "".join(map(str, column.itertext())).strip()
    return str(column.get("label") or column.get("name") or expression or column.get("id"))
