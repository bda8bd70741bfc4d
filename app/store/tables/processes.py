"""Published processes, and what must outlive a process."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base, Bytes, Line, Moment, Word, id_column


class ProcessVersion(Base):
    """One published bundle; a case is pinned to the version it began with. What was published once may be published again."""

    __tablename__ = "process_version"
    __table_args__ = (
        UniqueConstraint("service", "number"),
        # Holds all that is asked for what is in force: the row itself carries the whole bundle before its last columns.
        Index("ix_process_version_in_force", "service", "number", "in_force_from", "retired_at"),
    )

    id: Mapped[str] = id_column()
    service: Mapped[str] = mapped_column(Word, index=True)
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(Word, index=True, comment="sha-256 over the bundle's names and contents")
    bundle: Mapped[bytes] = mapped_column(Bytes, comment="zlib of the JSON object file name -> base64 content")
    published_at: Mapped[datetime] = mapped_column(Moment)
    published_by: Mapped[str] = mapped_column(Line)
    in_force_from: Mapped[datetime] = mapped_column(Moment, comment="applications are filed by it from this moment")
    retired_at: Mapped[datetime | None] = mapped_column(Moment, default=None, comment="no application is filed by it then")
    reason: Mapped[str] = mapped_column(default="", comment="why the service changed")
    act: Mapped[str] = mapped_column(Line, default="", comment="the act that demanded it")
    approved_by: Mapped[str] = mapped_column(Line, default="")
    retired_by: Mapped[str] = mapped_column(Line, default="")
    retired_why: Mapped[str] = mapped_column(default="")


class Setting(Base):
    """What must outlive a process and be shared by all of them; in demonstration mode the clock's offset in seconds."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(Word, primary_key=True)
    value: Mapped[str] = mapped_column(Line)
