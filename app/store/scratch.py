"""A database in memory that belongs to one rehearsal: the whole schema, nothing in it, and gone when it is let go.

It is kept as bytes between two steps, so that a rehearsal goes on where it stood without being played again.
"""

from __future__ import annotations

import sqlite3
from functools import lru_cache

from sqlalchemy import StaticPool, create_engine

from app.store.base import Base
from app.store.database import begin_transactions, lower


class ScratchDatabase:
    """One SQLite database in memory, with one connection for all its transactions, which therefore come one after another."""

    def __init__(self, content: bytes | None = None) -> None:
        self._connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._connection.deserialize(content or _empty())
        self._connection.create_function("lower", 1, lower, deterministic=True)
        self._connection.execute("PRAGMA foreign_keys=ON").close()
        self.engine = create_engine("sqlite://", creator=lambda: self._connection, poolclass=StaticPool)
        begin_transactions(self.engine)

    def content(self) -> bytes:
        """The whole database as bytes."""
        return self._connection.serialize()

    def close(self) -> None:
        self.engine.dispose()
        self._connection.close()


@lru_cache(maxsize=1)
def _empty() -> bytes:
    """The schema, made once in a process."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    Base.metadata.create_all(engine)
    content = connection.serialize()
    engine.dispose()
    connection.close()
    return content
