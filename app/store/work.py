"""Work items: what waits for a person, who may see it, who has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import Session, aliased, defer

from app.domain.case import WorkStatus
from app.domain.people import Actor, Role
from app.store.cases import belongs_to, matching
from app.store.locking import for_update
from app.store.people import in_force
from app.store.tables import Case, ConsultationRow, RoleGrant, SubstitutionRow, SuspensionRow, User, WorkItem

OPEN = (WorkStatus.READY, WorkStatus.RESERVED)


def within_reach_of(actor: Actor, today: date) -> ColumnElement[bool]:
    """The person's roles, held or stood in for; and of these what is nobody's, one's own, or the absent person's.

    What belongs to somebody who no longer holds the role is nobody's. What is asked of an applicant is asked of everyone who acts
    for the organisation that applied.
    """
    stood_in_for = [and_(WorkItem.role == s.role.value, WorkItem.owner_id == s.absent_id) for s in actor.substitutions]
    of_the_roles = and_(
        WorkItem.role.in_([role.value for role in actor.roles - {Role.APPLICANT}]),
        or_(WorkItem.owner_id.is_(None), WorkItem.owner_id == actor.id, *stood_in_for, not_(owner_holds_the_role(today))),
    )
    if Role.APPLICANT not in actor.own_roles:
        return of_the_roles
    own_cases = select(Case.id).where(belongs_to(actor))
    return or_(of_the_roles, and_(WorkItem.role == Role.APPLICANT.value, WorkItem.case_id.in_(own_cases)))


def owner_holds_the_role(today: date) -> ColumnElement[bool]:
    """The owner may still do the work on this civil day: by a role of his own or by a substitution in force."""
    owner = aliased(User)
    granted = (
        select(RoleGrant.id)
        .join(owner, owner.id == RoleGrant.user_id)
        .where(owner.active, RoleGrant.user_id == WorkItem.owner_id, RoleGrant.role == WorkItem.role)
    )
    standing_in = (
        select(SubstitutionRow.id)
        .join(owner, owner.id == SubstitutionRow.substitute_id)
        .where(owner.active, SubstitutionRow.substitute_id == WorkItem.owner_id, SubstitutionRow.role == WorkItem.role)
        .where(in_force(today))
    )
    return or_(granted.exists(), standing_in.exists())


class Work:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, item: WorkItem) -> WorkItem:
        self._session.add(item)
        return item

    def get(self, item_id: str, *, lock: bool = False) -> WorkItem | None:
        query = select(WorkItem).where(WorkItem.id == item_id)
        return self._session.scalar(for_update(query) if lock else query)

    def owner(self, item: WorkItem, today: date) -> str | None:
        """Who has the item; None when it is nobody's, or belongs to somebody who no longer holds its role."""
        if item.owner_id is None:
            return None
        return self._session.scalar(select(WorkItem.owner_id).where(WorkItem.id == item.id, owner_holds_the_role(today)))

    def open_of(self, case_id: str) -> list[WorkItem]:
        return list(self._session.scalars(select(WorkItem).where(WorkItem.case_id == case_id, WorkItem.status.in_(OPEN))))

    def all_of(self, case_id: str) -> list[tuple[WorkItem, User | None]]:
        rows = self._session.execute(
            select(WorkItem, User)
            .outerjoin(User, User.id == func.coalesce(WorkItem.completed_by, WorkItem.owner_id))
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
        self, actor: Actor, *, today: date, view: str, words: str, offset: int, limit: int
    ) -> tuple[list[tuple[WorkItem, Case, User | None]], int]:
        query = (
            select(WorkItem, Case, User)
            .options(defer(Case.state))
            .join(Case, Case.id == WorkItem.case_id)
            .outerjoin(User, User.id == WorkItem.owner_id)
            .where(*self._inbox_filter(actor, today, view))
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

    def counts(self, actor: Actor, now: datetime, today: date) -> dict[str, int]:
        mine = WorkItem.owner_id == actor.id
        row = self._session.execute(
            select(
                func.count(),
                func.count().filter(mine),
                func.count().filter(WorkItem.owner_id.is_(None)),
                func.count().filter(WorkItem.due_at < now),
            ).where(*self._inbox_filter(actor, today, "all"))
        ).one()
        return dict(zip(("all", "mine", "role", "overdue"), row, strict=True))

    @staticmethod
    def _inbox_filter(actor: Actor, today: date, view: str) -> Sequence[ColumnElement[bool]]:
        filters = [WorkItem.status.in_(OPEN), within_reach_of(actor, today)]
        if view == "mine":
            filters.append(WorkItem.owner_id == actor.id)
        elif view == "asked":
            filters.append(WorkItem.role == Role.APPLICANT.value)
        elif view == "role":
            filters.append(WorkItem.owner_id.is_(None))
        return filters
