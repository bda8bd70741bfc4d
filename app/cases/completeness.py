"""The check of completeness of one case: what its documents are, and what is lacking by the newest check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.cases.advancing import Running
from app.cases.consulting import names_of_case
from app.domain.case import WorkStatus
from app.domain.checklist import (
    Found,
    FromRegister,
    Lacking,
    Line,
    Submitted,
    check_grounds,
    check_list,
    checklist,
    checklist_field,
    from_registers,
    grounds_from,
    lacking_by,
    offered_rows,
)
from app.domain.errors import Invalid, NotFound, Problem
from app.domain.passport import FieldType, Form
from app.store.unit_of_work import UnitOfWork


def lines_of(uow: UnitOfWork, this: Running) -> tuple[Line, ...]:
    """Every document of the case's variant, as its application answers."""
    case = this.case
    application = uow.cases.application(case.application_id)
    if application is None:
        raise NotFound("Case '%(case)s' has no application.", case=case.id)
    files = {
        document.kind: Submitted(document.id, document.filename, document.size)
        for document in uow.documents.of_application(case.application_id)
        if document.work_item_id is None
    }
    found = Found(
        names=names_of_case(uow, this.passport, case),
        channel=case.channel,
        files=files,
        filled_in=frozenset(form for form, answers in application.answers.items() if answers),
        registered_on=case.registered_on,
    )
    return checklist(this.passport.variant(case.variant).documents, found)


def registers_of(uow: UnitOfWork, this: Running) -> tuple[FromRegister, ...]:
    """What is, or will be, asked of the state registers, with the newest answer of each."""
    answers = {reply.register: reply.data if reply.found else None for reply in uow.cases.replies(this.case.id)}
    names = names_of_case(uow, this.passport, this.case)
    return from_registers(this.passport.lookups, names, answers, this.case.registered_on)


def lacking_in(uow: UnitOfWork, this: Running) -> tuple[Lacking, ...]:
    """What the newest finished check found absent or expired."""
    rules = this.passport.variant(this.case.variant).documents
    done = [item for item, _ in uow.work.all_of(this.case.id) if item.status is WorkStatus.COMPLETED and item.answers]
    for item in sorted(done, key=lambda item: item.completed_at or item.opened_at, reverse=True):
        element = this.process.elements[item.process, item.element]
        asked = checklist_field(this.passport.form(element.form) if element.form else None)
        if asked is not None:
            return lacking_by(rules, (item.answers or {}).get(asked.id, []))
    return ()


def check_documents(uow: UnitOfWork, this: Running, form: Form, values: dict[str, Any], outcome: str) -> tuple[Problem, ...]:
    """Puts a form's checklist into its clean shape, and holds its grounds against the check made before."""
    problems: list[Problem] = []
    asked = checklist_field(form)
    if asked is not None:
        place, given = f"{form.id}.{asked.id}", values.get(asked.id)
        try:
            values[asked.id] = check_list(
                asked, place, lines_of(uow, this), given, outcome=outcome, registered_on=this.case.registered_on
            )
        except Invalid as wrong:
            problems += wrong.problems
    problems += _grounds(uow, this, form, values)
    return tuple(problems)


def _grounds(uow: UnitOfWork, this: Running, form: Form, values: Mapping[str, Any]) -> Iterator[Problem]:
    for field in form.fields:
        if field.type is FieldType.GROUNDS and field.stage is not None and field.id in values:
            lacking = lacking_in(uow, this)
            for sentence in check_grounds(this.passport, this.case.variant, field.stage, values[field.id], lacking):
                yield Problem(f"{form.id}.{field.id}", sentence)


def offered(uow: UnitOfWork, this: Running, form: Form) -> dict[str, Any]:
    """What a step's form holds by the documents alone: the system's own findings in the checklist, and in a refusal the grounds
    they make."""
    values: dict[str, Any] = {}
    for field in form.fields:
        if field.type is FieldType.CHECKLIST:
            values[field.id] = offered_rows(lines_of(uow, this))
        elif field.type is FieldType.GROUNDS and field.stage is not None:
            grounds = this.passport.grounds_for(this.case.variant, field.stage)
            if made := grounds_from(grounds, lacking_in(uow, this)):
                values[field.id] = made
    return values
