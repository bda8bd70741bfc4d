"""What waits for a person's signature, and which prints of it the person was shown."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, defer, selectinload

from app.domain.case import WorkStatus
from app.domain.people import Actor
from app.domain.separation import Part
from app.store.reach import within_reach_of
from app.store.tables import Case, Document, User, WorkItem


class ToSign:
    def __init__(self, session: Session) -> None:
        self._session = session

    def items(self, actor: Actor, *, service: str, limit: int) -> list[tuple[WorkItem, Case, User | None]]:
        """Open signing steps within the person's reach, the earliest due first; of one service, or ("") of all. Where the act
        sets the step no term, it is due with the whole service."""
        due = func.coalesce(WorkItem.due_at, Case.result_due)
        rows = self._session.execute(
            select(WorkItem, Case, User)
            .options(defer(Case.state), selectinload(WorkItem.exclusions))
            .join(Case, Case.id == WorkItem.case_id)
            .outerjoin(User, User.id == WorkItem.owner_id)
            .where(*_waiting(actor), *([WorkItem.service == service] if service else []))
            .order_by(due.is_(None), due, WorkItem.opened_at, WorkItem.id)
            .limit(limit)
        )
        return [(item, case, owner) for item, case, owner in rows]

    def counts(self, actor: Actor) -> dict[str, int]:
        """How many of them wait in each service."""
        rows = self._session.execute(
            select(WorkItem.service, func.count()).where(*_waiting(actor)).group_by(WorkItem.service).order_by(WorkItem.service)
        )
        return dict(rows.all())

    def prints(self, user_id: str, item_ids: Collection[str]) -> dict[str, Document]:
        """By work item the newest document printed there for this person to sign."""
        if not item_ids:
            return {}
        rows = self._session.scalars(
            select(Document)
            .where(Document.work_item_id.in_(item_ids), Document.prepared_for == user_id)
            .order_by(Document.added_at)
        )
        return {document.work_item_id: document for document in rows if document.work_item_id}


def _waiting(actor: Actor) -> Sequence[ColumnElement[bool]]:
    is_open = WorkItem.status.in_((WorkStatus.READY, WorkStatus.RESERVED))
    return is_open, WorkItem.part == Part.SIGNS.value, within_reach_of(actor)
