"""Work items: what waits for a person, and what hangs on it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.case import AssignedHow, WorkStatus
from app.store.base import Base, Id, JsonText, Line, Moment, Word, id_column, reference


def _open_index(name: str, *columns: str, only: str = "") -> Index:
    """Over open items only: the list never looks at the finished ones, which soon are the most."""
    where = text(f"status IN ('ready', 'reserved'){only}")
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


_URGENCY = ("due_at", "opened_at", "id")
_NOBODYS = " AND owner_id IS NULL"


class WorkItem(Base):
    """A user task waiting for a person, and afterwards the record of who finished it."""

    __tablename__ = "work_item"
    __table_args__ = (
        Index("ix_work_item_case_id_status", "case_id", "status"),
        Index("ix_work_item_status_role_due_at", "status", "role", "due_at"),
        Index("ix_work_item_owner_id_status_due_at", "owner_id", "status", "due_at"),
        Index("ix_work_item_service_completed_at", "service", "completed_at"),
        # The task list reads a few ranges of these, each in the order of what falls due (see `app.store.inbox`).
        _open_index("ix_work_item_open_owner", "owner_id", "role", *_URGENCY),
        _open_index("ix_work_item_open_nobodys", "role", "unit_id", *_URGENCY, only=_NOBODYS),
        _open_index("ix_work_item_open_service", "role", "unit_id", "service", *_URGENCY, only=_NOBODYS),
        _open_index("ix_work_item_open_priority", "role", "unit_id", "priority", *_URGENCY, only=f"{_NOBODYS} AND priority <> 0"),
    )

    id: Mapped[str] = id_column()
    case_id: Mapped[str] = reference("case.id")
    token: Mapped[str] = mapped_column(Word, unique=True)
    process: Mapped[str] = mapped_column(Word)
    element: Mapped[str] = mapped_column(Word)
    role: Mapped[str] = mapped_column(Word)
    instance: Mapped[int | None] = mapped_column(default=None, comment="1, 2 … of a repeated task")
    status: Mapped[WorkStatus] = mapped_column(default=WorkStatus.READY)
    service: Mapped[str] = mapped_column(Word, comment="the case's, for lists by service")
    unit_id: Mapped[str | None] = reference("unit.id", default=None, comment="whose work it is; empty: every unit's")
    owner_id: Mapped[str | None] = reference("user.id", default=None)
    taken_for: Mapped[str | None] = reference(
        "user.id", default=None, comment="the absent person in whose place the owner took it"
    )
    opened_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    escalated_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    priority: Mapped[int] = mapped_column(default=0, server_default="0", comment="-1 low, 0 usual, 1 high, 2 urgent")
    follow_up_on: Mapped[date | None] = mapped_column(default=None, comment="the day its owner means to come back to it")
    snoozed_until: Mapped[datetime | None] = mapped_column(
        Moment, default=None, comment="not in the list till then; terms run on"
    )
    rev: Mapped[int] = mapped_column(default=0)
    answers: Mapped[dict[str, Any] | None] = mapped_column(JsonText, default=None)
    outcome: Mapped[str] = mapped_column(Word, default="")
    completed_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    completed_by: Mapped[str | None] = reference("user.id", default=None)
    completed_for: Mapped[str | None] = reference("user.id", default=None, comment="the absent person in whose place it was done")
    on_behalf_of: Mapped[str] = mapped_column(Line, default="", comment="the absent person and the order, in words")
    part: Mapped[str | None] = mapped_column(
        Word, default=None, comment="in the decision: prepares, approves, signs; empty: none"
    )
    exclusions: Mapped[list[Exclusion]] = relationship(
        default_factory=list, order_by="Exclusion.user_id", cascade="all, delete-orphan"
    )


class Exclusion(Base):
    """Who may not do a work item, because he (or whoever acted for him) had another part in the same decision."""

    __tablename__ = "exclusion"
    __table_args__ = (Index("ix_exclusion_user_id_work_item_id", "user_id", "work_item_id"),)

    work_item_id: Mapped[str] = reference("work_item.id", primary_key=True, init=False)
    user_id: Mapped[str] = reference("user.id", primary_key=True)
    part: Mapped[str] = mapped_column(Word, comment="the part he had: prepares, approves")


class WorkDraft(Base):
    """What one person typed at a work item and has not finished: each person's own, whoever has the item."""

    __tablename__ = "work_draft"

    work_item_id: Mapped[str] = mapped_column(Id, ForeignKey("work_item.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("user.id"), primary_key=True)
    rev: Mapped[int] = mapped_column(comment="counts what was kept")
    answers: Mapped[dict[str, Any]] = mapped_column(JsonText)
    outcome: Mapped[str] = mapped_column(Word, default="", comment="chosen so far")
    at: Mapped[datetime] = mapped_column(Moment)
    before: Mapped[dict[str, Any] | None] = mapped_column(
        JsonText, default=None, comment="what a discard or another window replaced: it can be taken back"
    )


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
    restricted: Mapped[bool] = mapped_column(
        default=False, server_default=false(), comment="the body and the cleared read its words, others see the verdict"
    )


class Disclosure(Base):
    """A document of the case shown to a consulted body, until it is withdrawn."""

    __tablename__ = "disclosure"
    __table_args__ = (UniqueConstraint("consultation_id", "document_id"),)

    id: Mapped[str] = id_column()
    consultation_id: Mapped[str] = reference("consultation.id")
    document_id: Mapped[str] = reference("document.id", index=True)
    by_id: Mapped[str | None] = reference("user.id", default=None, comment="empty: shown by rule when the body was asked")
    at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    reason: Mapped[str] = mapped_column(default="", comment="of the last change by hand")


class Assignment(Base):
    """Who had a work item from when on, given by whom and why. Rows are added and never changed."""

    __tablename__ = "assignment"
    __table_args__ = (Index("ix_assignment_work_item_id_at", "work_item_id", "at"),)

    id: Mapped[str] = id_column()
    case_id: Mapped[str] = reference("case.id", index=True)
    work_item_id: Mapped[str] = reference("work_item.id")
    rev: Mapped[int] = mapped_column(comment="the item's revision it led to: their order")
    at: Mapped[datetime] = mapped_column(Moment)
    how: Mapped[AssignedHow]
    from_id: Mapped[str | None] = reference("user.id", default=None)
    to_id: Mapped[str | None] = reference("user.id", default=None, comment="empty: back to the role")
    by_id: Mapped[str | None] = reference("user.id", default=None, comment="empty: the system, by a rule")
    reason: Mapped[str] = mapped_column(default="")
    why: Mapped[str] = mapped_column(Word, default="", comment="of a refusal to act: which of the reasons a person may have")


class Comment(Base):
    """What staff say to one another about a case; the applicant and consulted bodies do not see it."""

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_case_id_at", "case_id", "at"),)

    id: Mapped[str] = id_column()
    case_id: Mapped[str] = reference("case.id")
    work_item_id: Mapped[str | None] = reference("work_item.id", default=None)
    author_id: Mapped[str] = reference("user.id")
    at: Mapped[datetime] = mapped_column(Moment)
    text: Mapped[str]
    mentions: Mapped[list[str]] = mapped_column(JsonText, default_factory=list, comment="ids of the people named in it")


class Message(Base):
    """A letter without form between the office and the applicant, kept with the case."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_case_id_at", "case_id", "at"),)

    id: Mapped[str] = id_column()
    case_id: Mapped[str] = reference("case.id")
    author_id: Mapped[str] = reference("user.id")
    from_applicant: Mapped[bool]
    at: Mapped[datetime] = mapped_column(Moment)
    text: Mapped[str]
    read_at: Mapped[datetime | None] = mapped_column(Moment, default=None, comment="when the other side first saw it")
