"""Terms that stand still for a while: what is left of a term when it stops is left of it when it runs again.

The moment a term ends is derived from the law's facts alone: the term, the event it is counted from, and the intervals in
which it stood still. A term is prolonged in its own unit, since units are never converted into one another:

- working days by the working days after the day it stopped, up to and including the day it runs again;
- calendar days by the calendar days between these two; only what comes out is moved to a working day;
- months by these calendar days too: the Civil Code (art. 172-175) counts a month from date to date and knows no part of one;
- working hours and minutes by working time, clock time by clock time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from app.domain.calendar import WorkingCalendar
from app.domain.schedule import Schedule
from app.domain.terms import Term, Unit, deadline, nominal_day

Stop = tuple[datetime, datetime]  # when a term stopped, and when it ran again


def deadline_after(
    term: Term, counted_from: datetime, stops: Iterable[Stop], schedule: Schedule, calendar: WorkingCalendar
) -> datetime:
    """The moment (UTC) a term ends that stood still in these intervals, which may overlap.

    A stop that began before the term counts from the term's beginning, one that began after its end not at all.
    """
    due = deadline(term, counted_from, schedule, calendar)
    counted = _apart(stops, counted_from)
    if term.unit is Unit.ELAPSED:
        for stopped, resumed in counted:
            due += resumed - stopped if stopped < due else timedelta()
        return due
    if term.unit in (Unit.WORKING_HOURS, Unit.WORKING_MINUTES):
        for stopped, resumed in counted:
            if stopped < due:
                due = schedule.add_working_time(due, schedule.working_time_between(stopped, resumed, calendar), calendar)
        return due
    last = schedule.day_of(due) if term.unit is Unit.WORKING_DAYS else nominal_day(term, schedule.day_of(counted_from))
    for stopped, resumed in counted:
        if stopped < due:
            last = _later(term.unit, last, schedule.day_of(stopped), schedule.day_of(resumed), schedule, calendar)
            due = max(due, _close_of(last, resumed, schedule, calendar))
    return due


def _apart(stops: Iterable[Stop], counted_from: datetime) -> Iterator[Stop]:
    """The intervals in order, none reaching into another, none before the term began."""
    until = counted_from
    for stopped, resumed in sorted(stops):
        if resumed > until:
            yield max(stopped, until), resumed
            until = resumed


def _later(unit: Unit, last: date, stopped: date, resumed: date, schedule: Schedule, calendar: WorkingCalendar) -> date:
    if unit is not Unit.WORKING_DAYS:
        return last + (resumed - stopped)
    week = schedule.calendar(calendar)
    return week.add_working_days(last, week.working_days_between(stopped, resumed))


def _close_of(last: date, resumed: datetime, schedule: Schedule, calendar: WorkingCalendar) -> datetime:
    """The end of the last day. What runs again when that day is over already has the next working day left of it."""
    week = schedule.calendar(calendar)
    due = schedule.closing(week.on_or_after(last))
    return due if due > resumed else schedule.closing(week.next_working(schedule.day_of(resumed)))
