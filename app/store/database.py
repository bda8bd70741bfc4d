"""Opens the database: SQLite by default, PostgreSQL in production. The two differ here and nowhere else."""

from __future__ import annotations

from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import IntegrityError, OperationalError

from app.domain.errors import Misconfigured

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
BUSY_TIMEOUT_MS = 15_000
LOCK_TIMEOUT_MS = 15_000
POOL = {"pool_size": 8, "max_overflow": 56}
"""Connections of one process. A thread may need two at once (within a transaction the demonstration's clock is read), and whoever
waits for the write lock holds one: with fewer than two for each of the server's threads whoever has the lock could starve."""


def open_database(url: str) -> Engine:
    """An engine whose write transactions take their lock at once, so that two writers queue instead of deadlocking.

    Its errors do not quote what was to be written: they end in logs and incidents, where no personal data belong.
    Raises Misconfigured when the address is wrong or nothing answers there.
    """
    try:
        parsed = make_url(url)
    except Exception as error:
        raise Misconfigured("The database address %(url)s is not understood: %(error)s", url=url, error=error) from error
    if parsed.get_backend_name() not in _OPENERS:
        known = " or ".join(_OPENERS)
        raise Misconfigured("The database address %(url)s is not understood: %(error)s", url=url, error=f"expected {known}")
    engine = _OPENERS[parsed.get_backend_name()](url)
    try:
        with engine.connect():
            pass
    except OperationalError as error:
        address = parsed.render_as_string(hide_password=True)
        reason = str(error.orig).strip().splitlines()[0]
        raise Misconfigured("The database at %(address)s does not answer: %(reason)s", address=address, reason=reason) from error
    return engine


def _sqlite(url: str) -> Engine:
    engine = create_engine(
        url, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False}, **POOL
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: SqliteConnection, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late; ours is below
        connection.create_function("lower", 1, lower, deterministic=True)
        for pragma in (
            "journal_mode=WAL",
            "foreign_keys=ON",
            "synchronous=NORMAL",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    begin_transactions(engine)
    return engine


def begin_transactions(engine: Engine) -> None:
    """Lets each transaction on SQLite begin as it means to go on: reading, or with the write lock at once."""

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def lower(text: str | None) -> str | None:
    """SQLite's own lower() knows A to Z only: a search would not find «Үлгі» by «үлгі»."""
    return None if text is None else str(text).lower()


def _postgres(url: str) -> Engine:
    # Compiling a statement costs more than any of ours takes; and a plan for any values at all serves no list well: what is
    # rare in one role is common in another.
    options = f"-c lock_timeout={LOCK_TIMEOUT_MS} -c timezone=UTC -c jit=off -c plan_cache_mode=force_custom_plan"
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        pool_pre_ping=True,
        **POOL,
        connect_args={"options": options},
    )


_TAKEN = ("23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")


def is_taken(error: IntegrityError) -> bool:
    """Whether a row with the same key was there already: most likely somebody was a moment faster."""
    return (getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)) in _TAKEN


_OPENERS = {"sqlite": _sqlite, "postgresql": _postgres}


def for_reading(engine: Engine) -> Engine:
    """The same database for transactions that only read: they take no write lock, and all they read is of one moment."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(reading=True)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _alembic(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    return config


def migrate(engine: Engine) -> None:
    """Brings the schema to the newest migration."""
    command.upgrade(_alembic(engine), "head")
    engine.dispose()  # a migration's short lock timeout stays on its connection, so that ends here too


def require_current_schema(engine: Engine) -> None:
    """Raises Misconfigured when the schema is not the one this code was written for."""
    newest = ScriptDirectory.from_config(_alembic(engine)).get_current_head()
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != newest:
        raise Misconfigured(
            "The database schema is at %(found)s, this program needs %(newest)s; run: rasim migrate",
            found=found or "no migration",
            newest=newest,
        )
