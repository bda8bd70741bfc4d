"""Forms of a passport as a page shows them, and what was submitted read back as answers.

Every input is named by its place, `<form id>.<field id>` or `<form id>.<table id>[row].<column id>`: the same words by
which `Invalid.problems` names it. A table has one input more, `<form id>.<table id>[]`, with all of its rows as JSON: a page
draws `WINDOW` rows at a time, and with scripts sends nothing but this one. Nothing is judged here; what was typed is kept as it
was typed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from app.domain.answers import is_visible, names_of
from app.domain.checklist import Line
from app.domain.errors import Problem, Sentence
from app.domain.expressions import compile_expression
from app.domain.passport import Field, FieldType, Form, Ground
from app.domain.text import Text
from app.domain.views import Person
from app.web.conditions import browser_condition

Answers = Mapping[str, Any]  # field id → value

ANY_ROW = "{row}"  # in the names of a table's pattern row; the browser puts the number
WINDOW = 100  # rows of a table drawn at a time


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: Text | str
    note: Text | str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """A table ready to be drawn: the rows of its window, and all of them as the browser keeps them."""

    first: int  # the number of the first row drawn, from 0
    drawn: tuple[tuple[Input, ...], ...]
    pattern: tuple[Input, ...]
    packed: str  # JSON: a list of rows, each a list of values in the order of the columns
    problems: Mapping[str, Sequence[Sentence]]  # "row.column" → what is wrong there, in rows drawn or not


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """A document of a checklist, ready to be drawn with what was found of it so far."""

    line: Line
    name: str
    state: str
    expires_on: str
    problems: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Input:
    """One field ready to be drawn."""

    asked: Field
    name: str
    value: Any
    problems: tuple[Sentence, ...] = ()
    visible: bool = True
    shown_when: str = ""  # JSON for the browser, see app.web.conditions
    choices: tuple[Choice, ...] = ()
    rows: Rows | None = None  # of a table
    lines: tuple[CheckedLine, ...] = ()  # of a checklist

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
    checklist: Sequence[Line] = ()
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
            lines=tuple(self._checked(asked, name)) if asked.type is FieldType.CHECKLIST else (),
        )

    def _checked(self, asked: Field, name: str) -> Iterator[CheckedLine]:
        given = self.answers.get(asked.id) or ()
        rows = {row.get("document"): row for row in given if isinstance(row, Mapping)}
        for line in self.checklist:
            row, place = rows.get(line.rule.id, {}), f"{name}[{line.rule.id}]"
            yield CheckedLine(line, place, row.get("state", ""), row.get("expires_on", ""), self._problems_at(place))

    def _problems_at(self, name: str) -> tuple[Sentence, ...]:
        return tuple(problem.sentence for problem in self.problems if problem.place == name)

    def _visible(self, asked: Field) -> bool:
        if asked.visible_when and self.outcome is None and "outcome" in compile_expression(asked.visible_when).names:
            return True
        return is_visible(asked, names_of(self.form, self.answers, variant=self.variant, outcome=self.outcome or ""))

    def _shown_when(self, asked: Field) -> str:
        inputs = {field.id: self.name(field.id) for field in self.form.fields} | {"outcome": "outcome"}
        return browser_condition(asked.visible_when, inputs, {"variant": self.variant})

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

    def _rows(self, asked: Field, name: str) -> Rows | None:
        if asked.type is not FieldType.TABLE:
            return None
        rows = [row for row in self.answers.get(asked.id) or () if isinstance(row, Mapping)]
        if not rows or self.blank_row_in == name:
            rows.append({})
        wrong = self._wrong_cells(name)
        shown = len(rows) - 1 if self.blank_row_in == name else min((int(cell.partition(".")[0]) for cell in wrong), default=0)
        first = shown - shown % WINDOW
        drawn = enumerate(rows[first : first + WINDOW], start=first)
        return Rows(
            first=first,
            drawn=tuple(self._cells(asked, name, str(number), row) for number, row in drawn),
            pattern=self._cells(asked, name, ANY_ROW, {}),
            packed=json.dumps([[row.get(column.id, "") for column in asked.columns] for row in rows], ensure_ascii=False),
            problems=wrong,
        )

    def _wrong_cells(self, name: str) -> dict[str, list[Sentence]]:
        wrong: dict[str, list[Sentence]] = {}
        for problem in self.problems:
            if found := re.fullmatch(re.escape(name) + r"\[(\d+)\]\.(.+)", problem.place):
                wrong.setdefault(f"{found[1]}.{found[2]}", []).append(problem.sentence)
        return wrong

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
            case FieldType.CHECKLIST:
                read[asked.id] = _read_checklist(name, submitted)
            case _:
                read[asked.id] = _read_value(asked, name, submitted)
    return read


def _read_checklist(name: str, submitted: MultiDict[str, str]) -> list[dict[str, str]]:
    found = re.compile(re.escape(name) + r"\[([a-z0-9_]+)\]\.(state|expires_on)")
    rows: dict[str, dict[str, str]] = {}
    for key in submitted:
        if parts := found.fullmatch(key):
            rows.setdefault(parts[1], {"document": parts[1], "state": ""})[parts[2]] = submitted[key]
    return list(rows.values())


def _read_value(asked: Field, name: str, submitted: MultiDict[str, str]) -> Any:
    if asked.type is FieldType.CHECKBOX:
        return name in submitted
    return submitted.get(name, "").replace("\r\n", "\n")


def _read_rows(asked: Field, name: str, submitted: MultiDict[str, str]) -> list[dict[str, Any]]:
    """The rows as the browser packed them, with the cells sent one by one (all a browser without scripts sends) over them."""
    rows = _unpacked(asked, submitted.get(f"{name}[]", ""))
    cell = re.compile(re.escape(name) + r"\[(\d{1,6})\]\.")
    for number in sorted({int(found[1]) for key in submitted if (found := cell.match(key))}):
        sent = {column.id: _read_value(column, f"{name}[{number}].{column.id}", submitted) for column in asked.columns}
        rows[number : number + 1] = [sent]  # past the end: one row more
    return [row for row in rows if any(value not in ("", False) for value in row.values())]


def _unpacked(asked: Field, packed: str) -> list[dict[str, Any]]:
    """Rows packed as JSON; whatever in it is no row is nobody's typing and counts as nothing."""
    try:
        rows = json.loads(packed or "[]")
    except ValueError:
        return []
    wanted = len(asked.columns)
    return [
        {column.id: _cell(column, value) for column, value in zip(asked.columns, row, strict=True)}
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, list) and len(row) == wanted
    ]


def _cell(column: Field, value: Any) -> Any:
    if column.type is FieldType.CHECKBOX:
        return value is True
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""


def with_row_changed(answers: Mapping[str, Answers], action: str) -> dict[str, dict[str, Any]]:
    """The answers after a button of a row: "remove-row:", "raise-row:" or "lower-row:" and the row's place,
    `<form id>.<table id>[row]`. Unchanged if there is no such row."""
    changed = {form_id: dict(values) for form_id, values in answers.items()}
    found = re.fullmatch(r"(remove|raise|lower)-row:([^.]+)\.([^.\[]+)\[(\d{1,6})\]", action)
    if found is None or not isinstance(rows := changed.get(found[2], {}).get(found[3]), list):
        return changed
    number = int(found[4])
    if number < len(rows):
        taken, others = rows[number], rows[:number] + rows[number + 1 :]
        to = {"raise": max(0, number - 1), "lower": number + 1}.get(found[1])
        changed[found[2]][found[3]] = others if to is None else [*others[:to], taken, *others[to:]]
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
