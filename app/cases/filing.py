"""Filing an application: it is checked as a whole, its forms are printed and signed, and the case begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.cases import service_term
from app.cases.advancing import Running, advance
from app.cases.drafting import attached, own_draft, printed, require_open, version_of
from app.cases.following import follow_version_in_force
from app.cases.naming import names_of_application
from app.cases.office import Office
from app.cases.paying import record_payment
from app.cases.signing import (
    Given,
    Judged,
    Letter,
    judge,
    keep_printed,
    own_signature,
    printed_today,
    take_signatures,
    to_sign,
)
from app.domain.answers import Checked, check_answers, documents_in, forms_for, holds, proves_payment, signed_by_hand
from app.domain.case import ApplicationStatus
from app.domain.errors import Declined, Invalid, Problem, Stale, problem
from app.domain.events import EventKind
from app.domain.fees import PAID_AT_BANK, PAID_BY_GATEWAY, PAYMENT, PLACE, is_due_before_filing
from app.domain.numbers import is_entity_number
from app.domain.passport import DocumentKind, DocumentRule, Form, Passport
from app.domain.people import Actor, Role
from app.domain.permissions import Action, require
from app.domain.text import Text
from app.domain.views import DocumentToSign, WantedSignature
from app.history.recording import record
from app.store.bundles import passport_of
from app.store.tables import Application, Case, Document, ProcessVersion
from app.store.unit_of_work import UnitOfWork

Answers = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Whole:
    """An application that passed every check: its clean answers, and the documents that are due for them."""

    answers: dict[str, dict[str, Any]]
    documents: tuple[DocumentRule, ...]
    paid: str


def prepare_application(office: Office, actor: Actor, application_id: str) -> tuple[DocumentToSign, ...]:
    """Checks the whole application and prints its forms, as they will be signed and kept.

    Asked again on the same day it shows the same documents, unless the draft was changed meanwhile.
    Raises Invalid with every problem at its place: `form.field`, `form.table[row].column` or `documents.<rule>`.
    """
    with office.unit_of_work() as uow:
        application, passport = own_draft(uow, actor, application_id)
        if follow_version_in_force(office, uow, application):
            uow.commit()
            raise Stale("The rules of this service have changed. What you typed is kept: look at the application again.")
        letters = _letters(office, uow, passport, application, actor)
        known = {document.kind for document in printed(uow, application) if printed_today(office, document)}
    contents = {letter.kind: letter.printed(office) for letter, _ in letters if letter.kind not in known}
    with office.unit_of_work() as uow:
        application, passport = own_draft(uow, actor, application_id)
        if _letters(office, uow, passport, application, actor) != letters:
            raise Declined("The application was changed in another window meanwhile. Look at it again.")
        documents = {document.kind: document for document in printed(uow, application)}
        for letter, _ in letters:
            if letter.kind in contents:
                documents[letter.kind] = keep_printed(
                    office,
                    uow,
                    letter,
                    contents[letter.kind],
                    in_place_of=documents.get(letter.kind),
                    application_id=application.id,
                )
        uow.commit()
        return tuple(to_sign(documents[letter.kind], wanted) for letter, wanted in letters)


def _letters(
    office: Office, uow: UnitOfWork, passport: Passport, application: Application, actor: Actor
) -> list[tuple[Letter, list[WantedSignature]]]:
    """The forms to print, with the signatures they need.

    A form may name each attached file by its digest, so that the signature under the form holds for the files too.
    """
    whole = _checked_whole(uow, passport, application, actor)
    files = uow.processes.bundle(version_of(uow, application)).files
    values = {
        "passport": passport,
        "variant": passport.variant(application.variant),
        "channel": application.channel,
        "answers": whole.answers,
        "applicant": actor,
        "attachments": [
            {"title": Text(**document.title), "filename": document.filename, "sha256": document.sha256}
            for document in attached(uow, application)
        ],
        "today": office.today(),
    }
    by_hand = signed_by_hand(application.channel)
    letters = []
    for rule in whole.documents:
        form = passport.form(rule.form) if rule.form else None
        if form is not None and form.letter is not None:
            letter = Letter(rule.id, rule.title, files[form.letter], {**values, "form": form})
            letters.append((letter, [] if by_hand else wanted_of(passport, rule, whole.answers, actor)))
    return letters


def file_application(office: Office, actor: Actor, application_id: str, signatures: Given) -> str:
    """Files a signed application: the case begins, and the term runs from its legal registration. Gives the case id."""
    require(actor, Action.FILE_APPLICATION)
    judged = judge(office, signatures)
    with office.unit_of_work() as uow:
        application, passport = own_draft(uow, actor, application_id)
        if follow_version_in_force(office, uow, application):
            uow.commit()
            raise Stale("The rules of this service have changed. What you typed is kept: look at the application again.")
        require_open(office, passport)
        whole = _checked_whole(uow, passport, application, actor)
        signed = _signed(office, uow, passport, application, whole, judged, actor)
        application.answers = whole.answers
        application.status = ApplicationStatus.FILED
        case = begin_case(office, uow, application, actor, Role.APPLICANT, signed)
        uow.commit()
        return case.id


def begin_case(
    office: Office, uow: UnitOfWork, application: Application, actor: Actor, role: Role, signed: Mapping[str, list[str]]
) -> Case:
    """The case of a filed application: it is registered by the law, its term begins to run, and the process starts."""
    version = version_of(uow, application)
    bundle = uow.processes.bundle(version)
    passport = passport_of(bundle)
    case = _open_case(office, uow, application, version, passport, actor)
    uow.documents.attach_to_case(application.id, case.id)
    this = Running(case, office.engine.load(bundle), passport)
    record(
        uow,
        case,
        EventKind.APPLICATION_FILED,
        at=case.received_at,
        actor=actor,
        role=role,
        details={
            "service": case.service,
            "variant": case.variant,
            "channel": case.channel,
            "version": version.digest,
            "received_at": case.received_at.isoformat(),
            "registered_at": case.registered_at.isoformat(),
            "result_due": case.result_due.isoformat() if case.result_due else None,
            "documents": {d.kind: d.sha256 for d in uow.documents.of_application(application.id)},
            "signatures": signed,
        },
    )
    payment = uow.cases.payment(application.id)
    if payment is not None:
        record_payment(uow, case, payment, actor, at=case.received_at)
    service_term.watch(uow, case, office.terms(passport), office.clock.now())
    flags = {"case_id": case.id, "variant": case.variant}
    advance(office, uow, this, lambda process, call: office.engine.start(process, flags, call_handler=call))
    return case


def _signed(
    office: Office,
    uow: UnitOfWork,
    passport: Passport,
    application: Application,
    whole: Whole,
    judged: Sequence[Judged],
    actor: Actor,
) -> dict[str, list[str]]:
    """Takes the signatures under the printed forms: document kind → serials of the certificates. On paper they are under the
    prints, which must have been shown all the same."""
    prints = {document.kind: document for document in printed(uow, application)}
    signed: dict[str, list[str]] = {}
    for rule in whole.documents:
        if rule.kind is not DocumentKind.FORM or not rule.signed_by:
            continue
        if rule.id not in prints:
            raise Invalid("“%(document)s” was not shown for signing yet.", document=rule.title)
        if not signed_by_hand(application.channel):
            wanted = wanted_of(passport, rule, whole.answers, actor)
            taken = take_signatures(office, uow, prints[rule.id], wanted, judged, actor=actor, on_behalf_of="")
            signed[rule.id] = [signature.serial for signature in taken]
    return signed


def _open_case(
    office: Office, uow: UnitOfWork, application: Application, version: ProcessVersion, passport: Passport, actor: Actor
) -> Case:
    received = office.clock.now()
    terms = office.terms(passport)
    registration = terms.register(received)
    term = passport.variant(application.variant).term
    return uow.cases.add(
        Case(
            application_id=application.id,
            version_id=version.id,
            service=application.service,
            variant=application.variant,
            channel=application.channel,
            applicant_id=actor.id,
            applicant_name=actor.organisation or actor.name,
            applicant_iin=actor.iin,
            applicant_bin=actor.bin,
            received_at=received,
            registered_at=registration.moment,
            registered_on=registration.day,
            result_due=terms.deadline(term.limit, registration.moment) if term.limit else None,
            term=term.limit,
            term_from=registration.moment if term.limit else None,
        )
    )


def wanted_of(passport: Passport, rule: DocumentRule, answers: Answers, actor: Actor) -> list[WantedSignature]:
    """Whose signatures a document needs. A party that is the applicant himself signs once."""
    wanted: list[WantedSignature] = []
    for signer_id in rule.signed_by:
        signer = passport.signer(signer_id)
        if signer.number is None:
            want = own_signature(signer.title, actor)
        else:
            form, _, name = signer.number.partition(".")
            number = str(answers.get(form, {}).get(name, ""))
            if number in (actor.bin or actor.iin, actor.iin):
                continue
            want = _signature_by_number(signer.title, number)
        wanted.append(want)
    return wanted


def _signature_by_number(who: Text, number: str) -> WantedSignature:
    return WantedSignature(who, "", number) if is_entity_number(number) else WantedSignature(who, number, "")


def _checked_whole(uow: UnitOfWork, passport: Passport, application: Application, actor: Actor) -> Whole:
    """Raises Invalid with every problem of the forms, the files and the fee."""
    clean: dict[str, dict[str, Any]] = {}
    problems: list[Problem] = []

    def check(form: Form) -> None:
        checked = check_answers(passport, form, application.answers.get(form.id, {}), variant=application.variant)
        clean[form.id] = checked.values
        problems.extend(checked.problems)
        problems.extend(_not_the_applicants(form, checked, actor))

    check(passport.application)
    names = names_of_application(uow, passport, application, clean)
    rules = documents_in(passport.variant(application.variant), application.channel)
    due = tuple(rule for rule in rules if holds(rule.required, names))
    for form in forms_for(passport, due):
        if form.id not in clean:
            check(form)
    problems.extend(_not_attached(due, attached(uow, application)))
    problems.extend(_not_paid(passport, application, due, names["paid"]))
    if problems:
        raise Invalid("The application is not complete yet.", problems=problems)
    if PAYMENT in application.answers:
        clean[PAYMENT] = application.answers[PAYMENT]
    return Whole(clean, due, names["paid"])


def _not_attached(due: tuple[DocumentRule, ...], files: list[Document]) -> Iterator[Problem]:
    there = {document.kind for document in files}
    for rule in due:
        if rule.kind is DocumentKind.FILE and rule.id not in there:
            yield problem(f"documents.{rule.id}", "Attach this document: %(document)s.", document=rule.title)


def _not_paid(passport: Passport, application: Application, due: tuple[DocumentRule, ...], paid: str) -> Iterator[Problem]:
    """A fee due before filing is paid through the gateway, or proved by a receipt, which is a document like any other."""
    variant = passport.variant(application.variant)
    if not is_due_before_filing(variant.fee_by(application.channel)) or paid == PAID_BY_GATEWAY:
        return
    if paid == PAID_AT_BANK and any(map(proves_payment, due)):
        return
    if any(map(proves_payment, documents_in(variant, application.channel))):
        yield problem(PLACE, "The fee is not paid yet: pay it here, or choose to attach the bank’s receipt.")
    else:
        yield problem(PLACE, "The fee is not paid yet: pay it here.")


def _not_the_applicants(form: Form, checked: Checked, actor: Actor) -> Iterator[Problem]:
    """The applicant's own numbers are those of the account signed in to: nobody applies in another's name, and who acts for
    an organisation does not apply as a person."""
    own, values = {"applicant.iin": actor.iin, "applicant.bin": actor.bin}, checked.values
    wrong_already = {each.place for each in checked.problems}
    for field in form.fields:
        place = f"{form.id}.{field.id}"
        if field.prefill not in own or place in wrong_already:
            continue
        if field.id in values and values[field.id] != own[field.prefill]:
            yield problem(
                place,
                "The applicant's number has to be %(wanted)s, yours; found %(found)s.",
                wanted=own[field.prefill] or "—",
                found=values[field.id],
            )
        if field.id not in values and field.prefill == "applicant.bin" and actor.bin:
            yield problem(place, "You act for the organisation with BIN %(bin)s: apply in its name.", bin=actor.bin)
