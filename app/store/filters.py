"""Filters of the task list that people keep under a name."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.store.tables import SavedFilter, User


class Filters:
    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, user_id: str, roles: Collection[str]) -> list[tuple[SavedFilter, str]]:
        """A person's own, and those shared with a role the person has, each with its owner's name."""
        query = (
            select(SavedFilter, User.name)
            .join(User, User.id == SavedFilter.owner_id)
            .where(or_(SavedFilter.owner_id == user_id, SavedFilter.shared_with.in_(roles)))
            .order_by(SavedFilter.name)
        )
        return [(kept, name) for kept, name in self._session.execute(query)]

    def add(self, kept: SavedFilter) -> None:
        self._session.add(kept)
        self._session.flush()

    def get(self, filter_id: str) -> SavedFilter | None:
        return self._session.get(SavedFilter, filter_id)

    def named(self, user_id: str, name: str) -> SavedFilter | None:
        return self._session.scalar(select(SavedFilter).where(SavedFilter.owner_id == user_id, SavedFilter.name == name))

    def remove(self, kept: SavedFilter) -> None:
        self._session.delete(kept)
