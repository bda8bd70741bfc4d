"""Drafts of services, the history of their versions, and the moving of running cases between versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.design import DraftStatus, MigrationStatus, MovedStatus
from app.store.base import Base, Bytes, Id, JsonText, Line, Moment, Word, id_column, reference


class ProcessDraft(Base):
    """What an analyst makes of a service before it is published; its files are a whole bundle."""

    __tablename__ = "process_draft"
    __table_args__ = (Index("ix_process_draft_service_status", "service", "status"),)

    id: Mapped[str] = id_column()
    service: Mapped[str] = mapped_column(Word)
    base_version_id: Mapped[str | None] = reference("process_version.id", default=None)
    bundle: Mapped[bytes] = mapped_column(Bytes, comment="as in process_version")
    digest: Mapped[str] = mapped_column(Word)
    rev: Mapped[int] = mapped_column(default=0, comment="set on by every change of a file")
    status: Mapped[DraftStatus] = mapped_column(default=DraftStatus.DRAFT)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    opened_by_id: Mapped[str] = reference("user.id")
    changed_at: Mapped[datetime] = mapped_column(Moment)
    changed_by_id: Mapped[str] = reference("user.id")
    authors: Mapped[list[str]] = mapped_column(JsonText, default_factory=list, comment="ids of all who changed or handed it over")
    held_by_id: Mapped[str | None] = reference("user.id", default=None, comment="who has it open for editing")
    held_until: Mapped[datetime | None] = mapped_column(Moment, default=None)
    reason: Mapped[str] = mapped_column(default="", comment="why the service changes")
    act: Mapped[str] = mapped_column(Line, default="", comment="the act that demands it")
    approved_by_id: Mapped[str | None] = reference("user.id", default=None)
    approved_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    note: Mapped[str] = mapped_column(default="", comment="the approver's words")
    version_id: Mapped[str | None] = reference("process_version.id", default=None, comment="what it became")


class DesignEvent(Base):
    """One thing that happened to a service's drafts and versions. Rows are added and never changed."""

    __tablename__ = "design_event"
    __table_args__ = (Index("ix_design_event_service_at", "service", "at"),)

    id: Mapped[str] = id_column()
    service: Mapped[str] = mapped_column(Word)
    at: Mapped[datetime] = mapped_column(Moment)
    kind: Mapped[str] = mapped_column(Word)
    actor_id: Mapped[str] = mapped_column(Word)
    actor_name: Mapped[str] = mapped_column(Line)
    draft_id: Mapped[str | None] = reference("process_draft.id", default=None)
    version_id: Mapped[str | None] = reference("process_version.id", default=None)
    details: Mapped[dict[str, Any]] = mapped_column(JsonText, default_factory=dict)


class CaseMigration(Base):
    """A plan by which running cases go from one version to another, and how far it has come."""

    __tablename__ = "case_migration"
    __table_args__ = (Index("ix_case_migration_service_planned_at", "service", "planned_at"),)

    id: Mapped[str] = id_column()
    service: Mapped[str] = mapped_column(Word)
    from_version_id: Mapped[str] = reference("process_version.id")
    to_version_id: Mapped[str] = reference("process_version.id")
    elements: Mapped[dict[str, str]] = mapped_column(JsonText, comment="process/element of the old version -> of the new one")
    ground: Mapped[str] = mapped_column(Line, comment="the legal ground for moving cases that run")
    reason: Mapped[str] = mapped_column(default="")
    planned_by_id: Mapped[str] = reference("user.id")
    planned_at: Mapped[datetime] = mapped_column(Moment)
    status_at: Mapped[datetime] = mapped_column(Moment)
    status_by_id: Mapped[str] = reference("user.id", comment="who planned, started, paused or reverted it last")
    status: Mapped[MigrationStatus] = mapped_column(default=MigrationStatus.PLANNED)


class MigratedCase(Base):
    """One case of a migration: what the dry run found, what became of it, and what it was before."""

    __tablename__ = "migrated_case"
    __table_args__ = (
        Index("ix_migrated_case_migration_id_status", "migration_id", "status"),
        Index("ix_migrated_case_case_id", "case_id"),
    )

    migration_id: Mapped[str] = reference("case_migration.id", primary_key=True)
    case_id: Mapped[str] = reference("case.id", primary_key=True)
    status: Mapped[MovedStatus]
    template: Mapped[str] = mapped_column(default="", comment="the reason, where it was refused or kept")
    values: Mapped[dict[str, Any]] = mapped_column(JsonText, default_factory=dict)
    before: Mapped[bytes | None] = mapped_column(Bytes, default=None, comment="the engine's state before, to revert to")
    rows_before: Mapped[dict[str, Any]] = mapped_column(
        JsonText, default_factory=dict, comment="open steps and running timers as they were before, to revert to"
    )
    rev: Mapped[int] = mapped_column(default=0, comment="the case's revision right after it was moved")
    moved_at: Mapped[datetime | None] = mapped_column(Moment, default=None)


class RehearsalInHand(Base):
    """The rehearsal a person is trying out on a draft and has not saved yet."""

    __tablename__ = "rehearsal_in_hand"

    draft_id: Mapped[str] = reference("process_draft.id", primary_key=True)
    user_id: Mapped[str] = reference("user.id", primary_key=True)
    name: Mapped[str] = mapped_column(Word, default="", comment="of the saved one it began as; empty: a new one")
    record: Mapped[str] = mapped_column(comment="as its file would be")
    changed_at: Mapped[datetime] = mapped_column(Moment)


class RehearsalRun(Base):
    """How a saved rehearsal of a draft went when it was last played."""

    __tablename__ = "rehearsal_run"

    draft_id: Mapped[str] = reference("process_draft.id", primary_key=True)
    name: Mapped[str] = mapped_column(Word, primary_key=True)
    digest: Mapped[str] = mapped_column(Word, comment="of the draft's files then")
    at: Mapped[datetime] = mapped_column(Moment)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JsonText, comment="place, template, values; none: as expected")


class Replay(Base):
    """Last year's cases as they would have gone by a draft: how far the reckoning has come, and what it found."""

    __tablename__ = "replay"

    draft_id: Mapped[str] = reference("process_draft.id", primary_key=True)
    digest: Mapped[str] = mapped_column(Word, comment="of the draft's files")
    since: Mapped[datetime] = mapped_column(Moment, comment="cases that ended from then on")
    until: Mapped[datetime] = mapped_column(Moment, comment="cases that ended until then")
    cases: Mapped[int] = mapped_column(comment="how many there are")
    usual: Mapped[dict[str, Any]] = mapped_column(JsonText, comment="how long steps usually took and how they ended")
    started_at: Mapped[datetime] = mapped_column(Moment)
    started_by_id: Mapped[str] = reference("user.id")
    done: Mapped[int] = mapped_column(default=0)
    last_ended_at: Mapped[datetime | None] = mapped_column(Moment, default=None, comment="of the last case that was done")
    last_id: Mapped[str] = mapped_column(Id, default="", comment="of the last case that was done")
    sums: Mapped[dict[str, Any]] = mapped_column(JsonText, default_factory=dict, comment="what was found so far")
