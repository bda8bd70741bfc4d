"""The working calendar: which days a state body works, as dated data laid edition over edition.

Sources: Law No. 267 of 13.12.2001 on holidays; Labour Code art. 84 and 85 (days off are moved by decree or order, sometimes
only weeks ahead). Hence a calendar is data with the act it comes from, and a newer edition is laid over the older ones.
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import Enum
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

from app.domain.errors import Invalid, Problem, problem
from app.domain.text import Text

_ONE_DAY = timedelta(days=1)
_MOVED_DAY_OFF = Text("Ауыстырылған демалыс күні", "Перенесённый выходной день", "Moved day off")


class Week(Enum):
    """Which days of the week are worked when nothing else is said."""

    FIVE_DAY = "five-day"  # Monday to Friday
    SIX_DAY = "six-day"  # Monday to Saturday

    @property
    def days(self) -> int:
        return 5 if self is Week.FIVE_DAY else 6

    def works(self, day: date) -> bool:
        return day.weekday() < self.days


@dataclass(frozen=True, slots=True)
class Exceptions:
    """Where a week's pattern does not hold: days off within it and days worked outside it."""

    days_off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Edition:
    """What one act says about days. `years` are published anew as a whole; otherwise only the listed days change."""

    id: str
    in_force_from: date
    source: Text  # the act, as it is cited
    years: tuple[int, ...] = ()
    five_day: Exceptions = field(default=Exceptions(), repr=False)
    six_day: Exceptions = field(default=Exceptions(), repr=False)
    names: Mapping[date, Text] = field(default_factory=dict, repr=False)  # holidays, also those that fall on a weekend
    by_rule_only: bool = False  # computed from the law: no act for these years is out yet

    def exceptions(self, week: Week) -> Exceptions:
        return self.five_day if week is Week.FIVE_DAY else self.six_day

    def days(self) -> Iterator[date]:
        """Every day this edition speaks about."""
        for week in Week:
            yield from self.exceptions(week).days_off
            yield from self.exceptions(week).worked
        yield from self.names


SATURDAY = 5  # as date.weekday() counts


@dataclass(frozen=True)
class WorkingCalendar:
    """A country's working days in one week's pattern. Whole years are covered; every other year raises Invalid.

    Working days are kept as one sorted array of ordinals, so that a term of any length is two binary searches.
    """

    name: Text
    editions: tuple[Edition, ...]
    week: Week = Week.FIVE_DAY
    covered: tuple[date, date] = field(init=False)  # first and last day
    _worked: array[int] = field(init=False, repr=False, compare=False)
    _names: dict[date, Text] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        years = sorted({year for edition in self.editions for year in edition.years})
        self._refuse(_problems(self.editions, years))
        covered = date(years[0], 1, 1), date(years[-1], 12, 31)
        worked, names = self._laid_over()
        ordinals = (day.toordinal() for day in _days(*covered) if worked.get(day, self.week.works(day)))
        object.__setattr__(self, "covered", covered)
        object.__setattr__(self, "_worked", array("L", ordinals))
        object.__setattr__(self, "_names", names)

    @property
    def edition(self) -> str:
        """The id of the newest edition, which every term counted by this calendar is marked with."""
        return self.editions[-1].id

    @property
    def source(self) -> Text:
        """The act of the newest edition."""
        return self.editions[-1].source

    def with_edition(self, edition: Edition) -> WorkingCalendar:
        """This calendar with a newer edition laid over it. Raises Invalid, naming every day or year that cannot stand."""
        return replace(self, editions=(*self.editions, edition))

    def for_week(self, week: Week) -> WorkingCalendar:
        """The same calendar in the given week's pattern."""
        return self if week is self.week else self._other_week

    def is_working(self, day: date) -> bool:
        rank = self.working_days_to(day)
        return rank > 0 and self._worked[rank - 1] == day.toordinal()

    def next_working(self, day: date) -> date:
        """The first working day strictly after the day."""
        return self.add_working_days(day, 1)

    def on_or_after(self, day: date) -> date:
        """The day itself if it is worked, otherwise the next working day."""
        return self.add_working_days(day, 0)

    def add_working_days(self, day: date, n: int) -> date:
        """The nth working day strictly after the day (before it, if n is negative); for 0 the same as `on_or_after`."""
        rank = self.working_days_to(day)
        is_worked = rank > 0 and self._worked[rank - 1] == day.toordinal()
        # Seen from a day off, both its neighbours are one working day away.
        return self.working_day(rank + n if is_worked or n > 0 else rank + n + 1)

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days come after `start` up to and including `end`; negative when `end` is the earlier."""
        return self.working_days_to(end) - self.working_days_to(start)

    def working_days_to(self, day: date) -> int:
        """How many working days lie between the first covered day and this one, both counted."""
        ordinal = day.toordinal()
        first, last = self.covered
        if not first.toordinal() <= ordinal <= last.toordinal():
            raise self._unknown(day.year)
        return bisect_right(self._worked, ordinal)

    def working_day(self, rank: int) -> date:
        """The working day of that rank; the first one covered has rank 1. The reverse of `working_days_to`."""
        first, last = self.covered
        if rank < 1:
            raise self._unknown(first.year - 1)
        if rank > len(self._worked):
            raise self._unknown(last.year + 1)
        return date.fromordinal(self._worked[rank - 1])

    def saturdays_in(self, rank: int) -> int:
        """How many of the first so many working days are Saturdays."""
        return bisect_right(self._saturday_ranks, rank)

    @cached_property
    def _saturday_ranks(self) -> array[int]:
        """The ranks of the working days that are Saturdays."""
        ranks = (rank for rank, ordinal in enumerate(self._worked, 1) if date.fromordinal(ordinal).weekday() == SATURDAY)
        return array("L", ranks)

    def holiday_name(self, day: date) -> Text | None:
        """Why the day is off, in three languages: the holiday, or a moved day off. None for a working day or a plain weekend."""
        if self.is_working(day):
            return None
        return self._names.get(day) or (_MOVED_DAY_OFF if self.week.works(day) else None)

    def edition_of(self, year: int) -> Edition:
        """The newest edition that speaks about the year. Raises Invalid if none does."""
        for edition in reversed(self.editions):
            if year in edition.years or any(day.year == year for day in edition.days()):
                return edition
        raise self._unknown(year)

    @cached_property
    def _other_week(self) -> WorkingCalendar:
        return replace(self, week=Week.SIX_DAY if self.week is Week.FIVE_DAY else Week.FIVE_DAY)

    def _laid_over(self) -> tuple[dict[date, bool], dict[date, Text]]:
        """Which days depart from the week's pattern and whether they are worked, and the names of holidays."""
        worked: dict[date, bool] = {}
        names: dict[date, Text] = {}
        for edition in self.editions:
            worked = {day: works for day, works in worked.items() if day.year not in edition.years}
            names = {day: name for day, name in names.items() if day.year not in edition.years}
            new = edition.exceptions(self.week)
            worked |= dict.fromkeys(new.days_off, False) | dict.fromkeys(new.worked, True)
            names |= edition.names
        return worked, names

    def _refuse(self, problems: list[Problem]) -> None:
        if problems:
            raise Invalid("The working calendar %(name)s cannot stand as given", problems=problems, name=self.name)

    def _unknown(self, year: int) -> Invalid:
        first, last = self.covered
        return Invalid(
            "The working calendar has no days of the year %(year)s: it covers %(first)s to %(last)s",
            year=year,
            first=first.year,
            last=last.year,
        )


def _problems(editions: Iterable[Edition], years: list[int]) -> list[Problem]:
    found: list[Problem] = []
    seen: set[str] = set()
    if not years:
        found.append(problem("years", "No edition publishes a whole year"))
    elif years != list(range(years[0], years[-1] + 1)):
        found.append(problem("years", "The years must follow one another; found %(years)s", years=years))
    for edition in editions:
        if edition.id in seen:
            found.append(problem(edition.id, "An edition with this id is already laid"))
        seen.add(edition.id)
        for week in Week:
            both = edition.exceptions(week).days_off & edition.exceptions(week).worked
            found += [problem(edition.id, "%(day)s is both off and worked", day=day) for day in sorted(both)]
        outside = sorted({day for day in edition.days() if day.year not in years})
        found += [problem(edition.id, "%(day)s lies outside the published years", day=day) for day in outside]
    return found


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


# --- Kazakhstan ----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def load_kazakhstan() -> WorkingCalendar:
    """The Kazakh calendar in the five-day week, as the editions beside this module give it."""
    data = _kazakhstan()
    return WorkingCalendar(Text(**data["name"]), tuple(_edition(entry) for entry in data["editions"]))


def statutory_days_off(year: int, week: Week = Week.FIVE_DAY) -> tuple[date, ...]:
    """The working days of the week's pattern that the law alone makes days off, without any decree that swaps days.

    A holiday on a day that is free anyway gives the next working day off, and so on in a row (Law No. 267 art. 5, Labour
    Code art. 85); Orthodox Christmas and Kurban Ait are not moved (Labour Code art. 84).
    """
    holidays = list(_holidays(year))
    off = {day for day, _ in holidays}
    for day, holiday in holidays:
        if holiday["moved"] and not week.works(day):
            while not week.works(day) or day in off:
                day += _ONE_DAY
            off.add(day)
    return tuple(sorted(day for day in off if week.works(day)))


def _holidays(year: int) -> Iterator[tuple[date, Mapping[str, Any]]]:
    """The year's holidays in order, each with its entry in the data."""
    found = [
        (date.fromisoformat(f"{year}-{day}"), holiday)
        for holiday in _kazakhstan()["holidays"]
        if holiday.get("since", year) <= year <= holiday.get("until", year)
        for day in holiday.get("days") or [holiday["day_by_year"][str(year)]]
    ]
    return iter(sorted(found, key=lambda pair: pair[0]))


def _edition(entry: Mapping[str, Any]) -> Edition:
    years = tuple(entry.get("years", ()))
    return Edition(
        id=entry["id"],
        in_force_from=date.fromisoformat(entry["in_force_from"]),
        source=Text(**entry["source"]),
        years=years,
        five_day=_exceptions_from(entry.get("five_day", {})),
        six_day=_exceptions_from(entry.get("six_day", {})),
        names={day: Text(**holiday["name"]) for year in years for day, holiday in _holidays(year)},
        by_rule_only=entry.get("by_rule_only", False),
    )


def _exceptions_from(entry: Mapping[str, list[str]]) -> Exceptions:
    days_off, worked = (frozenset(map(date.fromisoformat, entry.get(key, ()))) for key in ("days_off", "worked"))
    return Exceptions(days_off, worked)


@lru_cache(maxsize=1)
def _kazakhstan() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(files("app.domain").joinpath("kazakhstan.json").read_text("utf-8"))
    return data
