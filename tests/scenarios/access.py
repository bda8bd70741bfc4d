"""The office of the access matrix: people of every role and unit, substitutes in every state of their order, and a work item in
every state, each in a case of its own; and the rules, written plainly once more, that say who may do what."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from app.domain.case import CaseStatus, WorkStatus
from app.domain.numbers import with_check_digit
from app.domain.people import Role
from app.store.base import new_id
from app.store.tables import (
    Application,
    Case,
    Exclusion,
    SubstitutionRow,
    User,
    WorkItem,
)
from app.store.unit_of_work import UnitOfWork
from tests.desk import SERVICE

TODAY = date(2026, 3, 2)  # the clock of the tests stands on this Monday
OTHER_SERVICE = "poisons-licence"
INSIDE = ("chancellery", "head", "department_head", "executor", "expert")
OUTSIDE = ("agreeing_body", "interior_department", "security_department")
WORKING = INSIDE + OUTSIDE
WATCHING = ("supervisor", "compliance", "analyst", "administrator")
HOME = dict.fromkeys(INSIDE, "provider") | {
    "agreeing_body": "agency",
    "interior_department": "interior",
    "security_department": "security",
}
AWAY = dict.fromkeys(INSIDE, "department") | {
    "agreeing_body": "agency2",
    "interior_department": "agency",
    "security_department": "agency",
}
SEES_ALL = (*INSIDE, "supervisor", "compliance")


@dataclass(frozen=True)
class Order:
    """That somebody stands in for a person, as the paper says it."""

    absent: str
    role: str
    first: date
    last: date
    services: tuple[str, ...] = ()

    def holds(self, role: str) -> bool:
        in_force = self.first <= TODAY <= self.last
        return in_force and self.role == role and (not self.services or SERVICE in self.services)


@dataclass(frozen=True)
class Person:
    login: str
    roles: tuple[str, ...]
    unit: str | None
    order: Order | None = None


@dataclass(frozen=True)
class Thing:
    """A work item, and the case it stands in."""

    name: str
    role: str
    unit: str | None
    owner: str | None = None
    taken_for: str | None = None
    excluded: dict[str, str] = field(default_factory=dict)  # login → the part he had
    applicant: str | None = None  # login of the member of staff who applied; None: the company
    status: WorkStatus = WorkStatus.READY
    id: str = ""
    case_id: str = ""


ORDERS = {
    "on": (date(2026, 3, 2), date(2026, 3, 6), ()),
    "in-this-service": (date(2026, 2, 2), date(2026, 3, 2), (SERVICE,)),
    "in-another-service": (date(2026, 3, 2), date(2026, 3, 6), (OTHER_SERVICE,)),
    "over": (date(2026, 2, 2), date(2026, 3, 1), ()),
    "not-begun": (date(2026, 3, 3), date(2026, 3, 6), ()),
}


def people() -> list[Person]:
    found = [
        Person("universal", WORKING, "provider"),
        Person("citizen", ("applicant",), None),
        Person("nobody", (), "provider"),
    ]
    for role in WORKING:
        absent = f"{role}-home"
        found += [Person(absent, (role,), HOME[role]), Person(f"{role}-away", (role,), AWAY[role])]
        found.append(Person(f"{role}-nowhere", (role,), None))
        for state, (first, last, services) in ORDERS.items():
            found.append(Person(f"{role}-{state}", (), HOME[role], Order(absent, role, first, last, services)))
        on = Order(absent, role, *ORDERS["on"])
        found.append(Person(f"{role}-peer", (role,), AWAY[role], on))  # holds the role himself, and stands in besides
        found.append(Person(f"{role}-watcher", ("compliance",), "department", on))
    return found + [Person(role, (role,), "provider") for role in WATCHING]


def things() -> list[Thing]:
    return [each for role in WORKING for unit in (None, HOME[role], AWAY[role]) for each in _states(role, unit)]


def _states(role: str, unit: str | None) -> list[Thing]:
    home, away, substitute = f"{role}-home", f"{role}-away", f"{role}-on"
    base = Thing("nobody's", role, unit)
    return [
        base,
        replace(base, name="the holder's, whom another stands in for", owner=home),
        replace(base, name="another holder's", owner=away),
        replace(base, name="taken by the substitute", owner=substitute, taken_for=home),
        replace(base, name="prepared by the holder", excluded={home: "prepares"}),
        replace(base, name="prepared by the substitute", excluded={home: "prepares", substitute: "prepares"}),
        replace(base, name="prepared by another", excluded={away: "prepares", f"{role}-peer": "prepares"}),
        replace(base, name="agreed by the holder", owner=f"{role}-peer", excluded={home: "approves"}),
        replace(base, name="prepared by one of all roles", excluded={"universal": "prepares"}),
        replace(base, name="applied for by the holder", applicant=home),
        replace(base, name="applied for by the substitute", applicant=substitute),
        replace(base, name="applied for by one of all roles", applicant="universal"),
        replace(base, name="done", owner=home, status=WorkStatus.COMPLETED),
        replace(base, name="no longer needed", owner=home, status=WorkStatus.OBSOLETE),
    ]


# The rules, in the words of the office


@dataclass(frozen=True)
class Rules:
    people: dict[str, Person]

    def hats(self, person: Person, thing: Thing) -> list[tuple[str, str | None]]:
        """In whose place the person may act in the item's role, himself among them, and in which unit."""
        found = [(person.login, person.unit)] if thing.role in person.roles else []
        order = person.order
        if order is not None and order.holds(thing.role) and order.absent not in thing.excluded:
            found.append((order.absent, self.people[order.absent].unit))
        return found

    def may_work(self, person: Person, thing: Thing) -> bool:
        if thing.status not in (WorkStatus.READY, WorkStatus.RESERVED):
            return False  # what is done, or was taken away, is nobody's to do
        if thing.applicant == person.login or person.login in thing.excluded:
            return False  # not his own application; not what he prepared or agreed
        hats = self.hats(person, thing)
        if thing.role in OUTSIDE:  # what a body was asked stays with that body
            hats = [(login, unit) for login, unit in hats if thing.unit in (None, unit)]
        if thing.owner is None:
            return any(thing.unit in (None, unit) for _, unit in hats)
        if thing.owner == person.login:
            return bool(hats)
        return thing.owner in [login for login, _ in hats]

    def may_see(self, person: Person, thing: Thing) -> bool:
        """The case: all of them the provider's people; another body those in which it was asked; an applicant his own."""
        roles = set(person.roles)
        if person.order is not None and person.order.first <= TODAY <= person.order.last:
            roles.add(person.order.role)  # whatever the services: the scope narrows the work, not an inside sight
        if roles & set(SEES_ALL):
            return True
        if thing.role not in OUTSIDE:
            return False
        units = [person.unit] if thing.role in person.roles else []
        if person.order is not None and person.order.holds(thing.role):
            units.append(self.people[person.order.absent].unit)
        body = self.body_of(thing)
        return bool(units) and (body is None or body in units)

    def body_of(self, thing: Thing) -> str | None:
        """Whose a request is: the unit's it went to, else that of whoever has it or did it, or in whose place he did; while it is
        nobody's, every holder's."""
        holder = thing.taken_for or thing.owner
        return thing.unit or (self.people[holder].unit if holder else None)


# The office


def seat(uow: UnitOfWork, everyone: list[Person]) -> dict[str, str]:
    """Enters the people with their orders; gives their ids by login."""
    ids: dict[str, str] = {}
    for number, person in enumerate(everyone):
        unit = uow.people.unit(person.unit) if person.unit else None
        user = User(
            login=f"m-{person.login}",
            name=person.login,
            password_hash="none",
            iin=with_check_digit(f"9912316{number:04d}"),
            language="en",
            unit_id=unit.id if unit else None,
        )
        ids[person.login] = uow.people.add(user, [Role(role) for role in person.roles]).id
    for person in everyone:
        if order := person.order:
            row = SubstitutionRow(
                absent_id=ids[order.absent],
                substitute_id=ids[person.login],
                role=order.role,
                order_number="1",
                order_date=order.first,
                first_day=order.first,
                last_day=order.last,
                services=list(order.services),
            )
            uow.people.add_substitution(row)
    uow.flush()
    return ids


def lay_out(uow: UnitOfWork, case_id: str, ids: dict[str, str], everything: list[Thing], now: datetime) -> list[Thing]:
    """Enters each item in a case of its own, copied from one that was filed; gives them with their ids."""
    case = uow.cases.get(case_id)
    assert case is not None
    application = uow.cases.application(case.application_id)
    assert application is not None
    laid = []
    for thing in everything:
        copied = uow.cases.add_application(_copy(application, Application))
        applicant = uow.people.get(ids[thing.applicant]) if thing.applicant else None
        changes = {"application_id": copied.id, "history_length": 0, "history_head": ""}
        if applicant is not None:
            changes |= {"applicant_iin": applicant.iin, "applicant_bin": "", "applicant_name": applicant.name}
        if thing.status is WorkStatus.OBSOLETE:
            changes["status"] = CaseStatus.WITHDRAWN
        own = uow.cases.add(_copy(case, Case, **changes))
        item = uow.work.add(
            WorkItem(
                case_id=own.id,
                token=new_id(),
                process="guarantee_obligation_end_user_certificate",
                element="sign_certificate",
                role=thing.role,
                service=SERVICE,
                unit_id=_unit(uow, thing.unit),
                status=WorkStatus.RESERVED if thing.owner and thing.status is WorkStatus.READY else thing.status,
                owner_id=ids[thing.owner] if thing.owner else None,
                taken_for=ids[thing.taken_for] if thing.taken_for else None,
                opened_at=now,
                completed_by=ids[thing.owner] if thing.owner and thing.status is WorkStatus.COMPLETED else None,
                completed_at=now if thing.status is WorkStatus.COMPLETED else None,
                part="signs",
                exclusions=[Exclusion(user_id=ids[login], part=part) for login, part in thing.excluded.items()],
            )
        )
        uow.flush()
        laid.append(replace(thing, id=item.id, case_id=own.id))
    return laid


def _unit(uow: UnitOfWork, code: str | None) -> str | None:
    unit = uow.people.unit(code) if code else None
    return unit.id if unit else None


def _copy(row, table, **changes):  # type: ignore[no-untyped-def]
    names = [column.key for column in table.__mapper__.column_attrs if column.key != "id"]
    return table(**({name: getattr(row, name) for name in names} | changes))
