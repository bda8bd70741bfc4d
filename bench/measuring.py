"""Timing of several things side by side, so that whatever else the machine does hits all of them alike."""

from __future__ import annotations

import gc
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter
from typing import TypeVar

WARM_UP = 3
ROW = 10

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Contest:
    """What is timed, so many times. `act` is told the number of the repetition; warm-ups come first and are not counted."""

    repetitions: int
    act: Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Samples:
    """Measured times in seconds."""

    seconds: tuple[float, ...]

    @property
    def median_ms(self) -> float:
        return 1000 * median(self.seconds)

    @property
    def tenths_ms(self) -> tuple[float, float]:
        """What a tenth stays below, and what a tenth exceeds."""
        tenths = quantiles(self.seconds, n=10, method="inclusive")
        return 1000 * tenths[0], 1000 * tenths[-1]

    @property
    def per_second(self) -> float:
        """All of them one after another, slow ones included."""
        return len(self.seconds) / sum(self.seconds)


def measure(contests: Mapping[Key, Contest], tick: Callable[[], object]) -> dict[Key, Samples]:
    """Times every contest in short rows of repetitions, spread evenly over the whole run. `tick` is called after each.

    A row, because a process serves one engine alone: what the processor's caches keep of the other is no part of its cost.
    Garbage is collected before each row, so that each pays for its own only.
    """
    for contest in contests.values():
        for number in range(WARM_UP):
            contest.act(number)
    seconds: dict[Key, list[float]] = {key: [] for key in contests}
    gc.collect()
    gc.freeze()
    for key, numbers in _rows(contests):
        gc.collect()
        for number in numbers:
            begun = perf_counter()
            contests[key].act(WARM_UP + number)
            seconds[key].append(perf_counter() - begun)
            tick()
    gc.unfreeze()
    return {key: Samples(tuple(each)) for key, each in seconds.items()}


def _rows(contests: Mapping[Key, Contest]) -> list[tuple[Key, range]]:
    """Every repetition of every contest, the rows ordered by how far along their own contest they are."""
    rows = [
        (key, range(first, min(first + ROW, contest.repetitions)), first / contest.repetitions)
        for key, contest in contests.items()
        for first in range(0, contest.repetitions, ROW)
    ]
    return [(key, numbers) for key, numbers, _ in sorted(rows, key=lambda row: row[2])]
