"""A clock that stands still until it is moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

ASTANA = ZoneInfo("Asia/Almaty")


def astana(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    """A moment on the provider's wall clock, in UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=ASTANA).astimezone(UTC)


class HandClock:
    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment

    def move_to(self, moment: datetime) -> None:
        if moment < self._moment:
            raise ValueError(f"the clock stands at {self._moment}, {moment} is earlier")
        self._moment = moment

    def pass_by(self, **parts: float) -> None:
        self._moment += timedelta(**parts)
