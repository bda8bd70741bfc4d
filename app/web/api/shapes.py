"""What goes in and out, in general: the bases of all shapes, and the small ones that many use.

Names are those of the views (`app/domain/views.py`), from which answers are read as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from app.domain.answers import LONGEST_TEXT, MOST_ROWS
from app.domain.text import Text

LAST_PAGE = 100_000


class Told(BaseModel):
    """What is answered."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class Given(BaseModel):
    """What is sent: nothing in it that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def written_out(given: Any) -> Any:
    """In an address everything is text; only what a program writes for a number or a truth value counts as one."""
    match given:
        case "true" | "false":
            return given == "true"
        case str() if given.isascii() and given.isdigit() and len(given) < 10:
            return int(given)
        case _:
            return given


class Query(Given):
    """What an address may carry behind its question mark; `lang` everywhere."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    lang: Literal["kk", "ru", "en"] | None = Field(
        default=None, description="Language of sentences; without it `Accept-Language` decides, and without that it is Kazakh."
    )


NO_NUL = r"^[^\x00]*$"
"""The sign of code 0 is no text: PostgreSQL keeps none."""

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Search = Annotated[str, StringConstraints(max_length=200, pattern=NO_NUL)]
PageNumber = Annotated[int, BeforeValidator(written_out), Field(ge=1, le=LAST_PAGE)]
Flag = Annotated[bool, BeforeValidator(written_out)]


class PageQuery(Query):
    page: PageNumber = Field(default=1, description="From 1; `next` of an answer is the address of the following page.")


class Words(Told):
    """The same words in three languages. Kazakh is the language of the acts; where another is silent, the Kazakh words stand."""

    kk: str
    ru: str
    en: str

    @model_validator(mode="before")
    @classmethod
    def _of(cls, text: Any) -> Any:
        return {each: text.in_language(each) for each in ("kk", "ru", "en")} if isinstance(text, Text) else text


def _minutes(left: Any) -> Any:
    return round(left.total_seconds() / 60) if isinstance(left, timedelta) else left


Minutes = Annotated[int | None, BeforeValidator(_minutes)]
"""Working time in minutes; negative: overdue by so many."""


def _money(amount: Any) -> Any:
    return None if amount is None else str(amount)


Money = Annotated[str | None, BeforeValidator(_money), Field(description="Tenge and tiyn.", examples=["43250.00"])]

Row = TypeVar("Row")


class Listed(Told, Generic[Row]):
    """One page of a list."""

    items: list[Row]
    page: int
    pages: int
    total: int
    next: str | None = Field(description="Address of the next page; null on the last.")


Name = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Typed = Annotated[str, StringConstraints(max_length=LONGEST_TEXT, pattern=NO_NUL)]
TypedRow = dict[Name, bool | Typed]
TypedRows = Annotated[list[TypedRow], Field(max_length=MOST_ROWS)]
Value = bool | Typed | Annotated[list[Name], Field(max_length=100)] | TypedRows
"""A checkbox; text, number, date or choice; grounds; rows of a table."""

Fields = dict[Name, Value]
Forms = dict[Name, Fields]

KeptValue = bool | str | list[str] | list[dict[str, bool | str]] | None
KeptFields = dict[str, KeptValue]
KeptForms = dict[str, KeptFields]


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError
    return text


Sentences = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT, pattern=NO_NUL), AfterValidator(_not_blank)]
Line = Annotated[str, StringConstraints(max_length=200, pattern=NO_NUL)]


def _day(written: Any) -> Any:
    """An address holds text only; a day in it is written as in JSON."""
    if not (isinstance(written, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", written, re.ASCII)):
        return written
    try:
        return date.fromisoformat(written)
    except ValueError:
        return written  # no such day: refused as what is no date


Day = Annotated[date, BeforeValidator(_day)]


def in_order(things: Iterable[Any]) -> list[str]:
    """Members of enumerations as their values, sorted: a set has no order to rely on."""
    return sorted(each.value for each in things)
