"""What people are told, and the history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base, JsonText, Line, Moment, Word, id_column, reference


class Notice(Base):
    """A notice in a person's cabinet."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_user_id_at", "user_id", "at"),)

    id: Mapped[str] = id_column()
    user_id: Mapped[str] = reference("user.id")
    case_id: Mapped[str] = reference("case.id", index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    template: Mapped[str]
    values: Mapped[dict[str, Any]] = mapped_column(JsonText)
    document_id: Mapped[str | None] = reference("document.id", default=None)
    read_at: Mapped[datetime | None] = mapped_column(Moment, default=None)


class Reading(Base):
    """Somebody opened a case, a task or a document. Rows are added and never changed."""

    __tablename__ = "reading"
    __table_args__ = (
        Index("ix_reading_case_id_at", "case_id", "at"),
        Index("ix_reading_user_id_at", "user_id", "at"),
        Index("ix_reading_document_id_user_id", "document_id", "user_id"),
    )

    id: Mapped[str] = id_column()
    user_id: Mapped[str] = mapped_column(Word, comment="kept when the person goes")
    role: Mapped[str] = mapped_column(Word, comment="held at that moment; empty for the applicant")
    case_id: Mapped[str] = reference("case.id")
    work_item_id: Mapped[str | None] = reference("work_item.id", default=None)
    document_id: Mapped[str | None] = reference("document.id", default=None)
    sha256: Mapped[str] = mapped_column(Word, default="", comment="of the document's bytes as they were shown")
    at: Mapped[datetime] = mapped_column(Moment)


class HistoryEvent(Base):
    """One thing that happened. Appended in the transaction that made it happen, never changed; chained by digest."""

    __tablename__ = "history_event"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[str] = id_column()
    case_id: Mapped[str] = reference("case.id")
    number: Mapped[int] = mapped_column(comment="1, 2, 3 … within the case")
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    kind: Mapped[str] = mapped_column(Word)
    actor_id: Mapped[str] = mapped_column(Word)
    actor_name: Mapped[str] = mapped_column(Line)
    role: Mapped[str] = mapped_column(Word)
    on_behalf_of: Mapped[str] = mapped_column(Line)
    element: Mapped[str] = mapped_column(Word)
    paragraph: Mapped[str] = mapped_column(Line)
    details: Mapped[dict[str, Any]] = mapped_column(JsonText)
    previous: Mapped[str] = mapped_column(Word, comment="digest of the event before it, empty for the first")
    digest: Mapped[str] = mapped_column(Word)
