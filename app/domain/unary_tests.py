"""The cells of decision tables: which values of an input a rule is meant for.

Of DMN's unary tests (DMN 1.3, 7.3.13 and 9) those that tables of the law need: `-` or nothing for any value, `"issue", "extend"`
for one of several, `< 10`, `>= 3`, `[1..5]` and `(1..5]` for numbers, `true` and `false`, and `not(…)` round such a list.
Nothing here is an expression, so two cells can be compared: whether some value meets both is known, not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeGuard

from app.domain.errors import Invalid

MAX_CELL = 500  # characters

NOT_A_CELL = (
    "The cell “%(text)s” cannot be read at character %(column)s; a cell is “-”, values in quotes, a bound such as < 10, or an"
    " interval such as [1..5]"
)
CELL_TOO_LONG = "The cell has %(length)s characters, at most %(limit)s are allowed"

Value = str | bool | int | float

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"]*")|(?P<number>-?[0-9]{1,15}(?:\.[0-9]{1,6})?)|(?P<word>[a-z]+)|(?P<sign><=|>=|\.\.|[<>\[\](),-]))"""
)
_BOUNDS = ("<", "<=", ">", ">=")
_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Equal:
    value: Value

    def meets(self, found: object) -> bool:
        """True is no 1 here, and 1 is 1.0."""
        return isinstance(found, bool) == isinstance(self.value, bool) and found == self.value

    @property
    def values(self) -> tuple[Value, ...]:
        return (self.value,)


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers between two bounds; None is no bound."""

    low: float | None = None
    high: float | None = None
    with_low: bool = False
    with_high: bool = False

    def meets(self, found: object) -> bool:
        if not is_number(found):
            return False
        above = self.low is None or found > self.low or (self.with_low and found == self.low)
        below = self.high is None or found < self.high or (self.with_high and found == self.high)
        return above and below

    @property
    def values(self) -> tuple[Value, ...]:
        return tuple(each for each in (self.low, self.high) if each is not None)


@dataclass(frozen=True, slots=True)
class Cell:
    """Meets a value when one of its tests does; no test at all meets every value. `negated` turns that round."""

    text: str
    tests: tuple[Equal | Range, ...] = ()
    negated: bool = False

    def meets(self, value: object) -> bool:
        return not self.tests or any(test.meets(value) for test in self.tests) is not self.negated

    @property
    def values(self) -> tuple[Value, ...]:
        """Every value the cell names, bounds included."""
        return tuple(value for test in self.tests for value in test.values)


def is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def read_cell(text: str) -> Cell:
    """Raises Invalid for whatever is not a cell, with the place."""
    text = text.strip()
    if len(text) > MAX_CELL:
        raise Invalid(CELL_TOO_LONG, length=len(text), limit=MAX_CELL)
    return Cell(text) if text in ("", "-") else _Reader(text).cell()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(self._read())
        self._at = 0

    def _read(self) -> Iterator[tuple[str, str, int]]:
        position = 0
        while position < len(self._text):
            token = _TOKEN.match(self._text, position)
            if token is None:
                raise self._wrong(position)
            kind = token.lastgroup or ""
            yield kind, token[kind], token.start(kind)
            position = token.end()

    def _wrong(self, position: int) -> Invalid:
        return Invalid(NOT_A_CELL, text=self._text, column=position + 1)

    def _next(self) -> tuple[str, str]:
        if self._at == len(self._tokens):
            raise self._wrong(len(self._text))
        kind, token, _ = self._tokens[self._at]
        self._at += 1
        return kind, token

    def _peek(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def _expect(self, *signs: str) -> str:
        kind, token = self._next()
        if kind != "sign" or token not in signs:
            raise self._wrong(self._tokens[self._at - 1][2])
        return token

    def cell(self) -> Cell:
        negated = self._peek() == "not"
        if negated:
            self._next()
            self._expect("(")
        tests = [self._test()]
        while self._peek() == ",":
            self._next()
            tests.append(self._test())
        if negated:
            self._expect(")")
        if self._at < len(self._tokens):
            raise self._wrong(self._tokens[self._at][2])
        return Cell(self._text, tuple(tests), negated)

    def _test(self) -> Equal | Range:
        if self._peek() in _BOUNDS:
            return self._bound()
        if self._peek() in ("[", "(", "]"):
            return self._interval()
        return Equal(self._value())

    def _bound(self) -> Range:
        _, sign = self._next()
        number = self._number()
        if sign in ("<", "<="):
            return Range(high=number, with_high=sign == "<=")
        return Range(low=number, with_low=sign == ">=")

    def _interval(self) -> Range:
        opening = self._expect("[", "(", "]")
        low = self._number()
        self._expect("..")
        high = self._number()
        closing = self._expect("]", ")", "[")
        if low > high:
            raise self._wrong(self._tokens[self._at - 2][2])
        return Range(low, high, with_low=opening == "[", with_high=closing == "]")

    def _number(self) -> float:
        value = self._value()
        if not is_number(value):
            raise self._wrong(self._tokens[self._at - 1][2])
        return value

    def _value(self) -> Value:
        kind, token = self._next()
        if kind == "text":
            return token[1:-1]
        if kind == "number":
            return float(token) if "." in token else int(token)
        if token in _BOOLEANS:
            return _BOOLEANS[token]
        raise self._wrong(self._tokens[self._at - 1][2])
