"""Digital signatures in process: a detached CMS (RFC 5652) over the exact bytes that were shown to the signer.

RSA and ECDSA are computed here. GOST keys are not: their signatures are checked by a signature gateway where one is configured,
and get the verdict *cannot be checked* otherwise, never *valid*.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.verification import ExtensionPolicy, PolicyBuilder, Store, VerificationError

from app.domain.errors import Invalid, Misconfigured, Unavailable
from app.domain.ports import (
    REVOCATION_NOT_CHECKED,
    KeyPurpose,
    RevocationEvidence,
    Signatory,
    SignatureCheck,
    Verdict,
)
from app.gateways.cms import UNREADABLE, Signature, read
from app.gateways.cms_making import Digest
from app.gateways.fetching import NoAnswer
from app.gateways.ncanode import NcaNode
from app.gateways.revocation import Revocation
from app.gateways.revocation_status import Status

GOOD = "The signature is valid."
OTHER_CONTENT = "The signature was made over another document, not over the one shown."
BAD_VALUE = "The value of the signature is wrong: the signature or its certificate was changed."
UNKNOWN_ALGORITHM = "The algorithm %(algorithm)s cannot be checked here."
BROKEN_DIGEST = "The signature or its certificate %(serial)s rests on SHA-1 or MD5, which no longer prove anything."
UNTRUSTED = "The certificate %(serial)s was not issued under a trusted root."
OTHER_CERTIFICATE = "The signed attributes of the CMS name another certificate than %(serial)s."
NOT_YET_VALID = "The certificate %(serial)s was not valid yet at that moment."
EXPIRED = "The certificate %(serial)s had expired at that moment."
REVOKED = "The certificate %(serial)s was revoked on %(revoked_at)s: %(why)s."
AUTHORITY_REVOKED = "The authority that issued the certificate %(serial)s lost its own certificate on %(revoked_at)s: %(why)s."
NO_ANSWER = "Nobody answers now whether the certificate %(serial)s was revoked. Nothing is lost: send it again later."
NOBODY_TO_ASK = "Whether the certificate %(serial)s was revoked cannot be checked: no revocation service is named."
NOT_FOR_SIGNING = "The certificate %(serial)s is not for signing documents; a signing key was expected, not a login key."
NOT_FOR_LOGIN = "The certificate %(serial)s is not for signing in; a login key was expected, not a signing key."
NO_IIN = "The certificate %(serial)s holds no IIN."

NOT_REVOKED_BY_OCSP = "Not revoked: the authority's responder says so (OCSP)."
NOT_REVOKED_BY_CRL = "Not revoked: the certificate is not in the authority's list (CRL)."


@dataclass(slots=True)
class _Found:
    """What a check has established so far; whatever ends it, this much is kept."""

    signature: Signature | None = None
    signatory: Signatory | None = None
    revocation: str = ""
    evidence: list[RevocationEvidence] = field(default_factory=list)


class CmsVerifier:
    """Checks detached CMS signatures against pinned root certificates (implements SignatureVerifier).

    Roots and issuers are DER or PEM, as bytes or as files. Issuers are issuing authorities that signers may leave out of
    their CMS; they are trusted only if a root vouches for them. Without `revocation` nobody is asked. With
    `revocation_required` a certificate about which there is nobody to ask cannot be checked; otherwise that is noted and the
    check goes on. `gateway` checks what cannot be computed here. Raises Misconfigured on an unreadable certificate and where
    there is no root at all.
    """

    def __init__(
        self,
        roots: Sequence[bytes | Path],
        issuers: Sequence[bytes | Path] = (),
        *,
        revocation: Revocation | None = None,
        revocation_required: bool = False,
        gateway: NcaNode | None = None,
    ) -> None:
        if not roots:
            raise Misconfigured("Checking signatures needs at least one trusted root certificate; none is configured.")
        self._issuers = [_configured(source) for source in issuers]
        self._policy = (
            PolicyBuilder()
            .store(Store([_configured(source) for source in roots]))
            # Defaults for end entities are for web servers; a signer's key usage is judged by _check_purpose.
            .extension_policies(ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=ExtensionPolicy.permit_all())
        )
        self._revocation, self._required, self._gateway = revocation, revocation_required, gateway

    def verify(self, content: bytes, cms: bytes, *, at: datetime, purpose: KeyPurpose = KeyPurpose.SIGNING) -> SignatureCheck:
        """Checks a CMS over exactly these bytes at this moment: the time of a stamp, or else of reception. Never raises.

        The steps run in a fixed order and the first that fails gives the reason: bytes covered, value, chain, validity,
        revocation, kind of key, IIN. A CMS of several signers is refused: each person signs in a CMS of his own.
        """
        found = _Found()
        try:
            self._check(found, content, cms, at, purpose)
        except Invalid as error:
            return _result(found, at, Verdict.INVALID, error)
        except Unavailable as error:
            return _result(found, at, Verdict.CANNOT_BE_CHECKED, error)
        return _result(found, at, Verdict.VALID, None)

    def _check(self, found: _Found, content: bytes, cms: bytes, at: datetime, purpose: KeyPurpose) -> None:
        signature = found.signature = read(cms)
        found.signatory = signature.signatory
        if signature.rests_on_broken_digest:
            raise Invalid(BROKEN_DIGEST)
        digest = signature.algorithm.digest
        if digest is not None:
            _check_content(signature, digest, content)
            _check_value(signature, digest)
            chain = self._chain(signature, at)
            if signature.names_certificate is False:
                raise Invalid(OTHER_CERTIFICATE)
            _check_validity(signature.certificate, at)
            self._check_revocation(found, chain, at)
            _check_purpose(signature.purpose, purpose)
        elif self._gateway is not None:
            self._ask_gateway(self._gateway, found, signature, content, cms, at, purpose)
        else:
            raise Unavailable(UNKNOWN_ALGORITHM)
        if not found.signatory.iin:
            raise Invalid(NO_IIN)

    def _ask_gateway(
        self,
        gateway: NcaNode,
        found: _Found,
        signature: Signature,
        content: bytes,
        cms: bytes,
        at: datetime,
        purpose: KeyPurpose,
    ) -> None:
        """The gateway computes the value and knows the chain; the moment and the purpose are judged here as ever."""
        answer = gateway.check(content, cms, signature.certificate, at)
        found.signatory, found.revocation = answer.signatory, answer.revocation
        found.evidence.append(answer.evidence)
        _check_validity(signature.certificate, at)
        if answer.revoked_at is not None:
            raise Invalid(REVOKED, revoked_at=answer.revoked_at, why=answer.why)
        if not answer.revocation:
            raise Unavailable(NO_ANSWER)
        _check_purpose(answer.purpose, purpose)

    def _chain(self, signature: Signature, at: datetime) -> list[x509.Certificate]:
        """The certificates from the signer's to a pinned root."""
        certificate = signature.certificate
        # An expired certificate is not an untrusted one: its chain is judged at the nearest moment of its validity.
        moment = min(max(at, certificate.not_valid_before_utc), certificate.not_valid_after_utc)
        verifier = self._policy.time(moment).build_client_verifier()
        try:
            return verifier.verify(certificate, [*signature.others, *self._issuers]).chain
        # The library reads some fields only to word its refusal, and raises the second kind if it cannot.
        except (VerificationError, *UNREADABLE) as error:
            raise Invalid(UNTRUSTED) from error

    def _check_revocation(self, found: _Found, chain: list[x509.Certificate], at: datetime) -> None:
        """The signer's certificate first, then the authorities' below the root, which nobody can revoke but its owner."""
        own = self._status(found, chain[0], chain[1], at, own_only=False)
        if own is None:
            if self._required:
                raise Unavailable(NOBODY_TO_ASK)
            found.revocation = REVOCATION_NOT_CHECKED
        elif own.revoked_at is not None:
            raise Invalid(REVOKED, revoked_at=own.revoked_at, why=own.why)
        else:
            found.revocation = NOT_REVOKED_BY_OCSP if own.source.startswith("OCSP") else NOT_REVOKED_BY_CRL
        for authority, issuer in pairwise(chain[1:]):
            status = self._status(found, authority, issuer, at, own_only=True)
            if status is not None and status.revoked_at is not None:
                raise Invalid(AUTHORITY_REVOKED, revoked_at=status.revoked_at, why=status.why)

    def _status(
        self, found: _Found, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime, *, own_only: bool
    ) -> Status | None:
        if self._revocation is None:
            return None
        try:
            status = self._revocation.status(certificate, issuer, at, own_only=own_only)
        except NoAnswer as error:
            raise Unavailable(NO_ANSWER) from error
        if status is not None:
            serial = f"{certificate.serial_number:x}"
            found.evidence.append(RevocationEvidence(serial, status.source, status.content, status.speaks_of))
        return status


def _result(found: _Found, at: datetime, verdict: Verdict, error: Invalid | Unavailable | None) -> SignatureCheck:
    signature = found.signature
    return SignatureCheck(
        verdict=verdict,
        reason=error.sentence.template if error else GOOD,
        signatory=found.signatory,
        certificate=signature.certificate.public_bytes(Encoding.DER) if signature else b"",
        serial=f"{signature.certificate.serial_number:x}" if signature else "",
        algorithm=signature.algorithm.name if signature else "",
        checked_at=at,
        revocation=found.revocation,
        evidence=tuple(found.evidence),
        fingerprint=signature.fingerprint if signature else "",
        names_certificate=bool(signature and signature.names_certificate),
        details=error.sentence.values if error else {},
    )


def roots_and_issuers(files: Sequence[Path]) -> tuple[list[bytes | Path], list[bytes | Path]]:
    """Which certificates of a folder are roots, to be pinned, and which are of authorities that a root has to vouch for: an
    issuing authority that were pinned itself could not be revoked. Raises Misconfigured on an unreadable one."""
    roots: list[bytes | Path] = []
    issuers: list[bytes | Path] = []
    for file in files:
        certificate = _configured(file)
        (roots if certificate.subject == certificate.issuer else issuers).append(file)
    return roots, issuers


def _configured(source: bytes | Path) -> x509.Certificate:
    try:
        data = source.read_bytes() if isinstance(source, Path) else source
        is_pem = data.lstrip().startswith(b"-----BEGIN")
        return x509.load_pem_x509_certificate(data) if is_pem else x509.load_der_x509_certificate(data)
    except (OSError, *UNREADABLE) as error:
        place = str(source) if isinstance(source, Path) else "given as bytes"
        raise Misconfigured("A trusted certificate was expected in %(place)s: %(why)s", place=place, why=error) from error


# --- Steps -----------------------------------------------------------------------------------------------------------


def _check_content(signature: Signature, digest: Digest, content: bytes) -> None:
    if hashlib.new(digest.name, content).digest() != signature.message_digest:
        raise Invalid(OTHER_CONTENT)


def _check_value(signature: Signature, digest: Digest) -> None:
    try:
        key = signature.certificate.public_key()
        if signature.algorithm.key is None or not isinstance(key, signature.algorithm.key):
            raise Invalid(BAD_VALUE)
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature.value, signature.attributes, padding.PKCS1v15(), digest)
        else:
            key.verify(signature.value, signature.attributes, ec.ECDSA(digest))
    except (InvalidSignature, UnsupportedAlgorithm, ValueError) as error:
        # Unsupported is a contradiction here: the signature names RSA or ECDSA, the certificate holds some other key.
        raise Invalid(BAD_VALUE) from error


def _check_validity(certificate: x509.Certificate, at: datetime) -> None:
    if at < certificate.not_valid_before_utc:
        raise Invalid(NOT_YET_VALID)
    if at > certificate.not_valid_after_utc:
        raise Invalid(EXPIRED)


def _check_purpose(found: KeyPurpose | None, wanted: KeyPurpose) -> None:
    if found is not wanted:
        raise Invalid(NOT_FOR_SIGNING if wanted is KeyPurpose.SIGNING else NOT_FOR_LOGIN)
