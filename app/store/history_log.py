"""The append-only table of events. There is no way here to change or remove one."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.store.tables import Case, HistoryEvent


class HistoryLog:
    def __init__(self, session: Session) -> None:
        self._session = session

    def append(self, event: HistoryEvent) -> None:
        self._session.add(event)

    def of(self, case_id: str) -> list[HistoryEvent]:
        return list(
            self._session.scalars(select(HistoryEvent).where(HistoryEvent.case_id == case_id).order_by(HistoryEvent.number))
        )

    def chains(self) -> Iterator[tuple[str, int, str]]:
        """Every case with the length and head its chain should have."""
        for row in self._session.execute(select(Case.id, Case.history_length, Case.history_head).order_by(Case.id)):
            yield row.id, row.history_length, row.history_head
