"""A signature gateway that speaks NCANode's REST messages, for algorithms that cannot be computed here (GOST).

NCANode is a server beside Rasim, on port 14579 by default, with the certified library behind it. It computes the value, knows the
chain and asks the authority for revocation; its answer is kept as evidence, as it came.
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509

from app.domain.errors import Invalid, Unavailable
from app.domain.ports import KeyPurpose, RevocationEvidence, Signatory
from app.domain.text import Text
from app.gateways.fetching import Fetcher, NoAnswer, Refused, TooSlow

NOT_VALID = "The signature gateway found the signature wrong: the document, the signature or its certificate was changed."
REFUSED = "The signature gateway could not check this signature of the algorithm %(algorithm)s; it answered %(status)s."
BROKEN = "The signature gateway has an error of its own now (%(status)s). Nothing is lost: send it again later."
SLOW = "The signature gateway does not answer in time. Nothing is lost: send it again later."
AWAY = "The signature gateway cannot be reached now. Nothing is lost: send it again later."
NONSENSE = "The signature gateway gave an answer that cannot be understood; the signature was not checked."
OTHER_CERTIFICATE = "The signature gateway speaks of another certificate than %(serial)s; the signature was not checked."

NOT_REVOKED = "Not revoked: the signature gateway asked the authority."

_SECONDS = 15.0  # the gateway itself asks the authority meanwhile
_LARGEST = 1024 * 1024
_UNSAID = Text("себебі көрсетілмеген", "причина не указана", "no reason is given")

_ROLES = {
    "INDIVIDUAL": "1.2.398.3.3.4.1.1",
    "ORGANIZATION": "1.2.398.3.3.4.1.2",
    "CEO": "1.2.398.3.3.4.1.2.1",
    "CAN_SIGN": "1.2.398.3.3.4.1.2.2",
    "CAN_SIGN_FINANCIAL": "1.2.398.3.3.4.1.2.3",
    "HR": "1.2.398.3.3.4.1.2.4",
    "EMPLOYEE": "1.2.398.3.3.4.1.2.5",
}
_PURPOSES = {"SIGN": KeyPurpose.SIGNING, "AUTH": KeyPurpose.LOGIN}


@dataclass(frozen=True, slots=True)
class GatewayAnswer:
    """What the gateway says of a signature whose value is right."""

    signatory: Signatory
    purpose: KeyPurpose | None
    revocation: str  # empty where the gateway got no answer on revocation
    revoked_at: datetime | None
    why: Text
    evidence: RevocationEvidence


class NcaNode:
    def __init__(self, address: str, *, seconds: float = _SECONDS) -> None:
        self._address = f"{address.rstrip('/')}/cms/verify"
        self._fetcher = Fetcher(seconds=seconds)

    def check(self, content: bytes, cms: bytes, certificate: x509.Certificate, at: datetime) -> GatewayAnswer:
        """Has a detached CMS over this content checked. Raises Invalid if the gateway finds it wrong, and Unavailable, each time
        with a sentence of its own, if it refuses, fails, is slow, is away, or says what cannot be understood."""
        answer = self._ask(content, cms)
        try:
            return _understood(json.loads(answer), answer, certificate, at, self._address)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
            raise Unavailable(NONSENSE) from error

    def _ask(self, content: bytes, cms: bytes) -> bytes:
        request = {
            "cms": b64encode(cms).decode(),
            "data": b64encode(content).decode(),
            "revocationCheck": ["OCSP", "CRL"],
        }
        try:
            return self._fetcher.post(
                self._address, json.dumps(request).encode(), media_type="application/json", largest=_LARGEST
            )
        except Refused as error:
            raise Unavailable(REFUSED if 400 <= error.status < 500 else BROKEN, status=error.status) from error
        except TooSlow as error:
            raise Unavailable(SLOW) from error
        except NoAnswer as error:
            raise Unavailable(AWAY) from error


def _understood(
    answer: dict[str, Any], content: bytes, certificate: x509.Certificate, at: datetime, source: str
) -> GatewayAnswer:
    if type(answer["valid"]) is not bool:
        raise ValueError("valid is neither true nor false")
    [signer] = answer["signers"]
    said = signer["certificates"][0]
    if not _is_number_of(certificate, said["serialNumber"]):
        raise Unavailable(OTHER_CERTIFICATE)
    revoked = next((each for each in said["revocations"] if each["revoked"]), None)
    if not answer["valid"] and revoked is None:
        raise Invalid(NOT_VALID)
    return GatewayAnswer(
        signatory=_signatory(said),
        purpose=_PURPOSES.get(said["keyUsage"]),
        revocation=NOT_REVOKED if said["revocations"] and revoked is None else "",
        revoked_at=_moment(revoked["revocationTime"]) if revoked else None,
        why=_why(revoked),
        evidence=RevocationEvidence(f"{certificate.serial_number:x}", f"NCANode {source}", content, at),
    )


def _is_number_of(certificate: x509.Certificate, said: str) -> bool:
    """The serial number as the gateway writes it, which is decimal or hexadecimal by its version."""
    return certificate.serial_number in {int(said, base) for base in (10, 16) if base == 16 or said.isdecimal()}


def _signatory(said: dict[str, Any]) -> Signatory:
    subject = said["subject"]
    return Signatory(
        name=" ".join(filter(None, (subject["commonName"], subject.get("lastName")))),
        iin=subject.get("iin") or "",
        bin=subject.get("bin") or "",
        organisation=subject.get("organization") or "",
        roles=tuple(_ROLES[each] for each in said["keyUser"] if each in _ROLES),
    )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment


def _why(revoked: dict[str, Any] | None) -> Text:
    reason = str((revoked or {}).get("reason") or "")
    return Text(reason, reason, reason) if reason else _UNSAID
