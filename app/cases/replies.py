"""The replies of consulted bodies: who may read their words, and who is told that one came or did not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.cases.office import civil_day
from app.domain.deciding import DISAGREES
from app.domain.moves import Element
from app.domain.passport import Consultation, Form
from app.domain.people import INSIDE, OUTSIDE, Actor, Role
from app.domain.permissions import Action, HandlingFacts, ReplyFacts, may
from app.store.tables import Case, ConsultationRow, Document, Notice, WorkItem
from app.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from app.cases.advancing import Running


def kept_from(uow: UnitOfWork, case: Case, actor: Actor) -> frozenset[str]:
    """The work items of this case at which a body replies (or has yet to) in words this person may not read."""
    rows = uow.work.consultations(case.id)
    if not rows:
        return frozenset()
    units, roles = uow.work.replying_units(case.id), {item.id: item.role for item, _ in uow.work.all_of(case.id)}

    def reads(row: ConsultationRow) -> bool:
        item = row.work_item_id
        return may(actor, Action.READ_REPLY, ReplyFacts(roles[item], units[item], case.service, row.restricted))

    return frozenset(row.work_item_id for row in rows if not reads(row))


def restricted_in(uow: UnitOfWork, case: Case) -> frozenset[str]:
    """The work items whose replies are for the cleared only: nothing that others will read is made of their words."""
    return frozenset(row.work_item_id for row in uow.work.consultations(case.id) if row.restricted)


def without_words(form: Form | None, answers: Mapping[str, Any] | None) -> dict[str, Any]:
    """Of a reply only the replying body's own number, which names the reply and tells nothing of it."""
    name = form.number if form is not None else None
    return {name: answers[name]} if name and answers and name in answers else {}


def documents_to_show(uow: UnitOfWork, this: Running) -> list[Document]:
    """What of a case may be shown to a body at all: filed by the applicant, or signed, and no part of a restricted reply."""
    documents = uow.documents.of_application(this.case.application_id)
    signed = uow.documents.signatures([d.id for d in documents])
    restricted = restricted_in(uow, this.case)
    return [d for d in documents if d.work_item_id is None or (signed[d.id] and d.work_item_id not in restricted)]


# Who is told

_BODIES = frozenset(role.value for role in OUTSIDE)


def handling_of(uow: UnitOfWork, this: Running) -> HandlingFacts:
    """What the permission table asks about who considers a case."""
    case = this.case
    return HandlingFacts(case.service, considering(uow, this), case.applicant_iin, case.applicant_bin)


def considering(uow: UnitOfWork, this: Running) -> frozenset[str]:
    """By whom the case is considered: its executor, and whoever finished a step of it other than the chancellery's."""
    considered = {role.value for role in INSIDE - {Role.CHANCELLERY}}
    done = {item.completed_by for item, _ in uow.work.all_of(this.case.id) if item.role in considered}
    return frozenset(person for person in done | {this.case.executor_id} if person)


def those_who_wait(uow: UnitOfWork, this: Running, now: datetime) -> list[str]:
    """Who is told of a reply or of silence: the executor and whoever stands in for him, else those who considered the case."""
    if executor := this.case.executor_id:
        return [executor, *uow.people.standing_in_for([executor], Role.EXECUTOR, civil_day(now))]
    return sorted(considering(uow, this))


def tell_of_reply(uow: UnitOfWork, this: Running, element: Element, item: WorkItem, now: datetime) -> None:
    """That a body replied, and its verdict: no word of the reply itself."""
    body = _body(uow, this, item)
    if body is None:
        return
    template = "%(body)s replied in case %(number)s: %(reply)s."
    if item.outcome == DISAGREES:
        template = "%(body)s replied negatively in case %(number)s: %(reply)s."
    label = next((each.label for each in element.outcomes if each.id == item.outcome), None)
    reply = {"kk": label.kk, "ru": label.ru, "en": label.en} if label else item.outcome
    _tell(uow, this, template, body, now, reply=reply)


def tell_of_silence(uow: UnitOfWork, this: Running, item: WorkItem, now: datetime) -> None:
    """That a body's term ended and no reply came."""
    body = _body(uow, this, item)
    if body is not None:
        due = item.due_at.isoformat() if item.due_at else ""
        _tell(uow, this, "%(body)s has not replied in case %(number)s; the term ended %(due)s.", body, now, due=due)


def tell_of_going_on(uow: UnitOfWork, this: Running, item: WorkItem, now: datetime) -> None:
    """That the process moved on without a body's reply."""
    body = _body(uow, this, item)
    if body is not None:
        _tell(uow, this, "%(body)s did not reply; case %(number)s went on without it.", body, now)


def _body(uow: UnitOfWork, this: Running, item: WorkItem) -> Consultation | None:
    asked = uow.work.consultation_of(item.id) if item.role in _BODIES else None  # else the executor writes the reply down himself
    return None if asked is None else this.passport.consultation(asked.consultation)


def _tell(uow: UnitOfWork, this: Running, template: str, body: Consultation, now: datetime, **values: object) -> None:
    said = {"number": this.case.number or this.case.id[:8], "body": {"kk": body.body.kk, "ru": body.body.ru, "en": body.body.en}}
    for user_id in dict.fromkeys(those_who_wait(uow, this, now)):
        uow.notices.add(Notice(user_id=user_id, case_id=this.case.id, at=now, template=template, values={**said, **values}))
