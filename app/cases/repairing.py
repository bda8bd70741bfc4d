"""A supervisor repairs what an incident stopped, or says why it needs no repair."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.cases.halting import restore_waits
from app.cases.office import Office
from app.domain.case import IncidentStatus, JobStatus, TimerStatus
from app.domain.errors import Declined, Invalid, NotFound, Sentence
from app.domain.events import EventKind
from app.domain.people import Actor
from app.domain.permissions import Action, require
from app.history.recording import record
from app.store.tables import Case, Incident
from app.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Repaired:
    """What came of trying one incident again: done, or the sentence why not."""

    incident_id: str
    number: str
    why_not: Sentence | None = None


def retry(office: Office, actor: Actor, incident_id: str, reason: str) -> None:
    """Lets the failed job or timer be tried again at once, with all its attempts; in a case that came to a halt the steps and
    timers its state waits for are opened again. The reason goes into the history.

    What was answered late, or ended with its case, is not tried again; the incident is resolved all the same.
    """
    with office.unit_of_work() as uow:
        incident, case = _open_incident(uow, actor, incident_id, reason)
        now = office.clock.now()
        job = uow.timing.job(incident.job_id) if incident.job_id else None
        timer = uow.timing.timer(incident.timer_id) if incident.timer_id else None
        if job is not None and job.status is JobStatus.FAILED:
            job.status, job.attempts, job.run_at = JobStatus.WAITING, 0, now
        if timer is not None and timer.status is TimerStatus.FAILED:
            timer.status = TimerStatus.WAITING
        if job is None and timer is None and not case.status.is_final:
            restore_waits(office, uow, case.id)
        _resolve(office, uow, incident, case, actor, reason, how="retried")
        uow.commit()


def close(office: Office, actor: Actor, incident_id: str, reason: str) -> None:
    """Marks an incident resolved, nothing being tried again: it was settled elsewhere, or nothing depends on it."""
    with office.unit_of_work() as uow:
        incident, case = _open_incident(uow, actor, incident_id, reason)
        _resolve(office, uow, incident, case, actor, reason, how="closed")
        uow.commit()


def retry_many(office: Office, actor: Actor, incident_ids: Iterable[str], reason: str) -> tuple[Repaired, ...]:
    """Each in a transaction of its own; what cannot be tried again is told with its reason and holds up nothing."""
    require(actor, Action.REPAIR_INCIDENT)
    results = []
    for incident_id in incident_ids:
        why_not: Sentence | None = None
        try:
            retry(office, actor, incident_id, reason)
        except (Declined, NotFound) as error:
            why_not = error.sentence
        with office.reading() as uow:
            results.append(Repaired(incident_id, uow.incidents.number_of(incident_id), why_not))
    return tuple(results)


def _open_incident(uow: UnitOfWork, actor: Actor, incident_id: str, reason: str) -> tuple[Incident, Case]:
    require(actor, Action.REPAIR_INCIDENT)
    if not reason.strip():
        raise Invalid("Say why it is tried again: the reason goes into the history.")
    incident = uow.cases.incident(incident_id)
    if incident is None:
        raise NotFound("There is no incident '%(id)s'.", id=incident_id)
    case = uow.cases.lock(incident.case_id)  # the row alone: it may be the process that cannot be loaded
    if case is None:
        raise NotFound("There is no case '%(id)s'.", id=incident.case_id)
    if incident.status is IncidentStatus.RESOLVED:
        raise Declined("This incident is resolved already: %(name)s.", name=incident.resolved_by)
    return incident, case


def _resolve(office: Office, uow: UnitOfWork, incident: Incident, case: Case, actor: Actor, reason: str, *, how: str) -> None:
    now = office.clock.now()
    incident.status, incident.resolved_at, incident.resolved_by = IncidentStatus.RESOLVED, now, actor.name
    details = {"incident": incident.id, "reason": reason.strip(), "how": how}
    record(uow, case, EventKind.INCIDENT_RESOLVED, at=now, actor=actor, details=details)
