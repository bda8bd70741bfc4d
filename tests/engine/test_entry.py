"""The entry for files from outside: hostile ones are refused with a finding, lawful ones are read right."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.moves import Finding, Severity
from app.engine.entry import MAX_BYTES, read_decisions, read_definitions
from app.engine.extension import BPMN
from app.engine.graph import scopes
from tests.engine.drawing import (
    activity,
    boundary,
    bundle,
    catch,
    definitions,
    end,
    flow,
    path,
    process,
    start,
    timer,
    user,
)

FILES = Path(__file__).with_name("files")
PLAIN = definitions(process(start(), user("check"), end(), path("begin", "check", "finish")))


def codes(findings: list[Finding]) -> set[str]:
    return {finding.code for finding in findings}


def main(*elements: str) -> bytes:
    return definitions(process(*elements))


ENTITY_BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE definitions [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">
<!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;"><!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;">]>
<definitions name="&g;">&g;</definitions>"""
EXTERNAL = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><definitions>&x;</definitions>'
OUTSIDE_DTD = b'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd"><definitions/>'
INCLUDED = PLAIN.replace(
    b"<bpmn:userTask", b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/><bpmn:userTask'
)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(ENTITY_BOMB, "bpmn-doctype", id="entity bomb"),
        pytest.param(EXTERNAL, "bpmn-doctype", id="external entity"),
        pytest.param(OUTSIDE_DTD, "bpmn-doctype", id="external document type"),
        pytest.param(ENTITY_BOMB.decode().encode("utf-16"), "bpmn-doctype", id="entity bomb in UTF-16"),
        pytest.param(INCLUDED, "bpmn-inclusion", id="inclusion"),
        pytest.param(b"<a>" * 200_000, "bpmn-too-deep", id="deep nesting"),
        pytest.param(b"<a>" + b"<b/>" * 100_000 + b"</a>", "bpmn-too-many-elements", id="too many elements"),
        pytest.param(b"<a>" + b" " * 50 * 1024 * 1024 + b"</a>", "bpmn-too-large", id="50 MB"),
        pytest.param(b"", "bpmn-malformed", id="empty"),
        pytest.param(b"\0" * 1000, "bpmn-malformed", id="zeros"),
        pytest.param(b"PK\x03\x04rubbish", "bpmn-malformed", id="an archive"),
        pytest.param(PLAIN[:-20], "bpmn-malformed", id="cut off"),
        pytest.param(b"<x:definitions/>", "bpmn-malformed", id="undeclared prefix"),
        pytest.param(b"<definitions/>", "bpmn-root", id="no namespace"),
        pytest.param(PLAIN.replace(b'"UTF-8"', b'"windows-1251"'), "bpmn-encoding", id="another encoding"),
        pytest.param(PLAIN.replace(b'"UTF-8"', b'"UTF-7"'), "bpmn-encoding", id="UTF-7"),
        pytest.param(PLAIN.replace(b'"UTF-8"', b'"UTF-16"'), "bpmn-encoding", id="declared UTF-16, is UTF-8"),
        pytest.param(PLAIN.decode().encode("utf-16"), "bpmn-encoding", id="declared UTF-8, is UTF-16"),
        pytest.param(PLAIN.decode().encode("utf-32"), "bpmn-encoding", id="UTF-32"),
        pytest.param(PLAIN.decode().encode("cp1251", "replace"), "bpmn-encoding", id="declared UTF-8, is windows-1251"),
        pytest.param(PLAIN.replace(b'"finish"', b'"check"'), "bpmn-duplicate-id", id="duplicate id"),
        pytest.param(PLAIN.replace(b"userTask", b"userTusk"), "bpmn-schema", id="unknown element"),
    ],
)
def test_a_hostile_or_broken_file_is_refused_with_a_finding_at_once(content: bytes, code: str) -> None:
    began = time.perf_counter()
    root, findings = read_definitions("process.bpmn", content)
    assert time.perf_counter() - began < 5
    assert root is None
    assert code in codes(findings)
    assert all(finding.file == "process.bpmn" and str(finding) for finding in findings)


def test_a_file_at_the_size_limit_is_read_in_time() -> None:
    filling = b"<!--" + b"x" * (MAX_BYTES - len(PLAIN) - 7) + b"-->"
    began = time.perf_counter()
    root, findings = read_definitions("process.bpmn", PLAIN + filling)
    assert time.perf_counter() - began < 5
    assert root is not None
    assert findings == []


def test_thousands_of_elements_are_checked_in_time() -> None:
    tasks = [user(f"t{number}") for number in range(3000)]
    names = ["begin", *(f"t{number}" for number in range(3000)), "finish"]
    content = definitions(process(start(), *tasks, end(), path(*names)), drawn=False)
    began = time.perf_counter()
    root, _ = read_definitions("process.bpmn", content)
    assert time.perf_counter() - began < 5
    assert root is not None


def test_a_finding_names_the_line_of_the_file_and_the_element() -> None:
    content = main(start(), user("check"), end(), path("begin", "check", "nowhere"))
    line = next(number for number, text in enumerate(content.splitlines(), 1) if b"check_nowhere" in text)
    _, findings = read_definitions("process.bpmn", content)
    assert ("bpmn-unknown-reference", line, "check_nowhere") in [(f.code, f.line, f.place) for f in findings]


@pytest.mark.parametrize("declared", ["UTF-16", "utf-16"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_lawful_and_read_like_utf_8(declared: str, encoding: str) -> None:
    content = PLAIN.decode().replace("UTF-8", declared).encode(encoding)
    root, findings = read_definitions("process.bpmn", content)
    assert findings == []
    assert root is not None
    assert root.find(f".//{{{BPMN}}}userTask").get("name") == "қадам"
    plain, _ = read_definitions("process.bpmn", PLAIN)
    assert [node.sourceline for node in root.iter()] == [node.sourceline for node in plain.iter()]


def test_what_other_tools_lawfully_write_is_read_as_it_is_meant() -> None:
    root, findings = read_definitions("other.bpmn", (FILES / "other_tool.bpmn").read_bytes())
    assert root is not None
    assert {finding.severity for finding in findings} == {Severity.WARNING}
    assert codes(findings) == {"bpmn-flow-id-given", "bpmn-foreign-extension"}
    [scope] = scopes("other.bpmn", root)
    assert scope.nodes["check"].tag.endswith("userTask")  # not the foreign field of the same id
    assert [flow.target for flow in scope.outgoing("begin")] == ["check"]  # a flow that had no id
    assert scope.boundaries("check") == ("late",)  # attachedToRef="tns:check"
    assert scope.nodes["late"].get("cancelActivity") == "false"  # was " 0 "
    assert scope.node.get("isExecutable") == "true"  # was "1"
    assert [f.condition for f in scope.outgoing("fit")] == ["check == 'yes' or check == 'late'", None]  # a comment stood inside
    assert next(ref.text for ref in scope.node.iter(f"{{{BPMN}}}flowNodeRef")) == "begin"
    assert not [node for node in root.iter() if "other-tool" in str(node.tag)]


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        (main(start(), user("a"), path("begin", "a")), "bpmn-dead-end", "a"),
        (
            main(start(), user("a"), end(), path("begin", "a", "finish"), boundary("b", "x", timer("P1D"))),
            "bpmn-unknown-host",
            "b",
        ),
        (
            main(start(), user("a"), end(), path("begin", "a", "finish"), boundary("b", "finish", timer("P1D"))),
            "bpmn-unknown-host",
            "b",
        ),
        (main(start(), user("a"), end(), path("begin", "a", "x")), "bpmn-unknown-reference", "a_x"),
        (main(start(), catch("c", timer("-P1D")), end(), path("begin", "c", "finish")), "bpmn-timer", "c"),
        (main(start(), catch("c", timer("-PT5M")), end(), path("begin", "c", "finish")), "bpmn-timer", "c"),
        (main(start(), catch("c", timer("working_days(-2)")), end(), path("begin", "c", "finish")), "bpmn-expression", "c"),
        (main(start(), catch("c", timer("P1M")), end(), path("begin", "c", "finish")), "bpmn-timer", "c"),
        (main(start(), catch("c", timer("7")), end(), path("begin", "c", "finish")), "bpmn-timer", "c"),
        (
            main(start(), catch("c", timer("2026-01-01T00:00", "timeDate")), end(), path("begin", "c", "finish")),
            "bpmn-timer",
            "c",
        ),
        (
            main(
                start(), user("a"), end(), boundary("b", "a", timer("R0/PT1H", "timeCycle"), False), path("begin", "a", "finish")
            ),
            "bpmn-timer",
            "b",
        ),
        (
            main(
                start(), user("a"), end(), boundary("b", "a", timer("R/PT0S", "timeCycle"), False), path("begin", "a", "finish")
            ),
            "bpmn-timer",
            "b",
        ),
        (main(start(), user("a"), end(), path("begin", "a"), flow("a", "finish", "().__class__")), "bpmn-expression", "a_finish"),
        (
            main(start(), user("a"), end(), path("begin", "a"), flow("a", "finish", "exec('import os')")),
            "bpmn-expression",
            "a_finish",
        ),
        (main(start(), user("a"), end(), path("begin", "a"), flow("a", "finish", "${approved}")), "bpmn-expression", "a_finish"),
        (
            main(start(), catch("c", '<bpmn:messageEventDefinition messageRef="m"/>'), end(), path("begin", "c", "finish")),
            "bpmn-unknown-reference",
            "c",
        ),
        (main(start(), '<bpmn:userTask name="?"/>', end(), path("begin", "finish")), "bpmn-id-missing", "main"),
        (
            main(start(), end(), '<bpmn:exclusiveGateway id="g" default="begin_g"/>', path("begin", "g", "finish")),
            "bpmn-default-unknown",
            "g",
        ),
        (
            main(
                start(),
                activity("subProcess", "s", start("i") + user("a") + path("i", "a", "finish")),
                end(),
                path("begin", "s", "finish"),
            ),
            "bpmn-unknown-reference",
            "a_finish",
        ),
    ],
)
def test_what_the_library_would_drop_or_misread_is_refused(content: bytes, code: str, place: str) -> None:
    root, findings = read_definitions("process.bpmn", content)
    assert root is None
    assert (code, place) in [(finding.code, finding.place) for finding in findings]


def test_every_finding_is_told_at_once() -> None:
    content = main(start(), user("a"), user("b"), boundary("t", "x", timer("-P1D")), end(), path("begin", "a", "y"))
    _, findings = read_definitions("process.bpmn", content)
    assert codes(findings) == {"bpmn-unknown-host", "bpmn-timer", "bpmn-unknown-reference", "bpmn-dead-end"}


def test_schema_hints_are_not_followed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/BPMN20.xsd"
        hints = f'xsi:noNamespaceSchemaLocation="{address}" xsi:schemaLocation="{BPMN} {address} urn:x {address}" targetNamespace'
        root, findings = read_definitions("process.bpmn", PLAIN.replace(b"targetNamespace", hints.encode()))
        assert root is not None
        assert findings == []
        with pytest.raises(BlockingIOError):  # nobody has called
            server.accept()


def test_lines_are_kept_behind_a_declaration_of_several_lines() -> None:
    root, _ = read_definitions("process.bpmn", PLAIN.replace(b" encoding", b"\n\n encoding"))
    plain, _ = read_definitions("process.bpmn", PLAIN)
    assert root is not None
    assert plain is not None
    assert root.sourceline == plain.sourceline + 2


DECISION = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="fee" namespace="urn:test">
<decision id="fee" name="fee"/></definitions>"""


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (DECISION, None),
        (DECISION.replace(b"<definitions", b"<!DOCTYPE d><definitions"), "bpmn-doctype"),
        (DECISION.replace(b"20191111", b"20991111"), "bpmn-root"),
        (DECISION.replace(b"<decision", b"<decoration"), "bpmn-schema"),
        (DECISION.replace(b'id="fee"', b'id="d"'), "bpmn-duplicate-id"),
    ],
)
def test_decision_tables_pass_the_same_entry(content: bytes, code: str | None) -> None:
    root, findings = read_decisions("decisions.dmn", content)
    assert codes(findings) == ({code} if code else set())
    assert (root is None) == bool(code)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_to_a_file_raises_anything(data: st.DataObject) -> None:
    content = bytearray(bundle(start(), user("a"), end(), path("begin", "a", "finish")).files["process.bpmn"])
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=20))
    root, findings = read_definitions("process.bpmn", bytes(content))
    assert root is not None or findings
