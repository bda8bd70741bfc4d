"""What the engine promises its callers, move by move."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.domain.errors import Declined, HandlerFailed, Invalid, ProcessFailed
from app.domain.moves import LATER, Bundle, BusinessError, ElementKind, Flag, ServiceCall, WaitKind
from app.engine import Engine
from tests.engine.families import Drawing, bundle, diagram, instances, timer
from tests.engine.played import Case, Handlers

ERRORS = '<bpmn:error id="NoData" errorCode="NO-DATA"/><bpmn:error id="Refused" errorCode="REFUSED"/>'


def caught(error: str = "NoData") -> str:
    return f'<bpmn:errorEventDefinition errorRef="{error}"/>'


def one_task(*outcomes: str) -> Drawing:
    drawing = Drawing("main")
    drawing.start()
    drawing.user("check", *outcomes)
    drawing.end()
    drawing.path("begin", "check", "done")
    return drawing


def one_service() -> Drawing:
    """look_up with a boundary event for NO-DATA, then a choice by what was found."""
    drawing = Drawing("main")
    drawing.start()
    drawing.service("look_up")
    drawing.boundary("no_data", "look_up", caught())
    drawing.user("ask_applicant")
    drawing.user("use_it")
    drawing.end("asked")
    drawing.end()
    drawing.path("begin", "look_up", "found")
    drawing.choice("found", ("use_it", "look_up == 'yes'"), ("ask_applicant", None))
    drawing.path("no_data", "ask_again")
    drawing.user("ask_again")
    drawing.end("again")
    drawing.path("ask_again", "again")
    drawing.path("use_it", "done")
    drawing.path("ask_applicant", "asked")
    return drawing


def watched(term: str, *, interrupting: bool = True, tag: str = "timeDuration") -> Drawing:
    drawing = one_task("ok")
    drawing.timer("late", "check", term, interrupting=interrupting, tag=tag)
    drawing.user("explain")
    drawing.end("explained")
    drawing.path("late", "explain", "explained")
    return drawing


# --- loading -------------------------------------------------------------------------------------------------------


def test_a_bundle_is_parsed_once_for_all_threads() -> None:
    engine, sample = Engine(), bundle(one_task())
    with ThreadPoolExecutor(8) as pool:
        loaded = list(pool.map(lambda _: engine.load(sample), range(32)))
    assert all(each is loaded[0] for each in loaded)


def test_a_process_tells_the_facts_of_its_elements() -> None:
    drawing = Drawing("main")
    drawing.nodes.append(
        '<bpmn:laneSet id="set"><bpmn:lane id="chancellery" name="Кеңсе"><bpmn:extensionElements>'
        '<rasim:label lang="ru" text="Канцелярия"/></bpmn:extensionElements><bpmn:flowNodeRef>check</bpmn:flowNodeRef>'
        '<bpmn:flowNodeRef>inner</bpmn:flowNodeRef></bpmn:lane><bpmn:lane id="head" name="Басшы"/></bpmn:laneSet>'
    )
    inside = Drawing("inside")
    inside.start("inside_begin")
    inside.user("inside_task")
    inside.end("inside_end")
    inside.path("inside_begin", "inside_task", "inside_end")
    drawing.start()
    extension = '<rasim:step paragraph="Rules para 8" limit="2 working-days" from="registered"/><rasim:role name="clerk"/>'
    outcome = '<rasim:outcome ref="complete" kk="Толық" ru="Полный" tone="positive"/>'
    drawing.node("userTask", "check", extension=extension + outcome)
    drawing.embed("inner", inside)
    drawing.timer("late", "check", "working_days(2)")
    drawing.end()
    drawing.end("late_end")
    drawing.path("begin", "check", "inner", "done")
    drawing.path("late", "late_end")
    sample = bundle(drawing)

    process = Engine().load(sample)

    assert (process.service, process.main, process.digest) == ("sample", "main", sample.digest)
    assert process.diagram == sample.files["process.bpmn"]
    assert [(lane.id, lane.label.kk, lane.label.ru) for lane in process.lanes] == [
        ("chancellery", "Кеңсе", "Канцелярия"),
        ("head", "Басшы", ""),
    ]
    check = process.element(("main", "check"))
    assert (check.kind, check.lane, check.limit, check.counted_from) == (
        ElementKind.USER_TASK,
        "chancellery",
        "2 working-days",
        "registered",
    )
    assert [(each.id, each.label.ru, each.tone) for each in check.outcomes] == [("complete", "Полный", "positive")]
    # What stands inside a subprocess is in the same diagram, and in its lane; a boundary event in that of its task.
    assert process.element(("main", "inside_task")).lane == "chancellery"
    assert process.element(("main", "late")).lane == "chancellery"


def test_a_refused_diagram_names_everything_wrong_at_once() -> None:
    drawing = one_task()
    drawing.node("scriptTask", "script", inner="<bpmn:script>1</bpmn:script>")
    drawing.node("manualTask", "by_hand")
    drawing.nodes = [each.replace('targetRef="done"', 'targetRef="script"') for each in drawing.nodes]
    drawing.path("script", "by_hand", "done")
    with pytest.raises(Invalid) as refused:
        Engine().load(bundle(drawing))
    places = [each.place for each in refused.value.problems]
    assert any(place.endswith(": script") for place in places)
    assert any(place.endswith(": by_hand") for place in places)


def test_a_broken_file_is_refused_by_its_name() -> None:
    with pytest.raises(Invalid, match=r"process\.bpmn:1"):
        Engine().load(Bundle("sample", {"process.bpmn": b"<bpmn"}))
    with pytest.raises(Invalid, match=r"has no process\.bpmn"):
        Engine().load(Bundle("sample", {}))


def test_a_call_of_an_unknown_process_is_refused() -> None:
    drawing = Drawing("main")
    drawing.start()
    drawing.call("ask", "nowhere")
    drawing.end()
    drawing.path("begin", "ask", "done")
    with pytest.raises(Invalid, match="nowhere"):
        Engine().load(bundle(drawing))


# --- user tasks ----------------------------------------------------------------------------------------------------


def test_an_outcome_becomes_the_flag_of_its_task() -> None:
    drawing = one_task("complete", "incomplete")
    drawing.nodes = [each.replace('targetRef="done"', 'targetRef="way"') for each in drawing.nodes]
    drawing.user("refuse")
    drawing.choice("way", ("refuse", "check == 'incomplete'"), ("done", None))
    drawing.end("refused")
    drawing.path("refuse", "refused")
    case = Case(bundle(drawing), {"case_id": "7"})
    case.complete("check", "incomplete")
    assert case.open == ["refuse"]
    assert case.wait("refuse").flags == {"case_id": "7", "check": "incomplete"}


def test_an_outcome_that_the_task_does_not_offer_is_refused() -> None:
    case = Case(bundle(one_task("complete", "incomplete")))
    for found in ("maybe", None):
        with pytest.raises(Invalid, match="one of complete, incomplete"):
            case.complete("check", found)


def test_a_second_click_is_declined() -> None:
    case = Case(bundle(one_task()))
    token = case.wait("check").token
    case.complete("check")
    assert case.move.finished
    assert case.move.waits == ()
    assert not case.move.stuck
    with pytest.raises(Declined, match=token):
        case.engine.complete(case.process, case.move.state, token, None, call_handler=case.handlers)


@pytest.mark.parametrize("token", ["", "nonsense", "0123456789abcdef-1", "-", "x-99999999999999999999"])
def test_a_token_of_no_wait_is_declined(token: str) -> None:
    case = Case(bundle(one_task()))
    with pytest.raises(Declined):
        case.engine.complete(case.process, case.move.state, token, None, call_handler=case.handlers)


def test_a_wait_ends_only_in_its_own_way() -> None:
    case = Case(bundle(watched("PT10M")))
    with pytest.raises(Declined, match="expected user-task, found timer"):
        case._after(case.engine.complete, case.wait("late").token, "ok")
    with pytest.raises(Declined, match="expected timer, found user-task"):
        case._after(case.engine.fire, case.wait("check").token)


def test_tokens_are_stable_until_the_wait_ends_and_unlike_those_of_other_cases() -> None:
    drawing = Drawing("main")
    drawing.start()
    drawing.node("parallelGateway", "fork")
    drawing.node("parallelGateway", "join")
    drawing.user("first")
    drawing.user("second")
    drawing.end()
    drawing.path("begin", "fork", "first", "join", "done")
    drawing.path("fork", "second", "join")
    case, other = Case(bundle(drawing)), Case(bundle(drawing))
    token = case.wait("second").token
    assert token != other.wait("second").token
    case.complete("first")
    assert case.wait("second").token == token
    assert case.engine.waits(case.process, case.move.state) == case.move.waits


# --- service tasks -------------------------------------------------------------------------------------------------


def test_a_handler_sees_the_element_the_flags_and_a_token_and_sets_the_flag_of_its_task() -> None:
    handlers = Handlers({"look_up": Flag("yes")})
    case = Case(bundle(one_service(), declared=ERRORS), {"variant": "new"}, handlers=handlers)
    (call,) = handlers.calls
    assert (call.handler, call.element.id, dict(call.flags)) == ("look_up", "look_up", {"variant": "new"})
    assert case.open == ["use_it"]
    assert case.wait("use_it").flags["look_up"] == "yes"
    assert case.cancelled == ["no_data"]


def test_a_task_whose_handler_answers_later_stays_started_until_it_is_finished_from_outside() -> None:
    handlers = Handlers({"look_up": LATER})
    case = Case(bundle(one_service(), declared=ERRORS), handlers=handlers)
    started = case.wait("look_up")
    assert started.kind is WaitKind.SERVICE
    assert started.token == handlers.calls[0].token
    assert not case.move.stuck
    case.finish("look_up", Flag("yes"))
    assert case.open == ["use_it"]
    assert len(handlers.calls) == 1
    with pytest.raises(Declined):
        case.engine.finish(case.process, case.move.state, started.token, Flag("no"), call_handler=handlers)


@pytest.mark.parametrize("at_once", [True, False], ids=["from the handler", "from outside"])
def test_a_business_error_takes_the_way_of_the_boundary_event_on_its_own_task(at_once: bool) -> None:
    answer = BusinessError("NO-DATA")
    case = Case(bundle(one_service(), declared=ERRORS), handlers=Handlers({"look_up": answer if at_once else LATER}))
    if not at_once:
        case.fail("look_up", answer)
    assert case.open == ["ask_again"]
    assert case.cancelled == ["look_up"]
    assert "no_data" in case.completed


@pytest.mark.parametrize("at_once", [True, False], ids=["from the handler", "from outside"])
def test_a_business_error_that_nothing_catches_is_the_handlers_failure(at_once: bool) -> None:
    answer = BusinessError("OTHER")

    def play() -> None:
        handlers = Handlers({"look_up": answer if at_once else LATER})
        case = Case(bundle(one_service(), declared=ERRORS), handlers=handlers)
        case.fail("look_up", answer)

    with pytest.raises(HandlerFailed, match="look_up of the process main met the error OTHER"):
        play()


def test_an_event_that_names_the_error_comes_before_one_that_catches_all() -> None:
    drawing = one_service()
    drawing.node("boundaryEvent", "anything", inner="<bpmn:errorEventDefinition/>", attachedToRef="look_up")
    drawing.end("anything_end")
    drawing.path("anything", "anything_end")
    for code, expected in (("NO-DATA", "no_data"), ("OTHER", "anything")):
        handlers = Handlers({"look_up": BusinessError(code)})
        assert expected in Case(bundle(drawing, declared=ERRORS), handlers=handlers).completed


def test_a_failing_handler_tells_its_name_its_step_and_the_real_error() -> None:
    def handler(call: ServiceCall) -> Flag:
        raise ConnectionError("the register is away")

    with pytest.raises(HandlerFailed, match=r"look_up.*look_up.*ConnectionError: the register is away") as failed:
        Case(bundle(one_service(), declared=ERRORS), handlers=handler)
    assert isinstance(failed.value.__cause__, ConnectionError)


@pytest.mark.parametrize("answer", [None, "yes", Flag(3.5), Flag({"a": 1}), Flag(2**60)])
def test_an_answer_of_another_kind_is_the_handlers_failure(answer: object) -> None:
    with pytest.raises(HandlerFailed, match="look_up"):
        Case(bundle(one_service(), declared=ERRORS), handlers=lambda call: answer)  # type: ignore[arg-type,return-value]


@pytest.mark.parametrize("value", [3.5, ["a"], {"a": 1}, {1}, 2**60, object()])
def test_a_flag_is_a_plain_value(value: object) -> None:
    with pytest.raises(Invalid, match="The flag variant"):
        Case(bundle(one_task()), {"variant": value})


# --- timers and messages -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("working_days(3)", "3 working-days"),
        ("P15D", "P15D"),
        ('"PT10M"', "PT10M"),
        ("working_days(2 if variant == 'renewal' else 5)", "2 working-days"),
    ],
)
def test_a_timer_tells_its_term(term: str, expected: str) -> None:
    case = Case(bundle(watched(term)), {"variant": "renewal"})
    assert case.timers == {"late": expected}
    assert case.wait("late").attached_to == case.wait("check").token


def test_a_term_is_fixed_when_the_wait_begins() -> None:
    drawing = Drawing("main")
    drawing.start()
    drawing.user("check", "long", "short")
    drawing.timer("late", "wait_for_it", "working_days(9 if check == 'long' else 1)")
    drawing.user("wait_for_it")
    drawing.node("parallelGateway", "fork")
    drawing.node("parallelGateway", "join")
    drawing.node("exclusiveGateway", "merge")
    drawing.end()
    drawing.end("late_end")
    drawing.path("begin", "fork", "merge", "check", "more")
    drawing.choice("more", ("merge", "check == 'long'"), ("join", None))
    drawing.path("fork", "wait_for_it", "join", "done")
    drawing.path("late", "late_end")
    case = Case(bundle(drawing))
    assert case.timers == {"late": "1 working-days"}
    token = case.wait("late").token
    case.complete("check", "long")
    assert case.timers == {"late": "1 working-days"}
    assert case.wait("late").token == token


def test_an_interrupting_timer_takes_the_task_away() -> None:
    case = Case(bundle(watched("PT10M")))
    task = case.wait("check").token
    case.fire("late")
    assert case.open == ["explain"]
    assert case.cancelled == ["check"]
    with pytest.raises(Declined):
        case._after(case.engine.complete, task, "ok")


def test_a_reminder_leaves_the_task_and_comes_once() -> None:
    case = Case(bundle(watched("PT10M", interrupting=False)))
    fired = case.wait("late").token
    case.fire("late")
    assert case.open == ["check", "explain"]
    assert case.timers == {}
    with pytest.raises(Declined, match=fired):
        case._after(case.engine.fire, fired)
    case.complete("explain")
    assert not case.move.finished
    case.complete("check", "ok")
    assert case.move.finished


def test_a_cycle_waits_again_until_it_is_used_up() -> None:
    case = Case(bundle(watched("R3/P1D", interrupting=False, tag="timeCycle")))
    tokens = []
    for _ in range(3):
        assert case.timers == {"late": "P1D"}
        tokens.append(case.wait("late").token)
        case.fire("late")
    assert case.timers == {}
    assert len(set(tokens)) == 3
    assert case.open == ["check", "explain", "explain", "explain"]


def test_an_endless_cycle_ends_with_its_task() -> None:
    case = Case(bundle(watched("R/P1D", interrupting=False, tag="timeCycle")))
    for _ in range(5):
        case.fire("late")
    assert case.timers == {"late": "P1D"}
    case.complete("check", "ok")
    assert case.timers == {}


def test_of_several_events_the_first_to_come_wins() -> None:
    message = '<bpmn:messageEventDefinition messageRef="Paid"/>'
    drawing = Drawing("main")
    drawing.start()
    drawing.node("eventBasedGateway", "either")
    drawing.node("intermediateCatchEvent", "paid", inner=message)
    drawing.node("intermediateCatchEvent", "soon", inner=timer("P1D"))
    drawing.node("intermediateCatchEvent", "never_paid", inner=timer("working_days(10)"))
    drawing.user("issue")
    drawing.end()
    drawing.end("unpaid")
    drawing.end("reminded")
    drawing.path("begin", "either", "paid", "issue", "done")
    drawing.path("either", "soon", "reminded")
    drawing.path("either", "never_paid", "unpaid")
    case = Case(bundle(drawing, declared='<bpmn:message id="Paid" name="payment"/>'))
    assert case.timers == {"soon": "P1D", "never_paid": "10 working-days"}
    wait = case.wait("paid")
    assert (wait.kind, wait.name, wait.attached_to) == (WaitKind.MESSAGE, "payment", None)
    case.correlate("paid")
    assert case.open == ["issue"]
    assert case.timers == {}
    assert sorted(case.cancelled) == ["never_paid", "soon"]


def test_a_message_may_come_again_to_an_activity_it_does_not_interrupt() -> None:
    drawing = one_task("ok")
    drawing.boundary("asked", "check", '<bpmn:messageEventDefinition messageRef="Asked"/>', interrupting=False)
    drawing.user("answer")
    drawing.end("answered")
    drawing.path("asked", "answer", "answered")
    case = Case(bundle(drawing, declared='<bpmn:message id="Asked" name="question"/>'))
    case.correlate("asked")
    case.correlate("asked")
    assert case.open == ["answer", "answer", "check"]


# --- scopes and repetition -----------------------------------------------------------------------------------------


def test_each_instance_has_its_own_flags_and_the_activity_collects_them() -> None:
    inside = Drawing("inside")
    inside.start("inside_begin")
    inside.user("opinion", "for", "against")
    inside.user("grounds")
    inside.end("inside_end")
    inside.end("inside_ended")
    inside.path("inside_begin", "opinion", "why")
    inside.choice("why", ("grounds", "opinion == 'against'"), ("inside_end", None))
    inside.path("grounds", "inside_ended")
    drawing = Drawing("main")
    drawing.start()
    drawing.embed("agree", inside, loop=instances("3"))
    drawing.user("sum_up")
    drawing.end()
    drawing.path("begin", "agree", "sum_up", "done")
    case = Case(bundle(drawing))
    assert [wait.flags["loopCounter"] for wait in case.move.waits] == [1, 2, 3]
    case.complete("opinion", "against", number=1)
    case.complete("opinion", "for", number=0)
    # The third body has said nothing yet: what the others said is not in its flags.
    assert case.wait("opinion").flags == {"loopCounter": 3}
    assert case.wait("grounds").flags == {"loopCounter": 2, "opinion": "against"}
    case.complete("opinion", "for")
    case.complete("grounds")
    assert case.open == ["sum_up"]
    assert case.completed[-1] == "agree"


def test_instances_one_by_one_and_enough_of_them() -> None:
    drawing = Drawing("main")
    drawing.start()
    drawing.user("opinion", "for", "against", inner=instances("size", sequential=True, enough="opinion == 'against'"))
    drawing.end()
    drawing.path("begin", "opinion", "done")
    case = Case(bundle(drawing), {"size": 5})
    for _ in range(2):
        assert case.open == ["opinion"]
        case.complete("opinion", "for")
    case.complete("opinion", "against")
    assert case.move.finished
    assert Case(bundle(drawing), {"size": 0}).move.finished


@pytest.mark.parametrize("size", [-1, 501, "three", True, None])
def test_a_senseless_number_of_instances_is_told(size: object) -> None:
    drawing = Drawing("main")
    drawing.start()
    drawing.user("opinion", inner=instances("size"))
    drawing.end()
    drawing.path("begin", "opinion", "done")
    with pytest.raises(ProcessFailed, match="opinion of the process main needs a number of instances from 0 to 500"):
        Case(bundle(drawing), {"size": size})


def test_a_standard_loop_goes_on_while_its_condition_holds() -> None:
    loop = (
        '<bpmn:standardLoopCharacteristics testBefore="{}" loopMaximum="3">'
        "<bpmn:loopCondition>check != 'ok'</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"
    )
    drawing = Drawing("main")
    drawing.start()
    drawing.user("check", "ok", "again", inner=loop.format("false"))
    drawing.end()
    drawing.path("begin", "check", "done")
    case = Case(bundle(drawing))
    case.complete("check", "again")
    assert case.wait("check").flags["loopCounter"] == 2
    case.complete("check", "ok")
    assert case.move.finished
    case = Case(bundle(drawing))
    for _ in range(3):
        case.complete("check", "again")
    assert case.move.finished
    drawing.nodes = [each.replace('testBefore="false"', 'testBefore="true"') for each in drawing.nodes]
    drawing.nodes = [each.replace("check != 'ok'", "variant == 'new'") for each in drawing.nodes]
    assert Case(bundle(drawing), {"variant": "renewal"}).move.finished
    assert not Case(bundle(drawing), {"variant": "new"}).move.finished


def test_what_was_decided_inside_a_scope_is_known_outside_however_it_ends() -> None:
    inside = Drawing("inside")
    inside.start("inside_begin")
    inside.user("decide", "grant", "refuse")
    inside.end("inside_end")
    inside.end("inside_refused", caught("Refused"))
    inside.path("inside_begin", "decide", "way")
    inside.choice("way", ("inside_refused", "decide == 'refuse'"), ("inside_end", None))
    drawing = Drawing("main")
    drawing.start()
    drawing.embed("work", inside)
    drawing.boundary("refused", "work", caught("Refused"))
    drawing.user("letter")
    drawing.end()
    drawing.end("sent")
    drawing.path("begin", "work", "done")
    drawing.path("refused", "letter", "sent")
    case = Case(bundle(drawing, declared=ERRORS))
    case.complete("decide", "refuse")
    assert case.open == ["letter"]
    assert case.wait("letter").flags == {"decide": "refuse"}
    # In order: the error end is reached, its activity is ended, the boundary event goes on.
    assert case.completed == ["decide", "way", "inside_refused", "refused"]
    assert case.cancelled == ["work"]


def test_what_instances_decided_stays_decided_when_a_timer_ends_the_activity() -> None:
    drawing = Drawing("main")
    drawing.start()
    drawing.user("opinion", "for", "against", inner=instances("2"))
    drawing.timer("late", "opinion", "working_days(5)")
    drawing.user("go_on")
    drawing.end()
    drawing.end("late_end")
    drawing.path("begin", "opinion", "done")
    drawing.path("late", "go_on", "late_end")
    case = Case(bundle(drawing))
    case.complete("opinion", "against")
    case.fire("late")
    assert case.cancelled == ["opinion"]
    assert case.wait("go_on").flags == {"opinion": "against"}


def test_an_error_always_interrupts_whatever_its_event_is_marked_with() -> None:
    drawing = one_service()
    drawing.nodes = [each.replace('cancelActivity="true"', 'cancelActivity="false"') for each in drawing.nodes]
    handlers = Handlers({"look_up": BusinessError("NO-DATA")})
    case = Case(bundle(drawing, declared=ERRORS), handlers=handlers)
    assert case.open == ["ask_again"]
    assert case.cancelled == ["look_up"]


def test_an_escalation_reaches_the_activity_around_and_leaves_it_running() -> None:
    escalation = '<bpmn:escalationEventDefinition escalationRef="Alarm"/>'
    inside = Drawing("inside")
    inside.start("inside_begin")
    inside.node("intermediateThrowEvent", "alarm", inner=escalation)
    inside.user("work")
    inside.end("inside_end")
    inside.path("inside_begin", "alarm", "work", "inside_end")
    for interrupting, expected in ((False, ["look", "work"]), (True, ["look"])):
        drawing = Drawing("main")
        drawing.start()
        drawing.embed("scope", inside)
        drawing.boundary("alarmed", "scope", escalation, interrupting=interrupting)
        drawing.user("look")
        drawing.end()
        drawing.end("looked")
        drawing.path("begin", "scope", "done")
        drawing.path("alarmed", "look", "looked")
        case = Case(bundle(drawing, declared='<bpmn:escalation id="Alarm" escalationCode="A"/>'))
        assert case.open == expected


def test_a_terminating_end_ends_its_scope_alone() -> None:
    inside = Drawing("inside")
    inside.start("inside_begin")
    inside.node("parallelGateway", "inside_fork")
    inside.user("stop")
    inside.user("never")
    inside.end("inside_stop", "<bpmn:terminateEventDefinition/>")
    inside.end("inside_end")
    inside.path("inside_begin", "inside_fork", "stop", "inside_stop")
    inside.path("inside_fork", "never", "inside_end")
    drawing = Drawing("main")
    drawing.start()
    drawing.embed("scope", inside)
    drawing.user("after")
    drawing.end()
    drawing.path("begin", "scope", "after", "done")
    case = Case(bundle(drawing))
    case.complete("stop")
    assert case.open == ["after"]
    assert case.cancelled == ["never"]


@pytest.mark.parametrize("order", [("stays", "leaves"), ("leaves", "stays")])
def test_an_inclusive_join_goes_on_when_what_it_waited_for_ends_elsewhere(order: tuple[str, str]) -> None:
    drawing = Drawing("main")
    drawing.start()
    drawing.end("nobody")
    drawing.choice("split", ("stays", "True"), ("leaves", "True"), ("nobody", None), tag="inclusiveGateway")
    drawing.user("stays")
    drawing.user("leaves", "join", "end")
    drawing.end("left")
    drawing.node("inclusiveGateway", "join")
    drawing.user("after")
    drawing.end()
    drawing.path("begin", "split")
    drawing.path("stays", "join", "after", "done")
    drawing.flow("leaves", "way")
    drawing.choice("way", ("left", "leaves == 'end'"), ("join", None))
    case = Case(bundle(drawing))
    for element in order:
        assert "after" not in case.open
        case.complete(element, "end" if element == "leaves" else None)
    assert case.open == ["after"]


def test_called_processes_are_found_in_their_own_files() -> None:
    called = Drawing("shared_check")
    called.start("shared_begin")
    called.user("shared_task")
    called.end("shared_end")
    called.path("shared_begin", "shared_task", "shared_end")
    drawing = Drawing("main")
    drawing.start()
    drawing.call("ask", "shared_check")
    drawing.end()
    drawing.path("begin", "ask", "done")
    case = Case(bundle(drawing, called))
    wait = case.wait("shared_task")
    assert wait.process == "shared_check"
    assert case.process.element(wait).id == "shared_task"
    case.complete("shared_task")
    assert case.move.finished
    assert case.completed == ["shared_task", "shared_end", "ask", "done"]


# --- when a case cannot go on --------------------------------------------------------------------------------------


def test_a_loop_without_a_wait_is_stopped_by_name() -> None:
    drawing = Drawing("main")
    drawing.start()
    drawing.node("exclusiveGateway", "merge")
    drawing.service("again")
    drawing.end()
    drawing.path("begin", "merge", "again", "way")
    drawing.choice("way", ("done", "again == 'no'"), ("merge", None))
    with pytest.raises(ProcessFailed, match=r"process main took more than 1000 automatic steps.* at (merge|again|way)"):
        Case(bundle(drawing))


def test_a_flood_of_tokens_is_stopped_by_name() -> None:
    drawing = Drawing("main")
    drawing.start()
    drawing.user("more")
    drawing.node("exclusiveGateway", "merge")
    drawing.node("parallelGateway", "fork")
    drawing.user("other", inner=instances("150"))
    drawing.end()
    drawing.path("begin", "merge", "more", "fork", "other", "done")
    drawing.flow("fork", "merge")
    case = Case(bundle(drawing))
    for _ in range(3):
        case.complete("more")
    before = case.move
    with pytest.raises(ProcessFailed, match=r"process main has more than 500 tokens at once, the last at (other|more)"):
        case.complete("more")
    assert case.move == before


def test_a_choice_without_a_way_is_told() -> None:
    drawing = one_task("yes", "no")
    drawing.nodes = [each.replace('targetRef="done"', 'targetRef="way"') for each in drawing.nodes]
    drawing.node("exclusiveGateway", "way")
    drawing.end("other")
    drawing.flow("way", "done", "check == 'yes'")
    drawing.flow("way", "other", "check == 'maybe'")
    case = Case(bundle(drawing))
    with pytest.raises(ProcessFailed, match="process main cannot go on at way: no condition holds"):
        case.complete("check", "no")


def test_a_flag_not_set_yet_reads_as_nothing_and_an_unknown_name_is_an_error() -> None:
    def asking(name: str) -> Bundle:
        drawing = one_task("ok")
        drawing.nodes = [each.replace('targetRef="check"', 'targetRef="way"') for each in drawing.nodes]
        drawing.choice("way", ("done", f"{name} == 'ok'"), ("check", None))
        return bundle(drawing)

    assert Case(asking("check")).open == ["check"]
    with pytest.raises(ProcessFailed, match=r"at way: .*chek"):
        Case(asking("chek"))


def test_an_end_by_an_error_that_nothing_catches_is_told() -> None:
    drawing = one_task()
    drawing.nodes = [each for each in drawing.nodes if "endEvent" not in each]
    drawing.end("done", caught("Refused"))
    case = Case(bundle(drawing, declared=ERRORS))
    with pytest.raises(ProcessFailed, match="process main ended at done with the error REFUSED"):
        case.complete("check")


def test_a_case_that_waits_for_nothing_is_stuck() -> None:
    drawing = Drawing("main")  # only one of the two ways is taken, the join waits for both
    drawing.start()
    drawing.choice("way", ("join", None), ("other", "case_id == '2'"))
    drawing.node("exclusiveGateway", "other")
    drawing.node("parallelGateway", "join")
    drawing.end()
    drawing.path("begin", "way")
    drawing.path("other", "join", "done")
    assert Case(bundle(drawing), {"case_id": "1"}).move.stuck


def test_a_process_in_two_files_is_refused() -> None:
    sample = bundle(one_task())
    doubled = Bundle("sample", {**sample.files, "shared/again.bpmn": diagram(one_task())})
    with pytest.raises(Invalid):
        Engine().load(doubled)
