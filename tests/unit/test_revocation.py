"""Whether a certificate was revoked, asked over real sockets: whose answer counts, and that silence is never good."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from app.domain.ports import REVOCATION_NOT_CHECKED, SignatureCheck, Verdict
from app.gateways import signatures
from app.gateways.authority import IssuedKey, KeyKind, TestAuthority
from app.gateways.authority import Revocation as Revoked
from app.gateways.authority_certificates import ISSUING_LIST, RESPONDER, ROOT_LIST, responder_key
from app.gateways.authority_server import AuthorityServer, respond, revocation_list
from app.gateways.revocation import Revocation
from app.gateways.signatures import CmsVerifier
from tests.authority import MOMENT, PERSON
from tests.authority import authority as silent_authority
from tests.clock import HandClock
from tests.local_server import SILENCE, LocalServer

DOCUMENT = "Өтініш".encode()
COMPROMISE = x509.ReasonFlags.key_compromise
Reply = Callable[[bytes], tuple[int, bytes] | None]
SECONDS = 0.5  # how long these tests wait for a server that says nothing


class Contour:
    """A test authority whose answers go through a server of the test, which may spoil them."""

    def __init__(self, server: LocalServer, directory: Path) -> None:
        self.server, self.clock = server, HandClock(MOMENT)
        server.answer = self._answer
        self.authority = TestAuthority(directory, revocation_address=server.address)
        self.real = AuthorityServer(self.authority, self.clock)
        self.key = self.authority.issue(PERSON, kind=KeyKind.ECDSA)
        self.replies: dict[str, Reply] = {}

    def _answer(self, method: str, path: str, body: bytes) -> tuple[int, bytes] | None:
        if path in self.replies:
            return self.replies[path](body)
        if path == RESPONDER:
            return 200, self.real.answer(body)
        content = self.real.list_at(path)
        return (404, b"") if content is None else (200, content)

    def check(
        self, *, at: datetime = MOMENT, key: IssuedKey | None = None, revocation: Revocation | None = None
    ) -> SignatureCheck:
        asking = revocation or Revocation(seconds=SECONDS)
        verifier = CmsVerifier([self.authority.root_certificate], revocation=asking)
        return verifier.verify(DOCUMENT, (key or self.key).sign(DOCUMENT, at), at=at)

    def asked(self) -> list[str]:
        return [path for _, path, _ in self.server.asked]


@pytest.fixture
def contour(tmp_path: Path) -> Iterator[Contour]:
    with LocalServer(lambda *_: (404, b"")) as server:
        yield Contour(server, tmp_path / "authority")


def no_responder(contour: Contour) -> None:
    contour.replies[RESPONDER] = lambda _: (503, b"")


def revoke(contour: Contour, at: datetime = MOMENT - timedelta(days=1)) -> None:
    contour.authority.revoke(contour.key.certificate, at, COMPROMISE)


# --- Answers that count ----------------------------------------------------------------------------------------------


def test_the_responder_says_that_a_certificate_is_good(contour: Contour) -> None:
    check = contour.check()
    assert (check.verdict, check.revocation) == (Verdict.VALID, signatures.NOT_REVOKED_BY_OCSP)
    [own, above] = check.evidence
    assert (own.source, own.answered_at) == (f"OCSP {contour.server.address}{RESPONDER}", MOMENT)
    assert ocsp.load_der_ocsp_response(own.content).certificate_status is ocsp.OCSPCertStatus.GOOD
    assert above.source == f"CRL {contour.server.address}{ROOT_LIST}"  # of the issuing authority, by the root
    assert int(own.serial, 16) == contour.key.certificate.serial_number


def test_the_responder_says_when_and_why_a_certificate_was_revoked(contour: Contour) -> None:
    revoke(contour)
    check = contour.check()
    assert (check.verdict, check.reason) == (Verdict.INVALID, signatures.REVOKED)
    assert check.details["revoked_at"] == datetime(2026, 3, 1, 5, 30, tzinfo=UTC)
    assert check.details["why"].en == "the key was compromised"
    assert check.evidence[0].source.startswith("OCSP ")


def test_the_list_is_asked_when_the_responder_has_nothing_to_say(contour: Contour) -> None:
    no_responder(contour)
    check = contour.check()
    assert (check.verdict, check.revocation) == (Verdict.VALID, signatures.NOT_REVOKED_BY_CRL)
    assert contour.asked() == [RESPONDER, RESPONDER, ISSUING_LIST, ROOT_LIST]  # each silence is asked about twice
    assert check.evidence[0].content == contour.real.list_at(ISSUING_LIST)


def test_the_list_says_when_and_why_a_certificate_was_revoked(contour: Contour) -> None:
    no_responder(contour)
    revoke(contour)
    check = contour.check()
    assert (check.verdict, check.reason) == (Verdict.INVALID, signatures.REVOKED)
    assert check.details["revoked_at"] == datetime(2026, 3, 1, 5, 30, tzinfo=UTC)
    assert check.details["why"].en == "the key was compromised"


@pytest.mark.parametrize("by_list", [False, True])
def test_what_is_revoked_later_was_good_at_the_moment(contour: Contour, by_list: bool) -> None:
    if by_list:
        no_responder(contour)
    revoke(contour, MOMENT + timedelta(seconds=1))
    assert contour.check().verdict is Verdict.VALID
    contour.clock.pass_by(seconds=1)
    assert contour.check(at=MOMENT + timedelta(seconds=1)).reason == signatures.REVOKED


def test_a_revoked_issuing_authority_makes_what_it_issued_invalid(contour: Contour) -> None:
    contour.authority.revoke(contour.authority.issuing.certificate, MOMENT - timedelta(days=1), COMPROMISE)
    check = contour.check()
    assert (check.verdict, check.reason) == (Verdict.INVALID, signatures.AUTHORITY_REVOKED)


def test_a_silent_root_leaves_the_issuing_authority_in_doubt(contour: Contour) -> None:
    contour.replies[ROOT_LIST] = lambda _: (200, b"")
    assert contour.check().reason == signatures.NO_ANSWER


def test_an_answer_signed_by_the_issuing_authority_itself_counts(contour: Contour) -> None:
    contour.replies[RESPONDER] = lambda question: (200, answer(contour, question, contour.authority.issuing))
    assert contour.check().revocation == signatures.NOT_REVOKED_BY_OCSP


def test_configured_addresses_are_asked_in_place_of_those_in_the_certificate(contour: Contour) -> None:
    configured = Revocation(
        responders=[f"{contour.server.address}/own"], lists=[f"{contour.server.address}/list"], seconds=SECONDS
    )
    contour.replies["/list"] = lambda _: (200, contour.real.list_at(ISSUING_LIST) or b"")
    assert contour.check(revocation=configured).verdict is Verdict.VALID
    assert contour.asked() == ["/own", "/own", "/list", ROOT_LIST]


# --- Answers that do not count ---------------------------------------------------------------------------------------


def answer(
    contour: Contour,
    question: bytes,
    responder: IssuedKey,
    *,
    now: datetime = MOMENT,
    status: ocsp.OCSPCertStatus = ocsp.OCSPCertStatus.GOOD,
    serial: int | None = None,
    lives: timedelta | None = timedelta(hours=1),
    digest: hashes.HashAlgorithm | None = None,
    nonce: bytes | None = None,
) -> bytes:
    """An answer with something else about it than the authority's own."""
    request = ocsp.load_der_ocsp_request(question)
    builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
        request.issuer_name_hash,
        request.issuer_key_hash,
        request.serial_number if serial is None else serial,
        request.hash_algorithm,
        status,
        now,
        now + lives if lives else None,
        None,
        None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.NAME, responder.certificate).certificates([responder.certificate])
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return builder.sign(responder.private, digest or hashes.SHA256()).public_bytes(Encoding.DER)


def refusal(status: ocsp.OCSPResponseStatus) -> bytes:
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)


SPOILT: dict[str, Callable[[Contour, bytes], tuple[int, bytes] | None]] = {
    "try later": lambda c, q: (200, refusal(ocsp.OCSPResponseStatus.TRY_LATER)),
    "unauthorised": lambda c, q: (200, refusal(ocsp.OCSPResponseStatus.UNAUTHORIZED)),
    "unknown": lambda c, q: (200, answer(c, q, c.authority.issuing, status=ocsp.OCSPCertStatus.UNKNOWN)),
    "another certificate": lambda c, q: (200, answer(c, q, c.authority.issuing, serial=1)),
    "out of date": lambda c, q: (200, answer(c, q, c.authority.issuing, now=MOMENT - timedelta(hours=2))),
    "of the future": lambda c, q: (200, answer(c, q, c.authority.issuing, now=MOMENT + timedelta(minutes=6))),
    "old, without an end": lambda c, q: (
        200,
        answer(c, q, c.authority.issuing, now=MOMENT - timedelta(hours=1, minutes=6), lives=None),
    ),
    "of another question": lambda c, q: (200, answer(c, q, c.authority.issuing, nonce=b"another question")),
    "by another authority": lambda c, q: (200, answer(c, q, silent_authority().issuing)),
    "by a responder of another authority": lambda c, q: (200, answer(c, q, responder_key(silent_authority().issuing))),
    "by a certificate for signing": lambda c, q: (200, answer(c, q, c.key)),
    "changed on the way": lambda c, q: (200, flipped(answer(c, q, c.authority.issuing))),
    "HTML": lambda c, q: (200, b"<html>maintenance</html>"),
    "empty": lambda c, q: (200, b""),
    "too large": lambda c, q: (200, bytes(64 * 1024 + 1)),
    "a redirect": lambda c, q: (302, b""),
    "silence": lambda c, q: SILENCE,
}


def flipped(content: bytes) -> bytes:
    """Another day in the first of the answer's moments."""
    place = content.index(b"20260302")
    return content[:place] + b"20260303" + content[place + 8 :]


@pytest.mark.parametrize("kind", SPOILT)
def test_what_the_responder_says_wrongly_does_not_count(contour: Contour, kind: str) -> None:
    contour.replies[RESPONDER] = lambda question: SPOILT[kind](contour, question)
    contour.replies[ISSUING_LIST] = lambda _: (404, b"")
    check = contour.check()
    assert (check.verdict, check.reason) == (Verdict.CANNOT_BE_CHECKED, signatures.NO_ANSWER)
    assert contour.asked() == [RESPONDER, RESPONDER, ISSUING_LIST, ISSUING_LIST]


def listed(contour: Contour, *, now: datetime = MOMENT, issuer: IssuedKey | None = None, **more: object) -> tuple[int, bytes]:
    revoked = [Revoked(contour.key.certificate.serial_number, MOMENT - timedelta(days=1), COMPROMISE)]
    return 200, revocation_list(issuer or contour.authority.issuing, revoked, now, **more)  # type: ignore[arg-type]


def scope(**limits: bool) -> tuple[tuple[x509.IssuingDistributionPoint, bool], ...]:
    kinds = ("only_contains_user_certs", "only_contains_ca_certs", "indirect_crl", "only_contains_attribute_certs")
    given = {kind: limits.get(kind, False) for kind in kinds}
    return ((x509.IssuingDistributionPoint(None, None, only_some_reasons=None, **given), True),)


UNKNOWN_CRITICAL = ((x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True),)
LISTS: dict[str, Callable[[Contour], tuple[int, bytes] | None]] = {
    "empty": lambda c: (200, b""),
    "HTML": lambda c: (200, b"<html>maintenance</html>"),
    "out of date": lambda c: listed(c, now=MOMENT - timedelta(hours=1, minutes=6)),
    "of another authority": lambda c: listed(c, issuer=silent_authority().issuing),
    "of the root": lambda c: (200, c.real.list_at(ROOT_LIST) or b""),
    "of authorities only": lambda c: listed(c, extensions=scope(only_contains_ca_certs=True)),
    "indirect": lambda c: listed(c, extensions=scope(indirect_crl=True)),
    "saying something unknown": lambda c: listed(c, extensions=UNKNOWN_CRITICAL),
    "changes only": lambda c: listed(c, number=2, extensions=((x509.DeltaCRLIndicator(1), True),)),
    "changed on the way": lambda c: (200, flipped_list(c)),
    "silence": lambda c: SILENCE,
}


def flipped_list(contour: Contour) -> bytes:
    content = listed(contour)[1]
    return content[:-1] + bytes([content[-1] ^ 1])


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_that_is_wrong_does_not_count(contour: Contour, kind: str) -> None:
    no_responder(contour)
    contour.replies[ISSUING_LIST] = lambda _: LISTS[kind](contour)
    check = contour.check()
    assert (check.verdict, check.reason) == (Verdict.CANNOT_BE_CHECKED, signatures.NO_ANSWER)


def test_a_list_of_holders_only_counts_for_a_holder(contour: Contour) -> None:
    no_responder(contour)
    contour.replies[ISSUING_LIST] = lambda _: listed(contour, extensions=scope(only_contains_user_certs=True))
    assert contour.check().reason == signatures.REVOKED


def test_a_second_attempt_is_made_and_may_succeed(contour: Contour) -> None:
    late = iter([(200, refusal(ocsp.OCSPResponseStatus.TRY_LATER))])
    contour.replies[RESPONDER] = lambda question: next(late, None) or (200, contour.real.answer(question))
    assert contour.check().revocation == signatures.NOT_REVOKED_BY_OCSP


# --- Changes to a list -----------------------------------------------------------------------------------------------


def with_delta(contour: Contour, delta: tuple[int, bytes] | None, *, revoked: bool = False) -> None:
    """The whole list has number 5 and names the address of its changes."""
    no_responder(contour)
    place = x509.DistributionPoint([x509.UniformResourceIdentifier(f"{contour.server.address}/delta")], None, None, None)
    entries = [Revoked(contour.key.certificate.serial_number, MOMENT - timedelta(days=2), x509.ReasonFlags.certificate_hold)]
    whole = revocation_list(
        contour.authority.issuing, entries if revoked else [], MOMENT, number=5, extensions=((x509.FreshestCRL([place]), False),)
    )
    contour.replies[ISSUING_LIST] = lambda _: (200, whole)
    contour.replies["/delta"] = lambda _: delta


def delta(contour: Contour, reason: x509.ReasonFlags, *, base: int = 5) -> tuple[int, bytes]:
    entries = [Revoked(contour.key.certificate.serial_number, MOMENT - timedelta(days=1), reason)]
    extensions = ((x509.DeltaCRLIndicator(base), True),)
    return 200, revocation_list(contour.authority.issuing, entries, MOMENT, number=6, extensions=extensions)


def test_the_newest_changes_revoke_what_the_whole_list_does_not_know(contour: Contour) -> None:
    with_delta(contour, delta(contour, COMPROMISE))
    assert contour.check().reason == signatures.REVOKED


def test_the_newest_changes_give_back_what_was_on_hold(contour: Contour) -> None:
    with_delta(contour, (404, b""), revoked=True)
    assert contour.check().details["why"].en == "it was put on hold"
    with_delta(contour, delta(contour, x509.ReasonFlags.remove_from_crl), revoked=True)
    assert contour.check().verdict is Verdict.VALID


@pytest.mark.parametrize("base", [4, 6])
def test_changes_to_another_list_do_not_count(contour: Contour, base: int) -> None:
    with_delta(contour, delta(contour, COMPROMISE, base=base))
    # Changes since 4 are complete for the list 5 as well (RFC 5280, 5.2.4); changes since 6 leave a gap.
    assert contour.check().verdict is (Verdict.INVALID if base == 4 else Verdict.VALID)


# --- Keeping, and nobody to ask --------------------------------------------------------------------------------------


def test_a_list_is_fetched_once_while_it_holds(contour: Contour) -> None:
    no_responder(contour)
    asking = Revocation(seconds=SECONDS)
    for minutes in (0, 30, 59):
        contour.check(at=MOMENT + timedelta(minutes=minutes), revocation=asking)
    assert contour.asked().count(ISSUING_LIST) == 1
    contour.clock.pass_by(hours=2)  # the list held for one hour
    contour.check(at=MOMENT + timedelta(hours=2), revocation=asking)
    assert contour.asked().count(ISSUING_LIST) == 2


def test_a_certificate_that_names_nobody_to_ask_is_checked_as_the_settings_say() -> None:
    authority = silent_authority()
    cms = authority.issue(PERSON).sign(DOCUMENT, MOMENT)
    allowed = CmsVerifier([authority.root_certificate], revocation=Revocation())
    assert allowed.verify(DOCUMENT, cms, at=MOMENT).revocation == REVOCATION_NOT_CHECKED
    required = CmsVerifier([authority.root_certificate], revocation=Revocation(), revocation_required=True)
    check = required.verify(DOCUMENT, cms, at=MOMENT)
    assert (check.verdict, check.reason) == (Verdict.CANNOT_BE_CHECKED, signatures.NOBODY_TO_ASK)


def test_nobody_is_asked_about_a_certificate_that_no_root_vouches_for(contour: Contour) -> None:
    foreign = CmsVerifier([silent_authority().root_certificate], revocation=Revocation(seconds=SECONDS))
    check = foreign.verify(DOCUMENT, contour.key.sign(DOCUMENT, MOMENT), at=MOMENT)
    assert (check.reason, contour.asked()) == (signatures.UNTRUSTED, [])


# --- The test authority's own server ---------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", [("responders", RESPONDER), ("lists", ISSUING_LIST)])
def test_the_test_authority_answers_over_its_own_socket(tmp_path: Path, asked: tuple[str, str]) -> None:
    authority = TestAuthority(tmp_path)
    key, issuer = authority.issue(PERSON, kind=KeyKind.ECDSA), authority.issuing.certificate
    server = AuthorityServer(authority, HandClock(MOMENT))
    server.start()
    try:
        where = {asked[0]: [f"{server.address}{asked[1]}"]}
        good = Revocation(**where).status(key.certificate, issuer, MOMENT, own_only=False)
        authority.revoke(key.certificate, MOMENT, x509.ReasonFlags.superseded)
        revoked = Revocation(**where).status(key.certificate, issuer, MOMENT, own_only=False)
    finally:
        server.stop()
    assert good is not None
    assert good.revoked_at is None
    assert revoked is not None
    assert (revoked.revoked_at, revoked.why.en) == (MOMENT, "a newer one replaced it")
    server.stop()  # what has stopped may be stopped again


def test_what_was_revoked_is_still_revoked_when_the_authority_is_opened_again(tmp_path: Path) -> None:
    authority = TestAuthority(tmp_path)
    key = authority.issue(PERSON, kind=KeyKind.ECDSA)
    authority.revoke(key.certificate, MOMENT, COMPROMISE)
    again = TestAuthority(tmp_path)
    assert again.revocations(again.issuing) == [Revoked(key.certificate.serial_number, MOMENT, COMPROMISE)]
    assert again.revocations(again.root) == []


def test_a_responder_of_the_test_authority_is_appointed_for_answering(tmp_path: Path) -> None:
    authority = TestAuthority(tmp_path)
    key, responder = authority.issue(PERSON, kind=KeyKind.ECDSA), responder_key(authority.issuing)
    builder = ocsp.OCSPRequestBuilder().add_certificate(key.certificate, authority.issuing.certificate, hashes.SHA1())
    response = ocsp.load_der_ocsp_response(respond(builder.build(), authority, responder, MOMENT))
    assert response.certificates == [responder.certificate]
    assert isinstance(responder.private, ec.EllipticCurvePrivateKey)
    responder.certificate.verify_directly_issued_by(authority.issuing.certificate)
