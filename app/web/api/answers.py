"""Answers sent are answers to the fields there are, each of the kind of its field. Whether they are right is not asked here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from app.domain.errors import Invalid, Problem, problem
from app.domain.passport import Field, FieldType, Form
from app.domain.text import Text
from app.web.api.faults import MISSHAPEN
from app.web.api.problems import pointer

Answers = Mapping[str, Mapping[str, Any]]

CHECKED = {name: Field(name, Text(name), FieldType.TEXT) for name in ("document", "state", "expires_on")}
"""What a row of a checklist says of a document."""


def check_forms(forms: Iterable[Form], answers: Answers) -> None:
    """Raises Invalid for a form or field that is not asked for, and for a value that is none of its field."""
    known = {form.id: form for form in forms}
    _refuse([wrong for form, fields in answers.items() for wrong in _in_form(known.get(form), fields, f"#/answers/{form}")])


def check_form(form: Form | None, answers: Mapping[str, Any]) -> None:
    """As `check_forms`, for the one form of a step."""
    if form is not None or answers:
        _refuse(list(_in_form(form, answers, "#/answers")))


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise Invalid(MISSHAPEN, problems=problems)


def _in_form(form: Form | None, answers: Mapping[str, Any], place: str) -> Iterator[Problem]:
    if form is None:
        yield problem(place, "There is no such form here.")
        return
    fields = {field.id: field for field in form.fields if field.type is not FieldType.STATEMENT}
    for name, value in answers.items():
        if name not in fields:
            yield problem(f"{place}/{_escaped(name)}", "The form has no such field.")
        else:
            yield from _in_field(fields[name], value, f"{place}/{name}")


def _in_field(asked: Field, value: Any, place: str) -> Iterator[Problem]:
    match asked.type:
        case FieldType.CHECKBOX if not isinstance(value, bool):
            yield problem(place, "“true” or “false” is expected, without quotes.")
        case FieldType.TABLE:
            yield from _in_table({column.id: column for column in asked.columns}, value, place)
        case FieldType.CHECKLIST:
            yield from _in_table(CHECKED, value, place)
        case FieldType.GROUNDS if not (isinstance(value, list) and all(isinstance(each, str) for each in value)):
            yield problem(place, "A list of grounds by their ids is expected.")
        case FieldType.CHECKBOX | FieldType.GROUNDS:
            return
        case _ if not isinstance(value, str):
            yield problem(place, "Text is expected.")


def _in_table(columns: Mapping[str, Field], value: Any, place: str) -> Iterator[Problem]:
    if not (isinstance(value, list) and all(isinstance(row, Mapping) for row in value)):
        yield problem(place, "A list of rows is expected.")
        return
    for number, row in enumerate(value):
        for name, cell in row.items():
            if name not in columns:
                yield problem(f"{place}/{number}/{_escaped(name)}", "The table has no such column.")
            else:
                yield from _in_field(columns[name], cell, f"{place}/{number}/{name}")


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


@contextmanager
def places_in_the_body() -> Iterator[None]:
    """A step has one form, whose fields stand in the body at once: `form.field` is `#/answers/field`."""
    try:
        yield
    except Invalid as error:
        problems = [
            Problem(pointer(f"answers.{each.place.partition('.')[2] or each.place}"), each.sentence) for each in error.problems
        ]
        raise Invalid(error.sentence.template, problems=problems, **error.sentence.values) from error
