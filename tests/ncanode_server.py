"""A server that speaks NCANode's messages over a real socket. It computes no GOST: a test tells it what to say."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any

from asn1crypto import cms as asn1

from tests.local_server import LocalServer

Algorithms = tuple[str, str, str]
"""Numbers of a signature, of its digest, and of the key."""

GOST_2015: Algorithms = ("1.2.398.3.10.1.1.2.3.2", "1.2.398.3.10.1.3.3", "1.2.398.3.10.1.1.2.2")
GOST_2004: Algorithms = ("1.2.398.3.10.1.1.1.2", "1.2.398.3.10.1.3.1", "1.2.398.3.10.1.1.1.1")


def as_gost(cms: bytes, algorithms: Algorithms = GOST_2015) -> bytes:
    """The same CMS, and the certificate in it, saying that they were made with GOST keys: nobody here can compute it, and no
    value in it is right."""
    signature, digest, key = algorithms
    info = asn1.ContentInfo.load(cms)
    signer = info["content"]["signer_infos"][0]
    signer["signature_algorithm"] = {"algorithm": signature}
    signer["digest_algorithm"] = {"algorithm": digest}
    certificate = _signers_certificate(info)
    certificate["signature_algorithm"] = {"algorithm": signature}
    certificate["tbs_certificate"]["signature"] = {"algorithm": signature}
    certificate["tbs_certificate"]["subject_public_key_info"]["algorithm"] = {"algorithm": key}
    return bytes(info.dump(force=True))


def _signers_certificate(info: asn1.ContentInfo) -> asn1.Certificate:
    serial = info["content"]["signer_infos"][0]["sid"].chosen["serial_number"].native
    return next(each.chosen for each in info["content"]["certificates"] if each.chosen.serial_number == serial)


class NcaNodeServer(LocalServer):
    """Finds every signature valid and not revoked, unless told something else.

    `answer_changes` replaces parts of the answer, `certificate_changes` parts of what it says of the signer's certificate.
    """

    def __init__(self) -> None:
        super().__init__(self._verify)
        self.questions: list[dict[str, Any]] = []
        self.answer_changes: dict[str, Any] = {}
        self.certificate_changes: dict[str, Any] = {}

    def _verify(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        if (method, path) != ("POST", "/cms/verify"):
            return 404, b""
        question = json.loads(body)
        self.questions.append(question)
        said = {
            "status": 200,
            "message": "OK",
            "valid": True,
            "signers": [{"certificates": [self._said_of(b64decode(question["cms"]))], "tsp": None}],
        }
        return 200, json.dumps(said | self.answer_changes).encode()

    def _said_of(self, cms: bytes) -> dict[str, Any]:
        certificate = _signers_certificate(asn1.ContentInfo.load(cms))
        subject = certificate.subject.native
        return {
            "valid": True,
            "revocations": [{"by": "OCSP", "revoked": False, "revocationTime": None, "reason": None}],
            "notBefore": certificate.not_valid_before.isoformat(),
            "notAfter": certificate.not_valid_after.isoformat(),
            "keyUsage": "SIGN",
            "serialNumber": str(certificate.serial_number),
            "signAlg": "ECGOST3410-2015-512",
            "keyUser": ["ORGANIZATION", "CEO"] if "organizational_unit_name" in subject else ["INDIVIDUAL"],
            "issuer": {"commonName": "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST) 2022"},
            "subject": {
                "commonName": subject["common_name"],
                "lastName": subject.get("given_name"),
                "surName": subject.get("surname"),
                "iin": subject["serial_number"].removeprefix("IIN"),
                "bin": subject.get("organizational_unit_name", "").removeprefix("BIN") or None,
                "organization": subject.get("organization_name"),
            },
        } | self.certificate_changes
