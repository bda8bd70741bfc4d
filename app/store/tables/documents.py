"""Documents by their bytes, and the signatures over them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base, Bytes, JsonText, Line, Moment, Word, id_column, reference


class Content(Base):
    """Bytes by their sha-256: the same file kept once."""

    __tablename__ = "content"

    sha256: Mapped[str] = mapped_column(Word, primary_key=True)
    content: Mapped[bytes] = mapped_column(Bytes)


class Document(Base):
    """A file of an application or case: attached by the applicant, or printed here to be signed."""

    __tablename__ = "document"

    id: Mapped[str] = id_column()
    application_id: Mapped[str] = reference("application.id", index=True)
    case_id: Mapped[str | None] = reference("case.id", index=True, default=None)
    work_item_id: Mapped[str | None] = reference("work_item.id", index=True, default=None)
    prepared_for: Mapped[str | None] = reference("user.id", default=None)
    kind: Mapped[str] = mapped_column(Word)
    title: Mapped[dict[str, str]] = mapped_column(JsonText)
    filename: Mapped[str] = mapped_column(Line)
    media_type: Mapped[str] = mapped_column(Line)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(Word, ForeignKey("content.sha256"), index=True)
    printed: Mapped[bool] = mapped_column(default=False, comment="printed by Rasim, not attached by a person")
    delivered_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    added_at: Mapped[datetime] = mapped_column(Moment)
    signature_place: Mapped[dict[str, Any] | None] = mapped_column(
        JsonText, default=None, comment="where a PDF keeps its signature; none: the whole file is signed"
    )


class Signature(Base):
    """A detached CMS over a document's exact bytes, with the verdict reached when it came in and the evidence for it."""

    __tablename__ = "signature"
    __table_args__ = (Index("ix_signature_fingerprint", "fingerprint", unique=True),)

    id: Mapped[str] = id_column()
    document_id: Mapped[str] = reference("document.id", index=True)
    signer_id: Mapped[str | None] = reference("user.id", default=None)
    name: Mapped[str] = mapped_column(Line)
    iin: Mapped[str] = mapped_column(Word)
    bin: Mapped[str] = mapped_column(Word)
    organisation: Mapped[str] = mapped_column(Line)
    position: Mapped[dict[str, str]] = mapped_column(JsonText)
    on_behalf_of: Mapped[str] = mapped_column(Line, default="")
    cms: Mapped[bytes] = mapped_column(Bytes)
    certificate: Mapped[bytes] = mapped_column(Bytes)
    serial: Mapped[str] = mapped_column(Line)
    algorithm: Mapped[str] = mapped_column(Word)
    verdict: Mapped[str] = mapped_column(Word)
    reason: Mapped[str]
    revocation: Mapped[str] = mapped_column(comment="what asking for revocation established")
    signed_at: Mapped[datetime] = mapped_column(Moment)
    fingerprint: Mapped[str | None] = mapped_column(Word, default=None, comment="of the act of signing: none counts twice")


class RevocationAnswer(Base):
    """What an authority answered, when a signature came in, on whether a certificate was revoked: the evidence, as it came."""

    __tablename__ = "revocation_answer"

    id: Mapped[str] = id_column()
    signature_id: Mapped[str] = reference("signature.id", index=True)
    serial: Mapped[str] = mapped_column(Line, comment="of the certificate asked about")
    source: Mapped[str] = mapped_column(Line, comment="OCSP, CRL or NCANode, and the address")
    answered_at: Mapped[datetime] = mapped_column(Moment, comment="the moment the answer speaks of")
    sha256: Mapped[str] = mapped_column(Word, ForeignKey("content.sha256"))
