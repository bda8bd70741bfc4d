"""Timers and jobs: what falls due, taken in small locked batches."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from app.domain.case import JobStatus, TimerKind, TimerStatus
from app.store.locking import for_update
from app.store.tables import Case, Job, Timer, User, WorkItem


class Timing:
    def __init__(self, session: Session) -> None:
        self._session = session

    # Timers

    def add(self, timer: Timer) -> None:
        self._session.add(timer)

    def timer(self, timer_id: str) -> Timer | None:
        return self._session.get(Timer, timer_id)

    def deadline_of(self, token: str) -> Timer | None:
        """The timer of a work item's limit, fired or not: it says what the limit is counted from."""
        query = select(Timer).where(Timer.token == token, Timer.kind == TimerKind.STEP_DEADLINE)
        return self._session.scalar(query.limit(1))

    def due(self, now: datetime, *, limit: int) -> list[tuple[str, str]]:
        """Ids of due timers and of their cases, earliest first; of one moment the diagram's timers first, since what they take
        away is no longer late. Nothing is locked yet: the case's lock decides."""
        rows = self._session.execute(
            select(Timer.id, Timer.case_id)
            .where(Timer.status == TimerStatus.WAITING, Timer.due_at <= now)
            .order_by(Timer.due_at, Timer.kind != TimerKind.PROCESS, Timer.id)
            .limit(limit)
        )
        return [(timer_id, case_id) for timer_id, case_id in rows]

    def take(self, timer_id: str) -> Timer | None:
        """The timer if it still waits and no other worker holds it (SKIP LOCKED on PostgreSQL)."""
        waiting = select(Timer).where(Timer.id == timer_id, Timer.status == TimerStatus.WAITING)
        return self._session.scalar(for_update(waiting, skip_locked=True))

    def running_of(self, case_id: str) -> list[Timer]:
        """The case's timers whose end is still to come: waiting, or failed and waiting to be repaired."""
        running = (TimerStatus.WAITING, TimerStatus.FAILED)
        return list(self._session.scalars(select(Timer).where(Timer.case_id == case_id, Timer.status.in_(running))))

    def last_limit_of(self, case_id: str, token: str) -> Timer | None:
        """The newest limit of a work item, running or not; of one that was made longer that is the longest."""
        limits = (Timer.case_id == case_id, Timer.token == token, Timer.kind == TimerKind.STEP_DEADLINE)
        return self._session.scalar(select(Timer).where(*limits).order_by(Timer.due_at.desc()).limit(1))

    def next_due(self) -> datetime | None:
        return self._session.scalar(
            select(Timer.due_at).where(Timer.status == TimerStatus.WAITING).order_by(Timer.due_at).limit(1)
        )

    def upcoming(self, *, offset: int, limit: int) -> tuple[list[tuple[Timer, Case, WorkItem | None, User | None]], int]:
        """Waiting timers with their case and, for a step's timer, the work item and its owner; earliest first."""
        total = self._session.scalar(select(func.count()).select_from(Timer).where(Timer.status == TimerStatus.WAITING)) or 0
        rows = self._session.execute(
            select(Timer, Case, WorkItem, User)
            .options(defer(Case.state))
            .join(Case, Case.id == Timer.case_id)
            .outerjoin(
                WorkItem,
                (WorkItem.token == Timer.token) & Timer.kind.in_([TimerKind.STEP_REMINDER, TimerKind.STEP_DEADLINE]),
            )
            .outerjoin(User, User.id == WorkItem.owner_id)
            .where(Timer.status == TimerStatus.WAITING)
            .order_by(Timer.due_at, Timer.id)
            .offset(offset)
            .limit(limit)
        )
        return [(timer, case, item, owner) for timer, case, item, owner in rows], total

    # Jobs

    def add_job(self, job: Job) -> Job:
        self._session.add(job)
        self._session.flush()
        return job

    def job(self, job_id: str) -> Job | None:
        return self._session.get(Job, job_id)

    def open_jobs_of(self, case_id: str) -> list[Job]:
        """The case's jobs still to be answered: waiting, or failed and waiting to be repaired."""
        to_come = (JobStatus.WAITING, JobStatus.FAILED)
        return list(self._session.scalars(select(Job).where(Job.case_id == case_id, Job.status.in_(to_come))))

    def take_job(self, now: datetime) -> Job | None:
        """One due job, held so that no other worker takes it at the same moment."""
        due = select(Job).where(Job.status == JobStatus.WAITING, Job.run_at <= now).order_by(Job.run_at, Job.id).limit(1)
        return self._session.scalar(for_update(due, skip_locked=True))
