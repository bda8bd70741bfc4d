"""Sentences kept as JSON, so that whoever reads them later reads them in his own language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.domain.errors import Sentence
from app.domain.text import Text


def as_data(sentence: Sentence) -> dict[str, Any]:
    """The template and its values: texts in all languages, moments and days in ISO, sentences within sentences as these are."""
    return {"template": sentence.template, "values": {name: _plain(value) for name, value in sentence.values.items()}}


def _plain(value: Any) -> Any:
    match value:
        case Sentence():
            return as_data(value)
        case Text():
            return {"kk": value.kk, "ru": value.ru, "en": value.en}
        case datetime() | date():
            return value.isoformat()
        case bool() | int() | str():
            return value
        case _:
            return str(value)


def sentence_from(data: Mapping[str, Any]) -> Sentence:
    """The sentence as it was kept; moments and days stay ISO texts, which pages say as moments."""
    return Sentence(data["template"], {name: _value_from(value) for name, value in data["values"].items()})


def _value_from(kept: Any) -> Any:
    if not isinstance(kept, Mapping):
        return kept
    return sentence_from(kept) if "template" in kept else Text(**kept)
