"""Rows as they are: the whole content of a database, to be compared before and after, and a row once more."""

from __future__ import annotations

from typing import Any

from sqlalchemy import inspect, select

from app.store.database import open_database
from app.store.tables import Base

Rows = dict[str, list[tuple[Any, ...]]]


def all_rows(address: str) -> Rows:
    """Every row of every table, in the order of its key."""
    engine = open_database(address)
    try:
        with engine.connect() as connection:
            return {
                table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
                for table in Base.metadata.sorted_tables
            }
    finally:
        engine.dispose()


def copy_of(row: Base, **changed: Any) -> Any:
    """A new row with the values of this one, but for its id and what is changed; not yet of any session."""
    values = {each.key: getattr(row, each.key) for each in inspect(type(row)).column_attrs if each.key != "id"}
    return type(row)(**{**values, **changed})
