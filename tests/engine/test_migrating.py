"""A running case's state carried over to another version: everything keeps its name, or the reason is told."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.moves import LATER, Bundle, Flag, Move, PassedHow
from app.engine import Engine, Migration, NotMigrated
from tests.engine.families import FAMILIES, Drawing, Family, bundle, instances
from tests.engine.played import Case, Handlers
from tests.engine.test_contract_walks import Handlers as DrawnLots
from tests.engine.test_contract_walks import choose, move_saved

Elements = dict[tuple[str, str], tuple[str, str]]


def moved(case: Case, bundle: Bundle, elements: Elements | None = None) -> Move | NotMigrated:
    """The case goes on in the other version, if it can."""
    new = case.engine.load(bundle)
    found = Migration(case.process, new, elements or {}).carry(case.move.state)
    if isinstance(found, Move):
        case.process, case.move = new, found
    return found


def reasons(found: Move | NotMigrated) -> list[str]:
    assert isinstance(found, NotMigrated)
    return [each.template for each in found.reasons]


def steps(*names: str, inner: dict[str, str] | None = None, after: Callable[[Drawing], None] | None = None) -> Bundle:
    """User tasks one after the other; each ends with ok or no."""
    drawing = Drawing("main")
    drawing.start()
    for name in names:
        drawing.user(name, "ok", "no", inner=(inner or {}).get(name, ""))
    drawing.end()
    drawing.path("begin", *names, "done")
    if after is not None:
        after(drawing)
    return bundle(drawing)


def late(on: str = "check", term: str = "3 working-days", *, name: str = "late", interrupting: bool = False):
    def draw(drawing: Drawing) -> None:
        drawing.timer(name, on, f"'{term}'", interrupting=interrupting)
        drawing.user(f"explain_{name}")
        drawing.end(f"explained_{name}")
        drawing.path(name, f"explain_{name}", f"explained_{name}")

    return draw


# --- the same version -----------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(family=st.sampled_from(FAMILIES), seed=st.integers(0, 10_000), length=st.integers(0, 20))
def test_to_the_same_version_a_case_goes_on_as_though_nothing_had_been(family: Family, seed: int, length: int) -> None:
    """Moved after every step of a random walk, it waits for the same, by the same tokens, and passes the same."""
    bundle, name = family.build(random.Random(seed)), f"{seed}"
    process, again = Engine().load(bundle), Engine().load(bundle)
    migration = Migration(process, again, {})
    dice = random.Random(name)
    stayed = moving = Engine().start(process, {"size": dice.randint(0, 3)}, call_handler=DrawnLots(name))
    handlers, others = DrawnLots(name), DrawnLots(name)
    for _ in range(length):
        if stayed.finished:
            break
        carried = migration.carry(moving.state)
        assert isinstance(carried, Move), carried
        assert _by_token(carried) == _by_token(stayed)
        choice = choose(stayed.waits, process, dice)
        stayed = move_saved(process, stayed.state, choice, handlers)
        moving = move_saved(again, carried.state, choice, others)
        assert _passed(moving) == _passed(stayed)
        assert moving.finished == stayed.finished


def _by_token(move: Move) -> dict[str, object]:
    return {wait.token: wait for wait in move.waits}


def _passed(move: Move) -> list[tuple[str, PassedHow]]:
    """Which events watch an activity in which order is not kept, so what is cancelled with it has no order."""
    done = [(each.token, each.how) for each in move.passed if each.how is PassedHow.COMPLETED]
    return done + sorted((each.token, each.how) for each in move.passed if each.how is PassedHow.CANCELLED)


# --- steps added, renamed, gone ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("new", "way"),
    [
        (("check", "sign", "archive"), ["sign", "archive"]),  # after what comes next
        (("check", "agree", "sign"), ["agree", "sign"]),  # right after the open step
        (("agree", "check", "sign"), ["sign"]),  # before it: what is passed is not done again
    ],
)
def test_a_step_may_be_added_before_or_after_the_open_one(new: tuple[str, ...], way: list[str]) -> None:
    case = Case(steps("check", "sign"))
    token = case.wait("check").token
    assert isinstance(moved(case, steps(*new)), Move)
    assert case.wait("check").token == token
    case.complete("check", "ok")
    for name in way:
        assert case.open == [name]
        case.complete(name, "ok")
    assert case.move.finished


def test_an_open_step_that_is_gone_is_a_reason_and_one_that_is_mapped_goes_on_under_its_new_name() -> None:
    case = Case(steps("check", "sign"))
    token = case.wait("check").token
    assert reasons(moved(case, steps("verify", "sign"))) == ["“%(step)s” stands open and is not in the new version."]
    assert isinstance(moved(case, steps("verify", "sign"), {("main", "check"): ("main", "verify")}), Move)
    assert case.wait("verify").token == token


def test_a_step_that_is_done_may_be_gone_and_its_outcome_is_read_under_its_new_name() -> None:
    def choosing(checked: str) -> Bundle:
        drawing = Drawing("main")
        drawing.start()
        drawing.user(checked, "ok", "no")
        for name in ("ask", "sign", "reject"):
            drawing.user(name)
        drawing.end()
        drawing.path("begin", checked, "ask", "fine")
        drawing.choice("fine", ("sign", f"{checked} == 'ok'"), ("reject", None))
        drawing.node("exclusiveGateway", "meet")
        drawing.path("sign", "meet", "done")
        drawing.flow("reject", "meet")
        return bundle(drawing)

    case = Case(choosing("check"))
    case.complete("check", "ok")
    assert isinstance(moved(case, choosing("verify"), {("main", "check"): ("main", "verify")}), Move)
    case.complete("ask")
    assert case.open == ["sign"]


def test_an_outcome_the_new_version_does_not_know_is_a_reason() -> None:
    def ending(*outcomes: str) -> Bundle:
        drawing = Drawing("main")
        drawing.start()
        drawing.user("check", *outcomes)
        drawing.user("sign")
        drawing.end()
        drawing.path("begin", "check", "sign", "done")
        return bundle(drawing)

    case = Case(ending("ok", "no"))
    case.complete("check", "ok")
    assert reasons(moved(case, ending("good", "no"))) == [
        "“%(step)s” ended with “%(outcome)s”, which the new version does not know."
    ]


def test_a_step_of_another_kind_or_drawn_elsewhere_is_a_reason() -> None:
    case = Case(steps("check"))
    other = Drawing("main")
    other.start()
    other.service("check")
    other.end()
    other.path("begin", "check", "done")
    assert reasons(moved(case, bundle(other))) == ["“%(step)s” stands open and is another kind of element in the new version."]
    inside = Drawing("inside")
    inside.start("in")
    inside.user("check")
    inside.end("out")
    inside.path("in", "check", "out")
    around = Drawing("main")
    around.start()
    around.embed("part", inside)
    around.end()
    around.path("begin", "part", "done")
    assert reasons(moved(case, bundle(around))) == [
        "“%(step)s” stands open and is drawn in another process or subprocess in the new version."
    ]
    back = Case(bundle(around))
    assert "“%(step)s” stands open and is not in the new version." in reasons(moved(back, steps("check")))


# --- events on activities ---------------------------------------------------------------------------------------------


def test_an_event_the_new_version_attaches_begins_to_wait_and_one_it_takes_away_waits_no_more() -> None:
    case = Case(steps("check"))
    token = case.wait("check").token
    moved(case, steps("check", after=late()))
    assert case.timers == {"late": "3 working-days"}
    assert case.wait("late").attached_to == case.wait("check").token == token
    case.fire("late")
    assert case.open == ["check", "explain_late"]
    case.complete("explain_late")
    moved(case, steps("check"))
    assert case.timers == {}
    case.complete("check", "ok")
    assert case.move.finished


def test_an_event_that_is_in_both_versions_keeps_its_name_and_takes_the_new_term() -> None:
    case = Case(steps("check", after=late()))
    before = case.wait("late")
    moved(case, steps("check", after=late(term="5 working-days")))
    assert (case.wait("late").token, case.wait("late").term) == (before.token, "5 working-days")
    case.complete("check", "ok")
    assert case.cancelled == ["late"]


def test_an_event_that_has_gone_off_does_not_begin_again() -> None:
    case = Case(steps("check", after=late()))
    case.fire("late")
    assert isinstance(moved(case, steps("check", after=late())), Move)
    assert case.timers == {}
    assert case.open == ["check", "explain_late"]


def test_an_interrupting_event_attached_anew_takes_the_activity_away() -> None:
    case = Case(steps("check"))
    moved(case, steps("check", after=late(interrupting=True)))
    assert case.wait("late").interrupts
    case.fire("late")
    assert case.open == ["explain_late"]


# --- joins ------------------------------------------------------------------------------------------------------------


def block(*branches: tuple[str, ...], gateway: str = "parallelGateway") -> Bundle:
    drawing = Drawing("main")
    drawing.start()
    drawing.node(gateway, "fork")
    drawing.node(gateway, "join")
    for branch in branches:
        for name in branch:
            drawing.user(name)
        drawing.path("fork", *branch, "join")
    drawing.user("sign")
    drawing.end()
    drawing.flow("begin", "fork")
    drawing.path("join", "sign", "done")
    return bundle(drawing)


def test_a_token_at_a_join_goes_on_when_the_others_have_come() -> None:
    case = Case(block(("one",), ("two",)))
    case.complete("one")
    assert isinstance(moved(case, block(("one",), ("two", "three"))), Move)
    case.complete("two")
    case.complete("three")
    assert case.open == ["sign"]


def test_a_token_at_a_join_to_which_its_flow_leads_no_more_is_a_reason() -> None:
    case = Case(block(("one",), ("two",)))
    case.complete("one")
    assert reasons(moved(case, block(("one", "more"), ("two",)))) == [
        "A token waits at “%(step)s”, and in the new version no flow comes there from where it came."
    ]


@pytest.mark.parametrize("done", [0, 1])
def test_a_branch_added_beside_running_ones_would_never_come_to_the_join_and_is_a_reason(done: int) -> None:
    case = Case(block(("one",), ("two",)))
    if done:
        case.complete("one")
    assert reasons(moved(case, block(("one",), ("two",), ("three",)))) == [
        "In the new version the case could come to a halt at “%(step)s”."
    ]


# --- repeated activities, called processes, calls to the outside ---------------------------------------------------------


def test_instances_go_on_in_the_same_repetition_and_not_in_another() -> None:
    def agreeing(count: str, *, sequential: bool = False) -> Bundle:
        return steps("agree", "sign", inner={"agree": instances(count, sequential=sequential)})

    case = Case(agreeing("3"))
    case.complete("agree", "ok")
    assert reasons(moved(case, agreeing("3", sequential=True))) == [
        "“%(step)s” stands open and is repeated otherwise in the new version."
    ]
    assert isinstance(moved(case, steps("agree", "more", "sign", inner={"agree": instances("3")})), Move)
    assert [wait.instance for wait in case.move.waits] == [2, 3]
    case.complete("agree", "ok")
    case.complete("agree", "no")
    assert case.open == ["more"]


def test_a_called_process_may_be_exchanged_for_another_one_step_by_step() -> None:
    def calling(called: str, step: str) -> Bundle:
        inner = Drawing(called)
        inner.start("in")
        inner.user(step)
        inner.user("second")
        inner.end("out")
        inner.path("in", step, "second", "out")
        main = Drawing("main")
        main.start()
        main.call("part", called)
        main.end()
        main.path("begin", "part", "done")
        return bundle(main, inner)

    case = Case(calling("signing", "first"))
    assert reasons(moved(case, calling("sealing", "begin_sealing")))
    assert isinstance(moved(case, calling("sealing", "stamp"), {("signing", "first"): ("sealing", "stamp")}), Move)
    assert case.wait("stamp").process == "sealing"
    case.complete("stamp")
    case.complete("second")
    assert case.move.finished


def test_a_call_that_waits_for_its_answer_must_call_the_same() -> None:
    def looking(handler: str) -> Bundle:
        drawing = Drawing("main")
        drawing.start()
        drawing.service("look", handler)
        drawing.end()
        drawing.path("begin", "look", "done")
        return bundle(drawing)

    case = Case(looking("register"), handlers=Handlers({"register": LATER}))
    assert reasons(moved(case, looking("other"))) == [
        "“%(step)s” waits for an answer and calls another handler in the new version."
    ]
    moved(case, looking("register"))
    case.finish("look", Flag("found"))
    assert case.move.finished


def test_a_case_that_has_ended_is_not_moved() -> None:
    case = Case(steps("check"))
    case.complete("check", "ok")
    assert reasons(moved(case, steps("check", "sign"))) == ["The case has ended."]
