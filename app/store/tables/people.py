"""People, the roles they hold, where they sit, and who stands in for whom."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base, JsonText, Line, Moment, Word, id_column, reference


class Unit(Base):
    """An organisation or a part of one: a provider with its departments, a body that is consulted."""

    __tablename__ = "unit"

    id: Mapped[str] = id_column()
    code: Mapped[str] = mapped_column(Word, unique=True)
    name: Mapped[dict[str, str]] = mapped_column(JsonText)
    bin: Mapped[str] = mapped_column(Word, default="")
    parent_id: Mapped[str | None] = reference("unit.id", default=None)
    numbering: Mapped[str] = mapped_column(Line, default="", comment="rule of its registration numbers; empty: the parent's")


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
    unit_id: Mapped[str | None] = reference("unit.id", index=True, default=None)
    cleared_until: Mapped[date | None] = mapped_column(default=None, comment="last day of the clearance for restricted replies")
    preferences: Mapped[dict[str, Any]] = mapped_column(
        JsonText, default_factory=dict, server_default="{}", comment="columns of the task list and the like"
    )


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
    services: Mapped[list[str]] = mapped_column(
        JsonText, default_factory=list, server_default="[]", comment="the order's scope; none named: all services"
    )
    settled_at: Mapped[datetime | None] = mapped_column(
        Moment, default=None, comment="when the work taken under it went back after its last day"
    )


class Absence(Base):
    """Civil days (both included) on which a person is away, whoever stands in."""

    __tablename__ = "absence"
    __table_args__ = (Index("ix_absence_user_id_last_day", "user_id", "last_day"),)

    id: Mapped[str] = id_column()
    user_id: Mapped[str] = reference("user.id")
    kind: Mapped[str] = mapped_column(Word, comment="leave, illness, business-trip, training, other")
    order_number: Mapped[str] = mapped_column(Word, default="")
    first_day: Mapped[date]
    last_day: Mapped[date]


class Jurisdiction(Base):
    """Whose a role's work is, in a service or for one body the service consults. Without a row it is every unit's."""

    __tablename__ = "jurisdiction"
    __table_args__ = (UniqueConstraint("service", "role", "body"),)

    id: Mapped[str] = id_column()
    service: Mapped[str] = mapped_column(Word)
    role: Mapped[str] = mapped_column(Word)
    body: Mapped[str] = mapped_column(Word, default="", comment="the passport's id of a consulted body, or empty")
    unit_id: Mapped[str] = reference("unit.id", index=True)


class SavedFilter(Base):
    """A filter of the task list under a name: a person's own, or shared with everybody who holds a role."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("owner_id", "name"),)

    id: Mapped[str] = id_column()
    owner_id: Mapped[str] = reference("user.id")
    name: Mapped[str] = mapped_column(Word)
    query: Mapped[str] = mapped_column(Line, comment="as in the list's address")
    shared_with: Mapped[str] = mapped_column(Word, default="", index=True, comment="a role, or empty")


class SpentChallenge(Base):
    """A challenge of a sign-in by certificate that was answered; it is never taken again."""

    __tablename__ = "spent_challenge"

    digest: Mapped[str] = mapped_column(Word, primary_key=True)
    spent_at: Mapped[datetime] = mapped_column(Moment, index=True)
