"""Terms as the acts give them: a value and a unit, and the moment they end.

A term is law, not an instant: it is kept as it is written, and its deadline is derived from the calendar's edition. Units
are different measures and are never converted into one another.
Counting: Civil Code art. 172-175; the acts for 0 working days ("on the day of receipt").
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum

from app.domain.calendar import WorkingCalendar
from app.domain.errors import Invalid
from app.domain.schedule import Schedule


class Unit(Enum):
    WORKING_DAYS = "working-days"
    CALENDAR_DAYS = "calendar-days"
    CALENDAR_MONTHS = "calendar-months"
    WORKING_HOURS = "working-hours"  # of the provider's schedule, lunch excluded
    WORKING_MINUTES = "working-minutes"
    ELAPSED = "elapsed"  # by the clock, day and night; written as an ISO 8601 duration such as PT10M, kept in seconds


_DAY_UNITS = frozenset({Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.CALENDAR_MONTHS})
_WORKING_TIME = {Unit.WORKING_HOURS: timedelta(hours=1), Unit.WORKING_MINUTES: timedelta(minutes=1)}
_MOST = 9_999  # days, months, hours or minutes: far beyond any act, and safely within what dates can hold
_MOST_SECONDS = _MOST * 86_400
_WRITTEN = re.compile(r"([0-9]{1,9}) ([a-z-]+)")
_DURATION = re.compile(
    r"P(?=.)(?:([0-9]{1,9})W)?(?:([0-9]{1,9})D)?(?:T(?=.)(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})S)?)?"
)
_SECONDS = (604_800, 86_400, 3_600, 60, 1)  # in a week, day, hour, minute, second


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time in one unit. Terms of different units are unequal; ordering or adding them raises TypeError."""

    value: int
    unit: Unit

    def __post_init__(self) -> None:
        least = 1 if self.unit in _WORKING_TIME else 0
        most = _MOST_SECONDS if self.unit is Unit.ELAPSED else _MOST
        if not least <= self.value <= most:
            raise Invalid(
                "A term in %(unit)s must lie between %(least)s and %(most)s; found %(value)s",
                unit=self.unit.value,
                least=least,
                most=most,
                value=self.value,
            )

    @classmethod
    def parse(cls, text: str) -> Term:
        """Reads "2 working-days", "1 calendar-months" or an ISO 8601 duration of weeks to seconds ("PT10M").

        Raises Invalid, naming the text, for anything else; ISO years and months too, whose length no clock knows.
        """
        if found := _WRITTEN.fullmatch(text):
            unit = next((unit for unit in Unit if unit.value == found[2]), Unit.ELAPSED)
            if unit is not Unit.ELAPSED:
                return cls(int(found[1]), unit)
        elif duration := _DURATION.fullmatch(text):
            return cls(sum(int(n or 0) * size for n, size in zip(duration.groups(), _SECONDS, strict=True)), Unit.ELAPSED)
        raise Invalid(
            'A term is written as "2 working-days" (units: %(units)s) or as a duration such as PT10M; found %(text)s',
            units=", ".join(unit.value for unit in Unit if unit is not Unit.ELAPSED),
            text=repr(text),
        )

    def __str__(self) -> str:
        if self.unit is not Unit.ELAPSED:
            return f"{self.value} {self.unit.value}"
        days, rest = divmod(self.value, 86_400)
        parts = zip((rest // 3_600, rest // 60 % 60, rest % 60), "HMS", strict=True)
        clock = "".join(f"{n}{letter}" for n, letter in parts if n)
        return "P" + (f"{days}D" if days else "") + (f"T{clock}" if clock else "") if self.value else "PT0S"

    def __add__(self, other: Term) -> Term:
        self._same_unit(other)
        return Term(self.value + other.value, self.unit)

    def __lt__(self, other: Term) -> bool:
        self._same_unit(other)
        return self.value < other.value

    def __le__(self, other: Term) -> bool:
        self._same_unit(other)
        return self.value <= other.value

    def _same_unit(self, other: object) -> None:
        if not isinstance(other, Term) or other.unit is not self.unit:
            raise TypeError(f"{self} and {other} are measured in different units, which are never converted")


def deadline(term: Term, counted_from: datetime, schedule: Schedule, calendar: WorkingCalendar) -> datetime:
    """The moment (UTC) a term ends that is counted from a moment.

    Terms in days and months end when the provider closes on their last day. A term of 0 days ends at the close of the
    starting day, or of the next working day if that one is off or already over. Working time runs within hours only.
    """
    if term.unit is Unit.ELAPSED:
        return schedule.local(counted_from).astimezone(UTC) + timedelta(seconds=term.value)
    if term.unit in _WORKING_TIME:
        return schedule.add_working_time(counted_from, term.value * _WORKING_TIME[term.unit], calendar)
    last = last_day(term, schedule.day_of(counted_from), schedule, calendar)
    due = schedule.closing(last)
    return due if due > counted_from else schedule.closing(schedule.calendar(calendar).next_working(last))


def last_day(term: Term, start_day: date, schedule: Schedule, calendar: WorkingCalendar) -> date:
    """The last day of a term in days or months, always a working day; the starting day itself is not counted.

    A month ends on the same date of its last month, or on that month's last day if there is no such date.
    Raises Invalid for a unit that ends at a moment instead of a day, and outside the calendar's years.
    """
    week = schedule.calendar(calendar)
    if term.unit is Unit.WORKING_DAYS:
        return week.add_working_days(start_day, term.value)
    return week.on_or_after(nominal_day(term, start_day))


def nominal_day(term: Term, start_day: date) -> date:
    """The day a term in calendar days or months falls on, worked or not. Raises Invalid for any other unit."""
    if term.unit is Unit.CALENDAR_DAYS:
        return start_day + timedelta(days=term.value)
    if term.unit is Unit.CALENDAR_MONTHS:
        return _months_later(start_day, term.value)
    raise Invalid("The term %(term)s ends at a moment, not with a day", term=str(term))


def working_time_left(now: datetime, due: datetime, schedule: Schedule, calendar: WorkingCalendar) -> timedelta:
    """Working time left until the due moment, negative by how much working time it is overdue.

    Only working time counts: on the evening and the weekend after a missed closing hour it is zero, so whether something
    is overdue is asked of the moments (`now > due`), not of this.
    """
    return schedule.working_time_between(now, due, calendar)


def reminder_moment(opened: datetime, due: datetime, schedule: Schedule, calendar: WorkingCalendar) -> datetime:
    """When (UTC) to remind of something opened at one moment and due at another; never before it was opened.

    At opening on the last day, if that is a later day than the one it was opened on; otherwise two working hours before.
    """
    last = schedule.day_of(due)
    remind = schedule.opening(last)
    if last == schedule.day_of(opened) or remind >= due or not schedule.calendar(calendar).is_working(last):
        remind = schedule.add_working_time(due, -timedelta(hours=2), calendar)
    return max(remind, opened.astimezone(UTC))


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
