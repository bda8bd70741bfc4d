"""Reading a detached CMS signature (RFC 5652) and its signer's certificate. Nothing is checked here but the form."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain

from asn1crypto import cms as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from app.domain.errors import Invalid
from app.domain.ports import KeyPurpose, Signatory

EMPTY = "There is no signature: the CMS is empty."
TOO_LARGE = "The CMS is larger than a detached signature can be."
MALFORMED = "This is not a CMS signature, or it is damaged."
ATTACHED = "The CMS carries a document of its own; a detached signature over the document shown was expected."
NOT_ONE_SIGNER = "The CMS must hold the signature of exactly one person."
NO_CERTIFICATE = "The CMS does not hold the certificate of its signer."
BAD_ATTRIBUTES = "The signed attributes of the CMS do not name the document exactly once."

# A real detached CMS takes 2-10 kB, with a time stamp and revocation answers some tens.
_LARGEST_CMS = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Algorithm:
    """How the signer computed the signature. An algorithm that cannot be computed here has a name only."""

    name: str
    digest: hashes.SHA256 | hashes.SHA384 | None = None
    key: type[rsa.RSAPublicKey | ec.EllipticCurvePublicKey] | None = None
    broken: bool = False  # others can make a second document with the same digest


_RSA_SHA256 = Algorithm("RSA SHA-256", hashes.SHA256(), rsa.RSAPublicKey)

# asn1crypto's names of a signer's signature and digest algorithms.
_COMPUTABLE = {
    ("rsassa_pkcs1v15", "sha256"): _RSA_SHA256,  # many signers name the kind of key alone
    ("sha256_rsa", "sha256"): _RSA_SHA256,
    ("sha256_ecdsa", "sha256"): Algorithm("ECDSA SHA-256", hashes.SHA256(), ec.EllipticCurvePublicKey),
    ("sha384_ecdsa", "sha384"): Algorithm("ECDSA SHA-384", hashes.SHA384(), ec.EllipticCurvePublicKey),
}

# Algorithms of the National Certification Authority that cannot be computed here, to name them to people.
_GOST = {
    "1.2.398.3.10.1.1.1.1": "GOST 34.310-2004",
    "1.2.398.3.10.1.1.1.2": "GOST 34.310-2004",
    "1.2.398.3.10.1.1.2.2": "GOST 34.10-2015 (512 bit)",
    "1.2.398.3.10.1.1.2.3.2": "GOST 34.10-2015 (512 bit)",
}

# Algorithms that no longer prove anything: of signatures, of digests, and of the signatures under certificates.
_BROKEN = {"sha1", "sha1_rsa", "sha1_ecdsa", "sha1_dsa", "md5", "md5_rsa", "md2", "md2_rsa"}

# What the two ASN.1 readers raise on bytes that are not what they claim to be. asn1crypto reads lazily and does not look
# before it indexes, so the list is as wide as the ways in which a value can be missing or wrong.
UNREADABLE = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


@dataclass(frozen=True, slots=True)
class Signature:
    """The only signer of a CMS as read, nothing checked yet."""

    algorithm: Algorithm
    attributes: bytes  # the signed attributes as a DER SET: the bytes that were signed (RFC 5652, 5.4)
    message_digest: bytes
    value: bytes
    certificate: x509.Certificate
    others: list[x509.Certificate]
    signatory: Signatory
    purpose: KeyPurpose | None  # what the certificate lets its key do; None for neither
    names_certificate: bool | None  # its own among the signed attributes (RFC 5035); False: another, None: none
    rests_on_broken_digest: bool

    @property
    def fingerprint(self) -> str:
        """The same for every copy of this act of signing, however the CMS round it or an ECDSA value is rewritten."""
        return sha256(self.certificate.public_bytes(Encoding.DER) + self.attributes).hexdigest()


def read(cms: bytes) -> Signature:
    """The one signature in a detached CMS. Raises Invalid if it is no such thing; the sentence needs no values."""
    if not cms:
        raise Invalid(EMPTY)
    if len(cms) > _LARGEST_CMS:
        raise Invalid(TOO_LARGE)
    try:
        return _parse(asn1.ContentInfo.load(cms, strict=True))
    except UNREADABLE as error:
        raise Invalid(MALFORMED) from error


def _parse(info: asn1.ContentInfo) -> Signature:
    if info["content_type"].native != "signed_data":
        raise Invalid(MALFORMED)
    signed = info["content"]
    if signed["encap_content_info"]["content_type"].native != "data":
        raise Invalid(MALFORMED)
    if signed["encap_content_info"]["content"].native is not None:
        raise Invalid(ATTACHED)
    if len(signed["signer_infos"]) != 1:
        raise Invalid(NOT_ONE_SIGNER)
    signer = signed["signer_infos"][0]
    own, *others = _signer_first(signed, signer)
    algorithm = _algorithm(signer)
    return Signature(
        algorithm=algorithm,
        attributes=signer["signed_attrs"].untag().dump(force=True),
        message_digest=_message_digest(signer),
        value=signer["signature"].native,
        certificate=_loaded(own),
        others=[_loaded(other) for other in others],
        signatory=_signatory(own),
        purpose=_purpose(own),
        names_certificate=_names_certificate(signer, own),
        rests_on_broken_digest=algorithm.broken or _is_issued_by_broken_digest(own, others),
    )


def _signer_first(signed: asn1.SignedData, signer: asn1.SignerInfo) -> list[asn1.Certificate]:
    """The certificates of the CMS, the signer's before the others."""
    certificates = [choice.chosen for choice in signed["certificates"] if choice.name == "certificate"]
    certificates.sort(key=lambda certificate: not _belongs(certificate, signer["sid"]))
    if not certificates or not _belongs(certificates[0], signer["sid"]):
        raise Invalid(NO_CERTIFICATE)
    return certificates


def _loaded(certificate: asn1.Certificate) -> x509.Certificate:
    if certificate.serial_number <= 0:
        raise ValueError("a serial number is positive (RFC 5280, 4.1.2.2)")
    return x509.load_der_x509_certificate(certificate.dump())


def _belongs(certificate: asn1.Certificate, signer_id: asn1.SignerIdentifier) -> bool:
    if signer_id.name == "subject_key_identifier":
        return bool(certificate.key_identifier == signer_id.chosen.native)
    issuer_and_serial = signer_id.chosen
    return bool(
        certificate.serial_number == issuer_and_serial["serial_number"].native
        and certificate.issuer.dump() == issuer_and_serial["issuer"].dump()
    )


def _algorithm(signer: asn1.SignerInfo) -> Algorithm:
    value, digest = (signer[part]["algorithm"].native for part in ("signature_algorithm", "digest_algorithm"))
    name = f"{_GOST.get(value, value)}, digest {digest}"
    return _COMPUTABLE.get((value, digest)) or Algorithm(name, broken=bool(_BROKEN & {value, digest}))


def _is_issued_by_broken_digest(own: asn1.Certificate, others: list[asn1.Certificate]) -> bool:
    """Whether the signer's certificate, or that of the authority over it, is signed over a broken digest. A root vouches for
    itself and is pinned by its bytes, whatever it is signed with."""
    over_it = [other for other in others if other.subject.dump() == own.issuer.dump()]
    issuers = [other for other in over_it if other.subject.dump() != other.issuer.dump()]
    return any(each["signature_algorithm"]["algorithm"].native in _BROKEN for each in (own, *issuers))


def _names_certificate(signer: asn1.SignerInfo, own: asn1.Certificate) -> bool | None:
    for attribute in signer["signed_attrs"]:
        if attribute["type"].native == "signing_certificate_v2":
            named = attribute["values"][0]["certs"][0]
            digest = hashlib.new(named["hash_algorithm"]["algorithm"].native, own.dump()).digest()
            return bool(digest == named["cert_hash"].native)
    return None


def _message_digest(signer: asn1.SignerInfo) -> bytes:
    """The digest in the signed attributes, which must be there once and speak of plain data (RFC 5652, 11.1 and 11.2)."""
    found: dict[str, list[object]] = {"content_type": [], "message_digest": []}
    for attribute in signer["signed_attrs"]:
        found.get(attribute["type"].native, []).extend(attribute["values"].native)
    digests = found["message_digest"]
    if found["content_type"] != ["data"] or len(digests) != 1 or not isinstance(digests[0], bytes):
        raise Invalid(BAD_ATTRIBUTES)
    return digests[0]


def _signatory(certificate: asn1.Certificate) -> Signatory:
    """Who a certificate of the National Certification Authority speaks of: its fields in the domain's terms."""
    fields: dict[str, list[str]] = defaultdict(list)
    for field in chain.from_iterable(certificate.subject.chosen):
        fields[field["type"].native].append(str(field["value"].native))

    def number(prefix: str, texts: list[str]) -> str:
        matches = (re.fullmatch(prefix + "([0-9]{12})", text) for text in texts)
        return next((match[1] for match in matches if match), "")

    return Signatory(
        # CN is surname and given name; the field G, the given name elsewhere, holds the patronymic.
        name=" ".join([*fields["common_name"][:1], *fields["given_name"][:1]]),
        iin=number("IIN", fields["serial_number"]),
        bin=number("BIN", fields["organizational_unit_name"]),
        organisation=" ".join(fields["organization_name"][:1]),
        roles=tuple(purpose for purpose in _purposes(certificate) if purpose.startswith("1.2.398.")),
    )


def _purposes(certificate: asn1.Certificate) -> list[str]:
    """Extended key usages: asn1crypto's names of those it knows, numbers of the others."""
    value = certificate.extended_key_usage_value
    return list(value.native) if value else []


def _purpose(certificate: asn1.Certificate) -> KeyPurpose | None:
    value = certificate.key_usage_value
    usage, purposes = value.native if value is not None else set(), _purposes(certificate)
    if {"digital_signature", "non_repudiation"} <= usage and "email_protection" in purposes:
        return KeyPurpose.SIGNING
    if "digital_signature" in usage and "client_auth" in purposes:
        return KeyPurpose.LOGIN
    return None
