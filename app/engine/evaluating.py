"""Expressions of diagrams, standing where SpiffWorkflow expects a script engine. Nothing is executed here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from app.domain.decisions import DecisionTable
from app.domain.errors import Invalid, ProcessFailed
from app.domain.expressions import Expression, compile_expression, compile_term

if TYPE_CHECKING:
    from app.engine.tokens import Token

NO_ANSWER = "The process %(process)s cannot go on at %(element)s: %(reason)s"
NO_VALUE = "The process %(process)s cannot evaluate an expression at %(element)s: %(reason)s"


class Expressions:
    """Evaluates the conditions of flows for SpiffWorkflow's gateways."""

    def evaluate(self, token: Token, expression: str, external_context: Mapping[str, object] | None = None) -> object:
        return _value(token, compile_expression(expression))


EXPRESSIONS = Expressions()


def term_of(token: Token, expression: str) -> object:
    """The value of a timer's expression at this token."""
    return _value(token, compile_term(expression))


def answer_of(token: Token, table: DecisionTable) -> object:
    """What the decision table says at this token. Raises ProcessFailed where it has no answer, or more than one."""
    asked = frozenset[str]().union(*(each.names for each in table.inputs))
    try:
        return table.decide(_names(token, asked))
    except Invalid as error:
        process, element = token.place
        raise ProcessFailed(NO_ANSWER, process=process, element=element, reason=error) from error


def _value(token: Token, expression: Expression) -> object:
    try:
        return expression.evaluate(_names(token, expression.names))
    except Invalid as error:
        process, element = token.place
        raise ProcessFailed(NO_VALUE, process=process, element=element, reason=error) from error


def _names(token: Token, asked: Collection[str]) -> dict[str, object]:
    """A step that was not reached yet has set no flag: that reads as None. Any other unknown name is an error."""
    flags = token.flags()
    unset = token.workflow.top_workflow.process.flag_names
    return {name: flags.get(name) for name in asked if name in flags or name in unset}
