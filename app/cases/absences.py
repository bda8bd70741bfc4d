"""When people are away: entered by those who answer for them, shown wherever somebody is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.cases.office import Office
from app.domain.errors import Declined, Invalid, NotFound
from app.domain.people import AbsenceKind, Actor, Role
from app.domain.permissions import Action, require
from app.store.tables import Absence


@dataclass(frozen=True, slots=True)
class AbsenceView:
    id: str
    person_id: str
    person: str
    kind: AbsenceKind
    order_number: str
    first_day: date
    last_day: date
    stands_in: tuple[str, ...]  # names of those who stand in on some of these days
    open_items: int  # that the person holds


def absences(office: Office, actor: Actor) -> tuple[AbsenceView, ...]:
    """Absences of today or later, the earliest first."""
    require(actor, Action.ENTER_ABSENCE)
    with office.reading() as uow:
        rows = uow.people.absences_since(office.today())
        ids = list({row.user_id for row, _ in rows})
        loads = uow.people.open_items(ids)
        last = max((row.last_day for row, _ in rows), default=office.today())
        orders = uow.supervision.substitutions(ids, office.today(), last)
        return tuple(
            AbsenceView(
                row.id,
                row.user_id,
                user.name,
                AbsenceKind(row.kind),
                row.order_number,
                row.first_day,
                row.last_day,
                tuple(
                    dict.fromkeys(
                        name
                        for order, name in orders
                        if order.absent_id == row.user_id and order.first_day <= row.last_day and order.last_day >= row.first_day
                    )
                ),
                loads.get(row.user_id, 0),
            )
            for row, user in rows
        )


def people_to_choose(office: Office, actor: Actor) -> tuple[tuple[str, str], ...]:
    """The staff, whose absence may be entered: id and name."""
    require(actor, Action.ENTER_ABSENCE)
    with office.reading() as uow:
        return tuple((user.id, user.name) for user, roles in uow.people.everyone() if user.active and _is_staff(roles))


def _is_staff(roles: list[Role]) -> bool:
    return any(role is not Role.APPLICANT for role in roles)


def enter_absence(
    office: Office,
    actor: Actor,
    *,
    person_id: str,
    kind: AbsenceKind,
    first_day: date,
    last_day: date,
    order_number: str = "",
) -> str:
    """A person is away on these days, both included. Gives the id. Raises Invalid where he is entered as away on one of them."""
    require(actor, Action.ENTER_ABSENCE)
    if last_day < first_day:
        raise Invalid("The last day (%(last)s) lies before the first (%(first)s).", last=last_day, first=first_day)
    with office.unit_of_work() as uow:
        user = uow.people.get(person_id)
        if user is None or not user.active:
            raise NotFound("There is no person '%(id)s'.", id=person_id)
        for other in uow.supervision.absences([person_id], first_day, last_day):
            raise Invalid(
                "%(name)s is entered as away already from %(first)s to %(last)s.",
                name=user.name,
                first=other.first_day,
                last=other.last_day,
            )
        row = Absence(
            user_id=person_id, kind=kind.value, order_number=order_number.strip(), first_day=first_day, last_day=last_day
        )
        uow.people.add_absence(row)
        uow.commit()
        return row.id


def end_absence(office: Office, actor: Actor, absence_id: str) -> None:
    """The person is back: an absence that has begun ends yesterday, one still to come is taken away."""
    require(actor, Action.ENTER_ABSENCE)
    with office.unit_of_work() as uow:
        row, today = uow.people.absence(absence_id), office.today()
        if row is None:
            raise NotFound("There is no absence '%(id)s'.", id=absence_id)
        if row.last_day < today:
            raise Declined("This absence is over already.")
        if row.first_day >= today:
            uow.people.remove_absence(row)
        else:
            row.last_day = today - timedelta(days=1)
        uow.commit()
