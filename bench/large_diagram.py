"""A published service whose diagram has grown to some hundreds of elements, as an analyst's draft may.

The stretch put in before the check of completeness is made of what diagrams here are made of: choices that come together
again, parallel blocks of three to five branches with a choice or a watched task in each, and circles of rework.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count, cycle
from pathlib import Path

from lxml import etree

from app.domain.moves import Bundle
from app.store.bundles import PROCESS, read_bundle

SERVICE = Path(__file__).resolve().parent.parent / "processes" / "guarantee-obligation-end-user-certificate"
_NAMES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
    "rasim": "urn:rasim:bpmn:1",
}
_OWN = 24  # elements the service has by itself
_DECLARED = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in _NAMES.items())
_STEP = (
    '<bpmn:extensionElements><rasim:step paragraph="Rules para 8 part 1"/>'
    '<rasim:label lang="ru" text="шаг"/><rasim:label lang="en" text="step"/>{}</bpmn:extensionElements>'
)
_DOER = (
    '<rasim:role name="executor"/><rasim:outcome ref="yes" kk="иә" ru="да" en="yes"/>'
    '<rasim:outcome ref="no" kk="жоқ" ru="нет" en="no"/>'
)
_MESSAGE = '<bpmn:messageEventDefinition messageRef="more_is_known"/>'


def dense_block(branches: int, choices: int) -> Bundle:
    """The service with a parallel block before the check of completeness, in each branch so many choices one after another."""
    stretch = _Stretch()
    stretch.block(branches, choices)
    return _grown(stretch)


def large_bundle(elements: int) -> Bundle:
    """The service with this many flow elements in its main diagram, give or take one block."""
    stretch = _Stretch()
    stretch.grow(elements - _OWN)
    return _grown(stretch)


def _grown(stretch: _Stretch) -> Bundle:
    bundle = read_bundle(SERVICE)
    root = etree.fromstring(bundle.files[PROCESS])
    stretch.put_into(root)
    return Bundle(bundle.service, {**bundle.files, PROCESS: etree.tostring(root, encoding="UTF-8", xml_declaration=True)})


class _Stretch:
    """Elements and flows between one first and one last element."""

    def __init__(self) -> None:
        self.nodes: dict[str, str] = {}
        self.flows: list[tuple[str, str, str | None]] = []
        self._numbers = count(1)
        self.first = self.last = self._task()

    def grow(self, elements: int) -> None:
        """Adds block after block until there are so many elements."""
        for block in cycle([self._choice, self._parallel(3), self._rework, self._parallel(5), self._choice, self._parallel(4)]):
            if len(self.nodes) >= elements:
                return
            block()

    def _add(self, tag: str, inside: str = "", attributes: str = "") -> str:
        identity = f"n{next(self._numbers)}"
        self.nodes[identity] = f'<bpmn:{tag} {_DECLARED} id="{identity}" name="қадам" {attributes}>{inside}</bpmn:{tag}>'
        return identity

    def _task(self) -> str:
        return self._add("userTask", _STEP.format(_DOER))

    def _gateway(self, kind: str) -> str:
        return self._add(f"{kind}Gateway")

    def _splitting(self) -> str:
        """An exclusive gateway with a default flow, which is its first."""
        identity = f"n{next(self._numbers)}"
        attributes = f'id="{identity}" name="қалай?" default="{identity}_default"'
        self.nodes[identity] = f"<bpmn:exclusiveGateway {_DECLARED} {attributes}/>"
        return identity

    def _flow(self, source: str, target: str, condition: str | None = None) -> None:
        self.flows.append((source, target, condition))

    def _then(self, *nodes: str) -> None:
        for node in nodes:
            self._flow(self.last, node)
            self.last = node

    def _choice(self) -> None:
        task, split, yes, no, merge = self._task(), self._splitting(), self._task(), self._task(), self._gateway("exclusive")
        self._then(task, split, yes, merge)
        self._flow(split, no, f"{task} == 'no'")
        self._flow(no, merge)

    def _rework(self) -> None:
        merge, task, split, onward = self._gateway("exclusive"), self._task(), self._splitting(), self._task()
        self._then(merge, task, split, onward)
        self._flow(split, merge, f"{task} == 'no'")

    def _parallel(self, branches: int) -> Callable[[], None]:
        def block() -> None:
            fork, join = self._gateway("parallel"), self._gateway("parallel")
            self._then(fork)
            for number in range(branches):
                self.last = fork
                self._watched() if number % 2 else self._choice()
                self._then(join)

        return block

    def block(self, branches: int, choices: int) -> None:
        fork, join = self._gateway("parallel"), self._gateway("parallel")
        self._then(fork)
        for _ in range(branches):
            self.last = fork
            for _ in range(choices):
                self._choice()
            self._then(join)

    def _watched(self) -> None:
        """A task that a message ends: somebody else goes on with it."""
        task, instead, merge = self._task(), self._task(), self._gateway("exclusive")
        event = self._add("boundaryEvent", _MESSAGE, f'attachedToRef="{task}" cancelActivity="true"')
        self._then(task, merge)
        self._flow(event, instead)
        self._flow(instead, merge)

    def put_into(self, root: etree._Element) -> None:
        process, plane = root.find("bpmn:process", _NAMES), root.find(".//bpmndi:BPMNPlane", _NAMES)
        lane = root.find(".//bpmn:lane[@id='lane_executor']", _NAMES)
        entry = root.find(".//bpmn:sequenceFlow[@id='to_completeness']", _NAMES)
        assert process is not None and plane is not None and lane is not None and entry is not None
        for node in root.findall(".//bpmn:incoming", _NAMES) + root.findall(".//bpmn:outgoing", _NAMES):
            node.getparent().remove(node)
        message = etree.Element(f"{{{_NAMES['bpmn']}}}message", id="more_is_known", name="more_is_known")
        process.addprevious(message)
        self._flow(entry.get("sourceRef", ""), self.first)
        entry.set("sourceRef", self.last)
        for number, (identity, written) in enumerate(self.nodes.items()):
            process.append(etree.fromstring(written))
            etree.SubElement(lane, f"{{{_NAMES['bpmn']}}}flowNodeRef").text = identity
            plane.append(etree.fromstring(_shape(identity, number)))
        defaults: set[str] = set()
        for number, (source, target, condition) in enumerate(self.flows):
            splits = "default=" in self.nodes.get(source, "") and source not in defaults
            defaults.add(source)
            identity = f"{source}_default" if splits else f"{source}_{target}_{number}"
            process.append(etree.fromstring(_flow(identity, source, target, condition)))
            plane.append(etree.fromstring(_edge(identity)))


def _flow(identity: str, source: str, target: str, condition: str | None) -> str:
    inside = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
    return (
        f'<bpmn:sequenceFlow {_DECLARED} id="{identity}" sourceRef="{source}" targetRef="{target}">{inside}</bpmn:sequenceFlow>'
    )


def _shape(identity: str, number: int) -> str:
    bounds = f'<dc:Bounds x="{number * 150}" y="2000" width="100" height="80"/>'
    return f'<bpmndi:BPMNShape {_DECLARED} id="{identity}_di" bpmnElement="{identity}">{bounds}</bpmndi:BPMNShape>'


def _edge(identity: str) -> str:
    points = '<di:waypoint x="0" y="2000"/><di:waypoint x="9" y="2000"/>'
    return f'<bpmndi:BPMNEdge {_DECLARED} id="{identity}_di" bpmnElement="{identity}">{points}</bpmndi:BPMNEdge>'
