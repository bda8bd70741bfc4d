"""The applicant's side: a draft that keeps whatever is typed, the documents printed to be signed, and the filing itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.cases.advancing import Running, advance
from app.cases.office import Office
from app.cases.signing import (
    Given,
    Letter,
    keep_printed,
    own_signature,
    printed_today,
    take_signatures,
    text_as_json,
    to_sign,
)
from app.domain.answers import Checked, check_answers, names_of
from app.domain.case import ApplicationStatus, TimerKind
from app.domain.errors import Declined, Forbidden, Invalid, NotFound, Problem, problem
from app.domain.events import EventKind
from app.domain.expressions import compile_expression
from app.domain.numbers import is_entity_number
from app.domain.passport import DocumentKind, DocumentRule, Form, Passport, Purpose, StandingStatus, Variant
from app.domain.people import Actor, Role
from app.domain.permissions import Action, require
from app.domain.text import Text
from app.domain.views import DocumentToSign, WantedSignature
from app.history.recording import record
from app.store.bundles import passport_of
from app.store.tables import Application, Case, Document, ProcessVersion, Timer
from app.store.unit_of_work import UnitOfWork

Answers = Mapping[str, Mapping[str, Any]]


def start_application(office: Office, actor: Actor, service_id: str, variant_id: str) -> str:
    """A new draft on the newest published version of the service."""
    require(actor, Action.FILE_APPLICATION)
    with office.unit_of_work() as uow:
        version = uow.processes.newest(service_id)
        if version is None:
            raise NotFound("There is no published service '%(id)s'.", id=service_id)
        passport = passport_of(uow.processes.bundle(version))
        _require_open(office, passport)
        application = uow.cases.add_application(
            Application(
                applicant_id=actor.id,
                version_id=version.id,
                service=service_id,
                variant=passport.variant(variant_id).id,
                answers=_prefilled(office, passport, actor),
                changed_at=office.clock.now(),
            )
        )
        uow.commit()
        return application.id


def _require_open(office: Office, passport: Passport) -> None:
    if passport.standing.status is not StandingStatus.IN_FORCE and not office.settings.demonstration:
        raise Forbidden("“%(service)s” is not in force and takes no new applications.", service=passport.title)


def _prefilled(office: Office, passport: Passport, actor: Actor) -> dict[str, dict[str, Any]]:
    known = {
        "applicant.name": actor.name,
        "applicant.iin": actor.iin,
        "applicant.bin": actor.bin,
        "applicant.organisation": actor.organisation,
        "today": office.today().isoformat(),
    }
    return {
        form.id: {f.id: value for f in form.fields if (value := known.get(f.prefill or ""))}
        for form in passport.forms
        if form.purpose in (Purpose.APPLICATION, Purpose.SUPPORTING)
    }


def save_application(office: Office, actor: Actor, application_id: str, answers: Answers) -> None:
    """Keeps whatever was typed, right or wrong."""
    with office.unit_of_work() as uow:
        application, _ = _own_draft(uow, actor, application_id)
        typed = {form: dict(fields) for form, fields in answers.items()}
        if typed != application.answers:
            application.answers = typed
            _changed(office, uow, application)
        uow.commit()


def _changed(office: Office, uow: UnitOfWork, application: Application) -> None:
    """What was printed no longer says what would be filed: it has to be printed, looked at and signed anew."""
    application.changed_at = office.clock.now()
    for document in _printed(uow, application):
        uow.documents.remove(document)


def _printed(uow: UnitOfWork, application: Application) -> list[Document]:
    return [document for document in uow.documents.of_application(application.id) if document.printed]


def _attached(uow: UnitOfWork, application: Application) -> list[Document]:
    return [document for document in uow.documents.of_application(application.id) if not document.printed]


def attach(
    office: Office, actor: Actor, application_id: str, document_rule_id: str, filename: str, media_type: str, content: bytes
) -> None:
    """Attaches a file under a document rule, in place of the one before."""
    with office.unit_of_work() as uow:
        application, passport = _own_draft(uow, actor, application_id)
        rule = _rule(passport.variant(application.variant), document_rule_id)
        _check_file(rule, filename, media_type, content)
        _remove_attachment(uow, application, rule.id)
        _changed(office, uow, application)
        uow.documents.add(
            Document(
                application_id=application.id,
                kind=rule.id,
                title=text_as_json(rule.title),
                filename=filename[-200:],
                media_type=media_type,
                size=len(content),
                sha256=uow.documents.keep(content),
                added_at=office.clock.now(),
            )
        )
        uow.commit()


MAGIC = {"application/pdf": (b"%PDF-",), "image/png": (b"\x89PNG\r\n",), "image/jpeg": (b"\xff\xd8\xff",)}


def _check_file(rule: DocumentRule, filename: str, media_type: str, content: bytes) -> None:
    place = f"documents.{rule.id}"
    if rule.kind is not DocumentKind.FILE:
        raise Invalid("“%(document)s” is filled in here, not attached.", document=rule.title)
    found: Problem | None = None
    if not content:
        found = problem(place, "The file “%(file)s” is empty (0 bytes).", file=filename)
    elif rule.max_bytes is not None and len(content) > rule.max_bytes:
        found = problem(
            place,
            "The file “%(file)s” is too large: at most %(most)s MB are taken, it has %(found)s MB.",
            file=filename,
            most=rule.max_bytes // 2**20,
            found=-(-len(content) // 2**20),
        )
    elif rule.media_types and (media_type not in rule.media_types or not content.startswith(MAGIC.get(media_type, (b"",)))):
        found = problem(
            place,
            "The file “%(file)s” is not of a kind taken here: %(kinds)s.",
            file=filename,
            kinds=", ".join(kind.partition("/")[2].upper() for kind in rule.media_types),
        )
    if found:
        raise Invalid(found.sentence.template, problems=[found], **found.sentence.values)


def detach(office: Office, actor: Actor, application_id: str, document_rule_id: str) -> None:
    with office.unit_of_work() as uow:
        application, _ = _own_draft(uow, actor, application_id)
        _remove_attachment(uow, application, document_rule_id)
        _changed(office, uow, application)
        uow.commit()


def discard_application(office: Office, actor: Actor, application_id: str) -> None:
    with office.unit_of_work() as uow:
        application, _ = _own_draft(uow, actor, application_id)
        for document in uow.documents.of_application(application.id):
            uow.documents.remove(document)
        uow.flush()
        uow.cases.remove_application(application)
        uow.commit()


def prepare_application(office: Office, actor: Actor, application_id: str) -> tuple[DocumentToSign, ...]:
    """Checks the whole application and prints its forms, as they will be signed and kept.

    Asked again on the same day it shows the same documents, unless the draft was changed meanwhile.
    Raises Invalid with every problem at its place: `form.field`, `form.table[row].column` or `documents.<rule>`.
    """
    with office.unit_of_work() as uow:
        application, passport = _own_draft(uow, actor, application_id)
        letters = _letters(office, uow, passport, application, actor)
        known = {document.kind for document in _printed(uow, application) if printed_today(office, document)}
    contents = {letter.kind: letter.printed(office) for letter, _ in letters if letter.kind not in known}
    with office.unit_of_work() as uow:
        application, passport = _own_draft(uow, actor, application_id)
        if _letters(office, uow, passport, application, actor) != letters:
            raise Declined("The application was changed in another window meanwhile. Look at it again.")
        documents = {document.kind: document for document in _printed(uow, application)}
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
    answers = _check_application(uow, passport, application, actor)
    variant = passport.variant(application.variant)
    files = uow.processes.bundle(_version(uow, application)).files
    values = {
        "passport": passport,
        "variant": variant,
        "answers": answers,
        "applicant": actor,
        "attachments": [
            {"title": Text(**document.title), "filename": document.filename, "sha256": document.sha256}
            for document in _attached(uow, application)
        ],
        "today": office.today(),
    }
    letters = []
    for rule in _wanted_rules(passport, variant, answers, application):
        form = passport.form(rule.form) if rule.form else None
        if form is not None and form.letter is not None:
            letter = Letter(rule.id, rule.title, files[form.letter], {**values, "form": form})
            letters.append((letter, wanted_of(passport, rule, answers, actor)))
    return letters


def file_application(office: Office, actor: Actor, application_id: str, signatures: Given) -> str:
    """Files a signed application: the case begins, and the term runs from its legal registration. Gives the case id."""
    require(actor, Action.FILE_APPLICATION)
    with office.unit_of_work() as uow:
        application, passport = _own_draft(uow, actor, application_id)
        _require_open(office, passport)
        version = _version(uow, application)
        clean = _check_application(uow, passport, application, actor)
        variant = passport.variant(application.variant)
        printed = {document.kind: document for document in _printed(uow, application)}
        signed: dict[str, list[str]] = {}  # document kind → serials of the certificates
        for rule in _wanted_rules(passport, variant, clean, application):
            if rule.kind is DocumentKind.FORM and rule.signed_by:
                if rule.id not in printed:
                    raise Invalid("“%(document)s” was not shown for signing yet.", document=rule.title)
                wanted = wanted_of(passport, rule, clean, actor)
                taken = take_signatures(office, uow, printed[rule.id], wanted, signatures, actor=actor, on_behalf_of="")
                signed[rule.id] = [signature.serial for signature in taken]
        case = _open_case(office, uow, application, version, passport, actor)
        application.answers = clean
        application.status = ApplicationStatus.FILED
        uow.documents.attach_to_case(application.id, case.id)
        this = Running(case, office.engine.load(uow.processes.bundle(version)), passport)
        record(
            uow,
            case,
            EventKind.APPLICATION_FILED,
            at=case.received_at,
            actor=actor,
            role=Role.APPLICANT,
            details={
                "service": case.service,
                "variant": case.variant,
                "version": version.digest,
                "received_at": case.received_at.isoformat(),
                "registered_at": case.registered_at.isoformat(),
                "result_due": case.result_due.isoformat() if case.result_due else None,
                "documents": {d.kind: d.sha256 for d in uow.documents.of_application(application.id)},
                "signatures": signed,
            },
        )
        _start_service_term(office, uow, this)
        flags = {"case_id": case.id, "variant": case.variant}
        advance(office, uow, this, lambda process, call: office.engine.start(process, flags, call_handler=call))
        uow.commit()
        return case.id


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


def _start_service_term(office: Office, uow: UnitOfWork, this: Running) -> None:
    case, terms = this.case, office.terms(this.passport)
    if case.result_due is None or case.term is None:
        return
    reminder = terms.reminder(case.registered_at, case.result_due)
    for kind, due in ((TimerKind.SERVICE_REMINDER, reminder), (TimerKind.SERVICE_DEADLINE, case.result_due)):
        uow.timing.add(
            Timer(
                case_id=case.id,
                kind=kind,
                due_at=due,
                term=case.term,
                counted_from=case.registered_at,
                calendar_edition=terms.calendar.edition,
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


def _check_application(uow: UnitOfWork, passport: Passport, application: Application, actor: Actor) -> dict[str, dict[str, Any]]:
    clean: dict[str, dict[str, Any]] = {}
    problems: list[Problem] = []
    for form in _forms(passport):
        checked = check_answers(passport, form, application.answers.get(form.id, {}), variant=application.variant)
        clean[form.id] = checked.values
        problems.extend(checked.problems)
        problems.extend(_not_the_applicants(form, checked, actor))
    attached = {document.kind for document in _attached(uow, application)}
    variant = passport.variant(application.variant)
    for rule in _wanted_rules(passport, variant, clean, application):
        if rule.kind is DocumentKind.FILE and rule.id not in attached:
            problems.append(problem(f"documents.{rule.id}", "Attach this document: %(document)s.", document=rule.title))
    if problems:
        raise Invalid("The application is not complete yet.", problems=problems)
    return clean


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


def _forms(passport: Passport) -> Iterator[Form]:
    return (form for form in passport.forms if form.purpose in (Purpose.APPLICATION, Purpose.SUPPORTING))


def _wanted_rules(passport: Passport, variant: Variant, answers: Answers, application: Application) -> Iterator[DocumentRule]:
    """The document rules that hold for these answers."""
    form = passport.application
    names = names_of(form, answers.get(form.id, {}), variant=application.variant)
    for rule in variant.documents:
        if rule.always or compile_expression(rule.required).evaluate(names):
            yield rule


def _own_draft(uow: UnitOfWork, actor: Actor, application_id: str) -> tuple[Application, Passport]:
    """The draft, locked: nothing typed or attached in another window slips in once it is being filed."""
    application = uow.cases.application(application_id, lock=True)
    if application is None or application.applicant_id != actor.id:
        raise NotFound("There is no application '%(id)s' of yours.", id=application_id)
    if application.status is not ApplicationStatus.DRAFT:
        raise Declined("This application is filed already; it can no longer be changed.")
    return application, passport_of(uow.processes.bundle(_version(uow, application)))


def _version(uow: UnitOfWork, application: Application) -> ProcessVersion:
    version = uow.processes.get(application.version_id)
    if version is None:
        raise NotFound("The process version '%(id)s' is not stored.", id=application.version_id)
    return version


def _rule(variant: Variant, rule_id: str) -> DocumentRule:
    found = next((rule for rule in variant.documents if rule.id == rule_id), None)
    if found is None:
        raise NotFound("The service asks for no document '%(id)s'.", id=rule_id)
    return found


def _remove_attachment(uow: UnitOfWork, application: Application, rule_id: str) -> None:
    for document in _attached(uow, application):
        if document.kind == rule_id:
            uow.documents.remove(document)
