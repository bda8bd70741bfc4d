"""Migrations of running cases between versions: the plans, and what becomes of each case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.orm import Session, defer

from app.domain.case import CaseStatus
from app.domain.design import MigrationStatus, MovedStatus
from app.store.locking import for_update
from app.store.tables import Case, CaseMigration, ConsultationRow, Decision, MigratedCase, ProcessVersion, WorkItem
from app.store.work import OPEN

AT_WORK = (MigrationStatus.PLANNED, MigrationStatus.RUNNING, MigrationStatus.REVERTING)


class Moving:
    def __init__(self, session: Session) -> None:
        self._session = session

    # Plans

    def add(self, migration: CaseMigration) -> CaseMigration:
        self._session.add(migration)
        self._session.flush()
        return migration

    def get(self, migration_id: str) -> CaseMigration | None:
        return self._session.get(CaseMigration, migration_id)

    def lock(self, migration_id: str) -> CaseMigration | None:
        """The plan, with its row locked until the transaction ends."""
        return self._session.scalar(for_update(select(CaseMigration).where(CaseMigration.id == migration_id)))

    def at_work(self) -> list[tuple[str, MigrationStatus]]:
        """Those for which there may be something to do, the oldest first."""
        rows = self._session.execute(
            select(CaseMigration.id, CaseMigration.status)
            .where(CaseMigration.status.in_(AT_WORK))
            .order_by(CaseMigration.planned_at, CaseMigration.id)
        )
        return [(migration_id, status) for migration_id, status in rows]

    def plans(self, *, offset: int, limit: int) -> tuple[Sequence[CaseMigration], int]:
        """The newest first, and how many there are."""
        total = self._session.scalar(select(func.count()).select_from(CaseMigration)) or 0
        query = select(CaseMigration).order_by(CaseMigration.planned_at.desc(), CaseMigration.id)
        return self._session.scalars(query.offset(offset).limit(limit)).all(), total

    # Its cases

    def unchecked(self, migration: CaseMigration, *, limit: int) -> list[str]:
        """Open cases of the version before of which the dry run has not said anything yet."""
        known = exists().where(MigratedCase.migration_id == migration.id, MigratedCase.case_id == Case.id)
        return list(self._session.scalars(select(Case.id).where(*_open_of(migration.from_version_id), ~known).limit(limit)))

    def unchecked_count(self, migration: CaseMigration) -> int:
        known = exists().where(MigratedCase.migration_id == migration.id, MigratedCase.case_id == Case.id)
        query = select(func.count()).select_from(Case).where(*_open_of(migration.from_version_id), ~known)
        return self._session.scalar(query) or 0

    def add_case(self, row: MigratedCase) -> None:
        self._session.add(row)

    def ids(self, migration_id: str, status: MovedStatus, *, limit: int) -> list[str]:
        wanted = (MigratedCase.migration_id == migration_id, MigratedCase.status == status)
        return list(
            self._session.scalars(select(MigratedCase.case_id).where(*wanted).order_by(MigratedCase.case_id).limit(limit))
        )

    def take(self, migration_id: str, case_id: str, status: MovedStatus) -> MigratedCase | None:
        """The case's row if it is still in this status and no other worker holds it."""
        wanted = (MigratedCase.migration_id == migration_id, MigratedCase.case_id == case_id, MigratedCase.status == status)
        return self._session.scalar(for_update(select(MigratedCase).where(*wanted), skip_locked=True))

    def case_of(self, migration_id: str, case_id: str) -> MigratedCase | None:
        return self._session.get(MigratedCase, (migration_id, case_id))

    def forget_checks(self, migration_id: str) -> None:
        """The dry run begins anew."""
        found = (MovedStatus.READY, MovedStatus.REFUSED)
        self._session.execute(
            delete(MigratedCase).where(MigratedCase.migration_id == migration_id, MigratedCase.status.in_(found))
        )

    def counts(self, migration_id: str) -> Mapping[MovedStatus, int]:
        rows = self._session.execute(
            select(MigratedCase.status, func.count())
            .where(MigratedCase.migration_id == migration_id)
            .group_by(MigratedCase.status)
        )
        return dict(rows.all())

    def rows(
        self, migration_id: str, status: MovedStatus | None, *, offset: int, limit: int
    ) -> tuple[list[tuple[MigratedCase, Case]], int]:
        """The cases with what became of each, by number, and how many there are."""
        wanted = [MigratedCase.migration_id == migration_id, *([MigratedCase.status == status] if status else [])]
        total = self._session.scalar(select(func.count()).select_from(MigratedCase).where(*wanted)) or 0
        rows = self._session.execute(
            select(MigratedCase, Case)
            .options(defer(MigratedCase.before), defer(MigratedCase.rows_before), defer(Case.state))
            .join(Case, Case.id == MigratedCase.case_id)
            .where(*wanted)
            .order_by(Case.number, Case.received_at, Case.id)
            .offset(offset)
            .limit(limit)
        )
        return [(row, case) for row, case in rows], total

    # What plans are made of

    def versions(self, service: str) -> list[tuple[ProcessVersion, int]]:
        """Every version of a service, the newest first, with how many open cases it has."""
        cases = select(func.count()).select_from(Case).where(*_open_of(ProcessVersion.id)).correlate(ProcessVersion)
        rows = self._session.execute(
            select(ProcessVersion, cases.scalar_subquery())
            .options(defer(ProcessVersion.bundle))
            .where(ProcessVersion.service == service)
            .order_by(ProcessVersion.number.desc())
        )
        return [(version, count) for version, count in rows]

    def standing_at(self, version_id: str) -> Mapping[tuple[str, str], int]:
        """How many open steps of the version's open cases stand at each element."""
        rows = self._session.execute(
            select(WorkItem.process, WorkItem.element, func.count())
            .join(Case, Case.id == WorkItem.case_id)
            .where(*_open_of(version_id), WorkItem.status.in_(OPEN))
            .group_by(WorkItem.process, WorkItem.element)
        )
        return {(process, element): count for process, element, count in rows}

    # What a case has used of its passport

    def consultations_of(self, case_id: str) -> set[str]:
        return set(self._session.scalars(select(ConsultationRow.consultation).where(ConsultationRow.case_id == case_id)))

    def grounds_of(self, case_id: str) -> set[str]:
        rows = self._session.scalars(select(Decision.grounds).where(Decision.case_id == case_id))
        return {ground for grounds in rows for ground in grounds}

    @contextmanager
    def trying(self) -> Iterator[None]:
        """What the block writes is taken back at its end; the locks it took stay."""
        attempt = self._session.begin_nested()
        try:
            yield
            self._session.flush()
        finally:
            attempt.rollback()


def _open_of(version_id: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (Case.version_id == version_id, Case.status == CaseStatus.OPEN)
