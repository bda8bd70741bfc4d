"""How long the task list takes with a million open work items on PostgreSQL, beside the query it had before.

Run: python -m bench.inbox [ITEMS]
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session, defer

from app.bootstrap import settle
from app.bootstrap.demonstration import seed_people
from app.cases import publishing, viewing
from app.cases.office import Office
from app.cli import OPERATOR
from app.domain.inbox import Due, Part, Sort, SortKey, Wish
from app.domain.people import Actor, Role
from app.gateways.authority import TestAuthority
from app.store.cases import matching
from app.store.inbox import IS_OPEN
from app.store.reach import within_reach_of
from app.store.tables import Case, SubstitutionRow, User, WorkItem
from bench.databases import postgresql
from bench.inbox_filling import fill
from bench.use_case import PROCESSES, new_office
from handlers import HANDLERS
from tests.clock import HandClock, astana

ITEMS = 1_000_000
REPETITIONS = 40
WARM_UP = 3
BEFORE_REPETITIONS = 3
BAR_MS = 100.0
BESIDE = ("first page", "a rare word", "a common word", "mine")

WISHES = {
    "first page": Wish(),
    "page 20": Wish(),
    "overdue": Wish(due=Due.OVERDUE),
    "within 5 working days": Wish(due=Due.WITHIN, within=5),
    "a service": Wish(service="guarantee-obligation-end-user-certificate"),
    "urgent": Wish(least_priority=2),
    "a service, high": Wish(service="guarantee-obligation-end-user-certificate", least_priority=1),
    "a rare word": Wish(words="тегі19997"),
    "a common word": Wish(words="есім"),
    "common words": Wish(words="есім1 тегі1"),
    "common, no hit": Wish(words="2026 ЖШС"),
    "IIN": Wish(words=str(4711).rjust(12, "9")),
    "exact number": Wish(number="2026-0000645"),
    "latest due first": Wish(sorts=(Sort(SortKey.DUE, descending=True),)),
    "highest priority": Wish(sorts=(Sort(SortKey.PRIORITY, descending=True), Sort(SortKey.OPENED))),
    "by applicant": Wish(sorts=(Sort(SortKey.APPLICANT),)),
    "mine": Wish(part=Part.MINE),
    "on behalf of": Wish(part=Part.BEHALF),
}
LOGINS = {
    "clerk (400,000)": "clerk",
    "head (150,000)": "head",
    "executor (500)": "bench-executor-7",
    "body (30)": "bench-body",
    "substitute": "deputy",
}


def main() -> int:
    items = int(sys.argv[1]) if len(sys.argv) > 1 else ITEMS
    with postgresql() as new_database, TemporaryDirectory(prefix="rasim-bench-keys-") as keys:
        address = new_database("inbox")
        clock = HandClock(astana(2026, 3, 2))
        office = new_office(address, clock, TestAuthority(Path(keys)))
        try:
            _prepare(office, TestAuthority(Path(keys)), address, clock.now(), items)
            settle(office)  # as a server does before it serves
            return _measure(office, address)
        finally:
            office.close()


def _prepare(office: Office, authority: TestAuthority, address: str, now: datetime, items: int) -> None:
    seed_people(office, authority)
    for checked in publishing.check_all(PROCESSES, HANDLERS):
        publishing.publish(office, OPERATOR, checked)
    begun = perf_counter()
    fill(address, items=items, now=now.isoformat(), steps=_steps(office))
    with office.unit_of_work() as uow:
        deputy, head, clerk = (uow.people.by_login(login) for login in ("deputy", "head", "clerk"))
        assert deputy is not None and head is not None and clerk is not None
        for absent, role, services in ((head, Role.HEAD, []), (clerk, Role.CHANCELLERY, []), (clerk, Role.CHANCELLERY, _SCOPE)):
            uow.people.add_substitution(_standing_in(absent, deputy, role, services))
        uow.commit()
    print(f"{items:,} open items, filled in {perf_counter() - begun:.0f} s")


_SCOPE = ["guarantee-obligation-end-user-certificate", "export-control-licence"]


def _standing_in(absent: User, substitute: User, role: Role, services: list[str]) -> SubstitutionRow:
    return SubstitutionRow(
        absent_id=absent.id,
        substitute_id=substitute.id,
        role=role.value,
        order_number="1",
        order_date=date(2026, 3, 2),
        first_day=date(2026, 3, 2),
        last_day=date(2026, 3, 6),
        services=services,
    )


def _steps(office: Office) -> list[tuple[str, str, str, str, str]]:
    """One step a role of every published service."""
    found = []
    with office.reading() as uow:
        for version in uow.processes.newest_of_each():
            process = office.engine.load(uow.processes.bundle(version))
            by_role = {e.role: (version.service, version.id, p, name) for (p, name), e in process.elements.items() if e.role}
            found += [(role, *step) for role, step in sorted(by_role.items())]
    return found


def _measure(office: Office, address: str) -> int:
    engine = create_engine(address.replace("postgresql://", "postgresql+psycopg://"))
    print(f"{'':17}{'':24}{'CPU ms':>8}{'min ms':>8}{'p50 ms':>8}{'p95 ms':>8}{'before ms':>11}{'ratio':>8}")
    missed = 0
    for who, login in LOGINS.items():
        with office.reading() as uow:
            user = uow.people.by_login(login)
            assert user is not None
            actor = uow.people.actor(user, office.today())
        missed += _measure_one(office, engine, who, actor)
    engine.dispose()
    print(f"p95 under {BAR_MS:.0f} ms: {'met' if not missed else f'MISSED {missed} times'}")
    return 1 if missed else 0


def _measure_one(office: Office, engine: Engine, who: str, actor: Actor) -> int:
    def list_it(wish: Wish, page: int) -> Callable[[], object]:
        return lambda: viewing.inbox(office, actor, wish=wish, page=page)

    def as_before(session: Session, wish: Wish) -> Callable[[], object]:
        return lambda: _as_before(session, actor, wish)

    missed = 0
    for name, wish in WISHES.items():
        listed = _measured(engine, list_it(wish, 20 if name == "page 20" else 1))
        before: list[float] = []
        if name in BESIDE:
            with Session(engine) as session:
                before = _times(as_before(session, wish), BEFORE_REPETITIONS)
        missed += _line(who, name, listed, before)
    with Session(engine) as session:
        before = _times(lambda: _counts_before(session, actor, office.clock.now()), BEFORE_REPETITIONS)
    counted = _measured(engine, lambda: viewing.inbox_counts(office, actor))
    return missed + _line(who, "counters", counted, before)


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds by the clock, and of processors' time on the average: on a busy machine the second says what the work is."""

    times: list[float]
    worked: float


def _measured(engine: Engine, act: Callable[[], object]) -> Measured:
    act()
    pids = _connections(engine)
    begun = _worked(pids)
    times = _times(act, REPETITIONS)
    return Measured(times, 1000 * (_worked(pids) - begun) / (REPETITIONS + WARM_UP))


def _connections(engine: Engine) -> list[int]:
    """The database's processes for those connected to it. Taken once: one that ends takes its time along."""
    asked = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
    with engine.connect() as connection:
        return list(connection.exec_driver_sql(asked).scalars())


def _worked(pids: list[int]) -> float:
    """Seconds of processors' time of this process and of the database's own for it, where the two share a machine."""
    ticks = 0
    for pid in pids:
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])  # utime and stime
    return process_time() + ticks / os.sysconf("SC_CLK_TCK")


def _times(act: Callable[[], object], repetitions: int) -> list[float]:
    for _ in range(min(WARM_UP, repetitions - 1)):
        act()
    times = []
    for _ in range(repetitions):
        begun = perf_counter()
        act()
        times.append(1000 * (perf_counter() - begun))
    return times


def _line(who: str, name: str, listed: Measured, before: list[float]) -> bool:
    times = listed.times
    p95 = quantiles(times, n=20, method="inclusive")[-1]
    beside = f"{median(before):11.1f}{median(before) / median(times):7.0f}x" if before else ""
    measured = f"{listed.worked:8.1f}{min(times):8.1f}{median(times):8.1f}{p95:8.1f}{beside}"
    print(f"{who:17}{name:24}{measured}{'' if p95 < BAR_MS else '  MISSED'}", flush=True)
    return p95 >= BAR_MS


# --- The queries of before -------------------------------------------------------------------------------------------


def _as_before(session: Session, actor: Actor, wish: Wish) -> object:
    """All within reach put in order and counted, then the first page taken."""
    query = (
        select(WorkItem, Case, User)
        .options(defer(Case.state))
        .join(Case, Case.id == WorkItem.case_id)
        .outerjoin(User, User.id == WorkItem.owner_id)
        .where(IS_OPEN, within_reach_of(actor))
    )
    if wish.part is Part.MINE:
        query = query.where(WorkItem.owner_id == actor.id)
    if wish.words:
        query = query.where(matching(wish.words))
    total = session.scalar(select(func.count()).select_from(query.subquery()))
    ordered = query.order_by(WorkItem.due_at.is_(None), WorkItem.due_at, WorkItem.opened_at, WorkItem.id)
    found = session.execute(ordered.limit(25)).all()
    session.rollback()
    return total, found


def _counts_before(session: Session, actor: Actor, now: datetime) -> object:
    columns: list[Any] = [
        func.count(),
        func.count().filter(WorkItem.owner_id == actor.id),
        func.count().filter(WorkItem.owner_id.is_(None)),
        func.count().filter(WorkItem.due_at < now),
    ]
    found = session.execute(select(*columns).where(IS_OPEN, within_reach_of(actor))).one()
    session.rollback()
    return found


if __name__ == "__main__":
    sys.exit(main())
