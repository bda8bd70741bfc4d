"""What failed and waits for a supervisor, and cases that came to a halt unnoticed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, defer

from app.domain.case import CaseStatus, IncidentStatus, JobStatus, TimerKind, TimerStatus
from app.domain.views import IncidentCause
from app.store.tables import Case, Incident, Job, Timer, WorkItem
from app.store.work import OPEN

_OF_A_CAUSE: dict[IncidentCause, Sequence[ColumnElement[bool]]] = {
    IncidentCause.JOB: (Incident.job_id.is_not(None),),
    IncidentCause.TIMER: (Incident.timer_id.is_not(None),),
    IncidentCause.STUCK: (Incident.job_id.is_(None), Incident.timer_id.is_(None)),
}


class Incidents:
    def __init__(self, session: Session) -> None:
        self._session = session

    def page(
        self,
        *,
        status: IncidentStatus | None,
        cause: IncidentCause | None,
        service: str,
        offset: int,
        limit: int,
    ) -> tuple[list[tuple[Incident, Case, Job | None]], int]:
        """Incidents with their case and, where an outside call failed, the job; open ones first, the newest first."""
        conditions: list[ColumnElement[bool]] = [Incident.status == status] if status is not None else []
        conditions += _OF_A_CAUSE[cause] if cause is not None else ()
        if service:
            conditions.append(Case.service == service)
        joined = select(Incident, Case, Job).join(Case, Case.id == Incident.case_id).outerjoin(Job, Job.id == Incident.job_id)
        total = self._session.scalar(
            select(func.count()).select_from(Incident).join(Case, Case.id == Incident.case_id).where(*conditions)
        )
        rows = self._session.execute(
            joined.options(defer(Case.state))
            .where(*conditions)
            .order_by(Incident.status, Incident.opened_at.desc(), Incident.id)  # "open" sorts before "resolved"
            .offset(offset)
            .limit(limit)
        )
        return [(incident, case, job) for incident, case, job in rows], total or 0

    def number_of(self, incident_id: str) -> str:
        """The number of the incident's case; empty where there is none."""
        number = select(Case.number).join(Incident, Incident.case_id == Case.id).where(Incident.id == incident_id)
        return self._session.scalar(number) or ""

    def at_a_halt(self, *, limit: int, case_id: str | None = None) -> list[str]:
        """Ids of open cases (or this one, if it is one) in which nothing waits: no open step, no timer of the process, no call to
        the outside; and no incident tells of it."""
        waiting = (
            exists().where(WorkItem.case_id == Case.id, WorkItem.status.in_(OPEN)),
            exists().where(
                Timer.case_id == Case.id,
                Timer.kind == TimerKind.PROCESS,
                Timer.status.in_((TimerStatus.WAITING, TimerStatus.FAILED)),
            ),
            exists().where(Job.case_id == Case.id, Job.status.in_((JobStatus.WAITING, JobStatus.FAILED))),
            exists().where(Incident.case_id == Case.id, Incident.status == IncidentStatus.OPEN),
        )
        query = select(Case.id).where(Case.status == CaseStatus.OPEN, *(~each for each in waiting))
        if case_id is not None:
            query = query.where(Case.id == case_id)
        return list(self._session.scalars(query.order_by(Case.id).limit(limit)))
