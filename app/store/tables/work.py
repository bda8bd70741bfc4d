"""Work items: what waits for a person, and what hangs on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.case import WorkStatus
from app.store.base import Base, JsonText, Line, Moment, Word, id_column, reference


class WorkItem(Base):
    """A user task waiting for a person, and afterwards the record of who finished it."""

    __tablename__ = "work_item"
    __table_args__ = (
        Index("ix_work_item_case_id_status", "case_id", "status"),
        Index("ix_work_item_status_role_due_at", "status", "role", "due_at"),
        Index("ix_work_item_owner_id_status_due_at", "owner_id", "status", "due_at"),
    )

    id: Mapped[str] = id_column()
    case_id: Mapped[str] = reference("case.id")
    token: Mapped[str] = mapped_column(Word, unique=True)
    process: Mapped[str] = mapped_column(Word)
    element: Mapped[str] = mapped_column(Word)
    role: Mapped[str] = mapped_column(Word)
    instance: Mapped[int | None] = mapped_column(default=None, comment="1, 2 … of a repeated task")
    status: Mapped[WorkStatus] = mapped_column(default=WorkStatus.READY)
    owner_id: Mapped[str | None] = reference("user.id", default=None)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    escalated_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    rev: Mapped[int] = mapped_column(default=0)
    draft: Mapped[dict[str, Any]] = mapped_column(JsonText, default_factory=dict)
    answers: Mapped[dict[str, Any] | None] = mapped_column(JsonText, default=None)
    outcome: Mapped[str] = mapped_column(Word, default="")
    completed_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    completed_by: Mapped[str | None] = reference("user.id", default=None)
    on_behalf_of: Mapped[str] = mapped_column(Line, default="", comment="the absent person and the order, in words")


class ConsultationRow(Base):
    """One body's reply that a case asks for: who was asked what, when, and what came of it."""

    __tablename__ = "consultation"
    __table_args__ = (UniqueConstraint("work_item_id"),)

    id: Mapped[str] = id_column()
    case_id: Mapped[str] = reference("case.id", index=True)
    work_item_id: Mapped[str] = reference("work_item.id")
    consultation: Mapped[str] = mapped_column(Word, comment="the passport's id of the body")
    asked_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    reply: Mapped[str] = mapped_column(Word, default="", comment="the outcome of the body's task; empty: silent so far")
    replied_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
