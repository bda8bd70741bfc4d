"""Registration numbers: by whose rule and in whose series a case is numbered, and the setting of a rule."""

from __future__ import annotations

from dataclasses import dataclass

from app.cases.office import Office
from app.domain.errors import Invalid, NotFound
from app.domain.numbering import DEFAULT, check_rule, numbered, shape
from app.domain.people import Actor, Role
from app.domain.permissions import Action, require
from app.domain.text import Text
from app.store.tables import Case, Unit
from app.store.unit_of_work import UnitOfWork


def give_number(uow: UnitOfWork, case: Case) -> None:
    """Gives a case the next number of the series it belongs to; the series is held until the transaction ends."""
    unit, year = _numbering_unit(uow, case.service), case.registered_on.year
    rule, series = (unit.numbering, unit.id) if unit else (DEFAULT, "")
    serial = uow.cases.next_number(series, year)
    case.number, case.series, case.numbered_in, case.serial = numbered(rule, year, serial), series, year, serial
    uow.cases.find_by_number(case)


def _numbering_unit(uow: UnitOfWork, service: str) -> Unit | None:
    """The unit whose chancellery registers this service, or the nearest above it that has a rule. None: the default holds."""
    units = {unit.id: unit for unit in uow.people.units()}
    if not any(unit.numbering for unit in units.values()):
        return None
    unit_id = uow.people.jurisdiction(service, Role.CHANCELLERY.value, "") or uow.people.only_unit_of(Role.CHANCELLERY)
    unit = units.get(unit_id or "")
    while unit is not None and not unit.numbering:
        unit = units.get(unit.parent_id or "")
    return unit


def set_numbering(office: Office, actor: Actor, code: str, rule: str) -> None:
    """Gives a unit its own rule, or with an empty one its parent's again. Numbers that were given stay; its series runs on.

    Raises Invalid for no rule, and for one whose numbers could be taken for another unit's.
    """
    require(actor, Action.MANAGE_PEOPLE)
    wanted = check_rule(rule) if rule.strip() else ""
    with office.unit_of_work() as uow:
        unit = uow.people.unit(code)
        if unit is None:
            raise NotFound("There is no unit '%(code)s'.", code=code)
        if wanted and shape(wanted) == shape(DEFAULT):
            raise Invalid("“%(rule)s” numbers as units without a rule do; leave it empty or add a sign of the unit.", rule=wanted)
        for other in uow.people.units():
            if wanted and other.id != unit.id and other.numbering and shape(other.numbering) == shape(wanted):
                raise Invalid("The unit '%(code)s' numbers by “%(rule)s” already.", code=other.code, rule=other.numbering)
        unit.numbering = wanted
        uow.commit()


@dataclass(frozen=True, slots=True)
class UnitNumbering:
    code: str
    name: Text
    rule: str  # its own; empty: its parent's


def numberings(office: Office, actor: Actor) -> tuple[UnitNumbering, ...]:
    require(actor, Action.MANAGE_PEOPLE)
    with office.reading() as uow:
        return tuple(UnitNumbering(unit.code, Text(**unit.name), unit.numbering) for unit in uow.people.units())
