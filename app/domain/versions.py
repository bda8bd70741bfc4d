"""Which of a service's versions applications are filed by, and since when: pure facts of numbers and moments.

In force is, of the versions whose moment has come and that are not retired, the one with the highest number. So a later version
takes the place of an earlier one at its moment, and where it is retired, the earlier one, unless it is retired too, is in force
again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Standing(Enum):
    """What a version is to applications filed now."""

    COMING = "coming"  # published, its moment has not come
    IN_FORCE = "in-force"
    REPLACED = "replaced"  # by one with a higher number
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Period:
    """A version's number and when applications are filed by it."""

    number: int
    in_force_from: datetime
    retired_at: datetime | None = None

    def counts(self, at: datetime) -> bool:
        """Whether its moment has come and it is not retired."""
        return self.in_force_from <= at and not self.is_retired(at)

    def is_retired(self, at: datetime) -> bool:
        return self.retired_at is not None and self.retired_at <= at


def in_force(periods: Iterable[Period], at: datetime) -> Period | None:
    """The one applications are filed by at this moment; None where nobody can apply."""
    return max((each for each in periods if each.counts(at)), key=lambda each: each.number, default=None)


def standing(period: Period, all_of_them: Iterable[Period], now: datetime) -> Standing:
    if period.is_retired(now):
        return Standing.RETIRED
    if period.in_force_from > now:
        return Standing.COMING
    return Standing.IN_FORCE if in_force(all_of_them, now) == period else Standing.REPLACED


def in_force_until(period: Period, all_of_them: Iterable[Period]) -> datetime | None:
    """When it was, or will be, replaced or retired; None where nothing ends it yet."""
    ends = [
        max(each.in_force_from, period.in_force_from)
        for each in all_of_them
        if each.number > period.number and (each.retired_at is None or each.retired_at > each.in_force_from)
    ]
    return min([*ends, *([period.retired_at] if period.retired_at else [])], default=None)


def after_retiring(retired: Iterable[int], all_of_them: Iterable[Period], at: datetime) -> Period | None:
    """Which version is in force once these numbers are retired at this moment; None: no application can be filed then."""
    gone = frozenset(retired)
    return in_force((each for each in all_of_them if each.number not in gone), at)
