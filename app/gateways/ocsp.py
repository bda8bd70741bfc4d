"""Asking an authority's responder about one certificate (RFC 6960), and judging whether its answer counts."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from app.gateways.cms import UNREADABLE
from app.gateways.fetching import Fetcher, NoAnswer
from app.gateways.revocation_status import SKEW, Status, status_at

_LARGEST = 64 * 1024
_MAX_AGE = timedelta(hours=1)  # of an answer that does not say until when it holds


def ask(fetcher: Fetcher, address: str, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> Status:
    """The certificate's status at this moment. Raises NoAnswer unless the issuer or its responder answers freshly."""
    nonce = secrets.token_bytes(16)
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1())  # responders know no other
    request = builder.add_extension(x509.OCSPNonce(nonce), critical=False).build()
    body = request.public_bytes(Encoding.DER)
    content = fetcher.post(address, body, media_type="application/ocsp-request", largest=_LARGEST)
    try:
        return _judged(ocsp.load_der_ocsp_response(content), content, f"OCSP {address}", certificate, issuer, at, nonce)
    except (InvalidSignature, UnsupportedAlgorithm, *UNREADABLE) as error:
        raise NoAnswer(f"an answer that proves nothing from {address}: {error!r}") from error


def _judged(
    response: ocsp.OCSPResponse,
    content: bytes,
    source: str,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    at: datetime,
    nonce: bytes,
) -> Status:
    if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        raise NoAnswer(f"{source}: {response.response_status.name}")
    _check_responder(response, issuer, at)
    _check_nonce(response, nonce)
    single = next((each for each in response.responses if _is_about(each, certificate, issuer)), None)
    if single is None:
        raise NoAnswer(f"{source}: speaks of another certificate")
    until = single.next_update_utc or single.this_update_utc + _MAX_AGE
    if not single.this_update_utc - SKEW <= at <= until + SKEW:
        raise NoAnswer(f"{source}: speaks of {single.this_update_utc} to {until}, not of {at}")
    if single.certificate_status is ocsp.OCSPCertStatus.UNKNOWN:
        raise NoAnswer(f"{source}: does not know the certificate")
    return status_at(
        at, single.revocation_time_utc, single.revocation_reason, source=source, content=content, speaks_of=single.this_update_utc
    )


def _is_about(single: ocsp.OCSPSingleResponse, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    wanted = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, single.hash_algorithm).build()
    return (single.serial_number, single.issuer_name_hash, single.issuer_key_hash) == (
        wanted.serial_number,
        wanted.issuer_name_hash,
        wanted.issuer_key_hash,
    )


def _check_nonce(response: ocsp.OCSPResponse, nonce: bytes) -> None:
    """Responders may leave the nonce out (their freshness then lies in the times); another one is another question's answer."""
    try:
        found = response.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    except x509.ExtensionNotFound:
        return
    if found != nonce:
        raise NoAnswer("the answer to another question")


def _check_responder(response: ocsp.OCSPResponse, issuer: x509.Certificate, at: datetime) -> None:
    """The answer is signed by the issuer itself, or by a responder with a certificate of the issuer for this very purpose."""
    responder = next((each for each in (issuer, *response.certificates) if _is_responder(each, response)), None)
    if responder is None:
        raise NoAnswer("the responder's certificate is not there")
    if responder != issuer:
        responder.verify_directly_issued_by(issuer)
        purposes = responder.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        if ExtendedKeyUsageOID.OCSP_SIGNING not in purposes:
            raise NoAnswer("the responder's certificate is not for answering")
        if not responder.not_valid_before_utc <= at <= responder.not_valid_after_utc:
            raise NoAnswer("the responder's certificate is not valid")
    digest = response.signature_hash_algorithm
    if digest is None or isinstance(digest, (hashes.SHA1, hashes.MD5)):
        raise NoAnswer("the answer is signed with a digest that proves nothing")
    key = responder.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(response.signature, response.tbs_response_bytes, padding.PKCS1v15(), digest)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(response.signature, response.tbs_response_bytes, ec.ECDSA(digest))
    else:
        raise NoAnswer("the responder's key is of a kind unknown here")


def _is_responder(certificate: x509.Certificate, response: ocsp.OCSPResponse) -> bool:
    if response.responder_key_hash is not None:
        return x509.SubjectKeyIdentifier.from_public_key(certificate.public_key()).digest == response.responder_key_hash
    return certificate.subject == response.responder_name
