"""Applications, the cases they become, and what belongs to a case."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.case import ApplicationStatus, CaseStatus, IncidentStatus, JobStatus, TimerKind, TimerStatus
from app.store.base import Base, Bytes, Id, JsonText, Line, Moment, Money, PlainWord, Word, id_column, reference


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
        Index("ix_case_executor_id_ended_at", "executor_id", "ended_at"),
        Index("ix_case_service_ended_at", "service", "ended_at", "id"),
        Index("ix_case_version_id_status", "version_id", "status"),
        Index("ix_case_numbered_in_series_serial", "numbered_in", "series", "serial"),
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
    applicant_id: Mapped[str] = reference("user.id", index=True)
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
    series: Mapped[str] = mapped_column(
        Word, default="", server_default=text("''"), comment="of its number, as in registration_series"
    )
    numbered_in: Mapped[int] = mapped_column(default=0, server_default="0", comment="the year of its number; 0: none yet")
    serial: Mapped[int] = mapped_column(default=0, server_default="0")


class CaseWord(Base):
    """A word by which a case is found: of its number or its applicant's name or numbers, in lower case."""

    __tablename__ = "case_word"
    __table_args__ = (Index("ix_case_word_word_case_id", "word", "case_id"),)

    case_id: Mapped[str] = mapped_column(Id, ForeignKey("case.id"), primary_key=True)
    word: Mapped[str] = mapped_column(PlainWord, primary_key=True)


class RegistrationCounter(Base):
    """The last registration number of a body's series given in a year; locked with the case that takes the next."""

    __tablename__ = "registration_series"

    series: Mapped[str] = mapped_column(Word, primary_key=True, comment="the unit whose numbers these are; empty: the only one")
    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    last: Mapped[int]


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


class SuspensionRow(Base):
    """An interval in which the service's term stood still; the intervals of a case are its ledger."""

    __tablename__ = "suspension"

    id: Mapped[str] = id_column()
    case_id: Mapped[str] = reference("case.id", index=True)
    suspension: Mapped[str] = mapped_column(Word, comment="the passport's id of the ground")
    work_item_id: Mapped[str | None] = reference("work_item.id", comment="the task that began it; empty: stopped by hand")
    stopped_at: Mapped[datetime] = mapped_column(Moment)
    due_before: Mapped[datetime | None] = mapped_column(Moment, default=None, comment="when the term would have ended")
    resumed_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    due_after: Mapped[datetime | None] = mapped_column(Moment, default=None)
    by_id: Mapped[str | None] = reference("user.id", default=None, comment="who stopped it by hand")
    reason: Mapped[str | None] = mapped_column(default=None)


class Extension(Base):
    """The service's term made longer by a decision, on a ground the passport lists."""

    __tablename__ = "extension"

    id: Mapped[str] = id_column()
    case_id: Mapped[str] = reference("case.id", index=True)
    ground: Mapped[str] = mapped_column(Word, comment="the passport's id")
    term: Mapped[str] = mapped_column(Word, comment="by how much, in the words of the law")
    by_id: Mapped[str] = reference("user.id")
    at: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str]
    due_before: Mapped[datetime | None] = mapped_column(Moment)
    due_after: Mapped[datetime | None] = mapped_column(Moment)


class Decision(Base):
    """What was decided, by which grounds; a later decision of the same case stands beside the earlier one."""

    __tablename__ = "decision"
    __table_args__ = (Index("ix_decision_decided_at", "decided_at"),)

    id: Mapped[str] = id_column()
    case_id: Mapped[str] = reference("case.id", index=True)
    outcome: Mapped[str] = mapped_column(Word)
    grounds: Mapped[list[str]] = mapped_column(JsonText)
    rationale: Mapped[str]
    decided_by: Mapped[str] = reference("user.id")
    decided_at: Mapped[datetime] = mapped_column(Moment)
