"""Decision tables: inputs, rules, one output; and what can be said of a table before anybody asks it.

Of DMN's hit policies those under which at most one answer comes: UNIQUE (one rule meets the case), ANY (several may, if they
say the same) and FIRST (the order of the rules decides). The answer becomes the routing flag of the task that asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import combinations, pairwise

from app.domain.errors import Invalid
from app.domain.expressions import Expression
from app.domain.unary_tests import Cell, Value, is_number

MAX_GAP_STEPS = 20_000  # sets of rules looked at for a combination without a rule; bounds the time of the check

NO_RULE = "No rule of the decision table “%(table)s” is meant for this case: %(inputs)s"
SEVERAL_RULES = "Several rules of the decision table “%(table)s” are meant for this case, the rules %(rules)s: %(inputs)s"

_OTHER = "…"  # stands for any text no cell of the column names


class HitPolicy(Enum):
    UNIQUE = "UNIQUE"
    ANY = "ANY"
    FIRST = "FIRST"


@dataclass(frozen=True, slots=True)
class Rule:
    """`line` is the line of the file it stands on, `id` its element's."""

    id: str
    line: int
    cells: tuple[Cell, ...]
    output: Value


@dataclass(frozen=True, slots=True)
class DecisionTable:
    id: str
    file: str
    line: int
    hit_policy: HitPolicy
    inputs: tuple[Expression, ...]
    rules: tuple[Rule, ...]

    @property
    def outputs(self) -> frozenset[Value]:
        return frozenset(rule.output for rule in self.rules)

    def decide(self, flags: Mapping[str, object]) -> Value:
        """The answer for these flags. Raises Invalid when no rule, or several that should be one, are meant for them."""
        found = [each.evaluate(flags) for each in self.inputs]
        meeting: list[int] = []
        for number, rule in enumerate(self.rules, 1):
            if all(cell.meets(value) for cell, value in zip(rule.cells, found, strict=True)):
                if self.hit_policy is HitPolicy.FIRST:
                    return rule.output
                meeting.append(number)
        answers = {self.rules[number - 1].output for number in meeting}
        if not meeting:
            raise Invalid(NO_RULE, table=self.id, inputs=self._said(found))
        if len(answers) > 1 or (len(meeting) > 1 and self.hit_policy is HitPolicy.UNIQUE):
            raise Invalid(SEVERAL_RULES, table=self.id, rules=", ".join(map(str, meeting)), inputs=self._said(found))
        return answers.pop()

    def _said(self, found: Sequence[object]) -> str:
        return ", ".join(f"{each.text} = {value!r}" for each, value in zip(self.inputs, found, strict=True))


class Examined:
    """A table looked at value by value: of each input only the values between which some cell tells a difference.

    `domains` are the values an input can have, None where any may come.
    """

    def __init__(self, table: DecisionTable, domains: Sequence[frozenset[Value] | None]) -> None:
        self._table = table
        self._points = [_points(table, column, domain) for column, domain in enumerate(domains)]
        # Of each rule, input by input, which of the points its cell meets, as bits.
        self._met = [[_bits(cell, points) for cell, points in zip(rule.cells, self._points, strict=True)] for rule in table.rules]

    def overlapping(self) -> Iterator[tuple[int, int]]:
        """Pairs of rules, numbered from 1, that some case meets both of."""
        for (first, one), (second, other) in combinations(enumerate(self._met, 1), 2):
            if all(a & b for a, b in zip(one, other, strict=True)):
                yield first, second

    def hidden(self) -> Iterator[tuple[int, int]]:
        """Rules that an earlier one, named second, always comes before."""
        for number, met in enumerate(self._met):
            before = (n for n in range(number) if all(a | b == a for a, b in zip(self._met[n], met, strict=True)))
            if (earlier := next(before, None)) is not None:
                yield number + 1, earlier + 1

    def never(self) -> Iterator[int]:
        """Rules that no case can meet."""
        return (number for number, met in enumerate(self._met, 1) if not all(met))

    def gap(self) -> tuple[str, ...] | None:
        """Values of the inputs for which there is no rule; None when there are none, or none was found in bounded time."""
        seen: set[tuple[int, int]] = set()
        whole = (1 << len(self._met)) - 1
        waiting: list[tuple[int, int, tuple[str, ...]]] = [(0, whole, ())]
        while waiting and len(seen) < MAX_GAP_STEPS:
            column, rules, path = waiting.pop()
            if not rules:
                rest = (self._said(each, 0) for each in range(column, len(self._points)))
                return (*path, *rest)
            if column == len(self._points) or (column, rules) in seen:
                continue
            seen.add((column, rules))
            for point in range(len(self._points[column])):
                left = sum(1 << n for n, met in enumerate(self._met) if rules >> n & 1 and met[column] >> point & 1)
                waiting.append((column + 1, left, (*path, self._said(column, point))))
        return None

    def _said(self, column: int, point: int) -> str:
        return f"{self._table.inputs[column].text} = {self._points[column][point]!r}"


def _bits(cell: Cell, points: Sequence[object]) -> int:
    return sum(1 << number for number, point in enumerate(points) if cell.meets(point))


def _points(table: DecisionTable, column: int, domain: frozenset[Value] | None) -> list[Value]:
    if domain:
        return sorted(domain, key=repr)
    named = {value for rule in table.rules for value in rule.cells[column].values}
    points: list[Value] = [*sorted({each for each in named if isinstance(each, str)}), _OTHER]
    if any(isinstance(each, bool) for each in named):
        points = [False, True, *(points if len(points) > 1 else ())]
    numbers = sorted({each for each in named if is_number(each)}, key=float)
    if numbers:
        points = [*_about(numbers, whole=table.inputs[column].text.isidentifier()), *(points if len(points) > 1 else ())]
    return points


def _about(numbers: Sequence[Value], *, whole: bool) -> Iterator[Value]:
    """The numbers, one between each two and one beyond each end. Flags are whole, so nothing lies between 1 and 2 of them."""
    values = [each for each in numbers if isinstance(each, int | float)]
    yield values[0] - 1
    for low, high in pairwise(values):
        yield low
        between = (low + high) / 2
        if not whole:
            yield between
        elif int(low // 1) + 1 < high:
            yield int(low // 1) + 1
    yield values[-1]
    yield values[-1] + 1
