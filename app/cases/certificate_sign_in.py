"""Signing in by certificate: a random challenge is signed with a login key, and the certificate says who it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from app.cases.office import Office
from app.domain.errors import Forbidden, Invalid, Unavailable
from app.domain.people import Actor
from app.domain.ports import KeyPurpose, Signatory, Verdict
from app.store.tables import User
from app.store.unit_of_work import UnitOfWork

LIVES = timedelta(minutes=5)
NO_CHALLENGE = "This browser has no challenge to answer."
_REMEMBERED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Challenge:
    """What is signed to sign in: once, soon, and in the browser it was given to."""

    text: str
    given_at: datetime

    @property
    def content(self) -> bytes:
        return self.text.encode()


def new_challenge(office: Office) -> Challenge:
    """It names this installation, so that who signs it for another page is not signed in here unknowingly."""
    now = office.clock.now()
    return Challenge(f"Rasim: sign-in to {office.settings.public_url}\n{now.isoformat()}\n{token_urlsafe(32)}\n", now)


def sign_in_by_certificate(office: Office, challenge: Challenge | None, cms: bytes) -> Actor:
    """The person whom the certificate names. Authorities are asked before any transaction is open.

    Raises Invalid where nothing is signed, Forbidden with the reason, Unavailable when the signature cannot be checked here.
    """
    now = office.clock.now()
    if not cms:
        raise Invalid("The challenge is not signed yet.")
    if challenge is None:
        raise Forbidden("This browser has no challenge to answer, or answered it already. Sign the new one.")
    if not challenge.given_at <= now <= challenge.given_at + LIVES:
        raise Forbidden("The challenge is older than %(minutes)s minutes. Sign the new one.", minutes=LIVES.seconds // 60)
    check = office.signatures.verify(challenge.content, cms, at=now, purpose=KeyPurpose.LOGIN)
    if check.verdict is Verdict.CANNOT_BE_CHECKED:
        raise Unavailable("Your certificate cannot be checked now: %(reason)s", reason=check.sentence)
    if check.verdict is not Verdict.VALID or check.signatory is None:
        raise Forbidden("You are not signed in: %(reason)s", reason=check.sentence)
    with office.unit_of_work() as uow:
        digest = sha256(challenge.content).hexdigest()
        if not uow.people.spend_challenge(digest, now, forget_before=now - _REMEMBERED):
            raise Forbidden("This challenge was answered once already. Sign the new one.")
        actor = uow.people.actor(_person(uow, check.signatory), office.today())
        uow.commit()
        return actor


def _person(uow: UnitOfWork, signatory: Signatory) -> User:
    """Whoever acts for an organisation signs in with a certificate of that organisation, and no other."""
    found = uow.people.by_numbers(signatory.iin, signatory.bin)
    if len(found) == 1:
        return found[0]
    if found:
        raise Forbidden("More than one account has the IIN %(iin)s. Sign in with login and password.", iin=signatory.iin)
    if signatory.bin:
        raise Forbidden(
            "There is no account here for the IIN %(iin)s of the organisation with the BIN %(bin)s.",
            iin=signatory.iin,
            bin=signatory.bin,
        )
    raise Forbidden("There is no account here for the IIN %(iin)s of a person acting for himself.", iin=signatory.iin)
