"""Business rule tasks: a decision table of the bundle is asked, its answer leads the case, and tables are checked before."""

from __future__ import annotations

import pytest

from app.domain.errors import Invalid, ProcessFailed
from app.domain.moves import Bundle, Severity
from app.engine import Engine
from app.engine.lint import lint
from app.engine.soundness import soundness
from tests.engine.drawing import bundle, deciding, decision, end, flow, gateway, path, start, user
from tests.engine.played import Case

TABLE = decision(["variant", "check"], ['"new"', '"yes"', '"short"'], ['"old"', "-", '"short"'], ['"new"', '"no"', '"long"'])


def asking(table: bytes | None = TABLE, condition: str = "way == 'long'", ref: str = "way") -> Bundle:
    """A task, then the decision, then the long way round or straight to the end."""
    drawn = bundle(
        *(start(), user("check"), deciding("way", ref), gateway("exclusive", "choice", "choice_finish"), user("more"), end()),
        *(path("begin", "check", "way", "choice", "finish"), flow("choice", "more", condition), path("more", "finish")),
    )
    return Bundle(drawn.service, {**drawn.files, **({} if table is None else {"decisions.dmn": table})})


def told(drawn: Bundle) -> list[tuple[str, str]]:
    return [(each.code, each.place) for each in lint(drawn)]


def errors(drawn: Bundle) -> list[tuple[str, str]]:
    return [(each.code, each.place) for each in lint(drawn) if each.severity is Severity.ERROR]


@pytest.mark.parametrize(("outcome", "open_"), [("yes", []), ("no", ["more"])])
def test_the_answer_becomes_the_flag_of_the_task_and_leads_the_case(outcome: str, open_: list[str]) -> None:
    assert soundness(asking()) == []
    case = Case(asking(), {"variant": "new"})
    case.complete("check", outcome)
    assert "way" in case.completed
    assert case.open == open_
    if open_:
        assert case.wait("more").flags["way"] == "long"


def test_a_case_no_rule_is_meant_for_stops_with_a_sentence_that_says_so() -> None:
    case = Case(asking(), {"variant": "other"})
    with pytest.raises(ProcessFailed) as failed:
        case.complete("check", "yes")
    assert str(failed.value) == (
        "The process main cannot go on at way: "
        "No rule of the decision table “way” is meant for this case: variant = 'other', check = 'yes'"
    )


def test_each_instance_of_a_repeated_decision_asks_for_itself() -> None:
    repeated = deciding("way", "way").replace(
        "</bpmn:businessRuleTask>",
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality>"
        "</bpmn:multiInstanceLoopCharacteristics></bpmn:businessRuleTask>",
    )
    drawn = bundle(start(), repeated, end(), path("begin", "way", "finish"))
    table = decision(["loopCounter"], ["< 3", "1"], [">= 3", "2"])
    case = Case(Bundle("test", {**drawn.files, "way.dmn": table}))
    assert case.move.finished
    assert case.completed.count("way") == 3


def test_a_diagram_that_asks_a_table_which_cannot_be_asked_is_not_loaded() -> None:
    for drawn in (asking(None), asking(ref="other"), asking(decision(["variant"], ["1 or 2", '"a"']))):
        with pytest.raises(Invalid):
            Engine().load(drawn)


def test_a_table_without_a_fault_has_no_error_and_one_gap() -> None:
    (gap,) = lint(asking())  # without a passport any variant may come
    assert (gap.code, gap.place, gap.severity) == ("dmn-gap", "way", Severity.WARNING)
    assert "variant = '…'" in str(gap)


FULL = (['"new"', '"long"'], ["-", '"short"'])


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (decision(["variant"], *FULL), "dmn-overlap"),
        (decision(["variant"], *FULL, policy="ANY"), "dmn-overlap"),
        (decision(["variant"], *FULL, policy="COLLECT"), "dmn-unsupported"),
        (decision(["variant"], *FULL, policy="RULE ORDER"), "dmn-unsupported"),
        (decision(["varient"], ["-", '"long"']), "bpmn-expression-name"),
        (decision(["check"], ['"maybe"', '"long"'], ['not("maybe")', '"short"']), "bpmn-expression-outcome"),
        (decision(["exec('import os')"], ["-", '"long"']), "bpmn-expression"),
        (decision(["().__class__"], ["-", '"long"']), "bpmn-expression"),
        (decision(["variant"], ["os.system('id')", '"long"']), "dmn-cell"),
        (decision(["variant"], ["-", "os.system('id')"]), "dmn-output"),
        (decision(["variant"], ["-", "variant"]), "dmn-output"),
        (decision(["variant"], ["-", "< 3"]), "dmn-output"),
        (decision(["variant"], ["-", "1.5"]), "dmn-output"),
        (decision(["variant"], ["-", "-", '"long"']), "dmn-cells"),
        (decision([], ['"long"']), "dmn-unsupported"),
        (decision(["variant"]), "dmn-empty"),
        (decision(["variant"], *([f'"v{n}"', '"long"'] for n in range(301))), "dmn-too-large"),
        (
            decision(["variant"], ["-", '"long"'])
            .replace(b"<output/>", b"<output/><output/>")
            .replace(b"</rule>", b"<outputEntry><text>1</text></outputEntry></rule>"),
            "dmn-unsupported",
        ),
        (
            decision(
                ["variant"],
                ["-", '"long"'],
                more='<informationRequirement><requiredDecision href="#o"/></informationRequirement>',
            ),
            "dmn-unsupported",
        ),
        (decision(["variant"], ["-", '"long"']).replace(b"decisionTable", b"literalExpression"), "bpmn-schema"),
        (decision(["variant"], ["-", '"long"']).replace(b'id="way" ', b""), "bpmn-id-missing"),
        (decision(["variant"], ["-", '"long"']).replace(b"variant", b""), "bpmn-expression"),
    ],
)
def test_a_table_that_would_not_decide_as_it_is_drawn_is_refused(table: bytes, code: str) -> None:
    assert code in {found for found, _ in errors(asking(table))}


def test_a_finding_stands_at_the_decision_and_at_the_line_of_its_rule() -> None:
    findings = lint(asking(decision(["variant"], ['"a"', '"long"'], ['"b"', "x y"])))
    (wrong,) = (each for each in findings if each.code == "dmn-output")
    assert (wrong.file, wrong.line, wrong.place) == ("decisions.dmn", 4, "way")  # lines 3 and 4 are the rules


def test_a_condition_compares_a_decision_only_with_what_the_table_can_answer() -> None:
    assert ("bpmn-expression-outcome", "choice_more") in errors(asking(condition="way == 'longer'"))
    assert ("bpmn-expression-outcome", "choice_more") not in errors(asking(condition="way in ('long', 'short')"))


def test_a_decision_nobody_asks_and_an_answer_nobody_looks_at_are_told() -> None:
    assert ("dmn-unused", "way") in told(asking(condition="check == 'yes'"))
    alone = bundle(start(), user("a"), end(), path("begin", "a", "finish"))
    files = {**alone.files, "decisions.dmn": decision(["variant"], ["-", '"long"'])}
    assert ("dmn-unused", "way") in told(Bundle("test", files))


def test_a_rule_behind_one_that_always_comes_first_is_told() -> None:
    drawn = asking(decision(["check"], ["-", '"long"'], ['"yes"', '"short"'], policy="FIRST"))
    assert told(drawn) == [("dmn-hidden", "way")]


def test_two_files_do_not_hold_one_decision() -> None:
    drawn = asking()
    assert ("dmn-duplicate", "way") in errors(Bundle("test", {**drawn.files, "other.dmn": TABLE}))


def test_a_task_names_a_decision_there_is() -> None:
    assert errors(asking(None)) == [("bpmn-decision", "way")]
    assert errors(asking(ref="other")) == [("bpmn-decision", "way")]


def test_the_drawing_of_a_decision_and_its_inputs_is_no_fault() -> None:
    more = '<informationRequirement><requiredInput href="#i"/></informationRequirement>'
    drawn = decision(["variant"], ["-", '"long"'], more=more).replace(
        b"</definitions>", b'<inputData id="i" name="variant"/></definitions>'
    )
    assert errors(asking(drawn)) == []


def test_tables_of_dmn_1_1_decide_too() -> None:
    older = TABLE.replace(b"https://www.omg.org/spec/DMN/20191111/MODEL/", b"http://www.omg.org/spec/DMN/20151101/dmn.xsd")
    assert errors(asking(older)) == []
    case = Case(asking(older), {"variant": "new"})
    case.complete("check", "no")
    assert case.open == ["more"]


def test_a_table_of_dmn_1_2_is_refused_with_the_versions_that_are_read() -> None:
    newer = TABLE.replace(b"https://www.omg.org/spec/DMN/20191111/MODEL/", b"http://www.omg.org/spec/DMN/20180521/MODEL/")
    (refused,) = (each for each in lint(asking(newer)) if each.file == "decisions.dmn")
    assert refused.code == "bpmn-root"


WRITTEN_BY_DMN_JS = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/"
  xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" xmlns:biodi="http://bpmn.io/schema/dmn/biodi/2.0" id="definitions_1"
  name="DRD" namespace="http://camunda.org/schema/1.0/dmn" exporter="dmn-js (https://demo.bpmn.io/dmn)" exporterVersion="16.0.0">
  <decision id="way" name="Decision 1">
    <decisionTable id="table_1" biodi:annotationsWidth="150">
      <input id="i1" label="тексеру" biodi:width="192">
        <inputExpression id="e1" typeRef="string"><text>check</text></inputExpression>
        <inputValues id="v1"><text>"yes","no"</text></inputValues>
      </input>
      <output id="o1" label="жол" name="way" typeRef="string" />
      <rule id="r1"><description>note</description>
        <inputEntry id="c1"><text>"yes"</text></inputEntry><outputEntry id="p1"><text>"short"</text></outputEntry>
      </rule>
      <rule id="r2">
        <inputEntry id="c2"><text></text></inputEntry><outputEntry id="p2"><text>"long"</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
  <dmndi:DMNDI><dmndi:DMNDiagram id="d1"><dmndi:DMNShape id="s1" dmnElementRef="way">
    <dc:Bounds height="80" width="180" x="160" y="80" /></dmndi:DMNShape></dmndi:DMNDiagram></dmndi:DMNDI>
</definitions>
"""


def test_what_the_editor_of_tables_writes_is_read() -> None:
    written = WRITTEN_BY_DMN_JS.replace('id="table_1"', 'id="table_1" hitPolicy="FIRST"')
    assert errors(asking(written.encode())) == []
    assert errors(asking(WRITTEN_BY_DMN_JS.encode())) == [("dmn-overlap", "way")]  # an empty cell means any value
