"""What may stand in a case's history, in the past tense."""

from __future__ import annotations

from enum import Enum


class EventKind(Enum):
    APPLICATION_FILED = "application-filed"
    FEE_PAID = "fee-paid"  # with the amount and the rate of that day
    CASE_REGISTERED = "case-registered"  # the act's moment of registration and the number
    WORK_OPENED = "work-opened"
    WORK_CLAIMED = "work-claimed"
    WORK_RELEASED = "work-released"
    WORK_ASSIGNED = "work-assigned"
    EXECUTOR_CHANGED = "executor-changed"  # by whoever supervises, with the work given to another
    WORK_DECLINED = "work-declined"  # its owner refused to act
    PRIORITY_SET = "priority-set"
    ACTION_REFUSED = "action-refused"  # somebody tried what he may not do
    WORK_COMPLETED = "work-completed"
    WORK_OBSOLETED = "work-obsoleted"
    STEP_PASSED = "step-passed"  # an automatic step or event of the diagram
    DOCUMENT_DISCLOSED = "document-disclosed"  # shown to a consulted body
    DISCLOSURE_WITHDRAWN = "disclosure-withdrawn"
    BODY_ASKED_AGAIN = "body-asked-again"  # for a reply that is waited for
    CONSULTATION_SILENT = "consultation-silent"  # the process moved on without a body's reply
    TERM_CHANGED = "term-changed"  # from here on another term runs, or none
    TERM_STOPPED = "term-stopped"  # the service's term stands still
    TERM_RESUMED = "term-resumed"
    TERM_EXTENDED = "term-extended"  # by a decision, on a ground of the passport
    JOB_REQUESTED = "job-requested"
    JOB_ANSWERED = "job-answered"
    JOB_FAILED = "job-failed"
    REMINDED = "reminded"
    DEADLINE_PASSED = "deadline-passed"
    ESCALATED = "escalated"
    TIMER_FIRED = "timer-fired"
    DOCUMENT_SIGNED = "document-signed"
    LETTER_DELIVERED = "letter-delivered"
    INCIDENT_OPENED = "incident-opened"
    INCIDENT_RESOLVED = "incident-resolved"
    COMMENT_WRITTEN = "comment-written"  # among the provider's own people
    MESSAGE_WRITTEN = "message-written"  # to the applicant, or by him
    CASE_WITHDRAWN = "case-withdrawn"  # by the applicant
    CASE_MIGRATED = "case-migrated"  # to another version of its service, with what stood open before and after
    MIGRATION_REVERTED = "migration-reverted"  # back to the version before
    CASE_ENDED = "case-ended"
