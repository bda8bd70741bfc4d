"""A provider's hours, working time, and the moment a filing counts as registered."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.calendar import load_kazakhstan
from app.domain.errors import Invalid
from app.domain.schedule import LegalRegistration, Schedule, check_zone_data, register_legally

CALENDAR = load_kazakhstan()
COMMITTEE = Schedule(time(9), time(18, 30), lunch=(time(13), time(14, 30)))  # 4 h before lunch, 4 h after
FRONT_OFFICE = Schedule(time(9), time(20), works_saturday=True)
BORDER_SERVICE = Schedule(time(9), time(18), (time(13), time(15)), saturday=(time(9), time(13)), works_saturday=True)
CUT_OFF = replace(COMMITTEE, registration_cutoff=time(17))

moments = st.datetimes(datetime(2020, 6, 1), datetime(2027, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001
schedules = st.sampled_from([COMMITTEE, FRONT_OFFICE, BORDER_SERVICE, CUT_OFF, replace(COMMITTEE, zone="Asia/Aqtau")])
amounts = st.timedeltas(timedelta(minutes=1), timedelta(hours=100))


def almaty(text: str, offset: int = 5) -> datetime:
    """A moment written as Almaty's clock shows it; UTC+5 since March 2024."""
    return (datetime.fromisoformat(text) - timedelta(hours=offset)).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-05-22 09:00", True),  # Friday at opening
        ("2026-05-22 08:59:59", False),
        ("2026-05-22 12:59", True),
        ("2026-05-22 13:00", False),  # lunch
        ("2026-05-22 14:30", True),
        ("2026-05-22 18:29:59", True),
        ("2026-05-22 18:30", False),
        ("2026-05-23 11:00", False),  # Saturday
        ("2024-05-04 11:00", True),  # Saturday worked by order
        ("2024-05-08 11:00", False),  # Wednesday off by the same order
    ],
)
def test_a_provider_is_open_within_hours_of_working_days(moment, is_open):
    assert COMMITTEE.is_open(almaty(moment), CALENDAR) is is_open


def test_a_provider_that_works_saturdays_goes_by_the_six_day_week():
    assert FRONT_OFFICE.is_open(almaty("2026-05-23 11:00"), CALENDAR)
    assert FRONT_OFFICE.is_open(almaty("2024-05-08 11:00"), CALENDAR)  # the swap is for the five-day week
    assert not FRONT_OFFICE.is_open(almaty("2026-05-24 11:00"), CALENDAR)  # Sunday


def test_opening_and_closing_are_moments_in_utc():
    assert COMMITTEE.opening(date(2026, 5, 22)) == datetime(2026, 5, 22, 4, tzinfo=UTC)
    assert COMMITTEE.closing(date(2026, 5, 22)) == datetime(2026, 5, 22, 13, 30, tzinfo=UTC)
    assert COMMITTEE.closing(date(2026, 5, 22)).tzinfo is UTC
    # Before March 2024 Almaty was UTC+6.
    assert COMMITTEE.opening(date(2024, 2, 29)) == datetime(2024, 2, 29, 3, tzinfo=UTC)


# --- Registration (Rules para 7) -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "registered"),
    [
        ("2026-05-22 11:15", "2026-05-22 11:15"),  # within hours
        ("2026-05-22 13:40", "2026-05-22 13:40"),  # lunch is within hours
        ("2026-05-22 07:20", "2026-05-22 09:00"),  # before opening: the same day
        ("2026-05-22 18:29:59", "2026-05-22 18:29:59"),
        ("2026-05-22 18:30", "2026-05-25 09:00"),
        ("2026-05-22 19:00", "2026-05-25 09:00"),  # Friday 19:00: Monday
        ("2026-05-24 12:00", "2026-05-25 09:00"),  # Sunday
        ("2026-05-27 12:00", "2026-05-28 09:00"),  # Kurban Ait, a Wednesday
        ("2024-05-03 19:00", "2024-05-04 09:00"),  # the eve of a Saturday worked by order
        ("2024-05-04 10:00", "2024-05-04 10:00"),  # that Saturday
        ("2024-05-04 19:00", "2024-05-06 09:00"),  # Monday 6, before three days off
        ("2024-05-06 19:00", "2024-05-10 09:00"),  # 7, 8, 9 May off
        ("2026-12-31 20:00", "2027-01-05 09:00"),  # 1 and 4 January off, 2 and 3 a weekend
    ],
)
def test_what_comes_outside_hours_is_registered_on_the_next_working_day(received, registered):
    moment = almaty(registered)

    assert register_legally(almaty(received), COMMITTEE, CALENDAR) == LegalRegistration(
        almaty(received), (moment + timedelta(hours=5)).date(), moment
    )


@pytest.mark.parametrize(
    ("received", "registered"),
    [("2026-05-21 16:59:59", "2026-05-21 16:59:59"), ("2026-05-21 17:00", "2026-05-22 09:00")],
)
def test_what_comes_past_the_cut_off_is_registered_on_the_next_working_day(received, registered):
    assert register_legally(almaty(received), CUT_OFF, CALENDAR).moment == almaty(registered)


def test_a_saturday_filing_at_a_six_day_provider_is_registered_on_saturday():
    assert register_legally(almaty("2026-05-23 12:00"), FRONT_OFFICE, CALENDAR).day == date(2026, 5, 23)


@pytest.mark.parametrize("received", [datetime(2024, 2, 29, 17, 30, tzinfo=UTC), datetime(2024, 2, 29, 18, 30, tzinfo=UTC)])
def test_the_hour_that_came_twice_is_one_evening_of_february(received):
    # On 29 February 2024 Almaty's clock showed 23:30 at 17:30Z and again at 18:30Z; opening on 1 March is 09:00 UTC+5.
    assert COMMITTEE.local(received).time() == time(23, 30)
    assert COMMITTEE.day_of(received) == date(2024, 2, 29)
    assert register_legally(received, COMMITTEE, CALENDAR) == LegalRegistration(
        received, date(2024, 3, 1), datetime(2024, 3, 1, 4, tzinfo=UTC)
    )


def test_the_day_is_the_providers_not_greenwichs():
    # Thursday 20:30Z is already Friday 01:30 in Almaty, before opening.
    assert register_legally(datetime(2026, 5, 21, 20, 30, tzinfo=UTC), COMMITTEE, CALENDAR).day == date(2026, 5, 22)


@given(moments, schedules)
def test_registration_is_never_before_receipt_and_registering_again_changes_nothing(received, schedule):
    registered = register_legally(received, schedule, CALENDAR)

    assert registered.moment >= received
    assert registered.day >= schedule.day_of(received)
    assert schedule.calendar(CALENDAR).is_working(registered.day)
    assert register_legally(registered.moment, schedule, CALENDAR).moment == registered.moment


@given(moments, moments, schedules)
def test_what_came_later_is_never_registered_earlier(one, other, schedule):
    earlier, later = sorted((one, other))

    assert register_legally(earlier, schedule, CALENDAR).moment <= register_legally(later, schedule, CALENDAR).moment


# --- Working time --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-05-22 09:00", "2026-05-22 18:30", 480),  # a whole day: 240 + 240
        ("2026-05-22 12:30", "2026-05-22 15:00", 60),  # 30 before lunch, 30 after
        ("2026-05-22 13:10", "2026-05-22 14:00", 0),  # all lunch
        ("2026-05-22 18:00", "2026-05-25 09:30", 60),  # over a weekend
        ("2026-05-22 20:00", "2026-05-25 08:00", 0),
        ("2026-05-26 09:00", "2026-05-28 09:00", 480),  # Kurban Ait between
        ("2024-05-03 18:00", "2024-05-06 09:30", 540),  # 30 + the worked Saturday 480 + 30
        ("2026-05-25 09:30", "2026-05-22 18:00", -60),
    ],
)
def test_working_time_leaves_out_lunch_nights_and_days_off(start, end, minutes):
    assert COMMITTEE.working_time_between(almaty(start), almaty(end), CALENDAR) == timedelta(minutes=minutes)


def test_working_time_over_the_change_of_zone_is_what_the_clock_on_the_wall_shows():
    # 29 February 18:00 (UTC+6) to 1 March 09:30 (UTC+5): 30 minutes and 30 minutes.
    start, end = datetime(2024, 2, 29, 12, tzinfo=UTC), datetime(2024, 3, 1, 4, 30, tzinfo=UTC)

    assert COMMITTEE.working_time_between(start, end, CALENDAR) == timedelta(hours=1)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-05-22 11:00", 2, "2026-05-22 13:00"),  # to the last minute before lunch
        ("2026-05-22 11:00", 3, "2026-05-22 15:30"),
        ("2026-05-22 09:00", 8, "2026-05-22 18:30"),  # to closing, not to Monday's opening
        ("2026-05-22 18:00", 1, "2026-05-25 09:30"),
        ("2026-05-23 11:00", 1, "2026-05-25 10:00"),
        ("2026-05-22 16:30", -2, "2026-05-22 14:30"),  # back to the first minute after lunch
        ("2026-05-22 15:30", -2, "2026-05-22 12:00"),
        ("2026-05-25 10:00", -2, "2026-05-22 17:30"),
        ("2026-05-25 11:00", -2, "2026-05-25 09:00"),
        ("2026-05-23 11:00", 0, "2026-05-23 11:00"),
    ],
)
def test_working_time_is_added_within_hours_only(start, hours, end):
    assert COMMITTEE.add_working_time(almaty(start), timedelta(hours=hours), CALENDAR) == almaty(end)


@given(moments, schedules, amounts, amounts)
def test_working_time_added_twice_is_the_sum_added_once(moment, schedule, a, b):
    in_two = schedule.add_working_time(schedule.add_working_time(moment, a, CALENDAR), b, CALENDAR)

    assert in_two == schedule.add_working_time(moment, a + b, CALENDAR)


@given(moments, schedules, amounts)
def test_working_time_added_is_working_time_between(moment, schedule, amount):
    later = schedule.add_working_time(moment, amount, CALENDAR)
    earlier = schedule.add_working_time(moment, -amount, CALENDAR)

    assert earlier < moment < later
    assert schedule.working_time_between(moment, later, CALENDAR) == amount
    assert schedule.working_time_between(earlier, moment, CALENDAR) == amount


@given(moments, moments, schedules)
def test_working_time_is_never_more_than_time(one, other, schedule):
    earlier, later = sorted((one, other))
    # The hour between 29 February and 1 March 2024 in Almaty came at night; it is nobody's working time.
    assert timedelta(0) <= schedule.working_time_between(earlier, later, CALENDAR) <= later - earlier


@given(moments, schedules)
def test_a_day_of_work_is_found_minute_by_minute(moment, schedule):
    day = schedule.day_of(moment)
    assume(schedule.calendar(CALENDAR).is_working(day))
    minutes = (schedule.opening(day) + timedelta(minutes=n) for n in range(-60, 24 * 60))
    open_minutes = sum(schedule.is_open(minute, CALENDAR) and schedule.day_of(minute) == day for minute in minutes)

    assert timedelta(minutes=open_minutes) == schedule.working_time_between(
        schedule.opening(day), schedule.closing(day), CALENDAR
    )


# --- What cannot be ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"closes": time(8)}, "closes: Must be later than 09:00:00; found 08:00:00"),
        ({"lunch": (time(14), time(13))}, "lunch: Must lie within working hours; found 14:00:00-13:00:00"),
        ({"lunch": (time(13), time(19))}, "lunch: "),
        ({"registration_cutoff": time(19)}, "registration_cutoff: "),
        ({"zone": "Asia/Astana"}, "zone: No such time zone: Asia/Astana"),
        ({"zone": "../etc/passwd"}, "zone: "),
    ],
)
def test_a_schedule_that_cannot_be_is_refused_with_its_place(wrong, said):
    with pytest.raises(Invalid, match=said):
        replace(COMMITTEE, **wrong)


def test_every_mistake_of_a_schedule_is_told_at_once():
    with pytest.raises(Invalid) as refused:
        Schedule(time(9), time(18), lunch=(time(8), time(9)), registration_cutoff=time(19), zone="Mars")

    assert [p.place for p in refused.value.problems] == ["lunch", "registration_cutoff", "zone"]


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(Invalid, match="A moment needs a time zone; found 2026-05-22 11:00:00"):
        register_legally(datetime(2026, 5, 22, 11), COMMITTEE, CALENDAR)  # noqa: DTZ001


def test_this_machine_knows_the_zone_change_of_2024():
    check_zone_data()


def test_a_short_saturday_closes_earlier_and_counts_for_less():
    assert BORDER_SERVICE.closing(date(2026, 3, 14)) == almaty("2026-03-14 13:00")
    assert not BORDER_SERVICE.is_open(almaty("2026-03-14 13:00"), CALENDAR)
    # From Friday 13 March 17:00: one hour to closing, four on Saturday, and two of Monday's morning: 11:00.
    assert BORDER_SERVICE.add_working_time(almaty("2026-03-13 17:00"), timedelta(hours=7), CALENDAR) == almaty("2026-03-16 11:00")
    assert BORDER_SERVICE.working_time_between(almaty("2026-03-13 17:00"), almaty("2026-03-16 11:00"), CALENDAR) == timedelta(
        hours=7
    )
