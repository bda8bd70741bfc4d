"""Where the cases of one version stand, counted by the database: a constant number of queries, each along an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, defer

from app.domain.case import CaseStatus, WorkStatus
from app.store.tables import Case, Decision, ProcessVersion, WorkItem
from app.store.work import OPEN


@dataclass(frozen=True, slots=True)
class Period:
    """The cases of one version, and a time from and including one moment until another."""

    service: str
    version_id: str
    since: datetime
    until: datetime


class Standings:
    def __init__(self, session: Session) -> None:
        self._session = session

    def versions(self, service: str) -> Sequence[ProcessVersion]:
        """All versions of the service, the newest first; without their files."""
        query = select(ProcessVersion).options(defer(ProcessVersion.bundle)).where(ProcessVersion.service == service)
        return self._session.scalars(query.order_by(ProcessVersion.number.desc())).all()

    def open_steps(self, version_id: str, now: datetime) -> dict[str, tuple[int, int]]:
        """Element → how many steps wait there now, and how many of them are overdue."""
        rows = self._session.execute(
            select(WorkItem.element, func.count(), func.count().filter(WorkItem.due_at < now))
            .join(Case, Case.id == WorkItem.case_id)
            .where(Case.version_id == version_id, Case.status == CaseStatus.OPEN, WorkItem.status.in_(OPEN))
            .group_by(WorkItem.element)
        )
        return {element: (all_, late) for element, all_, late in rows}

    def done_steps(self, period: Period) -> dict[str, tuple[int, int]]:
        """Element → how many steps were done there in the period, and how many of them after their term."""
        rows = self._session.execute(
            select(WorkItem.element, func.count(), func.count().filter(WorkItem.completed_at > WorkItem.due_at))
            .join(Case, Case.id == WorkItem.case_id)
            .where(*_done_in(period))
            .group_by(WorkItem.element)
        )
        return {element: (all_, late) for element, all_, late in rows}

    def newest_done(self, period: Period, *, limit: int) -> list[tuple[str, datetime, datetime]]:
        """Element, opening and end of the steps done last in the period."""
        rows = self._session.execute(
            select(WorkItem.element, WorkItem.opened_at, WorkItem.completed_at)
            .join(Case, Case.id == WorkItem.case_id)
            .where(*_done_in(period))
            .order_by(WorkItem.completed_at.desc())
            .limit(limit)
        )
        return [(element, opened, done) for element, opened, done in rows if done is not None]

    def cases(self, period: Period) -> tuple[int, int, int]:
        """How many cases are open now, how many ended in the period, and how many of these after the service's term."""
        of_it = Case.version_id == period.version_id
        open_now = select(func.count()).where(of_it, Case.status == CaseStatus.OPEN).scalar_subquery()
        row = self._session.execute(
            select(open_now, func.count(), func.count().filter(Case.ended_at > Case.result_due)).where(
                of_it, Case.service == period.service, Case.ended_at >= period.since, Case.ended_at < period.until
            )
        ).one()
        return row[0], row[1], row[2]

    def refusals(self, period: Period) -> list[tuple[list[str], int]]:
        """How many decisions of the period name these grounds, each set of them once."""
        rows = self._session.execute(
            select(Decision.grounds, func.count())
            .join(Case, Case.id == Decision.case_id)
            .where(
                Case.version_id == period.version_id,
                Decision.decided_at >= period.since,
                Decision.decided_at < period.until,
            )
            .group_by(Decision.grounds)
        )
        return [(grounds, count) for grounds, count in rows if grounds]


def _done_in(period: Period) -> tuple[ColumnElement[bool], ...]:
    return (
        WorkItem.service == period.service,
        WorkItem.completed_at >= period.since,
        WorkItem.completed_at < period.until,
        WorkItem.status == WorkStatus.COMPLETED,
        Case.version_id == period.version_id,
    )
