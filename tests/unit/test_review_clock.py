"""The demonstration's clock, asked and moved at one moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from app.gateways.clock import MovedClock
from tests.clock import HandClock


def test_the_clock_tells_the_time_while_it_waits_to_be_moved() -> None:
    """Keeping the offset waits for whoever writes to the database, and who writes asks what time it is."""
    beneath = HandClock(datetime(2026, 3, 2, 5, tzinfo=UTC))
    with ThreadPoolExecutor(1) as threads:
        asked: list[datetime] = []

        def save(_offset: timedelta) -> None:
            asked.append(threads.submit(clock.now).result(timeout=5))

        clock = MovedClock(beneath, load=lambda: timedelta(0), save=save)
        clock.move_to(beneath.now() + timedelta(days=1))
    assert asked == [beneath.now()]
    assert clock.now() == beneath.now() + timedelta(days=1)
