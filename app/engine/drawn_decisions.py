"""Decision tables as they are drawn, to be shown whatever the checks say of them; which tasks ask them; and new ones."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from app.domain.decisions import HitPolicy
from app.domain.moves import Bundle
from app.domain.passport import Passport
from app.domain.text import Text
from app.domain.unary_tests import Value
from app.engine.decisions import read_tables
from app.engine.entry import safe_tree
from app.engine.extension import attribute, label_of
from app.engine.graph import Scope
from app.engine.lint import flags_of, read_diagrams

_DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


@dataclass(frozen=True, slots=True)
class DrawnRule:
    id: str
    cells: tuple[str, ...]
    answers: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DrawnDecision:
    """Everything is as it is written; an input is its label, where it has one, and its expression. A decision without a table
    has no inputs, outputs and rules."""

    id: str
    name: str
    hit_policy: str
    inputs: tuple[tuple[str, str], ...]
    outputs: tuple[str, ...]
    rules: tuple[DrawnRule, ...]
    is_table: bool


@dataclass(frozen=True, slots=True)
class AskingTask:
    """A business rule task that asks a decision."""

    file: str
    id: str
    label: Text


def drawn_decisions(name: str, content: bytes) -> tuple[DrawnDecision, ...] | None:
    """None for a file that cannot be read."""
    root = safe_tree(name, content)
    return None if root is None else tuple(map(_decision, root.iterdescendants("{*}decision")))


def _decision(node: etree._Element) -> DrawnDecision:
    table = next(node.iterchildren("{*}decisionTable"), None)
    identity = str(node.get("id", ""))
    name = str(node.get("name") or identity)
    if table is None:
        return DrawnDecision(identity, name, "", (), (), (), is_table=False)
    return DrawnDecision(
        id=identity,
        name=name,
        hit_policy=str(table.get("hitPolicy", HitPolicy.UNIQUE.value)),
        inputs=tuple(
            (str(each.get("label", "")), "".join(_texts(each, "inputExpression"))) for each in table.iterchildren("{*}input")
        ),
        outputs=tuple(str(each.get("label") or each.get("name", "")) for each in table.iterchildren("{*}output")),
        rules=tuple(map(_rule, table.iterchildren("{*}rule"))),
        is_table=True,
    )


def _rule(node: etree._Element) -> DrawnRule:
    cells, answers = tuple(_texts(node, "inputEntry")), tuple(_texts(node, "outputEntry"))
    return DrawnRule(node.get("id", ""), cells, answers, tuple(text for text in _texts(node, "annotationEntry") if text))


def _texts(node: etree._Element, name: str) -> Iterator[str]:
    for each in node.iterchildren(f"{{*}}{name}"):
        yield next((text.text or "" for text in each.iterchildren("{*}text")), "").strip()


def asking_tasks(bundle: Bundle) -> Mapping[str, tuple[AskingTask, ...]]:
    """The tasks of the bundle's diagrams, by the id of the decision they ask."""
    found: dict[str, tuple[AskingTask, ...]] = {}
    for scope, node in _business_rules(read_diagrams(bundle)[0].scopes):
        asked = attribute(node, "decision", "ref")
        if asked is not None:
            found[asked] = (*found.get(asked, ()), AskingTask(scope.file, node.get("id", ""), label_of(node)))
    return found


def _business_rules(scopes: Collection[Scope]) -> Iterator[tuple[Scope, etree._Element]]:
    return ((scope, node) for scope in scopes for node in scope.tagged("businessRuleTask"))


def flags_known(bundle: Bundle, passport: Passport | None) -> Mapping[str, frozenset[Value]]:
    """The flags an expression of this bundle may name, each with the values it can have (empty: any)."""
    return flags_of(read_diagrams(bundle)[0], read_tables(bundle), passport)


def new_decision(identity: str, name: str, inputs: Sequence[str], output: str) -> bytes:
    """A DMN file with one table that has one rule, still without an answer; written as the editor writes it."""
    content = f'<definitions xmlns="{_DMN}" namespace="urn:rasim:dmn:1" />'
    root = etree.fromstring(content)
    root.set("id", f"{identity}_file")
    root.set("name", name)
    decision = _part(root, "decision", identity, name=name)
    table = _part(decision, "decisionTable", f"{identity}_table")
    for number, flag in enumerate(inputs, 1):
        clause = _part(table, "input", f"{identity}_input_{number}", label=flag)
        _text(_part(clause, "inputExpression", f"{identity}_asks_{number}"), flag)
    _part(table, "output", f"{identity}_output", name=identity, label=output)
    rule = _part(table, "rule", f"{identity}_rule_1")
    for number in range(1, len(inputs) + 1):
        _text(_part(rule, "inputEntry", f"{identity}_cell_{number}"), "-")
    _text(_part(rule, "outputEntry", f"{identity}_answer"), "")
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _tag(name: str) -> str:
    return f"{{{_DMN}}}{name}"


def _part(parent: etree._Element, kind: str, identity: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, _tag(kind), {"id": identity, **attributes})


def _text(parent: etree._Element, text: str) -> None:
    etree.SubElement(parent, _tag("text")).text = text
