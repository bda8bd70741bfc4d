"""APScheduler wakes the sweep; the timer and job tables are the truth, so nothing of the scheduler's own is kept."""

from __future__ import annotations

from collections.abc import Callable
from logging import ERROR, getLogger

from apscheduler.schedulers.background import BackgroundScheduler

from app.cases.design.migrating import carry_on
from app.cases.halting import find_halted
from app.cases.jobs import run_jobs
from app.cases.office import Office
from app.cases.repeating import forget_receipts
from app.cases.timing import sweep

log = getLogger(__name__)

EVERY_SECONDS = 2
LOOK_FOR_HALTED_EVERY = 600
"""Seconds. Looking at every open case is dear, and a case at a halt is a rare thing."""
FORGET_RECEIPTS_EVERY = 3600
"""Seconds. Of receipts that are kept for weeks nobody misses an hour."""


def start_scheduler(office: Office, *, every: float = EVERY_SECONDS) -> BackgroundScheduler:
    """Starts sweeping in the background, at once and then in turn. Any number of processes may do so over one database."""
    # A sweep that takes longer than the pause is meant to swallow the next one; that is no news.
    getLogger("apscheduler").setLevel(ERROR)
    scheduler = BackgroundScheduler(timezone="UTC")
    sweeps: tuple[tuple[str, Callable[[], object]], ...] = (
        ("timers", lambda: sweep(office)),
        ("jobs", lambda: run_jobs(office)),
        ("migrations", lambda: carry_on(office)),
    )
    for name, work in sweeps:
        run = _careful(name, work)
        scheduler.add_job(run, id=f"{name} at the start", misfire_grace_time=None)
        scheduler.add_job(run, "interval", seconds=every, id=name, max_instances=1, coalesce=True, misfire_grace_time=None)
    seldom = (
        ("halted", lambda: find_halted(office), LOOK_FOR_HALTED_EVERY),
        ("receipts", lambda: forget_receipts(office), FORGET_RECEIPTS_EVERY),
    )
    for name, work, seconds in seldom:
        run = _careful(name, work)
        scheduler.add_job(run, "interval", seconds=seconds, id=name, max_instances=1, misfire_grace_time=None)
    scheduler.start()
    return scheduler


def _careful(name: str, work: Callable[[], object]) -> Callable[[], None]:
    """A sweep that fails (the database away for a moment) is logged; the next one comes in its turn."""

    def run() -> None:
        try:
            work()
        except Exception as error:
            log.error("sweep failed", extra={"action": name}, exc_info=error)

    return run
