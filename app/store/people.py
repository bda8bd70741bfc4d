"""People, the roles they hold and who stands in for whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, delete, func, select
from sqlalchemy.orm import Session, aliased

from app.domain.case import WorkStatus
from app.domain.people import Actor, Role, Substitution
from app.domain.text import Text
from app.store.tables import Absence, Case, Jurisdiction, RoleGrant, SpentChallenge, SubstitutionRow, Unit, User, WorkItem


def in_force(day: date) -> ColumnElement[bool]:
    return and_(SubstitutionRow.first_day <= day, SubstitutionRow.last_day >= day)


class People:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, user: User, roles: Sequence[Role]) -> User:
        self._session.add(user)
        self._session.flush()
        self._session.add_all(RoleGrant(user_id=user.id, role=role.value) for role in roles)
        return user

    def get(self, user_id: str) -> User | None:
        return self._session.get(User, user_id)

    def by_login(self, login: str) -> User | None:
        return self._session.scalar(select(User).where(User.login == login, User.active))

    def by_numbers(self, iin: str, bin: str) -> list[User]:
        """The active accounts of this person in this organisation; without a BIN, of one acting for himself."""
        return list(self._session.scalars(select(User).where(User.iin == iin, User.bin == bin, User.active)))

    def spend_challenge(self, digest: str, now: datetime, *, forget_before: datetime) -> bool:
        """Marks a challenge as answered; whether this was the first time. Long expired ones are forgotten on the way."""
        self._session.execute(delete(SpentChallenge).where(SpentChallenge.spent_at < forget_before))
        if self._session.get(SpentChallenge, digest) is not None:
            return False
        self._session.add(SpentChallenge(digest=digest, spent_at=now))
        self._session.flush()
        return True

    def names(self, ids: Sequence[str]) -> dict[str, str]:
        if not ids:
            return {}
        return dict(self._session.execute(select(User.id, User.name).where(User.id.in_(ids))).all())

    def actor(self, user: User, today: date) -> Actor:
        """The person as an actor on this civil day: own roles and the substitutions in force."""
        roles = self._session.scalars(select(RoleGrant.role).where(RoleGrant.user_id == user.id))
        absent = aliased(User)
        substitutions = self._session.execute(
            select(SubstitutionRow, absent)
            .join(absent, absent.id == SubstitutionRow.absent_id)
            .where(SubstitutionRow.substitute_id == user.id, in_force(today))
            .order_by(SubstitutionRow.first_day)
        )
        return Actor(
            id=user.id,
            login=user.login,
            name=user.name,
            iin=user.iin,
            bin=user.bin,
            organisation=user.organisation,
            position=Text(**user.position) if user.position else Text(""),
            language=user.language,
            own_roles=frozenset(Role(role) for role in roles),
            substitutions=tuple(substitution_of(row, person) for row, person in substitutions),
            unit_id=user.unit_id,
            cleared=user.cleared_until is not None and today <= user.cleared_until,
        )

    def roles_of(self, user_id: str) -> list[Role]:
        return [Role(role) for role in self._session.scalars(select(RoleGrant.role).where(RoleGrant.user_id == user_id))]

    def set_roles(self, user_id: str, roles: Collection[Role]) -> None:
        """Grants what is new and revokes what is not among these."""
        self._session.execute(delete(RoleGrant).where(RoleGrant.user_id == user_id))
        self._session.add_all(RoleGrant(user_id=user_id, role=role.value) for role in roles)

    def other_administrators(self, user_id: str) -> bool:
        """Whether somebody else, who may sign in, is an administrator."""
        return any(user.id != user_id for user in self.with_role(Role.ADMINISTRATOR))

    def with_role(self, role: Role, unit_id: str | None = None) -> list[User]:
        """Who holds a role: in this unit, or anywhere."""
        of_the_unit = () if unit_id is None else (User.unit_id == unit_id,)
        return list(
            self._session.scalars(
                select(User)
                .join(RoleGrant, RoleGrant.user_id == User.id)
                .where(RoleGrant.role == role.value, User.active, *of_the_unit)
                .order_by(User.name)
            )
        )

    def acting_in(self, role: Role, day: date, unit_id: str | None = None) -> list[str]:
        """Ids of those who may act in a role on this civil day: its holders (of this unit, or of any) and whoever stands in for
        one of them."""
        holders = [user.id for user in self.with_role(role, unit_id)]
        return list(dict.fromkeys([*holders, *self.standing_in_for(holders, role, day)]))

    def standing_in_for(self, absent: Sequence[str], role: Role, day: date) -> list[str]:
        return list(
            self._session.scalars(
                select(SubstitutionRow.substitute_id).where(
                    SubstitutionRow.absent_id.in_(absent), SubstitutionRow.role == role.value, in_force(day)
                )
            )
        )

    # Units

    def add_unit(self, unit: Unit) -> Unit:
        self._session.add(unit)
        self._session.flush()
        return unit

    def unit(self, code: str) -> Unit | None:
        return self._session.scalar(select(Unit).where(Unit.code == code))

    def unit_by_id(self, unit_id: str) -> Unit | None:
        return self._session.get(Unit, unit_id)

    def units(self) -> list[Unit]:
        return list(self._session.scalars(select(Unit).order_by(Unit.code)))

    def jurisdiction(self, service: str, role: str, body: str) -> str | None:
        """The unit whose work a role's is in this service: for this consulted body, else for whatever the role does; None: every
        unit's."""
        return self._session.scalar(
            select(Jurisdiction.unit_id)
            .where(Jurisdiction.service == service, Jurisdiction.role == role, Jurisdiction.body.in_({body, ""}))
            .order_by(Jurisdiction.body == "")
            .limit(1)
        )

    def jurisdictions(self, service: str) -> dict[tuple[str, str], str]:
        """In this service the units by role and consulted body (empty: the role itself)."""
        rows = self._session.scalars(select(Jurisdiction).where(Jurisdiction.service == service))
        return {(row.role, row.body): row.unit_id for row in rows}

    def drop_jurisdiction(self, service: str, role: str, body: str) -> None:
        """The work is every unit's again."""
        self._session.execute(
            delete(Jurisdiction).where(Jurisdiction.service == service, Jurisdiction.role == role, Jurisdiction.body == body)
        )

    def only_unit_of(self, role: Role) -> str | None:
        """The one unit in which everybody who holds the role sits; None where they sit in several, or in none."""
        found = self._session.scalars(
            select(User.unit_id)
            .join(RoleGrant, RoleGrant.user_id == User.id)
            .where(RoleGrant.role == role.value, User.active)
            .distinct()
        ).all()
        return found[0] if len(found) == 1 else None

    def set_jurisdiction(self, row: Jurisdiction) -> None:
        self.drop_jurisdiction(row.service, row.role, row.body)
        self._session.add(row)

    def everyone(self) -> list[tuple[User, list[Role]]]:
        users = list(self._session.scalars(select(User).order_by(User.name)))
        roles: dict[str, list[Role]] = {}
        for user_id, role in self._session.execute(select(RoleGrant.user_id, RoleGrant.role)):
            roles.setdefault(user_id, []).append(Role(role))
        return [(user, roles.get(user.id, [])) for user in users]

    def open_items(self, ids: Sequence[str]) -> dict[str, int]:
        """How many work items each of these people holds."""
        rows = self._session.execute(
            select(WorkItem.owner_id, func.count())
            .where(WorkItem.owner_id.in_(ids), WorkItem.status == WorkStatus.RESERVED)
            .group_by(WorkItem.owner_id)
        )
        return {owner: count for owner, count in rows if owner}

    def workload(self, ids: Sequence[str], now: datetime, until: datetime) -> dict[str, tuple[int, int, int]]:
        """How many work items each of these people holds: all, overdue now, due from now until a moment."""
        overdue, soon = WorkItem.due_at < now, WorkItem.due_at.between(now, until)
        rows = self._session.execute(
            select(WorkItem.owner_id, func.count(), func.count().filter(overdue), func.count().filter(soon))
            .where(WorkItem.owner_id.in_(ids), WorkItem.status == WorkStatus.RESERVED)
            .group_by(WorkItem.owner_id)
        )
        return {owner: (all_, late, due) for owner, all_, late, due in rows if owner}

    def ended_cases(self, ids: Sequence[str], service: str, since: datetime) -> dict[str, int]:
        """How many cases of the service each of these executors has brought to an end since a moment."""
        rows = self._session.execute(
            select(Case.executor_id, func.count())
            .where(Case.executor_id.in_(ids), Case.service == service, Case.ended_at >= since)
            .group_by(Case.executor_id)
        )
        return {executor: count for executor, count in rows if executor}

    def absences(self, ids: Sequence[str], day: date) -> dict[str, date]:
        """Those of these people who are away on this civil day, with the last day of it."""
        rows = self._session.execute(
            select(Absence.user_id, func.max(Absence.last_day))
            .where(Absence.user_id.in_(ids), Absence.first_day <= day, Absence.last_day >= day)
            .group_by(Absence.user_id)
        )
        return dict(rows.all())

    def substitutes(self, ids: Sequence[str], role: Role, day: date) -> dict[str, tuple[SubstitutionRow, str]]:
        """Who stands in for each of these people in a role on this civil day: the order and the substitute's name."""
        rows = self._session.execute(
            select(SubstitutionRow, User.name)
            .join(User, User.id == SubstitutionRow.substitute_id)
            .where(SubstitutionRow.absent_id.in_(ids), SubstitutionRow.role == role.value, in_force(day))
            .order_by(SubstitutionRow.last_day)
        )
        return {row.absent_id: (row, name) for row, name in rows}

    def absent_on(self, day: date, role: Role) -> set[str]:
        """Who is away on this day: entered as absent, or with somebody standing in for him in this role."""
        replaced = select(SubstitutionRow.absent_id).where(SubstitutionRow.role == role.value, in_force(day))
        away = select(Absence.user_id).where(Absence.first_day <= day, Absence.last_day >= day)
        return {*self._session.scalars(replaced), *self._session.scalars(away)}

    def standing_in(self, user_id: str, first: date, last: date) -> list[tuple[SubstitutionRow, str]]:
        """The orders by which a person stands in for others on some of these days, with the absent one's name."""
        rows = self._session.execute(
            select(SubstitutionRow, User.name)
            .join(User, User.id == SubstitutionRow.absent_id)
            .where(SubstitutionRow.substitute_id == user_id, SubstitutionRow.first_day <= last, SubstitutionRow.last_day >= first)
            .order_by(SubstitutionRow.first_day)
        )
        return [(row, name) for row, name in rows]

    def orders_of(self, substitutes: Sequence[str]) -> list[tuple[SubstitutionRow, str]]:
        """All orders ever under which these people stood in for somebody, with the absent one's name."""
        rows = self._session.execute(
            select(SubstitutionRow, User.name)
            .join(User, User.id == SubstitutionRow.absent_id)
            .where(SubstitutionRow.substitute_id.in_(substitutes))
        )
        return [(row, name) for row, name in rows]

    # Absences

    def add_absence(self, row: Absence) -> None:
        self._session.add(row)
        self._session.flush()

    def absence(self, absence_id: str) -> Absence | None:
        return self._session.get(Absence, absence_id)

    def remove_absence(self, row: Absence) -> None:
        self._session.delete(row)

    def absences_since(self, day: date) -> list[tuple[Absence, User]]:
        rows = self._session.execute(
            select(Absence, User)
            .join(User, User.id == Absence.user_id)
            .where(Absence.last_day >= day)
            .order_by(Absence.first_day, User.name)
        )
        return [(row, user) for row, user in rows]

    # Substitutions

    def add_substitution(self, row: SubstitutionRow) -> None:
        self._session.add(row)

    def substitution(self, substitution_id: str) -> SubstitutionRow | None:
        return self._session.get(SubstitutionRow, substitution_id)

    def unsettled_substitutions(self, day: date) -> list[SubstitutionRow]:
        """Those whose last day was before this one, and under which work may still be held."""
        over = (SubstitutionRow.last_day < day, SubstitutionRow.settled_at.is_(None))
        return list(self._session.scalars(select(SubstitutionRow).where(*over).order_by(SubstitutionRow.last_day)))

    def substitutions_since(self, day: date) -> list[tuple[SubstitutionRow, User, User]]:
        absent, substitute = aliased(User), aliased(User)
        rows = self._session.execute(
            select(SubstitutionRow, absent, substitute)
            .join(absent, absent.id == SubstitutionRow.absent_id)
            .join(substitute, substitute.id == SubstitutionRow.substitute_id)
            .where(SubstitutionRow.last_day >= day)
            .order_by(SubstitutionRow.first_day)
        )
        return [(row, a, s) for row, a, s in rows]


def substitution_of(row: SubstitutionRow, absent: User) -> Substitution:
    return Substitution(
        absent_id=row.absent_id,
        absent_name=absent.name,
        absent_position=Text(**absent.position) if absent.position else Text(""),
        role=Role(row.role),
        order_number=row.order_number,
        order_date=row.order_date,
        first_day=row.first_day,
        last_day=row.last_day,
        services=tuple(row.services),
        absent_unit_id=absent.unit_id,
    )
