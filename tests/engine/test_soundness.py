"""Soundness: plays of the diagram that stop, never end, run twice or never pause are found; sound ones are left alone."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import pytest

from app.domain.moves import Bundle, Severity
from app.engine.lint import lint, read_diagrams
from app.engine.playing import Marking, Net
from app.engine.reducing import reduced
from app.engine.soundness import MAX_MARKINGS, Exploration, played_through, soundness
from tests.engine.drawing import (
    ERROR,
    MESSAGE,
    ROOTS,
    activity,
    boundary,
    bundle,
    call,
    catch,
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

TERMINATE = "<bpmn:terminateEventDefinition/>"


def told(drawn: Bundle) -> list[tuple[str, str]]:
    return [(finding.code, finding.place) for finding in soundness(drawn)]


def block(opening: str, closing: str, *, more: str = "", default: str | None = None) -> Bundle:
    """begin → fork → a, b → join → finish."""
    conditions = opening in ("exclusive", "inclusive")
    second = flow("fork", "b", "variant == 'new'") if conditions else flow("fork", "b")
    return bundle(
        *(start(), gateway(opening, "fork", "fork_a" if conditions else default), user("a"), user("b")),
        *(gateway(closing, "join"), end(), path("begin", "fork", "a", "join", "finish"), second, path("b", "join"), more),
    )


def looped(kind: str) -> Bundle:
    """A block inside a loop of rework: begin → merge → fork → a, b → join → review → again? → merge | finish."""
    conditions = kind in ("exclusive", "inclusive")
    return bundle(
        *(start(), gateway("exclusive", "merge"), gateway(kind, "fork", "fork_a" if conditions else None)),
        *(user("a"), user("b"), gateway(kind, "join"), user("review"), gateway("exclusive", "again", "again_finish"), end()),
        path("begin", "merge", "fork", "a", "join", "review", "again", "finish"),
        flow("fork", "b", "variant == 'new'" if conditions else None),
        path("b", "join"),
        flow("again", "merge", "review == 'no'"),
    )


REMINDED = bundle(
    *(start(), user("a"), boundary("late", "a", timer("P1D"), False), service("remind"), end()),
    *(path("begin", "a", "finish"), path("late", "remind", "finish")),
)
EVENTS = bundle(
    *(start(), gateway("eventBased", "g"), catch("c", timer("P1D")), catch("m", MESSAGE), gateway("exclusive", "j"), end()),
    *(path("begin", "g", "c", "j", "finish"), path("g", "m", "j")),
    roots=ROOTS,
)
RETRIED_LATER = bundle(
    *(start(), gateway("exclusive", "merge"), service("s"), boundary("broken_off", "s", ERROR), catch("c", timer("PT1H")), end()),
    *(path("begin", "merge", "s", "finish"), path("broken_off", "c", "merge")),
    roots=ROOTS,
)
STOPPED_EARLY = bundle(
    *(start(), gateway("parallel", "fork"), user("a"), user("b"), end(), end("over", TERMINATE)),
    *(path("begin", "fork", "a", "finish"), path("fork", "b", "over")),
)
TERMINATED_OUT_OF_A_JOIN = bundle(
    *(start(), gateway("parallel", "fork"), user("a"), user("b"), gateway("exclusive", "choice", "choice_over")),
    *(gateway("parallel", "join"), end(), end("over", TERMINATE)),
    *(path("begin", "fork", "a", "join", "finish"), path("fork", "b", "choice", "over")),
    flow("choice", "join", "b == 'yes'"),
)


@pytest.mark.parametrize(
    "drawn",
    [
        block("exclusive", "exclusive"),
        block("parallel", "parallel"),
        block("inclusive", "inclusive"),
        looped("exclusive"),
        looped("parallel"),
        looped("inclusive"),
        REMINDED,
        EVENTS,
        RETRIED_LATER,
        STOPPED_EARLY,
        TERMINATED_OUT_OF_A_JOIN,
    ],
)
def test_a_sound_diagram_has_no_finding(drawn: Bundle) -> None:
    assert [str(finding) for finding in lint(drawn)] == []
    assert [str(finding) for finding in soundness(drawn)] == []


def test_a_parallel_join_after_a_choice_waits_for_ever() -> None:
    drawn = block("exclusive", "parallel")
    assert told(drawn) == [("bpmn-deadlock", "join")]
    # The shortest way there: the gateway sent the token to a, so nothing ever comes from b.
    assert str(soundness(drawn)[0]).endswith("nothing can come from b. It happens after: begin → fork → a")


def test_a_parallel_join_after_an_inclusive_choice_waits_for_ever() -> None:
    assert told(block("inclusive", "parallel")) == [("bpmn-deadlock", "join")]


@pytest.mark.parametrize("opening", ["parallel", "inclusive"])
def test_branches_that_only_merge_run_on_twice(opening: str) -> None:
    drawn = bundle(
        *(start(), gateway(opening, "fork", "fork_a" if opening == "inclusive" else None), user("a"), user("b"), user("c")),
        *(gateway("exclusive", "merge"), user("d"), end(), path("begin", "fork", "a", "merge", "d", "finish")),
        flow("fork", "b", "variant == 'new'" if opening == "inclusive" else None),
        flow("fork", "c", "variant == 'new'" if opening == "inclusive" else None),
        path("b", "merge"),
        path("c", "merge"),
    )
    assert told(drawn) == [("bpmn-not-joined", "merge")]


def test_a_merge_behind_another_merge_meets_its_tokens_too() -> None:
    # b and c merge at z before a's token comes to y: whichever merge is looked at first, y is found.
    drawn = bundle(
        *(start(), gateway("parallel", "fork"), user("a"), user("b"), gateway("exclusive", "choice", "choice_z")),
        *(gateway("exclusive", "z"), gateway("exclusive", "y"), user("d"), end()),
        *(path("begin", "fork", "a", "y", "d", "finish"), path("fork", "b", "choice", "z", "y")),
        flow("choice", "z2", "variant == 'new'"),
        *(user("z2"), path("z2", "z")),
    )
    assert told(drawn) == [("bpmn-not-joined", "y")]


def test_a_reminder_that_leads_back_into_the_flow_doubles_it() -> None:
    drawn = bundle(
        *(start(), user("a"), boundary("late", "a", timer("P1D"), False), gateway("exclusive", "merge"), user("b"), end()),
        *(path("begin", "a", "merge", "b", "finish"), path("late", "merge")),
    )
    assert told(drawn) == [("bpmn-not-joined", "merge")]


def test_a_join_that_waits_for_what_comes_after_it_never_goes_on() -> None:
    drawn = bundle(
        *(start(), gateway("parallel", "join"), user("a"), gateway("parallel", "fork"), end()),
        *(path("begin", "join", "a", "fork", "finish"), path("fork", "join")),
    )
    assert told(drawn) == [("bpmn-deadlock", "join")]


def test_an_inclusive_join_does_not_wait_for_a_token_that_can_come_where_one_already_is() -> None:
    # BPMN 2.0, 13.4.3: from b a token can still come by b_join, but also by merge_join, where one stands already.
    drawn = bundle(
        *(start(), gateway("parallel", "fork"), user("a"), user("b"), gateway("exclusive", "choice", "choice_merge")),
        *(gateway("exclusive", "merge"), user("c"), gateway("inclusive", "join"), end()),
        *(path("begin", "fork", "a", "merge", "join", "finish"), path("fork", "b", "choice", "merge")),
        *(flow("choice", "c", "b == 'yes'"), path("c", "join")),
    )
    net = Net(read_diagrams(drawn)[0].scopes[0])
    here = ("join", "merge_join")
    assert net.missing("join", (("b",), here)) == []
    assert net.missing("join", (("c",), here)) == ["c_join"]  # past the choice it can come by c_join only
    assert net.missing("join", (here,)) == []


def test_an_inclusive_join_waits_for_a_reminder_that_may_still_come() -> None:
    drawn = bundle(
        *(start(), gateway("parallel", "fork"), user("a"), user("before"), user("b"), boundary("late", "b", timer("P1D"), False)),
        *(gateway("inclusive", "join"), end(), end("other")),
        *(path("begin", "fork", "a", "join", "finish"), path("fork", "before", "b", "other"), path("late", "join")),
    )
    net = Net(read_diagrams(drawn)[0].scopes[0])
    here = ("join", "a_join")
    assert net.missing("join", (("before",), here)) == ["late_join"]
    assert net.missing("join", (("b",), here)) == ["late_join"]
    assert net.missing("join", (("b", "late"), here)) == []  # it has gone off, and comes no second time


def test_a_loop_without_a_way_out_never_ends() -> None:
    drawn = bundle(
        *(start(), gateway("exclusive", "choice", "choice_finish"), gateway("exclusive", "merge"), user("a"), end()),
        *(path("begin", "choice", "finish"), flow("choice", "merge", "variant == 'new'"), path("merge", "a", "merge")),
    )
    assert [code for code, _ in told(drawn)] == ["bpmn-livelock"]


def test_elements_behind_a_join_that_never_fires_are_told_by_the_deadlock_alone() -> None:
    assert [code for code, _ in told(block("exclusive", "parallel"))] == ["bpmn-deadlock"]


@pytest.mark.parametrize(
    ("drawn", "place"),
    [
        (
            bundle(
                *(start(), gateway("exclusive", "merge"), service("s"), gateway("exclusive", "again", "again_finish"), end()),
                *(path("begin", "merge", "s", "again", "finish"), flow("again", "merge", "s == 'no'")),
            ),
            "merge",
        ),
        (
            bundle(
                *(start(), gateway("exclusive", "merge"), service("s"), boundary("broken_off", "s", ERROR), end()),
                *(path("begin", "merge", "s", "finish"), path("broken_off", "merge")),
                roots=ROOTS,
            ),
            "merge",
        ),
    ],
)
def test_a_circle_without_a_pause_is_found(drawn: Bundle, place: str) -> None:
    assert told(drawn) == [("bpmn-automatic-cycle", place)]


@pytest.mark.parametrize(("step", "found"), [(user("c_step"), []), (service("c_step"), [("bpmn-automatic-cycle", "merge")])])
def test_a_called_process_pauses_a_circle_only_if_every_way_through_it_does(step: str, found: list[tuple[str, str]]) -> None:
    called = definitions(process(start("c_in"), step, end("c_out"), path("c_in", "c_step", "c_out"), id_="called"))
    drawn = bundle(
        *(start(), gateway("exclusive", "merge"), call("c", "called"), gateway("exclusive", "again", "again_finish"), end()),
        *(path("begin", "merge", "c", "again", "finish"), flow("again", "merge", "variant == 'new'")),
        called=called,
    )
    assert told(drawn) == found


def test_the_inside_of_a_sub_process_is_played_too() -> None:
    inside = (
        start("inside") + gateway("exclusive", "fork", "fork_a") + user("a") + user("b") + gateway("parallel", "join")
        + end("out") + path("inside", "fork", "a", "join", "out") + flow("fork", "b", "variant == 'new'") + path("b", "join")
    )  # fmt: skip
    drawn = bundle(start(), activity("subProcess", "s", inside), end(), path("begin", "s", "finish"))
    assert told(drawn) == [("bpmn-deadlock", "join")]


def wide(branches: int) -> Bundle:
    """Parallel branches of a choice each, with a watched task: 4 ways through every branch."""
    elements = [
        start(),
        gateway("parallel", "fork"),
        gateway("parallel", "join"),
        end(),
        path("begin", "fork"),
        path("join", "finish"),
    ]
    for n in range(branches):
        elements += [
            *(gateway("exclusive", f"if{n}", f"if{n}_a{n}"), user(f"a{n}"), boundary(f"t{n}", f"a{n}", timer("P1D"))),
            *(user(f"b{n}"), user(f"c{n}"), gateway("exclusive", f"fi{n}")),
            *(path("fork", f"if{n}", f"a{n}", f"fi{n}", "join"), path(f"t{n}", f"c{n}", f"fi{n}"), path(f"b{n}", f"fi{n}")),
            flow(f"if{n}", f"b{n}", "variant == 'new'"),
        ]
    return bundle(*elements)


def test_many_parallel_branches_are_played_in_time() -> None:
    drawn = wide(12)  # every order of the moves would be some 10 ** 10 situations
    began = time.perf_counter()
    assert soundness(drawn) == []
    assert time.perf_counter() - began < 5


def test_a_diagram_too_large_to_play_is_said_to_be_so() -> None:
    crossed = bundle(
        *(start(), gateway("parallel", "fork"), gateway("exclusive", "p", "p_m"), gateway("exclusive", "q", "q_n")),
        *(
            user("m"),
            user("n"),
            user("o"),
            gateway("inclusive", "join"),
            end(),
            path("begin", "fork", "p", "m", "join", "finish"),
        ),
        *(path("fork", "q", "n", "join"), flow("p", "o", "variant == 'new'"), path("o", "join"), flow("q", "join", "1")),
    )
    findings = soundness(crossed, max_markings=4)
    assert [(finding.code, finding.severity) for finding in findings] == [("bpmn-soundness-cut", Severity.WARNING)]


def test_what_cannot_be_read_is_left_to_the_lint() -> None:
    assert soundness(Bundle("test", {"process.bpmn": b"<broken"})) == []


def test_more_tokens_than_anyone_can_follow_are_refused() -> None:
    tasks = [user(f"a{n}") for n in range(101)]
    flows = [path("fork", f"a{n}", "join") for n in range(101)]
    ends = (
        start(),
        gateway("parallel", "fork"),
        gateway("parallel", "join"),
        end(),
        path("begin", "fork"),
        path("join", "finish"),
    )
    assert told(bundle(*ends, *tasks, *flows)) == [("bpmn-soundness-cut", "main")]


def test_a_diagram_of_thousands_of_elements_is_checked_in_time() -> None:
    names = ["begin", *(f"s{n}" for n in range(2500)), "finish"]
    drawn = bundle(start(), *(service(name) for name in names[1:-1]), end(), path(*names))
    began = time.perf_counter()
    assert lint(drawn) == soundness(drawn) == []
    assert time.perf_counter() - began < 5


class _EveryOrder(Exploration):
    """Tries every order of all moves."""

    def _following(self, marking: Marking) -> Iterator[tuple[Marking, str]]:
        for place in sorted(set(marking)):
            if not self._net.is_join(place[0]):
                yield from self._moved(marking, place)
        for join in sorted({place[0] for place in marking if self._net.is_join(place[0])}):
            if not self._net.missing(join, marking):
                yield from self._joined(marking, join)


def _scribbled(dice: random.Random) -> Bundle:
    """Elements in a row, joined by flows that mostly lead on: few such diagrams are sound."""
    names = [f"n{number}" for number in range(dice.randint(4, 9))]
    drawn, flows = [start(), end(), end("over")], {("begin", "n0")}
    for number, name in enumerate(names):
        kind = dice.choice(["task", "watched", "reminded", "exclusive", "parallel", "inclusive"])
        ahead = [*names[number + 1 : number + 4], *(names if dice.random() < 0.2 else ()), "finish", "over"]
        targets = sorted(set(dice.sample(ahead, dice.randint(1, 2) if kind in ("exclusive", "parallel", "inclusive") else 1)))
        flows |= {(name, target) for target in targets}
        if kind in ("watched", "reminded"):
            drawn.append(boundary(f"t{number}", name, timer("P1D"), kind == "watched"))
            flows.add((f"t{number}", dice.choice(ahead)))
        gates = kind in ("exclusive", "parallel", "inclusive")
        default = f"{name}_{targets[0]}" if kind != "parallel" and len(targets) > 1 else None
        drawn.append(gateway(kind, name, default) if gates else user(name))
    return bundle(*drawn, *(flow(*ends) for ends in sorted(flows)))


@pytest.mark.parametrize("seed", range(100))
def test_trying_few_orders_of_moves_finds_what_trying_all_of_them_finds(seed: int) -> None:
    diagrams, _ = read_diagrams(_scribbled(random.Random(seed)))
    few = {finding.code for finding in Exploration(diagrams.scopes[0], MAX_MARKINGS).findings()}
    every = {finding.code for finding in _EveryOrder(diagrams.scopes[0], 1000).findings()}
    # Neither looks behind a place where tokens meet, so there they need not tell the same of what follows.
    if "bpmn-soundness-cut" not in every:
        assert few == every or "bpmn-not-joined" in few & every


def test_situations_are_counted_by_process() -> None:
    """A token stands at begin, at the task, at the end, and nowhere: four; what is called is counted for itself."""
    inner = definitions(process(start("s_in"), end("s_out"), path("s_in", "s_out"), id_="inner"))
    drawn = bundle(start(), call("ask", "inner"), end(), path("begin", "ask", "finish"), inner=inner)
    assert played_through(drawn).situations == {"main": 4, "inner": 3}


@pytest.mark.parametrize("seed", range(150))
def test_a_reduced_diagram_is_sound_exactly_when_the_whole_one_is(seed: int) -> None:
    (scope, *_) = read_diagrams(_scribbled(random.Random(seed)))[0].scopes
    whole = {finding.code for finding in Exploration(scope, MAX_MARKINGS).findings()}
    smaller = {finding.code for finding in Exploration(reduced(scope), MAX_MARKINGS).findings()}
    assert bool(whole) == bool(smaller), (whole, smaller)
    assert whole == smaller or "bpmn-not-joined" in whole | smaller


BLOCKS = {
    "choices": wide(3),
    "loop": looped("parallel"),
    "inclusive": looped("inclusive"),
    "events": EVENTS,
    "reminder": REMINDED,
}


@pytest.mark.parametrize("name", BLOCKS)
def test_a_diagram_built_of_blocks_is_reduced_to_a_single_way(name: str) -> None:
    (scope, *_) = read_diagrams(BLOCKS[name])[0].scopes
    smaller = reduced(scope)
    assert list(smaller.nodes) == ["begin", "finish"]
    assert [(flow.source, flow.target) for flow in smaller.flows] == [("begin", "finish")]


def dense(branches: int, choices: int, *, spoilt: bool = False) -> Bundle:
    """Parallel branches with choices in a row: every order of their moves would be choices ** branches situations."""
    elements = [start(), gateway("parallel", "fork"), gateway("parallel", "join"), end(), path("begin", "fork")]
    for branch in range(branches):
        last = "fork"
        for n in (f"{branch}_{choice}" for choice in range(choices)):
            elements += [gateway("exclusive", f"s{n}", f"s{n}_y{n}"), user(f"y{n}"), user(f"z{n}"), gateway("exclusive", f"m{n}")]
            elements += [
                path(last, f"s{n}", f"y{n}", f"m{n}"),
                flow(f"s{n}", f"z{n}", "variant == 'new'"),
                path(f"z{n}", f"m{n}"),
            ]
            last = f"m{n}"
        elements.append(path(last, "join"))
    if not spoilt:
        return bundle(*elements, path("join", "finish"))
    last_fork = (gateway("exclusive", "one", "one_a"), user("a"), user("b"), gateway("parallel", "stuck"))
    return bundle(
        *(*elements, *last_fork, path("join", "one", "a", "stuck", "finish"), path("b", "stuck")),
        flow("one", "b", "variant == 'new'"),
    )


def test_what_is_too_large_to_be_played_as_drawn_is_played_reduced() -> None:
    drawn = dense(8, 7)  # some 8 ** 8 situations
    (scope, *_) = read_diagrams(drawn)[0].scopes
    assert Exploration(scope, MAX_MARKINGS).findings()[0].code == "bpmn-soundness-cut"
    played = played_through(drawn)
    assert played.findings == []
    assert played.situations["main"] < MAX_MARKINGS + 10


def test_a_deadlock_behind_more_situations_than_can_be_played_is_found() -> None:
    assert told(dense(8, 7, spoilt=True)) == [("bpmn-deadlock", "stuck")]
