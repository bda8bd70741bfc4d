"""Fees in monthly calculation indices, by the rate of the day of payment, exact to the tiyn."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.domain.errors import Invalid
from app.domain.fees import amount, how_paid, rate_on, stated_amount
from app.domain.passport import Fee, PaymentTime

BEFORE = Fee(mci=Decimal(10))
IN_PROCESS = Fee(mci=Decimal(10), due=PaymentTime.IN_PROCESS)


@pytest.mark.parametrize(
    ("mci", "day", "tenge"),
    [  # 10 × 4325; 20 × 4325; 2 × 4325; 0,9 × 4325; the last day of 2025 and the first of 2026: 10 × 3932, 10 × 4325
        ("10", date(2026, 11, 25), "43250.00"),
        ("20", date(2026, 11, 25), "86500.00"),
        ("2", date(2026, 11, 25), "8650.00"),
        ("0.9", date(2026, 11, 25), "3892.50"),
        ("10", date(2025, 12, 31), "39320.00"),
        ("10", date(2026, 1, 1), "43250.00"),
        ("0.9", date(2015, 1, 1), "1783.80"),  # 0,9 × 1982
    ],
)
def test_a_fee_is_so_many_indices_of_the_day_it_is_paid(mci: str, day: date, tenge: str) -> None:
    paid = amount(Fee(mci=Decimal(mci)), day)
    assert str(paid) == tenge


def test_what_is_free_costs_nothing_on_any_day() -> None:
    assert str(amount(Fee(), date(2031, 1, 1))) == "0.00"


@pytest.mark.parametrize("day", [date(2014, 12, 31), date(2027, 1, 1)])
def test_outside_the_known_years_no_amount_is_made_up(day: date) -> None:
    with pytest.raises(Invalid, match=f"known from 2015-01-01 to 2026-12-31; asked for {day}"):
        rate_on(day)


def test_a_fee_without_a_figure_has_no_amount_of_its_own() -> None:
    with pytest.raises(Invalid, match="names no amount"):
        amount(Fee(unknown=True), date(2026, 3, 2))


@pytest.mark.parametrize(("typed", "tenge"), [("1 500", "1500.00"), ("1500,5", "1500.50"), ("0.07", "0.07")])
def test_an_amount_is_read_as_people_write_it(typed: str, tenge: str) -> None:
    assert str(stated_amount(typed)) == tenge


@pytest.mark.parametrize("typed", ["", "0", "0,00", "-5", "1e9", "a lot", "1.234", "9" * 13])
def test_what_is_no_amount_is_said_where_the_fee_is_paid(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        stated_amount(typed)
    assert [problem.place for problem in refused.value.problems] == ["payment"]


@pytest.mark.parametrize(
    ("fee", "chosen", "by_gateway", "paid"),
    [
        (BEFORE, "online", False, ""),  # wanting to pay is not having paid
        (BEFORE, "bank", False, "bank"),
        (BEFORE, "bank", True, "gateway"),
        (IN_PROCESS, "bank", False, ""),  # a receipt is chosen for what is due before filing
        (Fee(), "bank", False, ""),
    ],
)
def test_how_a_fee_was_paid(fee: Fee, chosen: str, by_gateway: bool, paid: str) -> None:
    assert how_paid(fee, {"_payment": {"by": chosen}}, by_gateway=by_gateway) == paid
