"""Whose a work item is and who may see a case, as conditions of a query: a list holds exactly what may be acted on or seen.

The same rules stand in `app.domain.permissions` for one thing at hand; a test holds that the two agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select, true

from app.domain.people import OUTSIDE, Actor, Role, Substitution
from app.store.tables import Case, Exclusion, User, WorkItem


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
    way: ColumnElement[bool] = field(default_factory=true)  # what has to hold besides, of the one stood in for


def ranges(actor: Actor, *, applied: bool = True) -> Iterator[Range]:
    """The work within a person's reach, no item in two of the ranges. `applied` may be False where the person is known to have
    filed no application: his own is then not looked for."""
    not_own = and_(_not_of_ones_own_application(actor) if applied else true(), _not_excluded(actor.id))
    found: dict[tuple[str, str | None, str | None, str], tuple[Range, list[ColumnElement[bool]]]] = {}
    for each in _ranges(actor):
        if each.whose is Whose.ASKED:
            yield each
            continue
        narrow, wide = ((each.role, each.owner_id, each.unit_id, service) for service in (each.service, ""))
        _, ways = found.setdefault(wide if wide in found else narrow, (each, []))
        ways.append(and_(_of_service(each.service), each.way))
    for each, ways in found.values():
        yield replace(each, condition=and_(each.condition, not_own, or_(*ways)))


def _ranges(actor: Actor) -> Iterator[Range]:
    units = {None, actor.unit_id}
    for role in sorted(role.value for role in actor.own_roles - {Role.APPLICANT}):
        yield replace(_of_owner(Whose.OWN, role, actor.id, ""), way=_of_the_body(actor.unit_id))
        for unit_id in sorted(units, key=str):
            yield _nobodys(Whose.NOBODYS, role, unit_id, "")
    for substitution in sorted(actor.substitutions, key=lambda each: bool(each.services)):  # those without a limit first
        for service in substitution.services or ("",):
            way = and_(_not_excluded(substitution.absent_id), _of_the_body(substitution.absent_unit_id))
            yield from (replace(each, way=way) for each in _stood_in_for(substitution, actor, service))
    if Role.APPLICANT in actor.own_roles:
        asked = Role.APPLICANT.value
        own_cases = select(Case.id).where(belongs_to(actor))
        yield Range(Whose.ASKED, asked, and_(WorkItem.role == asked, WorkItem.case_id.in_(own_cases)))


def _not_of_ones_own_application(actor: Actor) -> ColumnElement[bool]:
    return not_(WorkItem.case_id.in_(select(Case.id).where(Case.applicant_iin == actor.iin))) if actor.iin else true()


def _not_excluded(user_id: str) -> ColumnElement[bool]:
    """Of no decision in which the person had another part."""
    return not_(WorkItem.id.in_(select(Exclusion.work_item_id).where(Exclusion.user_id == user_id)))


def _of_the_body(unit_id: str | None) -> ColumnElement[bool]:
    """What a body was asked stays with that body, whoever has it; among the provider's own people work may go to any unit."""
    another_bodys = WorkItem.role.in_(sorted(role.value for role in OUTSIDE))
    return or_(not_(another_bodys), WorkItem.unit_id.is_(None), WorkItem.unit_id == unit_id)


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
    they were asked, and for everybody the duties he began."""
    if actor.is_inside:
        return true()
    return or_(Case.applicant_id == actor.id, Case.id.in_(select(WorkItem.case_id).where(asked_of(actor))))


replying_unit = func.coalesce(
    WorkItem.unit_id,
    select(User.unit_id)
    .where(User.id == func.coalesce(WorkItem.taken_for, WorkItem.completed_by, WorkItem.owner_id))
    .correlate(WorkItem)
    .scalar_subquery(),
)
"""Whose a request to another body is: the unit's it went to, else of the one who took it; empty while it is every unit's."""


def asked_of(actor: Actor) -> ColumnElement[bool]:
    """The work in which this person's body was asked, or that of a body somebody of which he stands in for."""
    own = [and_(WorkItem.role == role.value, _is_or_nobodys(actor.unit_id)) for role in actor.own_roles & OUTSIDE]
    for each in actor.substitutions:
        if each.role in OUTSIDE:
            scope = WorkItem.service.in_(each.services) if each.services else true()
            own.append(and_(WorkItem.role == each.role.value, _is_or_nobodys(each.absent_unit_id), scope))
    return or_(false(), *own)


def _is_or_nobodys(unit_id: str | None) -> ColumnElement[bool]:
    return or_(replying_unit.is_(None), replying_unit == unit_id) if unit_id is not None else replying_unit.is_(None)
