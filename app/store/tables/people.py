"""People, the roles they hold, where they sit, and who stands in for whom."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base, JsonText, Line, Word, id_column, reference


class User(Base):
    """A person who signs in."""

    __tablename__ = "user"

    id: Mapped[str] = id_column()
    login: Mapped[str] = mapped_column(Word, unique=True)
    name: Mapped[str] = mapped_column(Line)
    password_hash: Mapped[str] = mapped_column(Line)
    iin: Mapped[str] = mapped_column(Word, default="", index=True)
    bin: Mapped[str] = mapped_column(Word, default="", index=True)
    organisation: Mapped[str] = mapped_column(Line, default="")
    position: Mapped[dict[str, str]] = mapped_column(JsonText, default_factory=dict)
    language: Mapped[str] = mapped_column(Word, default="kk")
    active: Mapped[bool] = mapped_column(default=True)


class RoleGrant(Base):
    """A role held by a person."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("user_id", "role"),)

    id: Mapped[str] = id_column()
    user_id: Mapped[str] = reference("user.id")
    role: Mapped[str] = mapped_column(Word, index=True)


class SubstitutionRow(Base):
    """Who stands in for whom in a role, by which order, on which civil dates (both included)."""

    __tablename__ = "substitution"
    __table_args__ = (Index("ix_substitution_substitute_id_first_day_last_day", "substitute_id", "first_day", "last_day"),)

    id: Mapped[str] = id_column()
    absent_id: Mapped[str] = reference("user.id", index=True)
    substitute_id: Mapped[str] = reference("user.id")
    role: Mapped[str] = mapped_column(Word)
    order_number: Mapped[str] = mapped_column(Word)
    order_date: Mapped[date]
    first_day: Mapped[date]
    last_day: Mapped[date]
