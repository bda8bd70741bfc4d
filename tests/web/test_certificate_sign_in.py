"""Signing in by certificate: who is let in, and in which words everybody else is not."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from app.bootstrap.demonstration import PASSWORD
from app.cases.certificate_sign_in import Challenge, sign_in_by_certificate
from app.cases.office import Office
from app.domain.errors import Forbidden
from app.gateways.authority import KeyUse
from app.web import create_app
from tests.clock import HandClock
from tests.desk import MADE_UP
from tests.local_server import LocalServer
from tests.signing_parties import Parties
from tests.web.visitor import Visitor


@pytest.fixture
def parties(office: Office, tmp_path: Path) -> Iterator[Parties]:
    with LocalServer(lambda *_: (404, b"")) as server:
        yield Parties(tmp_path / "authority", office, server)


@pytest.fixture
def app(parties: Parties) -> Flask:
    return create_app(parties.office, signer_url="ws://127.0.0.1:13579/", demonstration_password=PASSWORD)


@pytest.fixture
def guest(app: Flask) -> Visitor:
    visitor = Visitor(app)
    visitor.opens("/sign-in/certificate")
    return visitor


def challenge(visitor: Visitor) -> bytes:
    block = visitor.page.xpath("//*[@data-wanted]")[0]
    assert block.get("data-purpose") == "login"
    return visitor.client.get(block.get("data-document")).data


def answers(visitor: Visitor, cms: bytes) -> None:
    visitor.sends("/sign-in/certificate", {"cms.challenge.1": b64encode(cms).decode()})


def is_signed_in(visitor: Visitor) -> bool:
    return bool(visitor.opens("/services").xpath("//form[@action='/sign-out']"))


@pytest.mark.parametrize("login", ["head", "company", "applicant"])
def test_a_login_key_signs_its_holder_in(guest: Visitor, parties: Parties, clock: HandClock, login: str) -> None:
    answers(guest, parties.key(login, KeyUse.LOGIN).sign(challenge(guest), clock.now()))
    assert guest.status == 200, guest.text
    assert guest.path == ("/tasks" if login == "head" else "/cabinet")
    with guest.client.session_transaction() as session:
        assert session["person"]
        assert "challenge" not in session


def test_an_answer_made_elsewhere_is_taken_as_a_file(guest: Visitor, parties: Parties, clock: HandClock) -> None:
    text = challenge(guest)
    assert text.startswith(b"Rasim: sign-in to http://localhost\n2026-03-02T05:00:00+00:00\n")
    cms = parties.key("head", KeyUse.LOGIN).sign(text, clock.now())
    guest.sends("/sign-in/certificate", {"cms-file.challenge.1": (BytesIO(cms), "answer.p7s")})
    assert guest.path == "/tasks"


def test_whoever_came_for_a_page_is_led_there(app: Flask, parties: Parties, clock: HandClock) -> None:
    guest = Visitor(app)
    guest.opens("/cases")
    guest.opens(guest.page.xpath("string(//a[contains(@href, '/sign-in/certificate')]/@href)"))
    answers(guest, parties.key("head", KeyUse.LOGIN).sign(challenge(guest), clock.now()))
    assert guest.path == "/cases"


def refused(visitor: Visitor, words: str, *, status: int = 403) -> None:
    assert visitor.status == status
    assert words in visitor.text
    assert not is_signed_in(visitor)


def test_a_signing_key_does_not_sign_in(guest: Visitor, parties: Parties, clock: HandClock) -> None:
    answers(guest, parties.key("head").sign(challenge(guest), clock.now()))
    refused(guest, "is not for signing in; a login key was expected, not a signing key.")


def test_somebody_without_an_account_is_told_so(guest: Visitor, parties: Parties, clock: HandClock) -> None:
    answers(guest, parties.key("head", KeyUse.LOGIN, iin="000000000008").sign(challenge(guest), clock.now()))
    refused(guest, f"There is no account here for the IIN 000000000008 of the organisation with the BIN {MADE_UP['head'].bin}.")


def test_the_key_of_another_organisation_does_not_sign_in(guest: Visitor, parties: Parties, clock: HandClock) -> None:
    answers(guest, parties.key("head", KeyUse.LOGIN, bin=MADE_UP["agency"].bin).sign(challenge(guest), clock.now()))
    refused(guest, "There is no account here for the IIN")


def test_a_challenge_is_answered_within_five_minutes(guest: Visitor, parties: Parties, clock: HandClock) -> None:
    cms = parties.key("head", KeyUse.LOGIN).sign(challenge(guest), clock.now())
    clock.pass_by(minutes=5, seconds=1)
    answers(guest, cms)
    refused(guest, "The challenge is older than 5 minutes. Sign the new one.")


def test_an_answer_counts_in_the_browser_the_challenge_was_given_to(
    app: Flask, guest: Visitor, parties: Parties, clock: HandClock
) -> None:
    cms = parties.key("head", KeyUse.LOGIN).sign(challenge(guest), clock.now())
    other = Visitor(app)
    other.opens("/sign-in/certificate")
    answers(other, cms)
    refused(other, "The signature was made over another document, not over the one shown.")


def test_an_answer_counts_once(app: Flask, guest: Visitor, parties: Parties, clock: HandClock) -> None:
    """Even in a browser that kept its cookie from before the first answer."""
    cms = parties.key("head", KeyUse.LOGIN).sign(challenge(guest), clock.now())
    thief = app.test_client()
    kept = guest.client.get_cookie("rasim")
    assert kept is not None
    answers(guest, cms)
    assert guest.path == "/tasks"
    thief.set_cookie("rasim", kept.value)
    thief.set_cookie("language", "en")
    app.config["WTF_CSRF_ENABLED"] = False
    answer = thief.post("/sign-in/certificate", data={"cms.challenge.1": b64encode(cms).decode()})
    assert answer.status_code == 403
    assert "This challenge was answered once already. Sign the new one." in answer.text


def test_a_wrong_answer_uses_its_challenge_up(guest: Visitor, parties: Parties, clock: HandClock) -> None:
    first = challenge(guest)
    answers(guest, parties.key("head").sign(first, clock.now()))
    assert challenge(guest) != first
    answers(guest, parties.key("head", KeyUse.LOGIN).sign(first, clock.now()))
    refused(guest, "The signature was made over another document, not over the one shown.")


def test_a_revoked_key_does_not_sign_in(guest: Visitor, parties: Parties, clock: HandClock) -> None:
    key = parties.key("head", KeyUse.LOGIN)
    parties.revoke(key, clock.now())
    answers(guest, key.sign(challenge(guest), clock.now()))
    refused(guest, "was revoked on 2 March 2026, 10:00: the key was compromised.")


def test_a_silent_authority_is_no_reason_to_let_anybody_in(guest: Visitor, parties: Parties, clock: HandClock) -> None:
    parties.responds = parties.lists = False
    answers(guest, parties.key("head", KeyUse.LOGIN).sign(challenge(guest), clock.now()))
    refused(guest, "Your certificate cannot be checked now: Nobody answers now", status=503)


@pytest.mark.parametrize(("given", "words"), [("", "is not signed yet"), ("AAAA", "CMS in DER, PEM or base64 is expected")])
def test_what_is_no_answer_is_said_to_be_none(guest: Visitor, given: str, words: str) -> None:
    guest.sends("/sign-in/certificate", {"cms.challenge.1": given})
    refused(guest, words, status=422)


def test_without_a_challenge_nothing_is_answered(parties: Parties) -> None:
    with pytest.raises(Forbidden, match="has no challenge to answer"):
        sign_in_by_certificate(parties.office, None, b"0")


def test_a_challenge_of_the_future_is_not_answered(parties: Parties, clock: HandClock) -> None:
    ahead = Challenge("x", clock.now() + timedelta(seconds=1))
    with pytest.raises(Forbidden, match="older than 5 minutes"):
        sign_in_by_certificate(parties.office, ahead, b"0")


def test_who_is_signed_in_is_led_on(app: Flask) -> None:
    head = Visitor(app, "head")
    head.opens("/sign-in/certificate")
    assert head.path == "/tasks"


def test_a_deactivated_person_is_not_let_in(guest: Visitor, parties: Parties, clock: HandClock) -> None:
    with parties.office.unit_of_work() as uow:
        user = uow.people.by_login("head")
        assert user is not None
        user.active = False
        uow.commit()
    answers(guest, parties.key("head", KeyUse.LOGIN).sign(challenge(guest), clock.now()))
    refused(guest, "There is no account here for the IIN")
