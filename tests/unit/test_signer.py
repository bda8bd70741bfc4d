"""The development signer over a real socket: what it answers, and to whom it does not speak."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from app.domain.errors import Misconfigured
from app.domain.ports import Verdict
from app.gateways.authority import IssuedKey, KeyKind, KeyUse
from app.gateways.signatures import NOT_FOR_SIGNING, CmsVerifier
from app.gateways.signer import DevelopmentSigner
from tests.authority import HEAD, MOMENT, PERSON, authority

PAGE = "http://127.0.0.1:8000"
DOCUMENTS = ["Өтініш".encode(), b"\x00\xff" * 1000]


class StoppedClock:
    def now(self) -> datetime:
        return MOMENT


def make_signer(port: int = 0, **settings: Callable[[IssuedKey], bool]) -> DevelopmentSigner:
    authority().issue(PERSON)
    authority().issue(PERSON, KeyUse.LOGIN)
    authority().issue(HEAD, kind=KeyKind.ECDSA)
    return DevelopmentSigner(authority(), StoppedClock(), origins=[PAGE], port=port, **settings)


@contextmanager
def running(signer: DevelopmentSigner) -> Iterator[DevelopmentSigner]:
    signer.start()
    try:
        yield signer
    finally:
        signer.stop()


@pytest.fixture(scope="module")
def signer() -> Iterator[DevelopmentSigner]:
    with running(make_signer()) as started:
        yield started


@pytest.fixture
def page(signer: DevelopmentSigner) -> Iterator[ClientConnection]:
    """A page that has connected and heard the greeting."""
    with connect(signer.address, origin=PAGE, proxy=None) as connection:
        connection.recv(timeout=5)
        yield connection


def request(data: object = None, *, iin: str = PERSON.iin, bin: str = "", **changed: object) -> dict[str, Any]:
    """What a page sends to NCALayer to have documents signed."""
    args: dict[str, Any] = {
        "allowedStorages": None,
        "format": "cms",
        "data": [base64.b64encode(document).decode() for document in DOCUMENTS] if data is None else data,
        "signingParams": {"decode": True, "encapsulate": False, "digested": False, "tsaProfile": {}},
        "signerParams": {"extKeyUsageOids": ["1.3.6.1.5.5.7.3.4"], "iin": iin, "bin": bin},
        "locale": "kk",
    }
    return {"module": "kz.gov.pki.knca.basics", "method": "sign", "args": args | changed}


def ask(page: ClientConnection, message: object) -> dict[str, Any]:
    page.send(message if isinstance(message, str) else json.dumps(message))
    answer = json.loads(page.recv(timeout=5))
    assert isinstance(answer, dict)
    return answer


def signatures(answer: dict[str, Any]) -> list[bytes]:
    assert answer["status"] is True, answer
    return [base64.b64decode(text, validate=True) for text in answer["body"]["result"]]


@pytest.fixture(scope="module")
def verifier() -> CmsVerifier:
    return CmsVerifier([authority().root_certificate])


# --- Signing ---------------------------------------------------------------------------------------------------------


def test_it_greets_with_its_version(signer: DevelopmentSigner) -> None:
    with connect(signer.address, origin=PAGE, proxy=None) as connection:
        assert json.loads(connection.recv(timeout=5)) == {"result": {"version": "Rasim development signer"}}


def test_every_document_of_a_list_gets_its_own_valid_signature(page: ClientConnection, verifier: CmsVerifier) -> None:
    made = signatures(ask(page, request()))
    assert [verifier.verify(DOCUMENTS[i], made[i], at=MOMENT).verdict for i in (0, 1)] == [Verdict.VALID] * 2
    assert verifier.verify(DOCUMENTS[0], made[1], at=MOMENT).verdict is Verdict.INVALID


def test_one_document_may_come_without_a_list(page: ClientConnection, verifier: CmsVerifier) -> None:
    [made] = signatures(ask(page, request(base64.b64encode(DOCUMENTS[0]).decode())))
    assert verifier.verify(DOCUMENTS[0], made, at=MOMENT).verdict is Verdict.VALID


def test_without_decoding_the_text_itself_is_signed(page: ClientConnection, verifier: CmsVerifier) -> None:
    [made] = signatures(ask(page, request("Өтініш", signingParams={"decode": False})))
    assert verifier.verify("Өтініш".encode(), made, at=MOMENT).verdict is Verdict.VALID


def test_a_large_document_is_signed(page: ClientConnection, verifier: CmsVerifier) -> None:
    large = bytes(5 * 1024 * 1024)
    [made] = signatures(ask(page, request(base64.b64encode(large).decode())))
    assert verifier.verify(large, made, at=MOMENT).verdict is Verdict.VALID


def test_the_key_of_the_organisation_is_chosen_by_its_bin(page: ClientConnection, verifier: CmsVerifier) -> None:
    made = signatures(ask(page, request(bin=HEAD.bin)))
    signatory = verifier.verify(DOCUMENTS[0], made[0], at=MOMENT).signatory
    assert signatory is not None
    assert (signatory.iin, signatory.bin) == (HEAD.iin, HEAD.bin)


def test_a_login_key_is_used_where_only_that_is_asked_for(page: ClientConnection, verifier: CmsVerifier) -> None:
    login = {"extKeyUsageOids": ["1.3.6.1.5.5.7.3.2"], "iin": PERSON.iin, "bin": ""}
    made = signatures(ask(page, request(signerParams=login)))
    assert verifier.verify(DOCUMENTS[0], made[0], at=MOMENT).reason == NOT_FOR_SIGNING


def test_a_cancelled_signing_is_answered_without_a_result() -> None:
    asked = []
    with (
        running(make_signer(consents=lambda key: bool(asked.append(key)))) as signer,
        connect(signer.address, origin=PAGE, proxy=None) as page,
    ):
        page.recv(timeout=5)
        assert ask(page, request()) == {"status": True, "body": {}}
    assert len(asked) == 1


# --- Failures --------------------------------------------------------------------------------------------------------


def test_nobody_without_a_key_is_signed_for(page: ClientConnection) -> None:
    answer = ask(page, request(iin="000000000003", bin=HEAD.bin))
    assert answer == {
        "status": False,
        "code": "404",
        "message": "There is no key for IIN 000000000003, BIN 000000000002.",
        "details": None,
    }


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("--heartbeat--", "JSON"),
        ("[" * 100_000, "JSON"),
        ([], "Only the method sign"),
        ({"module": "kz.gov.pki.knca.commonUtils", "method": "getActiveTokens"}, "Only the method sign"),
        (request(format="xml"), "'xml'"),
        (request(signingParams={"decode": True, "encapsulate": True}), "detached"),
        (request(signingParams={"decode": True, "digested": True}), "detached"),
        (request("не base64"), "base64"),
        (request("abc"), "base64"),
        (request([]), "list of texts"),
        (request([1]), "list of texts"),
        (request({}), "list of texts"),
        (request("\ud800", signingParams={}), "Unicode"),
        (request(signerParams=[]), "signerParams"),
        (request(signerParams={"extKeyUsageOids": "1.3"}), "extKeyUsageOids"),
        (request(iin=""), "no key for IIN —"),
        (request(iin="../root"), "no key"),
    ],
)
def test_a_wrong_request_is_answered_with_what_is_wrong(page: ClientConnection, message: object, words: str) -> None:
    answer = ask(page, message)
    assert answer["status"] is False
    assert words in answer["message"]


def test_a_failure_does_not_end_the_talk(page: ClientConnection) -> None:
    assert ask(page, "{")["status"] is False
    assert len(signatures(ask(page, request()))) == 2


# --- Who may speak, and where ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", ["http://evil.example", "https://127.0.0.1:8000", "null", None])
def test_pages_from_elsewhere_are_turned_away(signer: DevelopmentSigner, origin: str | None) -> None:
    with pytest.raises(InvalidStatus) as refused:
        connect(signer.address, origin=origin, proxy=None)
    assert refused.value.response.status_code == 403


def test_a_taken_port_is_named(signer: DevelopmentSigner) -> None:
    port = int(signer.address.rstrip("/").rsplit(":", 1)[1])
    with pytest.raises(Misconfigured, match=f"127.0.0.1:{port}"):
        make_signer(port).start()


def test_stopping_closes_the_port_and_twice_is_harmless() -> None:
    signer = make_signer()
    signer.stop()
    signer.start()
    address = signer.address
    with connect(address, origin=PAGE, proxy=None):
        signer.stop()
    signer.stop()
    with pytest.raises(ConnectionRefusedError):
        connect(address, origin=PAGE, proxy=None)
