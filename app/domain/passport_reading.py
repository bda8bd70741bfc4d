"""From plain YAML values to a `Passport`: first the shape, driven by the dataclasses themselves, then the references."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from app.domain.errors import Invalid, Problem, problem
from app.domain.passport import Channel, Fee, Passport, PaymentTime
from app.domain.passport_checks import check
from app.domain.text import LANGUAGES, Text

T = TypeVar("T")


def passport_from(data: object, file: str = "service.yaml") -> Passport:
    """Reads a passport strictly: every key known, every type right, every reference met.

    Raises Invalid that lists all problems, each at its key path such as `variants[0].documents[2].title.kk`.
    References are checked only once the shape is right, so that no problem is the echo of another.
    """
    reader = _Reader()
    passport = reader.read(Passport, data, "")
    problems = tuple(reader.problems) or check(passport)
    if problems:
        raise Invalid("The passport %(file)s is wrong.", problems, file=file)
    assert isinstance(passport, Passport)
    return passport


def values_from(kind: type[T], data: object, file: str) -> T:
    """Reads any record of typed values as strictly, from the file of that name. Raises Invalid that lists all problems."""
    reader = _Reader()
    value: T = reader.read(kind, data, "")
    if reader.problems:
        raise Invalid("The file %(file)s is wrong.", reader.problems, file=file)
    return value


@lru_cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


class _Reader:
    """Collects every problem; what could not be read comes back as None and is never used."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def read(self, kind: Any, data: object, path: str) -> Any:
        converter = _CONVERTERS.get(kind)
        if converter is not None:
            return converter(self, data, path)
        if get_origin(kind) in (Union, types.UnionType):
            (inner,) = (a for a in get_args(kind) if a is not type(None))
            return None if data is None else self.read(inner, data, path)
        if get_origin(kind) is tuple:
            return self._sequence(get_args(kind)[0], data, path)
        if is_dataclass(kind):
            return self._record(kind, data, path)
        if issubclass(kind, Enum):
            return self._member(kind, data, path)
        return self._scalar(kind, data, path)

    def report(self, path: str, template: str, **values: Any) -> None:
        self.problems.append(problem(path or ".", template, **values))

    def expected(self, path: str, what: str, data: object) -> None:
        self.report(path, "Expected %(expected)s, found %(found)s.", expected=what, found=_in_words(data))

    def mapping(self, data: object, path: str) -> Mapping[str, object] | None:
        if isinstance(data, Mapping):
            return data
        self.expected(path, "a mapping", data)
        return None

    def unknown_keys(self, data: Mapping[str, object], known: tuple[str, ...], path: str) -> None:
        for key in data:
            if key not in known:
                self.report(_join(path, str(key)), "Unknown key; known here: %(known)s.", known=", ".join(known))

    def _record(self, kind: Any, data: object, path: str) -> Any:
        given = self.mapping(data, path)
        if given is None:
            return None
        before, hints, values = len(self.problems), _hints(kind), {}
        self.unknown_keys(given, tuple(f.name for f in fields(kind)), path)
        for field in fields(kind):
            if field.name in given:
                values[field.name] = self.read(hints[field.name], given[field.name], _join(path, field.name))
            elif field.default is MISSING:
                self.report(_join(path, field.name), "This key is missing.")
        return kind(**values) if len(self.problems) == before else None

    def _sequence(self, kind: Any, data: object, path: str) -> tuple[Any, ...]:
        if not isinstance(data, list):
            self.expected(path, "a list", data)
            return ()
        return tuple(self.read(kind, item, f"{path}[{i}]") for i, item in enumerate(data))

    def _member(self, kind: type[Enum], data: object, path: str) -> Any:
        known = {member.value: member for member in kind}
        if not isinstance(data, str) or data not in known:
            self.expected(path, "one of " + ", ".join(sorted(known)), data)
            return None
        return known[data]

    def _scalar(self, kind: type, data: object, path: str) -> Any:
        if type(data) is not kind:  # exactly: True is an int and a datetime is a date, but neither is meant
            self.expected(path, _NAMES[kind], data)
            return None
        if kind is str and not str(data).strip():
            self.report(path, "This text is empty.")
            return None
        return data


def _text(reader: _Reader, data: object, path: str) -> Text | None:
    """All three languages, none empty: what people are shown is never half translated."""
    given = reader.mapping(data, path)
    if given is None:
        return None
    before = len(reader.problems)
    reader.unknown_keys(given, LANGUAGES, path)
    for language in LANGUAGES:
        if language not in given:
            reader.report(_join(path, language), "This key is missing.")
        else:
            reader.read(str, given[language], _join(path, language))
    return Text(**{k: str(v) for k, v in given.items()}) if len(reader.problems) == before else None


def _time(reader: _Reader, data: object, path: str) -> time | None:
    if isinstance(data, str) and _CLOCK.fullmatch(data):
        return time.fromisoformat(data)
    reader.expected(path, "a time of day in quotes such as '09:00'", data)
    return None


def _fee(reader: _Reader, data: object, path: str) -> Fee | None:
    """`free`, or {mci: '0.9', paragraph: …, says: …, due: …}: the amount is decimal text, since money is never a float."""
    if data == "free":
        return Fee()
    given = reader.mapping(data, path)
    if given is None:
        return None
    before = len(reader.problems)
    reader.unknown_keys(given, tuple(_FEE), path)
    values = {key: reader.read(kind, given[key], _join(path, key)) for key, kind in _FEE.items() if key in given}
    if ("mci" in given) == bool(values.get("unknown")):
        reader.expected(path, "free, or either 'mci' or 'unknown: true'", data)
    return Fee(**values) if len(reader.problems) == before else None


def _decimal(reader: _Reader, data: object, path: str) -> Decimal | None:
    if isinstance(data, str):
        try:
            return Decimal(data)
        except InvalidOperation:
            pass
    reader.expected(path, "a decimal number in quotes such as '0.9'", data)
    return None


_FEE: dict[str, Any] = {
    "mci": Decimal,
    "unknown": bool,
    "due": PaymentTime,
    "channels": tuple[Channel, ...],
    "paragraph": str,
    "says": str,
}
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_CONVERTERS: dict[Any, Callable[[_Reader, object, str], Any]] = {Text: _text, time: _time, Fee: _fee, Decimal: _decimal}
_NAMES: dict[type, str] = {str: "a text", bool: "true or false", int: "a whole number", date: "a date such as 2021-06-23"}


def _in_words(data: object) -> str:
    if isinstance(data, Mapping):
        return "a mapping"
    if isinstance(data, list):
        return "a list"
    return "nothing" if data is None else repr(data)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
