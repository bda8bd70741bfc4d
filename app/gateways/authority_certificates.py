"""The certificates of the test authority, in the shape of the National Certification Authority's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from app.domain.errors import Invalid, problem
from app.gateways.cms_making import PrivateKey, sign_detached

# The demonstration clock can be set years back and forth, and a certificate must be valid at that moment; real ones live a
# year or two. After 2049 X.509 writes moments in another form, so the authorities end there.
_VALID_FROM = datetime(2015, 1, 1, tzinfo=UTC)
_VALID_UNTIL = datetime(2045, 1, 1, tzinfo=UTC)
_AUTHORITIES_VALID_UNTIL = datetime(2049, 1, 1, tzinfo=UTC)

RESPONDER, ISSUING_LIST, ROOT_LIST = "/ocsp", "/issuing.crl", "/root.crl"
"""Where below its address the authority answers on revocation."""

_NATURAL_PERSON = "1.2.398.3.3.4.1.1"
_ORGANISATION = "1.2.398.3.3.4.1.2"


class OrganisationRole(Enum):
    """What a person may do for an organisation, by the purpose (EKU) in the certificate."""

    FIRST_HEAD = "1.2.398.3.3.4.1.2.1"
    RIGHT_TO_SIGN = "1.2.398.3.3.4.1.2.2"
    EMPLOYEE = "1.2.398.3.3.4.1.2.5"


class KeyUse(Enum):
    """The two keys everybody gets: one signs documents, the other opens doors."""

    SIGNING = "signing"
    LOGIN = "login"


class KeyKind(Enum):
    RSA = "RSA-2048"
    ECDSA = "ECDSA P-256"


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a certificate is for. A holder with a BIN acts for that organisation in that role.

    Raises Invalid on an IIN or BIN that is not 12 digits.
    """

    surname: str
    given: str
    iin: str
    patronymic: str = ""
    organisation: str = ""
    bin: str = ""
    role: OrganisationRole = OrganisationRole.EMPLOYEE

    def __post_init__(self) -> None:
        wrong = [
            problem(name, "Expected 12 digits, found %(found)r.", found=number)
            for name, number in (("iin", self.iin), ("bin", self.bin))
            if not (is_number(number) or (name == "bin" and not number))
        ]
        if wrong:
            raise Invalid("A certificate cannot be issued to %(holder)s.", wrong, holder=self.surname)


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A private key with its certificate and the certificates above it, without the root, which the checker pins."""

    private: PrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    def sign(self, content: bytes, at: datetime) -> bytes:
        """A detached CMS over the content."""
        return sign_detached(content, self.private, self.certificate, self.chain, at)


def authority_certificate(common_name: str, private: PrivateKey, issuer: IssuedKey | None, address: str) -> x509.Certificate:
    subject = _name((NameOID.COMMON_NAME, common_name), (NameOID.COUNTRY_NAME, "KZ"))
    usage = _key_usage(key_cert_sign=True, crl_sign=True)
    builder = _certificate(subject, private, issuer, _AUTHORITIES_VALID_UNTIL)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    if issuer and address:
        builder = builder.add_extension(_list_at(f"{address}{ROOT_LIST}"), critical=False)
    return builder.add_extension(usage, critical=True).sign(issuer.private if issuer else private, hashes.SHA256())


def holder_certificate(holder: Holder, use: KeyUse, private: PrivateKey, issuer: IssuedKey, address: str) -> x509.Certificate:
    is_signing = use is KeyUse.SIGNING
    usage = _key_usage(digital_signature=True, content_commitment=is_signing, key_encipherment=not is_signing)
    purpose = ExtendedKeyUsageOID.EMAIL_PROTECTION if is_signing else ExtendedKeyUsageOID.CLIENT_AUTH
    policy = x509.PolicyInformation(x509.ObjectIdentifier(_policy(holder, use)), None)
    builder = _certificate(_subject(holder), private, issuer, _VALID_UNTIL)
    builder = builder.add_extension(usage, critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([purpose, *_roles(holder)]), critical=False)
    builder = builder.add_extension(x509.CertificatePolicies([policy]), critical=False)
    if address:
        responder = x509.UniformResourceIdentifier(f"{address}{RESPONDER}")
        access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, responder)
        builder = builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
        builder = builder.add_extension(_list_at(f"{address}{ISSUING_LIST}"), critical=False)
    return builder.sign(issuer.private, hashes.SHA256())


def responder_key(issuer: IssuedKey) -> IssuedKey:
    """A new key with a certificate of this authority for answering questions on revocation (RFC 6960, 4.2.2.2)."""
    private = new_private_key(KeyKind.ECDSA)
    subject = _name((NameOID.COMMON_NAME, "Rasim TEST responder, not the NCA"), (NameOID.COUNTRY_NAME, "KZ"))
    builder = _certificate(subject, private, issuer, _VALID_UNTIL)
    builder = builder.add_extension(_key_usage(digital_signature=True), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), critical=False)
    builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
    return IssuedKey(private, builder.sign(issuer.private, hashes.SHA256()))


def _list_at(address: str) -> x509.CRLDistributionPoints:
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(address)], None, None, None)
    return x509.CRLDistributionPoints([point])


def _certificate(
    subject: x509.Name, private: PrivateKey, issuer: IssuedKey | None, valid_until: datetime
) -> x509.CertificateBuilder:
    """What all certificates have; without an issuer it is a root, which vouches for itself."""
    issuer_key = (issuer.private if issuer else private).public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_VALID_FROM)
        .not_valid_after(valid_until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    )


def _subject(holder: Holder) -> x509.Name:
    """The NCA's fields: G holds the patronymic, serialNumber the IIN, OU the BIN."""
    return _name(
        (NameOID.COMMON_NAME, f"{holder.surname} {holder.given}"),
        (NameOID.SURNAME, holder.surname),
        (NameOID.SERIAL_NUMBER, f"IIN{holder.iin}"),
        (NameOID.COUNTRY_NAME, "KZ"),
        (NameOID.GIVEN_NAME, holder.patronymic),
        (NameOID.ORGANIZATION_NAME, holder.organisation),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, f"BIN{holder.bin}" if holder.bin else ""),
    )


def _name(*fields: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    # X.520 gives a field 64 characters, which the full names of state bodies exceed; numbers tell holders apart.
    return x509.Name([x509.NameAttribute(kind, text[:64]) for kind, text in fields if text])


def _roles(holder: Holder) -> list[x509.ObjectIdentifier]:
    return [x509.ObjectIdentifier(oid) for oid in ([_ORGANISATION, holder.role.value] if holder.bin else [_NATURAL_PERSON])]


def _policy(holder: Holder, use: KeyUse) -> str:
    kinds = {(True, KeyUse.SIGNING): 1, (True, KeyUse.LOGIN): 2, (False, KeyUse.SIGNING): 3, (False, KeyUse.LOGIN): 4}
    return f"1.2.398.3.3.2.{kinds[bool(holder.bin), use]}"


def _key_usage(**granted: bool) -> x509.KeyUsage:
    every = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: granted.get(name, False) for name in every})


def fits(key: IssuedKey, holder: Holder, kind: KeyKind) -> bool:
    roles = key.certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    return (
        key.certificate.subject == _subject(holder)
        and set(_roles(holder)) <= set(roles)
        and isinstance(key.private, rsa.RSAPrivateKey) is (kind is KeyKind.RSA)
    )


def new_private_key(kind: KeyKind) -> PrivateKey:
    if kind is KeyKind.RSA:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


def is_number(text: str) -> bool:
    return re.fullmatch("[0-9]{12}", text) is not None
