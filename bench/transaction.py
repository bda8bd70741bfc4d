"""One completion with its database commit: the same few writes for both sides, so that only engine and state differ."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from app.store.database import open_database
from bench.licence import Step
from bench.sides import OpenTask, Saved, Side

TABLES = MetaData()
CASE = Table(
    "bench_case",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("rev", Integer, nullable=False),
    Column("state", LargeBinary, nullable=False),
)
WORK_ITEM = Table(
    "bench_work_item",
    TABLES,
    Column("case_id", ForeignKey(CASE.c.id), primary_key=True),
    Column("token", String(64), primary_key=True),
    Column("element", String(64), nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
)
JOURNAL = Table(
    "bench_journal",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey(CASE.c.id), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("event", String(64), nullable=False),
)

AT = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)  # every row says the same moment: clocks are not measured
LOCK = select(CASE.c.rev, CASE.c.state).where(CASE.c.id == bindparam("case_id")).with_for_update()
SAVE = update(CASE).where(CASE.c.id == bindparam("case_id")).values(rev=bindparam("new_rev"), state=bindparam("new_state"))
CLOSE = delete(WORK_ITEM).where(WORK_ITEM.c.case_id == bindparam("of_case"))


class CaseTable:
    """The cases of one side in a database of its own, over one connection as a worker holds it."""

    def __init__(self, address: str, side: Side) -> None:
        self._side = side
        self._engine = open_database(address)
        TABLES.create_all(self._engine)
        self._connection = self._engine.connect()

    def add(self, saved: Saved, count: int) -> list[int]:
        """So many copies of a case, each with its open work items; gives their ids."""
        with self._connection.begin():
            added = [self._connection.execute(insert(CASE), {"rev": 1, "state": saved.state}) for _ in range(count)]
            ids = [each.inserted_primary_key[0] for each in added]
            for case_id in ids:
                self._connection.execute(insert(WORK_ITEM), _items(case_id, saved.open_tasks()))
        return ids

    def complete(self, case_id: int, token: str, step: Step) -> None:
        """Lock the case, move it, save it, make the work items equal to what it waits for, write the journal, commit."""
        connection = self._connection
        with connection.begin():
            rev, state = connection.execute(LOCK, {"case_id": case_id}).one()
            saved = self._side.complete(state, token, step)
            connection.execute(SAVE, {"case_id": case_id, "new_rev": rev + 1, "new_state": saved.state})
            connection.execute(CLOSE, {"of_case": case_id})
            connection.execute(insert(WORK_ITEM), _items(case_id, saved.open_tasks()))
            connection.execute(insert(JOURNAL), {"case_id": case_id, "at": AT, "event": step[0]})

    def close(self) -> None:
        self._connection.close()
        self._engine.dispose()


def _items(case_id: int, tasks: list[OpenTask]) -> list[dict[str, object]]:
    return [{"case_id": case_id, "token": task.token, "element": task.element, "opened_at": AT} for task in tasks]
