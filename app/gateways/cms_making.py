"""Making a detached CMS, as the development signer does."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from asn1crypto import cms as asn1
from asn1crypto import core, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

Digest = hashes.SHA256 | hashes.SHA384
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

_CONTENT_IDENTIFIER = "1.2.840.113549.1.9.16.2.7"


def sign_detached(
    content: bytes, key: PrivateKey, certificate: x509.Certificate, chain: Sequence[x509.Certificate], at: datetime
) -> bytes:
    """A detached CMS in DER over the content, with the signing time and the certificates of the chain below the root.

    Its attributes name the certificate, so that it may stand in a PAdES signature, and hold a number of their own: two acts of
    signing the same bytes within one second are two signatures, and not one given twice.
    """
    digest, algorithm = _signing_algorithm(key)
    own = asn1.Certificate.load(certificate.public_bytes(Encoding.DER))
    named = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(own.dump()).digest()})
    attributes = asn1.CMSAttributes(
        [
            {"type": "content_type", "values": ["data"]},
            {"type": "signing_time", "values": [asn1.Time({"utc_time": at})]},
            {"type": "message_digest", "values": [hashlib.new(digest.name, content).digest()]},
            {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [named]})]},
            {"type": _CONTENT_IDENTIFIER, "values": [core.OctetString(secrets.token_bytes(16))]},
        ]
    )
    if isinstance(key, rsa.RSAPrivateKey):
        value = key.sign(attributes.dump(), padding.PKCS1v15(), digest)
    else:
        value = key.sign(attributes.dump(), ec.ECDSA(digest))
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
