"""Who stands in for whom, by which order, on which days and in which services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.cases.office import Office
from app.cases.settling import settle_substitutions
from app.domain.errors import Declined, Invalid, NotFound, Sentence
from app.domain.people import Actor, Role
from app.domain.permissions import Action, require
from app.store.tables import SubstitutionRow, User
from app.store.unit_of_work import UnitOfWork

SUBSTITUTED = tuple(role for role in Role if role is not Role.APPLICANT)
"""In which roles somebody may stand in: every role of the staff."""


@dataclass(frozen=True, slots=True)
class SubstitutionView:
    id: str
    absent: str
    substitute: str
    role: Role
    order_number: str
    order_date: date
    first_day: date
    last_day: date
    services: tuple[str, ...]
    in_force: bool


def substitutions(office: Office, actor: Actor) -> tuple[SubstitutionView, ...]:
    """Substitutions in force today or later."""
    require(actor, Action.MANAGE_PEOPLE)
    today = office.today()
    with office.reading() as uow:
        return tuple(
            SubstitutionView(
                row.id,
                absent.name,
                substitute.name,
                Role(row.role),
                row.order_number,
                row.order_date,
                row.first_day,
                row.last_day,
                tuple(row.services),
                row.first_day <= today <= row.last_day,
            )
            for row, absent, substitute in uow.people.substitutions_since(today)
        )


def appoint_substitute(
    office: Office,
    actor: Actor,
    *,
    absent_id: str,
    substitute_id: str,
    role: Role,
    order_number: str,
    order_date: date,
    first_day: date,
    last_day: date,
    services: Sequence[str] = (),
) -> str:
    """A person stands in for another in one role, by an order, on these days (both included), in these services (none named: in
    all). Gives the id. Raises Invalid where two would stand in at once, or the substitute is away himself."""
    require(actor, Action.MANAGE_PEOPLE)
    if not order_number.strip():
        raise Invalid("A substitution needs the number of its order.")
    if last_day < first_day:
        raise Invalid("The last day (%(last)s) lies before the first (%(first)s).", last=last_day, first=first_day)
    if absent_id == substitute_id:
        raise Invalid("A person cannot stand in for himself.")
    row = SubstitutionRow(
        absent_id=absent_id,
        substitute_id=substitute_id,
        role=role.value,
        order_number=order_number.strip(),
        order_date=order_date,
        first_day=first_day,
        last_day=last_day,
        services=list(services),
    )
    with office.unit_of_work() as uow:
        absent, substitute = _people(uow, row)
        if absent.id not in {user.id for user in uow.people.with_role(role)}:
            raise Invalid("The absent person does not hold the role %(role)s.", role=role.value)
        _require_known(uow, services)
        _require_alone(uow, absent, row)
        _require_there(uow, substitute, row)
        uow.people.add_substitution(row)
        uow.commit()
        return row.id


def _people(uow: UnitOfWork, row: SubstitutionRow) -> tuple[User, User]:
    found = [uow.people.get(user_id) for user_id in (row.absent_id, row.substitute_id)]
    for user, user_id in zip(found, (row.absent_id, row.substitute_id), strict=True):
        if user is None or not user.active:
            raise NotFound("There is no person '%(id)s'.", id=user_id)
    absent, substitute = found
    assert absent is not None and substitute is not None
    return absent, substitute


def _require_known(uow: UnitOfWork, services: Sequence[str]) -> None:
    known = {version.service for version in uow.processes.newest_of_each()}
    for service in services:
        if service not in known:
            raise NotFound("There is no published service '%(id)s'.", id=service)


def _require_alone(uow: UnitOfWork, absent: User, row: SubstitutionRow) -> None:
    for other, name in uow.supervision.substitutions([absent.id], row.first_day, row.last_day):
        same_services = not row.services or not other.services or set(row.services) & set(other.services)
        if other.role == row.role and same_services:
            raise Invalid(
                "%(absent)s is replaced in this role already on days of these: by %(name)s, order No. %(order)s,"
                " %(first)s to %(last)s.",
                absent=absent.name,
                name=name,
                order=other.order_number,
                first=other.first_day,
                last=other.last_day,
            )


def _require_there(uow: UnitOfWork, substitute: User, row: SubstitutionRow) -> None:
    """A chain hands nothing on: a substitute who is away himself would leave the work with nobody."""
    orders = [other for other, _ in uow.supervision.substitutions([substitute.id], row.first_day, row.last_day)]
    away = [(each.first_day, each.last_day) for each in orders]
    away += [(a.first_day, a.last_day) for a in uow.supervision.absences([substitute.id], row.first_day, row.last_day)]
    if away:
        first, last = min(away)
        raise Invalid(
            "%(name)s is away himself from %(first)s to %(last)s and cannot stand in on these days.",
            name=substitute.name,
            first=first,
            last=last,
        )


def not_handed_on(office: Office, substitution_id: str) -> Sentence | None:
    """A warning: the person now absent stands in for somebody himself on these days, and his substitute does not do that too."""
    with office.reading() as uow:
        row = uow.people.substitution(substitution_id)
        if row is None:
            return None
        for other, absent_name in uow.people.standing_in(row.absent_id, row.first_day, row.last_day):
            return Sentence(
                "The absent person stands in for %(name)s himself by order No. %(order)s; that is not handed on.",
                {"name": absent_name, "order": other.order_number},
            )
    return None


def end_substitution(office: Office, actor: Actor, substitution_id: str) -> None:
    """Ends a substitution at once: what was signed under it stays as it was, what was taken under it goes back."""
    require(actor, Action.MANAGE_PEOPLE)
    with office.unit_of_work() as uow:
        row = uow.people.substitution(substitution_id)
        if row is None:
            raise NotFound("There is no substitution '%(id)s'.", id=substitution_id)
        if row.last_day < office.today():
            raise Declined("This substitution is over already.")
        row.last_day = office.today() - timedelta(days=1)
        row.ended_at = office.clock.now()
        uow.commit()
    settle_substitutions(office)
