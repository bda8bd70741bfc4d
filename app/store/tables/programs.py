"""What programs need to act for a person: their tokens, and receipts for requests that may come twice."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base, Line, Moment, Word, id_column, reference


class ApiToken(Base):
    """A token by which a program acts for a person. The token itself is not kept."""

    __tablename__ = "api_token"

    id: Mapped[str] = id_column()
    user_id: Mapped[str] = reference("user.id", index=True)
    name: Mapped[str] = mapped_column(Line, comment="what the person calls it")
    scope: Mapped[str] = mapped_column(Word, comment="read or write")
    digest: Mapped[str] = mapped_column(Word, unique=True, comment="sha-256 of the token")
    made_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    last_used_on: Mapped[date | None] = mapped_column(default=None, comment="civil day")
    revoked_at: Mapped[datetime | None] = mapped_column(Moment, default=None)


class ApiReceipt(Base):
    """A request with an idempotency key that was carried out, written in the transaction that did so."""

    __tablename__ = "api_receipt"
    __table_args__ = (UniqueConstraint("user_id", "key"),)

    id: Mapped[str] = id_column()
    user_id: Mapped[str] = reference("user.id")
    key: Mapped[str] = mapped_column(Line)
    request: Mapped[str] = mapped_column(Word, comment="sha-256 over address and body")
    at: Mapped[datetime] = mapped_column(Moment)
