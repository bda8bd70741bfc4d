"""What a head sees who appoints an executor, and what the executor sees of it afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from app.cases.advancing import Running
from app.cases.office import Office
from app.domain.appointing import DONE_LATELY, resolutions_in, with_suggestion
from app.domain.moves import Element
from app.domain.passport import FieldType
from app.domain.people import Role
from app.domain.text import Text
from app.domain.views import Absence, Person, ResolutionView, StepRecord
from app.store.unit_of_work import UnitOfWork


def candidates(office: Office, uow: UnitOfWork, this: Running, element: Element) -> tuple[Person, ...]:
    """Whom a person field of this step offers: holders of its role, with their work and absence. The number of queries does not
    depend on how many they are."""
    form = this.passport.form(element.form) if element.form else None
    asked = next((f for f in form.fields if f.type is FieldType.PERSON), None) if form else None
    if asked is None or asked.role is None:
        return ()
    role, now, today = Role(asked.role), office.clock.now(), office.today()
    holders = uow.people.with_role(role)
    ids = [user.id for user in holders]
    units = {unit.id: Text(**unit.name) for unit in uow.people.units()}
    loads = uow.people.workload(ids, now, _end_of_week(this, office, today))
    done = uow.people.ended_cases(ids, this.case.service, now - timedelta(days=DONE_LATELY))
    away = _away(uow, ids, role, today)
    return with_suggestion(
        Person(
            user.id,
            user.name,
            Text(**user.position) if user.position else Text.empty(),
            units.get(user.unit_id or "", Text.empty()),
            *loads.get(user.id, (0, 0, 0)),
            done.get(user.id, 0),
            away.get(user.id),
        )
        for user in holders
    )


def _end_of_week(this: Running, office: Office, today: date) -> datetime:
    monday = today + timedelta(days=7 - today.weekday())
    return office.terms(this.passport).schedule.midnight(monday)


def _away(uow: UnitOfWork, ids: Sequence[str], role: Role, today: date) -> dict[str, Absence]:
    """An absence entered for a person, or an order by which somebody stands in: either says that the person is away."""
    until, orders = uow.people.absences(ids, today), uow.people.substitutes(ids, role, today)
    return {
        user_id: Absence(
            last_day=until.get(user_id) or orders[user_id][0].last_day,
            substitute=orders[user_id][1] if user_id in orders else "",
            substitute_until=orders[user_id][0].last_day if user_id in orders else None,
        )
        for user_id in {*until, *orders}
    }


def resolutions_of(records: Iterable[StepRecord]) -> tuple[ResolutionView, ...]:
    """What heads wrote for whoever does the work, the newest first."""
    found = [
        ResolutionView(text, record.person, record.on_behalf_of, record.at)
        for record in records
        if record.form is not None
        for text in resolutions_in(record.form, record.answers)
    ]
    return tuple(sorted(found, key=lambda each: each.at, reverse=True))
