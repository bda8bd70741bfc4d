"""Terms that stand still: laws that hold for every term and stop, and a few dates worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import load_kazakhstan
from app.domain.schedule import Schedule
from app.domain.stops import Stop, deadline_after
from app.domain.terms import Term, Unit, deadline
from tests.clock import astana

CALENDAR = load_kazakhstan()
SCHEDULE = Schedule(opens=time(9), closes=time(18, 30), lunch=(time(13), time(14, 30)))
FIRST = datetime(2026, 1, 12, tzinfo=UTC)

moments = st.integers(0, 200 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))
lengths = st.integers(0, 60 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
terms = st.one_of(
    st.builds(Term, st.integers(0, 30), st.sampled_from([Unit.WORKING_DAYS, Unit.CALENDAR_DAYS])),
    st.builds(Term, st.integers(1, 3), st.just(Unit.CALENDAR_MONTHS)),
    st.builds(Term, st.integers(1, 200), st.just(Unit.WORKING_HOURS)),
    st.builds(Term, st.integers(1, 5_000), st.just(Unit.WORKING_MINUTES)),
    st.builds(Term, st.integers(0, 2_000_000), st.just(Unit.ELAPSED)),
)


def ends(term: Term, counted_from: datetime, *stops: Stop) -> datetime:
    return deadline_after(term, counted_from, stops, SCHEDULE, CALENDAR)


@given(terms, moments, st.lists(st.tuples(moments, lengths), max_size=4))
def test_standing_still_never_makes_a_term_shorter(
    term: Term, begun: datetime, given_stops: list[tuple[datetime, timedelta]]
) -> None:
    stops = [(stopped, stopped + length) for stopped, length in given_stops]
    assert ends(term, begun, *stops) >= deadline(term, begun, SCHEDULE, CALENDAR)


@given(terms, moments, moments)
def test_a_stop_of_no_length_changes_nothing(term: Term, begun: datetime, stopped: datetime) -> None:
    assert ends(term, begun, (stopped, stopped)) == deadline(term, begun, SCHEDULE, CALENDAR)


@given(terms, moments, lengths, lengths, lengths)
def test_two_stops_that_touch_are_their_sum(
    term: Term, begun: datetime, before: timedelta, first: timedelta, second: timedelta
) -> None:
    one, two, three = begun + before, begun + before + first, begun + before + first + second
    assert ends(term, begun, (one, two), (two, three)) == ends(term, begun, (one, three))


@given(st.builds(Term, st.integers(5, 30), st.just(Unit.WORKING_DAYS)), moments, st.integers(1, 9), st.integers(1, 9))
def test_two_stops_apart_move_the_last_day_by_the_days_of_both(term: Term, begun: datetime, first: int, second: int) -> None:
    """Both fall into the first days of the term. Each stops at noon of one working day and ends at noon of another."""
    days = SCHEDULE.calendar(CALENDAR)

    def noon(working_days: int) -> datetime:
        return SCHEDULE.opening(days.add_working_days(SCHEDULE.day_of(begun), working_days)) + timedelta(hours=3)

    stops = ((noon(1), noon(1 + first)), (noon(2 + first), noon(2 + first + second)))
    whole = Term(term.value + first + second, Unit.WORKING_DAYS)
    assert ends(term, begun, *stops) == deadline(whole, begun, SCHEDULE, CALENDAR)


@given(terms, moments, moments, lengths)
def test_the_order_of_stops_and_what_they_share_do_not_matter(
    term: Term, begun: datetime, stopped: datetime, length: timedelta
) -> None:
    outer, inner = (stopped, stopped + length), (stopped + length / 4, stopped + length / 2)
    assert ends(term, begun, outer, inner) == ends(term, begun, inner, outer) == ends(term, begun, outer)


@given(terms, moments, moments, lengths)
def test_a_term_that_was_running_when_it_stopped_has_not_ended_when_it_runs_again(
    term: Term, begun: datetime, stopped: datetime, length: timedelta
) -> None:
    stopped = max(stopped, begun)
    if stopped < deadline(term, begun, SCHEDULE, CALENDAR):
        assert ends(term, begun, (stopped, stopped + length)) >= stopped + length


BEGUN = astana(2026, 3, 2)  # a Monday; off: weekends, 9 and 23-25 March


@pytest.mark.parametrize(
    ("term", "stopped", "resumed", "due"),
    [
        # 7 working days: 3-6, 10, 11, 12 March. Stopped on the 4th, 5, 6 and 10 March pass: 13, 16, 17 March.
        ("7 working-days", astana(2026, 3, 4), astana(2026, 3, 10), astana(2026, 3, 17, 18, 30)),
        # Over the weekend no working day passes: the term ends where it would have.
        ("7 working-days", astana(2026, 3, 6), astana(2026, 3, 9), astana(2026, 3, 12, 18, 30)),
        # Stopped on the last day, a Thursday, run again on Sunday 15 March: what is left of a day is Monday's.
        ("7 working-days", astana(2026, 3, 12), astana(2026, 3, 15), astana(2026, 3, 16, 18, 30)),
        # 5 calendar days end on Saturday 7 March. Three days later: Tuesday 10 March, not three after the Tuesday it moved to.
        ("5 calendar-days", astana(2026, 3, 3), astana(2026, 3, 6), astana(2026, 3, 10, 18, 30)),
        # A month ends on Thursday 2 April; 10 calendar days later is Sunday 12 April, so Monday.
        ("1 calendar-months", astana(2026, 3, 3), astana(2026, 3, 13), astana(2026, 4, 13, 18, 30)),
        # 4 working hours from 10:00: three until lunch, one from 14:30 to 15:30. From 11:00 to 12:00 it stood still.
        ("4 working-hours", astana(2026, 3, 2, 11), astana(2026, 3, 2, 12), astana(2026, 3, 2, 16, 30)),
        ("PT48H", astana(2026, 3, 3), astana(2026, 3, 4), astana(2026, 3, 5)),
        # A stop after the term's end counts no more.
        ("7 working-days", astana(2026, 3, 13), astana(2026, 3, 20), astana(2026, 3, 12, 18, 30)),
        # Of a stop that began before the term only what lies within it: 3 and 4 March.
        ("7 working-days", astana(2026, 2, 20), astana(2026, 3, 4), astana(2026, 3, 16, 18, 30)),
    ],
)
def test_the_rest_of_a_term_by_hand(term: str, stopped: datetime, resumed: datetime, due: datetime) -> None:
    assert ends(Term.parse(term), BEGUN, (stopped, resumed)) == due
