"""Units of the provider and of the bodies it asks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.cases.office import Office
from app.cases.signing import text_as_json
from app.domain.errors import Invalid, NotFound
from app.domain.numbers import check_bin
from app.domain.people import Actor
from app.domain.permissions import Action, require
from app.domain.text import Text
from app.store.tables import Unit
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


def _require_named(name: Text) -> None:
    if not (name.kk.strip() and name.ru.strip() and name.en.strip()):
        raise Invalid("A unit has a name in each of the three languages.")


def _require_unit(uow: UnitOfWork, unit_id: str) -> None:
    if unit_id and uow.people.unit_by_id(unit_id) is None:
        raise NotFound("There is no unit '%(code)s'.", code=unit_id)
