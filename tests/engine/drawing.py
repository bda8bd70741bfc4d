"""Draws small BPMN files for the tests: elements and flows in, a complete file with its picture out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from xml.sax.saxutils import escape

from lxml import etree

from app.domain.moves import Bundle

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
 xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:rasim="urn:rasim:bpmn:1"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="urn:test">
"""
LABELS = '<rasim:label lang="ru" text="шаг"/><rasim:label lang="en" text="step"/>'
STEP = f'{LABELS}<rasim:step paragraph="Rules para 8"/>'
MESSAGE = '<bpmn:messageEventDefinition messageRef="reply"/>'
ERROR = '<bpmn:errorEventDefinition errorRef="broken"/>'
ROOTS = '<bpmn:message id="reply" name="reply"/><bpmn:error id="broken" name="broken" errorCode="BROKEN"/>'
OUTCOMES = '<rasim:outcome ref="yes" kk="иә" tone="positive"/><rasim:outcome ref="no" kk="жоқ" tone="negative"/>'


def start(name: str = "begin") -> str:
    return f'<bpmn:startEvent id="{name}" name="басы"/>'


def end(name: str = "finish", inside: str = "") -> str:
    return f'<bpmn:endEvent id="{name}" name="соңы">{inside}</bpmn:endEvent>'


def user(name: str, inside: str = "") -> str:
    extensions = f'{STEP}<rasim:role name="executor"/>{OUTCOMES}'
    return f'<bpmn:userTask id="{name}" name="қадам">{extended(extensions)}{inside}</bpmn:userTask>'


def service(name: str, handler: str = "registration.number", inside: str = "") -> str:
    extensions = f'{STEP}<rasim:handler name="{handler}"/>'
    return f'<bpmn:serviceTask id="{name}" name="қадам">{extended(extensions)}{inside}</bpmn:serviceTask>'


def activity(tag: str, name: str, inside: str = "", attributes: str = "") -> str:
    return f'<bpmn:{tag} id="{name}" name="қадам" {attributes}>{extended(STEP)}{inside}</bpmn:{tag}>'


def deciding(name: str, decision: str) -> str:
    """A business rule task that asks this decision."""
    extensions = f'{STEP}<rasim:decision ref="{decision}"/>'
    return f'<bpmn:businessRuleTask id="{name}" name="қадам">{extended(extensions)}</bpmn:businessRuleTask>'


def decision(inputs: Sequence[str], *rules: Sequence[str], name: str = "way", policy: str = "UNIQUE", more: str = "") -> bytes:
    """A DMN file with one table; the last cell of a rule is its output."""

    def text(tag: str, content: str) -> str:
        return f"<{tag}><text>{escape(content)}</text></{tag}>"

    clauses = "".join(f"<input>{text('inputExpression', each)}</input>" for each in inputs)
    rows = "".join(
        "\n<rule>" + "".join(text("inputEntry", cell) for cell in cells) + text("outputEntry", output) + "</rule>"
        for *cells, output in rules
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:test">\n'
        f'<decision id="{name}" name="жол">{more}<decisionTable id="{name}_table" hitPolicy="{policy}">{clauses}<output/>{rows}'
        "</decisionTable></decision></definitions>"
    ).encode()


def call(name: str, process: str) -> str:
    return activity("callActivity", name, attributes=f'calledElement="{process}"')


def gateway(kind: str, name: str, default: str | None = None) -> str:
    chosen = f' default="{default}"' if default else ""
    return f'<bpmn:{kind}Gateway id="{name}" name="қалай?"{chosen}/>'


def timer(value: str, tag: str = "timeDuration") -> str:
    return f"<bpmn:timerEventDefinition><bpmn:{tag}>{value}</bpmn:{tag}></bpmn:timerEventDefinition>"


def catch(name: str, definition: str) -> str:
    return f'<bpmn:intermediateCatchEvent id="{name}" name="күту">{definition}</bpmn:intermediateCatchEvent>'


def boundary(name: str, host: str, definition: str, interrupting: bool = True) -> str:
    cancels = str(interrupting).lower()
    return (
        f'<bpmn:boundaryEvent id="{name}" name="мерзім" attachedToRef="{host}" cancelActivity="{cancels}">'
        f"{definition}</bpmn:boundaryEvent>"
    )


def extended(extensions: str) -> str:
    return f"<bpmn:extensionElements>{extensions}</bpmn:extensionElements>"


def flow(source: str, target: str, condition: str | None = None) -> str:
    """A sequence flow whose id is `source_target`."""
    inside = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
    return f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inside}</bpmn:sequenceFlow>'


def path(*names: str) -> str:
    return "".join(flow(source, target) for source, target in pairwise(names))


def process(*elements: str, id_: str = "main", executable: str = "true") -> str:
    return f'<bpmn:process id="{id_}" isExecutable="{executable}">{"".join(elements)}</bpmn:process>'


def definitions(*roots: str, drawn: bool = True) -> bytes:
    """A whole file; with `drawn` every element and flow gets its shape and line."""
    body = _HEAD + "\n".join(roots).replace("><bpmn:", ">\n<bpmn:")
    return (body + (_picture(body) if drawn else "") + "</bpmn:definitions>").encode()


def _picture(body: str) -> str:
    root = etree.fromstring((body + "</bpmn:definitions>").encode())
    flat = [node for node in root.iter() if node.get("id") and str(node.tag).startswith("{http://www.omg.org/spec/BPMN/")]
    shapes = []
    for number, node in enumerate(flat):
        tag = etree.QName(node).localname
        if tag == "sequenceFlow":
            points = '<di:waypoint x="0" y="0"/><di:waypoint x="9" y="9"/>'
            shapes.append(f'<bpmndi:BPMNEdge bpmnElement="{node.get("id")}">{points}</bpmndi:BPMNEdge>')
        elif tag.endswith(("Task", "Event", "Gateway", "Activity", "Process", "lane", "task", "transaction")):
            bounds = f'<dc:Bounds x="{number * 9}" y="9" width="9" height="9"/>'
            shapes.append(f'<bpmndi:BPMNShape bpmnElement="{node.get("id")}">{bounds}</bpmndi:BPMNShape>')
    plane = f'<bpmndi:BPMNPlane bpmnElement="main">{"".join(shapes)}</bpmndi:BPMNPlane>'
    return f"<bpmndi:BPMNDiagram>{plane}</bpmndi:BPMNDiagram>"


def bundle(*elements: str, roots: str = "", **others: bytes) -> Bundle:
    """A bundle whose main process holds these elements; `others` are files of processes/shared by name."""
    files = {"process.bpmn": definitions(process(*elements), roots)}
    files |= {f"shared/{name}.bpmn": content for name, content in others.items()}
    return Bundle("test", files)
