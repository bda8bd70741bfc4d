"""Whose a role's work is: which unit does it in a service, and which unit replies for a body the service consults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.cases.office import Office
from app.domain.errors import Invalid, NotFound
from app.domain.people import Actor, Role
from app.domain.permissions import Action, require
from app.domain.text import Text
from app.store.bundles import passport_of
from app.store.tables import Jurisdiction
from app.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class JurisdictionRow:
    """Whose work a role's is in a service; of a consulted body, that body's. An empty unit: every unit's."""

    role: str
    body: str  # the passport's id of a consulted body, or empty
    title: Text
    about: Text
    unit_id: str
    somebody: bool  # somebody in that unit (or anywhere) holds the role


def jurisdiction(office: Office, actor: Actor, service: str) -> tuple[JurisdictionRow, ...]:
    """Each role of the service, and each body it consults, with the unit whose work that is."""
    require(actor, Action.MANAGE_PEOPLE)
    with office.reading() as uow:
        asked = _asked(office, uow, service)
        set_units = uow.people.jurisdictions(service)
        holders = {(user.unit_id, role) for user, roles in uow.people.everyone() if user.active for role in roles}
        rows = []
        for role, body, title, about in asked:
            unit_id = set_units.get((role, body), "")
            there = any(held.value == role and unit_id in ("", unit) for unit, held in holders)
            rows.append(JurisdictionRow(role, body, title, about, unit_id, there))
        return tuple(rows)


def set_jurisdiction(office: Office, actor: Actor, service: str, chosen: Mapping[tuple[str, str], str]) -> None:
    """Sets by (role, body) the unit whose work that is; empty: every unit's. Holds for steps that begin from now on: what is open
    stays with whom it was given.

    A unit in which nobody holds the role yet may be set: whoever arranges units begins with either, and `jurisdiction` tells of
    it. Raises NotFound for an unknown service or unit, Invalid for a role that has no work in the service and for a body that
    does not reply in this role.
    """
    require(actor, Action.MANAGE_PEOPLE)
    with office.unit_of_work() as uow:
        known = {(role, body) for role, body, _, _ in _asked(office, uow, service)}
        for (role, body), unit_id in chosen.items():
            _require_known(service, known, role, body)
            if unit_id and uow.people.unit_by_id(unit_id) is None:
                raise NotFound("There is no unit '%(code)s'.", code=unit_id)
            uow.people.drop_jurisdiction(service, role, body)
            if unit_id:
                uow.people.set_jurisdiction(Jurisdiction(service=service, role=role, body=body, unit_id=unit_id))
        uow.commit()


def _require_known(service: str, known: set[tuple[str, str]], role: str, body: str) -> None:
    if role not in {each for each, _ in known}:
        raise Invalid("The role '%(role)s' has no work in the service “%(service)s”.", role=role, service=service)
    if body and (role, body) not in known:
        bodies = ", ".join(sorted(each for of, each in known if of == role and each))
        raise Invalid(
            "No body '%(body)s' replies in the role '%(role)s'; known here: %(known)s.", body=body, role=role, known=bodies or "—"
        )


def _asked(office: Office, uow: UnitOfWork, service: str) -> list[tuple[str, str, Text, Text]]:
    """Role, body, what it is called, what it does or is asked about."""
    version = uow.processes.newest(service)
    if version is None:
        raise NotFound("There is no published service '%(id)s'.", id=service)
    bundle = uow.processes.bundle(version)
    passport, process = passport_of(bundle), office.engine.load(bundle)
    roles = [(r.id, "", r.title, r.unit) for r in passport.roles if r.id != Role.APPLICANT.value]
    replying = {element: drawn.role or "" for (_, element), drawn in process.elements.items()}
    bodies = [(replying.get(each.at, ""), each.id, each.body, each.about) for each in passport.consultations]
    return roles + [each for each in bodies if each[0]]
