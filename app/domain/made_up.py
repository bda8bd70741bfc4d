"""Made-up answers: a form filled in by the passport alone, so that whoever tries a service says only what the trial is about.

Every field that shows gets a value of its type that passes the checks; a choice takes its first option. What is given (by the
id of the field) comes first. A field that wants a certain form for which there is no sample stays as its label, and the checks
say so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.domain.answers import is_visible, names_of
from app.domain.checklist import Line
from app.domain.numbers import with_check_digit
from app.domain.passport import DocumentState, Field, FieldType, Form, Passport

IIN = with_check_digit("99123150001")
"""Of a birth on 31.12.2099: nobody's."""
BIN = with_check_digit("99124000001")

_SAMPLES = ("0123456789", "01010101010", "10:20", "2026", "0123", "+77010000000", "A1234567", "KZ0000001234", "1")
"""What to try where the field wants a certain form."""
_ENTITY = "legal-entity"

COPIES = {
    "application/pdf": ("copy.pdf", b"%PDF-1.7\n% a copy\n"),
    "application/vnd.ms-excel": ("copy.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
}
"""A file of each type that documents ask for."""

Given = Mapping[str, Any]


def filled(
    passport: Passport, form: Form, *, variant: str, known: Given, given: Given, outcome: str = "", people: Iterable[str] = ()
) -> dict[str, Any]:
    """Every visible field of the form. `known` are values by prefill ("applicant.name", "today"), `people` ids to choose from."""
    sample = _sampler(passport, variant, known, tuple(people))
    values: dict[str, Any] = {}
    while True:
        names = names_of(form, values, variant=variant, outcome=outcome)
        shown = [f for f in form.fields if f.type is not FieldType.STATEMENT and is_visible(f, names)]
        fresh = {f.id: given[f.id] if f.id in given else sample(f) for f in shown}
        if fresh == values:
            return values
        values = fresh


def _sampler(passport: Passport, variant: str, known: Given, people: tuple[str, ...]) -> Callable[[Field], Any]:
    def text(field: Field) -> str:
        if field.pattern is None:
            return field.label.kk
        return next((each for each in _SAMPLES if re.fullmatch(field.pattern, each)), field.label.kk)

    def grounds(field: Field) -> list[str]:
        return [ground.id for ground in passport.grounds if ground.stage is field.stage and variant in ground.variants][:1]

    def choice(field: Field) -> str:
        options = [option.id for option in field.options]
        return _ENTITY if _ENTITY in options and known["applicant.bin"] else options[0]

    by_type: dict[FieldType, Callable[[Field], Any]] = {
        FieldType.TEXT: text,
        FieldType.MULTILINE: text,
        FieldType.RESOLUTION: text,
        FieldType.IIN: lambda _: IIN,
        FieldType.BIN: lambda _: BIN,
        FieldType.IIN_OR_BIN: lambda _: BIN,
        FieldType.NUMBER: lambda _: "3",
        FieldType.DATE: lambda _: known["today"],
        FieldType.CHECKBOX: lambda field: field.required,
        FieldType.CHOICE: choice,
        FieldType.TABLE: lambda field: [{column.id: sample(column) for column in field.columns}],
        FieldType.GROUNDS: grounds,
        FieldType.PERSON: lambda _: next(iter(people), ""),
        FieldType.CHECKLIST: lambda _: [],  # always given, see `found_by`
    }

    def sample(field: Field) -> Any:
        return known.get(field.prefill or "") or by_type[field.type](field)

    return sample


def found_by(asked: Field, lines: Iterable[Line], outcome: str) -> list[dict[str, str]]:
    """A check of completeness as the outcome wants it: what only a person can see is there, and for an outcome that needs
    something lacking the first document is absent."""
    states = {line.rule.id: line.offered or DocumentState.PRESENT for line in lines}
    if outcome in asked.passes:
        states = {name: DocumentState.PRESENT if state is DocumentState.ABSENT else state for name, state in states.items()}
    elif outcome in asked.fails and states and DocumentState.ABSENT not in states.values():
        states[next(iter(states))] = DocumentState.ABSENT
    return [{"document": name, "state": state.value} for name, state in states.items()]
