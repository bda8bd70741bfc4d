"""A filled-in form as a letter prints it: which fields appear, which stand together, each value in words, tables that fit.

What was filled in appears, and of the rest what whoever filled in the form could see. Persons of the provider and grounds of
refusal do not: a letter names its signatory, and lists the grounds with their wording.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from app.domain.answers import is_visible, names_of
from app.domain.passport import Field, FieldType, Form
from app.gateways.letter_words import amount, day

Row = Mapping[str, Any]

NOTHING = "—"
_NEVER = frozenset({FieldType.PERSON, FieldType.GROUNDS, FieldType.CHECKLIST})
_KINDS = {FieldType.TABLE: "table", FieldType.STATEMENT: "statement", FieldType.CHECKBOX: "agreed"}
_YES = {"kk": "иә", "ru": "да"}


@dataclass(frozen=True, slots=True)
class Block:
    """Neighbouring fields printed in one manner: "lines" of label and value, "agreed" and other "statement"s, one "table"."""

    kind: str
    fields: tuple[Field, ...]


def blocks(form: Form, given: Row, variant: str) -> list[Block]:
    """The fields that appear, in the form's order."""
    names = names_of(form, given, variant=variant, outcome="")
    shown = [f for f in form.fields if f.type not in _NEVER and (f.id in given or is_visible(f, names))]
    found: list[Block] = []
    for kind, fields in groupby(shown, lambda field: _KINDS.get(field.type, "lines")):
        together = tuple(fields)
        found += [Block(kind, (field,)) for field in together] if kind == "table" else [Block(kind, together)]
    return found


def said(field: Field, value: Any, language: str) -> str:
    """A value in words: the label of what was chosen, a date written out; a dash where nothing was filled in."""
    if value in (None, "", False):
        return NOTHING
    match field.type:
        case FieldType.CHOICE:
            return next(option.label.in_language(language) for option in field.options if option.id == value)
        case FieldType.DATE:
            return day(value, language)
        case FieldType.NUMBER:
            return amount(value)
        case FieldType.CHECKBOX:
            return _YES[language]
    return str(value)


def cell(column: Field, value: Any, languages: Sequence[str]) -> str:
    """A value as short as it can be said, so that one cell may serve both languages."""
    if column.type is FieldType.DATE and value:
        return date.fromisoformat(value).strftime("%d.%m.%Y")
    return " / ".join(dict.fromkeys(said(column, value, language) for language in languages))


# --- Tables --------------------------------------------------------------------------------------------------------

_PORTRAIT, _LANDSCAPE, _DENSE = 88, 134, 160  # letters beside each other: upright, across the sheet, and there in smaller print
_PADDING = 2  # of a column, in letters
_BROKEN = 14  # a longer word is broken rather than given so wide a column
_LONG = 16  # rows from which on a table stands on pages of its own, once for both languages


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table goes onto paper. `widths` are percents, of the number of the row first."""

    widths: tuple[float, ...]
    is_wide: bool  # lies across the sheet
    is_dense: bool  # in smaller print
    stands_apart: bool  # on pages of its own, printed once


def layout(table: Field, rows: Sequence[Row]) -> Layout:
    """Each column is given its longest word, and what is left goes to those with the longer texts."""
    needs = [_need(column, rows) for column in table.columns]
    number = len(str(len(rows))) + _PADDING
    least = [word + _PADDING for word, _ in needs]
    best = [max(word, text) + _PADDING for word, text in needs]
    is_wide, is_dense = number + sum(best) > _PORTRAIT, number + sum(best) > _LANDSCAPE
    room = (_DENSE if is_dense else _LANDSCAPE if is_wide else _PORTRAIT) - number
    share = min(1.0, max(0.0, room - sum(least)) / (sum(best) - sum(least) or 1))
    widths = [low + share * (high - low) for low, high in zip(least, best, strict=True)]
    stretch = room / sum(widths)
    return Layout(
        widths=tuple(round(100 * width / (room + number), 2) for width in (number, *(width * stretch for width in widths))),
        is_wide=is_wide,
        is_dense=is_dense,
        stands_apart=is_wide or len(rows) >= _LONG,
    )


def _need(column: Field, rows: Sequence[Row]) -> tuple[float, float]:
    """In letters: the longest word, and the width at which the longest text makes a few lines."""
    texts = [column.label.kk, column.label.ru, *(cell(column, row.get(column.id), ("kk", "ru")) for row in rows)]
    word = max((len(word) for text in texts for word in text.split()), default=0)
    whole = max(map(len, texts[2:]), default=0)
    return min(word, _BROKEN), min(whole, 2.5 * whole**0.5)
