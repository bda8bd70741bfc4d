"""Four eyes: when a step opens, whoever may not do it because of an earlier one is written down beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from app.domain.case import WorkStatus
from app.domain.errors import Invalid, Sentence
from app.domain.moves import Element
from app.domain.people import OUTSIDE, Actor, Role
from app.domain.permissions import Action, WorkFacts, may
from app.domain.separation import Duty, Part, duty_of, why_not, why_not_you
from app.store.tables import Case, Exclusion, Notice, WorkItem
from app.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from app.cases.advancing import Running


def duty_at(this: Running, element: Element) -> Duty | None:
    return duty_of(this.passport, this.process.elements, this.process.follows, element)


def excluded_from(uow: UnitOfWork, case: Case, duty: Duty | None) -> dict[str, Part]:
    """Who may not do a step of this duty in the case's present round, by the part that he or whoever acted for him had in it."""
    if duty is None or not duty.drawn_up_at:
        return {}
    done = [item for item, _ in uow.work.all_of(case.id) if item.status is WorkStatus.COMPLETED and item.completed_at]
    prepared = max((i for i in done if i.element in duty.drawn_up_at), key=_when, default=None)
    if prepared is None:
        return {}
    agreed = [item for item in done if item.element in duty.agreed_at and _when(item) >= _when(prepared)]
    parts = [(prepared, Part.PREPARES), *((item, Part.APPROVES) for item in agreed)]
    found: dict[str, Part] = {}
    for item, part in parts:
        for person in (item.completed_by, item.completed_for):
            if person:
                found.setdefault(person, part)
    return found


def _when(item: WorkItem) -> datetime:
    return item.completed_at or item.opened_at


def exclude(item: WorkItem, excluded: dict[str, Part]) -> None:
    item.exclusions = [Exclusion(user_id=user_id, part=part.value) for user_id, part in sorted(excluded.items())]


def exclusions_of(item: WorkItem) -> Sequence[Exclusion]:
    """Only what has a part in a decision excludes anybody; of all other items nothing is looked up."""
    return item.exclusions if item.part else ()


def facts_of(case: Case, item: WorkItem) -> WorkFacts:
    """What the permission table asks about a work item."""
    excluded = frozenset(each.user_id for each in exclusions_of(item))
    return WorkFacts(item.role, item.owner_id, case.service, item.unit_id, case.applicant_iin, case.applicant_bin, excluded)


def facts_as_nobodys(uow: UnitOfWork, case: Case, item: WorkItem) -> WorkFacts:
    """The same as if nobody had the item: whether the work could be a person's. What a body has taken stays that body's."""
    facts = replace(facts_of(case, item), owner_id=None)
    if Role(item.role) not in OUTSIDE:
        return facts
    return replace(facts, unit_id=uow.work.replying_unit_of(item.id))


def exclusion_of(item: WorkItem, actor: Actor, element: Element) -> Sentence | None:
    """Why four eyes keep this person from the item, said to him; None where they do not."""
    found = next((each for each in exclusions_of(item) if each.user_id == actor.id), None)
    return why_not_you(Part(found.part), element) if found else None


def require_not_excluded(uow: UnitOfWork, item: WorkItem, element: Element, user_ids: tuple[str | None, ...]) -> None:
    """Raises Invalid where one of these people, acting or stood in for, had a part in the decision before."""
    for each in exclusions_of(item):
        if each.user_id in user_ids:
            name = uow.people.names([each.user_id]).get(each.user_id, "")
            sentence = why_not(Part(each.part), name, element)
            raise Invalid(sentence.template, **sentence.values)


def tell_if_nobody_is_left(uow: UnitOfWork, case: Case, item: WorkItem, element: Element, *, today: date, now: datetime) -> None:
    """The supervisors are told once when everybody who could do the step had a part in the decision before."""
    if not exclusions_of(item) or _somebody_may(uow, case, item, today):
        return
    label = {"kk": element.label.kk, "ru": element.label.ru, "en": element.label.en}
    values: dict[str, object] = {"number": case.number or case.id[:8], "step": label}
    template = "Nobody is left who may do “%(step)s” of case %(number)s (four eyes). Another holder of the role is needed."
    for user_id in uow.people.acting_in(Role.SUPERVISOR, today):
        uow.notices.add(Notice(user_id=user_id, case_id=case.id, at=now, template=template, values=values))


def _somebody_may(uow: UnitOfWork, case: Case, item: WorkItem, today: date) -> bool:
    facts = facts_of(case, item)
    for user_id in uow.people.acting_in(Role(item.role), today, item.unit_id):
        user = uow.people.get(user_id)
        if user is not None and user.active and may(uow.people.actor(user, today), Action.WORK_ITEM, facts):
            return True
    return False
