"""Clocks: the machine's, and the demonstration's that can be moved forward."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

from app.domain.ports import Clock


class SystemClock:
    """The only place that reads the machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovedClock:
    """A clock that runs ahead of another by an offset kept outside, so that every process of a demonstration agrees.

    The offset is looked up again once a second of the clock beneath, not at every reading.
    """

    FRESH_FOR = timedelta(seconds=1)

    def __init__(self, beneath: Clock, *, load: Callable[[], timedelta], save: Callable[[timedelta], None]) -> None:
        self._beneath, self._load, self._save = beneath, load, save
        self._lock = Lock()
        self._offset = timedelta(0)
        self._looked_up: datetime | None = None

    def now(self) -> datetime:
        present = self._beneath.now()
        with self._lock:
            if self._looked_up is None or present - self._looked_up >= self.FRESH_FOR:
                self._offset, self._looked_up = self._load(), present
            return present + self._offset

    def move_to(self, moment: datetime) -> None:
        present = self._beneath.now()
        offset = moment - present
        self._save(offset)  # outside the lock: it waits for a writer, who may be about to ask what time it is
        with self._lock:
            self._offset, self._looked_up = offset, present
