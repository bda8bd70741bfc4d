"""What happens to a step and its case if nobody acts, and whether there is somebody who can.

Days are civil days of the provider; moved days and holidays are in the week's calendar, since a term ends by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain.calendar import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Days:
    """Civil days in a row, both ends included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def overlaps(self, other: Days) -> bool:
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class Breach:
    """The earliest moment something is breached if nobody acts: the step's own limit, or the service's term."""

    at: datetime
    of_the_service: bool


def breach(step_due: datetime | None, service_due: datetime | None) -> Breach | None:
    """None where neither term runs. Of one moment the service's term is told, which is the graver."""
    known = [Breach(due, of_the_service) for due, of_the_service in ((service_due, True), (step_due, False)) if due is not None]
    return min(known, key=lambda each: each.at, default=None)


def last_day_with_somebody(
    today: date, until: date, away: Sequence[Days], covered: Sequence[Days], week: WorkingCalendar
) -> date | None:
    """The last working day, from today to `until`, on which the holder is there or somebody stands in; None when there is none.

    Where a working day has passed already (`until` before today), nobody can act in time any more.
    """
    day = until
    while day >= today:
        if week.is_working(day) and (not any(day in each for each in away) or any(day in each for each in covered)):
            return day
        day -= timedelta(days=1)
    return None


def back_on(today: date, away: Sequence[Days], week: WorkingCalendar) -> date | None:
    """The first working day on which a person who is away today is there again; None when he is there today, or is away beyond
    the years of the calendar."""
    day, end = today, week.covered[1]
    while any(day in each for each in away):
        day = max(each.last for each in away if day in each)
        if day >= end:
            return None
        day = week.next_working(day)
    return None if day == today else day
