"""Whose a role's work is: which unit does it in a service, and which unit replies for a body the service consults."""

from __future__ import annotations

from dataclasses import dataclass

from app.cases.office import Office
from app.domain.errors import Invalid, NotFound
from app.domain.passport import Passport
from app.domain.people import Actor, Role
from app.domain.permissions import Action, require
from app.domain.text import Text
from app.engine import Process
from app.store.bundles import passport_of
from app.store.tables import Jurisdiction, Unit
from app.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class JurisdictionView:
    service: str
    role: Role
    body: str  # the passport's id; empty: whatever the role does in the service
    unit: Text


def set_jurisdiction(office: Office, actor: Actor, *, service: str, role: Role, unit: str, body: str = "") -> None:
    """From now on this unit (by its code) does a role's work in a service, or replies there for one consulted body.

    Work that is open already stays whose it is. Raises NotFound for an unknown service or unit, Invalid for a role that has no
    work in the service, for a body that does not reply in this role, and for a unit in which nobody holds the role.
    """
    require(actor, Action.MANAGE_PEOPLE)
    with office.unit_of_work() as uow:
        version = uow.processes.newest(service)
        if version is None:
            raise NotFound("There is no published service '%(id)s'.", id=service)
        bundle = uow.processes.bundle(version)
        _require_work(office.engine.load(bundle), passport_of(bundle), role, body)
        place = _unit_with(uow, unit, role)
        uow.people.set_jurisdiction(Jurisdiction(service=service, role=role.value, body=body, unit_id=place.id))
        uow.commit()


def _require_work(process: Process, passport: Passport, role: Role, body: str) -> None:
    steps = {element.id for element in process.elements.values() if element.role == role.value}
    if not steps:
        raise Invalid("The role '%(role)s' has no work in the service “%(service)s”.", role=role.value, service=passport.title)
    bodies = sorted(each.id for each in passport.consultations if each.at in steps)
    if body and body not in bodies:
        raise Invalid(
            "No body '%(body)s' replies in the role '%(role)s'; known here: %(known)s.",
            body=body,
            role=role.value,
            known=", ".join(bodies) or "—",
        )


def _unit_with(uow: UnitOfWork, code: str, role: Role) -> Unit:
    unit = uow.people.unit(code)
    if unit is None:
        raise NotFound("There is no unit '%(code)s'.", code=code)
    if not uow.people.with_role(role, unit.id):
        raise Invalid("Nobody in the unit “%(unit)s” holds the role '%(role)s'.", unit=Text(**unit.name), role=role.value)
    return unit


def jurisdictions(office: Office, actor: Actor) -> tuple[JurisdictionView, ...]:
    """Every rule, by service, role and body."""
    require(actor, Action.MANAGE_PEOPLE)
    with office.reading() as uow:
        units = {unit.id: Text(**unit.name) for unit in uow.people.units()}
        return tuple(
            JurisdictionView(row.service, Role(row.role), row.body, units[row.unit_id]) for row in uow.people.all_jurisdictions()
        )
