"""The append-only tables of events and readings. There is no way here to change or remove one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.events import EventKind
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

    def refused(self, case_id: str, actor_id: str, day: date, civil_day: Callable[[datetime], date]) -> list[dict[str, Any]]:
        """What this person tried in vain at this case on this civil day."""
        query = select(HistoryEvent.at, HistoryEvent.details).where(
            HistoryEvent.case_id == case_id,
            HistoryEvent.kind == EventKind.ACTION_REFUSED.value,
            HistoryEvent.actor_id == actor_id,
            HistoryEvent.at > datetime.combine(day, time(), UTC) - timedelta(days=1),
        )
        return [details for at, details in self._session.execute(query) if civil_day(at) == day]

    def was_shown(self, reading: Reading, since: datetime) -> bool:
        """Whether the person has been shown the same since this moment."""
        found = select(Reading.id).where(
            Reading.user_id == reading.user_id,
            Reading.at > since,
            Reading.case_id == reading.case_id,
            Reading.work_item_id.is_not_distinct_from(reading.work_item_id),
            Reading.document_id.is_not_distinct_from(reading.document_id),
            Reading.sha256 == reading.sha256,
        )
        return self._session.scalar(found.limit(1)) is not None

    def note_reading(self, reading: Reading) -> None:
        self._session.add(reading)

    def documents_opened(self, user_id: str, document_ids: Collection[str]) -> dict[tuple[str, str], datetime]:
        """Which of these documents the person was shown, each with the digest of the bytes shown then, and when last."""
        query = (
            select(Reading.document_id, Reading.sha256, Reading.at)
            .where(Reading.document_id.in_(document_ids), Reading.user_id == user_id)
            .order_by(Reading.at)
        )
        return {(document_id, sha256): at for document_id, sha256, at in self._session.execute(query) if document_id}

    def chains(self) -> Iterator[tuple[str, int, str]]:
        """Every case with the length and head its chain should have."""
        for row in self._session.execute(select(Case.id, Case.history_length, Case.history_head).order_by(Case.id)):
            yield row.id, row.history_length, row.history_head
