"""Notices in people's cabinets."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.store.tables import Notice


class Notices:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, notice: Notice) -> None:
        self._session.add(notice)

    def of(self, user_id: str, *, offset: int, limit: int) -> tuple[list[Notice], int]:
        total = self._session.scalar(select(func.count()).select_from(Notice).where(Notice.user_id == user_id)) or 0
        rows = self._session.scalars(
            select(Notice).where(Notice.user_id == user_id).order_by(Notice.at.desc(), Notice.id).offset(offset).limit(limit)
        )
        return list(rows), total

    def unread(self, user_id: str) -> int:
        return (
            self._session.scalar(
                select(func.count()).select_from(Notice).where(Notice.user_id == user_id, Notice.read_at.is_(None))
            )
            or 0
        )

    def read(self, user_id: str, notice_id: str, at: datetime) -> None:
        self._session.execute(
            update(Notice).where(Notice.id == notice_id, Notice.user_id == user_id, Notice.read_at.is_(None)).values(read_at=at)
        )
