"""The matrix of BPMN's elements: each is executed as it is drawn, or refused with a sentence that names it.

One row an element, in the order of the BPMN 2.0 standard: activities (10.2), sub-processes and calls, repetition, events (10.5),
gateways (10.6), flows, lanes and pools, data. The element in question is called `x` everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from app.domain.moves import Bundle, Severity, Wait, WaitKind
from app.engine.lint import lint
from app.engine.soundness import soundness
from tests.engine.drawing import (
    ERROR,
    MESSAGE,
    ROOTS,
    activity,
    boundary,
    bundle,
    call,
    catch,
    deciding,
    decision,
    definitions,
    end,
    flow,
    gateway,
    path,
    process,
    service,
    start,
    timer,
    user,
)
from tests.engine.played import Case

STRAIGHT = path("begin", "x", "finish")
BOTH = path("begin", "y", "finish") + path("x", "finish")  # x on y's border
HOSTED = path("begin", "x", "finish") + path("late", "finish")  # late on x's border
FORKED = path("begin", "x", "a", "j", "finish") + path("x", "b", "j")
CHOSEN = path("begin", "x", "a", "j", "finish") + flow("x", "b", "variant == 'new'") + path("b", "j")
INNER = start("inside") + user("inner") + end("out") + path("inside", "inner", "out")
FAILING = start("inside") + user("inner") + end("out", ERROR) + path("inside", "inner", "out")
SHARED = definitions(process(start("s_in"), user("s_step"), end("s_out"), path("s_in", "s_step", "s_out"), id_="shared"))
THREE = "<bpmn:loopCardinality>3</bpmn:loopCardinality>"
LIST = "<bpmn:loopDataInputRef>documents</bpmn:loopDataInputRef>"
CONDITION = "<bpmn:condition>1</bpmn:condition>"
OUTSIDE = (
    '<bpmn:collaboration id="c"><bpmn:participant id="own" name="біз" processRef="main"/>'
    '<bpmn:participant id="x" name="олар"/><bpmn:messageFlow id="m" sourceRef="x" targetRef="own"/></bpmn:collaboration>'
)
POOLS = (
    '<bpmn:collaboration id="c"><bpmn:participant id="own" name="біз" processRef="main"/>'
    '<bpmn:participant id="other" name="олар" processRef="x"/></bpmn:collaboration>'
)
SECOND = process(start("o_in"), end("o_out"), path("o_in", "o_out"), id_="x")
LANES = (
    '<bpmn:laneSet><bpmn:lane id="office" name="Кеңсе"><bpmn:childLaneSet><bpmn:lane id="room" name="Бөлме">'
    "<bpmn:flowNodeRef>begin</bpmn:flowNodeRef><bpmn:flowNodeRef>x</bpmn:flowNodeRef><bpmn:flowNodeRef>finish</bpmn:flowNodeRef>"
    "</bpmn:lane></bpmn:childLaneSet></bpmn:lane></bpmn:laneSet>"
)


@dataclass(frozen=True)
class Executed:
    """Played to the end, past this element."""

    past: str = "x"


@dataclass(frozen=True)
class Refused:
    """Refused at the element, in a sentence with these words."""

    words: str
    place: str = "x"


EXECUTED = Executed()


def alone(element: str, roots: str = ROOTS) -> Bundle:
    return bundle(start(), element, end(), STRAIGHT, roots=roots)


def task(tag: str, inside: str = "", attributes: str = "") -> Bundle:
    return alone(activity(tag, "x", inside, attributes))


def decided(table: bytes) -> Bundle:
    flows = path("begin", "x", "choice", "finish") + flow("choice", "y", "x == 'yes'") + path("y", "finish")
    drawn = bundle(start(), deciding("x", "way"), gateway("exclusive", "choice", "choice_finish"), user("y"), end(), flows)
    return Bundle(drawn.service, {**drawn.files, "way.dmn": table})


def many(inside: str, attributes: str = "") -> Bundle:
    return alone(
        user("x", f"<bpmn:multiInstanceLoopCharacteristics {attributes}>{inside}</bpmn:multiInstanceLoopCharacteristics>")
    )


def defined(kind: str, inside: str = "", attributes: str = "") -> str:
    return f"<bpmn:{kind}EventDefinition {attributes}>{inside}</bpmn:{kind}EventDefinition>"


def starting(definition: str) -> Bundle:
    return bundle(f'<bpmn:startEvent id="x" name="басы">{definition}</bpmn:startEvent>', end(), path("x", "finish"), roots=ROOTS)


def catching(definition: str) -> Bundle:
    return alone(catch("x", definition))


def throwing(definition: str) -> Bundle:
    return alone(f'<bpmn:intermediateThrowEvent id="x" name="белес">{definition}</bpmn:intermediateThrowEvent>')


def bordering(definition: str, interrupting: bool = True) -> Bundle:
    return bundle(start(), user("y"), boundary("x", "y", definition, interrupting), end(), BOTH, roots=ROOTS)


def ending(definition: str) -> Bundle:
    return bundle(start(), user("y"), end("x", definition), path("begin", "y", "x"), roots=ROOTS)


def splitting(kind: str, flows: str, default: str | None = None, join: str | None = None) -> Bundle:
    joining = gateway(join or kind, "j")
    return bundle(start(), gateway(kind, "x", default), user("a"), user("b"), joining, end(), flows)


def holding(element: str) -> Bundle:
    return bundle(element, start(), user("y"), end(), path("begin", "y", "finish"))


# fmt: off
MATRIX: dict[str, tuple[Bundle, Executed | Refused]] = {
    # activities
    "task": (task("task"), Refused("plain task")),
    "userTask": (alone(user("x")), EXECUTED),
    "manualTask": (task("manualTask"), Refused("manual task")),
    "serviceTask": (alone(service("x")), EXECUTED),
    "scriptTask": (task("scriptTask", "<bpmn:script>import os</bpmn:script>"), Refused("Scripts in diagrams")),
    "sendTask": (task("sendTask", attributes='messageRef="reply"'), Refused("send task")),
    "sendTask without a message": (task("sendTask"), Refused("send task")),
    "receiveTask": (task("receiveTask", attributes='messageRef="reply"'), Refused("receive task")),
    "receiveTask without a message": (task("receiveTask"), Refused("receive task")),
    "businessRuleTask": (decided(decision(["variant"], ['"new"', '"yes"'], ["-", '"no"'], policy="FIRST")), EXECUTED),
    "businessRuleTask that collects": (
        decided(decision(["variant"], ["-", '"no"'], policy="COLLECT")), Refused("hit policy COLLECT", "way")
    ),
    "businessRuleTask without a decision": (task("businessRuleTask"), Refused("business rule task names no decision table")),
    "businessRuleTask of a decision that is not there": (alone(deciding("x", "way")), Refused("no decision table “way”")),
    "task for compensation": (
        alone(user("x").replace('name="қадам"', 'name="қадам" isForCompensation="true"')), Refused("isForCompensation")
    ),
    # sub-processes and calls
    "subProcess": (task("subProcess", INNER), EXECUTED),
    "subProcess without a start": (task("subProcess", user("inner") + end("out") + path("inner", "out")), Refused("start event")),
    "event subProcess": (task("subProcess", INNER, 'triggeredByEvent="true"'), Refused("event sub-process")),
    "transaction": (task("transaction", INNER), Refused("transaction")),
    "adHocSubProcess": (task("adHocSubProcess", user("inner")), Refused("ad hoc sub-process")),
    "adHocSubProcess, one by one": (
        task("adHocSubProcess", user("inner"), 'ordering="Sequential"'), Refused("ad hoc sub-process")
    ),
    "callActivity": (bundle(start(), call("x", "shared"), end(), STRAIGHT, shared=SHARED), EXECUTED),
    "callActivity without a target": (task("callActivity"), Refused("call activity")),
    "callActivity of nothing there": (alone(call("x", "nowhere")), Refused("no process “nowhere”")),
    # repetition
    "several at once": (many(THREE), EXECUTED),
    "several in turn": (many(THREE, 'isSequential="true"'), EXECUTED),
    "several until enough": (many(f"{THREE}<bpmn:completionCondition>x == 'yes'</bpmn:completionCondition>"), EXECUTED),
    "one for each of a list": (many(LIST), Refused("loopDataInputRef")),
    "several with collected data": (
        many(f"{THREE}<bpmn:loopDataOutputRef>opinions</bpmn:loopDataOutputRef>"), Refused("loopDataOutputRef")
    ),
    "several, how many not said": (many(""), Refused("instances")),
    "a million": (many(THREE.replace("3", "1000000")), Refused("number of instances")),
    "fewer than none": (many(THREE.replace("3", "-1")), Refused("number of instances")),
    "several sub-processes": (
        task("subProcess", f"<bpmn:multiInstanceLoopCharacteristics>{THREE}</bpmn:multiInstanceLoopCharacteristics>{INNER}"),
        EXECUTED,
    ),
    "standard loop": (alone(user("x", '<bpmn:standardLoopCharacteristics loopMaximum="3"/>')), Refused("looping activity")),
    # start events
    "start": (starting(""), EXECUTED),
    "start by message": (starting(MESSAGE), Refused("startEvent of the kind “message”")),
    "start by timer": (starting(timer("P1D")), Refused("startEvent of the kind “timer”")),
    "start by signal": (starting(defined("signal")), Refused("startEvent of the kind “signal”")),
    "start by condition": (starting(defined("conditional", CONDITION)), Refused("startEvent of the kind “conditional”")),
    "start by error": (starting(defined("error")), Refused("startEvent of the kind “error”")),
    "start by escalation": (starting(defined("escalation")), Refused("startEvent of the kind “escalation”")),
    "start by compensation": (starting(defined("compensate")), Refused("startEvent of the kind “compensate”")),
    # catching events
    "catch timer": (catching(timer("working_days(2)")), EXECUTED),
    "catch timer, plain duration": (catching(timer("P15D")), EXECUTED),
    "catch timer of a date": (catching(timer("2027-01-01T09:00+05:00", "timeDate")), EXECUTED),
    "catch timer that is code": (catching(timer("__import__('os').system('id')")), Refused("__import__")),
    "catch timer that repeats": (catching(timer("R3/PT1H", "timeCycle")), Refused("repeating timer")),
    "catch message": (catching(MESSAGE), EXECUTED),
    "catch message without a name": (catching(defined("message")), Refused("message event")),
    "catch signal": (catching(defined("signal")), Refused("intermediateCatchEvent of the kind “signal”")),
    "catch condition": (catching(defined("conditional", CONDITION)), Refused("intermediateCatchEvent of the kind “conditional”")),
    "catch link": (catching(defined("link", attributes='name="l"')), Refused("intermediateCatchEvent of the kind “link”")),
    "catch two things": (catching(timer("P1D") + MESSAGE), Refused("intermediateCatchEvent of the kind “multiple”")),
    # throwing events
    "throw nothing": (throwing(""), EXECUTED),
    "throw message": (throwing(MESSAGE), Refused("intermediateThrowEvent of the kind “message”")),
    "throw signal": (throwing(defined("signal")), Refused("intermediateThrowEvent of the kind “signal”")),
    "throw escalation": (throwing(defined("escalation")), Refused("intermediateThrowEvent of the kind “escalation”")),
    "throw compensation": (throwing(defined("compensate")), Refused("intermediateThrowEvent of the kind “compensate”")),
    "throw link": (
        throwing(defined("link", attributes='name="l"')), Refused("intermediateThrowEvent of the kind “link”")
    ),
    "throw error": (throwing(ERROR), Refused("intermediateThrowEvent of the kind “error”")),
    "throw timer": (throwing(timer("P1D")), Refused("intermediateThrowEvent of the kind “timer”")),
    # boundary events
    "boundary timer": (bordering(timer("PT1H")), EXECUTED),
    "boundary timer beside": (bordering(timer("PT1H"), False), EXECUTED),
    "boundary timer, repeating": (bordering(timer("R2/PT1H", "timeCycle"), False), EXECUTED),
    "boundary message": (bordering(MESSAGE), EXECUTED),
    "boundary message beside": (bordering(MESSAGE, False), EXECUTED),
    "boundary error": (
        bundle(start(), activity("subProcess", "y", FAILING), boundary("x", "y", ERROR), end(), BOTH, roots=ROOTS), EXECUTED
    ),
    "boundary error on a user task": (bordering(ERROR), Refused("error event")),
    "boundary signal": (bordering(defined("signal")), Refused("boundaryEvent of the kind “signal”")),
    "boundary escalation": (bordering(defined("escalation")), Refused("boundaryEvent of the kind “escalation”")),
    "boundary escalation beside": (bordering(defined("escalation"), False), Refused("boundaryEvent of the kind “escalation”")),
    "boundary condition": (bordering(defined("conditional", CONDITION)), Refused("boundaryEvent of the kind “conditional”")),
    "boundary cancel": (bordering(defined("cancel")), Refused("boundaryEvent of the kind “cancel”")),
    "boundary compensation": (bordering(defined("compensate")), Refused("boundaryEvent of the kind “compensate”")),
    "boundary link": (bordering(defined("link", attributes='name="l"')), Refused("boundaryEvent of the kind “link”")),
    "boundary terminate": (bordering(defined("terminate")), Refused("boundaryEvent of the kind “terminate”")),
    # end events
    "end": (ending(""), EXECUTED),
    "end by terminating": (ending(defined("terminate")), EXECUTED),
    "end by error": (
        bundle(start(), activity("subProcess", "y", FAILING.replace('"out"', '"x"').replace("_out", "_x")),
               boundary("late", "y", ERROR), end(), path("begin", "y", "finish"), path("late", "finish"), roots=ROOTS),
        EXECUTED,
    ),
    "end by an error nobody catches": (ending(ERROR), Refused("No boundary event around this catches the error")),
    "end by message": (ending(MESSAGE), Refused("endEvent of the kind “message”")),
    "end by signal": (ending(defined("signal")), Refused("endEvent of the kind “signal”")),
    "end by escalation": (ending(defined("escalation")), Refused("endEvent of the kind “escalation”")),
    "end by compensation": (ending(defined("compensate")), Refused("endEvent of the kind “compensate”")),
    "end by cancelling": (ending(defined("cancel")), Refused("endEvent of the kind “cancel”")),
    "end by link": (ending(defined("link", attributes='name="l"')), Refused("endEvent of the kind “link”")),
    # gateways
    "exclusiveGateway": (splitting("exclusive", CHOSEN, "x_a"), EXECUTED),
    "inclusiveGateway": (splitting("inclusive", CHOSEN, "x_a"), EXECUTED),
    "parallelGateway": (splitting("parallel", FORKED), EXECUTED),
    "eventBasedGateway": (
        bundle(start(), gateway("eventBased", "x"), catch("a", timer("P1D")), catch("b", MESSAGE), gateway("exclusive", "j"),
               end(), FORKED, roots=ROOTS),
        EXECUTED,
    ),
    "eventBasedGateway, parallel": (
        bundle(start(), gateway("eventBased", "x").replace("/>", ' eventGatewayType="Parallel"/>'), catch("a", timer("P1D")),
               catch("b", MESSAGE), gateway("exclusive", "j"), end(), FORKED, roots=ROOTS),
        Refused("eventGatewayType"),
    ),
    "complexGateway": (alone(gateway("complex", "x")), Refused("complex gateway")),
    # flows
    "two flows from a task": (
        bundle(start(), user("x"), end(), end("other"), STRAIGHT, path("x", "other")), Refused("2 flows leave a userTask")
    ),
    "a condition on a task's flow": (
        bundle(start(), user("y"), end(), path("begin", "y"), flow("y", "finish", "y == 'yes'")),
        Refused("condition of “y_finish”", "y_finish"),
    ),
    "a flow without condition from a choice": (
        splitting("exclusive", FORKED, "x_a"), Refused("The flow “x_b” leaves a splitting gateway without a condition", "x_b")
    ),
    # lanes and pools
    "lanes within lanes": (bundle(LANES, start(), user("x"), end(), STRAIGHT), EXECUTED),
    "a pool nobody looks into": (bundle(start(), user("y"), end(), path("begin", "y", "finish"), roots=OUTSIDE), Executed("y")),
    "two pools with processes": (
        bundle(start(), user("y"), end(), path("begin", "y", "finish"), roots=SECOND + POOLS),
        Refused("holds exactly one process"),
    ),
    "a process that is not executable": (
        Bundle("t", {"process.bpmn": definitions(process(start(), user("x"), end(), STRAIGHT, executable="false"))}),
        Refused("not executable", "main"),
    ),
    # data and notes
    "dataObject": (holding('<bpmn:dataObject id="x"/>'), Refused("“dataObject”")),
    "dataObjectReference": (
        holding('<bpmn:dataObject id="d"/><bpmn:dataObjectReference id="x" dataObjectRef="d"/>'), Refused("“dataObjectReference”")
    ),
    "dataStoreReference": (holding('<bpmn:dataStoreReference id="x"/>'), Refused("“dataStoreReference”")),
    "property": (holding('<bpmn:property id="x"/>'), Refused("“property”")),
    "ioSpecification": (
        holding('<bpmn:ioSpecification id="x"><bpmn:inputSet/><bpmn:outputSet/></bpmn:ioSpecification>'),
        Refused("“ioSpecification”"),
    ),
    "dataInputAssociation": (
        alone(user("x", '<bpmn:dataInputAssociation id="d"><bpmn:targetRef>x</bpmn:targetRef></bpmn:dataInputAssociation>')),
        Refused("“dataInputAssociation”", "d"),
    ),
    "textAnnotation": (
        bundle(start(), user("y"), end(), path("begin", "y", "finish"),
               '<bpmn:textAnnotation id="x"><bpmn:text>!</bpmn:text></bpmn:textAnnotation>'),
        Executed("y"),
    ),
}
# fmt: on


def rows(kind: type) -> list[str]:
    return [name for name, (_, verdict) in MATRIX.items() if isinstance(verdict, kind)]


@pytest.mark.parametrize("name", rows(Executed))
def test_what_the_checks_accept_is_executed_to_its_end(name: str) -> None:
    drawn, verdict = MATRIX[name]
    assert isinstance(verdict, Executed)
    assert [str(finding) for finding in lint(drawn, handlers={"registration.number"})] == []
    assert soundness(drawn) == []
    case = Case(drawn, {"case_id": "1", "variant": "new"})
    passed = [*case.completed]
    for _ in range(10):
        if case.move.finished:
            break
        _take(case, min(case.move.waits, key=lambda wait: (wait.element in passed, wait.kind is WaitKind.USER_TASK)))
        passed += case.completed
    assert case.move.finished
    assert verdict.past in passed


def _take(case: Case, wait: Wait) -> None:
    if wait.kind is WaitKind.USER_TASK:
        case.complete(wait.element, "yes")
    elif wait.kind is WaitKind.TIMER:
        case.fire(wait.element)
    else:
        case.correlate(wait.element)


@pytest.mark.parametrize("name", rows(Refused))
def test_what_is_not_executed_rightly_is_refused_in_a_sentence_that_names_it(name: str) -> None:
    drawn, verdict = MATRIX[name]
    assert isinstance(verdict, Refused)
    findings = lint(drawn, handlers={"registration.number"})
    told = [each for each in findings if each.severity is Severity.ERROR and each.place == verdict.place]
    assert any(verdict.words in str(each) for each in told), [str(each) for each in findings]
    assert "bpmn-schema" not in {each.code for each in findings}, [str(each) for each in findings]  # it is BPMN all the same
