"""The lint: each rule finds its breach at its place. Which elements are executed at all, test_matrix.py says."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from lxml import etree

from app.domain.moves import Bundle
from app.domain.passport_reading import passport_from
from app.engine.entry import read_definitions
from app.engine.extension import BPMN, DESCRIPTOR, NAMESPACE, element_of, extension_types
from app.engine.lint import lint
from tests.engine.drawing import (
    ERROR,
    LABELS,
    ROOTS,
    activity,
    boundary,
    bundle,
    call,
    catch,
    definitions,
    end,
    extended,
    flow,
    gateway,
    path,
    process,
    service,
    start,
    timer,
    user,
)

HANDLERS = {"registration.number"}
STRAIGHT = path("begin", "x", "finish")
LATE = path("begin", "x", "finish") + path("late", "finish")

# --- the rules ----------------------------------------------------------------------------------------------------

SOUND = bundle(
    *(start(), user("check"), gateway("exclusive", "fit", "fit_refuse"), service("number"), user("refuse")),
    *(end(), end("refused"), path("begin", "check", "fit", "refuse", "refused"), path("number", "finish")),
    flow("fit", "number", "check == 'yes'"),
)


def changed(*changes: tuple[str, str], bundle_: Bundle = SOUND) -> list[tuple[str, str]]:
    """The code and place of each finding after the changes to the text of the main diagram."""
    text = bundle_.files["process.bpmn"].decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    findings = lint(Bundle("test", {**bundle_.files, "process.bpmn": text.encode()}), handlers=HANDLERS)
    assert all(finding.line > 0 and str(finding) for finding in findings)
    return [(finding.code, finding.place) for finding in findings]


def test_a_sound_diagram_has_no_finding() -> None:
    assert changed() == []


ROLE = '<rasim:role name="executor"/>'
NO = '<rasim:outcome ref="no" kk="жоқ" tone="negative"/>'


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        (ROLE, "", "bpmn-role-missing", "check"),
        (ROLE, ROLE + ROLE, "rasim-repeated", "check"),
        (ROLE, '<rasim:rule name="executor"/>', "rasim-unknown", "check"),
        (ROLE, '<rasim:role name="executor" who="x"/>', "rasim-unknown", "check"),
        (ROLE, '<rasim:role name="executor">x</rasim:role>', "rasim-unknown", "check"),
        (ROLE, "<rasim:role/>", "rasim-incomplete", "check"),
        (ROLE, ROLE + '<rasim:handler name="registration.unknown"/>', "bpmn-handler-unknown", "check"),
        ("<rasim:handler", '<rasim:form ref="reply"/><rasim:handler', "rasim-misplaced", "number"),
        (NO, NO.replace("negative", "loud"), "rasim-value", "check"),
        (NO, NO + NO, "bpmn-outcome", "check"),
        (LABELS, LABELS.replace("шаг", " "), "bpmn-label-missing", "check"),
        (LABELS, "", "bpmn-label-missing", "check"),
        ('id="check" name="қадам"', 'id="check"', "bpmn-label-missing", "check"),
        ('id="finish" name="соңы"', 'id="finish"', "bpmn-label-missing", "finish"),
        ('id="fit" name="қалай?"', 'id="fit"', "bpmn-label-missing", "fit"),
        ('<rasim:step paragraph="Rules para 8"/>', "", "bpmn-paragraph-missing", "check"),
        ('paragraph="Rules para 8"', 'paragraph="Rules para 8" limit="2 days"', "bpmn-limit", "check"),
        ('paragraph="Rules para 8"', 'paragraph="Rules para 8" limit="two working-days"', "bpmn-limit", "check"),
        ('paragraph="Rules para 8"', 'paragraph="p" limit="1 working-days" from="then"', "bpmn-limit", "check"),
        ('paragraph="Rules para 8"', 'paragraph="p" limit="1 working-days" from="completed:x"', "bpmn-limit", "check"),
        ('name="registration.number"', 'name="registration.unknown"', "bpmn-handler-unknown", "number"),
        ('<rasim:handler name="registration.number"/>', "", "bpmn-handler-missing", "number"),
        ("check == 'yes'", "chek == 'yes'", "bpmn-expression-name", "fit_number"),
        ("check == 'yes'", "fit == 'yes'", "bpmn-expression-name", "fit_number"),
        ("check == 'yes'", "check == 'maybe'", "bpmn-expression-outcome", "fit_number"),
        ("check == 'yes'", "check in ('yes', 'never')", "bpmn-expression-outcome", "fit_number"),
        (' default="fit_refuse"', "", "bpmn-default-missing", "fit"),
        (' default="fit_refuse"', "", "bpmn-condition-missing", "fit_refuse"),
        (' default="fit_refuse"', ' default="fit_number"', "bpmn-condition-ignored", "fit_number"),
        ('sourceRef="begin" targetRef="check"', 'sourceRef="begin" targetRef="fit"', "bpmn-unreachable", "check"),
        ('sourceRef="number" targetRef="finish"', 'sourceRef="check" targetRef="finish"', "bpmn-split", "check"),
        ('sourceRef="number" targetRef="finish"', 'sourceRef="finish" targetRef="number"', "bpmn-left", "finish"),
        ('sourceRef="number" targetRef="finish"', 'sourceRef="number" targetRef="begin"', "bpmn-entered", "begin"),
        ('y="9" width', 'y="NaN" width', "bpmn-bounds", "begin"),
        ('y="9" width', 'y="left" width', "bpmn-schema", "begin"),
        ('<di:waypoint x="9" y="9"/>', "", "bpmn-schema", "begin_check"),
        ('<di:waypoint x="9" y="9"/>', '<di:waypoint x="9" y="INF"/>', "bpmn-bounds", "begin_check"),
        ('width="9"', 'width="0"', "bpmn-bounds", "begin"),
        ('width="9"', 'width="-9"', "bpmn-bounds", "begin"),
        ('<bpmndi:BPMNShape bpmnElement="check">', '<bpmndi:BPMNShape bpmnElement="begin">', "bpmn-not-drawn", "check"),
        ('<bpmndi:BPMNEdge bpmnElement="begin_check">', '<bpmndi:BPMNEdge bpmnElement="gone">', "bpmn-not-drawn", "begin_check"),
    ],
)
def test_a_breach_is_found_at_its_place(old: str, new: str, code: str, place: str) -> None:
    assert (code, place) in changed((old, new))


LANES = (
    '<bpmn:laneSet><bpmn:lane id="office" name="Кеңсе"><bpmn:flowNodeRef>begin</bpmn:flowNodeRef>'
    '<bpmn:flowNodeRef>x</bpmn:flowNodeRef></bpmn:lane><bpmn:lane id="head" name="Басшы">'
    "<bpmn:flowNodeRef>finish</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
)
IN_LANES = bundle(LANES, start(), user("x"), boundary("late", "x", timer("P1D")), end(), LATE)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Басшы", "Басшы ", []),  # a boundary event stands where its activity stands
        ("<bpmn:flowNodeRef>x</bpmn:flowNodeRef>", "", [("bpmn-lane", "x")]),
        (
            "<bpmn:flowNodeRef>finish</",
            "<bpmn:flowNodeRef>x</bpmn:flowNodeRef>\n<bpmn:flowNodeRef>finish</",
            [("bpmn-lane", "x")],
        ),
        ("<bpmn:flowNodeRef>finish</", "<bpmn:flowNodeRef>gone</", [("bpmn-lane", "finish"), ("bpmn-lane", "head")]),
        (' name="Басшы"', "", [("bpmn-label-missing", "head")]),
    ],
)
def test_every_element_stands_in_exactly_one_lane(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(changed((old, new), bundle_=IN_LANES)) == expected


@pytest.mark.parametrize("name", ["9th", "check-documents", "class", "len", "variant", "case_id", "a__b", "тексеру.1"])
def test_an_id_must_be_a_name_an_expression_can_use(name: str) -> None:
    drawn = bundle(start(), user("x"), end(), STRAIGHT).files["process.bpmn"].decode()
    content = drawn.replace('"x"', f'"{name}"').replace("_x", "_mid").replace('"x_', '"mid_').encode()
    findings = lint(Bundle("test", {"process.bpmn": content}))
    assert [(finding.code, finding.place) for finding in findings if finding.code != "bpmn-schema"] == [
        ("bpmn-id-shape", name)
    ] or (name == "9th" and findings)


def test_a_bundle_needs_one_main_process() -> None:
    two = definitions(*(process(start(n), end(f"{n}_end"), path(n, f"{n}_end"), id_=f"p_{n}") for n in ("a", "b")))
    assert [finding.code for finding in lint(Bundle("test", {}))] == ["bundle-main-missing"]
    assert [finding.code for finding in lint(Bundle("test", {"process.bpmn": two}))] == ["bundle-main-process"]


def test_processes_of_a_bundle_do_not_share_ids() -> None:
    same = bundle(start(), user("x"), end(), STRAIGHT, again=bundle(start(), user("x"), end(), STRAIGHT).files["process.bpmn"])
    assert [(finding.code, finding.file) for finding in lint(same)] == [
        ("bundle-duplicate-process", "shared/again.bpmn"),
        ("bundle-duplicate-flag", "shared/again.bpmn"),
    ]


def test_a_call_leads_to_a_known_process_and_never_back() -> None:
    back = definitions(
        process(start("s_in"), call("s_back", "main"), end("s_out"), path("s_in", "s_back", "s_out"), id_="shared")
    )
    lost = bundle(start(), call("x", "nowhere"), end(), STRAIGHT)
    empty = bundle(start(), activity("callActivity", "x"), end(), STRAIGHT)
    cycle = bundle(start(), call("x", "shared"), end(), STRAIGHT, shared=back)
    assert [(finding.code, finding.place) for finding in lint(lost)] == [("bpmn-call", "x")]
    assert [(finding.code, finding.place) for finding in lint(empty)] == [("bpmn-call", "x")]
    assert [(finding.code, finding.place) for finding in lint(cycle)] == [
        ("bpmn-call-cycle", "main"),
        ("bpmn-call-cycle", "shared"),
    ]
    assert "main → shared → main" in str(lint(cycle)[0])


def test_an_error_is_caught_around_the_process_that_throws_it() -> None:
    failing = definitions(
        process(start("s_in"), user("s_step"), end("s_out", ERROR), path("s_in", "s_step", "s_out"), id_="shared"), ROOTS
    )
    uncaught = bundle(start(), call("x", "shared"), end(), STRAIGHT, shared=failing)
    caught = bundle(start(), call("x", "shared"), boundary("late", "x", ERROR), end(), LATE, roots=ROOTS, shared=failing)
    other = ROOTS.replace("BROKEN", "OTHER")
    missed = bundle(start(), call("x", "shared"), boundary("late", "x", ERROR), end(), LATE, roots=other, shared=failing)
    assert [(finding.code, finding.place) for finding in lint(uncaught)] == [("bpmn-uncaught", "s_out")]
    assert lint(caught) == []
    assert [(finding.code, finding.place) for finding in lint(missed)] == [("bpmn-uncaught", "s_out")]


@pytest.mark.parametrize(
    ("drawn", "code", "place"),
    [
        (bundle(start(), start("again"), user("x"), end(), STRAIGHT, path("again", "x")), "bpmn-start", "main"),
        (bundle(start(), user("x"), flow("begin", "x"), flow("x", "x")), "bpmn-end", "main"),
        (
            bundle(
                *(start(), gateway("parallel", "x"), user("a"), user("b"), end()), path("begin", "x", "a", "x", "b", "finish")
            ),
            "bpmn-gateway-mixed",
            "x",
        ),
        (
            bundle(
                *(start(), gateway("parallel", "x"), end(), end("other")), path("begin", "x", "finish"), flow("x", "other", "1")
            ),
            "bpmn-condition-ignored",
            "x_other",
        ),
        (
            bundle(start(), user("x"), end(), path("begin", "x"), flow("x", "finish", "x == 'yes'")),
            "bpmn-condition-ignored",
            "x_finish",
        ),
        (
            bundle(start(), gateway("parallel", "x", "x_finish"), end(), STRAIGHT),
            "bpmn-default-ignored",
            "x",
        ),
        (
            bundle(start(), gateway("eventBased", "x"), catch("c", timer("P1D")), end(), path("begin", "x", "c", "finish")),
            "bpmn-event-gateway",
            "x",
        ),
        (
            bundle(
                *(start(), gateway("eventBased", "x"), user("a"), catch("c", timer("P1D")), end()),
                path("begin", "x", "a", "finish"),
                path("x", "c", "finish"),
            ),
            "bpmn-event-gateway",
            "a",
        ),
        (bundle(start(), catch("x", "<bpmn:messageEventDefinition/>"), end(), STRAIGHT), "bpmn-message", "x"),
        (bundle(start(), catch("x", "<bpmn:timerEventDefinition/>"), end(), STRAIGHT), "bpmn-timer", "x"),
        (bundle(start(), catch("x", timer("R3/PT1H", "timeCycle")), end(), STRAIGHT), "bpmn-timer", "x"),
        (bundle(start(), catch("x", timer("working_days(fast)")), end(), STRAIGHT), "bpmn-expression-name", "x"),
        (
            bundle(start(), user("x"), boundary("b", "x", ERROR), end(), STRAIGHT, path("b", "finish"), roots=ROOTS),
            "bpmn-boundary",
            "b",
        ),
        (
            bundle(start(), service("x"), boundary("b", "x", ERROR, False), end(), STRAIGHT, path("b", "finish"), roots=ROOTS),
            "bpmn-boundary",
            "b",
        ),
    ],
)
def test_a_flow_that_cannot_be_followed_is_found(drawn: Bundle, code: str, place: str) -> None:
    assert (code, place) in [(finding.code, finding.place) for finding in lint(drawn)]


def test_dangerous_decision_tables_of_a_bundle_are_found() -> None:
    files = {**SOUND.files, "decisions.dmn": b"<!DOCTYPE d><definitions/>"}
    assert [(finding.code, finding.file) for finding in lint(Bundle("test", files))] == [("bpmn-doctype", "decisions.dmn")]


def test_every_finding_of_a_bundle_is_told_at_once_in_the_order_of_the_file() -> None:
    told = changed((ROLE, ""), ("check == 'yes'", "fit.x"), ('name="registration.number"', 'name="x"'), (' name="соңы"', ""))
    assert {code for code, _ in told} == {
        "bpmn-role-missing",
        "bpmn-expression",
        "bpmn-handler-unknown",
        "bpmn-label-missing",
    }


# --- the extensions -----------------------------------------------------------------------------------------------


def test_the_facts_of_an_element_are_read_from_its_extensions() -> None:
    inside = (
        '<rasim:label lang="ru" text="Проверка"/><rasim:label lang="en" text="Check"/>'
        '<rasim:step paragraph="Rules para 8" limit="2 working-days" from="completed:begin"/>'
        '<rasim:inferred why="silent"/><rasim:role name="executor"/><rasim:form ref="reply"/><rasim:ground ref="*"/>'
        '<rasim:outcome ref="complete" kk="толық" ru="полный" en="complete" tone="positive"/><rasim:outcome ref="no" kk="жоқ"/>'
    )
    drawn = f'<bpmn:userTask id="check" name="Тексеру">{extended(inside)}</bpmn:userTask>'
    root, findings = read_definitions("p", definitions(process(start(), drawn, end(), path("begin", "check", "finish"))))
    assert findings == []
    assert root is not None
    element = element_of(root.find(f".//{{{BPMN}}}userTask"), "main", "office")
    assert (element.id, element.process, element.lane, element.role, element.form) == (
        *("check", "main", "office"),
        *("executor", "reply"),
    )
    assert (element.label.kk, element.label.ru, element.label.en) == ("Тексеру", "Проверка", "Check")
    assert (element.paragraph, element.limit, element.counted_from) == ("Rules para 8", "2 working-days", "completed:begin")
    assert (element.inferred, element.grounds) == ("silent", ("*",))
    assert [(each.id, each.label.in_language("ru"), each.tone) for each in element.outcomes] == [
        ("complete", "полный", "positive"),
        ("no", "жоқ", "neutral"),
    ]


def test_the_descriptor_is_what_bpmn_js_and_the_parser_both_read() -> None:
    descriptor = json.loads(DESCRIPTOR.read_text())
    assert descriptor["uri"] == NAMESPACE
    assert descriptor["xml"] == {"tagAlias": "lowerCase"}
    assert set(extension_types()) == {"step", "inferred", "role", "form", "outcome", "ground", "handler", "decision", "label"}
    assert "id" not in {name for known in extension_types().values() for name in known.attributes}


def test_nothing_in_a_tree_that_was_read_belongs_to_another_tool() -> None:
    foreign = '<tool:task xmlns:tool="urn:tool" id="check"><tool:script>import os</tool:script></tool:task>'
    drawn = f'<bpmn:userTask id="x" name="қадам">{extended(foreign)}</bpmn:userTask>'
    content = definitions(process(start(), drawn, end(), STRAIGHT))
    root, findings = read_definitions("p", content)
    assert [finding.code for finding in findings] == ["bpmn-foreign-extension"]
    assert root is not None
    assert b"import os" not in etree.tostring(root)


# --- against the passport -----------------------------------------------------------------------------------------

SERVICE = Path(__file__).parents[2] / "processes" / "guarantee-obligation-end-user-certificate"


def published() -> Bundle:
    """The service alone: it calls no shared process."""
    return Bundle(
        SERVICE.name, {str(each.relative_to(SERVICE)): each.read_bytes() for each in SERVICE.rglob("*") if each.is_file()}
    )


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('rasim:role name="executor"', 'rasim:role name="deputy"', "passport-role"),
        ('rasim:form ref="', 'rasim:form ref="un', "passport-form"),
        ('rasim:ground ref="', 'rasim:ground ref="un', "passport-ground"),
        ("sign_certificate", "sign_it", "passport-result"),
        ("check_completeness == ", "variant == ", "bpmn-expression-outcome"),
    ],
)
def test_a_diagram_names_only_what_its_passport_has(old: str, new: str, code: str) -> None:
    bundle_ = published()
    passport = passport_from(yaml.safe_load(bundle_.files["service.yaml"]))
    assert [str(finding) for finding in lint(bundle_, passport=passport)] == []
    text = bundle_.files["process.bpmn"].decode()
    assert old in text
    renamed = replace(bundle_, files={**bundle_.files, "process.bpmn": text.replace(old, new).encode()})
    assert {finding.code for finding in lint(renamed, passport=passport)} == {code}
