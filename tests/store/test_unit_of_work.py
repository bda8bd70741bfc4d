"""One transaction for one command, on both databases: what it promises, and how each database is set up for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from app.cases import working
from app.cases.office import Office
from app.domain.errors import HandlerFailed, Unavailable
from app.domain.handling import HandlerContext
from app.gateways.authority import TestAuthority
from app.history.verification import breaches_of
from app.store import database as databases
from app.store.database import for_reading, open_database
from app.store.tables import Notice, Setting
from app.store.unit_of_work import UnitOfWork, UnitOfWorkFactory, units_of_work
from tests.clock import ASTANA, HandClock
from tests.desk import Desk
from tests.press import with_short_letters
from tests.rows import all_rows

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    opened = open_database(database)
    yield opened
    opened.dispose()


@pytest.fixture
def hurried(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """Waits for a lock a twentieth of a second instead of fifteen."""
    monkeypatch.setattr(databases, "BUSY_TIMEOUT_MS", 50)
    monkeypatch.setattr(databases, "LOCK_TIMEOUT_MS", 50)
    opened = open_database(database)
    yield opened
    opened.dispose()


@pytest.fixture
def writing(engine: Engine) -> UnitOfWorkFactory:
    return units_of_work(engine)[0]


@pytest.fixture
def desk(office: Office, clock: HandClock, authority: TestAuthority) -> Desk:
    return Desk(with_short_letters(office), clock, authority)


def kept(uow: UnitOfWork) -> str:
    return uow.settings.get("a name", "nothing")


# --- All or nothing ------------------------------------------------------------------------------------------------


def test_what_is_not_committed_does_not_stay(writing: UnitOfWorkFactory) -> None:
    with writing() as uow:
        uow.settings.put("a name", "a value")
        uow.flush()
    with writing() as uow:
        assert kept(uow) == "nothing"
        uow.settings.put("a name", "a value")
        uow.commit()
    with writing() as uow:
        assert kept(uow) == "a value"


def test_an_error_takes_everything_back_and_goes_on_as_it_is(writing: UnitOfWorkFactory) -> None:
    with pytest.raises(ZeroDivisionError), writing() as uow:
        uow.settings.put("a name", "a value")
        uow.flush()
        raise ZeroDivisionError
    with writing() as uow:
        assert kept(uow) == "nothing"


def test_a_handler_that_fails_leaves_no_trace_of_its_step(desk: Desk, database: str) -> None:
    def fail(context: HandlerContext) -> None:
        context.number_case()
        raise RuntimeError("the counter is on fire")

    item = desk.item(desk.file(), "clerk")
    before = all_rows(database)
    broken = replace(desk.office, handlers={**desk.office.handlers, "number_case": fail})
    with pytest.raises(HandlerFailed, match="the counter is on fire"):
        working.complete(broken, desk.actor("clerk"), item.row.id, rev=item.rev, outcome="registered", answers={})
    assert all_rows(database) == before


# --- Beside others -------------------------------------------------------------------------------------------------


def test_a_reading_transaction_sees_one_moment(desk: Desk, open_another: Callable[[], Office]) -> None:
    """Otherwise a case that moves while its history is verified would look tampered with."""
    case = desk.file()
    other = Desk(with_short_letters(open_another()), desk.clock, desk.authority)
    with desk.office.reading() as uow:
        ((case_id, length, head),) = uow.history.chains()
        other.register(case)
        assert list(breaches_of(uow, case_id, length, head)) == []
    with desk.office.reading() as uow:
        assert next(uow.history.chains())[1] > length


def test_a_reading_transaction_waits_for_no_writer(hurried: Engine, writing: UnitOfWorkFactory) -> None:
    with writing() as uow:
        uow.settings.put("a name", "a value")
        uow.flush()
        with Session(for_reading(hurried)) as reader:
            assert reader.get(Setting, "a name") is None


def test_a_lock_another_holds_too_long_is_said_calmly_and_changes_nothing(
    desk: Desk, hurried: Engine, writing: UnitOfWorkFactory, database: str
) -> None:
    case = desk.file()
    item = desk.item(case, "clerk")
    before = all_rows(database)
    impatient = replace(desk.office, unit_of_work=units_of_work(hurried)[0])
    with writing() as uow:
        uow.cases.lock(case)
        with pytest.raises(Unavailable, match="nothing was changed"):
            working.complete(impatient, desk.actor("clerk"), item.row.id, rev=item.rev, outcome="registered", answers={})
    assert all_rows(database) == before
    desk.register(case)


@on_sqlite
def test_sqlite_writes_ahead_keeps_foreign_keys_and_waits_for_other_writers(engine: Engine) -> None:
    with engine.connect() as connection:
        pragmas = ("journal_mode", "foreign_keys", "busy_timeout")
        assert [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas] == ["wal", 1, 15_000]


@on_sqlite
def test_a_command_on_sqlite_takes_the_write_lock_before_it_reads(engine: Engine, hurried: Engine) -> None:
    """Two that had both read and then both write could not wait for each other: one would fail at once."""
    with engine.connect() as first:
        first.execute(text("SELECT 1"))
        with pytest.raises(Unavailable), units_of_work(hurried)[0]() as uow:
            kept(uow)


@on_postgresql
def test_postgresql_waits_for_locks_fifteen_seconds_at_most_and_speaks_utc(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.execute(text("SHOW lock_timeout")).scalar() == "15s"
        assert connection.execute(text("SHOW timezone")).scalar() == "UTC"


@on_postgresql
def test_a_reading_transaction_on_postgresql_cannot_write(engine: Engine) -> None:
    with for_reading(engine).connect() as connection:
        assert connection.execute(text("SHOW transaction_read_only")).scalar() == "on"


# --- What is kept comes back as it was -----------------------------------------------------------------------------

NOON = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)


def notice(user_id: str, case_id: str, **changes: Any) -> Notice:
    return Notice(**{"user_id": user_id, "case_id": case_id, "at": NOON, "template": "Told.", "values": {}, **changes})


def there_and_back(desk: Desk, engine: Engine, **changes: Any) -> Notice:
    """A notice written in one transaction and read in another."""
    case, company = desk.file(), desk.actor("company")
    with Session(engine) as session:
        session.add(row := notice(company.id, case, **changes))
        session.commit()
        key = row.id
    with Session(engine) as session:
        return session.get_one(Notice, key)


@pytest.mark.parametrize(
    "moment",
    [NOON, NOON.astimezone(ASTANA), NOON.astimezone(timezone(timedelta(hours=-9, minutes=-30)))],
    ids=["utc", "astana", "far-west"],
)
def test_a_moment_of_any_zone_comes_back_aware_and_in_utc(desk: Desk, engine: Engine, moment: datetime) -> None:
    found = there_and_back(desk, engine, at=moment).at
    assert found == NOON
    assert found.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(desk: Desk, engine: Engine) -> None:
    with pytest.raises(StatementError, match="expected an aware moment"):
        there_and_back(desk, engine, at=NOON.replace(tzinfo=None))


def test_json_comes_back_letter_for_letter(desk: Desk, engine: Engine) -> None:
    """Keys stay in their order, and numbers and letters as they were written: digests are taken over them."""
    values = {"b": "Қ ө \n “", "a": [1, 2.50, None, True, ""], "": {"z": 1, "y": {}}}
    row = there_and_back(desk, engine, values=values)
    assert list(row.values) == ["b", "a", ""]
    with engine.connect() as connection:
        written = connection.execute(text('SELECT "values" FROM notice WHERE id = :id'), {"id": row.id}).scalar()
    assert written == '{"b":"Қ ө \\n “","a":[1,2.5,null,true,""],"":{"z":1,"y":{}}}'


def test_a_row_that_names_what_is_not_there_is_refused(desk: Desk, engine: Engine) -> None:
    with pytest.raises(IntegrityError):
        there_and_back(desk, engine, document_id="no such document")
