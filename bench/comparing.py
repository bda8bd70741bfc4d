"""The comparison itself: both sides at each length of history, in memory and with the commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

from bench.databases import NewDatabase
from bench.licence import MEASURED, history
from bench.measuring import WARM_UP, Contest, Samples, measure
from bench.sides import Rasim, Saved, Side, Stock
from bench.transaction import CaseTable

IN_MEMORY = "in memory"

Place = str
"""Where a completion happens: in memory, or the kind of database it commits to."""


@dataclass(frozen=True, slots=True, order=True)
class Key:
    tasks: int  # of history, as the stock engine counts them
    side: str


Figures = Mapping[Place, Mapping[Key, Samples]]


@dataclass(frozen=True, slots=True)
class Plan:
    """Which histories are compared, by rounds of rework, and how often a completion is timed at each.

    The stock engine slows down with history, so it gets fewer repetitions there; Rasim always gets the same.
    """

    stock: Mapping[int, int]
    rasim: int

    @property
    def turns(self) -> int:
        """Repetitions of one comparison in all."""
        return sum(self.stock.values()) + self.rasim * len(self.stock)


@dataclass(frozen=True, slots=True)
class Start:
    """A case that waits at the measured step."""

    key: Key
    side: Side
    saved: Saved
    repetitions: int

    @property
    def token(self) -> str:
        return self.saved.token_at(MEASURED[0])


def prepare(plan: Plan, tick: Callable[[], object]) -> list[Start]:
    """The same case on both sides after each number of rounds. Both must wait for the same people, or nothing is compared."""
    stock, rasim = Stock(), Rasim()
    starts = []
    for rounds, repetitions in plan.stock.items():
        theirs, ours = stock.play(history(rounds)), rasim.play(history(rounds))
        if (found := _elements(ours)) != (expected := _elements(theirs)):
            raise AssertionError(f"after {rounds} rounds the stock engine waits at {expected}, Rasim at {found}")
        tasks = stock.tasks_of(theirs.state)
        starts.append(Start(Key(tasks, stock.name), stock, theirs, repetitions))
        starts.append(Start(Key(tasks, rasim.name), rasim, ours, plan.rasim))
        tick()
    return starts


def _elements(saved: Saved) -> list[str]:
    return sorted(task.element for task in saved.open_tasks())


def compare_in_memory(starts: list[Start], tick: Callable[[], object]) -> dict[Key, Samples]:
    return measure({start.key: Contest(start.repetitions, _completion(start)) for start in starts}, tick)


def _completion(start: Start) -> Callable[[int], object]:
    token = start.token
    return lambda _: start.side.complete(start.saved.state, token, MEASURED)


def compare_with_commit(starts: list[Start], new_database: NewDatabase, tick: Callable[[], object]) -> dict[Key, Samples]:
    """Each side in a database of its own, so that neither pays for writing out what the other has written."""
    with ExitStack() as closing:
        tables: dict[str, CaseTable] = {}
        for side in {start.side for start in starts}:
            tables[side.name] = CaseTable(new_database(side.name.lower()), side)
            closing.callback(tables[side.name].close)
        return measure({start.key: _commit(start, tables[start.key.side]) for start in starts}, tick)


def _commit(start: Start, table: CaseTable) -> Contest:
    ids, token = table.add(start.saved, WARM_UP + start.repetitions), start.token
    return Contest(start.repetitions, lambda number: table.complete(ids[number], token, MEASURED))
