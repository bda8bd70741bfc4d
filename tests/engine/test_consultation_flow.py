"""Asking many bodies at once, as the engine plays it: a service task counts them, a task is repeated, a timer ends the wait."""

from __future__ import annotations

import pytest

from app.domain.errors import Declined
from app.domain.moves import Bundle, Flag, WaitKind
from app.engine.lint import lint
from app.engine.soundness import soundness
from tests.engine.drawing import STEP, boundary, bundle, end, extended, flow, gateway, path, service, start, timer, user
from tests.engine.played import Case, Handlers

REPLIES = '<rasim:outcome ref="agree" kk="келісілді"/><rasim:outcome ref="disagree" kk="келісілмеді"/>'


def reply(cardinality: str = "count") -> str:
    repeated = (
        f"<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>{cardinality}</bpmn:loopCardinality>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    extensions = f'{STEP}<rasim:role name="agreeing_body"/>{REPLIES}'
    return f'<bpmn:userTask id="reply" name="жауап">{extended(extensions)}{repeated}</bpmn:userTask>'


def consultation(cardinality: str = "count") -> Bundle:
    """count → reply (as often as counted, at most 2 working days) → merge → sum up → agreed or not."""
    return bundle(
        *(start(), service("count", "count_bodies"), reply(cardinality)),
        *(boundary("silence", "reply", timer("working_days(2)")), gateway("exclusive", "heard")),
        *(service("sum_up", "sum_up_replies"), gateway("exclusive", "agreed", "agreed_issue")),
        *(user("issue"), user("refuse"), end(), end("refused")),
        *(path("begin", "count", "reply", "heard", "sum_up", "agreed", "issue", "finish"), flow("silence", "heard")),
        *(flow("agreed", "refuse", "sum_up == 'negative'"), flow("refuse", "refused")),
    )


def opened(bodies: int) -> Case:
    return Case(consultation(), handlers=Handlers({"count_bodies": Flag(bodies), "sum_up_replies": Flag("positive")}))


def instances(case: Case) -> list[int | None]:
    return [wait.instance for wait in case.move.waits if wait.element == "reply"]


def test_such_a_diagram_is_accepted_and_sound() -> None:
    drawn = consultation()
    assert [str(each) for each in lint(drawn, handlers={"count_bodies", "sum_up_replies"})] == []
    assert [str(each) for each in soundness(drawn)] == []


def test_a_number_of_instances_that_nothing_sets_is_found() -> None:
    assert [(each.code, each.place) for each in lint(consultation("counted"))] == [("bpmn-expression-name", "reply")]


def test_each_body_has_a_wait_of_its_own_that_says_which_instance_it_is() -> None:
    case = opened(3)
    assert instances(case) == [1, 2, 3]
    case.complete("reply", "agree", number=1)
    assert instances(case) == [1, 3]
    assert instances(Case(consultation("2"))) == [1, 2]


def test_what_is_not_repeated_is_no_instance() -> None:
    case = opened(1)
    case.complete("reply", "agree")
    assert case.wait("issue").instance is None


def test_when_the_last_body_has_replied_the_case_goes_on_and_the_timer_is_gone() -> None:
    case = opened(2)
    assert case.timers == {"silence": "2 working-days"}
    case.complete("reply", "agree", number=1)
    assert case.timers == {"silence": "2 working-days"}
    case.complete("reply", "disagree")
    assert (case.open, case.timers) == (["issue"], {})


def test_silence_takes_the_remaining_waits_away() -> None:
    case = opened(3)
    case.complete("reply", "agree", number=0)
    late = case.wait("reply").token
    case.fire("silence")
    assert case.open == ["issue"]
    assert all(wait.kind is WaitKind.USER_TASK for wait in case.move.waits)
    with pytest.raises(Declined):  # a reply that comes after it
        case.engine.complete(case.process, case.move.state, late, "agree", call_handler=case.handlers)


def test_with_nobody_to_ask_the_case_goes_straight_on_and_no_timer_runs() -> None:
    case = opened(0)
    assert (case.open, case.timers) == (["issue"], {})


def test_the_diagram_says_how_often_a_task_is_repeated_and_what_comes_before_what() -> None:
    process = opened(2).process
    assert process.elements["main", "reply"].instances == "count"
    assert process.elements["main", "issue"].instances is None
    assert process.follows["main", "silence"] == ("reply",)
    assert sorted(process.follows["main", "heard"]) == ["reply", "silence"]
