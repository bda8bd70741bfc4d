"""The append-only tables of events and readings. There is no way here to change or remove one."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.store.tables import Case, HistoryEvent, Reading


class HistoryLog:
    def __init__(self, session: Session) -> None:
        self._session = session

    def append(self, event: HistoryEvent) -> None:
        self._session.add(event)

    def of(self, case_id: str) -> list[HistoryEvent]:
        return list(
            self._session.scalars(select(HistoryEvent).where(HistoryEvent.case_id == case_id).order_by(HistoryEvent.number))
        )

    def note_reading(self, reading: Reading) -> None:
        self._session.add(reading)

    def documents_opened(self, user_id: str, document_ids: Collection[str]) -> frozenset[tuple[str, str]]:
        """Which of these documents the person was shown, each with the digest of the bytes shown then."""
        query = select(Reading.document_id, Reading.sha256).where(
            Reading.document_id.in_(document_ids), Reading.user_id == user_id
        )
        return frozenset((document_id, sha256) for document_id, sha256 in self._session.execute(query) if document_id)

    def chains(self) -> Iterator[tuple[str, int, str]]:
        """Every case with the length and head its chain should have."""
        for row in self._session.execute(select(Case.id, Case.history_length, Case.history_head).order_by(Case.id)):
            yield row.id, row.history_length, row.history_head
