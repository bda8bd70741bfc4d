"""What a letter is printed from: the case, everything answered so far, and who signs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.cases.advancing import Running
from app.cases.office import Office
from app.domain.case import WorkStatus
from app.domain.errors import NotFound
from app.domain.passport import FieldType, Passport, Result
from app.domain.people import Actor, Role
from app.store.tables import WorkItem
from app.store.unit_of_work import UnitOfWork

Answers = dict[str, Mapping[str, Any]]


def answers_so_far(uow: UnitOfWork, this: Running) -> Answers:
    """The application's forms and, for each step form, what was answered last: form id → field id → value."""
    application = uow.cases.application(this.case.application_id)
    if application is None:
        raise NotFound("Case '%(case)s' has no application.", case=this.case.id)
    answers: Answers = dict(application.answers)
    for item, _ in uow.work.all_of(this.case.id):
        form = this.process.elements[item.process, item.element].form
        if form and item.status is WorkStatus.COMPLETED and item.answers is not None:
            answers[form] = item.answers
    return answers


def prefilled(office: Office, uow: UnitOfWork, this: Running, item: WorkItem) -> dict[str, Any]:
    """What a step's form offers before anyone types: the same step's answers if it came back, else what the passport names."""
    element = this.process.elements[item.process, item.element]
    if element.form is None:
        return {}
    earlier = uow.work.last_completed(this.case.id, item.element)
    if earlier is not None and earlier.answers is not None and this.passport.result_drawn_up_at(element.id):
        return dict(earlier.answers)
    answers = answers_so_far(uow, this)
    known = {"case.number": this.case.number, "today": office.today().isoformat()}
    offered: dict[str, Any] = {}
    for field in this.passport.form(element.form).fields:
        if field.prefill is None:
            continue
        form, _, name = field.prefill.partition(".")
        value = known.get(field.prefill) or answers.get(form, {}).get(name)
        if value:
            offered[field.id] = value
    return offered


def letter_values(
    office: Office, uow: UnitOfWork, this: Running, result: Result, signatory: Actor, role: Role
) -> dict[str, object]:
    """The names a result's template may use."""
    case, passport = this.case, this.passport
    answers = answers_so_far(uow, this)
    return {
        "passport": passport,
        "result": result,
        "case": {
            "number": case.number,
            "applicant_name": case.applicant_name,
            "applicant_number": case.applicant_bin or case.applicant_iin,
            "applicant_is_organisation": bool(case.applicant_bin),
            "received_on": office.civil_day(case.received_at),
            "registered_on": case.registered_on,
        },
        "variant": passport.variant(case.variant),
        "channel": case.channel,
        "form": passport.form(result.form),
        "answers": answers,
        "grounds": [passport.ground(ground) for ground in _grounds(passport, result, answers)],
        "signatory": {
            "name": signatory.name,
            "position": signatory.position,
            "acting_for": signatory.acting_for(role, service=case.service),
        },
        "today": office.today(),
    }


def _grounds(passport: Passport, result: Result, answers: Answers) -> list[str]:
    asked = (field.id for field in passport.form(result.form).fields if field.type is FieldType.GROUNDS)
    return [ground for field in asked for ground in answers.get(result.form, {}).get(field, [])]
