"""One text for one diagram, so that versions can be compared as text and a save without a change changes nothing.

Editors keep what is drawn in the order of its making. Here steps follow the course of the process from its start, flows follow
their sources, and shapes follow what they draw; attributes have a fixed order, the namespaces of BPMN fixed prefixes, and
attributes that say only what holds anyway are left out. Flows out of one step keep their order: conditions are asked in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from app.engine.entry import safe_tree
from app.engine.extension import BPMN, NAMESPACE, extension_types
from app.engine.graph import FLOW_NODES

_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_PREFIXES = {
    BPMN: "bpmn",
    _DI: "bpmndi",
    "http://www.omg.org/spec/DD/20100524/DC": "dc",
    "http://www.omg.org/spec/DD/20100524/DI": "di",
    _XSI: "xsi",
    NAMESPACE: "rasim",
}
_XML = "http://www.w3.org/XML/1998/namespace"
_FIRST = ("id", "bpmnElement", "name", "ref", "lang", "text", "kk", "ru", "en", "tone", "paragraph", "limit", "from")
_THEN = ("sourceRef", "targetRef", "processRef", "attachedToRef", "calledElement", "isExecutable", "default", "x", "y", "width")
_ORDER = {name: place for place, name in enumerate((*_FIRST, *_THEN, "height"))}
_HOLDS_ANYWAY = {
    "cancelActivity": "true",
    "completionQuantity": "1",
    "eventGatewayType": "Exclusive",
    "gatewayDirection": "Unspecified",
    "instantiate": "false",
    "isClosed": "false",
    "isForCompensation": "false",
    "isInterrupting": "true",
    "isSequential": "false",
    "parallelMultiple": "false",
    "processType": "None",
    "startQuantity": "1",
    "triggeredByEvent": "false",
}
_EXTENSIONS = ("step", "inferred", "role", "form", "handler", "decision", "ground", "outcome", "label")
_LANGUAGES = ("ru", "en")
_FLOW = FLOW_NODES | {"sequenceFlow"}


def canonical(name: str, content: bytes) -> bytes:
    """The same diagram in its one text. What is no readable diagram, or holds text among elements, stays as it is."""
    root = safe_tree(name, content) if name.endswith(".bpmn") else None
    if root is None or root.tag != f"{{{BPMN}}}definitions" or any(map(_is_mixed, root.iter())):
        return content
    _arrange(root)
    prefixes = _prefixes(root)
    return ("\n".join(_file(root, prefixes)) + "\n").encode()


def _is_mixed(node: etree._Element) -> bool:
    texts = [node.text, *(child.tail for child in node)]
    return len(node) > 0 and any((text or "").strip() for text in texts)


# --- order ------------------------------------------------------------------------------------------------------------


def _arrange(root: etree._Element) -> None:
    for scope in [*root.iter(f"{{{BPMN}}}process"), *root.iter(f"{{{BPMN}}}subProcess")]:
        _arrange_scope(scope)
    for holder in root.iter(f"{{{BPMN}}}extensionElements"):
        _sort(holder, _extension_place)
    drawn = {node.get("id"): place for place, node in enumerate(root.iter()) if node.get("id")}
    for plane in root.iter(f"{{{_DI}}}BPMNPlane"):
        _sort(plane, lambda each: (each.tag.endswith("Edge"), drawn.get(each.get("bpmnElement"), len(drawn))))


def _extension_place(node: etree._Element) -> tuple[int, int]:
    """Ours as they are read: the law, who does it and how, how it ends, its names; others' after them."""
    name, language = etree.QName(node), node.get("lang", "")
    if name.namespace != NAMESPACE or name.localname not in _EXTENSIONS:
        return len(_EXTENSIONS), 0
    return _EXTENSIONS.index(name.localname), _LANGUAGES.index(language) if language in _LANGUAGES else len(_LANGUAGES)


def _arrange_scope(scope: etree._Element) -> None:
    """Puts the steps of a process, then its flows, where the first of them stands; and what refers to them in that order."""
    elements = [each for each in scope if _name(each) in _FLOW]
    if not elements:
        return
    flows = [each for each in elements if _name(each) == "sequenceFlow"]
    nodes = _in_course([each for each in elements if _name(each) != "sequenceFlow"], flows)
    places = {node.get("id"): place for place, node in enumerate(nodes)}
    flows.sort(key=lambda flow: places.get(flow.get("sourceRef"), len(places)))
    flow_places = {flow.get("id"): place for place, flow in enumerate(flows)}
    at = scope.index(elements[0])
    for offset, each in enumerate([*nodes, *flows]):
        scope.insert(at + offset, each)
    for node in nodes:
        for kind in ("incoming", "outgoing"):
            _sort_references(node, kind, flow_places)
    for lane in scope.iterfind(f"{{{BPMN}}}laneSet//{{{BPMN}}}lane"):
        _sort_references(lane, "flowNodeRef", places)


def _in_course(nodes: list[etree._Element], flows: list[etree._Element]) -> list[etree._Element]:
    """From the starts on along the flows, what stands at a step's border after what follows the step."""
    found = {node.get("id"): node for node in nodes}
    after: dict[str | None, list[str | None]] = {}
    for flow in flows:
        after.setdefault(flow.get("sourceRef"), []).append(flow.get("targetRef"))
    for node in nodes:
        if node.get("attachedToRef"):
            after.setdefault(node.get("attachedToRef"), []).append(node.get("id"))
    waiting = [*reversed(nodes), *reversed([node for node in nodes if _name(node) == "startEvent"])]
    course: dict[str | None, etree._Element] = {}
    while waiting:
        node = waiting.pop()
        if node.get("id") not in course:
            course[node.get("id")] = node
            waiting.extend(found[target] for target in reversed(after.get(node.get("id"), [])) if target in found)
    return list(course.values()) if len(course) == len(nodes) else nodes  # ids that stand twice: left to the checks


def _sort_references(node: etree._Element, kind: str, places: Mapping[str | None, int]) -> None:
    references = node.findall(f"{{{BPMN}}}{kind}")
    if references:
        at = node.index(references[0])
        ordered = sorted(references, key=lambda each: places.get((each.text or "").strip(), len(places)))
        for offset, each in enumerate(ordered):
            node.insert(at + offset, each)


def _sort(node: etree._Element, key: Callable[[etree._Element], tuple[int, int]]) -> None:
    for each in sorted(node, key=key):
        node.append(each)  # moves it to the end


def _name(node: etree._Element) -> str:
    name = etree.QName(node)
    return name.localname if name.namespace == BPMN else ""


# --- text -------------------------------------------------------------------------------------------------------------


def _prefixes(root: etree._Element) -> dict[str, str]:
    """The fixed prefixes, then the file's own for whatever else it declares, since values may name them."""
    chosen = dict(_PREFIXES)
    for node in root.iter():
        for prefix, namespace in sorted((prefix or "", uri) for prefix, uri in node.nsmap.items()):
            if namespace not in chosen and namespace != _XML:
                wish = prefix if prefix and prefix not in chosen.values() else f"ns{len(chosen)}"
                chosen[namespace] = wish
    return chosen


def _file(root: etree._Element, prefixes: Mapping[str, str]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    declared = [f"xmlns:{prefix}={quoteattr(namespace)}" for namespace, prefix in prefixes.items()]
    yield f"<bpmn:definitions {declared[0]}"
    yield from (f"    {each}" for each in declared[1:])
    yield f"    {' '.join(_attributes(root, prefixes))}>"
    for child in root:
        yield from _lines(child, prefixes, "  ")
    yield "</bpmn:definitions>"


def _lines(node: etree._Element, prefixes: Mapping[str, str], indent: str) -> Iterator[str]:
    tag = _qualified(node.tag, prefixes)
    opening = " ".join([tag, *_attributes(node, prefixes)])
    text = node.text or ""
    if len(node):
        yield f"{indent}<{opening}>"
        for child in node:
            yield from _lines(child, prefixes, f"{indent}  ")
        yield f"{indent}</{tag}>"
    elif text.strip():
        yield f"{indent}<{opening}>{escape(text)}</{tag}>"
    else:
        yield f"{indent}<{opening} />"


def _attributes(node: etree._Element, prefixes: Mapping[str, str]) -> list[str]:
    own = {str(name): str(value) for name, value in node.attrib.items()}
    kept = {name: value for name, value in own.items() if not (_name(node) and _HOLDS_ANYWAY.get(name) == value)}
    if f"{{{_XSI}}}type" in kept:
        kept[f"{{{_XSI}}}type"] = _renamed(node, kept[f"{{{_XSI}}}type"], prefixes)
    said = {_qualified(name, prefixes): value for name, value in {**_defaults(node), **kept}.items()}
    return [f"{name}={quoteattr(said[name], _QUOTED)}" for name in sorted(said, key=_attribute_place)]


_QUOTED = {'"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}


def _attribute_place(name: str) -> tuple[int, str]:
    return _ORDER.get(name, len(_ORDER)), name


def _defaults(node: etree._Element) -> Mapping[str, str]:
    """What an extension says where the editor left it out because it holds anyway."""
    name = etree.QName(node)
    known = extension_types().get(name.localname) if name.namespace == NAMESPACE else None
    return known.defaults if known else {}


def _renamed(node: etree._Element, value: str, prefixes: Mapping[str, str]) -> str:
    """A qualified name as a value, with the prefix its namespace has now."""
    prefix, _, local = value.rpartition(":")
    namespace = node.nsmap.get(prefix or None)
    return f"{prefixes[namespace]}:{local}" if namespace is not None and namespace in prefixes else value


def _qualified(tag: object, prefixes: Mapping[str, str]) -> str:
    name = etree.QName(str(tag))
    if name.namespace is None:
        return name.localname
    return f"xml:{name.localname}" if name.namespace == _XML else f"{prefixes[name.namespace]}:{name.localname}"
