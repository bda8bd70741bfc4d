"""Units of the provider and of the bodies it asks, and whose a role's work is in which service."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.cases.office import Office
from app.cases.signing import text_as_json
from app.domain.errors import Invalid, NotFound
from app.domain.numbers import check_bin
from app.domain.people import Actor, Role
from app.domain.permissions import Action, require
from app.domain.text import Text
from app.store.bundles import passport_of
from app.store.tables import Jurisdiction, Unit
from app.store.unit_of_work import UnitOfWork

_CODE = re.compile(r"[a-z][a-z0-9-]{0,62}")


@dataclass(frozen=True, slots=True)
class UnitView:
    id: str
    code: str
    name: Text
    bin: str
    parent_id: str
    people: tuple[str, ...]  # names of those who sit there


@dataclass(frozen=True, slots=True)
class JurisdictionRow:
    """Whose work a role's is in a service; of a consulted body, that body's. An empty unit: every unit's."""

    role: str
    body: str  # the passport's id of a consulted body, or empty
    title: Text
    about: Text
    unit_id: str
    somebody: bool  # somebody in that unit (or anywhere) holds the role


def units(office: Office, actor: Actor) -> tuple[UnitView, ...]:
    require(actor, Action.MANAGE_PEOPLE)
    with office.reading() as uow:
        sitting: dict[str, list[str]] = {}
        for user, _ in uow.people.everyone():
            if user.active and user.unit_id:
                sitting.setdefault(user.unit_id, []).append(user.name)
        return tuple(
            UnitView(unit.id, unit.code, Text(**unit.name), unit.bin, unit.parent_id or "", tuple(sitting.get(unit.id, ())))
            for unit in uow.people.units()
        )


def enter_unit(office: Office, actor: Actor, *, code: str, name: Text, bin: str = "", parent_id: str = "") -> None:
    require(actor, Action.MANAGE_PEOPLE)
    if not _CODE.fullmatch(code):
        raise Invalid("A unit's code is of small Latin letters, digits and hyphens, and begins with a letter.")
    _require_named(name)
    with office.unit_of_work() as uow:
        if uow.people.unit(code) is not None:
            raise Invalid("There is a unit of the code “%(code)s” already.", code=code)
        _require_unit(uow, parent_id)
        uow.people.add_unit(
            Unit(code=code, name=text_as_json(name), bin=check_bin(bin) if bin else "", parent_id=parent_id or None)
        )
        uow.commit()


def rename_unit(office: Office, actor: Actor, unit_id: str, name: Text) -> None:
    """What was signed and recorded under the former name keeps it."""
    require(actor, Action.MANAGE_PEOPLE)
    _require_named(name)
    with office.unit_of_work() as uow:
        unit = uow.people.unit_by_id(unit_id)
        if unit is None:
            raise NotFound("There is no unit '%(code)s'.", code=unit_id)
        unit.name = text_as_json(name)
        uow.commit()


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
    stays with whom it was given."""
    require(actor, Action.MANAGE_PEOPLE)
    with office.unit_of_work() as uow:
        known = {(role, body) for role, body, _, _ in _asked(office, uow, service)}
        for (role, body), unit_id in chosen.items():
            if (role, body) not in known:
                raise NotFound("The service has no role or body '%(id)s'.", id=body or role)
            _require_unit(uow, unit_id)
            uow.people.drop_jurisdiction(service, role, body)
            if unit_id:
                uow.people.set_jurisdiction(Jurisdiction(service=service, role=role, body=body, unit_id=unit_id))
        uow.commit()


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


def _require_named(name: Text) -> None:
    if not (name.kk.strip() and name.ru.strip() and name.en.strip()):
        raise Invalid("A unit has a name in each of the three languages.")


def _require_unit(uow: UnitOfWork, unit_id: str) -> None:
    if unit_id and uow.people.unit_by_id(unit_id) is None:
        raise NotFound("There is no unit '%(code)s'.", code=unit_id)
