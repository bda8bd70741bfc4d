"""The bounds of the checks: what would take long is not tried, and the finding says the bound. Nothing here looks at a clock."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.cases.publishing import MAX_FINDINGS, check_bundle
from app.domain.moves import Bundle, Severity
from app.engine.entry import read_definitions
from app.engine.findings import MAX_SAID
from app.engine.lint import MAX_CALLS_DEEP, MAX_ELEMENTS, lint
from app.engine.soundness import MAX_MARKINGS, MAX_WORK, Exploration, soundness
from app.store.bundles import PROCESS, read_bundle
from tests.engine.drawing import boundary, bundle, call, catch, definitions, end, flow, gateway, path, process, start, timer, user

SERVICE = Path(__file__).parents[2] / "processes" / "guarantee-obligation-end-user-certificate"


def codes(drawn: Bundle) -> set[str]:
    return {finding.code for finding in lint(drawn)}


def drawn_in(content: bytes) -> Bundle:
    """The service with this diagram."""
    service = read_bundle(SERVICE)
    return Bundle(service.service, {**service.files, PROCESS: content})


def test_more_elements_than_can_be_checked_are_counted_and_no_more() -> None:
    names = [f"t{n}" for n in range(MAX_ELEMENTS // 2)]
    tasks = (f'<bpmn:userTask id="{name}"/>' for name in names)
    large = definitions(process(start(), *tasks, end(), path("begin", *names, "finish")), drawn=False)
    (told,) = (each for each in lint(Bundle("t", {PROCESS: large})) if each.code == "bundle-too-large")
    assert str(told).endswith(f"The diagrams have {MAX_ELEMENTS + 3} elements and flows; at most {MAX_ELEMENTS} are checked")
    assert not codes(Bundle("t", {PROCESS: large})) & {"bpmn-role-missing", "bpmn-label-missing"}


def chain(length: int) -> Bundle:
    """Processes each of which calls the next."""
    shared = {
        f"p{n}": definitions(
            process(
                *(start(f"s{n}"), call(f"c{n}", f"p{n + 1}") if n < length else user(f"c{n}"), end(f"e{n}")),
                path(f"s{n}", f"c{n}", f"e{n}"),
                id_=f"p{n}",
            )
        )
        for n in range(2, length + 1)
    }
    return bundle(start(), call("c1", "p2"), end(), path("begin", "c1", "finish"), **shared)


def test_calls_in_a_row_are_followed_so_far_and_no_farther() -> None:
    assert codes(chain(MAX_CALLS_DEEP)) == set()
    assert soundness(chain(MAX_CALLS_DEEP)) == []
    assert codes(chain(MAX_CALLS_DEEP + 1)) == {"bundle-too-deep"}
    assert codes(chain(sys.getrecursionlimit() + 100)) == {"bundle-too-deep"}


def test_of_very_many_findings_the_first_are_told() -> None:
    tasks = "".join(f'<bpmn:scriptTask id="t{n}"/>' for n in range(300))
    checked = check_bundle(drawn_in(definitions(process(start(), tasks, end(), path("begin", "finish")))), {"number_case"})
    assert len(checked.findings) == MAX_FINDINGS + 1
    last = checked.findings[-1]
    assert (last.code, last.severity) == ("too-many-findings", Severity.ERROR)
    assert not checked.is_publishable


@pytest.mark.parametrize(
    "content",
    [
        definitions(process(start(), user("a" * 1_000_000), end(), path("begin", "a" * 1_000_000, "finish"))),
        definitions(
            process(start(), catch("c", timer("R/" + "1" * 1_000_000, "timeCycle")), end(), path("begin", "c", "finish"))
        ),
        definitions(process(start(), user("a"), end(), path("begin", "a"), flow("a", "finish", "x" * 1_000_000))),
        definitions(process(start(), user("a").replace("executor", "x" * 1_000_000), end(), path("begin", "a", "finish"))),
        definitions(process(start(), user("a").replace("<rasim:role", "<rasim:" + "r" * 40_000), end())),
    ],
    ids=["id", "timer", "condition", "role", "element"],
)
def test_no_sentence_carries_the_file_with_it(content: bytes) -> None:
    for finding in check_bundle(drawn_in(content), {"number_case"}).findings:
        assert len(str(finding)) < 4 * MAX_SAID


def test_reminders_that_may_come_in_any_order_are_not_played_in_every_order() -> None:
    """2,400 of them on one task: each set of those that have come would be a situation, each with 2,400 moves."""
    events = [boundary(f"b{n}", "a", timer("P1D"), False) for n in range(2400)]
    drawn = bundle(
        *(start(), user("a"), end(), gateway("inclusive", "g", "g_end2"), end("end2"), user("w"), end("end3"), *events),
        *(path("begin", "a", "finish"), *(flow(f"b{n}", "finish") for n in range(2400))),
    )
    (scope, *_) = (Exploration(each, MAX_MARKINGS) for each in _scopes(drawn))
    scope.findings()
    assert scope.is_cut
    assert scope._work < MAX_WORK + 10_000
    assert not [each for each in soundness(drawn) if each.code == "bpmn-soundness-cut"]  # reduced, nothing of them is left


def _scopes(drawn: Bundle):
    from app.engine.lint import read_diagrams

    return read_diagrams(drawn)[0].scopes


@pytest.mark.parametrize(
    "expression",
    [
        "9 ** 9 ** 9",
        "'a' * 10 ** 9",
        "[0] * 10 ** 9",
        "().__class__.__base__.__subclasses__()",
        "__import__('os').system('id')",
        "(lambda: 1)()",
        "[x for x in range(10 ** 9)]",
        "open('/etc/passwd')",
        "f'{variant}'",
        "variant.format(1)",
        "not " * 120 + "1",
        "(" * 400 + "1" + ")" * 400,
        "1 if " * 90 + "1",
        "\\x41",
        "variant := 1",
        "globals()['os']",
    ],
)
@pytest.mark.parametrize("where", ["condition", "timer", "cardinality"])
def test_an_expression_that_reaches_for_python_is_refused_where_it_stands(expression: str, where: str) -> None:
    text = expression.replace("<", "&lt;")
    cardinality = f"<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>{text}</bpmn:loopCardinality>"
    elements = {
        "condition": (user("x"), path("begin", "x"), flow("x", "finish", text)),
        "timer": (catch("x", timer(text)), path("begin", "x", "finish")),
        "cardinality": (user("x", f"{cardinality}</bpmn:multiInstanceLoopCharacteristics>"), path("begin", "x", "finish")),
    }[where]
    _, findings = read_definitions(PROCESS, definitions(process(start(), end(), *elements)))
    assert {each.code for each in findings} & {"bpmn-expression", "bpmn-timer"}


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ('<?xml-stylesheet href="http://127.0.0.1:9/x.xsl"?>', None),
        ("<?php system('id'); ?>", None),
        ("<!-- <bpmn:scriptTask/> -->", None),
        ('<bpmn:documentation xml:base="http://127.0.0.1:9/">x</bpmn:documentation>', "bpmn-schema"),
        ('<bpmn:documentation xml:space="preserve">&#0;</bpmn:documentation>', "bpmn-malformed"),
        ("<bpmn:documentation>\0</bpmn:documentation>", "bpmn-malformed"),
        ('<bpmn:import importType="http://www.w3.org/2001/XMLSchema" location="http://127.0.0.1:9/x.xsd"/>', "bpmn-schema"),
        ('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="x"/>', "bpmn-inclusion"),
        ("<bpmn:documentation>&undefined;</bpmn:documentation>", "bpmn-malformed"),
        ('<bpmn:documentation textFormat="text/html"><![CDATA[<script>alert(1)</script>]]></bpmn:documentation>', None),
    ],
)
def test_what_else_xml_can_carry_is_inert_or_refused(inside: str, code: str | None) -> None:
    drawn = definitions(process(start(), user("x"), end(), path("begin", "x", "finish")))
    content = drawn.replace(b"<bpmn:startEvent", inside.encode() + b"<bpmn:startEvent", 1)
    _, findings = read_definitions(PROCESS, content)
    assert {each.code for each in findings} - {"bpmn-foreign-extension"} == ({code} if code else set())
