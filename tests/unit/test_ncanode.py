"""GOST signatures, which only a signature gateway can check: each thing it may say, or not say, over a real socket."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.ports import KeyPurpose, Signatory, SignatureCheck, Verdict
from app.gateways import ncanode, signatures
from app.gateways.authority import KeyKind
from app.gateways.ncanode import NcaNode
from app.gateways.signatures import CmsVerifier
from tests.authority import HEAD, MOMENT, PERSON, authority
from tests.local_server import SILENCE
from tests.ncanode_server import GOST_2004, GOST_2015, Algorithms, NcaNodeServer, as_gost

DOCUMENT = "Өтініш".encode()
SECONDS = 0.5


@pytest.fixture
def gateway() -> Iterator[NcaNodeServer]:
    with NcaNodeServer() as server:
        yield server


@pytest.fixture(scope="module")
def cms() -> bytes:
    return as_gost(authority().issue(HEAD, kind=KeyKind.ECDSA).sign(DOCUMENT, MOMENT))


def check(address: str | None, cms: bytes, *, at: datetime = MOMENT, purpose: KeyPurpose = KeyPurpose.SIGNING) -> SignatureCheck:
    node = NcaNode(address, seconds=SECONDS) if address else None
    verifier = CmsVerifier([authority().root_certificate], gateway=node)
    return verifier.verify(DOCUMENT, cms, at=at, purpose=purpose)


@pytest.mark.parametrize("algorithms", [GOST_2004, GOST_2015])
def test_what_the_gateway_finds_valid_is_valid(gateway: NcaNodeServer, algorithms: Algorithms) -> None:
    cms = as_gost(authority().issue(HEAD, kind=KeyKind.ECDSA).sign(DOCUMENT, MOMENT), algorithms)
    found = check(gateway.address, cms)
    assert (found.verdict, found.reason, found.revocation) == (Verdict.VALID, signatures.GOOD, ncanode.NOT_REVOKED)
    assert found.signatory == Signatory(
        name="ҮЛГІБАЕВ АСАН СЫНАҚҰЛЫ",
        iin=HEAD.iin,
        bin=HEAD.bin,
        organisation="«Үлгі» ЖШС",
        roles=("1.2.398.3.3.4.1.2", "1.2.398.3.3.4.1.2.1"),
    )
    [question] = gateway.questions
    assert (b64decode(question["cms"]), b64decode(question["data"])) == (cms, DOCUMENT)
    assert question["revocationCheck"] == ["OCSP", "CRL"]


def test_what_the_gateway_answered_is_kept_as_it_came(gateway: NcaNodeServer, cms: bytes) -> None:
    [evidence] = check(gateway.address, cms).evidence
    assert json.loads(evidence.content)["valid"] is True
    assert (evidence.source, evidence.answered_at) == (f"NCANode {gateway.address}/cms/verify", MOMENT)


def test_what_can_be_computed_here_is_not_given_away(gateway: NcaNodeServer) -> None:
    found = check(gateway.address, authority().issue(PERSON).sign(DOCUMENT, MOMENT))
    assert (found.verdict, gateway.questions) == (Verdict.VALID, [])


def test_without_a_gateway_gost_cannot_be_checked(cms: bytes) -> None:
    found = check(None, cms)
    assert (found.verdict, found.reason) == (Verdict.CANNOT_BE_CHECKED, signatures.UNKNOWN_ALGORITHM)
    assert "GOST 34.10-2015 (512 bit)" in str(found.sentence)


def test_what_the_gateway_finds_wrong_is_invalid(gateway: NcaNodeServer, cms: bytes) -> None:
    gateway.answer_changes = {"valid": False}
    found = check(gateway.address, cms)
    assert (found.verdict, found.reason) == (Verdict.INVALID, ncanode.NOT_VALID)


def test_a_revoked_certificate_is_said_with_its_moment_and_reason(gateway: NcaNodeServer, cms: bytes) -> None:
    gateway.answer_changes = {"valid": False}
    revoked = {"by": "CRL", "revoked": True, "revocationTime": "2026-03-01T09:00:00.000+00:00", "reason": "KEY_COMPROMISE"}
    gateway.certificate_changes = {"revocations": [{"by": "OCSP", "revoked": False}, revoked]}
    found = check(gateway.address, cms)
    assert (found.verdict, found.reason) == (Verdict.INVALID, signatures.REVOKED)
    assert found.details["revoked_at"] == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert found.details["why"].ru == "KEY_COMPROMISE"


def test_a_gateway_that_got_no_answer_on_revocation_leaves_it_open(gateway: NcaNodeServer, cms: bytes) -> None:
    gateway.certificate_changes = {"revocations": []}
    found = check(gateway.address, cms)
    assert (found.verdict, found.reason) == (Verdict.CANNOT_BE_CHECKED, signatures.NO_ANSWER)


@pytest.mark.parametrize("usage", ["AUTH", "UNKNOWN", None])
def test_a_key_that_is_not_for_signing_does_not_sign(gateway: NcaNodeServer, cms: bytes, usage: str | None) -> None:
    gateway.certificate_changes = {"keyUsage": usage}
    assert check(gateway.address, cms).reason == signatures.NOT_FOR_SIGNING


def test_a_login_key_signs_in(gateway: NcaNodeServer, cms: bytes) -> None:
    assert check(gateway.address, cms, purpose=KeyPurpose.LOGIN).reason == signatures.NOT_FOR_LOGIN
    gateway.certificate_changes = {"keyUsage": "AUTH"}
    assert check(gateway.address, cms, purpose=KeyPurpose.LOGIN).verdict is Verdict.VALID


def test_the_moment_is_judged_here(gateway: NcaNodeServer, cms: bytes) -> None:
    assert check(gateway.address, cms, at=datetime(2045, 1, 2, tzinfo=UTC)).reason == signatures.EXPIRED
    assert check(gateway.address, cms, at=datetime(2014, 12, 31, tzinfo=UTC)).reason == signatures.NOT_YET_VALID


def test_a_signer_without_an_iin_is_refused(gateway: NcaNodeServer, cms: bytes) -> None:
    gateway.certificate_changes = {"subject": {"commonName": "ҮЛГІ", "iin": None}}
    assert check(gateway.address, cms).reason == signatures.NO_IIN


@pytest.mark.parametrize(
    ("status", "reason"),
    [(400, ncanode.REFUSED), (404, ncanode.REFUSED), (500, ncanode.BROKEN), (503, ncanode.BROKEN)],
)
def test_an_error_of_the_gateway_is_no_verdict(gateway: NcaNodeServer, cms: bytes, status: int, reason: str) -> None:
    gateway.answer = lambda *_: (status, json.dumps({"status": status, "message": "x", "details": None}).encode())
    found = check(gateway.address, cms)
    assert (found.verdict, found.reason) == (Verdict.CANNOT_BE_CHECKED, reason)
    assert str(status) in str(found.sentence)


def test_a_gateway_that_does_not_answer_in_time_is_no_verdict(gateway: NcaNodeServer, cms: bytes) -> None:
    gateway.answer = lambda *_: SILENCE
    found = check(gateway.address, cms)
    assert (found.verdict, found.reason) == (Verdict.CANNOT_BE_CHECKED, ncanode.SLOW)


def test_a_gateway_that_is_not_there_is_no_verdict(cms: bytes) -> None:
    with NcaNodeServer() as gone:
        address = gone.address
    found = check(address, cms)
    assert (found.verdict, found.reason) == (Verdict.CANNOT_BE_CHECKED, ncanode.AWAY)


NONSENSE: dict[str, Any] = {
    "no JSON": b"<html></html>",
    "deep": b"[" * 100_000,
    "a list": b"[]",
    "nothing": b"{}",
    "valid in words": json.dumps({"valid": "true", "signers": []}).encode(),
    "nobody": json.dumps({"valid": True, "signers": []}).encode(),
    "two": json.dumps({"valid": True, "signers": [{}, {}]}).encode(),
    "no certificate": json.dumps({"valid": True, "signers": [{"certificates": []}]}).encode(),
    "no Unicode": b'{"valid": true, "signers": "\xff"}',
}


@pytest.mark.parametrize("kind", NONSENSE)
def test_an_answer_that_cannot_be_understood_is_no_verdict(gateway: NcaNodeServer, cms: bytes, kind: str) -> None:
    gateway.answer = lambda *_: (200, NONSENSE[kind])
    found = check(gateway.address, cms)
    assert (found.verdict, found.reason) == (Verdict.CANNOT_BE_CHECKED, ncanode.NONSENSE)


@pytest.mark.parametrize(
    "changes",
    [
        {"revocations": None},
        {"revocations": [{"by": "OCSP"}]},
        {"subject": None},
        {"keyUser": None},
        {"serialNumber": "xyz"},
        {"revocations": [{"revoked": True, "revocationTime": "yesterday"}]},
        {"revocations": [{"revoked": True, "revocationTime": "2026-03-01T09:00:00"}]},
    ],
)
def test_a_part_that_cannot_be_understood_is_no_verdict(gateway: NcaNodeServer, cms: bytes, changes: dict[str, Any]) -> None:
    gateway.certificate_changes = changes
    found = check(gateway.address, cms)
    assert (found.verdict, found.reason) == (Verdict.CANNOT_BE_CHECKED, ncanode.NONSENSE)


def test_an_answer_about_another_certificate_is_no_verdict(gateway: NcaNodeServer, cms: bytes) -> None:
    gateway.certificate_changes = {"serialNumber": "1234"}
    found = check(gateway.address, cms)
    assert (found.verdict, found.reason) == (Verdict.CANNOT_BE_CHECKED, ncanode.OTHER_CERTIFICATE)


def test_the_serial_number_may_be_hexadecimal(gateway: NcaNodeServer, cms: bytes) -> None:
    serial = authority().issue(HEAD, kind=KeyKind.ECDSA).certificate.serial_number
    gateway.certificate_changes = {"serialNumber": f"{serial:x}"}
    assert check(gateway.address, cms).verdict is Verdict.VALID


def test_a_damaged_cms_is_not_even_sent(gateway: NcaNodeServer, cms: bytes) -> None:
    assert check(gateway.address, cms[:-1]).verdict is Verdict.INVALID
    assert gateway.questions == []


def test_another_time_zone_is_the_same_moment(gateway: NcaNodeServer, cms: bytes) -> None:
    revoked = {"by": "OCSP", "revoked": True, "revocationTime": "2026-03-01T14:00:00+05:00", "reason": None}
    gateway.certificate_changes = {"revocations": [revoked]}
    found = check(gateway.address, cms)
    assert found.details["revoked_at"] - datetime(2026, 3, 1, 9, tzinfo=UTC) == timedelta(0)


def test_a_holder_without_an_organisation_is_a_person(gateway: NcaNodeServer) -> None:
    cms = as_gost(authority().issue(replace(PERSON, iin="000000000007"), kind=KeyKind.ECDSA).sign(DOCUMENT, MOMENT))
    signatory = check(gateway.address, cms).signatory
    assert signatory is not None
    assert (signatory.bin, signatory.roles) == ("", ("1.2.398.3.3.4.1.1",))
