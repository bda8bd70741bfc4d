"""The whole content of a database, to be compared before and after."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

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
