"""Fills in forms by the passport alone, so that a scenario names only what it is about.

Every field that shows gets a value of its type that passes the checks; a choice takes its first option. What a scenario gives
(by the id of the field, in whichever form) comes first. `file` and `work` do with it what an applicant and staff do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.bootstrap.demonstration import COMPANY_BIN, PEOPLE
from app.cases import drafting, filing, paying, viewing, working
from app.domain.answers import application_names, documents_in, forms_for, holds, is_visible, names_of
from app.domain.fees import BANK, ONLINE, PAYMENT, how_paid, is_due_before_filing
from app.domain.passport import Channel, DocumentKind, Field, FieldType, Form, Passport
from app.domain.people import Actor
from app.store.bundles import passport_of
from tests.checking import checked
from tests.desk import Desk

COPIES = {
    "application/pdf": ("copy.pdf", b"%PDF-1.7\n% a copy\n"),
    "application/vnd.ms-excel": ("copy.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
}
"""A file of each type that documents ask for."""
IIN = next(person.iin for person in PEOPLE if person.login == "applicant")
SAMPLES = ("0123456789", "01010101010", "10:20", "2026", "0123", "+77010000000", "A1234567", "KZ0000001234", "1")
"""What to try where the field wants a certain form."""

ENTITY = "legal-entity"

Given = Mapping[str, Any]


def filled(
    passport: Passport, form: Form, *, variant: str, known: Given, given: Given, outcome: str = "", people: Iterable[str] = ()
) -> dict[str, Any]:
    """Every visible field of the form. `known` are values by prefill ("applicant.name", "today"), `people` ids to choose from."""
    sample = _sampler(passport, variant, known, tuple(people))
    values: dict[str, Any] = {}
    while True:
        names = names_of(form, values, variant=variant, outcome=outcome)
        shown = [f for f in form.fields if f.type is not FieldType.STATEMENT and is_visible(f, names)]
        fresh = {f.id: given.get(f.id, sample(f)) for f in shown}
        if fresh == values:
            return values
        values = fresh


def _sampler(passport: Passport, variant: str, known: Given, people: tuple[str, ...]) -> Callable[[Field], Any]:
    def text(field: Field) -> str:
        if field.pattern is None:
            return field.label.kk
        return next(each for each in SAMPLES if re.fullmatch(field.pattern or "", each))

    def grounds(field: Field) -> list[str]:
        return [ground.id for ground in passport.grounds if ground.stage is field.stage and variant in ground.variants][:1]

    def choice(field: Field) -> str:
        options = [option.id for option in field.options]
        return ENTITY if ENTITY in options and known["applicant.bin"] else options[0]

    by_type: dict[FieldType, Callable[[Field], Any]] = {
        FieldType.TEXT: text,
        FieldType.MULTILINE: text,
        FieldType.RESOLUTION: text,
        FieldType.IIN: lambda _: IIN,
        FieldType.BIN: lambda _: COMPANY_BIN,
        FieldType.IIN_OR_BIN: lambda _: COMPANY_BIN,
        FieldType.NUMBER: lambda _: "3",
        FieldType.DATE: lambda _: known["today"],
        FieldType.CHECKBOX: lambda field: field.required,
        FieldType.CHOICE: choice,
        FieldType.TABLE: lambda field: [{column.id: sample(column) for column in field.columns}],
        FieldType.GROUNDS: grounds,
        FieldType.PERSON: lambda _: people[0],
        FieldType.CHECKLIST: lambda _: [],  # always given, see `checked`
    }

    def sample(field: Field) -> Any:
        return known.get(field.prefill or "") or by_type[field.type](field)

    return sample


# The applicant


def answers_of(
    desk: Desk,
    passport: Passport,
    *,
    variant: str,
    login: str = "company",
    channel: str = "portal",
    by: str = ONLINE,
    **given: Any,
) -> dict[str, dict[str, Any]]:
    """The application and every other form that is due for it."""
    known = _known(desk, desk.actor(login))
    application = passport.application
    answers = {application.id: filled(passport, application, variant=variant, known=known, given=given)}
    paid = how_paid(passport.variant(variant).fee_by(channel), {PAYMENT: {"by": by}}, by_gateway=by == ONLINE)
    names = application_names(passport, answers, variant=variant, channel=channel, paid=paid)
    due = [rule for rule in documents_in(passport.variant(variant), channel) if holds(rule.required, names)]
    for form in forms_for(passport, due):
        answers.setdefault(form.id, filled(passport, form, variant=variant, known=known, given=given))
    return answers


def _known(desk: Desk, actor: Actor) -> dict[str, str]:
    return {
        "applicant.name": actor.name,
        "applicant.iin": actor.iin,
        "applicant.bin": actor.bin,
        "applicant.organisation": actor.organisation,
        "today": desk.office.today().isoformat(),
    }


def draft(
    desk: Desk,
    service: str,
    variant: str,
    *,
    login: str = "company",
    channel: str = "portal",
    by: str = ONLINE,
    without: Iterable[str] = (),
    **given: Any,
) -> str:
    """A whole application, with its fee paid (`by` the gateway or, with a receipt, at a bank) and its files attached, save those
    `without` which it is to be left."""
    actor, passport = desk.actor(login), passport_for(desk, service)
    application = drafting.start_application(desk.office, actor, service, variant, Channel(channel))
    answers = answers_of(desk, passport, variant=variant, login=login, channel=channel, by=by, **given)
    before_filing = is_due_before_filing(passport.variant(variant).fee_by(channel))
    paying_at_bank = {PAYMENT: {"by": BANK}} if by == BANK else {}
    drafting.save_application(desk.office, actor, application, answers | paying_at_bank)
    if before_filing and by == ONLINE:
        paying.pay_for_application(desk.office, actor, application, stated="10000")  # asked for where the act names no amount
    paid = how_paid(passport.variant(variant).fee_by(channel), paying_at_bank, by_gateway=before_filing and by == ONLINE)
    names = application_names(passport, answers, variant=variant, channel=channel, paid=paid)
    for rule in documents_in(passport.variant(variant), channel):
        if rule.kind is DocumentKind.FILE and rule.id not in without and holds(rule.required, names):
            name, content = COPIES[rule.media_types[0]]
            drafting.attach(desk.office, actor, application, rule.id, name, rule.media_types[0], content)
    return application


def file(desk: Desk, service: str, variant: str, *, login: str = "company", **options: Any) -> str:
    """Files a whole application now; gives the case id."""
    return sign_and_file(desk, draft(desk, service, variant, login=login, **options), login)


def sign_and_file(desk: Desk, application: str, login: str = "company") -> str:
    actor = desk.actor(login)
    documents = filing.prepare_application(desk.office, actor, application)
    signatures = [
        (document.id, desk.signature(document, actor, iin=want.iin, bin=want.bin))
        for document in documents
        for want in document.wanted
    ]
    return filing.file_application(desk.office, actor, application, signatures)


def passport_for(desk: Desk, service: str) -> Passport:
    """The newest published passport of the service."""
    with desk.office.reading() as uow:
        version = uow.processes.newest(service)
        assert version is not None, service
        return passport_of(uow.processes.bundle(version))


# Staff


def work(desk: Desk, case_id: str, login: str, outcome: str, **given: Any) -> None:
    """Does the one open step of the case that this person may do, its form filled in; a signing step is seen and signed."""
    actor, item = desk.actor(login), desk.item(case_id, login)
    signatures = []
    rev = item.rev
    if item.signs and outcome == "sign":
        document = working.prepare_signing(desk.office, actor, item.row.id)
        signatures = [(document.id, desk.signature(document, actor, iin=actor.iin, bin=actor.bin))]
        rev = viewing.work_item(desk.office, actor, item.row.id).rev
    answers: dict[str, Any] = {}
    if item.form is not None:
        given |= checked(item, outcome, given)
        passport = item.case.passport
        answers = filled(
            passport,
            item.form,
            variant=next(v.id for v in passport.variants if v.title == item.case.variant),
            known=_known(desk, actor),
            given={**item.draft, **given},
            outcome=outcome,
            people=[person.id for person in item.people],
        )
    working.complete(desk.office, actor, item.row.id, rev=rev, outcome=outcome, answers=answers, signatures=signatures)
