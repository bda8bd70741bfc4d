"""A draft application: it keeps whatever is typed, chosen and attached, right or wrong, until it is filed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from app.cases.office import Office
from app.cases.signing import text_as_json
from app.domain.answers import documents_in
from app.domain.case import ApplicationStatus
from app.domain.errors import Declined, Forbidden, Invalid, NotFound, Problem, Stale, problem
from app.domain.fees import PAYMENT
from app.domain.passport import Channel, DocumentKind, DocumentRule, Opener, Passport, Purpose, StandingStatus
from app.domain.people import Actor
from app.domain.permissions import Action, require
from app.store.bundles import passport_of
from app.store.tables import Application, Document, ProcessVersion
from app.store.unit_of_work import UnitOfWork

Answers = Mapping[str, Mapping[str, Any]]


def start_application(
    office: Office,
    actor: Actor,
    service_id: str,
    variant_id: str,
    channel: Channel | None = None,
    *,
    known: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """A new draft on the version of the service in force now; by the portal, where the service has it and no channel is
    named. `known` is offered where a field's prefill names it."""
    require(actor, Action.FILE_APPLICATION)
    with office.unit_of_work() as uow:
        version = uow.processes.in_force(service_id, office.clock.now())
        if version is None:
            raise NotFound("There is no published service '%(id)s'.", id=service_id)
        passport = passport_of(uow.processes.bundle(version))
        require_open(office, passport)
        if passport.opened_by is not Opener.APPLICANT:
            raise Forbidden("“%(service)s” is a duty of the provider; nobody applies for it.", service=passport.title)
        application = uow.cases.add_application(
            Application(
                applicant_id=actor.id,
                version_id=version.id,
                service=service_id,
                variant=passport.variant(variant_id).id,
                channel=_channel(passport, channel).value,
                answers=_prefilled(office, passport, actor, known),
                changed_at=office.clock.now(),
            )
        )
        uow.commit()
        return application.id


def require_open(office: Office, passport: Passport) -> None:
    if passport.standing.status is not StandingStatus.IN_FORCE and not office.settings.demonstration:
        raise Forbidden("“%(service)s” is not in force and takes no new applications.", service=passport.title)


def _channel(passport: Passport, wanted: Channel | None) -> Channel:
    if wanted is None:
        return Channel.PORTAL if Channel.PORTAL in passport.channels else passport.channels[0]
    if wanted not in passport.channels:
        raise Invalid(
            "“%(service)s” takes no applications by the channel '%(channel)s'.", service=passport.title, channel=wanted.value
        )
    return wanted


def _prefilled(office: Office, passport: Passport, actor: Actor, more: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    known = {
        **more,
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


def save_application(
    office: Office, actor: Actor, application_id: str, answers: Answers, *, made_upon: str | None = None
) -> None:
    """Keeps whatever was typed, right or wrong. How the fee is to be paid stays as chosen unless it is chosen anew.

    Raises Stale where the answers kept are not of the edition these were `made_upon`; None: they may be any.
    """
    with office.unit_of_work() as uow:
        application, _ = own_draft(uow, actor, application_id)
        if made_upon not in (None, edition(application.answers)):
            raise Stale("The application was changed in another window meanwhile. Look at it again.")
        kept = {PAYMENT: application.answers[PAYMENT]} if PAYMENT in application.answers else {}
        typed = kept | {form: dict(fields) for form, fields in answers.items()}
        if typed != application.answers:
            application.answers = typed
            changed(office, uow, application)
        uow.commit()


def edition(answers: Answers) -> str:
    """What tells one set of answers from another."""
    return sha256(json.dumps(answers, sort_keys=True).encode()).hexdigest()[:16]


def changed(office: Office, uow: UnitOfWork, application: Application) -> None:
    """What was printed no longer says what would be filed: it has to be printed, looked at and signed anew."""
    application.changed_at = office.clock.now()
    for document in printed(uow, application):
        uow.documents.remove(document)


def printed(uow: UnitOfWork, application: Application) -> list[Document]:
    return [document for document in uow.documents.of_application(application.id) if document.printed]


def attached(uow: UnitOfWork, application: Application) -> list[Document]:
    return [document for document in uow.documents.of_application(application.id) if not document.printed]


def attach(
    office: Office, actor: Actor, application_id: str, document_rule_id: str, filename: str, media_type: str, content: bytes
) -> None:
    """Attaches a file under a document rule, in place of the one before."""
    with office.unit_of_work() as uow:
        application, passport = own_draft(uow, actor, application_id)
        rule = _rule(passport, application, document_rule_id)
        _check_file(rule, filename, media_type, content)
        _remove_attachment(uow, application, rule.id)
        changed(office, uow, application)
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
    if rule.kind is DocumentKind.FORM:
        raise Invalid("“%(document)s” is filled in here, not attached.", document=rule.title)
    if rule.kind is DocumentKind.PAPER:
        raise Invalid("“%(document)s” is brought to the provider, not attached.", document=rule.title)
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
        application, _ = own_draft(uow, actor, application_id)
        _remove_attachment(uow, application, document_rule_id)
        changed(office, uow, application)
        uow.commit()


def discard_application(office: Office, actor: Actor, application_id: str) -> None:
    """Deletes a draft and its files. Raises Declined once its fee is paid: the payment would be lost with it."""
    with office.unit_of_work() as uow:
        application, _ = own_draft(uow, actor, application_id)
        if uow.cases.payment(application.id):
            raise Declined("The fee of this application is paid: the draft is kept, so that the payment is not lost.")
        for document in uow.documents.of_application(application.id):
            uow.documents.remove(document)
        uow.flush()
        uow.cases.remove_application(application)
        uow.commit()


def own_draft(uow: UnitOfWork, actor: Actor, application_id: str) -> tuple[Application, Passport]:
    """The draft, locked: nothing typed or attached in another window slips in once it is being filed."""
    application = uow.cases.application(application_id, lock=True)
    if application is None or application.applicant_id != actor.id:
        raise NotFound("There is no application '%(id)s' of yours.", id=application_id)
    if application.status is not ApplicationStatus.DRAFT:
        raise Declined("This application is filed already; it can no longer be changed.")
    return application, passport_of(uow.processes.bundle(version_of(uow, application)))


def version_of(uow: UnitOfWork, application: Application) -> ProcessVersion:
    version = uow.processes.get(application.version_id)
    if version is None:
        raise NotFound("The process version '%(id)s' is not stored.", id=application.version_id)
    return version


def _rule(passport: Passport, application: Application, rule_id: str) -> DocumentRule:
    rules = documents_in(passport.variant(application.variant), application.channel)
    found = next((rule for rule in rules if rule.id == rule_id), None)
    if found is None:
        raise NotFound("The service asks for no document '%(id)s'.", id=rule_id)
    return found


def _remove_attachment(uow: UnitOfWork, application: Application, rule_id: str) -> None:
    for document in attached(uow, application):
        if document.kind == rule_id:
            uow.documents.remove(document)
