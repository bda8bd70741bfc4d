"""Reading and writing beside other transactions that do the same."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from sqlalchemy import Select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session


def for_update(query: Select[Any], *, skip_locked: bool = False) -> Select[Any]:
    """The query with its rows locked until the transaction ends, and read as they are once the lock is had.

    Without the second half a row the session has seen before keeps its old values, however long the lock was waited for.
    """
    return query.with_for_update(skip_locked=skip_locked).execution_options(populate_existing=True)


def add_unless_there(session: Session, row: object) -> None:
    """Adds a row; if another transaction was first with the same key, theirs stays."""
    with suppress(IntegrityError), session.begin_nested():
        session.add(row)
