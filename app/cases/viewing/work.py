"""The task list and the task page."""

from __future__ import annotations

from collections.abc import Mapping

from app.cases.advancing import Running, running
from app.cases.completeness import lacking_in, lines_of, registers_of
from app.cases.letters import prefilled
from app.cases.office import Office
from app.cases.signing import own_signature, printed_today, to_sign
from app.cases.viewing.appointing import candidates, resolutions_of
from app.cases.viewing.cases import case_view, visible_case
from app.cases.viewing.rows import PAGE_SIZE, Runs, item_row
from app.cases.working import responsible_of
from app.domain.case import WorkStatus
from app.domain.checklist import checklist_field
from app.domain.errors import NotFound
from app.domain.passport import FieldType, Form
from app.domain.people import Actor, Role
from app.domain.permissions import Action, require
from app.domain.views import (
    DocumentToSign,
    Page,
    RegistrationView,
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
        view = case_view(office, uow, this, actor)
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
            people=candidates(office, uow, this, element),
            resolutions=resolutions_of(view.records) if actor.is_inside else (),
            case=view,
            checklist=lines_of(uow, this) if checklist_field(form) else (),
            registers=registers_of(uow, this) if checklist_field(form) else (),
            registration=_registration(office, this, item),
            lacking=lacking_in(uow, this) if _names_grounds(form) else (),
        )


def _registration(office: Office, this: Running, item: WorkItem) -> RegistrationView | None:
    case, rule = this.case, this.passport.schedule
    if case.number or item.role != Role.CHANCELLERY.value:
        return None
    return RegistrationView(
        case.received_at,
        case.registered_on,
        office.terms(this.passport).arrival(case.received_at),
        rule.after_hours,
        rule.paragraph,
        rule.cutoff,
    )


def _names_grounds(form: Form | None) -> bool:
    return form is not None and any(field.type is FieldType.GROUNDS for field in form.fields)


def _prepared(office: Office, uow: UnitOfWork, this: Running, item: WorkItem, actor: Actor) -> DocumentToSign | None:
    newest = next(iter(uow.documents.of_work_item(item.id, actor.id)), None)
    if newest is None or item.status is WorkStatus.COMPLETED or not printed_today(office, newest):
        return None
    return to_sign(newest, [own_signature(this.passport.role(item.role).title, actor)])
