"""Drafts of services and the history of their versions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from app.domain.design import DraftStatus
from app.store.locking import for_update
from app.store.tables import DesignEvent, ProcessDraft

OPEN = [status for status in DraftStatus if status.is_open]


class Design:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, draft: ProcessDraft) -> ProcessDraft:
        self._session.add(draft)
        self._session.flush()
        return draft

    def get(self, draft_id: str) -> ProcessDraft | None:
        return self._session.get(ProcessDraft, draft_id)

    def lock(self, draft_id: str) -> ProcessDraft | None:
        """The draft, with its row locked until the transaction ends."""
        return self._session.scalar(for_update(select(ProcessDraft).where(ProcessDraft.id == draft_id)))

    def open_drafts(self, service: str | None = None) -> Sequence[ProcessDraft]:
        """Those not yet published or discarded, the last changed first; without their files."""
        query = select(ProcessDraft).options(defer(ProcessDraft.bundle)).where(ProcessDraft.status.in_(OPEN))
        if service is not None:
            query = query.where(ProcessDraft.service == service)
        return self._session.scalars(query.order_by(ProcessDraft.changed_at.desc(), ProcessDraft.id)).all()

    def append(self, event: DesignEvent) -> None:
        self._session.add(event)

    def events(self, service: str, *, limit: int, offset: int = 0) -> Sequence[DesignEvent]:
        """The history of a service's versions, the newest first."""
        query = select(DesignEvent).where(DesignEvent.service == service).order_by(DesignEvent.at.desc(), DesignEvent.id)
        return self._session.scalars(query.limit(limit).offset(offset)).all()

    def count_events(self, service: str) -> int:
        return self._session.scalar(select(func.count()).select_from(DesignEvent).where(DesignEvent.service == service)) or 0
