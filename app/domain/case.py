"""The life of a case, of its work items, timers and jobs, as enumerations whose members say what they mean."""

from __future__ import annotations

from enum import Enum


class CaseStatus(Enum):
    OPEN = "open"  # the process is running
    ISSUED = "issued"  # ended with the positive result
    REFUSED = "refused"  # ended with a reasoned refusal to render the service
    DISCONTINUED = "discontinued"  # ended with a refusal of further consideration (incomplete set)
    NOT_ACCEPTED = "not-accepted"  # ended with a refusal to accept the application
    WITHDRAWN = "withdrawn"  # taken back by the applicant

    @property
    def is_final(self) -> bool:
        return self is not CaseStatus.OPEN


class WorkStatus(Enum):
    READY = "ready"  # nobody's yet: anyone with the role may claim it (WS-HumanTask: Ready)
    RESERVED = "reserved"  # claimed or appointed (WS-HumanTask: Reserved)
    COMPLETED = "completed"
    OBSOLETE = "obsolete"  # the process moved on without it (WS-HumanTask: Obsolete)


class AssignedHow(Enum):
    """How a work item came to whoever has it."""

    BY_PROCESS = "by-process"  # the process gives it: the executor once appointed, the applicant
    CLAIMED = "claimed"
    RELEASED = "released"
    ASSIGNED = "assigned"  # by a superior or supervisor, with a reason
    DECLINED = "declined"  # its owner refused to act, with a reason
    RETURNED = "returned"  # the owner may no longer do it: the substitution or the role has ended


class TimerKind(Enum):
    PROCESS = "process"  # a timer event drawn in the diagram
    STEP_REMINDER = "step-reminder"  # before a work item's deadline
    STEP_DEADLINE = "step-deadline"  # a work item's deadline has come: escalate to the superior
    SERVICE_REMINDER = "service-reminder"  # before the term of the whole service ends
    SERVICE_DEADLINE = "service-deadline"  # the term of the whole service has ended


class TimerStatus(Enum):
    WAITING = "waiting"
    FIRED = "fired"
    CANCELLED = "cancelled"  # what it watched ended first
    FAILED = "failed"  # firing it failed: there is an incident


class JobStatus(Enum):
    WAITING = "waiting"  # to be tried at run_at
    DONE = "done"
    FAILED = "failed"  # attempts used up: there is an incident
    CANCELLED = "cancelled"  # its case ended without it


class IncidentStatus(Enum):
    OPEN = "open"
    RESOLVED = "resolved"


class ApplicationStatus(Enum):
    DRAFT = "draft"
    FILED = "filed"
