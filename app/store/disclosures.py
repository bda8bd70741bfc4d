"""Which documents of a case the bodies it asks are shown."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.people import Actor
from app.store.reach import asked_of, replying_unit
from app.store.tables import ConsultationRow, Disclosure, Document, Reading, User, WorkItem


class Disclosures:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: Disclosure) -> None:
        self._session.flush()  # the consultation first
        self._session.add(row)

    def of_case(self, case_id: str) -> list[Disclosure]:
        """Every disclosure of the case, the withdrawn among them, in the order of the bodies asked."""
        query = (
            select(Disclosure)
            .join(ConsultationRow, ConsultationRow.id == Disclosure.consultation_id)
            .where(ConsultationRow.case_id == case_id)
            .order_by(ConsultationRow.asked_at, Disclosure.at, Disclosure.id)
        )
        return list(self._session.scalars(query))

    def of(self, consultation_id: str, document_id: str) -> Disclosure | None:
        return self._session.scalar(
            select(Disclosure).where(Disclosure.consultation_id == consultation_id, Disclosure.document_id == document_id)
        )

    def shown_to(self, actor: Actor, case_id: str) -> list[Document]:
        """The documents of this case that the person's body is shown now."""
        shown = (
            select(Disclosure.document_id)
            .join(ConsultationRow, ConsultationRow.id == Disclosure.consultation_id)
            .join(WorkItem, WorkItem.id == ConsultationRow.work_item_id)
            .where(WorkItem.case_id == case_id, Disclosure.withdrawn_at.is_(None), asked_of(actor))
        )
        query = select(Document).where(Document.case_id == case_id, Document.id.in_(shown))
        return list(self._session.scalars(query.order_by(Document.added_at, Document.id)))

    def seen(self, case_id: str, documents: Collection[str]) -> dict[tuple[str, str], datetime]:
        """(work item of the request, document) → when somebody of the replying unit first opened it."""
        rows = self._session.execute(
            select(WorkItem.id, Reading.document_id, Reading.at)
            .join(ConsultationRow, ConsultationRow.work_item_id == WorkItem.id)
            .join(User, User.unit_id == replying_unit)
            .join(Reading, (Reading.user_id == User.id) & (Reading.case_id == WorkItem.case_id))
            .where(WorkItem.case_id == case_id, Reading.document_id.in_(documents))
            .order_by(Reading.at.desc())
        )
        return {(item_id, document_id): at for item_id, document_id, at in rows if document_id}
