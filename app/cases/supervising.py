"""Work is given from one person to another by those who answer for it, with a reason: one item or many, each on its own.

An executor's item is given with the case: the appointment changes too, so that the steps to come are the new executor's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.cases.advancing import Running, locked
from app.cases.assigning import give
from app.cases.office import Office
from app.cases.separating import facts_of
from app.cases.viewing.away import away_days
from app.cases.viewing.rows import Runs
from app.domain.case import AssignedHow, WorkStatus
from app.domain.errors import Declined, Forbidden, Invalid, NotFound, RasimError, Sentence
from app.domain.events import EventKind
from app.domain.people import INSIDE, Actor, Role
from app.domain.permissions import Action, may, require
from app.domain.text import Text
from app.history.recording import record
from app.store.tables import Notice, WorkItem
from app.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Given:
    """What came of giving one item to one person (None: back to its role): done, or the sentence why not."""

    item_id: str
    number: str
    step: Text
    before_id: str | None
    before: str
    to_id: str | None
    to: str
    why_not: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody the items may be given to, with what he has and until when he is away."""

    id: str
    name: str
    position: Text
    open_items: int
    away_until: date | None
    roles: frozenset[str]


Proposal = tuple[str, str | None]  # a work item and to whom


def assign_one(office: Office, actor: Actor, item_id: str, to_id: str | None, reason: str) -> Given:
    """Gives an open item, whoever has it, to a person who may do it (None: back to its role). Both are told.

    Raises Invalid when the person may not have it, Declined when the item is no longer open, Forbidden beyond one's own unit.
    """
    require(actor, Action.ASSIGN_WORK)
    if not reason.strip():
        raise Invalid("Say why the work is given to another: the reason stands in the assignment.")
    with office.unit_of_work() as uow:
        if not uow.supervision.answers_for(actor, item_id):
            raise NotFound("There is no work item '%(id)s'.", id=item_id)
        found = uow.work.get(item_id)
        if found is None:
            raise NotFound("There is no work item '%(id)s'.", id=item_id)
        this = locked(office, uow, found.case_id)
        item = uow.work.get(item_id, lock=True)
        if item is None or item.status not in (WorkStatus.READY, WorkStatus.RESERVED):
            raise Declined("This step is no longer open: the case has moved on.")
        given = _given(uow, this, item, to_id)
        if item.owner_id != to_id:
            _require_fit(office, uow, this, item, to_id)
            _hand_over(office, uow, this, item, to_id, actor, reason.strip())
            uow.commit()
        return given


def assign(office: Office, actor: Actor, proposals: Iterable[Proposal], reason: str) -> tuple[Given, ...]:
    """Each item in a transaction of its own: what cannot be given is told with its reason and holds up nothing."""
    require(actor, Action.ASSIGN_WORK)
    results = []
    for item_id, to_id in proposals:
        try:
            results.append(assign_one(office, actor, item_id, to_id, reason))
        except (Invalid, Declined, Forbidden, NotFound) as error:
            results.append(_not_given(office, actor, item_id, to_id, error))
    return tuple(results)


def _not_given(office: Office, actor: Actor, item_id: str, to_id: str | None, error: RasimError) -> Given:
    with office.reading() as uow:
        item = uow.work.get(item_id) if uow.supervision.answers_for(actor, item_id) else None
        case = uow.cases.get(item.case_id) if item else None
        names = uow.people.names([each for each in (to_id, item.owner_id if item else None) if each])
        return Given(
            item_id,
            case.number if case else "",
            Text(item.element if item else ""),
            item.owner_id if item else None,
            names.get(item.owner_id or "", "") if item else "",
            to_id,
            names.get(to_id or "", ""),
            error.sentence,
        )


def spread(office: Office, actor: Actor, item_ids: Sequence[str], to_ids: Sequence[str]) -> tuple[Given, ...]:
    """What giving these items to these people would do, nothing being changed: each to whoever has least, of those who may have
    it and are there; what nobody of them may have stands with the reason."""
    require(actor, Action.ASSIGN_WORK)
    if not to_ids:
        raise Invalid("Choose to whom the work is given.")
    with office.reading() as uow:
        held, runs = uow.people.open_items(to_ids), Runs(office, uow)
        items = [item for each in item_ids if (item := _supervised(uow, actor, each)) is not None]
        loads = {to_id: held.get(to_id, 0) for to_id in to_ids}
        for item in items:
            if item.owner_id in loads:
                loads[item.owner_id] -= 1
        cases = [(item, uow.cases.get(item.case_id)) for item in items]
        return tuple(_planned(office, uow, runs.of(case), item, loads) for item, case in cases if case is not None)


def _supervised(uow: UnitOfWork, actor: Actor, item_id: str) -> WorkItem | None:
    item = uow.work.get(item_id) if uow.supervision.answers_for(actor, item_id) else None
    return item if item is not None and item.completed_at is None else None


def _planned(office: Office, uow: UnitOfWork, this: Running, item: WorkItem, loads: dict[str, int]) -> Given:
    """The item stays where it is when its owner is among those chosen and has least."""
    refused: Sentence | None = None
    for to_id in sorted(loads, key=lambda each: (loads[each], each != item.owner_id)):
        try:
            _require_fit(office, uow, this, item, to_id)
        except Invalid as error:
            refused = refused or error.sentence
            continue
        loads[to_id] += 1
        return _given(uow, this, item, to_id)
    return replace(_given(uow, this, item, None), why_not=refused)


def candidates(office: Office, actor: Actor) -> tuple[Candidate, ...]:
    """The people whose work this person answers for, who do work for the provider; those with least first."""
    require(actor, Action.ASSIGN_WORK)
    today = office.today()
    with office.reading() as uow:
        staff = [(user, roles) for user, roles in uow.supervision.staff(actor) if {Role(role) for role in roles} & _WORKING]
        ids = [user.id for user, _ in staff]
        loads, away = uow.people.open_items(ids), away_days(uow, ids, today, today)
        found = [
            Candidate(
                user.id,
                user.name,
                Text(**user.position) if user.position else Text(""),
                loads.get(user.id, 0),
                away[user.id].until if user.id in away else None,
                frozenset(roles),
            )
            for user, roles in staff
        ]
    return tuple(sorted(found, key=lambda each: (each.away_until is not None, each.open_items, each.name)))


_WORKING = INSIDE - {Role.COMPLIANCE, Role.SUPERVISOR} | {Role.AGREEING_BODY, Role.INTERIOR_DEPARTMENT, Role.SECURITY_DEPARTMENT}


def _require_fit(office: Office, uow: UnitOfWork, this: Running, item: WorkItem, to_id: str | None) -> None:
    """Whether this person may have the item: the role held or stood in for within its order, in the unit whose work it is, not on
    his own application, and there today. Raises Invalid with the reason."""
    if to_id is None:
        return
    user = uow.people.get(to_id)
    if user is None or not user.active:
        raise Invalid("There is no such person, or he no longer works here.")
    person = uow.people.actor(user, office.today())
    facts = replace(facts_of(this.case, item), owner_id=None)
    if person.iin and person.iin == this.case.applicant_iin:
        raise Invalid("%(name)s filed this application and may not work on it.", name=person.name)
    if not any(s.covers(item.role, item.service) for s in person.substitutions) and Role(item.role) not in person.own_roles:
        raise Invalid("%(name)s does not hold the role this step is for.", name=person.name)
    if not may(person, Action.WORK_ITEM, facts):
        raise Invalid(
            "%(name)s may not do this step: it is another unit's, or he had another part in the same decision.", name=person.name
        )
    away = away_days(uow, [to_id], office.today(), office.today()).get(to_id)
    if away is not None and away.away:
        last = max(each.last for each in away.away)
        raise Invalid("%(name)s is away until %(last)s.", name=person.name, last=last)


def _hand_over(
    office: Office, uow: UnitOfWork, this: Running, item: WorkItem, to_id: str | None, actor: Actor, reason: str
) -> None:
    now, case, before = office.clock.now(), this.case, item.owner_id
    role = supervising_role(actor, item.service)
    if item.role == Role.EXECUTOR.value and to_id is not None and case.executor_id not in (None, to_id):
        details = {"item": item.id, "executor": to_id, "before": case.executor_id}
        case.executor_id = to_id
        element = this.process.elements[item.process, item.element]
        record(uow, case, EventKind.EXECUTOR_CHANGED, at=now, actor=actor, role=role, element=element, details=details)
    give(
        uow,
        this,
        item,
        to_id,
        AssignedHow.ASSIGNED,
        by=actor,
        at=now,
        taken_for=_taken_for(uow, item, to_id, office.today()),
        as_role=role,
        reason=reason,
    )
    element = this.process.elements[item.process, item.element]
    step = {"kk": element.label.kk, "ru": element.label.ru, "en": element.label.en}
    values = {"number": case.number or case.id[:8], "step": step, "reason": reason}
    told = (
        (before, "“%(step)s” of case %(number)s was given to another. Reason: %(reason)s"),
        (to_id, "“%(step)s” of case %(number)s was given to you. Reason: %(reason)s"),
    )
    for user_id, template in told:
        if user_id is not None and user_id != actor.id:
            uow.notices.add(Notice(user_id=user_id, case_id=case.id, at=now, template=template, values=values))


def _taken_for(uow: UnitOfWork, item: WorkItem, to_id: str | None, today: date) -> str | None:
    """The absent person in whose place the new holder has it, where he does not hold the role himself."""
    user = uow.people.get(to_id) if to_id else None
    if user is None:
        return None
    order = uow.people.actor(user, today).acting_for(Role(item.role), service=item.service)
    return order.absent_id if order else None


def supervising_role(actor: Actor, service: str) -> Role | None:
    """In which role a person gives work in this service: held, or by an order that covers it."""
    ranks = (Role.SUPERVISOR, Role.HEAD, Role.DEPARTMENT_HEAD)
    own = (role for role in ranks if role in actor.own_roles)
    by_order = (role for role in ranks if any(s.covers(role.value, service) for s in actor.substitutions))
    return next(iter([*own, *by_order]), None)


def _given(uow: UnitOfWork, this: Running, item: WorkItem, to_id: str | None) -> Given:
    names = uow.people.names([each for each in (to_id, item.owner_id) if each])
    return Given(
        item.id,
        this.case.number,
        this.process.elements[item.process, item.element].label,
        item.owner_id,
        names.get(item.owner_id or "", ""),
        to_id,
        names.get(to_id or "", ""),
    )
