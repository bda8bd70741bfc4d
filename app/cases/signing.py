"""Documents printed here, shown, and signed: a signature is taken only over the exact bytes that were shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.cases.office import Office
from app.domain.errors import Declined, Forbidden, Invalid, Sentence, Unavailable
from app.domain.people import Actor
from app.domain.ports import SignatureCheck, Verdict
from app.domain.text import Text
from app.domain.views import DocumentToSign, WantedSignature
from app.store.tables import Document, Signature
from app.store.unit_of_work import UnitOfWork

Given = Sequence[tuple[str, bytes]]
"""Signatures as they come in: (document id, detached CMS)."""

PDF = "application/pdf"


def text_as_json(text: Text) -> dict[str, str]:
    return {"kk": text.kk, "ru": text.ru, "en": text.en}


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be printed. Printing takes most of a second, so it is done while no transaction is open."""

    kind: str
    title: Text
    template: bytes
    values: Mapping[str, Any]

    def printed(self, office: Office) -> bytes:
        return office.letters.pdf(self.template, self.values, language="kk", title=self.title.kk)


def keep_printed(
    office: Office,
    uow: UnitOfWork,
    letter: Letter,
    content: bytes,
    *,
    in_place_of: Document | None,
    application_id: str,
    case_id: str | None = None,
    work_item_id: str | None = None,
    prepared_for: str | None = None,
) -> Document:
    """Keeps a printed letter's bytes, so that what is shown, signed and later verified is one and the same.

    The print before it stays when it says the same to the letter, and is thrown away otherwise.
    """
    digest = uow.documents.keep(content)
    if in_place_of is not None:
        if in_place_of.sha256 == digest:
            in_place_of.added_at = office.clock.now()
            return in_place_of
        uow.documents.remove(in_place_of)
    return uow.documents.add(
        Document(
            application_id=application_id,
            case_id=case_id,
            work_item_id=work_item_id,
            prepared_for=prepared_for,
            kind=letter.kind,
            title=text_as_json(letter.title),
            filename=f"{letter.kind}.pdf",
            media_type=PDF,
            size=len(content),
            sha256=digest,
            printed=True,
            added_at=office.clock.now(),
        )
    )


def printed_today(office: Office, document: Document) -> bool:
    """A print says the day it is signed on; on the next day it is out of date."""
    return office.civil_day(document.added_at) == office.today()


def own_signature(capacity: Text, actor: Actor) -> WantedSignature:
    """The person's own signature. Raises Forbidden where no IIN is known: anybody's certificate would do then."""
    if not actor.iin:
        raise Forbidden("%(name)s cannot sign: no IIN is entered for this person.", name=actor.name)
    return WantedSignature(capacity, actor.iin, actor.bin)


def to_sign(document: Document, wanted: Sequence[WantedSignature]) -> DocumentToSign:
    return DocumentToSign(document.id, Text(**document.title), document.sha256, document.size, tuple(wanted))


def take_signatures(
    office: Office,
    uow: UnitOfWork,
    document: Document,
    wanted: Sequence[WantedSignature],
    given: Given,
    *,
    actor: Actor,
    on_behalf_of: str,
) -> list[Signature]:
    """Checks that every wanted signature is among those given for this document, and keeps them with their evidence.

    Raises Invalid with the reason for the first signature that is missing or does not hold, Unavailable when one cannot be
    checked here, Declined when the document was signed before.
    """
    if uow.documents.signatures([document.id])[document.id]:
        raise Declined("This document is signed already.")
    now = office.clock.now()
    content = uow.documents.content(document)
    checks = [(cms, office.signatures.verify(content, cms, at=now)) for to, cms in given if to == document.id]
    taken = []
    for want in wanted:
        cms, check = _matching(want, checks, document)
        taken.append(_signature(document, cms, check, actor, on_behalf_of, now))
    for signature in taken:
        uow.documents.sign(signature)
    return taken


def _matching(
    want: WantedSignature, checks: Sequence[tuple[bytes, SignatureCheck]], document: Document
) -> tuple[bytes, SignatureCheck]:
    title = Text(**document.title)
    if not checks:
        raise Invalid("“%(document)s” is not signed yet by: %(who)s.", document=title, who=want.who)
    mismatches: list[Sentence] = []
    for cms, check in checks:
        if check.verdict is Verdict.CANNOT_BE_CHECKED:
            raise Unavailable(
                "The signature under “%(document)s” cannot be checked here: %(reason)s", document=title, reason=check.sentence
            )
        if check.verdict is Verdict.INVALID:
            raise Invalid("The signature under “%(document)s” does not hold: %(reason)s", document=title, reason=check.sentence)
        mismatch = mismatch_of(want, check)
        if mismatch is None:
            return cms, check
        mismatches.append(mismatch)
    raise Invalid(mismatches[0].template, **mismatches[0].values)


def mismatch_of(want: WantedSignature, check: SignatureCheck) -> Sentence | None:
    """Why a valid signature is not the wanted person's, or None when it is."""
    signatory = check.signatory
    if signatory is None:
        return Sentence("The certificate names nobody.")
    if want.iin and signatory.iin != want.iin:
        return Sentence(
            "The signature of %(who)s was expected (IIN %(wanted)s); the certificate is of %(found)s.",
            {"who": want.who, "wanted": want.iin, "found": signatory.iin or signatory.name},
        )
    if want.bin and signatory.bin != want.bin:
        return Sentence(
            "The signature of %(who)s was expected (BIN %(wanted)s); the certificate is of %(found)s.",
            {"who": want.who, "wanted": want.bin, "found": signatory.bin or signatory.iin},
        )
    return None


def _signature(
    document: Document, cms: bytes, check: SignatureCheck, actor: Actor, on_behalf_of: str, now: datetime
) -> Signature:
    signatory = check.signatory
    if signatory is None:
        raise Invalid("The certificate names nobody.")
    own = signatory.iin == actor.iin
    return Signature(
        document_id=document.id,
        signer_id=actor.id if own else None,
        name=signatory.name,
        iin=signatory.iin,
        bin=signatory.bin,
        organisation=signatory.organisation,
        position=text_as_json(actor.position if own else Text("")),
        on_behalf_of=on_behalf_of if own else "",
        cms=cms,
        certificate=check.certificate,
        serial=check.serial,
        algorithm=check.algorithm,
        verdict=check.verdict.value,
        reason=check.reason,
        revocation=check.revocation,
        signed_at=now,
    )
