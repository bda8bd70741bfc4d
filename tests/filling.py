"""Fills in forms by the passport alone, so that a scenario names only what it is about.

Every field that shows gets a value of its type that passes the checks; a choice takes its first option. What a scenario gives
(by the id of the field, in whichever form) comes first. `file` and `work` do with it what an applicant and staff do.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.cases import drafting, filing, paying, viewing, working
from app.domain.answers import application_names, documents_in, forms_for, holds
from app.domain.fees import BANK, ONLINE, PAYMENT, how_paid, is_due_before_filing
from app.domain.made_up import COPIES, filled
from app.domain.passport import Channel, DocumentKind, Passport
from app.domain.people import Actor
from app.store.bundles import passport_of
from tests.checking import checked
from tests.desk import Desk

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
