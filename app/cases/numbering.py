"""Registration numbers: by whose rule and in whose series a case is numbered, what comes next, and the setting of a rule."""

from __future__ import annotations

from collections.abc import Mapping
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
    return _nearest_with_rule(units, units.get(unit_id or ""))


def _nearest_with_rule(units: Mapping[str, Unit], unit: Unit | None) -> Unit | None:
    while unit is not None and not unit.numbering:
        unit = units.get(unit.parent_id or "")
    return unit


def set_numbering(office: Office, actor: Actor, code: str, rule: str) -> None:
    """Gives a unit its own rule, or with an empty one its parent's again. Numbers that were given stay; its series runs on.

    Raises Invalid for no rule, and for one whose numbers could be taken for another unit's.
    """
    require(actor, Action.MANAGE_PEOPLE)
    with office.unit_of_work() as uow:
        unit, wanted = _checked(uow, code, rule)
        unit.numbering = wanted
        uow.commit()


def next_number_by(office: Office, actor: Actor, code: str, rule: str) -> str:
    """The number the unit would give next if this were its rule; nothing is changed. Raises what `set_numbering` raises."""
    require(actor, Action.MANAGE_PEOPLE)
    with office.reading() as uow:
        unit, wanted = _checked(uow, code, rule)
        year, units = office.today().year, {each.id: each for each in uow.people.units()}
        last = uow.cases.last_numbers(year)
        if wanted:
            return numbered(wanted, year, last.get(unit.id, 0) + 1)
        return _next_number(_nearest_with_rule(units, units.get(unit.parent_id or "")), last, year)


def _checked(uow: UnitOfWork, code: str, rule: str) -> tuple[Unit, str]:
    wanted = check_rule(rule) if rule.strip() else ""
    unit = uow.people.unit(code)
    if unit is None:
        raise NotFound("There is no unit '%(code)s'.", code=code)
    if wanted and shape(wanted) == shape(DEFAULT):
        raise Invalid("“%(rule)s” numbers as units without a rule do; leave it empty or add a sign of the unit.", rule=wanted)
    for other in uow.people.units():
        if wanted and other.id != unit.id and other.numbering and shape(other.numbering) == shape(wanted):
            raise Invalid("The unit '%(code)s' numbers by “%(rule)s” already.", code=other.code, rule=other.numbering)
    return unit, wanted


@dataclass(frozen=True, slots=True)
class UnitNumbering:
    """By which rule a unit numbers what its chancellery registers, and which number comes next this year."""

    code: str
    name: Text
    rule: str  # its own; empty: its parent's
    holds: str  # the rule it numbers by: its own, that of a unit above it, or the default
    of_unit: Text | None  # whose rule that is; None: nobody's, the default
    next_number: str


def numberings(office: Office, actor: Actor) -> tuple[UnitNumbering, ...]:
    require(actor, Action.MANAGE_PEOPLE)
    with office.reading() as uow:
        units, year = {unit.id: unit for unit in uow.people.units()}, office.today().year
        last = uow.cases.last_numbers(year)
        return tuple(_told(units, unit, last, year) for unit in units.values())


def _told(units: Mapping[str, Unit], unit: Unit, last: Mapping[str, int], year: int) -> UnitNumbering:
    ruling = _nearest_with_rule(units, unit)
    return UnitNumbering(
        code=unit.code,
        name=Text(**unit.name),
        rule=unit.numbering,
        holds=ruling.numbering if ruling else DEFAULT,
        of_unit=Text(**ruling.name) if ruling else None,
        next_number=_next_number(ruling, last, year),
    )


def _next_number(ruling: Unit | None, last: Mapping[str, int], year: int) -> str:
    rule, series = (ruling.numbering, ruling.id) if ruling else (DEFAULT, "")
    return numbered(rule, year, last.get(series, 0) + 1)
