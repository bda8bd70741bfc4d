"""From a DMN file to decision tables: what is not decided here exactly as it is drawn is refused, as in diagrams."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lxml import etree

from app.domain.decisions import DecisionTable, HitPolicy, Rule
from app.domain.errors import Invalid
from app.domain.expressions import Expression, compile_expression
from app.domain.moves import Bundle, Finding
from app.domain.unary_tests import Cell, Equal, Value, read_cell
from app.engine.entry import read_decisions
from app.engine.findings import Rule as Broken
from app.engine.findings import has_errors, line_of
from app.engine.integrity import NO_ID

MAX_RULES = 300  # of one table; comparing every two of them stays within a tenth of a second

_CODE = "dmn-unsupported"
UNSUPPORTED = Broken(_CODE, "“%(element)s” of a decision is not executed here; a decision is one table that rests on no other")
NO_TABLE = Broken(_CODE, "The decision has no table, so nothing could be decided by it")
HIT_POLICY = Broken(_CODE, "The hit policy %(found)s is not executed here; these are: %(known)s")
ONE_OUTPUT = Broken(_CODE, "A decision table has exactly one output, found %(found)s")
NO_INPUT = Broken(_CODE, "The decision table has no input, so it would always say the same")
NO_RULES = Broken("dmn-empty", "The decision table has no rules")
TOO_MANY_RULES = Broken("dmn-too-large", "The decision table has %(found)s rules; at most %(limit)s are read")
CELLS = Broken("dmn-cells", "The rule has %(found)s cells, the table has %(expected)s inputs")
NOT_A_CONSTANT = Broken(
    "dmn-output", "The answer of a rule is a text in quotes, a whole number, true or false; found “%(found)s”"
)
SAME_DECISION = Broken("dmn-duplicate", "A decision “%(id)s” stands in %(file)s too")

_DRAWN = frozenset({"decisionTable", "description", "extensionElements", "informationRequirement", "question", "variable"})
_TABLE = frozenset({"input", "output", "rule", "annotation", "description", "extensionElements"})


class ReadTables(NamedTuple):
    """The tables that can be executed, by the ids of their decisions; the ids of all decisions; and what was found."""

    tables: Mapping[str, DecisionTable]
    drawn: frozenset[str]
    findings: list[Finding]


def read_tables(bundle: Bundle) -> ReadTables:
    """The decision tables of every DMN file of a bundle. Raises nothing, whatever the files hold."""
    tables: dict[str, DecisionTable] = {}
    files: dict[str, str] = {}
    findings: list[Finding] = []
    for name in sorted(bundle.files):
        if not name.endswith(".dmn"):
            continue
        root, found = read_decisions(name, bundle.files[name])
        findings += found
        for decision in [] if root is None else _children(root, "decision"):
            identity = decision.get("id", "")
            if not identity:
                findings.append(NO_ID.broken_by(name, decision, element="decision"))
                continue
            if files.setdefault(identity, name) != name:
                findings.append(SAME_DECISION.broken_by(name, decision, id=identity, file=files[identity]))
                continue
            reader = _Reader(name, identity)
            table = reader.table(decision)
            findings += reader.findings
            if table is not None and not has_errors(reader.findings):
                tables[identity] = table
    return ReadTables(tables, frozenset(files), findings)


class _Reader:
    """Reads one decision and keeps what is wrong with it, every place at once."""

    def __init__(self, file: str, identity: str) -> None:
        self._file = file
        self._id = identity
        self.findings: list[Finding] = []

    def _tell(self, broken: Broken, node: etree._Element, **values: object) -> None:
        """At the decision, by whose id a diagram names it, and at the line of the very cell."""
        self.findings.append(broken.broken(self._file, line_of(node), self._id, **values))

    def table(self, decision: etree._Element) -> DecisionTable | None:
        for child in decision:
            if _name(child) not in _DRAWN or _rests_on_another(child):
                self._tell(UNSUPPORTED, child, element=_name(child))
        tables = _children(decision, "decisionTable")
        if not tables:
            if not self.findings:
                self._tell(NO_TABLE, decision)
            return None
        drawn = tables[0]
        for child in drawn:
            if _name(child) not in _TABLE:
                self._tell(UNSUPPORTED, child, element=_name(child))
        policy = drawn.get("hitPolicy", HitPolicy.UNIQUE.value)
        known = [each.value for each in HitPolicy]
        if policy not in known or drawn.get("aggregation") is not None:
            self._tell(HIT_POLICY, drawn, found=policy, known=", ".join(known))
            policy = HitPolicy.FIRST.value
        inputs = tuple(self._inputs(drawn))
        rules = tuple(self._rules(drawn))
        return DecisionTable(self._id, self._file, line_of(drawn), HitPolicy(policy), inputs, rules)

    def _inputs(self, drawn: etree._Element) -> Iterator[Expression]:
        if not _children(drawn, "input"):
            self._tell(NO_INPUT, drawn)
        for clause in _children(drawn, "input"):
            if (expression := self._expression(_children(clause, "inputExpression")[0])) is not None:
                yield expression

    def _expression(self, node: etree._Element) -> Expression | None:
        try:
            return compile_expression(_text(node))
        except Invalid as error:
            self._tell(Broken("bpmn-expression", error.sentence.template), node, **error.sentence.values)
            return None

    def _rules(self, drawn: etree._Element) -> Iterator[Rule]:
        outputs, width, rules = (len(_children(drawn, "output")), len(_children(drawn, "input")), _children(drawn, "rule"))
        if outputs != 1:
            self._tell(ONE_OUTPUT, drawn, found=outputs)
        if not rules:
            self._tell(NO_RULES, drawn)
        if len(rules) > MAX_RULES:
            self._tell(TOO_MANY_RULES, drawn, found=len(rules), limit=MAX_RULES)
            return
        for node in rules:
            cells = tuple(cell for entry in _children(node, "inputEntry") if (cell := self._cell(entry)) is not None)
            found = len(_children(node, "inputEntry"))
            if found != width:
                self._tell(CELLS, node, found=found, expected=width)
            output = self._output(node)
            if output is not None:
                yield Rule(node.get("id", ""), line_of(node), cells, output)

    def _cell(self, node: etree._Element) -> Cell | None:
        try:
            return read_cell(_text(node))
        except Invalid as error:
            self._tell(Broken("dmn-cell", error.sentence.template), node, **error.sentence.values)
            return None

    def _output(self, rule: etree._Element) -> Value | None:
        """One constant, as a cell would name it."""
        texts = [_text(entry) for entry in _children(rule, "outputEntry")]
        try:
            cell = read_cell(texts[0]) if len(texts) == 1 else Cell("")
        except Invalid:
            cell = Cell("")
        only = cell.tests[0] if len(cell.tests) == 1 and not cell.negated else None
        if isinstance(only, Equal) and not isinstance(only.value, float):
            return only.value
        self._tell(NOT_A_CONSTANT, rule, found=", ".join(texts))
        return None


def _rests_on_another(node: etree._Element) -> bool:
    """A drawn input is a picture of what the table asks for; a drawn decision would have to be asked first."""
    return _name(node) == "informationRequirement" and bool(_children(node, "requiredDecision"))


def _children(node: etree._Element, name: str) -> list[etree._Element]:
    namespace = etree.QName(node).namespace
    return [child for child in node if child.tag == f"{{{namespace}}}{name}"]


def _name(node: etree._Element) -> str:
    return etree.QName(node).localname


def _text(node: etree._Element) -> str:
    texts = _children(node, "text")
    return (texts[0].text or "").strip() if texts else ""
