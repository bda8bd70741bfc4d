"""Documents printed here, shown, and signed: a signature is taken only over the exact bytes that were shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from app.cases.office import Office
from app.domain.errors import Declined, Forbidden, Invalid, Sentence, Unavailable
from app.domain.people import Actor
from app.domain.ports import Hole, SignatureCheck, Verdict
from app.domain.text import Text
from app.domain.views import DocumentToSign, WantedSignature
from app.store.tables import Document, Signature
from app.store.unit_of_work import UnitOfWork

Given = Sequence[tuple[str, bytes]]
"""Signatures as they come in: (document id, detached CMS)."""

PDF = "application/pdf"

NO_SIGNATURE_FILE = "“%(file)s” is no signature file: CMS in DER, PEM or base64 is expected."

SIGNS_FOR_ORGANISATION = frozenset({"1.2.398.3.3.4.1.2.1", "1.2.398.3.3.4.1.2.2"})
"""Roles in a certificate that suffice to sign for an organisation: its first head, and who has the right to sign."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A signature that came in, checked over the bytes its document had then."""

    document_id: str
    cms: bytes
    covered: str  # sha-256 of these bytes
    check: SignatureCheck


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
    hole: Hole | None = None,
) -> Document:
    """Keeps a printed letter's bytes, so that what is shown, signed and later verified is one and the same.

    The print before it stays when it says the same to the letter, and is thrown away otherwise.
    """
    digest = uow.documents.keep(content)
    if in_place_of is not None:
        if in_place_of.sha256 == digest:
            if not printed_today(office, in_place_of):
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
            signature_place=_place(hole, content) if hole else None,
        )
    )


def _place(hole: Hole, content: bytes) -> dict[str, Any]:
    signed = sha256(hole.around(content)).hexdigest()
    return {"start": hole.start, "end": hole.end, "plain": hole.plain, "sha256": signed}


def hole_of(document: Document) -> Hole | None:
    """Where the PDF keeps its signature; None for a document that is signed as a whole."""
    place = document.signature_place
    return Hole(place["start"], place["end"], place["plain"]) if place else None


def signed_part(document: Document, content: bytes) -> bytes:
    """The bytes of the document that a signature covers."""
    hole = hole_of(document)
    return hole.around(content) if hole else content


def printed_today(office: Office, document: Document) -> bool:
    """A print says the day it is signed on; on the next day it is out of date."""
    return office.civil_day(document.added_at) == office.today()


def own_signature(capacity: Text, actor: Actor) -> WantedSignature:
    """The person's own signature. Raises Forbidden where no IIN is known: anybody's certificate would do then."""
    if not actor.iin:
        raise Forbidden("%(name)s cannot sign: no IIN is entered for this person.", name=actor.name)
    return WantedSignature(capacity, actor.iin, actor.bin)


def to_sign(document: Document, wanted: Sequence[WantedSignature]) -> DocumentToSign:
    place = document.signature_place
    digest = place["sha256"] if place else document.sha256
    return DocumentToSign(document.id, Text(**document.title), digest, document.size, tuple(wanted), inside=place is not None)


def judge(office: Office, given: Given) -> tuple[Judged, ...]:
    """Checks each signature over the bytes of its document. Authorities are asked over the network, so this is done before the
    transaction that takes the signatures; nothing is decided here."""
    with office.reading() as uow:
        found = [(uow.documents.get(document_id), cms) for document_id, cms in given]
        parts = [(document, signed_part(document, uow.documents.content(document)), cms) for document, cms in found if document]
    now = office.clock.now()
    return tuple(
        Judged(document.id, cms, sha256(part).hexdigest(), office.signatures.verify(part, cms, at=now))
        for document, part, cms in parts
    )


def take_signatures(
    office: Office,
    uow: UnitOfWork,
    document: Document,
    wanted: Sequence[WantedSignature],
    judged: Sequence[Judged],
    *,
    actor: Actor,
    on_behalf_of: str,
) -> list[Signature]:
    """Sees that every wanted signature is among those judged for this document, and keeps them with their evidence. A PDF with
    a place for its signature gets it there.

    Raises Invalid with the reason for the first signature that is missing or does not hold, Unavailable when one cannot be
    checked here, Declined when the document was signed before or is another one by now.
    """
    if uow.documents.signatures([document.id])[document.id]:
        raise Declined("This document is signed already.")
    now = office.clock.now()
    content = uow.documents.content(document)
    covered = sha256(signed_part(document, content)).hexdigest()
    here = [each for each in judged if each.document_id == document.id]
    if any(each.covered != covered for each in here):
        raise Declined("The document was printed anew after it was shown. Look at it again and sign.")
    taken = []
    for want in wanted:
        found = _matching(uow, want, here, document)
        taken.append((_signature(document, found, actor, on_behalf_of, now), found))
    for signature, found in taken:
        uow.documents.sign(signature, found.check.evidence)
        hole = hole_of(document)
        if hole is not None:
            uow.documents.change_content(document, _signed_pdf(document, hole, content, found))
    return [signature for signature, _ in taken]


def _signed_pdf(document: Document, hole: Hole, content: bytes, found: Judged) -> bytes:
    if not hole.plain and not found.check.names_certificate:
        raise Invalid(
            "Your signing program does not name the certificate inside the signature, as a PAdES document needs it. Print "
            "“%(document)s” anew for such a program, look at it and sign.",
            document=Text(**document.title),
        )
    return hole.filled(content, found.cms)


def _matching(uow: UnitOfWork, want: WantedSignature, judged: Sequence[Judged], document: Document) -> Judged:
    title = Text(**document.title)
    if not judged:
        raise Invalid("“%(document)s” is not signed yet by: %(who)s.", document=title, who=want.who)
    mismatches: list[Sentence] = []
    for each in judged:
        _require_holding(uow, each.check, title)
        mismatch = mismatch_of(want, each.check)
        if mismatch is None:
            return each
        mismatches.append(mismatch)
    raise Invalid(mismatches[0].template, **mismatches[0].values)


def _require_holding(uow: UnitOfWork, check: SignatureCheck, title: Text) -> None:
    """A signature that was given once before is called so, whatever else is wrong with it in this place."""
    if check.fingerprint and uow.documents.is_given_before(check.fingerprint):
        raise Invalid(
            "This signature under “%(document)s” was given once before. Each document needs a signature of its own: sign anew.",
            document=title,
        )
    if check.verdict is Verdict.CANNOT_BE_CHECKED:
        raise Unavailable(
            "The signature under “%(document)s” cannot be checked here: %(reason)s", document=title, reason=check.sentence
        )
    if check.verdict is Verdict.INVALID:
        raise Invalid("The signature under “%(document)s” does not hold: %(reason)s", document=title, reason=check.sentence)


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
    if want.bin and not SIGNS_FOR_ORGANISATION & set(signatory.roles):
        return Sentence(
            "The certificate of %(found)s is an employee’s. For the organisation signs its first head or who has the right to "
            "sign; anybody else needs a power of attorney, which is not taken here.",
            {"found": signatory.name},
        )
    return None


def _signature(document: Document, found: Judged, actor: Actor, on_behalf_of: str, now: datetime) -> Signature:
    check, signatory = found.check, found.check.signatory
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
        cms=found.cms,
        certificate=check.certificate,
        serial=check.serial,
        algorithm=check.algorithm,
        verdict=check.verdict.value,
        reason=check.reason,
        revocation=check.revocation,
        signed_at=now,
        fingerprint=check.fingerprint,
    )
