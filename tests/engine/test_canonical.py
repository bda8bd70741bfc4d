"""One diagram has one text, whatever editor and whatever order it was drawn in."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from lxml import etree

from app.engine.canonical import canonical
from app.engine.extension import BPMN
from tests.conftest import PROCESSES

DIAGRAMS = sorted(PROCESSES.glob("*/*.bpmn"))
NAMED = pytest.mark.parametrize("diagram", DIAGRAMS, ids=lambda path: f"{path.parent.name}/{path.name}")

SMALL = """<?xml version="1.0"?>
<semantic:definitions xmlns:semantic="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:r="urn:rasim:bpmn:1" xmlns:vendor="urn:vendor" targetNamespace="urn:t" vendor:note="kept" id="d">
  <semantic:process isExecutable="true" id="p">
    <semantic:sequenceFlow id="b" sourceRef="ask" targetRef="end"/>
    <semantic:endEvent id="end"><semantic:incoming>b</semantic:incoming></semantic:endEvent>
    <semantic:sequenceFlow targetRef="ask" sourceRef="start" id="a">
      <semantic:conditionExpression i:type="semantic:tFormalExpression">x &lt; 1</semantic:conditionExpression>
    </semantic:sequenceFlow>
    <semantic:userTask isForCompensation="false" name="&quot;Сұрақ&quot;" id="ask">
      <semantic:extensionElements><r:outcome kk="Иә" ref="yes"/></semantic:extensionElements>
      <semantic:incoming>a</semantic:incoming><semantic:outgoing>b</semantic:outgoing>
    </semantic:userTask>
    <semantic:startEvent id="start"><semantic:outgoing>a</semantic:outgoing></semantic:startEvent>
  </semantic:process>
</semantic:definitions>
"""

SMALL_CANONICAL = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
    xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
    xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xmlns:rasim="urn:rasim:bpmn:1"
    xmlns:vendor="urn:vendor"
    id="d" targetNamespace="urn:t" vendor:note="kept">
  <bpmn:process id="p" isExecutable="true">
    <bpmn:startEvent id="start">
      <bpmn:outgoing>a</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:userTask id="ask" name="&quot;Сұрақ&quot;">
      <bpmn:extensionElements>
        <rasim:outcome ref="yes" kk="Иә" tone="neutral" />
      </bpmn:extensionElements>
      <bpmn:incoming>a</bpmn:incoming>
      <bpmn:outgoing>b</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="end">
      <bpmn:incoming>b</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="a" sourceRef="start" targetRef="ask">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">x &lt; 1</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="b" sourceRef="ask" targetRef="end" />
  </bpmn:process>
</bpmn:definitions>
"""


@NAMED
def test_the_diagrams_of_services_are_in_their_canonical_text(diagram: Path) -> None:
    assert canonical(diagram.name, diagram.read_bytes()) == diagram.read_bytes()


@NAMED
def test_the_order_of_drawing_does_not_matter(diagram: Path) -> None:
    """But for flows out of one step, whose conditions are asked in their order."""
    root = etree.fromstring(diagram.read_bytes())
    shuffle = random.Random(7)
    for scope in root.iter(f"{{{BPMN}}}process"):
        nodes = [each for each in scope if each.find(f"{{{BPMN}}}incoming") is not None]
        shuffle.shuffle(nodes)
        for node in nodes:
            scope.append(node)
    for plane in root.iter("{*}BPMNPlane"):
        drawn = list(plane)
        shuffle.shuffle(drawn)
        for each in drawn:
            plane.append(each)
    assert canonical(diagram.name, etree.tostring(root)) == diagram.read_bytes()


def test_a_text_of_another_editor_becomes_ours() -> None:
    assert canonical("process.bpmn", SMALL.encode()).decode() == SMALL_CANONICAL


def test_the_text_is_stable() -> None:
    assert canonical("process.bpmn", SMALL_CANONICAL.encode()).decode() == SMALL_CANONICAL


@pytest.mark.parametrize(
    "content",
    [
        b"no diagram",
        b"<!DOCTYPE x [<!ENTITY e 'x'>]><definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'>&e;</definitions>",
        b"<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'>text <process id='p'/></definitions>",
        b"<other/>",
    ],
)
def test_what_is_no_readable_diagram_stays_as_it_is(content: bytes) -> None:
    assert canonical("process.bpmn", content) == content


def test_ids_that_stand_twice_lose_nothing() -> None:
    twice = SMALL.replace('id="end"', 'id="start"')
    assert canonical("process.bpmn", twice.encode()).count(b'id="start"') == 2


def test_other_files_are_left_alone() -> None:
    assert canonical("service.yaml", SMALL.encode()) == SMALL.encode()
