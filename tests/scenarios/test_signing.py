"""Signatures in the course of a case: each counts once, the evidence stays, and no transaction waits for an authority."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest

from app.cases import drafting, filing, viewing, working
from app.cases.office import Office
from app.domain.errors import Declined, Invalid, RasimError
from app.domain.ports import KeyPurpose, SignatureCheck, SignatureVerifier
from app.gateways.authority import TestAuthority
from tests.clock import HandClock
from tests.desk import PDF, Desk
from tests.local_server import LocalServer
from tests.press import with_short_letters
from tests.signing_parties import Parties
from tests.threads import at_once


@pytest.fixture
def desk(office: Office, clock: HandClock, authority: TestAuthority) -> Desk:
    return Desk(with_short_letters(office), clock, authority)


@pytest.fixture
def parties(desk: Desk, tmp_path: Path) -> Iterator[Parties]:
    with LocalServer(lambda *_: (404, b"")) as server:
        yield Parties(tmp_path / "authority", desk.office, server)


def prepared(desk: Desk, parties: Parties, application: str) -> list[tuple[str, bytes]]:
    """The documents to sign with their bytes."""
    actor = desk.actor("company")
    documents = filing.prepare_application(parties.office, actor, application)
    return [(each.id, viewing.bytes_to_sign(parties.office, actor, each.id)) for each in documents]


def test_a_signature_counts_for_one_of_two_applications_filed_at_the_same_moment(
    desk: Desk, parties: Parties, clock: HandClock
) -> None:
    applications = [desk.draft(), desk.draft()]
    documents = [prepared(desk, parties, application) for application in applications]
    assert [content for _, content in documents[0]] == [content for _, content in documents[1]]
    key, actor = parties.key("company"), desk.actor("company")
    made = [key.sign(content, clock.now()) for _, content in documents[0]]

    def file(number: int) -> str:
        given = [(document, cms) for (document, _), cms in zip(documents[number], made, strict=True)]
        try:
            return filing.file_application(parties.office, actor, applications[number], given)
        except (Invalid, Declined) as error:
            return type(error).__name__

    ended = at_once([lambda: file(0), lambda: file(1)])
    refused = [each for each in ended if each in ("Invalid", "Declined")]
    assert len(refused) == 1


def test_one_list_is_kept_once_for_many_signatures(desk: Desk, parties: Parties, clock: HandClock) -> None:
    parties.responds = False
    application = desk.draft()
    actor, key = desk.actor("company"), parties.key("company")
    given = [(document, key.sign(content, clock.now())) for document, content in prepared(desk, parties, application)]
    filing.file_application(parties.office, actor, application, given)
    with parties.office.reading() as uow:
        signatures = [each for found in uow.documents.signatures([document for document, _ in given]).values() for each in found]
        answers = [uow.documents.evidence(each.id) for each in signatures]
    assert len(answers) == 2
    assert answers[0] == answers[1]
    [answer] = answers[0]
    assert answer.source == f"CRL {parties.server.address}/issuing.crl"
    assert answer.answered_at == clock.now()


def test_evidence_outlives_a_document_of_the_same_bytes(desk: Desk, parties: Parties, clock: HandClock) -> None:
    parties.responds = False
    application, other = desk.draft(), desk.draft("company", attach=False)
    actor, key = desk.actor("company"), parties.key("company")
    given = [(document, key.sign(content, clock.now())) for document, content in prepared(desk, parties, application)]
    filing.file_application(parties.office, actor, application, given)
    with parties.office.reading() as uow:
        [signature] = uow.documents.signatures([given[0][0]])[given[0][0]]
        [answer] = uow.documents.evidence(signature.id)
    drafting.attach(parties.office, actor, other, "foreign_trade_contract", "list.pdf", "application/pdf", PDF + answer.content)
    with parties.office.unit_of_work() as uow:
        attached = next(each for each in uow.documents.of_application(other) if each.kind == "foreign_trade_contract")
        attached.sha256 = sha256(answer.content).hexdigest()  # as if the very list had been attached
        uow.documents.remove(attached)
        uow.commit()
    with parties.office.reading() as uow:
        assert uow.documents.evidence(signature.id) == [answer]


@dataclass(frozen=True)
class WritingMeanwhile:
    """A verifier that changes the database while it checks: an open transaction of the caller would stop it."""

    verifier: SignatureVerifier
    office: Office

    def verify(self, content: bytes, cms: bytes, *, at: datetime, purpose: KeyPurpose = KeyPurpose.SIGNING) -> SignatureCheck:
        with self.office.unit_of_work() as uow:
            for user, _ in uow.people.everyone():
                user.language = "ru"
            uow.commit()
        return self.verifier.verify(content, cms, at=at, purpose=purpose)


def test_no_transaction_is_open_while_an_authority_is_asked(desk: Desk) -> None:
    office = replace(desk.office, signatures=WritingMeanwhile(desk.office.signatures, desk.office))
    other = Desk(office, desk.clock, desk.authority)
    case_id = other.file()
    other.to_the_certificate(case_id)
    assert other.case(case_id).status.value == "issued"


def test_what_was_printed_anew_is_not_signed_unseen(desk: Desk) -> None:
    case_id = desk.file()
    desk.register(case_id)
    desk.appoint(case_id)
    desk.find_complete(case_id)
    desk.find_compliant(case_id)
    desk.draw_up(case_id)
    head, item = desk.actor("head"), desk.item(case_id, "head")
    shown = working.prepare_signing(desk.office, head, item.row.id)
    signature = desk.signature(shown, head, iin=head.iin, bin=head.bin)
    working.prepare_signing(desk.office, head, item.row.id, plain=True)  # in another window
    with pytest.raises(RasimError, match="printed anew after it was shown"):
        working.complete(
            desk.office,
            head,
            item.row.id,
            rev=desk.item(case_id, "head").rev,
            outcome="sign",
            answers={},
            signatures=[(shown.id, signature)],
        )


def test_history_names_the_bytes_that_were_shown_and_the_file_that_came_of_them(desk: Desk) -> None:
    case_id = desk.file()
    desk.to_the_certificate(case_id)
    with desk.office.reading() as uow:
        [signed] = [event for event in uow.history.of(case_id) if event.kind == "document-signed"]
    _, pdf = viewing.document(desk.office, desk.actor("head"), signed.details["document"])
    shown = viewing.bytes_to_sign(desk.office, desk.actor("head"), signed.details["document"])
    assert signed.details["sha256"] == sha256(pdf).hexdigest()
    assert signed.details["covered"] == sha256(shown).hexdigest()
