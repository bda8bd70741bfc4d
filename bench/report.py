"""What was measured as a table, and whether it meets the bars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bench.comparing import IN_MEMORY, Figures, Key, Place
from bench.measuring import Samples
from bench.sides import Rasim, Stock

FASTER_IN_MEMORY = 6.0
FASTER_WITH_COMMIT = 3.0
GROWTH = 1.2


@dataclass(frozen=True, slots=True)
class Bar:
    """A promise and what was measured. `met` is judged on the exact value, not on the one printed."""

    promise: str
    found: float
    met: bool

    def __str__(self) -> str:
        return f"  {'met   ' if self.met else 'MISSED'}  {self.promise}: {self.found:.2f}x"


def bars(figures: Figures) -> list[Bar]:
    return [bar for place, samples in figures.items() for bar in _bars(place, samples)]


def _bars(place: Place, samples: Mapping[Key, Samples]) -> Iterator[Bar]:
    shortest, longest = _lengths(samples)[0], _lengths(samples)[-1]
    stock, rasim = samples[Key(shortest, Stock.name)], samples[Key(shortest, Rasim.name)]
    if place == IN_MEMORY:
        ratio = stock.median_ms / rasim.median_ms
        yield Bar(f"{place}, {shortest} tasks: at least {FASTER_IN_MEMORY:g}x as fast", ratio, ratio >= FASTER_IN_MEMORY)
    else:
        ratio = rasim.per_second / stock.per_second
        promise = f"{place}, {shortest} tasks: at least {FASTER_WITH_COMMIT:g}x the completions a second"
        yield Bar(promise, ratio, ratio >= FASTER_WITH_COMMIT)
    growth = samples[Key(longest, Rasim.name)].median_ms / rasim.median_ms
    yield Bar(f"{place}: cost grows at most {GROWTH:g}x from {shortest} to {longest} tasks", growth, growth <= GROWTH)


def table(figures: Figures) -> str:
    """Medians in ms with the range that eight of ten lie in, completions a second, and how many times faster Rasim is."""
    ends = f"{'stock ms (p10-p90)':>24} {'Rasim ms (p10-p90)':>24} {'ratio':>7} {'stock/s':>8} {'Rasim/s':>8} {'ratio':>7}"
    lines = [f"{'':12} {'tasks':>5} {ends}"]
    for place, samples in figures.items():
        for tasks in _lengths(samples):
            lines.append(_line(place, tasks, samples[Key(tasks, Stock.name)], samples[Key(tasks, Rasim.name)]))
    return "\n".join(lines)


def _line(place: Place, tasks: int, stock: Samples, rasim: Samples) -> str:
    times = f"{stock.median_ms / rasim.median_ms:6.1f}x"
    rates = f"{stock.per_second:8.0f} {rasim.per_second:8.0f} {rasim.per_second / stock.per_second:6.1f}x"
    return f"{place:12} {tasks:5d} {spread(stock):>24} {spread(rasim):>24} {times} {rates}"


def spread(samples: Samples) -> str:
    low, high = samples.tenths_ms
    return f"{samples.median_ms:.3f} ({low:.3f}-{high:.3f})"


def _lengths(samples: Mapping[Key, Samples]) -> list[int]:
    return sorted({key.tasks for key in samples})
