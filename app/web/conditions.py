"""Conditions of the passport as a browser decides them while a form is filled in.

A condition becomes a small tree of JSON: {"input": name, "in": [values]}, {"all": […]}, {"any": […]}, {"not": …}, true or false.
What a tree cannot say (functions, arithmetic) is left to the server, which decides every condition again at the next save.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeAlias

from app.domain.answers import ALWAYS

Tree: TypeAlias = "bool | dict[str, Any]"

_EQUAL, _UNEQUAL = (ast.Eq, ast.In), (ast.NotEq, ast.NotIn)


def browser_condition(expression: str | None, inputs: Mapping[str, str], known: Mapping[str, Any]) -> str:
    """The condition as JSON over the page's inputs (name in the expression → name of the input), or "" where the server alone
    decides. What is `known` already is worked in; a condition that then asks nothing of the page is the server's too."""
    if expression is None or expression == ALWAYS:
        return ""
    tree = _decided(_tree(expression), inputs, known)
    return "" if tree is None or isinstance(tree, bool) else json.dumps(tree, ensure_ascii=False)


@lru_cache(maxsize=1024)
def _tree(expression: str) -> ast.expr:
    return ast.parse(expression.strip(), mode="eval").body


def _decided(tree: ast.expr, inputs: Mapping[str, str], known: Mapping[str, Any]) -> Tree | None:
    match tree:
        case ast.BoolOp(op=op, values=parts):
            return _joined([_decided(part, inputs, known) for part in parts], all_of=isinstance(op, ast.And))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _negated(_decided(operand, inputs, known))
        case ast.Constant(value=bool(value)):
            return value
        case ast.Name(id=name):
            return _negated(_compared(name, (False, ""), inputs, known))
        case ast.Compare(left=ast.Name(id=name), ops=[operator], comparators=[other]):
            values = _constants(other)
            if values is None or not isinstance(operator, (*_EQUAL, *_UNEQUAL)):
                return None
            found = _compared(name, values, inputs, known)
            return _negated(found) if isinstance(operator, _UNEQUAL) else found
        case _:
            return None


def _compared(name: str, values: tuple[Any, ...], inputs: Mapping[str, str], known: Mapping[str, Any]) -> Tree | None:
    if name in known:
        return known[name] in values
    return {"input": inputs[name], "in": list(values)} if name in inputs else None


def _constants(tree: ast.expr) -> tuple[Any, ...] | None:
    parts = tree.elts if isinstance(tree, ast.Tuple | ast.List) else [tree]
    values = tuple(part.value for part in parts if isinstance(part, ast.Constant))
    return values if len(values) == len(parts) else None


def _joined(parts: list[Tree | None], *, all_of: bool) -> Tree | None:
    """Some part that decides alone (false of all, true of any) decides even where another part is beyond the browser."""
    if (not all_of) in [part for part in parts if isinstance(part, bool)]:
        return not all_of
    open_parts = [part for part in parts if not isinstance(part, bool)]
    if None in open_parts:
        return None
    if len(open_parts) < 2:
        return open_parts[0] if open_parts else all_of
    return {"all" if all_of else "any": open_parts}


def _negated(tree: Tree | None) -> Tree | None:
    if tree is None or isinstance(tree, bool):
        return None if tree is None else not tree
    return {"not": tree}
