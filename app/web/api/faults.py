"""What is wrong in the shape of a request, said in our own sentences: those of the library are English only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.domain.errors import Problem, Sentence

MISSHAPEN = "The request does not have the form asked for."
OTHERWISE = "This does not have the form asked for."

SENTENCES = {
    "missing": "This is required.",
    "extra_forbidden": "This is not known here.",
    "string_type": "Text is expected.",
    "bool_type": "“true” or “false” is expected, without quotes.",
    "int_type": "A whole number is expected.",
    "dict_type": "An object is expected.",
    "model_type": "An object is expected.",
    "list_type": "A list is expected.",
    "literal_error": "One of these is expected: %(expected)s.",
    "enum": "One of these is expected: %(expected)s.",
    "string_too_long": "At most %(max_length)s characters are taken.",
    "string_too_short": "At least %(min_length)s characters are expected.",
    "too_long": "At most %(max_length)s are taken.",
    "too_short": "At least %(min_length)s are expected.",
    "greater_than_equal": "%(ge)s or more is expected.",
    "less_than_equal": "%(le)s or less is expected.",
    "datetime_type": "A moment with its time zone is expected, such as 2026-03-02T10:00:00+05:00.",
    "datetime_from_date_parsing": "A moment with its time zone is expected, such as 2026-03-02T10:00:00+05:00.",
    "date_type": "A date is expected, such as 2026-03-02.",
    "date_from_datetime_parsing": "A date is expected, such as 2026-03-02.",
    "date_from_datetime_inexact": "A date is expected, such as 2026-03-02.",
    "timezone_aware": "A moment with its time zone is expected, such as 2026-03-02T10:00:00+05:00.",
    "value_error": "This has to be filled in.",
}
"""By the library's name of the fault."""


def problems_of(error: ValidationError, root: str) -> Iterator[Problem]:
    """Each fault at its place below `root`: "#/" for a body, "?" for the parameters of an address."""
    seen = set()
    for fault in error.errors(include_url=False, include_input=False):
        place = root + "/".join(_steps(fault))
        if place not in seen:  # every kind of value that would do is a fault of its own; one sentence is enough
            seen.add(place)
            yield Problem(place.removesuffix("/") if root == "#/" else place, _sentence(fault))


def _steps(fault: ErrorDetails) -> Iterator[str]:
    """The way to the value. The library also names the kinds of value it tried, which are no part of the way."""
    for step in fault["loc"]:
        if isinstance(step, int) or not (step == "[key]" or step in _KINDS or "[" in step):
            yield str(step).replace("~", "~0").replace("/", "~1")


_KINDS = frozenset({"bool", "str", "constrained-str"})


def _sentence(fault: ErrorDetails) -> Sentence:
    values: Mapping[str, Any] = fault.get("ctx", {})
    template = SENTENCES.get(fault["type"], OTHERWISE)
    try:
        template % values
    except KeyError:
        return Sentence(OTHERWISE)
    if "expected" in values:
        values = {"expected": str(values["expected"]).replace(" or ", ", ")}  # the library counts them up in English
    return Sentence(template, dict(values) if "%(" in template else {})
