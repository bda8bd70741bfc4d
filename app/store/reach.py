"""Whose a work item is and who may see a case, as conditions of a query: a list holds exactly what may be acted on or seen.

The same rules stand in `app.domain.permissions` for one thing at hand; a test holds that the two agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto

from sqlalchemy import ColumnElement, and_, false, not_, or_, select, true

from app.domain.people import OUTSIDE, Actor, Role, Substitution
from app.store.tables import Case, WorkItem


class Whose(Enum):
    """How work comes into a person's reach."""

    OWN = auto()  # the person has it, in a role of his own
    NOBODYS = auto()  # nobody has it yet, in a role of his own
    ABSENT = auto()  # whom the person stands in for has it
    OWN_FOR_ABSENT = auto()  # the person has it, in a role held only by standing in
    NOBODYS_FOR_ABSENT = auto()  # nobody has it yet, in a role or unit reached only by standing in
    ASKED = auto()  # asked of the applicant


@dataclass(frozen=True, slots=True)
class Range:
    """Work of one role, of one service or of all, that one person has, or of one unit that nobody has: it lies in one index in
    the order of what falls due.

    What is asked of an applicant (`Whose.ASKED`) is found by his cases instead.
    """

    whose: Whose
    role: str
    condition: ColumnElement[bool]
    owner_id: str | None = None  # empty: nobody's
    unit_id: str | None = None  # of what is nobody's; empty: every unit's
    service: str = ""  # empty: every service


def ranges(actor: Actor, *, applied: bool = True) -> Iterator[Range]:
    """The work within a person's reach, no item in two of the ranges. `applied` may be False where the person is known to have
    filed no application: his own is then not looked for."""
    not_own = _not_of_ones_own_application(actor) if applied else true()
    given: set[tuple[str, str | None, str | None, str]] = set()
    for each in _ranges(actor):
        key = (each.role, each.owner_id, each.unit_id)
        if each.whose is Whose.ASKED:
            yield each
        elif (*key, "") not in given and (*key, each.service) not in given:
            given.add((*key, each.service))
            yield replace(each, condition=and_(each.condition, not_own))


def _ranges(actor: Actor) -> Iterator[Range]:
    units = {None, actor.unit_id}
    for role in sorted(role.value for role in actor.own_roles - {Role.APPLICANT}):
        yield _of_owner(Whose.OWN, role, actor.id, "")
        for unit_id in sorted(units, key=str):
            yield _nobodys(Whose.NOBODYS, role, unit_id, "")
    for substitution in sorted(actor.substitutions, key=lambda each: bool(each.services)):  # those without a limit first
        for service in substitution.services or ("",):
            yield from _stood_in_for(substitution, actor, service)
    if Role.APPLICANT in actor.own_roles:
        asked = Role.APPLICANT.value
        own_cases = select(Case.id).where(belongs_to(actor))
        yield Range(Whose.ASKED, asked, and_(WorkItem.role == asked, WorkItem.case_id.in_(own_cases)))


def _not_of_ones_own_application(actor: Actor) -> ColumnElement[bool]:
    return not_(WorkItem.case_id.in_(select(Case.id).where(Case.applicant_iin == actor.iin))) if actor.iin else true()


def _of_owner(whose: Whose, role: str, owner_id: str, service: str) -> Range:
    condition = and_(WorkItem.owner_id == owner_id, WorkItem.role == role, _of_service(service))
    return Range(whose, role, condition, owner_id=owner_id, service=service)


def _nobodys(whose: Whose, role: str, unit_id: str | None, service: str) -> Range:
    unit = WorkItem.unit_id.is_(None) if unit_id is None else WorkItem.unit_id == unit_id
    condition = and_(WorkItem.owner_id.is_(None), WorkItem.role == role, unit, _of_service(service))
    return Range(whose, role, condition, unit_id=unit_id, service=service)


def _of_service(service: str) -> ColumnElement[bool]:
    return WorkItem.service == service if service else true()


def _stood_in_for(substitution: Substitution, actor: Actor, service: str) -> Iterator[Range]:
    role, held = substitution.role.value, substitution.role in actor.own_roles
    yield _of_owner(Whose.ABSENT, role, substitution.absent_id, service)
    if not held:
        yield _of_owner(Whose.OWN_FOR_ABSENT, role, actor.id, service)
    units = {None, substitution.absent_unit_id} - ({None, actor.unit_id} if held else set())
    for unit_id in sorted(units, key=str):
        yield _nobodys(Whose.NOBODYS_FOR_ABSENT, role, unit_id, service)


def within_reach_of(actor: Actor) -> ColumnElement[bool]:
    """The work items this person may act on."""
    return or_(false(), *(each.condition for each in ranges(actor)))


def belongs_to(actor: Actor) -> ColumnElement[bool]:
    """The cases of the person, or of the organisation the person acts for."""
    if actor.bin:
        return Case.applicant_bin == actor.bin
    return (Case.applicant_bin == "") & (Case.applicant_iin == actor.iin)


def within_sight_of(actor: Actor) -> ColumnElement[bool]:
    """The cases this person may see as a member of staff: all for the provider's own people, for other bodies those in which
    they were asked."""
    if actor.is_inside:
        return true()
    outside = {(role.value, actor.unit_id) for role in actor.own_roles & OUTSIDE}
    outside |= {(s.role.value, s.absent_unit_id) for s in actor.substitutions if s.role in OUTSIDE}
    asked = [
        and_(WorkItem.role == role, or_(WorkItem.unit_id.is_(None), WorkItem.unit_id == unit))
        for role, unit in sorted(outside, key=str)
    ]
    return Case.id.in_(select(WorkItem.case_id).where(or_(*asked))) if asked else false()
