"""Random walks: a case that is cut down, saved and loaded at every step behaves like one that never was.

Two instances of the same specs make the same moves. One lives in memory with all its history; the other exists only as
bytes between two moves. After every move both must wait for the same, with the same flags, and have passed the same
elements in the same order. The walks also hold what each family promises, so both cannot be wrong together.
"""

from __future__ import annotations

import random

import pytest

from app.domain.moves import LATER, BusinessError, Flag, HandlerResult, Move, PassedHow, ServiceCall, Wait, WaitKind
from app.engine import Engine, Process, engine, state
from app.engine.waits import waits_of
from tests.engine.families import FAMILIES, Family

DIAGRAMS = 25  # of each family
WALKS = 10  # on each diagram: 4 families x 25 x 10 = 1,000 walks
STEPS = 24


class Handlers:
    """Answers that depend on the walk and on how often it was asked, so that both instances get the same."""

    def __init__(self, walk: str) -> None:
        self._walk = walk
        self._asked = 0

    def __call__(self, call: ServiceCall) -> HandlerResult:
        self._asked += 1
        if call.handler == "remind":
            return Flag()
        return random.Random(f"{self._walk} {self._asked}").choice((Flag("found"), LATER, BusinessError("NONE")))


Choice = tuple[str, str, object]  # which move, at which token, with what


def choose(waits: tuple[Wait, ...], process: Process, dice: random.Random) -> Choice:
    wait = dice.choice(waits)
    if wait.kind is WaitKind.USER_TASK:
        outcomes = [each.id for each in process.element(wait).outcomes]
        return "complete", wait.token, dice.choice(outcomes) if outcomes else None
    if wait.kind is WaitKind.SERVICE:
        return "settle", wait.token, dice.choice((Flag("answered"), BusinessError("NONE")))
    return ("fire" if wait.kind is WaitKind.TIMER else "correlate"), wait.token, None


def move_saved(process: Process, saved: bytes, choice: Choice, handlers: Handlers) -> Move:
    kind, token, value = choice
    runner = Engine()
    match kind, value:
        case "complete", (str() | None) as outcome:
            return runner.complete(process, saved, token, outcome, call_handler=handlers)
        case "settle", Flag() as flag:
            return runner.finish(process, saved, token, flag, call_handler=handlers)
        case "settle", BusinessError() as error:
            return runner.fail(process, saved, token, error, call_handler=handlers)
        case "fire", _:
            return runner.fire(process, saved, token, call_handler=handlers)
    return runner.correlate(process, saved, token, call_handler=handlers)


def walk(family: Family, process: Process, name: str) -> bool:
    """True when the walk came to the end of the process."""
    dice = random.Random(name)
    living = state.new_instance(process, Handlers(name))
    engine.begin(living, {"case_id": name, "size": dice.randint(0, 3)})
    handlers = Handlers(name)
    handlers._asked = living.call_handler._asked
    saved, waits = state.encode(living), waits_of(living)
    for step in range(STEPS):
        if living.completed:
            return True
        assert waits, f"{name}, step {step}: nothing to wait for"
        choice = choose(waits, process, dice)
        before = len(living.passed)
        kind, token, value = choice
        arguments = () if kind in ("fire", "correlate") else (value,)
        getattr(engine, kind)(living, token, *arguments)
        move = move_saved(process, saved, choice, handlers)
        saved, waits = move.state, move.waits
        place = f"{name}, step {step}, {choice}"
        assert waits == waits_of(living), place
        assert move.passed == tuple(living.passed[before:]), place
        assert move.finished == living.completed, place
        assert (wrong := family.invariant(list(waits))) is None, f"{place}: {wrong}"
    return living.completed


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_a_case_saved_at_every_step_behaves_like_one_that_never_was(family: Family) -> None:
    ended = 0
    for number in range(DIAGRAMS):
        process = Engine().load(family.build(random.Random(f"{family.name} {number}")))
        ended += sum(walk(family, process, f"{family.name} {number}/{each}") for each in range(WALKS))
    assert ended > DIAGRAMS * WALKS // 4, "most walks were too short to mean much"


def test_a_move_tells_what_passed_and_what_was_cancelled() -> None:
    family = FAMILIES[0]
    process = Engine().load(family.build(random.Random("passed")))
    begun = Engine().start(process, {}, call_handler=Handlers("passed"))
    assert [each.element for each in begun.passed][:3] == ["begin", "merge", "fork"]
    assert all(each.how is PassedHow.COMPLETED for each in begun.passed)
