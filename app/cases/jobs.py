"""Calls to the outside: taken from the table, made with no transaction open, answered in one that moves the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from logging import getLogger
from typing import Any

from app.cases.advancing import Running, advance, locked
from app.cases.office import Office
from app.domain.case import JobStatus
from app.domain.errors import NotFound
from app.domain.events import EventKind
from app.domain.moves import Flag
from app.domain.people import SYSTEM
from app.domain.ports import RegisterAnswer, StateRegisters
from app.history.recording import record
from app.store.tables import Incident, Job, RegisterReply
from app.store.unit_of_work import UnitOfWork

log = getLogger(__name__)

MOST_ATTEMPTS = 5
LEASE = timedelta(minutes=2)
"""While a job is being tried no other worker takes it; a worker that died frees it after this long."""
FIRST_PAUSE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class OutsideRequest:
    """A job as its outside call sees it (`app.domain.handling.JobContext`)."""

    id: str
    request: Mapping[str, Any]
    registers: StateRegisters


def run_jobs(office: Office, *, limit: int = 100) -> int:
    """Tries the due jobs, gives how many were answered."""
    answered = 0
    for _ in range(limit):
        job = _take(office)
        if job is None:
            break
        try:
            answered += answer(office, job.id, job.case_id, _call(office, job))
        except Exception as error:  # whatever went wrong is written down, retried, and in the end an incident
            log.warning("job failed", extra={"action": job.name, "case_id": job.case_id, "job_id": job.id}, exc_info=error)
            _fail(office, job.id, job.case_id, str(error) or repr(error))
    return answered


def _call(office: Office, job: Job) -> tuple[RegisterAnswer, ...]:
    call = office.outside_calls.get(job.name)
    if call is None:
        raise NotFound("No outside call is registered under '%(name)s'.", name=job.name)
    return call(OutsideRequest(job.id, job.request, office.registers))


def _take(office: Office) -> Job | None:
    with office.unit_of_work() as uow:
        job = uow.timing.take_job(office.clock.now())
        if job is None:
            return None
        job.attempts += 1
        job.run_at = office.clock.now() + LEASE
        uow.commit()
        return job


def answer(office: Office, job_id: str, case_id: str, answers: tuple[RegisterAnswer, ...]) -> bool:
    """Keeps the answers and finishes the service task that waits for them. A second answer changes nothing.

    An answer that comes when the case has moved on or ended without it is kept and moves nothing; after a withdrawal nothing
    more is kept about the applicant.
    """
    with office.unit_of_work() as uow:
        this = locked(office, uow, case_id)
        job = uow.timing.job(job_id)
        if job is None or job.status in (JobStatus.DONE, JobStatus.CANCELLED):
            return False
        job.status, job.last_error = JobStatus.DONE, ""
        for each in answers:
            uow.cases.add_reply(
                RegisterReply(
                    case_id=case_id,
                    register=each.register.value,
                    number=each.number,
                    found=each.found,
                    data=dict(each.data),
                    message_id=each.message_id,
                    answered_at=each.answered_at,
                    simulated=each.simulated,
                )
            )
        _tell(office, uow, this, EventKind.JOB_ANSWERED, job, simulated=any(each.simulated for each in answers))
        if job.token in _waited_for(office, this):
            found = Flag("found" if all(each.found for each in answers) else "not_found")
            state = this.case.state
            advance(
                office,
                uow,
                this,
                lambda process, call: office.engine.finish(process, state, job.token, found, call_handler=call),
            )
        uow.commit()
        return True


def _waited_for(office: Office, this: Running) -> set[str]:
    case = this.case
    return set() if case.status.is_final else {wait.token for wait in office.engine.waits(this.process, case.state)}


def _fail(office: Office, job_id: str, case_id: str, error: str) -> None:
    """Tries again later, twice as late each time; after the last attempt a supervisor is asked."""
    with office.unit_of_work() as uow:
        this = locked(office, uow, case_id)
        job = uow.timing.job(job_id)
        if job is None or job.status is not JobStatus.WAITING:
            return
        now = office.clock.now()
        job.last_error = error
        _tell(office, uow, this, EventKind.JOB_FAILED, job, attempt=job.attempts, error=error)
        if job.attempts < MOST_ATTEMPTS:
            job.run_at = now + FIRST_PAUSE * 2 ** (job.attempts - 1)
        else:
            job.status = JobStatus.FAILED
            uow.cases.add_incident(Incident(case_id=case_id, element=job.element, sentence=error, opened_at=now, job_id=job.id))
            _tell(office, uow, this, EventKind.INCIDENT_OPENED, job, error=error)
        uow.commit()


def _tell(office: Office, uow: UnitOfWork, this: Running, kind: EventKind, job: Job, **details: Any) -> None:
    record(
        uow,
        this.case,
        kind,
        at=office.clock.now(),
        actor=SYSTEM,
        element=this.element_named(job.element),
        details={"job": job.id, "name": job.name, **details},
    )
