"""What may stand in a case's history, in the past tense."""

from __future__ import annotations

from enum import Enum


class EventKind(Enum):
    APPLICATION_FILED = "application-filed"
    CASE_REGISTERED = "case-registered"  # the act's moment of registration and the number
    WORK_OPENED = "work-opened"
    WORK_CLAIMED = "work-claimed"
    WORK_RELEASED = "work-released"
    WORK_ASSIGNED = "work-assigned"
    WORK_COMPLETED = "work-completed"
    WORK_OBSOLETED = "work-obsoleted"
    STEP_PASSED = "step-passed"  # an automatic step or event of the diagram
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
    CASE_ENDED = "case-ended"
