"""Whose a work item is and who may see a case, as conditions of a query: a list holds exactly what may be acted on or seen.

The same rules stand in `app.domain.permissions` for one thing at hand; a test holds that the two agree.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, false, not_, or_, select, true

from app.domain.people import OUTSIDE, Actor, Role, Substitution
from app.store.tables import Case, WorkItem


def ranges(actor: Actor) -> Iterator[ColumnElement[bool]]:
    """The work within a person's reach as ranges, each of which lies in one index in the order of what falls due.

    Two substitutions in one role may overlap, nothing else does.
    """
    not_own = _not_of_ones_own_application(actor)
    roles = sorted(role.value for role in actor.own_roles - {Role.APPLICANT})
    if roles:
        yield and_(WorkItem.owner_id == actor.id, WorkItem.role.in_(roles), not_own)
    for role in roles:
        yield and_(_nobodys(role, None), not_own)
        if actor.unit_id is not None:
            yield and_(_nobodys(role, actor.unit_id), not_own)
    for substitution in actor.substitutions:
        yield from (and_(each, not_own) for each in _stood_in_for(substitution, actor))
    if Role.APPLICANT in actor.own_roles:
        own_cases = select(Case.id).where(belongs_to(actor))
        yield and_(WorkItem.role == Role.APPLICANT.value, WorkItem.case_id.in_(own_cases))


def _not_of_ones_own_application(actor: Actor) -> ColumnElement[bool]:
    return not_(WorkItem.case_id.in_(select(Case.id).where(Case.applicant_iin == actor.iin))) if actor.iin else true()


def _nobodys(role: str, unit_id: str | None) -> ColumnElement[bool]:
    unit = WorkItem.unit_id.is_(None) if unit_id is None else WorkItem.unit_id == unit_id
    return and_(WorkItem.owner_id.is_(None), WorkItem.role == role, unit)


def _stood_in_for(substitution: Substitution, actor: Actor) -> Iterator[ColumnElement[bool]]:
    scope = WorkItem.service.in_(substitution.services) if substitution.services else true()
    role, held = substitution.role.value, substitution.role in actor.own_roles
    owners = (substitution.absent_id,) if held else (substitution.absent_id, actor.id)
    yield and_(WorkItem.owner_id.in_(owners), WorkItem.role == role, scope)
    units = {None, substitution.absent_unit_id} - ({None, actor.unit_id} if held else set())
    for unit_id in sorted(units, key=str):
        yield and_(_nobodys(role, unit_id), scope)


def within_reach_of(actor: Actor) -> ColumnElement[bool]:
    """The work items this person may act on."""
    return or_(false(), *ranges(actor))


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
    outside = {(role.value, actor.unit_id) for role in actor.own_roles & OUTSIDE}
    outside |= {(s.role.value, s.absent_unit_id) for s in actor.substitutions if s.role in OUTSIDE}
    asked = [
        and_(WorkItem.role == role, or_(WorkItem.unit_id.is_(None), WorkItem.unit_id == unit))
        for role, unit in sorted(outside, key=str)
    ]
    begun = Case.applicant_id == actor.id
    return or_(begun, Case.id.in_(select(WorkItem.case_id).where(or_(*asked)))) if asked else begun
