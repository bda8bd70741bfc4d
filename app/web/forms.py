"""Forms of a passport as a page shows them, and what was submitted read back as answers.

Every input is named by its place, `<form id>.<field id>` or `<form id>.<table id>[row].<column id>`: the same words by
which `Invalid.problems` names it. Nothing is judged here; what was typed is kept as it was typed.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from werkzeug.datastructures import MultiDict

from app.domain.answers import is_visible, names_of
from app.domain.errors import Problem, Sentence
from app.domain.expressions import compile_expression
from app.domain.passport import Field, FieldType, Form, Ground
from app.domain.text import Text
from app.domain.views import Person

Answers = Mapping[str, Any]  # field id → value

ANY_ROW = "{row}"  # in the names of a table's pattern row; the browser puts the number


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: Text | str
    note: Text | str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """One field ready to be drawn."""

    asked: Field
    name: str
    value: Any
    problems: tuple[Sentence, ...] = ()
    visible: bool = True
    shown_when: str = ""  # JSON for the browser: input name → values that show this field
    choices: tuple[Choice, ...] = ()
    rows: tuple[tuple[Input, ...], ...] = ()
    pattern_row: tuple[Input, ...] = ()

    @property
    def type(self) -> str:
        return self.asked.type.value

    @property
    def described_by(self) -> str:
        """Ids of the hint and the problem, for aria-describedby."""
        parts = ((self.asked.hint, "hint"), (self.problems, "problem"))
        return " ".join(f"{self.name}-{suffix}" for present, suffix in parts if present)


@dataclass(frozen=True, slots=True)
class FormView:
    """A form with its answers and problems.

    `outcome` is the button of the step already chosen; while it is None, fields that depend on it are shown.
    `blank_row_in` names a table that gets one empty row more.
    """

    form: Form
    answers: Answers
    problems: Sequence[Problem] = ()
    variant: str = ""
    outcome: str | None = None
    grounds: Sequence[Ground] = ()
    people: Sequence[Person] = ()
    blank_row_in: str | None = None

    @property
    def inputs(self) -> tuple[Input, ...]:
        return tuple(self._input(asked) for asked in self.form.fields)

    def name(self, field_id: str) -> str:
        return f"{self.form.id}.{field_id}"

    def _input(self, asked: Field) -> Input:
        name = self.name(asked.id)
        return Input(
            asked=asked,
            name=name,
            value=self.answers.get(asked.id, ""),
            problems=self._problems_at(name),
            visible=self._visible(asked),
            shown_when=self._shown_when(asked),
            choices=self._choices(asked),
            rows=self._rows(asked, name),
            pattern_row=self._cells(asked, name, ANY_ROW, {}),
        )

    def _problems_at(self, name: str) -> tuple[Sentence, ...]:
        return tuple(problem.sentence for problem in self.problems if problem.place == name)

    def _visible(self, asked: Field) -> bool:
        if asked.visible_when and self.outcome is None and "outcome" in compile_expression(asked.visible_when).names:
            return True
        return is_visible(asked, names_of(self.form, self.answers, variant=self.variant, outcome=self.outcome or ""))

    def _shown_when(self, asked: Field) -> str:
        return browser_condition(asked.visible_when, self.form)

    def _choices(self, asked: Field) -> tuple[Choice, ...]:
        match asked.type:
            case FieldType.CHOICE:
                return tuple(Choice(option.id, option.label) for option in asked.options)
            case FieldType.GROUNDS:
                return tuple(Choice(g.id, g.label, g.paragraph) for g in self.grounds if g.stage is asked.stage)
            case FieldType.PERSON:
                return tuple(Choice(p.id, p.name, p.position) for p in self.people)
            case _:
                return ()

    def _rows(self, asked: Field, name: str) -> tuple[tuple[Input, ...], ...]:
        if asked.type is not FieldType.TABLE:
            return ()
        rows = [row for row in self.answers.get(asked.id) or () if isinstance(row, Mapping)]
        if not rows or self.blank_row_in == name:
            rows.append({})
        return tuple(self._cells(asked, name, str(number), row) for number, row in enumerate(rows))

    def _cells(self, asked: Field, name: str, number: str, row: Answers) -> tuple[Input, ...]:
        places = ((column, f"{name}[{number}].{column.id}") for column in asked.columns)
        return tuple(
            Input(
                asked=column,
                name=place,
                value=row.get(column.id, ""),
                problems=self._problems_at(place),
                choices=self._choices(column),
            )
            for column, place in places
        )


def browser_condition(expression: str | None, form: Form) -> str:
    """The condition as JSON if it only compares fields of the form (or the outcome) with constants, else nothing.

    Whatever is left out here is decided by the server at the next save.
    """
    if expression is None:
        return ""
    known = {field.id: f"{form.id}.{field.id}" for field in form.fields} | {"outcome": "outcome"}
    plain = _comparisons(expression)
    if plain is None or not all(name in known for name, _ in plain):
        return ""
    return json.dumps({known[name]: list(values) for name, values in plain}, ensure_ascii=False)


@lru_cache(maxsize=512)
def _comparisons(expression: str) -> tuple[tuple[str, tuple[Any, ...]], ...] | None:
    """`a == "x" and b in ("y", "z") and c` as names with the values that hold, or None for anything more."""
    tree = ast.parse(expression.strip(), mode="eval").body
    parts = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]
    found = [_comparison(part) for part in parts]
    return None if any(one is None for one in found) else tuple(one for one in found if one is not None)


def _comparison(tree: ast.expr) -> tuple[str, tuple[Any, ...]] | None:
    match tree:
        case ast.Name(id=name):
            return name, (True,)
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Eq()], comparators=[ast.Constant(value=value)]):
            return name, (value,)
        case ast.Compare(left=ast.Name(id=name), ops=[ast.In()], comparators=[ast.Tuple(elts=elements)]):
            values = tuple(element.value for element in elements if isinstance(element, ast.Constant))
            return (name, values) if len(values) == len(elements) else None
        case _:
            return None


# --- Reading back --------------------------------------------------------------------------------------------------


def read_answers(form: Form, submitted: MultiDict[str, str]) -> dict[str, Any]:
    """Everything submitted for this form, as typed. Rows of a table in which nothing stands are left out."""
    read: dict[str, Any] = {}
    for asked in form.fields:
        name = f"{form.id}.{asked.id}"
        match asked.type:
            case FieldType.STATEMENT:
                continue
            case FieldType.TABLE:
                read[asked.id] = _read_rows(asked, name, submitted)
            case FieldType.GROUNDS:
                read[asked.id] = submitted.getlist(name)
            case _:
                read[asked.id] = _read_value(asked, name, submitted)
    return read


def _read_value(asked: Field, name: str, submitted: MultiDict[str, str]) -> Any:
    if asked.type is FieldType.CHECKBOX:
        return name in submitted
    return submitted.get(name, "").replace("\r\n", "\n")


def _read_rows(asked: Field, name: str, submitted: MultiDict[str, str]) -> list[dict[str, Any]]:
    cell = re.compile(re.escape(name) + r"\[(\d{1,6})\]\.")
    numbers = sorted({int(found[1]) for key in submitted if (found := cell.match(key))})
    rows = [
        {column.id: _read_value(column, f"{name}[{number}].{column.id}", submitted) for column in asked.columns}
        for number in numbers
    ]
    return [row for row in rows if any(value not in ("", False) for value in row.values())]


def without_row(answers: Mapping[str, Answers], place: str) -> dict[str, dict[str, Any]]:
    """The answers without the row at `<form id>.<table id>[row]`; unchanged if there is none."""
    changed = {form_id: dict(values) for form_id, values in answers.items()}
    found = re.fullmatch(r"([^.]+)\.([^.\[]+)\[(\d{1,6})\]", place)
    if found and isinstance(rows := changed.get(found[1], {}).get(found[2]), list):
        changed[found[1]][found[2]] = [row for number, row in enumerate(rows) if number != int(found[3])]
    return changed


# --- The summary of problems ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One problem of the summary: `anchor` is the id of the input, "" where the page has none."""

    anchor: str
    labels: tuple[Text, ...]
    row: int | None  # from 1
    sentence: Sentence


def summary(problems: Iterable[Problem], forms: Iterable[Form], others: Container[str] = ()) -> tuple[SummaryLine, ...]:
    """What is wrong, in the order found, each with the words of its field.

    `others` are further places of the page that can be linked to; their sentences name the thing themselves.
    """
    labels: dict[str, Text] = {}
    cells: dict[str, Text] = {}
    for form in forms:
        for asked in form.fields:
            labels[f"{form.id}.{asked.id}"] = asked.label
            cells.update({f"{form.id}.{asked.id}.{column.id}": column.label for column in asked.columns})
    return tuple(_summary_line(problem, labels, cells, others) for problem in problems)


def _summary_line(problem: Problem, labels: Mapping[str, Text], cells: Mapping[str, Text], others: Container[str]) -> SummaryLine:
    if label := labels.get(problem.place):
        return SummaryLine(problem.place, (label,), None, problem.sentence)
    if found := re.fullmatch(r"(.+)\[(\d+)\]\.([^.]+)", problem.place):
        parts = (labels.get(found[1]), cells.get(f"{found[1]}.{found[3]}"))
        return SummaryLine(problem.place, tuple(p for p in parts if p), int(found[2]) + 1, problem.sentence)
    return SummaryLine(problem.place if problem.place in others else "", (), None, problem.sentence)
