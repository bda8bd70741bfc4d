"""The schema is what the migrations make of it, and they make what the models say."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from app.domain.errors import Misconfigured
from app.store.database import MIGRATIONS, migrate, open_database, require_current_schema
from app.store.tables import Base


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database with nothing in it."""
    if request.param == "sqlite":
        engine = open_database(f"sqlite:///{tmp_path}/empty.db")
        yield engine
        engine.dispose()
        return
    server: str = request.getfixturevalue("postgres_server")
    name = f"empty_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        engine = open_database(server.replace("/postgres?", f"/{name}?"))
        yield engine
        engine.dispose()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def config(engine: Engine) -> Config:
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["engine"] = engine
    return made


def test_the_migrations_make_exactly_the_tables_of_the_models(empty: Engine) -> None:
    migrate(empty)
    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_table_has_the_keys_and_comments_of_its_model(empty: Engine) -> None:
    """What the comparison above passes over: constraint names, and where the database keeps them, comments."""
    migrate(empty)
    found = inspect(empty)
    for table in Base.metadata.sorted_tables:
        foreign = {key["name"] for key in found.get_foreign_keys(table.name)}
        assert foreign == {key.name for key in table.foreign_key_constraints}, table.name
        assert found.get_pk_constraint(table.name)["name"] == table.primary_key.name
        if found.dialect.supports_comments:
            comments = {column["name"]: column["comment"] for column in found.get_columns(table.name)}
            assert comments == {column.name: column.comment for column in table.columns}, table.name


def test_every_migration_goes_down_again_and_up_once_more(empty: Engine) -> None:
    migrate(empty)
    whole = set(inspect(empty).get_table_names())
    command.downgrade(config(empty), "base")
    assert set(inspect(empty).get_table_names()) == {"alembic_version"}
    migrate(empty)
    assert set(inspect(empty).get_table_names()) == whole


def test_migrations_form_one_numbered_line() -> None:
    revisions = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
    assert sorted(revisions) == [f"{number:04d}" for number in range(1, len(revisions) + 1)]


def test_migrating_what_is_current_changes_nothing(empty: Engine) -> None:
    migrate(empty)
    migrate(empty)
    require_current_schema(empty)


def test_connections_wait_for_locks_as_long_as_before_once_the_migrations_are_done(empty: Engine) -> None:
    setting = "PRAGMA busy_timeout" if empty.dialect.name == "sqlite" else "SHOW lock_timeout"
    with empty.connect() as connection:
        before = connection.exec_driver_sql(setting).scalar()
    migrate(empty)
    with empty.connect() as connection:
        assert connection.exec_driver_sql(setting).scalar() == before


def test_a_database_that_was_never_migrated_is_refused_with_the_command_to_run(empty: Engine) -> None:
    with pytest.raises(Misconfigured, match=r"The database schema is at no migration, .* run: rasim migrate"):
        require_current_schema(empty)
