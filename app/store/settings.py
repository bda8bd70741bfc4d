"""Named values shared by every process over one database."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.store.tables import Setting


class Settings:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, name: str, default: str = "") -> str:
        row = self._session.get(Setting, name)
        return row.value if row else default

    def put(self, name: str, value: str) -> None:
        self._session.merge(Setting(name=name, value=value))
