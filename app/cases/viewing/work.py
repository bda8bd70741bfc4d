"""The task page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.cases.advancing import Running, running
from app.cases.completeness import lacking_in, lines_of, registers_of
from app.cases.letters import prefilled
from app.cases.office import Office
from app.cases.refusals import refusals_are_told
from app.cases.replies import kept_from, without_words
from app.cases.separating import exclusion_of
from app.cases.signing import own_signature, printed_today, to_sign
from app.cases.viewing.appointing import candidates, resolutions_of
from app.cases.viewing.cases import case_view, sighted_case
from app.cases.viewing.rows import item_row
from app.cases.viewing.task import ahead_of, conversation_of, drafts_of, earlier_of, held_since, rule_of
from app.cases.working import responsible_of
from app.domain.case import WorkStatus
from app.domain.checklist import checklist_field
from app.domain.errors import Hidden, NotFound
from app.domain.passport import FieldType, Form
from app.domain.people import OUTSIDE, Actor, Role
from app.domain.permissions import Sight
from app.domain.task_views import DraftView
from app.domain.views import (
    DocumentToSign,
    RegistrationView,
    WorkItemView,
)
from app.store.tables import WorkItem
from app.store.unit_of_work import UnitOfWork

_BODIES = frozenset(role.value for role in OUTSIDE)


@refusals_are_told
def work_item(office: Office, actor: Actor, item_id: str, *, earlier_page: int = 1) -> WorkItemView:
    with office.reading() as uow:
        item = uow.work.get(item_id)
        if item is None:
            raise NotFound("There is no work item '%(id)s'.", id=item_id)
        if not actor.is_staff and item.role != Role.APPLICANT.value:  # an applicant sees what is asked of him alone
            raise Hidden("There is no work item '%(id)s'.", id=item_id)
        case, sight = sighted_case(uow, actor, item.case_id)
        if not _is_shown(uow, actor, item, sight):
            raise Hidden("There is no work item '%(id)s'.", id=item_id)
        this = running(office, uow, case)
        element = this.element(item.process, item.element)
        form = this.passport.form(element.form) if element.form else None
        result = this.passport.result_signed_at(element.id)
        person = uow.people.get(item.completed_by or item.owner_id or "")
        row = item_row(office, this, item, person, actor)
        view = case_view(office, uow, this, actor)
        kept = kept_from(uow, case, actor) if item.role in _BODIES else frozenset()
        draft, drafts = drafts_of(uow, item, actor)
        return WorkItemView(
            row=row,
            element=element,
            form=form,
            draft=_begun(office, uow, this, item, form, draft, kept=item.id in kept),
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
            excluded=exclusion_of(item, actor, element) if item.completed_at is None else None,
            withheld=item.answers is not None and item.id in kept,
            rule=rule_of(uow, this, item, element),
            ahead=ahead_of(this, item, element) if row.may_act else {},
            held=held_since(uow, item),
            own_draft=draft,
            drafts=drafts if row.may_act else (),
            conversation=conversation_of(uow, actor, case, item.id),
            earlier=earlier_of(office, uow, actor, case, earlier_page),
            priority=item.priority,
            follow_up_on=item.follow_up_on,
            snoozed_until=item.snoozed_until,
        )


def _is_shown(uow: UnitOfWork, actor: Actor, item: WorkItem, sight: Sight) -> bool:
    """Not to a body another's request or the provider's own work; to the applicant what is asked of him alone, whatever else he
    is."""
    if sight is Sight.ASKED:
        return item.id in {found.id for found, _ in uow.work.requests_to(actor, item.case_id)}
    return sight is Sight.WHOLE or item.role == Role.APPLICANT.value


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


def _begun(
    office: Office,
    uow: UnitOfWork,
    this: Running,
    item: WorkItem,
    form: Form | None,
    own: DraftView | None,
    *,
    kept: bool,
) -> Mapping[str, Any]:
    """What stands in the form: the answers of a finished step (of a reply whose words are kept from this reader, its number
    alone), else the person's own draft, else what the passport offers."""
    if kept:
        return without_words(form, item.answers)
    if item.answers is not None:
        return item.answers
    return own.answers if own and own.answers else prefilled(office, uow, this, item)


def _prepared(office: Office, uow: UnitOfWork, this: Running, item: WorkItem, actor: Actor) -> DocumentToSign | None:
    newest = next(iter(uow.documents.of_work_item(item.id, actor.id)), None)
    if newest is None or item.status is WorkStatus.COMPLETED or not printed_today(office, newest):
        return None
    return to_sign(newest, [own_signature(this.passport.role(item.role).title, actor)])
