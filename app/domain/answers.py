"""Checks what a person filled in against a form of the passport, and gives it back in one clean shape.

Clean values are JSON: text for text, numbers and dates (ISO), true/false for a checkbox, a list of ids for grounds, a list of
rows for a table. Hidden fields leave no value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.domain.errors import Invalid, Problem, problem
from app.domain.expressions import compile_expression
from app.domain.numbers import check_bin, check_iin, is_entity_number
from app.domain.passport import Channel, DocumentRule, Field, FieldType, Form, Passport, Purpose, Source, Variant
from app.domain.text import Text

LONGEST_TEXT = 20_000
MOST_ROWS = 5_000

ALWAYS = "always"

Names = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Checked:
    values: dict[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def names_of(form: Form, given: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """What an expression over a form may name: its fields (empty where nothing was typed) and what is passed besides."""
    empty = {f.id: False if f.type is FieldType.CHECKBOX else "" for f in form.fields}
    return {**empty, **given, **more}


def application_names(
    passport: Passport, answers: Mapping[str, Mapping[str, Any]], *, variant: str, channel: str, paid: str
) -> dict[str, Any]:
    """What an expression over a whole application may name, wherever the passport has one (documents, look-ups, consultations,
    decisions): the fields of its form, `variant`, `channel`, and how the fee was `paid`."""
    form = passport.application
    return names_of(form, answers.get(form.id, {}), variant=variant, channel=channel, paid=paid)


def holds(condition: str, names: Names) -> bool:
    """A condition of the passport: "always", or an expression over these names."""
    return condition == ALWAYS or bool(compile_expression(condition).evaluate(names))


def is_visible(asked: Field, names: Names) -> bool:
    return asked.visible_when is None or holds(asked.visible_when, names)


def documents_in(variant: Variant, channel: str) -> tuple[DocumentRule, ...]:
    """The documents that an applicant coming this way may have to hand in."""
    own = (rule for rule in variant.documents if rule.source is Source.APPLICANT)
    return tuple(rule for rule in own if not rule.channels or Channel(channel) in rule.channels)


def proves_payment(rule: DocumentRule) -> bool:
    """Whether the document is a bank's receipt: it is asked for depending on how the fee was paid."""
    return not rule.always and "paid" in compile_expression(rule.required).names


def signed_by_hand(channel: str) -> bool:
    """What is handed in at the provider's office is printed and signed on paper; every other way is signed electronically."""
    return channel == Channel.PROVIDER_OFFICE.value


def forms_for(passport: Passport, rules: Iterable[DocumentRule]) -> tuple[Form, ...]:
    """What the applicant fills in for these documents: the request itself first, then every other form once."""
    filled_in = (Purpose.APPLICATION, Purpose.SUPPORTING)
    ids = dict.fromkeys((passport.application.id, *(rule.form for rule in rules if rule.form is not None)))
    return tuple(form for form in map(passport.form, ids) if form.purpose in filled_in)


def check_answers(passport: Passport, form: Form, given: Mapping[str, Any], *, variant: str, outcome: str = "") -> Checked:
    """Every visible field checked; all problems at once, each at `<form id>.<field id>` or `….<table>[row].<column>`."""
    given = {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
    names = names_of(form, given, variant=variant, outcome=outcome)  # compared as they are kept: no blank hides a field
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for asked in form.fields:
        if asked.type is FieldType.STATEMENT or not is_visible(asked, names):
            continue
        place = f"{form.id}.{asked.id}"
        try:
            value = _checked(passport, asked, given.get(asked.id), place, variant)
        except Invalid as error:
            problems.extend(error.problems or [Problem(place, error.sentence)])
            continue
        if value not in (None, "", []):
            values[asked.id] = value
    return Checked(values, tuple(problems))


def _checked(passport: Passport, asked: Field, given: Any, place: str, variant: str) -> Any:
    if asked.type is FieldType.CHECKBOX:
        if asked.required and given is not True:
            raise Invalid("This has to be confirmed.")
        return bool(given)
    if given in (None, "", []) or (isinstance(given, str) and not given.strip()):
        if asked.required:
            raise Invalid(_MISSING.get(asked.type, "This has to be filled in."))
        return None
    if asked.type is FieldType.TABLE:
        return _table(passport, asked, given, place, variant)
    if asked.type is FieldType.GROUNDS:
        return _grounds(passport, asked, given, variant)
    if asked.type is FieldType.CHECKLIST:
        return given  # what the list has to hold depends on the whole application: see `app.domain.checklist`
    return _SIMPLE.get(asked.type, _text)(asked, str(given).strip())


_MISSING = {
    FieldType.GROUNDS: "Choose at least one ground.",
    FieldType.PERSON: "Choose a person.",
    FieldType.CHOICE: "Choose one.",
    FieldType.TABLE: "Fill in at least one row.",
    FieldType.CHECKLIST: "Say of every document whether it is there.",
}


def _text(asked: Field, given: str) -> str:
    if len(given) > LONGEST_TEXT:
        raise Invalid("At most %(most)s characters are taken; found %(found)s.", most=LONGEST_TEXT, found=len(given))
    if asked.pattern and not re.fullmatch(asked.pattern, given):
        hint = asked.hint or Text(asked.pattern)
        raise Invalid("“%(found)s” does not have the form asked for: %(hint)s", found=given, hint=hint)
    return given


_AMOUNT = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,9})?")


def _number(_asked: Field, given: str) -> str:
    """Digits written out: an exponent of a few letters would otherwise be kept as gigabytes of noughts."""
    number = "".join(given.split()).replace(",", ".")
    if _AMOUNT.fullmatch(number):
        return number
    if number.startswith("-"):
        raise Invalid("A number of zero or more is expected; found “%(found)s”.", found=given)
    raise Invalid("A number is expected; found “%(found)s”.", found=given)


def _date(_asked: Field, given: str) -> str:
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError as error:
        raise Invalid("A date is expected (year-month-day); found “%(found)s”.", found=given) from error


def _choice(asked: Field, given: str) -> str:
    if given not in {option.id for option in asked.options}:
        raise Invalid("“%(found)s” is not one of the choices.", found=given)
    return given


_SIMPLE: dict[FieldType, Callable[[Field, str], str]] = {
    FieldType.TEXT: _text,
    FieldType.MULTILINE: _text,
    FieldType.PERSON: _text,
    FieldType.RESOLUTION: _text,
    FieldType.IIN: lambda _asked, given: check_iin(given),
    FieldType.BIN: lambda _asked, given: check_bin(given),
    FieldType.IIN_OR_BIN: lambda _asked, given: (check_bin if is_entity_number("".join(given.split())) else check_iin)(given),
    FieldType.NUMBER: _number,
    FieldType.DATE: _date,
    FieldType.CHOICE: _choice,
}


def _grounds(passport: Passport, asked: Field, given: Any, variant: str) -> list[str]:
    if asked.stage is None:
        raise Invalid("The field '%(field)s' does not say of which stage its grounds are.", field=asked.id)
    allowed = {ground.id for ground in passport.grounds_for(variant, asked.stage)}
    chosen = [given] if isinstance(given, str) else list(given)
    for ground in chosen:
        if ground not in allowed:
            raise Invalid("“%(found)s” is no ground of refusal in force for this application.", found=ground)
    return list(dict.fromkeys(chosen))


def _table(passport: Passport, asked: Field, given: Any, place: str, variant: str) -> list[dict[str, Any]]:
    rows = [row for row in given if isinstance(row, Mapping) and any(str(v).strip() for v in row.values())]
    if asked.required and not rows:
        raise Invalid(_MISSING[FieldType.TABLE])
    if len(rows) > MOST_ROWS:
        raise Invalid("At most %(most)s rows are taken; found %(found)s.", most=MOST_ROWS, found=len(rows))
    problems: list[Problem] = []
    clean = [dict(_row(passport, asked, row, f"{place}[{n}]", variant, problems)) for n, row in enumerate(rows)]
    if problems:
        raise Invalid("Some rows have mistakes.", problems=problems)
    return clean


def _row(
    passport: Passport, asked: Field, row: Mapping[str, Any], place: str, variant: str, problems: list[Problem]
) -> Iterator[tuple[str, Any]]:
    for column in asked.columns:
        try:
            value = _checked(passport, column, row.get(column.id), f"{place}.{column.id}", variant)
        except Invalid as error:
            problems.append(problem(f"{place}.{column.id}", error.sentence.template, **error.sentence.values))
            continue
        if value is not None:
            yield column.id, value
