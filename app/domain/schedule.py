"""A provider's working hours, and the moment at which what was filed counts as registered.

Hours are wall-clock times in the provider's zone; every moment that comes in or goes out is aware, and goes out in UTC.
An interval of work contains its first instant and not its last: at 18:30:00 an office that closes at 18:30 is closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.domain.calendar import Week, WorkingCalendar
from app.domain.errors import Invalid, Misconfigured, Problem, problem

_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a provider works. Raises Invalid with a problem for every time that cannot be."""

    opens: time
    closes: time
    lunch: tuple[time, time] | None = None
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

    def opening(self, day: date) -> datetime:
        """The moment the provider would open on that day, worked or not."""
        return self._moment(day, self.opens)

    def closing(self, day: date) -> datetime:
        """The moment the provider would close on that day, worked or not."""
        return self._moment(day, self.closes)

    def is_open(self, moment: datetime, calendar: WorkingCalendar) -> bool:
        """Whether the provider works at this moment: on a working day, within hours, outside lunch."""
        local = self.local(moment)
        within_hours = any(start <= local.time() < end for start, end in self._stretches())
        return within_hours and self.calendar(calendar).is_working(local.date())

    @property
    def day_length(self) -> timedelta:
        """Working time of one working day, lunch excluded."""
        return self._worked_by(time.max)

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

    # A position is the working time between the calendar's first day and a moment. It turns sums over weeks, lunches and
    # holidays into one subtraction.

    def _position(self, moment: datetime, calendar: WorkingCalendar) -> timedelta:
        local = self.local(moment)
        week = self.calendar(calendar)
        day = local.date()
        rank = week.working_days_to(day)
        if not week.is_working(day):
            return rank * self.day_length
        return (rank - 1) * self.day_length + self._worked_by(local.time())

    def _moment_at(self, position: timedelta, calendar: WorkingCalendar, *, backwards: bool) -> datetime:
        whole_days, rest = divmod(position, self.day_length)
        if not rest and not backwards:
            whole_days, rest = whole_days - 1, self.day_length
        day = self.calendar(calendar).working_day(whole_days + 1)
        if self.lunch:
            morning = _span(self.opens, self.lunch[0])
            if rest > morning or (rest == morning and backwards):
                rest += _span(*self.lunch)
        return self._moment(day, self.opens, rest)

    def _worked_by(self, now: time) -> timedelta:
        return sum((_span(start, min(now, end)) for start, end in self._stretches() if now > start), _NOTHING)

    def _stretches(self) -> tuple[tuple[time, time], ...]:
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


def register_legally(received: datetime, schedule: Schedule, calendar: WorkingCalendar) -> LegalRegistration:
    """The working day and moment on which what was received counts as registered (Rules para 7 part 2).

    Within hours of a working day, lunch included: that moment. Before opening: that day at opening. After hours, after the
    cut-off, on a day off or a holiday: the next working day at opening.
    """
    local = schedule.local(received)
    week = schedule.calendar(calendar)
    day = local.date()
    moment = local.astimezone(UTC)
    too_late = local.time() >= (schedule.registration_cutoff or schedule.closes)
    if too_late or not week.is_working(day):
        day = week.next_working(day)
    return LegalRegistration(moment, day, max(moment, schedule.opening(day)))


def check_zone_data() -> None:
    """Raises Misconfigured if this machine's time zones are older than 2024a: every deadline in Almaty would be an hour off."""
    if datetime(2024, 3, 1, 12, tzinfo=ZoneInfo("Asia/Almaty")).utcoffset() != timedelta(hours=5):
        raise Misconfigured("The time zone data of this machine is too old: 2024a or newer is needed (tzdata)")


def _span(start: time, end: time) -> timedelta:
    """The time from one wall-clock time to a later one of the same day."""
    return datetime.combine(date.min, end) - datetime.combine(date.min, start)
