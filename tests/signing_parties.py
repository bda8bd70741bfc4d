"""An authority of one test, with an office that trusts it and asks it for revocation, and signatures with something wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import cms as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from app.bootstrap.demonstration import MadeUp, holder_of
from app.cases.office import Office
from app.gateways.authority import IssuedKey, KeyKind, KeyUse, OrganisationRole, TestAuthority
from app.gateways.authority_certificates import ISSUING_LIST, RESPONDER
from app.gateways.authority_server import AuthorityServer
from app.gateways.revocation import Revocation
from app.gateways.signatures import CmsVerifier
from tests.authority import foreign_authority
from tests.desk import MADE_UP
from tests.local_server import LocalServer
from tests.ncanode_server import as_gost

SECONDS = 1.0


class Parties:
    """The authority, its answers on revocation over a real socket, and the made-up people's keys."""

    def __init__(self, directory: Path, office: Office, server: LocalServer) -> None:
        self.authority, self.server = TestAuthority(directory), server
        self.answers = AuthorityServer(self.authority, office.clock)
        self.responds, self.lists = True, True
        server.answer = self._answer
        revocation = Revocation(
            responders=[f"{server.address}{RESPONDER}"], lists=[f"{server.address}{ISSUING_LIST}"], seconds=SECONDS
        )
        verifier = CmsVerifier([self.authority.root_certificate], revocation=revocation, revocation_required=True)
        self.office = replace(office, signatures=verifier)

    def _answer(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        if path == RESPONDER and self.responds:
            return 200, self.answers.answer(body)
        found = self.answers.list_at(path) if self.lists else None
        return (503, b"") if found is None else (200, found)

    def key(
        self,
        login: str,
        use: KeyUse = KeyUse.SIGNING,
        *,
        iin: str = "",
        bin: str = "",
        role: OrganisationRole | None = None,
        by: TestAuthority | None = None,
    ) -> IssuedKey:
        person: MadeUp = MADE_UP[login]
        holder = holder_of(person)
        holder = replace(holder, iin=iin or holder.iin, bin=bin or holder.bin, role=role or holder.role)
        return (by or self.authority).issue(holder, use, KeyKind.ECDSA)

    def revoke(self, key: IssuedKey, at: datetime) -> None:
        self.authority.revoke(key.certificate, at, x509.ReasonFlags.key_compromise)

    def valid_only(self, key: IssuedKey, first: datetime, last: datetime) -> IssuedKey:
        """The same key with a certificate of this authority that is valid between these moments."""
        old = key.certificate
        builder = x509.CertificateBuilder(
            issuer_name=old.issuer,
            subject_name=old.subject,
            public_key=old.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=first,
            not_valid_after=last,
            extensions=list(old.extensions),
        )
        return replace(key, certificate=builder.sign(self.authority.issuing.private, hashes.SHA256()))


Wrong = Callable[[Parties, bytes, datetime, str], bytes]
"""(parties, bytes to sign, the moment, whose signature is wanted) → a CMS with one thing wrong."""


def _signed(**changes: object) -> Wrong:
    return lambda p, content, at, login: p.key(login, **changes).sign(content, at)  # type: ignore[arg-type]


def _expired(p: Parties, content: bytes, at: datetime, login: str) -> bytes:
    return p.valid_only(p.key(login), at - timedelta(days=365), at - timedelta(seconds=1)).sign(content, at)


def _not_yet(p: Parties, content: bytes, at: datetime, login: str) -> bytes:
    return p.valid_only(p.key(login), at + timedelta(seconds=1), at + timedelta(days=365)).sign(content, at)


def _revoked_by_responder(p: Parties, content: bytes, at: datetime, login: str) -> bytes:
    revoked = p.valid_only(p.key(login), at - timedelta(days=365), at + timedelta(days=365))
    p.revoke(revoked, datetime(2026, 2, 27, 9, 0, tzinfo=UTC))
    return revoked.sign(content, at)


def _revoked_by_list(p: Parties, content: bytes, at: datetime, login: str) -> bytes:
    p.responds = False
    return _revoked_by_responder(p, content, at, login)


def _no_answer(p: Parties, content: bytes, at: datetime, login: str) -> bytes:
    p.responds = p.lists = False
    return p.key(login).sign(content, at)


def _another_organisation(p: Parties, content: bytes, at: datetime, login: str) -> bytes:
    return p.key(login, bin=MADE_UP["agency"].bin).sign(content, at)


def _another_person(p: Parties, content: bytes, at: datetime, login: str) -> bytes:
    return p.key(login, iin=MADE_UP["applicant"].iin).sign(content, at)


def _altered(p: Parties, content: bytes, at: datetime, login: str) -> bytes:
    return p.key(login).sign(content[:-1] + b" ", at)


def _sha1(p: Parties, content: bytes, at: datetime, login: str) -> bytes:
    info = asn1.ContentInfo.load(p.key(login).sign(content, at))
    signer = info["content"]["signer_infos"][0]
    signer["signature_algorithm"], signer["digest_algorithm"] = {"algorithm": "sha1_ecdsa"}, {"algorithm": "sha1"}
    return bytes(info.dump(force=True))


def _gost(p: Parties, content: bytes, at: datetime, login: str) -> bytes:
    return as_gost(p.key(login).sign(content, at))


# What is wrong → how it is made, and the words that say it on the page. While a list holds it is not asked for again, so that
# nobody answers comes before.
WRONG: dict[str, tuple[Wrong, str]] = {
    "no answer": (_no_answer, "Nobody answers now whether the certificate"),
    "expired": (_expired, "had expired at that moment"),
    "not yet valid": (_not_yet, "was not valid yet at that moment"),
    "revoked, says the responder": (_revoked_by_responder, "was revoked on 27 February 2026, 14:00: the key was compromised."),
    "revoked, says the list": (_revoked_by_list, "was revoked on 27 February 2026, 14:00: the key was compromised."),
    "wrong IIN": (_another_person, f"the certificate is of {MADE_UP['applicant'].iin}."),
    "wrong BIN": (_another_organisation, f"the certificate is of {MADE_UP['agency'].bin}."),
    "employee": (_signed(role=OrganisationRole.EMPLOYEE), "is an employee’s"),
    "altered bytes": (_altered, "The signature was made over another document, not over the one shown."),
    "unknown authority": (_signed(by=foreign_authority()), "was not issued under a trusted root."),
    "login key": (_signed(use=KeyUse.LOGIN), "a signing key was expected, not a login key."),
    "SHA-1": (_sha1, "rests on SHA-1 or MD5, which no longer prove anything."),
    "GOST without a gateway": (
        _gost,
        "The algorithm GOST 34.10-2015 (512 bit), digest 1.2.398.3.10.1.3.3 cannot be",
    ),
    "no CMS": (lambda p, content, at, login: b"0\x03\x02\x01\x01", "This is not a CMS signature, or it is damaged."),
}
CANNOT_BE_CHECKED = {"no answer", "GOST without a gateway"}
