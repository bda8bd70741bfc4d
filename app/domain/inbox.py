"""What a person wants to see of the work within reach: a part of it, narrowed, in an order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

LIST_END = 1000
"""A list and its counters go no further: nobody pages through more, and counting it all would make everybody wait."""

MOST_DAYS = 90
"""As far ahead as “due within … working days” looks."""


class Part(Enum):
    """The tabs of the list."""

    ALL = "all"
    MINE = "mine"  # the person has it
    ROLE = "role"  # nobody has it yet
    UNIT = "unit"  # nobody has it yet, and it came to the person's unit, not to every unit
    BEHALF = "behalf"  # reached, taken or held in the place of an absent person
    SNOOZED = "snoozed"  # out of the list until its moment
    ASKED = "asked"  # asked of the applicant


class Due(Enum):
    OVERDUE = "overdue"
    TODAY = "today"  # by the end of this civil day, what is overdue not counted
    WITHIN = "within"  # by the end of the n-th working day after today, what is overdue counted


class SortKey(Enum):
    DUE = "due"
    OPENED = "opened"
    PRIORITY = "priority"
    FOLLOW_UP = "follow-up"
    SERVICE = "service"
    NUMBER = "number"
    APPLICANT = "applicant"


@dataclass(frozen=True, slots=True)
class Sort:
    key: SortKey
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """A part of the list, narrowed by every filter given, in the order of the sorts; none is the order of the law: overdue,
    then what falls due first, then what waits longest."""

    part: Part = Part.ALL
    words: str = ""  # beginnings of words of number and applicant, an IIN or BIN whole; all have to be there
    number: str = ""  # exactly
    service: str = ""
    role: str = ""
    owner: str = ""  # id of who has it
    due: Due | None = None
    within: int = 0  # working days, with Due.WITHIN
    least_priority: int = 0  # 1 high and urgent, 2 urgent, 0 any
    follow_up: bool = False  # its follow-up day is reached
    sorts: tuple[Sort, ...] = ()


@dataclass(frozen=True, slots=True)
class Moments:
    """The moments a list is told by."""

    now: datetime
    today: date
    day_ends: datetime
    within_ends: datetime
