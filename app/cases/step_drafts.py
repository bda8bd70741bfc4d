"""What a person typed at a step is kept for that person, right or wrong, until he finishes the step or throws it away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.cases.holders import who_has_it
from app.cases.office import Office
from app.cases.refusals import refusals_are_told
from app.cases.separating import facts_as_nobodys, facts_of
from app.domain.case import WorkStatus
from app.domain.errors import Declined, NotFound, Sentence
from app.domain.people import Actor
from app.domain.permissions import Action, may, require
from app.store.tables import WorkDraft, WorkItem
from app.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Kept:
    """What the page says of a draft just kept."""

    rev: int
    at: datetime
    replaced: int | None  # the revision of another window of the same person that this one replaced
    held_by: Sentence | None  # who else has the task by now


@refusals_are_told
def keep_draft(
    office: Office, actor: Actor, item_id: str, answers: Mapping[str, Any], outcome: str = "", rev: int | None = None
) -> Kept:
    """Keeps what was typed as this person's own draft, whoever has the item by now, and even when it is done.

    `rev` is the revision the page was shown with. What another window kept meanwhile is replaced, but can be taken back.
    """
    with office.unit_of_work() as uow:
        item = _reached(uow, actor, item_id)
        now, draft = office.clock.now(), uow.work.draft(item_id, actor.id)
        replaced = draft.rev if draft is not None and rev not in (None, draft.rev) and draft.answers != dict(answers) else None
        if draft is None:
            draft = WorkDraft(work_item_id=item_id, user_id=actor.id, rev=1, answers=dict(answers), outcome=outcome, at=now)
            uow.work.keep_draft(draft)
        elif (draft.answers, draft.outcome) != (dict(answers), outcome):
            draft.before = dict(draft.answers) if replaced is not None else None
            draft.answers, draft.outcome, draft.at = dict(answers), outcome, now
            draft.rev += 1
        held_by = who_has_it(uow, item).sentence if _has_another(item, actor) else None
        kept = Kept(draft.rev, draft.at, replaced, held_by)
        uow.commit()
        return kept


def discard_draft(office: Office, actor: Actor, item_id: str) -> None:
    """Throws the person's own draft away; it can be taken back until something is typed anew."""
    with office.unit_of_work() as uow:
        draft = _own(uow, actor, item_id)
        draft.before = draft.answers or draft.before
        draft.answers, draft.outcome = {}, ""
        draft.rev, draft.at = draft.rev + 1, office.clock.now()
        uow.commit()


def take_back_draft(office: Office, actor: Actor, item_id: str) -> None:
    """Puts back what the last discard, or another window, replaced; what stood there now can be taken back in turn."""
    with office.unit_of_work() as uow:
        draft = _own(uow, actor, item_id)
        earlier = draft.before
        if earlier is None:
            raise Declined("There is no earlier draft of yours to take back.")
        draft.before = draft.answers or None
        draft.answers = earlier
        draft.rev, draft.at = draft.rev + 1, office.clock.now()
        uow.commit()


def _reached(uow: UnitOfWork, actor: Actor, item_id: str) -> WorkItem:
    """The item, under its case's lock, if the work could be this person's; who has it does not matter."""
    item = uow.work.get(item_id)
    case = uow.cases.lock(item.case_id) if item is not None else None
    if item is None or case is None:
        raise NotFound("There is no work item '%(id)s'.", id=item_id)
    if not may(actor, Action.WORK_ITEM, facts_of(case, item)):
        require(actor, Action.WORK_ITEM, facts_as_nobodys(uow, case, item))
    return item


def _own(uow: UnitOfWork, actor: Actor, item_id: str) -> WorkDraft:
    _reached(uow, actor, item_id)
    draft = uow.work.draft(item_id, actor.id)
    if draft is None:
        raise Declined("You have no draft here.")
    return draft


def _has_another(item: WorkItem, actor: Actor) -> bool:
    return item.status is WorkStatus.RESERVED and item.owner_id not in (None, actor.id)
