"""Terms of the acts: reading them, keeping their units apart, and the moment they end."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import permutations
from operator import add, ge, gt, le, lt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import load_kazakhstan
from app.domain.errors import Invalid
from app.domain.schedule import Schedule
from app.domain.terms import Term, Unit, deadline, last_day, reminder_moment, working_time_left

CALENDAR = load_kazakhstan()
COMMITTEE = Schedule(time(9), time(18, 30), lunch=(time(13), time(14, 30)))
FRONT_OFFICE = Schedule(time(9), time(20), works_saturday=True)

moments = st.datetimes(datetime(2020, 6, 1), datetime(2027, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001
schedules = st.sampled_from([COMMITTEE, FRONT_OFFICE])
day_units = st.sampled_from([Unit.WORKING_DAYS, Unit.CALENDAR_DAYS])
lengths = st.integers(0, 30)


def almaty(text: str, offset: int = 5) -> datetime:
    """A moment written as Almaty's clock shows it; UTC+5 since March 2024."""
    return (datetime.fromisoformat(text) - timedelta(hours=offset)).replace(tzinfo=UTC)


def due(term: str, counted_from: datetime, schedule: Schedule = COMMITTEE) -> datetime:
    return deadline(Term.parse(term), counted_from, schedule, CALENDAR)


# --- Reading and writing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("2 working-days", Term(2, Unit.WORKING_DAYS)),
        ("0 working-days", Term(0, Unit.WORKING_DAYS)),
        ("10 calendar-days", Term(10, Unit.CALENDAR_DAYS)),
        ("1 calendar-months", Term(1, Unit.CALENDAR_MONTHS)),
        ("3 working-hours", Term(3, Unit.WORKING_HOURS)),
        ("15 working-minutes", Term(15, Unit.WORKING_MINUTES)),
        ("PT10M", Term(600, Unit.ELAPSED)),
        ("P1DT2H", Term(93_600, Unit.ELAPSED)),
        ("PT45S", Term(45, Unit.ELAPSED)),
        ("P15D", Term(1_296_000, Unit.ELAPSED)),
        ("PT0S", Term(0, Unit.ELAPSED)),
    ],
)
def test_a_term_is_written_as_it_is_read(text, term):
    assert Term.parse(text) == term
    assert str(term) == text


def test_a_duration_in_weeks_is_seven_days():
    assert str(Term.parse("P2W")) == "P14D"


@given(st.integers(0, 10**8).map(lambda seconds: Term(seconds, Unit.ELAPSED)))
def test_every_duration_can_be_read_back(term):
    assert Term.parse(str(term)) == term


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2",
        "working-days",
        "2 days",
        "2 working-day",
        "-1 working-days",
        "1.5 working-days",
        "2  working-days",
        " 2 working-days",
        "2 working-days\n",
        "٢ working-days",
        "600 elapsed",
        "P",
        "PT",
        "P1DT",
        "P1M",
        "P1Y",
        "-PT10M",
        "PT1.5H",
        "pt10m",
        "10000000000 working-days",
    ],
)
def test_what_is_no_term_is_refused_with_its_text(text):
    with pytest.raises(Invalid) as refused:
        Term.parse(text)
    assert repr(text) in str(refused.value)
    assert "working-days, calendar-days, calendar-months, working-hours, working-minutes" in str(refused.value)


@pytest.mark.parametrize("text", ["0 working-hours", "0 working-minutes", "10000 working-days", "P10000D", "PT999999999H"])
def test_a_term_outside_all_measure_is_refused(text):
    with pytest.raises(Invalid, match="must lie between"):
        Term.parse(text)


# --- Units are never converted -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("one", "other"), list(permutations(Unit, 2)))
@pytest.mark.parametrize("operation", [lt, le, gt, ge, add])
def test_terms_of_different_units_cannot_be_compared_or_added(operation, one, other):
    with pytest.raises(TypeError, match="different units"):
        operation(Term(1, one), Term(1, other))


def test_an_hour_of_minutes_is_not_an_hour():
    assert Term(60, Unit.WORKING_MINUTES) != Term(1, Unit.WORKING_HOURS)
    assert Term(1, Unit.WORKING_DAYS) != Term(1, Unit.CALENDAR_DAYS)


def test_a_term_cannot_be_compared_with_a_number():
    with pytest.raises(TypeError):
        Term(1, Unit.WORKING_DAYS) < 2  # noqa: B015


def test_terms_of_one_unit_are_ordered_and_added():
    two, five = Term(2, Unit.WORKING_DAYS), Term(5, Unit.WORKING_DAYS)

    assert two < five
    assert five >= two
    assert two + five == Term(7, Unit.WORKING_DAYS)


# --- Deadlines -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("registered", "days", "last"),
    [
        ("2020-12-15", 3, "2020-12-22"),  # 16-18 off, Sunday 20 worked (1), Mon 21 (2), Tue 22 (3)
        ("2022-03-02", 3, "2022-03-05"),  # Thu 3, Fri 4, Saturday 5 worked
        ("2024-04-30", 3, "2024-05-04"),  # 1 May off; Thu 2, Fri 3, Saturday 4 worked
        ("2024-04-30", 5, "2024-05-10"),  # Thu 2, Fri 3, Sat 4, Mon 6; 7-9 May off; Fri 10
        ("2024-04-22", 15, "2024-05-16"),  # 23-26 (4), 29-30 (6), 2-4 May (9), 6 (10), 10 (11), 13-16 (15)
        ("2024-12-27", 5, "2025-01-08"),  # 30, 31 (2); 1-4 January off; Sunday 5 worked (3), 6 (4), 7 off, Wed 8 (5)
        ("2025-12-29", 15, "2026-01-22"),  # 30, 31 (2); 5, 6 (4); 8, 9 (6); 12-16 (11); 19-22 (15)
        ("2026-03-02", 15, "2026-03-27"),  # 3-6 (4); 10-13 (8); 16-20 (13); 23-25 off; 26, 27 (15)
        ("2026-05-22", 3, "2026-05-28"),  # Mon 25, Tue 26; 27 Kurban Ait; Thu 28
    ],
)
def test_a_term_in_working_days_ends_at_the_close_of_its_last_day(registered, days, last):
    offset = 6 if registered < "2024-03-01" else 5
    end_offset = 6 if last < "2024-03-01" else 5

    assert last_day(Term(days, Unit.WORKING_DAYS), date.fromisoformat(registered), COMMITTEE, CALENDAR).isoformat() == last
    assert due(f"{days} working-days", almaty(f"{registered} 10:00", offset)) == almaty(f"{last} 18:30", end_offset)


@pytest.mark.parametrize(
    ("term", "counted_from", "end"),
    [
        ("0 working-days", "2026-05-22 11:00", "2026-05-22 18:30"),  # the day itself
        ("0 working-days", "2026-05-23 11:00", "2026-05-25 18:30"),  # from a Saturday: Monday
        ("0 working-days", "2026-05-22 19:00", "2026-05-25 18:30"),  # Friday is over
        ("1 working-days", "2026-05-22 19:00", "2026-05-25 18:30"),
        ("1 working-days", "2024-05-03 19:00", "2024-05-04 18:30"),  # the Saturday worked by order
        ("2 working-days", "2026-05-22 00:05", "2026-05-26 18:30"),  # Mon 25, Tue 26
        ("10 calendar-days", "2026-05-13 10:00", "2026-05-25 18:30"),  # 23 May is a Saturday
        ("10 calendar-days", "2026-05-17 10:00", "2026-05-28 18:30"),  # 27 May is Kurban Ait
        ("3 calendar-days", "2024-05-01 10:00", "2024-05-04 18:30"),  # Saturday 4 May is worked
        ("0 calendar-days", "2026-05-22 10:00", "2026-05-22 18:30"),
        ("1 calendar-months", "2026-04-22 10:00", "2026-05-22 18:30"),
        ("1 calendar-months", "2026-04-23 10:00", "2026-05-25 18:30"),  # 23 May is a Saturday
        ("1 calendar-months", "2025-01-31 10:00", "2025-02-28 18:30"),  # no 31 February; Friday 28
        ("13 calendar-months", "2025-01-31 10:00", "2026-03-02 18:30"),  # 28 February 2026 is a Saturday
        ("2 calendar-months", "2025-12-15 10:00", "2026-02-16 18:30"),  # 15 February 2026 is a Sunday
        ("3 working-hours", "2026-05-22 17:30", "2026-05-25 11:00"),  # 1 hour on Friday, 2 on Monday
        ("15 working-minutes", "2026-05-22 12:50", "2026-05-22 14:35"),  # 10 before lunch, 5 after
        ("PT10M", "2026-05-23 23:55", "2026-05-24 00:05"),  # by the clock, on a Sunday too
        ("P15D", "2026-05-22 11:00", "2026-06-06 11:00"),
    ],
)
def test_a_term_ends_as_its_unit_says(term, counted_from, end):
    assert due(term, almaty(counted_from)) == almaty(end)


def test_a_deadline_is_a_moment_in_utc():
    assert due("PT10M", almaty("2026-05-22 11:00")).tzinfo is UTC
    assert due("1 working-days", COMMITTEE.local(almaty("2026-05-22 11:00"))).tzinfo is UTC


def test_a_term_over_the_change_of_zone_ends_by_the_new_clock():
    # Registered on Thursday 29 February 2024 at 10:00 UTC+6; closing on Friday 1 March is 18:30 UTC+5 = 13:30Z.
    assert due("1 working-days", almaty("2024-02-29 10:00", 6)) == datetime(2024, 3, 1, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize("counted_from", [datetime(2024, 2, 29, 17, 30, tzinfo=UTC), datetime(2024, 2, 29, 18, 30, tzinfo=UTC)])
def test_both_half_past_elevens_of_29_february_begin_the_same_term(counted_from):
    # Friday 1 March is day 1, Monday 4 March day 2.
    assert due("2 working-days", counted_from) == datetime(2024, 3, 4, 13, 30, tzinfo=UTC)


def test_a_six_day_provider_counts_saturdays():
    # Friday 22 May 2026; Sat 23 (1), Mon 25 (2), Tue 26 (3); closes at 20:00.
    assert due("3 working-days", almaty("2026-05-22 11:00"), FRONT_OFFICE) == almaty("2026-05-26 20:00")


@pytest.mark.parametrize("term", ["PT10M", "2 working-hours", "30 working-minutes"])
def test_a_term_in_hours_has_no_last_day(term):
    with pytest.raises(Invalid, match=f"The term {term} ends at a moment, not with a day"):
        last_day(Term.parse(term), date(2026, 5, 22), COMMITTEE, CALENDAR)


@pytest.mark.parametrize("term", ["300 working-days", "400 calendar-days", "12 calendar-months", "2000 working-hours"])
def test_a_term_that_leaves_the_calendar_names_the_year(term):
    with pytest.raises(Invalid, match="no days of the year 2028"):
        due(term, almaty("2027-05-21 10:00"))


def test_a_term_counted_from_a_moment_without_a_zone_is_refused():
    with pytest.raises(Invalid, match="A moment needs a time zone"):
        due("PT10M", datetime(2026, 5, 22, 11))  # noqa: DTZ001


@given(moments, schedules, day_units, lengths)
def test_a_term_in_days_ends_at_closing_and_never_on_a_day_off(moment, schedule, unit, n):
    end = deadline(Term(n, unit), moment, schedule, CALENDAR)

    assert schedule.local(end).time() == schedule.closes
    assert schedule.calendar(CALENDAR).is_working(schedule.day_of(end))
    assert end > moment


@given(moments, moments, schedules, st.sampled_from(Unit), st.integers(1, 30))
def test_a_term_that_starts_later_never_ends_earlier(one, other, schedule, unit, n):
    earlier, later = sorted((one, other))
    n = min(n, 6) if unit is Unit.CALENDAR_MONTHS else n
    term = Term(n, unit)

    assert deadline(term, earlier, schedule, CALENDAR) <= deadline(term, later, schedule, CALENDAR)


@given(moments, schedules, day_units, lengths)
def test_a_longer_term_never_ends_earlier(moment, schedule, unit, n):
    assert deadline(Term(n, unit), moment, schedule, CALENDAR) <= deadline(Term(n + 1, unit), moment, schedule, CALENDAR)


@given(moments, schedules, st.integers(1, 30), lengths)
def test_a_term_counted_on_from_anothers_end_is_their_sum(moment, schedule, a, b):
    first = last_day(Term(a, Unit.WORKING_DAYS), schedule.day_of(moment), schedule, CALENDAR)
    both = Term(a, Unit.WORKING_DAYS) + Term(b, Unit.WORKING_DAYS)

    assert last_day(Term(b, Unit.WORKING_DAYS), first, schedule, CALENDAR) == last_day(
        both, schedule.day_of(moment), schedule, CALENDAR
    )


# --- Remaining time and reminders ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "minutes"),
    [
        ("2026-05-26 16:30", 120),
        ("2026-05-26 13:30", 240),  # at lunch: the afternoon is left
        ("2026-05-25 18:00", 510),  # 30 on Monday, 480 on Tuesday
        ("2026-05-26 18:30", 0),
        ("2026-05-26 22:00", 0),  # overdue, but no working time has gone by
        ("2026-05-28 09:45", -45),  # 27 May is off
    ],
)
def test_the_time_left_is_working_time(now, minutes):
    end = almaty("2026-05-26 18:30")

    assert working_time_left(almaty(now), end, COMMITTEE, CALENDAR) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("opened", "end", "remind"),
    [
        ("2026-05-22 11:00", "2026-05-26 18:30", "2026-05-26 09:00"),  # opening of the last day
        ("2026-05-22 19:00", "2026-05-25 18:30", "2026-05-25 09:00"),
        ("2026-05-22 11:00", "2026-05-22 18:30", "2026-05-22 16:30"),  # the same day: two hours before
        ("2026-05-22 17:45", "2026-05-22 18:30", "2026-05-22 17:45"),  # never before it was opened
        ("2026-05-22 09:00", "2026-05-22 15:00", "2026-05-22 11:30"),  # lunch is no working time
        ("2026-05-22 11:00", "2026-05-25 09:00", "2026-05-22 16:30"),  # at opening it would be too late
        ("2026-05-22 11:00", "2026-05-24 11:00", "2026-05-22 16:30"),  # due by the clock on a Sunday
        ("2026-05-27 11:00", "2026-05-26 18:30", "2026-05-27 11:00"),  # overdue when opened
    ],
)
def test_the_reminder_comes_on_the_last_day_or_two_hours_before(opened, end, remind):
    assert reminder_moment(almaty(opened), almaty(end), COMMITTEE, CALENDAR) == almaty(remind)


@given(moments, schedules, day_units, lengths)
def test_a_reminder_lies_between_opening_and_deadline(opened, schedule, unit, n):
    end = deadline(Term(n, unit), opened, schedule, CALENDAR)

    assert opened <= reminder_moment(opened, end, schedule, CALENDAR) <= end


def test_a_swapped_day_moves_the_deadline_only_in_its_edition():
    # 8 May 2024 was worked until the order of 17 April 2024, and Saturday 4 May was off.
    before = replace(CALENDAR, editions=tuple(e for e in CALENDAR.editions if e.id != "kz-2024-05"))
    three_days = Term(3, Unit.WORKING_DAYS)

    assert last_day(three_days, date(2024, 4, 30), COMMITTEE, before) == date(2024, 5, 6)
    assert last_day(three_days, date(2024, 4, 30), COMMITTEE, CALENDAR) == date(2024, 5, 4)
