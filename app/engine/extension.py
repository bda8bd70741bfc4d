"""What `urn:rasim:bpmn:1` adds to a BPMN element, read by the rules of one descriptor.

`rasim.json` is a moddle descriptor: bpmn-js reads the same file in the browser, so the editor and the engine cannot
disagree. No extension carries an attribute named `id`: the BPMN parser takes every `id` inside a process for an element
of the flow.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree

from app.domain.moves import Element, ElementKind, Outcome
from app.domain.text import Text

NAMESPACE = "urn:rasim:bpmn:1"
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DESCRIPTOR = Path(__file__).with_name("rasim.json")

_GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway")
_KINDS = {kind.value: kind for kind in ElementKind} | dict.fromkeys(_GATEWAYS, ElementKind.GATEWAY)


@dataclass(frozen=True, slots=True)
class ExtensionType:
    """One allowed child of extensionElements: its attributes, which of them must be there, the values an attribute may
    take, the values an editor leaves out, the BPMN elements it may stand in, and whether it may stand there more than once."""

    attributes: frozenset[str]
    required: frozenset[str]
    choices: Mapping[str, tuple[str, ...]]
    defaults: Mapping[str, str]
    allowed_in: frozenset[str]
    many: bool


@cache
def extension_types() -> Mapping[str, ExtensionType]:
    """The allowed extension elements by tag name, from the descriptor."""
    descriptor = json.loads(DESCRIPTOR.read_text(encoding="utf-8"))
    enumerations = {each["name"]: tuple(value["name"] for value in each["literalValues"]) for each in descriptor["enumerations"]}
    return {_tag(each["name"]): _extension_type(each, enumerations) for each in descriptor["types"]}


def _extension_type(described: dict[str, object], enumerations: Mapping[str, tuple[str, ...]]) -> ExtensionType:
    properties: list[dict[str, str]] = described["properties"]  # type: ignore[assignment]
    meta: dict[str, list[str]] = described["meta"]  # type: ignore[assignment]
    return ExtensionType(
        attributes=frozenset(each["name"] for each in properties),
        required=frozenset(meta["required"]),
        defaults={each["name"]: each["default"] for each in properties if "default" in each},
        choices={each["name"]: enumerations[each["type"]] for each in properties if each["type"] in enumerations},
        allowed_in=frozenset(_tag(name.removeprefix("bpmn:")) for name in meta["allowedIn"]),
        many=bool(meta["many"]),
    )


def _tag(type_name: str) -> str:
    return type_name[:1].lower() + type_name[1:]


def extensions(node: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The element's own extensions of one tag name."""
    return node.iterfind(f"{{{BPMN}}}extensionElements/{{{NAMESPACE}}}{tag}")


def attribute(node: etree._Element, tag: str, name: str) -> str | None:
    """An attribute of the element's first extension of that tag; None when absent or empty."""
    for each in extensions(node, tag):
        return (each.get(name) or "").strip() or None
    return None


def label_of(node: etree._Element) -> Text:
    """The element's label: the BPMN name is Kazakh, `rasim:label` adds the other languages."""
    others = {each.get("lang"): each.get("text", "") for each in extensions(node, "label")}
    return Text(kk=node.get("name", ""), ru=others.get("ru", ""), en=others.get("en", ""))


def element_kind(node: etree._Element) -> ElementKind | None:
    """Which kind of flow element this is; None for whatever else stands in a process: flows, lanes, annotations."""
    name = etree.QName(node)
    return _KINDS.get(name.localname) if name.namespace == BPMN else None


def element_of(node: etree._Element, process: str, lane: str | None = None) -> Element:
    """The static facts of one linted flow element of the process `process`, standing in the lane with the id `lane`."""
    kind = element_kind(node)
    if kind is None:
        raise ValueError(f"not a flow element that Rasim executes: {node.tag}")
    return Element(
        id=node.get("id", ""),
        process=process,
        kind=kind,
        label=label_of(node),
        lane=lane,
        paragraph=attribute(node, "step", "paragraph"),
        limit=attribute(node, "step", "limit"),
        counted_from=attribute(node, "step", "from"),
        inferred=attribute(node, "inferred", "why"),
        role=attribute(node, "role", "name"),
        form=attribute(node, "form", "ref"),
        handler=attribute(node, "handler", "name"),
        decision=attribute(node, "decision", "ref"),
        instances=_instances(node),
        outcomes=tuple(_outcome(each) for each in extensions(node, "outcome")),
        grounds=tuple(each.get("ref", "") for each in extensions(node, "ground")),
    )


def _instances(node: etree._Element) -> str | None:
    return (node.findtext(f"{{{BPMN}}}multiInstanceLoopCharacteristics/{{{BPMN}}}loopCardinality") or "").strip() or None


def _outcome(node: etree._Element) -> Outcome:
    label = Text(kk=node.get("kk", ""), ru=node.get("ru", ""), en=node.get("en", ""))
    return Outcome(id=node.get("ref", ""), label=label, tone=node.get("tone", "neutral"))
