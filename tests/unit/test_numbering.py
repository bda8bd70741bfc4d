"""The rule of a body's registration numbers."""

from __future__ import annotations

import pytest

from app.domain.errors import Invalid
from app.domain.numbering import DEFAULT, check_rule, numbered, shape


@pytest.mark.parametrize(
    ("rule", "number"),
    [
        (DEFAULT, "2026-00007"),
        ("ЖТ-{serial}/{year}", "ЖТ-7/2026"),
        ("{year}.№{serial:03d}", "2026.№007"),
    ],
)
def test_a_number_is_the_rule_with_the_year_and_the_serial_in_it(rule: str, number: str) -> None:
    assert numbered(check_rule(rule), 2026, 7) == number


def test_a_serial_wider_than_its_noughts_is_whole() -> None:
    assert numbered("{year}-{serial:03d}", 2026, 12345) == "2026-12345"


@pytest.mark.parametrize(
    "rule",
    [
        "ЖТ-1",  # every case would have one number
        "{year}",
        "{serial}",  # next year's numbers would be this year's
        "{year}-{serial}-{serial}",
        "{year}-{serial.__class__}",
        "{year}-{serial:999999999d}",
        "{year}-{serial!r}",
        "{year}-{serial} <b>",
        "{year}-{serial}\n",
        "{year}-{serial}-{",
        "А" * 40 + "{year}{serial}",
    ],
)
def test_what_is_no_rule_is_refused_before_it_could_fail(rule: str) -> None:
    if rule.endswith("\n"):
        assert check_rule(rule) == "{year}-{serial}", "blanks around a rule are no part of it"
        return
    with pytest.raises(Invalid):
        check_rule(rule)


def test_rules_that_differ_in_noughts_alone_make_the_same_numbers() -> None:
    assert shape("{year}-{serial:05d}") == shape("{year}-{serial}")
    assert shape("{year}-{serial}") != shape("ЖТ-{year}-{serial}")
