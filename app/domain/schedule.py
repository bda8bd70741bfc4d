"""A provider's working hours, and the moment at which what was filed counts as registered.

Hours are wall-clock times in the provider's zone; every moment that comes in or goes out is aware, and goes out in UTC.
An interval of work contains its first instant and not its last: at 18:30:00 an office that closes at 18:30 is closed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.domain.calendar import SATURDAY, Week, WorkingCalendar
from app.domain.errors import Invalid, Misconfigured, Problem, problem

_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a provider works. Raises Invalid with a problem for every time that cannot be."""

    opens: time
    closes: time
    lunch: tuple[time, time] | None = None
    saturday: tuple[time, time] | None = None  # the shorter hours of a six-day week's Saturday, without lunch
    works_saturday: bool = False  # a six-day week; a Saturday moved by decree is worked in a five-day week too
    registration_cutoff: time | None = None  # what comes from this time on is registered on the next working day
    zone: str = "Asia/Almaty"

    def __post_init__(self) -> None:
        if problems := list(self._problems()):
            raise Invalid("The provider's schedule cannot be", problems=problems)

    def calendar(self, calendar: WorkingCalendar) -> WorkingCalendar:
        """The calendar in this provider's week."""
        return calendar.for_week(Week.SIX_DAY if self.works_saturday else Week.FIVE_DAY)

    def local(self, moment: datetime) -> datetime:
        """The moment on the provider's clock. Raises Invalid for a moment without a time zone."""
        if moment.tzinfo is None:
            raise Invalid("A moment needs a time zone; found %(moment)s", moment=moment)
        return moment.astimezone(ZoneInfo(self.zone))

    def day_of(self, moment: datetime) -> date:
        """The civil date of the moment where the provider sits."""
        return self.local(moment).date()

    def midnight(self, day: date) -> datetime:
        """The moment the civil day begins where the provider sits."""
        return self._moment(day, time.min)

    def opening(self, day: date) -> datetime:
        """The moment the provider would open on that day, worked or not."""
        return self._moment(day, self._stretches(day)[0][0])

    def closing(self, day: date) -> datetime:
        """The moment the provider would close on that day, worked or not."""
        return self._moment(day, self._stretches(day)[-1][1])

    def is_open(self, moment: datetime, calendar: WorkingCalendar) -> bool:
        """Whether the provider works at this moment: on a working day, within hours, outside lunch."""
        local = self.local(moment)
        within_hours = any(start <= local.time() < end for start, end in self._stretches(local.date()))
        return within_hours and self.calendar(calendar).is_working(local.date())

    def working_time_between(self, start: datetime, end: datetime, calendar: WorkingCalendar) -> timedelta:
        """Working time from `start` to `end`, lunch excluded; negative when `end` is the earlier."""
        return self._position(end, calendar) - self._position(start, calendar)

    def add_working_time(self, moment: datetime, amount: timedelta, calendar: WorkingCalendar) -> datetime:
        """The moment that much working time later, or earlier if `amount` is negative.

        Work done to the last minute of a day ends at closing, not at the next opening; counted backwards, the other way
        about. No time at all leaves the moment as it is.
        """
        if not amount:
            return self.local(moment).astimezone(UTC)
        return self._moment_at(self._position(moment, calendar) + amount, calendar, backwards=amount < _NOTHING)

    # A position is the working time between the calendar's first day and a moment. It turns sums over weeks, lunches, short
    # Saturdays and holidays into one subtraction.

    def _position(self, moment: datetime, calendar: WorkingCalendar) -> timedelta:
        local = self.local(moment)
        week = self.calendar(calendar)
        day = local.date()
        rank = week.working_days_to(day)
        if not week.is_working(day):
            return self._worked_in(rank, week)
        return self._worked_in(rank - 1, week) + _worked_by(local.time(), self._stretches(day))

    def _worked_in(self, rank: int, week: WorkingCalendar) -> timedelta:
        """Working time of the first so many working days."""
        whole = _length(self._weekday)
        if self.saturday is None:
            return rank * whole
        return rank * whole - week.saturdays_in(rank) * (whole - _length((self.saturday,)))

    def _moment_at(self, position: timedelta, calendar: WorkingCalendar, *, backwards: bool) -> datetime:
        week = self.calendar(calendar)
        whole_days = self._whole_days(position, week)
        rest = position - self._worked_in(whole_days, week)
        if not rest and not backwards:
            whole_days -= 1
            rest = position - self._worked_in(whole_days, week)
        day = week.working_day(whole_days + 1)
        for start, end in self._stretches(day):
            if rest < _span(start, end) or (rest == _span(start, end) and not backwards):
                return self._moment(day, start, rest)
            rest -= _span(start, end)
        return self._moment(day, self._stretches(day)[-1][1], rest)

    def _whole_days(self, position: timedelta, week: WorkingCalendar) -> int:
        """How many working days are over at a position."""
        guess = position // _length(self._weekday)
        if self.saturday is None:
            return guess
        # Short Saturdays put the day later than the guess, by a fifth at most; positions grow with days, so halving finds it.
        return guess + bisect_right(range(guess // 2 + 8), position, lo=1, key=lambda n: self._worked_in(guess + n, week)) - 1

    def _stretches(self, day: date) -> tuple[tuple[time, time], ...]:
        """The hours of a day, worked or not."""
        return (self.saturday,) if self.saturday and day.weekday() == SATURDAY else self._weekday

    @property
    def _weekday(self) -> tuple[tuple[time, time], ...]:
        if self.lunch is None:
            return ((self.opens, self.closes),)
        return ((self.opens, self.lunch[0]), (self.lunch[1], self.closes))

    def _moment(self, day: date, start: time, later: timedelta = _NOTHING) -> datetime:
        return (datetime.combine(day, start, ZoneInfo(self.zone)) + later).astimezone(UTC)

    def _problems(self) -> Iterator[Problem]:
        if not self.opens < self.closes:
            yield problem("closes", "Must be later than %(opens)s; found %(closes)s", opens=self.opens, closes=self.closes)
        if self.lunch and not self.opens < self.lunch[0] < self.lunch[1] < self.closes:
            yield problem(
                "lunch", "Must lie within working hours; found %(start)s-%(end)s", start=self.lunch[0], end=self.lunch[1]
            )
        if self.saturday and not self.saturday[0] < self.saturday[1]:
            yield problem(
                "saturday", "Must be later than %(opens)s; found %(closes)s", opens=self.saturday[0], closes=self.saturday[1]
            )
        if self.registration_cutoff and not self.opens < self.registration_cutoff <= self.closes:
            yield problem("registration_cutoff", "Must lie within working hours; found %(found)s", found=self.registration_cutoff)
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError):
            yield problem("zone", "No such time zone: %(zone)s", zone=self.zone)


@dataclass(frozen=True, slots=True)
class LegalRegistration:
    """The two moments of a filing: when it came, and when it counts as registered. Terms run from the second."""

    received: datetime
    day: date  # civil date of `moment`, the one printed on letters
    moment: datetime


class Arrival(Enum):
    """When something came by the provider's hours: why it counts as registered on the day it does."""

    IN_HOURS = "in-hours"  # registered at that very moment
    BEFORE_OPENING = "before-opening"  # of a working day: registered as the provider opens
    AFTER_CUTOFF = "after-cutoff"  # within hours, and later than this provider registers: the next working day
    AFTER_HOURS = "after-hours"  # the next working day
    DAY_OFF = "day-off"  # or a holiday: the next working day


_NEXT_DAY = frozenset({Arrival.AFTER_CUTOFF, Arrival.AFTER_HOURS, Arrival.DAY_OFF})


def arrival(received: datetime, schedule: Schedule, calendar: WorkingCalendar) -> Arrival:
    """How the moment lies to the provider's hours; lunch is within them (Rules para 7 part 2)."""
    local = schedule.local(received)
    day, cutoff = local.date(), schedule.registration_cutoff
    if not schedule.calendar(calendar).is_working(day):
        return Arrival.DAY_OFF
    if local >= schedule.closing(day):
        return Arrival.AFTER_HOURS
    if cutoff is not None and local.time() >= cutoff:
        return Arrival.AFTER_CUTOFF
    return Arrival.IN_HOURS if local >= schedule.opening(day) else Arrival.BEFORE_OPENING


def register_legally(received: datetime, schedule: Schedule, calendar: WorkingCalendar) -> LegalRegistration:
    """The working day and moment on which what was received counts as registered (Rules para 7 part 2).

    Within hours of a working day, lunch included: that moment. Before opening: that day at opening. After hours, after the
    cut-off, on a day off or a holiday: the next working day at opening.
    """
    local = schedule.local(received)
    day, moment = local.date(), local.astimezone(UTC)
    if arrival(received, schedule, calendar) in _NEXT_DAY:
        day = schedule.calendar(calendar).next_working(day)
    return LegalRegistration(moment, day, max(moment, schedule.opening(day)))


def check_zone_data() -> None:
    """Raises Misconfigured if this machine's time zones are older than 2024a: every deadline in Almaty would be an hour off."""
    if datetime(2024, 3, 1, 12, tzinfo=ZoneInfo("Asia/Almaty")).utcoffset() != timedelta(hours=5):
        raise Misconfigured("The time zone data of this machine is too old: 2024a or newer is needed (tzdata)")


def _worked_by(now: time, stretches: tuple[tuple[time, time], ...]) -> timedelta:
    return sum((_span(start, min(now, end)) for start, end in stretches if now > start), _NOTHING)


def _length(stretches: tuple[tuple[time, time], ...]) -> timedelta:
    """Working time of a day with these hours."""
    return _worked_by(time.max, stretches)


def _span(start: time, end: time) -> timedelta:
    """The time from one wall-clock time to a later one of the same day."""
    return datetime.combine(date.min, end) - datetime.combine(date.min, start)
