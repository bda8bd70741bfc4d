"""Known defects of SpiffWorkflow 3.2.0, each with a test that it does not reach a case."""

from __future__ import annotations

import ast
import zlib
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

import app.engine
from app.domain.errors import HandlerFailed, Invalid
from app.domain.moves import LATER, BusinessError, Flag, HandlerResult, ServiceCall
from app.engine import Engine
from tests.engine.families import Drawing, bundle, instances
from tests.engine.played import Case, Handlers

BROKEN = '<bpmn:error id="Broken" errorCode="BROKEN"/>'
BROKEN_EVENT = '<bpmn:errorEventDefinition errorRef="Broken"/>'


def rework(gateway: str) -> Drawing:
    """Two tasks between a fork and a join, in a loop of rework: the shape of consultations with agreeing bodies."""
    drawing = Drawing("main")
    drawing.start()
    drawing.node("exclusiveGateway", "merge")
    for each in ("first", "second"):
        drawing.user(each, "yes", "no")
    drawing.node(gateway, "join")
    drawing.user("review", "approve", "rework")
    drawing.end()
    drawing.path("begin", "merge", "fork")
    if gateway == "inclusiveGateway":
        drawing.end("nobody_asked")
        ways = (("first", "variant != 'none'"), ("second", "variant != 'none'"), ("nobody_asked", None))
        drawing.choice("fork", *ways, tag=gateway)
    else:
        drawing.node(gateway, "fork")
        drawing.flow("fork", "first")
        drawing.flow("fork", "second")
    drawing.path("first", "join", "review", "decide")
    drawing.path("second", "join")
    drawing.choice("decide", ("merge", "review == 'rework'"), ("done", None))
    return drawing


def played_round(case: Case, order: tuple[str, str], outcome: str = "yes") -> None:
    case.complete(order[0], outcome)
    assert case.open == [order[1]], "the join fired before both branches were done"
    case.complete(order[1], outcome)
    assert case.open == ["review"]


ORDERS = (("first", "second"), ("second", "first"))


@pytest.mark.parametrize("gateway", ["parallelGateway", "inclusiveGateway"])
@pytest.mark.parametrize("earlier", ORDERS)
@pytest.mark.parametrize("later", ORDERS)
def test_a_join_in_a_loop_waits_for_all_branches_in_every_round(
    gateway: str, earlier: tuple[str, str], later: tuple[str, str]
) -> None:
    case = Case(bundle(rework(gateway)), {"variant": "new"})
    for order in (earlier, later, earlier, later):
        played_round(case, order)
        case.complete("review", "rework")
    played_round(case, later)
    case.complete("review", "approve")
    assert case.move.finished


def test_a_branch_that_ends_last_does_not_bring_back_what_another_had_changed() -> None:
    case = Case(bundle(rework("parallelGateway")))
    played_round(case, ("first", "second"), "yes")
    case.complete("review", "rework")
    case.complete("first", "no")  # the second branch began this round when "first" was still "yes"
    case.complete("second", "yes")
    assert case.wait("review").flags == {"first": "no", "second": "yes", "review": "rework"}


def test_what_a_handler_does_to_its_flags_stays_with_the_handler() -> None:
    def handler(call: ServiceCall) -> HandlerResult:
        call.flags["variant"] = call.flags["first"] = "spoilt"  # type: ignore[index]
        return LATER

    drawing = Drawing("main")
    drawing.start()
    drawing.node("parallelGateway", "fork")
    drawing.node("parallelGateway", "join")
    drawing.service("ask")
    drawing.user("first")
    drawing.end()
    drawing.path("begin", "fork", "ask", "join", "done")
    drawing.path("fork", "first", "join")
    case = Case(bundle(drawing), {"variant": "new"}, handlers=handler)
    case.wait("ask").flags["variant"] = "spoilt"  # type: ignore[index]
    assert case.wait("first").flags == {"variant": "new"}
    assert case.engine.waits(case.process, case.move.state)[0].flags == {"variant": "new"}


def test_four_hundred_rounds_of_a_loop_cost_and_weigh_what_one_does() -> None:
    case = Case(bundle(rework("parallelGateway")))
    sizes = []
    for _ in range(400):
        played_round(case, ("first", "second"))
        case.complete("review", "rework")
        sizes.append(len(case.move.state))
    assert case.open == ["first", "second"]
    assert not case.move.finished
    assert max(sizes) - min(sizes) < 20  # the numbers of tokens get longer, nothing else grows


def test_four_hundred_rounds_of_a_loop_inside_one_branch_leave_nothing_behind() -> None:
    """The other branch stays open all the time, so there is never a moment with a single token."""
    drawing = Drawing("main")
    drawing.start()
    drawing.node("parallelGateway", "fork")
    drawing.node("parallelGateway", "join")
    drawing.node("exclusiveGateway", "merge")
    drawing.user("patient")
    drawing.user("busy", "again", "enough")
    drawing.timer("reminder", "busy", "R/P1D", interrupting=False, tag="timeCycle")
    drawing.end("reminded")
    drawing.end()
    drawing.path("begin", "fork", "patient", "join", "done")
    drawing.path("fork", "merge", "busy", "more")
    drawing.choice("more", ("merge", "busy == 'again'"), ("join", None))
    drawing.flow("reminder", "reminded")
    case = Case(bundle(drawing))
    for _ in range(400):
        case.fire("reminder")
        case.complete("busy", "again")
    assert len(case.move.state) < 250
    case.complete("busy", "enough")
    case.complete("patient")
    assert case.move.finished


def test_the_state_does_not_depend_on_the_order_of_keys() -> None:
    case = Case(bundle(rework("parallelGateway")), {"variant": "new", "case_id": "7"})
    played_round(case, ("first", "second"))
    case.complete("review", "rework")
    state = case.move.state
    content = orjson.loads(zlib.decompress(state[3:]))
    sorted_state = state[:3] + zlib.compress(orjson.dumps(content, option=orjson.OPT_SORT_KEYS))
    assert case.engine.waits(case.process, sorted_state) == case.move.waits
    assert case.wait("first").flags["variant"] == "new"


def engine_modules() -> Iterator[tuple[str, ast.AST]]:
    for path in Path(app.engine.__path__[0]).glob("*.py"):
        yield path.name, ast.parse(path.read_text(encoding="utf-8"))


def test_the_librarys_serializer_and_its_migrations_are_not_used() -> None:
    """Its migrations from 1.3 and 1.4 stop with a NameError on any instance that holds a subprocess."""
    for name, tree in engine_modules():
        for node in ast.walk(tree):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
            assert not any("serializer" in each or "diff" in each for each in names if each.startswith("Spiff")), name


def test_nothing_in_the_engine_executes_text_or_asks_the_clock() -> None:
    banned = {"eval", "exec", "now", "today", "time", "utcnow", "PythonScriptEngine"}
    for name, tree in engine_modules():
        called = {
            node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
        }
        assert not called & banned, f"{name} calls {called & banned}"


def test_a_handlers_error_is_shown_and_not_masked_by_another() -> None:
    """The library's call_service hides every error behind "NameError: name 'script' is not defined"."""

    def handler(call: ServiceCall) -> HandlerResult:
        raise ZeroDivisionError("the fee of variant 0")

    drawing = Drawing("main")
    drawing.start()
    drawing.service("fee", "compute_fee")
    drawing.end()
    drawing.path("begin", "fee", "done")
    with pytest.raises(HandlerFailed) as failed:
        Case(bundle(drawing), handlers=handler)
    assert str(failed.value) == "The handler compute_fee of the step fee failed: ZeroDivisionError: the fee of variant 0"
    assert type(failed.value.__cause__) is ZeroDivisionError


def failing_scope(number: int) -> Drawing:
    inside = Drawing(f"inside_{number}")
    inside.start(f"begin_{number}")
    inside.user(f"work_{number}")
    inside.end(f"broken_{number}", BROKEN_EVENT)
    inside.path(f"begin_{number}", f"work_{number}", f"broken_{number}")
    return inside


def two_beside_each_other(kind: str) -> Drawing:
    """Two activities in parallel, each with its own boundary event for the same error code."""
    drawing = Drawing("main")
    drawing.start()
    drawing.node("parallelGateway", "fork")
    drawing.flow("begin", "fork")
    for number in (1, 2):
        if kind == "subprocess":
            drawing.embed(f"activity_{number}", failing_scope(number))
        else:
            drawing.service(f"activity_{number}")
        drawing.boundary(f"failed_{number}", f"activity_{number}", BROKEN_EVENT)
        drawing.user(f"repair_{number}")
        drawing.end(f"fine_{number}")
        drawing.end(f"repaired_{number}")
        drawing.path("fork", f"activity_{number}", f"fine_{number}")
        drawing.path(f"failed_{number}", f"repair_{number}", f"repaired_{number}")
    return drawing


def test_an_error_end_interrupts_its_own_activity_alone() -> None:
    case = Case(bundle(two_beside_each_other("subprocess"), declared=BROKEN))
    case.complete("work_1")
    assert case.open == ["repair_1", "work_2"]


def test_an_error_of_a_service_task_interrupts_that_task_alone() -> None:
    later = Handlers({"activity_1": LATER, "activity_2": LATER})
    case = Case(bundle(two_beside_each_other("service"), declared=BROKEN), handlers=later)
    case.fail("activity_2", BusinessError("BROKEN"))
    assert case.open == ["activity_1", "repair_2"]


def test_nothing_of_a_scope_runs_after_an_error_has_ended_it() -> None:
    inside = Drawing("inside")
    inside.start("inside_begin")
    inside.node("parallelGateway", "inside_fork")
    inside.end("broken", BROKEN_EVENT)
    inside.service("too_late")
    inside.end("inside_end")
    inside.path("inside_begin", "inside_fork", "broken")
    inside.path("inside_fork", "too_late", "inside_end")
    drawing = Drawing("main")
    drawing.start()
    drawing.embed("scope", inside)
    drawing.boundary("failed", "scope", BROKEN_EVENT)
    drawing.user("repair")
    drawing.end()
    drawing.end("repaired")
    drawing.path("begin", "scope", "done")
    drawing.path("failed", "repair", "repaired")
    handlers = Handlers()
    case = Case(bundle(drawing, declared=BROKEN), handlers=handlers)
    assert case.open == ["repair"]
    assert handlers.calls == []


def timed_rework() -> Drawing:
    drawing = Drawing("main")
    drawing.start()
    drawing.node("exclusiveGateway", "merge")
    drawing.user("examine", "fine", "again")
    drawing.timer("late", "examine", "working_days(3)")
    drawing.timer("reminder", "examine", "working_days(1)", interrupting=False)
    drawing.user("explain")
    drawing.end("reminded")
    drawing.end()
    drawing.path("begin", "merge", "examine", "way")
    drawing.choice("way", ("merge", "examine == 'again'"), ("done", None))
    drawing.path("late", "explain", "merge")
    drawing.flow("reminder", "reminded")
    return drawing


def test_no_timer_outlives_its_task() -> None:
    case = Case(bundle(timed_rework()))
    gone = []
    for turn in range(6):
        gone += [case.wait("late").token]
        if turn % 2:
            case.fire("late")
            assert case.timers == {}
            case.complete("explain")
        else:
            case.fire("reminder")
            case.complete("examine", "again")
        assert case.timers == {"late": "3 working-days", "reminder": "1 working-days"}
    assert len(set(gone)) == 6
    case.complete("examine", "fine")
    assert case.move.finished


def test_a_moment_long_past_fires_nothing_by_itself() -> None:
    drawing = timed_rework()
    drawing.nodes = [each.replace("working_days(3)", "2020-01-01T00:00:00+05:00") for each in drawing.nodes]
    case = Case(bundle(drawing))
    case.fire("reminder")
    assert case.open == ["examine"]
    assert case.timers == {"late": "2020-01-01T00:00:00+05:00"}


def test_a_multi_instance_activity_begins_anew_in_the_next_round() -> None:
    drawing = Drawing("main")
    drawing.start()
    drawing.node("exclusiveGateway", "merge")
    drawing.user("opinion", "for", "against", inner=instances("2"))
    drawing.user("review", "approve", "rework")
    drawing.end()
    drawing.path("begin", "merge", "opinion", "review", "way")
    drawing.choice("way", ("merge", "review == 'rework'"), ("done", None))
    case = Case(bundle(drawing))
    for _ in range(3):
        assert case.open == ["opinion", "opinion"]
        assert [wait.flags["loopCounter"] for wait in case.move.waits] == [1, 2]
        case.complete("opinion", "against")
        case.complete("opinion", "for")
        case.complete("review", "rework")
    assert case.open == ["opinion", "opinion"]


def test_one_case_does_not_change_the_process_of_the_next() -> None:
    sample = bundle(two_beside_each_other("subprocess"), declared=BROKEN)
    first = Case(sample)
    first.complete("work_1")
    first.complete("repair_1")
    engine, process = first.engine, first.process
    move = engine.start(process, {}, call_handler=Handlers())
    assert sorted(wait.element for wait in move.waits) == ["work_1", "work_2"]


EVENT_SUB_PROCESS = (
    '<bpmn:subProcess id="event_scope" name="event_scope" triggeredByEvent="true"><bpmn:startEvent id="es">'
    '<bpmn:messageEventDefinition id="em" messageRef="Asked"/></bpmn:startEvent><bpmn:endEvent id="ee"/>'
    '<bpmn:sequenceFlow id="ef" sourceRef="es" targetRef="ee"/></bpmn:subProcess>'
)


def with_one_task(extra: str = "", end: str = "") -> Drawing:
    drawing = Drawing("main")
    drawing.start()
    drawing.user("check", "ok")
    drawing.end("done", end)
    drawing.path("begin", "check", "done")
    drawing.nodes.append(extra)
    return drawing


def test_event_subprocesses_are_refused() -> None:
    from app.engine.lint import lint

    sample = bundle(with_one_task(EVENT_SUB_PROCESS), declared='<bpmn:message id="Asked" name="asked"/>')
    assert any("event sub-process" in str(finding) for finding in lint(sample))
    with pytest.raises(Invalid, match="event_scope"):
        Engine().load(sample)


@pytest.mark.parametrize(
    ("end", "declared"),
    [
        ('<bpmn:signalEventDefinition signalRef="S"/>', '<bpmn:signal id="S" name="s"/>'),
        ("<bpmn:compensateEventDefinition/>", ""),
        ('<bpmn:messageEventDefinition messageRef="M"/>', '<bpmn:message id="M" name="m"/>'),
    ],
    ids=["signal", "compensation", "message"],
)
def test_an_end_event_that_would_silently_do_nothing_is_refused(end: str, declared: str) -> None:
    with pytest.raises(Invalid, match="done"):
        Engine().load(bundle(with_one_task(end=end), declared=declared))


def test_an_answer_that_no_format_keeps_never_reaches_the_state() -> None:
    drawing = Drawing("main")
    drawing.start()
    drawing.service("look_up")
    drawing.end()
    drawing.path("begin", "look_up", "done")
    for value in ({"typename": "Visa"}, {1: "a"}, (1, 2), 1.5):
        with pytest.raises(HandlerFailed, match="The flag look_up may be text"):
            Case(bundle(drawing), handlers=Handlers({"look_up": Flag(value)}))  # type: ignore[arg-type]
