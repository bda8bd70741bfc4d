"""Whether a certificate was revoked at a moment, as an authority's answer says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509

from app.domain.text import Text

SKEW = timedelta(minutes=5)
"""By how much the clocks of two honest servers may differ."""

_UNSAID = Text("себебі көрсетілмеген", "причина не указана", "no reason is given")
_REASONS = {
    x509.ReasonFlags.key_compromise: Text("кілт құпиялылығын жоғалтқан", "ключ скомпрометирован", "the key was compromised"),
    x509.ReasonFlags.ca_compromise: Text(
        "куәландырушы орталықтың кілті құпиялылығын жоғалтқан",
        "ключ удостоверяющего центра скомпрометирован",
        "the authority's key was compromised",
    ),
    x509.ReasonFlags.affiliation_changed: Text(
        "иесінің деректері өзгерген", "данные владельца изменились", "what it says of its holder changed"
    ),
    x509.ReasonFlags.superseded: Text("жаңасымен ауыстырылған", "заменён новым", "a newer one replaced it"),
    x509.ReasonFlags.cessation_of_operation: Text("пайдаланылуы тоқтатылған", "использование прекращено", "it is no longer used"),
    x509.ReasonFlags.certificate_hold: Text("қолданылуы тоқтата тұрылған", "действие приостановлено", "it was put on hold"),
    x509.ReasonFlags.privilege_withdrawn: Text(
        "өкілеттігі алынған", "полномочия отозваны", "the holder's authority was withdrawn"
    ),
}


@dataclass(frozen=True, slots=True)
class Status:
    """An answer that counts: revoked then, or not, with the answer itself."""

    revoked_at: datetime | None
    why: Text
    source: str
    content: bytes
    speaks_of: datetime


def status_at(
    at: datetime,
    revoked_at: datetime | None,
    reason: x509.ReasonFlags | None,
    *,
    source: str,
    content: bytes,
    speaks_of: datetime,
) -> Status:
    """What was revoked only after the moment was good at the moment."""
    revoked = revoked_at if revoked_at is not None and revoked_at <= at else None
    return Status(revoked, _UNSAID if reason is None else _REASONS.get(reason, _UNSAID), source, content, speaks_of)
