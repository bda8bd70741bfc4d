"""The tables. What people search, sort by or are judged by has a column and an index; the rest is JSON text."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.case import ApplicationStatus, CaseStatus, IncidentStatus, JobStatus, TimerKind, TimerStatus, WorkStatus
from app.store.base import Base, Bytes, Id, JsonText, Line, Moment, Money, Word, id_column


def reference(target: str, **options: Any) -> Any:
    return mapped_column(Id, ForeignKey(target), **options)


# --- People --------------------------------------------------------------------------------------------------------


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


# --- Published processes -------------------------------------------------------------------------------------------


class ProcessVersion(Base):
    """One published bundle, by content; a case is pinned to the version it began with."""

    __tablename__ = "process_version"
    __table_args__ = (UniqueConstraint("service", "number"), UniqueConstraint("service", "digest"))

    id: Mapped[str] = id_column()
    service: Mapped[str] = mapped_column(Word, index=True)
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(Word, index=True, comment="sha-256 over the bundle's names and contents")
    bundle: Mapped[bytes] = mapped_column(Bytes, comment="zlib of the JSON object file name -> base64 content")
    published_at: Mapped[datetime] = mapped_column(Moment)
    published_by: Mapped[str] = mapped_column(Line)


# --- Applications and cases ----------------------------------------------------------------------------------------


class Application(Base):
    """What an applicant types, from the first draft on; after filing it never changes."""

    __tablename__ = "application"
    __table_args__ = (Index("ix_application_applicant_id_changed_at", "applicant_id", "changed_at"),)

    id: Mapped[str] = id_column()
    applicant_id: Mapped[str] = reference("user.id")
    version_id: Mapped[str] = reference("process_version.id")
    service: Mapped[str] = mapped_column(Word)
    variant: Mapped[str] = mapped_column(Word)
    channel: Mapped[str] = mapped_column(Word, default="portal", server_default="portal")
    answers: Mapped[dict[str, dict[str, Any]]] = mapped_column(JsonText, default_factory=dict)
    status: Mapped[ApplicationStatus] = mapped_column(default=ApplicationStatus.DRAFT)
    changed_at: Mapped[datetime] = mapped_column(Moment)


class Case(Base):
    """One citizen's request running through the system."""

    __tablename__ = "case"
    __table_args__ = (
        Index("ix_case_status_result_due", "status", "result_due"),
        Index("ix_case_applicant_iin_received_at", "applicant_iin", "received_at"),
        Index("ix_case_applicant_bin_received_at", "applicant_bin", "received_at"),
    )

    id: Mapped[str] = id_column()
    application_id: Mapped[str] = reference("application.id", unique=True)
    version_id: Mapped[str] = reference("process_version.id", index=True)
    service: Mapped[str] = mapped_column(Word, index=True)
    variant: Mapped[str] = mapped_column(Word)
    channel: Mapped[str] = mapped_column(Word, default="portal", server_default="portal")
    number: Mapped[str] = mapped_column(Word, default="", index=True, comment="given at registration")
    status: Mapped[CaseStatus] = mapped_column(default=CaseStatus.OPEN)
    applicant_id: Mapped[str] = reference("user.id")
    applicant_name: Mapped[str] = mapped_column(Line)
    applicant_iin: Mapped[str] = mapped_column(Word)
    applicant_bin: Mapped[str] = mapped_column(Word, default="", comment="empty for a natural person")
    received_at: Mapped[datetime] = mapped_column(Moment, index=True, comment="the moment the portal took it")
    registered_at: Mapped[datetime] = mapped_column(Moment, comment="the act's moment of registration, not the click")
    registered_on: Mapped[date] = mapped_column(comment="civil date of registered_at at the provider")
    result_due: Mapped[datetime | None] = mapped_column(Moment, default=None)
    term: Mapped[str | None] = mapped_column(Word, default=None, comment="of the whole service, in the words of the law")
    term_from: Mapped[datetime | None] = mapped_column(Moment, default=None, comment="the event the term is counted from")
    ended_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    state: Mapped[bytes] = mapped_column(Bytes, default=b"", comment="the engine's own format; bytes, never jsonb")
    rev: Mapped[int] = mapped_column(default=0, comment="counts moves")
    history_length: Mapped[int] = mapped_column(default=0)
    history_head: Mapped[str] = mapped_column(Word, default="", comment="digest of the last event")
    executor_id: Mapped[str | None] = reference("user.id", default=None)


class RegistrationCounter(Base):
    """The last registration number given in a year; locked with the case that takes the next."""

    __tablename__ = "registration_counter"

    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    last: Mapped[int]


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


class Timer(Base):
    """A term that runs. The row is the truth; the sweep only finds it due. The law's term stands beside the derived moment."""

    __tablename__ = "timer"
    __table_args__ = (
        Index("ix_timer_status_due_at", "status", "due_at"),
        Index("ix_timer_case_id_status", "case_id", "status"),
    )

    id: Mapped[str] = id_column()
    case_id: Mapped[str] = reference("case.id")
    kind: Mapped[TimerKind]
    due_at: Mapped[datetime] = mapped_column(Moment)
    term: Mapped[str] = mapped_column(Word, comment="in the words of the law: 2 working-days")
    counted_from: Mapped[datetime] = mapped_column(Moment)
    calendar_edition: Mapped[str] = mapped_column(Line)
    token: Mapped[str] = mapped_column(Word, default="", comment="of the engine's timer wait, or of the work item")
    element: Mapped[str] = mapped_column(Word, default="")
    status: Mapped[TimerStatus] = mapped_column(default=TimerStatus.WAITING)
    fired_at: Mapped[datetime | None] = mapped_column(Moment, default=None)


class Job(Base):
    """A call to the outside, written with the step that asks for it; its id is the idempotency key."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_status_run_at", "status", "run_at"),)

    id: Mapped[str] = id_column()
    case_id: Mapped[str] = reference("case.id", index=True)
    token: Mapped[str] = mapped_column(Word)
    element: Mapped[str] = mapped_column(Word)
    name: Mapped[str] = mapped_column(Word)
    request: Mapped[dict[str, Any]] = mapped_column(JsonText)
    status: Mapped[JobStatus] = mapped_column(default=JobStatus.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    run_at: Mapped[datetime] = mapped_column(Moment)
    last_error: Mapped[str] = mapped_column(default="")


class Incident(Base):
    """Something a supervisor must repair, with the real error."""

    __tablename__ = "incident"
    __table_args__ = (Index("ix_incident_status_opened_at", "status", "opened_at"),)

    id: Mapped[str] = id_column()
    case_id: Mapped[str] = reference("case.id", index=True)
    element: Mapped[str] = mapped_column(Word)
    sentence: Mapped[str]
    job_id: Mapped[str | None] = reference("job.id", default=None)
    timer_id: Mapped[str | None] = reference("timer.id", default=None)
    status: Mapped[IncidentStatus] = mapped_column(default=IncidentStatus.OPEN)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    resolved_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    resolved_by: Mapped[str] = mapped_column(Line, default="")


class RegisterReply(Base):
    """What a state register answered, kept as it came."""

    __tablename__ = "register_reply"

    id: Mapped[str] = id_column()
    case_id: Mapped[str] = reference("case.id", index=True)
    register: Mapped[str] = mapped_column(Word)
    number: Mapped[str] = mapped_column(Word)
    found: Mapped[bool]
    data: Mapped[dict[str, str]] = mapped_column(JsonText)
    message_id: Mapped[str] = mapped_column(Word)
    answered_at: Mapped[datetime] = mapped_column(Moment)
    simulated: Mapped[bool]


class Payment(Base):
    """A fee paid for an application, by the rate of the day of payment. Money is decimal and in tenge."""

    __tablename__ = "payment"

    id: Mapped[str] = id_column()
    application_id: Mapped[str] = reference("application.id", index=True)
    amount: Mapped[Decimal] = mapped_column(Money)
    fee_mci: Mapped[Decimal | None] = mapped_column(Money, default=None, comment="how many monthly calculation indices")
    mci: Mapped[Decimal | None] = mapped_column(Money, default=None, comment="one index, in tenge, on the day of payment")
    paid_at: Mapped[datetime] = mapped_column(Moment)
    reference: Mapped[str] = mapped_column(Word, comment="the payment gateway's number")
    simulated: Mapped[bool]


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


class SuspensionRow(Base):
    """An interval in which the service's term stood still; the intervals of a case are its ledger."""

    __tablename__ = "suspension"

    id: Mapped[str] = id_column()
    case_id: Mapped[str] = reference("case.id", index=True)
    suspension: Mapped[str] = mapped_column(Word, comment="the passport's id of the ground")
    work_item_id: Mapped[str] = reference("work_item.id")
    stopped_at: Mapped[datetime] = mapped_column(Moment)
    due_before: Mapped[datetime | None] = mapped_column(Moment, default=None, comment="when the term would have ended")
    resumed_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    due_after: Mapped[datetime | None] = mapped_column(Moment, default=None)


class Decision(Base):
    """What was decided, by which grounds; a later decision of the same case stands beside the earlier one."""

    __tablename__ = "decision"

    id: Mapped[str] = id_column()
    case_id: Mapped[str] = reference("case.id", index=True)
    outcome: Mapped[str] = mapped_column(Word)
    grounds: Mapped[list[str]] = mapped_column(JsonText)
    rationale: Mapped[str]
    decided_by: Mapped[str] = reference("user.id")
    decided_at: Mapped[datetime] = mapped_column(Moment)


# --- Documents -----------------------------------------------------------------------------------------------------


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


class SpentChallenge(Base):
    """A challenge of a sign-in by certificate that was answered; it is never taken again."""

    __tablename__ = "spent_challenge"

    digest: Mapped[str] = mapped_column(Word, primary_key=True)
    spent_at: Mapped[datetime] = mapped_column(Moment, index=True)


# --- Notices and history -------------------------------------------------------------------------------------------


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


class Setting(Base):
    """What must outlive a process and be shared by all of them; in demonstration mode the clock's offset in seconds."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(Word, primary_key=True)
    value: Mapped[str] = mapped_column(Line)
