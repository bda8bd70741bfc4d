"""Work items: what waits for a person, who may see it, who has it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, defer, lazyload

from app.domain.case import WorkStatus
from app.domain.people import Actor, Role
from app.store.cases import matching
from app.store.locking import for_update
from app.store.reach import within_reach_of
from app.store.tables import Assignment, Case, ConsultationRow, SubstitutionRow, SuspensionRow, User, WorkItem

OPEN = (WorkStatus.READY, WorkStatus.RESERVED)


class Work:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, item: WorkItem) -> WorkItem:
        self._session.add(item)
        return item

    def get(self, item_id: str, *, lock: bool = False) -> WorkItem | None:
        query = select(WorkItem).where(WorkItem.id == item_id).options(lazyload(WorkItem.exclusions))
        return self._session.scalar(for_update(query) if lock else query)

    def open_of(self, case_id: str) -> list[WorkItem]:
        query = select(WorkItem).where(WorkItem.case_id == case_id, WorkItem.status.in_(OPEN))
        return list(self._session.scalars(query.options(lazyload(WorkItem.exclusions))))

    def all_of(self, case_id: str) -> list[tuple[WorkItem, User | None]]:
        rows = self._session.execute(
            select(WorkItem, User)
            .outerjoin(User, User.id == func.coalesce(WorkItem.completed_by, WorkItem.owner_id))
            .options(lazyload(WorkItem.exclusions))
            .where(WorkItem.case_id == case_id)
            .order_by(WorkItem.opened_at)
        )
        return [(item, user) for item, user in rows]

    def last_completed(self, case_id: str, element: str) -> WorkItem | None:
        return self._session.scalar(
            select(WorkItem)
            .where(WorkItem.case_id == case_id, WorkItem.element == element, WorkItem.status == WorkStatus.COMPLETED)
            .order_by(WorkItem.completed_at.desc())
            .limit(1)
        )

    # Who has what

    def assigned(self, row: Assignment) -> None:
        self._session.flush()  # the work item first
        self._session.add(row)

    def taken_under(self, substitution: SubstitutionRow) -> list[tuple[str, str]]:
        """Open items (with their cases) that the substitute took in the absent person's place in that role."""
        query = select(WorkItem.id, WorkItem.case_id).where(
            WorkItem.owner_id == substitution.substitute_id,
            WorkItem.role == substitution.role,
            WorkItem.taken_for == substitution.absent_id,
            WorkItem.status.in_(OPEN),
        )
        return [(item_id, case_id) for item_id, case_id in self._session.execute(query)]

    def held_in(self, user_id: str, role: str) -> list[tuple[str, str]]:
        """Open items (with their cases) a person holds in a role."""
        query = select(WorkItem.id, WorkItem.case_id).where(
            WorkItem.owner_id == user_id, WorkItem.role == role, WorkItem.status.in_(OPEN)
        )
        return [(item_id, case_id) for item_id, case_id in self._session.execute(query)]

    def asked_of(self, case_id: str, roles: Collection[str]) -> frozenset[tuple[str, str | None]]:
        """Which of these roles, in which units, have or had work in this case."""
        query = select(WorkItem.role, WorkItem.unit_id).where(WorkItem.case_id == case_id, WorkItem.role.in_(roles)).distinct()
        return frozenset((role, unit_id) for role, unit_id in self._session.execute(query))

    # What hangs on a work item

    def ask(self, row: ConsultationRow) -> None:
        self._session.flush()  # the work item first
        self._session.add(row)

    def consultation_of(self, item_id: str) -> ConsultationRow | None:
        return self._session.scalar(select(ConsultationRow).where(ConsultationRow.work_item_id == item_id))

    def consultations(self, case_id: str) -> list[ConsultationRow]:
        query = select(ConsultationRow).where(ConsultationRow.case_id == case_id).order_by(ConsultationRow.asked_at)
        return list(self._session.scalars(query))

    def suspend(self, row: SuspensionRow) -> None:
        self._session.flush()  # the work item first
        self._session.add(row)

    def suspended_by(self, item_id: str) -> SuspensionRow | None:
        """The interval this work item began and that still runs."""
        running = SuspensionRow.resumed_at.is_(None)
        return self._session.scalar(select(SuspensionRow).where(SuspensionRow.work_item_id == item_id, running))

    def suspensions(self, case_id: str) -> list[SuspensionRow]:
        query = select(SuspensionRow).where(SuspensionRow.case_id == case_id).order_by(SuspensionRow.stopped_at)
        return list(self._session.scalars(query))

    # The task list

    def inbox(
        self, actor: Actor, *, view: str, words: str, offset: int, limit: int
    ) -> tuple[list[tuple[WorkItem, Case, User | None]], int]:
        query = (
            select(WorkItem, Case, User)
            .options(defer(Case.state))
            .join(Case, Case.id == WorkItem.case_id)
            .outerjoin(User, User.id == WorkItem.owner_id)
            .where(*self._inbox_filter(actor, view))
        )
        if words:
            query = query.where(matching(words))
        total = self._session.scalar(select(func.count()).select_from(query.subquery())) or 0
        rows = self._session.execute(
            query.order_by(WorkItem.due_at.is_(None), WorkItem.due_at, WorkItem.opened_at, WorkItem.id)
            .offset(offset)
            .limit(limit)
        )
        return [(item, case, owner) for item, case, owner in rows], total

    def counts(self, actor: Actor, now: datetime) -> dict[str, int]:
        mine = WorkItem.owner_id == actor.id
        row = self._session.execute(
            select(
                func.count(),
                func.count().filter(mine),
                func.count().filter(WorkItem.owner_id.is_(None)),
                func.count().filter(WorkItem.due_at < now),
            ).where(*self._inbox_filter(actor, "all"))
        ).one()
        return dict(zip(("all", "mine", "role", "overdue"), row, strict=True))

    @staticmethod
    def _inbox_filter(actor: Actor, view: str) -> Sequence[ColumnElement[bool]]:
        filters = [WorkItem.status.in_(OPEN), within_reach_of(actor)]
        if view == "mine":
            filters.append(WorkItem.owner_id == actor.id)
        elif view == "asked":
            filters.append(WorkItem.role == Role.APPLICANT.value)
        elif view == "role":
            filters.append(WorkItem.owner_id.is_(None))
        return filters
