"""The expression language of diagrams: what a condition on a flow or the term of a timer may say.

`check == "complete" and variant in ("new", "renewal")`, `working_days(2)`. It reads like Python and is parsed by the
standard library's `ast`, but nothing is ever given to `eval`: each permitted node becomes a small closure, everything
else is refused when the expression is compiled. There are no attributes, no loops and no way to build a large value, so
an evaluation cannot reach the interpreter and cannot hang.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from app.domain.errors import Invalid

MAX_TEXT = 500
MAX_NODES = 100
MAX_DEPTH = 20
MAX_NUMBER = 10**15  # whole numbers up to here are exact in every format we store
MAX_UNITS = 9_999

TOO_LONG = "The expression has %(length)s characters, at most %(limit)s are allowed"
TOO_COMPLEX = "The expression “%(text)s” is too complex: at most %(nodes)s parts, nested at most %(depth)s deep"
NOT_READABLE = "The expression “%(text)s” cannot be read at character %(column)s"
NOT_ALLOWED = "The expression “%(text)s” uses “%(part)s”, which expressions do not allow"
UNKNOWN_FUNCTION = "The expression “%(text)s” calls “%(name)s”; known functions are %(known)s"
MISSING_NAME = "The expression “%(text)s” needs “%(name)s”, which has no value here"
CANNOT_EVALUATE = "The expression “%(text)s” cannot be evaluated: %(reason)s"

NOT_A_NUMBER = "Expected a number, found “%(found)s”"
NUMBER_TOO_LARGE = "The number %(found)s is beyond ±%(limit)s"
NOT_A_COUNT = "Expected a whole number from 0 to %(limit)s, found “%(found)s”"

Function = Callable[..., object]
_Scope = tuple[Mapping[str, object], Mapping[str, Function]]
_Step = Callable[[_Scope], object]


def _term(unit: str) -> Function:
    def term(count: object) -> str:
        if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= MAX_UNITS:
            raise Invalid(NOT_A_COUNT, found=count, limit=MAX_UNITS)
        return f"{count} {unit}"

    return term


FUNCTIONS: Mapping[str, Function] = {
    "working_days": _term("working-days"),
    "calendar_days": _term("calendar-days"),
    "calendar_months": _term("calendar-months"),
    "working_hours": _term("working-hours"),
    "working_minutes": _term("working-minutes"),
    "len": len,
    "min": min,
    "max": max,
    "abs": abs,
}


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression.

    `names` are the values it needs; `compared` pairs each name with the constants it is compared with by ==, !=, in and
    not in, so that a check can tell whether such a value exists.
    """

    text: str
    names: frozenset[str]
    compared: tuple[tuple[str, object], ...]
    _run: _Step

    def evaluate(self, names: Mapping[str, object], functions: Mapping[str, Function] = FUNCTIONS) -> object:
        """Its value for these names. Raises `Invalid` for a missing name, a wrong type, a division by zero."""
        missing = sorted(name for name in self.names if name not in names)
        if missing:
            raise Invalid(MISSING_NAME, text=self.text, name=missing[0])
        try:
            return self._run((names, functions))
        except (TypeError, ValueError, ArithmeticError, LookupError, Invalid) as error:
            raise Invalid(CANNOT_EVALUATE, text=self.text, reason=str(error)) from error

    def settled(self, names: Mapping[str, object]) -> object:
        """Its value where these names alone settle it, whatever the others are; None where they do not: `a == 1 or b == 2` is
        settled by a = 1. What is unknown is looked for from left to right."""
        try:
            return self._run((names, FUNCTIONS))
        except (TypeError, ValueError, ArithmeticError, LookupError, Invalid):
            return None


@lru_cache(maxsize=2048)
def compile_expression(text: str) -> Expression:
    """Compile an expression once for all its evaluations. Raises `Invalid` for whatever the language does not have."""
    text = text.strip()
    if len(text) > MAX_TEXT:
        raise Invalid(TOO_LONG, length=len(text), limit=MAX_TEXT)
    tree = _parse(text)
    _measure(tree, text)
    run = _Compiler(text).step(tree)
    names = frozenset(_free_names(tree))
    return Expression(text, names, tuple(_compared(tree)), run)


_PLAIN_TERM = re.compile(r"-?PT?\d[\dTYMWDHS.,]*|\d{4}-\d\d(-\d\d)?.*", re.DOTALL)


@lru_cache(maxsize=512)
def compile_term(text: str) -> Expression:
    """Compile what stands in a timer event: an expression, or an ISO 8601 duration or moment written plainly.

    Every BPMN modeller writes `P15D` without quotes, which is no expression, so such text is its own value.
    """
    text = text.strip()
    if _PLAIN_TERM.fullmatch(text):
        return Expression(text, frozenset(), (), partial(_constant, text))
    return compile_expression(text)


def _constant(value: object, scope: _Scope) -> object:
    return value


def _parse(text: str) -> ast.expr:
    # A backslash begins an escape or a continued line: neither is needed, and wrong escapes make Python print warnings.
    if "\\" in text:
        raise Invalid(NOT_ALLOWED, text=text, part="\\")
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise Invalid(NOT_READABLE, text=text, column=error.offset or 1) from error
    except (ValueError, MemoryError, RecursionError) as error:  # null characters; nesting that exhausts the parser
        raise Invalid(NOT_READABLE, text=text, column=1) from error


def _measure(tree: ast.expr, text: str) -> None:
    waiting: list[tuple[ast.AST, int]] = [(tree, 1)]
    nodes = 0
    while waiting:
        node, depth = waiting.pop()
        nodes += 1
        if nodes > MAX_NODES or depth > MAX_DEPTH:
            raise Invalid(TOO_COMPLEX, text=text, nodes=MAX_NODES, depth=MAX_DEPTH)
        waiting.extend((child, depth + 1) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))


def _free_names(tree: ast.expr) -> Iterator[str]:
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return (node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called)


def _compared(tree: ast.expr) -> Iterator[tuple[str, object]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Compare):
            continue
        operands = [node.left, *node.comparators]
        for left, sign, right in zip(operands, node.ops, operands[1:], strict=False):
            if isinstance(sign, ast.Eq | ast.NotEq | ast.In | ast.NotIn):
                yield from _pairs(left, right)


def _pairs(left: ast.expr, right: ast.expr) -> Iterator[tuple[str, object]]:
    if isinstance(right, ast.Name):
        left, right = right, left
    if not isinstance(left, ast.Name):
        return
    for value in right.elts if isinstance(right, ast.Tuple | ast.List) else [right]:
        if isinstance(value, ast.Constant):
            yield left.id, value.value


def _number(value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Invalid(NOT_A_NUMBER, found=value)
    if not abs(value) <= MAX_NUMBER:  # also true of what is no number at all
        raise Invalid(NUMBER_TOO_LARGE, found=value, limit=MAX_NUMBER)
    return value


# Only numbers: text or lists multiplied could fill the memory, and "%" on text is a formatting language of its own.
_ARITHMETIC: Mapping[type[ast.operator], Callable[[int | float, int | float], int | float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_COMPARISON: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda item, box: item in box,
    ast.NotIn: lambda item, box: item not in box,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}


class _Compiler:
    """Turns permitted nodes into closures over the scope; refuses every other node by name."""

    def __init__(self, text: str) -> None:
        self._text = text

    def step(self, node: ast.expr) -> _Step:
        compiler = getattr(self, f"_{type(node).__name__.lower()}", None)
        if compiler is None:
            raise self._refuse(ast.unparse(node))
        step: _Step = compiler(node)
        return step

    def _refuse(self, part: str) -> Invalid:
        return Invalid(NOT_ALLOWED, text=self._text, part=part)

    def _steps(self, nodes: Sequence[ast.expr]) -> list[_Step]:
        return [self.step(node) for node in nodes]

    def _constant(self, node: ast.Constant) -> _Step:
        value = node.value
        if not isinstance(value, str | int | float | None):
            raise self._refuse(ast.unparse(node))
        if isinstance(value, int | float) and not isinstance(value, bool):
            _number(value)
        return partial(_constant, value)

    def _name(self, node: ast.Name) -> _Step:
        name = node.id
        if "__" in name:
            raise self._refuse(name)
        return lambda scope: scope[0][name]

    def _tuple(self, node: ast.Tuple) -> _Step:
        items = self._steps(node.elts)
        return lambda scope: tuple(item(scope) for item in items)

    def _list(self, node: ast.List) -> _Step:
        items = self._steps(node.elts)
        return lambda scope: [item(scope) for item in items]

    def _boolop(self, node: ast.BoolOp) -> _Step:
        values = self._steps(node.values)
        stop_at = isinstance(node.op, ast.Or)

        def run(scope: _Scope) -> object:
            value: object = None
            for step in values:
                value = step(scope)
                if bool(value) is stop_at:
                    break
            return value

        return run

    def _unaryop(self, node: ast.UnaryOp) -> _Step:
        operand = self.step(node.operand)
        if isinstance(node.op, ast.Not):
            return lambda scope: not operand(scope)
        if isinstance(node.op, ast.USub):
            return lambda scope: -_number(operand(scope))
        if isinstance(node.op, ast.UAdd):
            return lambda scope: _number(operand(scope))
        raise self._refuse(ast.unparse(node))

    def _binop(self, node: ast.BinOp) -> _Step:
        calculate = _ARITHMETIC.get(type(node.op))
        if calculate is None:
            raise self._refuse(ast.unparse(node))
        left, right = self.step(node.left), self.step(node.right)
        return lambda scope: _number(calculate(_number(left(scope)), _number(right(scope))))

    def _compare(self, node: ast.Compare) -> _Step:
        first = self.step(node.left)
        rest = [(_COMPARISON[type(sign)], self.step(value)) for sign, value in zip(node.ops, node.comparators, strict=True)]

        def run(scope: _Scope) -> object:
            left = first(scope)
            for holds, step in rest:
                right = step(scope)
                if not holds(left, right):
                    return False
                left = right
            return True

        return run

    def _ifexp(self, node: ast.IfExp) -> _Step:
        test, yes, no = self._steps([node.test, node.body, node.orelse])
        return lambda scope: yes(scope) if test(scope) else no(scope)

    def _subscript(self, node: ast.Subscript) -> _Step:
        if not isinstance(node.slice, ast.Constant | ast.Name):
            raise self._refuse(ast.unparse(node))
        box, key = self.step(node.value), self.step(node.slice)
        return lambda scope: box(scope)[key(scope)]  # type: ignore[index]

    def _call(self, node: ast.Call) -> _Step:
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise self._refuse(ast.unparse(node))
        name = node.func.id
        if name not in FUNCTIONS:
            raise Invalid(UNKNOWN_FUNCTION, text=self._text, name=name, known=", ".join(sorted(FUNCTIONS)))
        arguments = self._steps(node.args)
        return lambda scope: scope[1][name](*(argument(scope) for argument in arguments))
