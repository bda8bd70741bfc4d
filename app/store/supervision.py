"""The open work as those see it who answer for it: by person and unit, with what is overdue; and who is away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, false, func, not_, or_, select, true
from sqlalchemy.orm import Session, defer, selectinload

from app.domain.case import WorkStatus
from app.domain.people import Actor, Role
from app.domain.views import NOBODY, Narrowed
from app.store.tables import Absence, Case, RoleGrant, SubstitutionRow, Unit, User, WorkItem
from app.store.work import OPEN

_EVERYWHERE = (Role.SUPERVISOR, Role.HEAD)


@dataclass(frozen=True, slots=True)
class Counted:
    """Open work of one owner (None: nobody's) in one unit (its owner's, or whose work it is), by one role."""

    owner_id: str | None
    unit_id: str | None
    role: str
    open: int
    overdue: int
    today: int
    this_week: int
    oldest: datetime


def under_supervision_of(actor: Actor) -> ColumnElement[bool]:
    """The staff's work this person answers for: all of it for the supervisor and the head, for a head of department what his
    own unit's people have and what is his unit's; under a substitution as far as its order reaches. Nobody answers for the
    handling of his own application."""
    staffs = and_(WorkItem.role != Role.APPLICANT.value, _not_of_ones_own_application(actor))
    if actor.own_roles & set(_EVERYWHERE):
        return staffs
    parts: list[ColumnElement[bool]] = []
    if Role.DEPARTMENT_HEAD in actor.own_roles:
        parts.append(_of_unit(actor.unit_id))
    for each in actor.substitutions:
        scope = WorkItem.service.in_(each.services) if each.services else true()
        if each.role in _EVERYWHERE:
            parts.append(scope)
        elif each.role is Role.DEPARTMENT_HEAD:
            parts.append(and_(scope, _of_unit(each.absent_unit_id)))
    return and_(staffs, or_(false(), *parts))


def _not_of_ones_own_application(actor: Actor) -> ColumnElement[bool]:
    """By the number on it, from whatever account it was filed; what was begun in the name of his organisation is nobody's own."""
    if not actor.iin:
        return true()
    in_its_name = Case.applicant_bin == actor.bin if actor.bin else false()
    return not_(WorkItem.case_id.in_(select(Case.id).where(Case.applicant_iin == actor.iin, not_(in_its_name))))


def _of_unit(unit_id: str | None) -> ColumnElement[bool]:
    """Nobody sits in no unit: a head of department without one answers for nothing."""
    if unit_id is None:
        return false()
    sits_there = select(User.id).where(User.unit_id == unit_id)
    return or_(WorkItem.owner_id.in_(sits_there), and_(WorkItem.owner_id.is_(None), WorkItem.unit_id == unit_id))


class Supervision:
    def __init__(self, session: Session) -> None:
        self._session = session

    def open_work(
        self, actor: Actor, narrowed: Narrowed, now: datetime, soon: datetime, *, offset: int, limit: int
    ) -> tuple[list[tuple[WorkItem, Case, User | None]], int]:
        """Open items with case and owner: what is breached first comes first. `soon` is until when a thing is due soon."""
        conditions = self._conditions(actor, narrowed, now, soon)
        total = self._session.scalar(
            select(func.count()).select_from(WorkItem).join(Case, Case.id == WorkItem.case_id).where(*conditions)
        )
        earliest = _earliest()
        rows = self._session.execute(
            select(WorkItem, Case, User)
            .options(defer(Case.state), selectinload(WorkItem.exclusions))
            .join(Case, Case.id == WorkItem.case_id)
            .outerjoin(User, User.id == WorkItem.owner_id)
            .where(*conditions)
            .order_by(earliest.is_(None), earliest, WorkItem.opened_at, WorkItem.id)
            .offset(offset)
            .limit(limit)
        )
        return [(item, case, owner) for item, case, owner in rows], total or 0

    def answers_for(self, actor: Actor, item_id: str) -> bool:
        """Whether this work item is among what the person answers for."""
        found = select(WorkItem.id).where(WorkItem.id == item_id, under_supervision_of(actor))
        return self._session.scalar(found) is not None

    def _conditions(self, actor: Actor, narrowed: Narrowed, now: datetime, soon: datetime) -> list[ColumnElement[bool]]:
        conditions = [WorkItem.status.in_(OPEN), under_supervision_of(actor)]
        if narrowed.unit:
            conditions.append(_of_unit(narrowed.unit))
        if narrowed.person:
            whose = WorkItem.owner_id.is_(None) if narrowed.person == NOBODY else WorkItem.owner_id == narrowed.person
            conditions.append(whose)
        if narrowed.service:
            conditions.append(WorkItem.service == narrowed.service)
        if narrowed.view == "overdue":
            conditions.append(or_(WorkItem.due_at < now, Case.result_due < now))
        elif narrowed.view == "soon":
            conditions.append(and_(_earliest() >= now, _earliest() < soon))
        return conditions

    def counted(self, actor: Actor, narrowed: Narrowed, now: datetime, today: datetime, week: datetime) -> list[Counted]:
        """The open work by owner, unit and role. `today` and `week` are when this civil day and this week end."""
        due = WorkItem.due_at
        unit = func.coalesce(User.unit_id, WorkItem.unit_id)
        rows = self._session.execute(
            select(
                WorkItem.owner_id,
                unit,
                WorkItem.role,
                func.count(),
                func.count().filter(due < now),
                func.count().filter(and_(due >= now, due <= today)),
                func.count().filter(and_(due >= now, due <= week)),
                func.min(WorkItem.opened_at),
            )
            .join(Case, Case.id == WorkItem.case_id)
            .outerjoin(User, User.id == WorkItem.owner_id)
            .where(*self._conditions(actor, narrowed, now, now))
            .group_by(WorkItem.owner_id, unit, WorkItem.role)
        )
        return [Counted(*row) for row in rows]

    def finished(self, actor: Actor, since: datetime, *, limit: int) -> list[tuple[str, str, datetime, datetime]]:
        """Steps finished since then, the newest first: by whom, in which version of a service, when opened and when done."""
        done = (WorkItem.status == WorkStatus.COMPLETED, WorkItem.completed_at >= since, WorkItem.completed_by.is_not(None))
        rows = self._session.execute(
            select(WorkItem.completed_by, Case.version_id, WorkItem.opened_at, WorkItem.completed_at)
            .join(Case, Case.id == WorkItem.case_id)
            .where(*done, under_supervision_of(actor))
            .order_by(WorkItem.completed_at.desc())
            .limit(limit)
        )
        return [(by, version, opened, at) for by, version, opened, at in rows if by and at]

    def staff(self, actor: Actor) -> list[tuple[User, list[str]]]:
        """The people whose work this person answers for, with their roles, by name."""
        everywhere = actor.roles & set(_EVERYWHERE)
        units = {actor.unit_id} if Role.DEPARTMENT_HEAD in actor.own_roles else set()
        units |= {each.absent_unit_id for each in actor.substitutions if each.role is Role.DEPARTMENT_HEAD}
        where = true() if everywhere else User.unit_id.in_([unit for unit in units if unit])
        rows = self._session.execute(
            select(User, RoleGrant.role)
            .join(RoleGrant, RoleGrant.user_id == User.id)
            .where(User.active, RoleGrant.role != Role.APPLICANT.value, where)
            .order_by(User.name, User.id, RoleGrant.role)
        )
        people: dict[str, tuple[User, list[str]]] = {}
        for user, role in rows:
            people.setdefault(user.id, (user, []))[1].append(role)
        return list(people.values())

    def units(self, ids: Sequence[str]) -> dict[str, Unit]:
        return {unit.id: unit for unit in self._session.scalars(select(Unit).where(Unit.id.in_(ids)))} if ids else {}

    # Who is away

    def absences(self, people: Sequence[str], first: date, last: date) -> list[Absence]:
        overlapping = (Absence.user_id.in_(people), Absence.first_day <= last, Absence.last_day >= first)
        return list(self._session.scalars(select(Absence).where(*overlapping).order_by(Absence.first_day)))

    def substitutions(self, people: Sequence[str], first: date, last: date) -> list[tuple[SubstitutionRow, str]]:
        """Orders by which somebody stands in for one of these people, with the substitute's name."""
        rows = self._session.execute(
            select(SubstitutionRow, User.name)
            .join(User, User.id == SubstitutionRow.substitute_id)
            .where(SubstitutionRow.absent_id.in_(people), SubstitutionRow.first_day <= last, SubstitutionRow.last_day >= first)
            .order_by(SubstitutionRow.first_day)
        )
        return [(row, name) for row, name in rows]


def _earliest() -> ColumnElement[datetime]:
    """The earlier of a step's limit and the service's term, in words both databases know."""
    step, service = WorkItem.due_at, Case.result_due
    return case((step.is_(None), service), (service.is_(None), step), (step < service, step), else_=service)
