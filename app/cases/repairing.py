"""A supervisor repairs what an incident stopped."""

from __future__ import annotations

from app.cases.office import Office
from app.domain.case import IncidentStatus, JobStatus, TimerStatus
from app.domain.errors import Declined, Invalid, NotFound
from app.domain.events import EventKind
from app.domain.people import Actor
from app.domain.permissions import Action, require
from app.history.recording import record


def retry(office: Office, actor: Actor, incident_id: str, reason: str) -> None:
    """Lets the failed job or timer be tried again at once, with all its attempts; the reason goes into the history.

    What was answered late, or ended with its case, is not tried again; the incident is resolved all the same.
    """
    require(actor, Action.REPAIR_INCIDENT)
    if not reason.strip():
        raise Invalid("Say why it is tried again: the reason goes into the history.")
    with office.unit_of_work() as uow:
        incident = uow.cases.incident(incident_id)
        if incident is None:
            raise NotFound("There is no incident '%(id)s'.", id=incident_id)
        case = uow.cases.lock(incident.case_id)  # the row alone: it may be the process that cannot be loaded
        if case is None:
            raise NotFound("There is no case '%(id)s'.", id=incident.case_id)
        if incident.status is IncidentStatus.RESOLVED:
            raise Declined("This incident is resolved already: %(name)s.", name=incident.resolved_by)
        now = office.clock.now()
        job = uow.timing.job(incident.job_id) if incident.job_id else None
        timer = uow.timing.timer(incident.timer_id) if incident.timer_id else None
        if job is not None and job.status is JobStatus.FAILED:
            job.status, job.attempts, job.run_at = JobStatus.WAITING, 0, now
        if timer is not None and timer.status is TimerStatus.FAILED:
            timer.status = TimerStatus.WAITING
        incident.status, incident.resolved_at, incident.resolved_by = IncidentStatus.RESOLVED, now, actor.name
        details = {"incident": incident.id, "reason": reason.strip()}
        record(uow, case, EventKind.INCIDENT_RESOLVED, at=now, actor=actor, details=details)
        uow.commit()
