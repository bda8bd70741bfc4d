"""Fees: so many monthly calculation indices (MCI) in tenge, by the rate of the day of payment (Tax Code).

The rates are dated data (`mci.json`). Money is decimal with two places and never a float.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

from app.domain.errors import Invalid, problem
from app.domain.passport import Fee, PaymentTime

PAYMENT = "_payment"
"""Where a draft's answers keep how the fee is to be paid: {"by": one of `WAYS`, "amount": as stated}. No form has such an id."""

ONLINE, BANK = WAYS = ("online", "bank")
"""Through the payment gateway, or at a bank whose receipt is attached."""

PAID_BY_GATEWAY, PAID_AT_BANK, UNPAID = "gateway", "bank", ""
"""What `paid` says in expressions."""

PLACE = "payment"
"""Where problems with the fee stand on the application's page."""

_TIYN = Decimal("0.01")
_STATED = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Rate:
    """One monthly calculation index, in tenge, from this day until the next rate."""

    since: date
    tenge: Decimal
    source: str


def rate_on(day: date) -> Rate:
    """The rate in force on this day. Raises Invalid, naming the days known, outside of them."""
    rates, known_until = _table()
    in_force = [rate for rate in rates if rate.since <= day]
    if not in_force or day > known_until:
        raise Invalid(
            "The monthly calculation index is known from %(first)s to %(last)s; asked for %(day)s.",
            first=rates[0].since,
            last=known_until,
            day=day,
        )
    return in_force[-1]


def amount(fee: Fee, day: date) -> Decimal:
    """The fee in tenge by the rate of this day. Raises Invalid where the act names no figure, or the rate is not known."""
    if fee.unknown:
        raise Invalid("The act prescribes this fee and names no amount.")
    return in_tenge(Decimal(0) if fee.mci is None else fee.mci * rate_on(day).tenge)


def stated_amount(stated: str) -> Decimal:
    """What the applicant states to pay where the act names no figure. Raises Invalid, at `PLACE`, for what is no amount."""
    number = "".join(stated.split()).replace(",", ".")
    if not _STATED.fullmatch(number) or not Decimal(number):
        wrong = problem(PLACE, "State the amount you pay, in tenge and tiyn; found “%(found)s”.", found=stated)
        raise Invalid(wrong.sentence.template, [wrong], **wrong.sentence.values)
    return in_tenge(Decimal(number))


def in_tenge(number: Decimal) -> Decimal:
    return number.quantize(_TIYN, ROUND_HALF_UP)


def is_due_before_filing(fee: Fee) -> bool:
    return not fee.is_free and fee.due is PaymentTime.BEFORE_FILING


def how_paid(fee: Fee, answers: Mapping[str, Mapping[str, Any]], *, by_gateway: bool) -> str:
    """`paid` as expressions know it: paid through the gateway, to be proved by a bank's receipt, or not (yet)."""
    if by_gateway:
        return PAID_BY_GATEWAY
    if is_due_before_filing(fee) and answers.get(PAYMENT, {}).get("by") == BANK:
        return PAID_AT_BANK
    return UNPAID


@cache
def _table() -> tuple[tuple[Rate, ...], date]:
    data = json.loads(Path(__file__).with_name("mci.json").read_text("utf-8"))
    rates = (Rate(date.fromisoformat(r["from"]), Decimal(r["tenge"]), r["source"]) for r in data["rates"])
    return tuple(sorted(rates, key=lambda rate: rate.since)), date.fromisoformat(data["known_until"])
