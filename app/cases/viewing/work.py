"""The task list and the task page."""

from __future__ import annotations

from collections.abc import Mapping

from app.cases.advancing import Running, running
from app.cases.letters import prefilled
from app.cases.office import Office
from app.cases.signing import own_signature, printed_today, to_sign
from app.cases.viewing.cases import case_view, visible_case
from app.cases.viewing.rows import PAGE_SIZE, Runs, item_row
from app.cases.working import responsible_of
from app.domain.case import WorkStatus
from app.domain.errors import NotFound
from app.domain.moves import Element
from app.domain.passport import FieldType
from app.domain.people import Actor, Role
from app.domain.permissions import Action, require
from app.domain.text import Text
from app.domain.views import (
    DocumentToSign,
    Page,
    Person,
    WorkItemRow,
    WorkItemView,
)
from app.store.tables import WorkItem
from app.store.unit_of_work import UnitOfWork


def inbox(office: Office, actor: Actor, *, view: str = "all", query: str = "", page: int = 1) -> Page[WorkItemRow]:
    require(actor, Action.OPEN_WORK)
    with office.reading() as uow:
        found, total = uow.work.inbox(actor, view=view, words=query, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
        runs = Runs(office, uow)
        rows = [item_row(office, runs.of(case), item, owner, actor) for item, case, owner in found]
    return Page(tuple(rows), page, PAGE_SIZE, total)


def asked_of(office: Office, actor: Actor) -> tuple[WorkItemRow, ...]:
    """What the applicant is asked to do in his own cases, the earliest due first."""
    return inbox(office, actor, view="asked").rows


def inbox_counts(office: Office, actor: Actor) -> Mapping[str, int]:
    require(actor, Action.VIEW_INBOX)
    with office.reading() as uow:
        return uow.work.counts(actor, office.clock.now())


def work_item(office: Office, actor: Actor, item_id: str) -> WorkItemView:
    with office.reading() as uow:
        item = uow.work.get(item_id)
        if item is None:
            raise NotFound("There is no work item '%(id)s'.", id=item_id)
        if not actor.is_staff and item.role != Role.APPLICANT.value:  # an applicant sees what is asked of him alone
            raise NotFound("There is no work item '%(id)s'.", id=item_id)
        case = visible_case(uow, actor, item.case_id)
        this = running(office, uow, case)
        element = this.element(item.process, item.element)
        form = this.passport.form(element.form) if element.form else None
        result = this.passport.result_signed_at(element.id)
        person = uow.people.get(item.completed_by or item.owner_id or "")
        row = item_row(office, this, item, person, actor)
        return WorkItemView(
            row=row,
            element=element,
            form=form,
            draft=item.answers if item.answers is not None else (item.draft or prefilled(office, uow, this, item)),
            rev=item.rev,
            may_act=row.may_act,
            acting_for=actor.acting_for(Role(item.role), responsible_of(case, item), service=case.service),
            signs=result.id if result else None,
            to_sign=_prepared(office, uow, this, item, actor),
            people=_candidates(office, uow, this, element),
            case=case_view(office, uow, this, actor),
        )


def _prepared(office: Office, uow: UnitOfWork, this: Running, item: WorkItem, actor: Actor) -> DocumentToSign | None:
    newest = next(iter(uow.documents.of_work_item(item.id, actor.id)), None)
    if newest is None or item.status is WorkStatus.COMPLETED or not printed_today(office, newest):
        return None
    return to_sign(newest, [own_signature(this.passport.role(item.role).title, actor)])


def _candidates(office: Office, uow: UnitOfWork, this: Running, element: Element) -> tuple[Person, ...]:
    """Whom a person field of this step offers: holders of its role, with their load and absence."""
    form = this.passport.form(element.form) if element.form else None
    asked = next((f for f in form.fields if f.type is FieldType.PERSON), None) if form else None
    if asked is None or asked.role is None:
        return ()
    role = Role(asked.role)
    holders = uow.people.with_role(role)
    load = uow.people.open_items([user.id for user in holders])
    absent = uow.people.absent_on(office.today(), role)
    return tuple(
        Person(
            user.id,
            user.name,
            Text(**user.position) if user.position else Text(""),
            load.get(user.id, 0),
            user.id in absent,
        )
        for user in holders
    )
