"""Digital signatures in process: a detached CMS (RFC 5652) over the exact bytes that were shown to the signer.

RSA and ECDSA are computed here. GOST keys are not: their signatures get the verdict *cannot be checked*, never *valid*.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from asn1crypto import cms as asn1
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.verification import ExtensionPolicy, PolicyBuilder, Store, VerificationError

from app.domain.errors import Invalid, Misconfigured, Unavailable
from app.domain.ports import SignatureCheck, Verdict
from app.gateways.cms import UNREADABLE, Signature, read

Digest = hashes.SHA256 | hashes.SHA384
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

GOOD = "The signature is valid."
OTHER_CONTENT = "The signature was made over another document, not over the one shown."
BAD_VALUE = "The value of the signature is wrong: the signature or its certificate was changed."
UNKNOWN_ALGORITHM = "The algorithm %(algorithm)s cannot be checked here."
UNTRUSTED = "The certificate %(serial)s was not issued under a trusted root."
NOT_YET_VALID = "The certificate %(serial)s was not valid yet at that moment."
EXPIRED = "The certificate %(serial)s had expired at that moment."
NOT_FOR_SIGNING = "The certificate %(serial)s is not for signing documents; a signing key was expected, not a login key."
NO_IIN = "The certificate %(serial)s holds no IIN."
REVOCATION_NOT_CHECKED = "Revocation was not checked: no revocation service is configured."


class CmsVerifier:
    """Checks detached CMS signatures against pinned root certificates (implements SignatureVerifier).

    Roots and issuers are DER or PEM, as bytes or as files. Issuers are issuing authorities that signers may leave out of
    their CMS; they are trusted only if a root vouches for them. Raises Misconfigured on an unreadable certificate and where
    there is no root at all.
    """

    def __init__(self, roots: Sequence[bytes | Path], issuers: Sequence[bytes | Path] = ()) -> None:
        if not roots:
            raise Misconfigured("Checking signatures needs at least one trusted root certificate; none is configured.")
        self._issuers = [_configured(source) for source in issuers]
        self._policy = (
            PolicyBuilder()
            .store(Store([_configured(source) for source in roots]))
            # Defaults for end entities are for web servers; a signer's key usage is judged by _check_signing_key.
            .extension_policies(ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=ExtensionPolicy.permit_all())
        )

    def verify(self, content: bytes, cms: bytes, *, at: datetime) -> SignatureCheck:
        """Checks a CMS over exactly these bytes at this moment: the time of a stamp, or else of reception. Never raises.

        The steps run in a fixed order and the first that fails gives the reason: bytes covered, value, chain, validity,
        revocation, kind of key, IIN. A CMS of several signers is refused: each person signs in a CMS of his own.
        """
        signature = None
        revocation = ""
        verdict, reason = Verdict.VALID, GOOD
        try:
            signature = read(cms)
            digest = _computable_digest(signature)
            _check_content(signature, digest, content)
            _check_value(signature, digest)
            self._check_chain(signature, at)
            _check_validity(signature.certificate, at)
            revocation = REVOCATION_NOT_CHECKED
            _check_signing_key(signature)
            _check_iin(signature)
        except Invalid as error:
            verdict, reason = Verdict.INVALID, error.sentence.template
        except Unavailable as error:
            verdict, reason = Verdict.CANNOT_BE_CHECKED, error.sentence.template
        return SignatureCheck(
            verdict=verdict,
            reason=reason,
            signatory=signature.signatory if signature else None,
            certificate=signature.certificate.public_bytes(Encoding.DER) if signature else b"",
            serial=f"{signature.certificate.serial_number:x}" if signature else "",
            algorithm=signature.algorithm.name if signature else "",
            checked_at=at,
            revocation=revocation,
        )

    def _check_chain(self, signature: Signature, at: datetime) -> None:
        certificate = signature.certificate
        # An expired certificate is not an untrusted one: its chain is judged at the nearest moment of its validity.
        moment = min(max(at, certificate.not_valid_before_utc), certificate.not_valid_after_utc)
        verifier = self._policy.time(moment).build_client_verifier()
        try:
            verifier.verify(certificate, [*signature.others, *self._issuers])
        # The library reads some fields only to word its refusal, and raises the second kind if it cannot.
        except (VerificationError, *UNREADABLE) as error:
            raise Invalid(UNTRUSTED) from error


def sign_detached(
    content: bytes, key: PrivateKey, certificate: x509.Certificate, chain: Sequence[x509.Certificate], at: datetime
) -> bytes:
    """A detached CMS in DER over the content, with the signing time and the certificates of the chain below the root."""
    digest, algorithm = _signing_algorithm(key)
    attributes = asn1.CMSAttributes(
        [
            {"type": "content_type", "values": ["data"]},
            {"type": "signing_time", "values": [asn1.Time({"utc_time": at})]},
            {"type": "message_digest", "values": [hashlib.new(digest.name, content).digest()]},
        ]
    )
    if isinstance(key, rsa.RSAPrivateKey):
        value = key.sign(attributes.dump(), padding.PKCS1v15(), digest)
    else:
        value = key.sign(attributes.dump(), ec.ECDSA(digest))
    own = asn1.Certificate.load(certificate.public_bytes(Encoding.DER))
    signer = {
        "version": "v1",
        "sid": {"issuer_and_serial_number": {"issuer": own.issuer, "serial_number": own.serial_number}},
        "digest_algorithm": {"algorithm": digest.name},
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": algorithm},
        "signature": value,
    }
    signed = {
        "version": "v1",
        "digest_algorithms": [{"algorithm": digest.name}],
        "encap_content_info": {"content_type": "data"},
        "certificates": [own, *(asn1.Certificate.load(issuer.public_bytes(Encoding.DER)) for issuer in chain)],
        "signer_infos": [signer],
    }
    return bytes(asn1.ContentInfo({"content_type": "signed_data", "content": asn1.SignedData(signed)}).dump())


def _signing_algorithm(key: PrivateKey) -> tuple[Digest, str]:
    if isinstance(key, rsa.RSAPrivateKey):
        return hashes.SHA256(), "sha256_rsa"
    return (hashes.SHA256(), "sha256_ecdsa") if key.key_size <= 256 else (hashes.SHA384(), "sha384_ecdsa")


def _configured(source: bytes | Path) -> x509.Certificate:
    try:
        data = source.read_bytes() if isinstance(source, Path) else source
        is_pem = data.lstrip().startswith(b"-----BEGIN")
        return x509.load_pem_x509_certificate(data) if is_pem else x509.load_der_x509_certificate(data)
    except (OSError, *UNREADABLE) as error:
        place = str(source) if isinstance(source, Path) else "given as bytes"
        raise Misconfigured("A trusted certificate was expected in %(place)s: %(why)s", place=place, why=error) from error


# --- Steps -----------------------------------------------------------------------------------------------------------


def _computable_digest(signature: Signature) -> Digest:
    if signature.algorithm.digest is None:
        raise Unavailable(UNKNOWN_ALGORITHM)
    return signature.algorithm.digest


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


def _check_signing_key(signature: Signature) -> None:
    if not signature.for_signing:
        raise Invalid(NOT_FOR_SIGNING)


def _check_iin(signature: Signature) -> None:
    if not signature.signatory.iin:
        raise Invalid(NO_IIN)
