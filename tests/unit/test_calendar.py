"""The Kazakh working calendar 2020-2027: the published tables, the law's own rule, and counting by working days."""

from dataclasses import replace
from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import Edition, Exceptions, Week, WorkingCalendar, load_kazakhstan, statutory_days_off
from app.domain.errors import Invalid
from app.domain.text import Text

FIVE = load_kazakhstan()
SIX = FIVE.for_week(Week.SIX_DAY)
FIRST, LAST = FIVE.covered
YEARS = range(2020, 2028)

# Weekdays off, and after the plus weekend days worked, as published for each year.
PUBLISHED = {
    2020: "01-01 01-02 01-03 01-07 03-09 03-23 03-24 03-25 05-01 05-07 05-08 07-06 07-31 08-31 12-01 12-16 12-17 12-18"
    " + 01-05 12-20",
    2021: "01-01 01-04 01-07 03-08 03-22 03-23 03-24 05-03 05-07 05-10 07-05 07-06 07-20 08-30 12-01 12-16 12-17 + 07-03",
    2022: "01-03 01-04 01-07 03-07 03-08 03-21 03-22 03-23 05-02 05-09 05-10 07-06 08-29 08-30 10-24 10-25 12-16"
    " + 03-05 08-27 10-22",
    2023: "01-02 01-03 03-08 03-21 03-22 03-23 05-01 05-08 05-09 06-28 07-06 07-07 08-30 10-25 12-18 + 07-01",
    2024: "01-01 01-02 03-08 03-21 03-22 03-25 05-01 05-07 05-08 05-09 07-08 08-30 10-25 12-16 + 05-04",
    2025: "01-01 01-02 01-03 01-07 03-10 03-21 03-24 03-25 05-01 05-07 05-09 06-06 07-07 09-01 10-27 12-16 + 01-05",
    2026: "01-01 01-02 01-07 03-09 03-23 03-24 03-25 05-01 05-07 05-11 05-27 07-06 10-26 12-16 +",
    2027: "01-01 01-04 01-07 03-08 03-15 03-22 03-23 03-24 05-03 05-07 05-10 07-06 10-25 12-16 +",
}

# What decrees and orders moved: (the day worked instead, the day off).
SWAPS = {
    2020: [("01-05", "01-03"), ("05-11", "05-08"), ("12-20", "12-18")],
    2021: [("07-03", "07-05")],
    2022: [("03-05", "03-07"), ("08-27", "08-29"), ("10-22", "10-24")],
    2023: [("07-01", "07-07")],
    2024: [("05-04", "05-08")],
    2025: [("01-05", "01-03")],
}

days = st.dates(FIRST + timedelta(days=120), LAST - timedelta(days=120))  # room for 60 working days either way
lengths = st.integers(0, 30)
calendars = st.sampled_from([FIVE, SIX])


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def dates(year: int, text: str) -> set[date]:
    return {date.fromisoformat(f"{year}-{day}") for day in text.split()}


@pytest.mark.parametrize("year", YEARS)
def test_a_years_days_are_those_published(year):
    off, _, worked = PUBLISHED[year].partition("+")

    assert {day for day in days_of(year) if day.weekday() < 5 and not FIVE.is_working(day)} == dates(year, off)
    assert {day for day in days_of(year) if day.weekday() >= 5 and FIVE.is_working(day)} == dates(year, worked)


@pytest.mark.parametrize("year", YEARS)
def test_a_published_year_is_the_laws_rule_and_the_decreed_swaps(year):
    swaps = [(date.fromisoformat(f"{year}-{a}"), date.fromisoformat(f"{year}-{b}")) for a, b in SWAPS.get(year, [])]
    off = set(statutory_days_off(year)) - {worked for worked, _ in swaps} | {free for _, free in swaps}

    assert off == {day for day in days_of(year) if day.weekday() < 5 and not FIVE.is_working(day)}


@pytest.mark.parametrize("year", YEARS)
def test_in_a_six_day_week_only_swaps_with_a_sunday_count(year):
    # A Saturday is worked there anyway; the labour ministry for January 2025: off "from 1 to 3 January", 5 January is worked.
    swaps = [(date.fromisoformat(f"{year}-{a}"), date.fromisoformat(f"{year}-{b}")) for a, b in SWAPS.get(year, [])]
    sundays = [(worked, free) for worked, free in swaps if worked.weekday() == 6]
    off = set(statutory_days_off(year, Week.SIX_DAY)) | {free for _, free in sundays}

    assert off == {day for day in days_of(year) if day.weekday() < 6 and not SIX.is_working(day)}
    assert {worked for worked, _ in sundays} == {day for day in days_of(year) if day.weekday() == 6 and SIX.is_working(day)}


def test_every_day_agrees_with_an_independent_calendar():
    kazakhstan = holidays.country_holidays("KZ", years=list(YEARS))

    assert [day for year in YEARS for day in days_of(year) if FIVE.is_working(day) != kazakhstan.is_working_day(day)] == []


def test_working_days_a_year_add_up():
    assert [sum(map(FIVE.is_working, days_of(year))) for year in YEARS] == [246, 245, 246, 246, 249, 246, 247, 247]


def test_holidays_in_a_row_push_each_other_on():
    # 21 and 22 March 2026 are Saturday and Sunday, 23 March is itself a holiday: 24 and 25 March are off instead.
    off = [day for day in days_of(2026) if day.month == 3 and day.day > 15 and day.weekday() < 5 and not FIVE.is_working(day)]

    assert off == [date(2026, 3, 23), date(2026, 3, 24), date(2026, 3, 25)]
    # In a six-day week Saturday 21 is off itself and gives no other day; Sunday 22 gives Tuesday 24.
    assert SIX.is_working(date(2026, 3, 25))
    assert not SIX.is_working(date(2026, 3, 21))
    assert not SIX.is_working(date(2026, 3, 24))


def test_christmas_and_kurban_ait_on_a_weekend_are_not_moved():
    assert FIVE.is_working(date(2024, 1, 8))  # 7 January 2024 was a Sunday
    assert FIVE.is_working(date(2024, 6, 17))  # Kurban Ait on Sunday 16 June 2024
    assert FIVE.is_working(date(2027, 5, 17))  # Kurban Ait on Sunday 16 May 2027


def test_a_decreed_saturday_is_worked_and_its_wednesday_off():
    assert FIVE.is_working(date(2024, 5, 4))
    assert not FIVE.is_working(date(2024, 5, 8))


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        ("2026-05-22", 0, "2026-05-22"),  # Friday, worked
        ("2026-05-23", 0, "2026-05-25"),  # Saturday: Monday
        ("2026-05-22", 3, "2026-05-28"),  # Mon 25, Tue 26, Wed 27 Kurban Ait off, Thu 28
        ("2026-05-23", 1, "2026-05-25"),  # from a day off, the first working day after it is day 1
        ("2026-05-23", -1, "2026-05-22"),
        ("2026-05-28", -3, "2026-05-22"),
        ("2024-05-06", -1, "2024-05-04"),  # the Saturday before was worked
        ("2026-12-31", 1, "2027-01-05"),  # 1 and 2 January (Fri, Sat) off, 3 is Sunday, 4 off for the 2nd, Tue 5
    ],
)
def test_days_are_counted_from_the_day_after(start, n, expected):
    assert FIVE.add_working_days(date.fromisoformat(start), n) == date.fromisoformat(expected)


def test_the_next_working_day_is_strictly_after():
    assert FIVE.next_working(date(2024, 5, 3)) == date(2024, 5, 4)
    assert FIVE.on_or_after(date(2024, 5, 5)) == date(2024, 5, 6)


def test_working_days_between_counts_the_end_and_not_the_start():
    # Mon 2024-05-06 to Sun 2024-05-12: 7, 8, 9 off; Fri 10 worked.
    assert FIVE.working_days_between(date(2024, 5, 6), date(2024, 5, 12)) == 1
    assert FIVE.working_days_between(date(2024, 5, 12), date(2024, 5, 6)) == -1
    assert FIVE.working_days_between(date(2024, 5, 6), date(2024, 5, 6)) == 0


@pytest.mark.parametrize(
    ("asked", "year"),
    [
        (lambda: FIVE.is_working(date(2019, 12, 31)), 2019),
        (lambda: FIVE.is_working(date(2028, 1, 1)), 2028),
        (lambda: FIVE.holiday_name(date(2031, 3, 8)), 2031),
        (lambda: FIVE.add_working_days(date(2027, 12, 31), 1), 2028),
        (lambda: FIVE.add_working_days(date(2020, 1, 1), -1), 2019),
        (lambda: FIVE.edition_of(2019), 2019),
    ],
)
def test_outside_the_covered_years_the_year_is_named(asked, year):
    with pytest.raises(Invalid, match=f"the year {year}"):
        asked()


@pytest.mark.parametrize(
    ("day", "english"),
    [
        ("2026-03-22", "Nauryz"),
        ("2026-03-24", "Moved day off"),
        ("2024-05-08", "Moved day off"),
        ("2027-03-15", "Constitution Day"),
        ("2025-08-30", "Constitution Day"),
        ("2026-05-27", "First day of Kurban Ait"),
        ("2026-08-30", None),  # a Sunday, no holiday from 2026
        ("2026-08-31", None),
        ("2026-03-28", None),
    ],
)
def test_a_day_off_is_explained(day, english):
    name = FIVE.holiday_name(date.fromisoformat(day))

    assert (name and name.en) == english


def test_every_holiday_is_named_in_three_languages():
    assert all(name.kk and name.ru and name.en for edition in FIVE.editions for name in edition.names.values())
    assert all(edition.source.kk and edition.source.ru and edition.source.en for edition in FIVE.editions)


def test_a_year_without_an_act_says_so():
    assert [year for year in YEARS if FIVE.edition_of(year).by_rule_only] == [2027]
    assert FIVE.edition == "kz-2027"
    assert FIVE.edition_of(2024).id == "kz-2024-05"
    assert FIVE.edition_of(2024).in_force_from == date(2024, 4, 17)
    assert "109" in FIVE.edition_of(2024).source.en


# --- Laying an edition over a calendar -----------------------------------------------------------------------------

SWAP = Edition(
    "kz-2027-04",
    in_force_from=date(2027, 4, 1),
    source=Text("№ 1 бұйрық", "Приказ № 1", "Order No. 1"),
    five_day=Exceptions(days_off=frozenset({date(2027, 5, 6)}), worked=frozenset({date(2027, 5, 1), date(2027, 5, 3)})),
)


def test_a_newer_edition_changes_only_the_days_it_lists():
    changed = FIVE.with_edition(SWAP)

    assert [day for day in days_of(2027) if changed.is_working(day) != FIVE.is_working(day)] == [
        date(2027, 5, 1),
        date(2027, 5, 3),
        date(2027, 5, 6),
    ]
    assert (changed.edition, changed.source.en) == ("kz-2027-04", "Order No. 1")
    assert FIVE.edition == "kz-2027"


def test_a_newer_edition_reaches_both_weeks():
    changed = SIX.with_edition(replace(SWAP, six_day=Exceptions(days_off=frozenset({date(2027, 5, 8)}))))

    assert not changed.is_working(date(2027, 5, 8))
    assert not changed.for_week(Week.FIVE_DAY).is_working(date(2027, 5, 6))
    assert changed.for_week(Week.FIVE_DAY).for_week(Week.SIX_DAY) == changed


def test_a_newer_edition_can_take_an_older_one_back():
    withdrawn = replace(
        SWAP,
        id="kz-2027-05",
        five_day=Exceptions(days_off=frozenset({date(2027, 5, 1), date(2027, 5, 3)}), worked=frozenset({date(2027, 5, 6)})),
    )
    again = FIVE.with_edition(SWAP).with_edition(withdrawn)

    assert [day for day in days_of(2027) if again.is_working(day) != FIVE.is_working(day)] == []
    assert not again.with_edition(replace(SWAP, id="kz-2027-06")).is_working(date(2027, 5, 6))


def test_a_newer_edition_can_rename_a_holiday():
    renamed = FIVE.with_edition(replace(SWAP, names={date(2027, 7, 6): Text("Елорда күні")}))

    assert renamed.holiday_name(date(2027, 7, 6)) == Text("Елорда күні")


def test_an_edition_of_a_whole_year_forgets_what_was_known_of_it():
    order = Edition("kz-2027-final", date(2026, 12, 1), Text("бұйрық"), years=(2027,))

    changed = FIVE.with_edition(SWAP).with_edition(order)

    assert all(changed.is_working(day) == (day.weekday() < 5) for day in days_of(2027))
    assert changed.holiday_name(date(2027, 5, 16)) is None  # no longer the Sunday of Kurban Ait
    assert not changed.is_working(date(2026, 12, 16))


def test_an_edition_may_publish_the_next_year():
    longer = FIVE.with_edition(
        Edition(
            "kz-2028",
            date(2028, 1, 1),
            Text("бұйрық"),
            years=(2028,),
            five_day=Exceptions(days_off=frozenset({date(2028, 1, 4)})),
            names={date(2028, 1, 4): Text("Жаңа мереке", "Новый праздник", "New holiday")},
        )
    )

    assert longer.covered == (date(2020, 1, 1), date(2028, 12, 31))
    assert longer.next_working(date(2028, 1, 3)) == date(2028, 1, 5)
    assert longer.holiday_name(date(2028, 1, 4)).en == "New holiday"


@pytest.mark.parametrize(
    ("edition", "said"),
    [
        (replace(SWAP, id="kz-2024"), "kz-2024: An edition with this id is already laid"),
        (replace(SWAP, years=(2030,)), "The years must follow one another"),
        (replace(SWAP, five_day=Exceptions(worked=frozenset({date(2028, 1, 1)}))), "2028-01-01 lies outside"),
        (
            replace(SWAP, six_day=Exceptions(frozenset({date(2027, 5, 6)}), frozenset({date(2027, 5, 6)}))),
            "2027-05-06 is both off and worked",
        ),
    ],
)
def test_an_edition_that_cannot_stand_is_refused(edition, said):
    with pytest.raises(Invalid, match=said):
        FIVE.with_edition(edition)


def test_a_calendar_needs_a_published_year():
    with pytest.raises(Invalid, match="No edition publishes a whole year"):
        WorkingCalendar(Text("бос"), ())


# --- Properties ----------------------------------------------------------------------------------------------------


@given(calendars, days, st.integers(-30, 30))
def test_counting_never_lands_on_a_day_off(calendar, day, n):
    assert calendar.is_working(calendar.add_working_days(day, n))


@given(calendars, days, days, lengths)
def test_a_later_start_never_ends_earlier(calendar, one, other, n):
    earlier, later = sorted((one, other))
    assert calendar.add_working_days(earlier, n) <= calendar.add_working_days(later, n)


@given(calendars, days, lengths)
def test_one_more_day_ends_on_the_next_working_day(calendar, day, n):
    longer = calendar.add_working_days(day, n + 1)
    # From a day off, 0 and 1 both mean the first working day after it.
    expected = calendar.on_or_after(day) if n == 0 and not calendar.is_working(day) else None
    assert longer == (expected or calendar.next_working(calendar.add_working_days(day, n)))


@given(calendars, days, st.integers(1, 30), lengths)
def test_days_added_twice_are_the_sum_added_once(calendar, day, a, b):
    assert calendar.add_working_days(calendar.add_working_days(day, a), b) == calendar.add_working_days(day, a + b)


@given(calendars, days, st.integers(-30, 30), st.integers(-30, 30))
def test_from_a_working_day_counting_forth_and_back_is_plain_arithmetic(calendar, day, a, b):
    start = calendar.on_or_after(day)
    assert calendar.add_working_days(calendar.add_working_days(start, a), b) == calendar.add_working_days(start, a + b)


@given(calendars, days, lengths)
def test_days_added_are_days_between(calendar, day, n):
    start = calendar.on_or_after(day)
    assert calendar.working_days_between(start, calendar.add_working_days(start, n)) == n


@given(calendars, days, st.integers(1, 30))
def test_counting_equals_walking_day_by_day(calendar, day, n):
    walked = day
    for _ in range(n):
        walked += timedelta(days=1)
        while not calendar.is_working(walked):
            walked += timedelta(days=1)
    assert calendar.add_working_days(day, n) == walked
