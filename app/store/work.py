"""Work items: what waits for a person, who has it, and what hangs on it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.domain.case import CaseStatus, WorkStatus
from app.domain.people import Actor, Role
from app.store.locking import for_update
from app.store.reach import asked_of, replying_unit
from app.store.tables import (
    Assignment,
    Case,
    ConsultationRow,
    Extension,
    SubstitutionRow,
    SuspensionRow,
    User,
    WorkDraft,
    WorkItem,
)

OPEN = (WorkStatus.READY, WorkStatus.RESERVED)


class Work:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, item: WorkItem) -> WorkItem:
        self._session.add(item)
        return item

    def get(self, item_id: str, *, lock: bool = False) -> WorkItem | None:
        query = select(WorkItem).where(WorkItem.id == item_id)
        return self._session.scalar(for_update(query) if lock else query)

    def open_of(self, case_id: str) -> list[WorkItem]:
        query = select(WorkItem).where(WorkItem.case_id == case_id, WorkItem.status.in_(OPEN))
        return list(self._session.scalars(query))

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

    # Who has what

    def assigned(self, row: Assignment) -> None:
        self._session.flush()  # the work item first
        self._session.add(row)

    def last_assignment(self, item_id: str) -> Assignment | None:
        """How the item came to whoever has it, or went back to its role."""
        query = select(Assignment).where(Assignment.work_item_id == item_id)
        return self._session.scalar(query.order_by(Assignment.rev.desc()).limit(1))

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

    def held_beyond(self, user_id: str, roles: Collection[str]) -> list[tuple[str, str]]:
        """Open items (with their cases) a person holds in other roles than these, his own application's aside. What he holds in
        another's place goes back with the order, and stays unless he holds no role any more."""
        in_his_own_place = (WorkItem.taken_for.is_(None),) if roles else ()
        query = select(WorkItem.id, WorkItem.case_id).where(
            WorkItem.owner_id == user_id,
            WorkItem.role.not_in([*roles, Role.APPLICANT.value]),
            WorkItem.status.in_(OPEN),
            *in_his_own_place,
        )
        return [(item_id, case_id) for item_id, case_id in self._session.execute(query)]

    def executed_by(self, user_id: str) -> list[str]:
        """Ids of open cases of which the person is the executor."""
        own = (Case.executor_id == user_id, Case.status == CaseStatus.OPEN)
        return list(self._session.scalars(select(Case.id).where(*own).order_by(Case.id)))

    def asked_of(self, case_id: str, roles: Collection[str]) -> frozenset[tuple[str, str | None]]:
        """Which of these roles, in which units, have or had work in this case."""
        query = select(WorkItem.role, replying_unit).where(WorkItem.case_id == case_id, WorkItem.role.in_(roles)).distinct()
        return frozenset((role, unit_id) for role, unit_id in self._session.execute(query))

    def requests_to(self, actor: Actor, *case_ids: str) -> list[tuple[WorkItem, User | None]]:
        """The work of these cases in which the person's body was asked, and who did or has it."""
        rows = self._session.execute(
            select(WorkItem, User)
            .outerjoin(User, User.id == func.coalesce(WorkItem.completed_by, WorkItem.owner_id))
            .where(WorkItem.case_id.in_(case_ids), asked_of(actor))
            .order_by(WorkItem.opened_at)
        )
        return [(item, user) for item, user in rows]

    def replying_unit_of(self, item_id: str) -> str | None:
        """The unit whose a body's work item is; None while it is every unit's."""
        return self._session.scalar(select(replying_unit).select_from(WorkItem).where(WorkItem.id == item_id))

    def replying_units(self, case_id: str) -> dict[str, str | None]:
        """Work item → the unit whose reply it is, for the bodies this case asked."""
        rows = self._session.execute(
            select(WorkItem.id, replying_unit)
            .join(ConsultationRow, ConsultationRow.work_item_id == WorkItem.id)
            .where(ConsultationRow.case_id == case_id)
        )
        return dict(rows.all())

    # What people typed and have not finished

    def draft(self, item_id: str, user_id: str) -> WorkDraft | None:
        return self._session.get(WorkDraft, (item_id, user_id))

    def drafts(self, item_id: str) -> list[tuple[WorkDraft, str]]:
        """Everybody's drafts of an item with their names, the newest first."""
        rows = self._session.execute(
            select(WorkDraft, User.name)
            .join(User, User.id == WorkDraft.user_id)
            .where(WorkDraft.work_item_id == item_id)
            .order_by(WorkDraft.at.desc(), User.name)
        )
        return [(draft, name) for draft, name in rows]

    def keep_draft(self, row: WorkDraft) -> None:
        self._session.add(row)

    def drop_draft(self, item_id: str, user_id: str) -> None:
        self._session.execute(delete(WorkDraft).where(WorkDraft.work_item_id == item_id, WorkDraft.user_id == user_id))

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

    def stopped_by_decision(self, case_id: str) -> SuspensionRow | None:
        """The interval a decision began and that still runs."""
        by_hand = (SuspensionRow.work_item_id.is_(None), SuspensionRow.resumed_at.is_(None))
        return self._session.scalar(select(SuspensionRow).where(SuspensionRow.case_id == case_id, *by_hand))

    def extend(self, row: Extension) -> Extension:
        self._session.add(row)
        self._session.flush()
        return row

    def extensions(self, case_id: str) -> list[Extension]:
        return list(self._session.scalars(select(Extension).where(Extension.case_id == case_id).order_by(Extension.at)))
