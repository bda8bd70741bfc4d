"""How long a term of 30 working days takes to count, beside walking day by day over the `holidays` package.

Run: python -m bench.terms
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from timeit import Timer

import holidays

from app.domain.calendar import load_kazakhstan
from app.domain.schedule import Schedule
from app.domain.terms import Term, deadline, last_day

DAYS = 30
STARTS = [date(2021, 1, 4) + timedelta(days=7 * n) for n in range(300)]
TARGET = 50e-6  # seconds a term


def walk(calendar: holidays.HolidayBase, day: date, n: int) -> date:
    """The plain way: one day further until n working days have gone by."""
    while n:
        day += timedelta(days=1)
        n -= calendar.is_working_day(day)
    return day


def seconds_a_term(run: Timer) -> float:
    """The best of five runs over all starts, divided by their number."""
    return min(run.repeat(5, 1)) / len(STARTS)


def main() -> None:
    ours = load_kazakhstan()
    theirs = holidays.country_holidays("KZ", years=list(range(2020, 2028)))
    schedule = Schedule(time(9), time(18, 30), lunch=(time(13), time(14, 30)))
    term = Term.parse(f"{DAYS} working-days")
    moments = [datetime.combine(day, time(6), UTC) for day in STARTS]

    assert all(last_day(term, day, schedule, ours) == walk(theirs, day, DAYS) for day in STARTS), "the two ways disagree"

    counted = seconds_a_term(Timer(lambda: [last_day(term, day, schedule, ours) for day in STARTS]))
    with_moment = seconds_a_term(Timer(lambda: [deadline(term, moment, schedule, ours) for moment in moments]))
    walked = seconds_a_term(Timer(lambda: [walk(theirs, day, DAYS) for day in STARTS]))

    print(f"A term of {DAYS} working days, {len(STARTS)} starts, best of 5 runs")
    print(f"  walking over holidays     {walked * 1e6:8.1f} us")
    print(f"  last day                  {counted * 1e6:8.1f} us  {walked / counted:6.0f}x as fast")
    print(f"  deadline to the moment    {with_moment * 1e6:8.1f} us  {walked / with_moment:6.0f}x as fast")
    print(f"  under {TARGET * 1e6:.0f} us: {'yes' if with_moment < TARGET else 'NO'}")


if __name__ == "__main__":
    main()
