"""Whether the decision tables of a bundle decide: what is asked is known, and one rule answers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from app.domain.decisions import DecisionTable, Examined, HitPolicy
from app.domain.moves import Finding, Severity
from app.domain.unary_tests import Value
from app.engine.decisions import ReadTables
from app.engine.extension import attribute
from app.engine.findings import Rule
from app.engine.graph import Scope
from app.engine.lint_flow import UNKNOWN_NAME, UNKNOWN_OUTCOME

NO_DECISION = Rule("bpmn-decision", "The business rule task names no decision table, so nothing would be decided")
UNKNOWN_DECISION = Rule("bpmn-decision", "There is no decision table “%(found)s”; known: %(known)s")
OVERLAP = Rule("dmn-overlap", "The rules %(first)s and %(second)s are meant for the same case; under %(policy)s that must not be")
HIDDEN = Rule("dmn-hidden", "The rule %(rule)s never decides: rule %(earlier)s always comes before it", Severity.WARNING)
NEVER = Rule("dmn-hidden", "The rule %(rule)s never decides: no case can have such values", Severity.WARNING)
GAP = Rule("dmn-gap", "There is no rule for %(inputs)s; such a case would stop here", Severity.WARNING)
UNUSED_DECISION = Rule("dmn-unused", "No business rule task asks this decision", Severity.WARNING)
UNUSED_OUTPUT = Rule("dmn-unused", "No condition asks for “%(flag)s”, which this task decides", Severity.WARNING)

Values = Mapping[str, frozenset[Value]]


def lint_decision_tasks(scopes: Collection[Scope], read: ReadTables, asked: Collection[str]) -> Iterator[Finding]:
    """Each task names a table there is, and what it decides is `asked` for by some expression."""
    for scope in scopes:
        for node in scope.tagged("businessRuleTask"):
            found = attribute(node, "decision", "ref")
            if found is None:
                yield NO_DECISION.broken_by(scope.file, node)
            elif found not in read.drawn:
                yield UNKNOWN_DECISION.broken_by(scope.file, node, found=found, known=", ".join(sorted(read.drawn)) or "—")
            elif node.get("id") not in asked:
                yield UNUSED_OUTPUT.broken_by(scope.file, node, flag=node.get("id"))


def decisions_asked(scopes: Collection[Scope]) -> frozenset[str]:
    """The decisions that tasks of these diagrams name."""
    named = (attribute(node, "decision", "ref") for scope in scopes for node in scope.tagged("businessRuleTask"))
    return frozenset(name for name in named if name)


def lint_tables(read: ReadTables, asked: Collection[str], flags: Values) -> Iterator[Finding]:
    """`asked` are the decisions tasks name, `flags` what expressions may name, each with the values it can have."""
    for table in read.tables.values():
        if table.id not in asked:
            yield _at(table, UNUSED_DECISION)
        yield from _names(table, flags)
        yield from _rules(table, flags)


def _at(table: DecisionTable, rule: Rule, line: int = 0, /, **values: object) -> Finding:
    return rule.broken(table.file, line or table.line, table.id, **values)


def _names(table: DecisionTable, flags: Values) -> Iterator[Finding]:
    for column, expression in enumerate(table.inputs):
        for name in sorted(expression.names - flags.keys()):
            yield _at(table, UNKNOWN_NAME, text=expression.text, name=name, known=", ".join(sorted(flags)))
        if not (domain := flags.get(expression.text)):
            continue
        for rule in table.rules:
            for value in set(rule.cells[column].values) - domain:
                told = {"text": rule.cells[column].text, "name": expression.text, "value": value}
                yield _at(table, UNKNOWN_OUTCOME, rule.line, known=", ".join(sorted(map(str, domain))), **told)


def _rules(table: DecisionTable, flags: Values) -> Iterator[Finding]:
    examined = Examined(table, [flags.get(each.text) for each in table.inputs])
    if table.hit_policy is HitPolicy.FIRST:
        for number, earlier in examined.hidden():
            yield _at(table, HIDDEN, table.rules[number - 1].line, rule=number, earlier=earlier)
    else:
        for first, second in examined.overlapping():
            same = table.rules[first - 1].output == table.rules[second - 1].output
            if not same or table.hit_policy is HitPolicy.UNIQUE:
                policy = table.hit_policy.value
                yield _at(table, OVERLAP, table.rules[second - 1].line, first=first, second=second, policy=policy)
    for number in examined.never():
        yield _at(table, NEVER, table.rules[number - 1].line, rule=number)
    gap = examined.gap()
    if gap is not None:
        yield _at(table, GAP, inputs=", ".join(gap))
