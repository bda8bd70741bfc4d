"""What stands in for the outside while a draft is rehearsed: nobody is really there to sign, and nothing leaves the machine.

Everything else of a rehearsal is the real thing, so these keep the real contracts: a letter's template is filled in and refused
where it asks for what is not there, and a signature names who gave it.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import orjson

from app.domain.ports import Hole, KeyPurpose, PreparedPdf, Signatory, SignatureBlock, SignatureCheck, Verdict
from app.gateways.letters import WeasyPress

FIRST_HEAD = "1.2.398.3.3.4.1.2.1"
_ROOM = 4096  # bytes kept for the signature


class StandingClock:
    """A clock that stands still until it is moved, forward only."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment

    def move_to(self, moment: datetime) -> None:
        self._moment = max(moment, self._moment)


class DryPress(WeasyPress):
    """Fills in the letters as the real press does and prints none of them: printing takes most of a second, and of a rehearsal's
    letters only what they would say or refuse to say is of interest."""

    def __init__(self) -> None:
        super().__init__(Path())

    def printed(self, html: str) -> bytes:
        return b"%PDF-1.7\n% " + sha256(html.encode()).hexdigest().encode()

    def with_place_for_signature(self, pdf: bytes, block: SignatureBlock, *, at: datetime, plain: bool) -> PreparedPdf:
        start = len(pdf) + 1
        return PreparedPdf(pdf + b"\n<" + b"0" * (_ROOM - 2) + b">", Hole(start, start + _ROOM, plain))


def rehearsed_signature(*, name: str, iin: str, bin: str) -> bytes:
    """Stands for a signature of this person; no two are the same, as no two acts of signing are."""
    return orjson.dumps({"name": name, "iin": iin, "bin": bin, "act": uuid4().hex})


class RehearsedSignatures:
    """Believes what `rehearsed_signature` says. Known to scratch offices alone, whose cases nobody ever applied for."""

    def verify(self, content: bytes, cms: bytes, *, at: datetime, purpose: KeyPurpose = KeyPurpose.SIGNING) -> SignatureCheck:
        said = orjson.loads(cms)
        return SignatureCheck(
            verdict=Verdict.VALID,
            reason="The signature belongs to a rehearsal.",
            signatory=Signatory(said["name"], said["iin"], said["bin"], "", (FIRST_HEAD,)),
            certificate=b"",
            serial="0",
            algorithm="",
            checked_at=at,
            fingerprint=said["act"],
            names_certificate=True,
        )
