"""A local test authority: keys and certificates in the shape of the National Certification Authority's, for made-up people.

Demonstrations and tests sign with these keys, so that the code which checks real signatures always runs. Nothing issued here
has any force: the names of both authorities say so, and only an installation that pins this root believes it.
"""

from __future__ import annotations

import fcntl
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.domain.errors import Invalid, Misconfigured, problem
from app.gateways.cms_making import PrivateKey, sign_detached

# The demonstration clock can be set years back and forth, and a certificate must be valid at that moment; real ones live a
# year or two. After 2049 X.509 writes moments in another form, so the authorities end there.
_VALID_FROM = datetime(2015, 1, 1, tzinfo=UTC)
_VALID_UNTIL = datetime(2045, 1, 1, tzinfo=UTC)
_AUTHORITIES_VALID_UNTIL = datetime(2049, 1, 1, tzinfo=UTC)

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
            if not (_is_number(number) or (name == "bin" and not number))
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


class TestAuthority:
    """The authority kept in one directory: opened if it is there, else made. Everything is PKCS#12 readable by its owner only.

    Raises Misconfigured if the directory holds something else, or a root and an issuing authority that do not belong together.
    """

    __test__ = False  # pytest takes every class named Test… for a collection of tests

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        directory.chmod(0o700)
        with self._alone():
            self._root = self._authority("root", "Rasim TEST root authority, not the NCA", issuer=None)
            self._issuing = self._authority("issuing", "Rasim TEST issuing authority, not the NCA", issuer=self._root)

    @property
    def root_certificate(self) -> bytes:
        """The root to pin, in DER."""
        return self._root.certificate.public_bytes(Encoding.DER)

    def issue(self, holder: Holder, use: KeyUse = KeyUse.SIGNING, kind: KeyKind = KeyKind.RSA) -> IssuedKey:
        """The holder's key: the one kept, or a new one where there is none or it says something else of the holder."""
        path = self._path(holder.iin, holder.bin, use)
        with self._alone():
            kept = _load(path) if path.exists() else None
            chain = (self._issuing.certificate,)
            if kept and kept.chain == chain and _fits(kept, holder, kind):
                return kept
            private = _new_private_key(kind)
            return _save(path, IssuedKey(private, _holder_certificate(holder, use, private, self._issuing), chain))

    def find(self, iin: str, bin: str = "", use: KeyUse = KeyUse.SIGNING) -> IssuedKey | None:
        """The key kept for this person in this organisation.

        Without a BIN it is the person's own key or, where he has none, the one of the organisation first by BIN; without an
        IIN any person's of that organisation, the first by IIN.
        """
        if not (iin or bin) or not all(_is_number(number) for number in (iin, bin) if number):
            return None
        exact = [self._path(iin, bin, use)] if iin else []
        others = [] if iin and bin else self._directory.glob(f"{iin or '[0-9]*'}-{bin or '[0-9]*'}-{use.value}.p12")
        return next((_load(path) for path in (*exact, *sorted(others)) if path.exists()), None)

    def _path(self, iin: str, bin: str, use: KeyUse) -> Path:
        return self._directory / f"{iin}-{bin or 'person'}-{use.value}.p12"

    def _authority(self, name: str, common_name: str, issuer: IssuedKey | None) -> IssuedKey:
        path = self._directory / f"{name}.p12"
        if not path.exists():
            private = _new_private_key(KeyKind.RSA)
            return _save(path, IssuedKey(private, _authority_certificate(common_name, private, issuer)))
        kept = _load(path)
        try:
            kept.certificate.verify_directly_issued_by((issuer or kept).certificate)
        except (InvalidSignature, ValueError) as error:
            raise Misconfigured(
                "%(path)s was issued by another root; remove the whole directory to make a new authority.", path=path
            ) from error
        return kept

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Several processes may start at once; whoever comes first makes the keys and the others read them."""
        handle = os.open(self._directory, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


# --- Certificates ----------------------------------------------------------------------------------------------------


def _authority_certificate(common_name: str, private: PrivateKey, issuer: IssuedKey | None) -> x509.Certificate:
    subject = _name((NameOID.COMMON_NAME, common_name), (NameOID.COUNTRY_NAME, "KZ"))
    usage = _key_usage(key_cert_sign=True, crl_sign=True)
    builder = _certificate(subject, private, issuer, _AUTHORITIES_VALID_UNTIL)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return builder.add_extension(usage, critical=True).sign(issuer.private if issuer else private, hashes.SHA256())


def _holder_certificate(holder: Holder, use: KeyUse, private: PrivateKey, issuer: IssuedKey) -> x509.Certificate:
    is_signing = use is KeyUse.SIGNING
    usage = _key_usage(digital_signature=True, content_commitment=is_signing, key_encipherment=not is_signing)
    purpose = ExtendedKeyUsageOID.EMAIL_PROTECTION if is_signing else ExtendedKeyUsageOID.CLIENT_AUTH
    policy = x509.PolicyInformation(x509.ObjectIdentifier(_policy(holder, use)), None)
    builder = _certificate(_subject(holder), private, issuer, _VALID_UNTIL)
    builder = builder.add_extension(usage, critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([purpose, *_roles(holder)]), critical=False)
    builder = builder.add_extension(x509.CertificatePolicies([policy]), critical=False)
    return builder.sign(issuer.private, hashes.SHA256())


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


def _fits(key: IssuedKey, holder: Holder, kind: KeyKind) -> bool:
    roles = key.certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    return (
        key.certificate.subject == _subject(holder)
        and set(_roles(holder)) <= set(roles)
        and isinstance(key.private, rsa.RSAPrivateKey) is (kind is KeyKind.RSA)
    )


# --- Keeping ---------------------------------------------------------------------------------------------------------


def _new_private_key(kind: KeyKind) -> PrivateKey:
    if kind is KeyKind.RSA:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


def _is_number(text: str) -> bool:
    return re.fullmatch("[0-9]{12}", text) is not None


def _save(path: Path, key: IssuedKey) -> IssuedKey:
    """Writes the whole file or nothing. There is no password: whoever may read the file could read its password beside it."""
    data = pkcs12.serialize_key_and_certificates(
        path.stem.encode(), key.private, key.certificate, key.chain or None, NoEncryption()
    )
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")  # mode 0600
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(name, path)
    return key


def _load(path: Path) -> IssuedKey:
    try:
        kept = pkcs12.load_pkcs12(path.read_bytes(), None)
    except (OSError, ValueError) as error:
        raise Misconfigured("%(path)s was expected to hold a key of the test authority: %(why)s", path=path, why=error) from error
    if kept.cert is None or not isinstance(kept.key, PrivateKey):
        raise Misconfigured("%(path)s was expected to hold a key with its certificate; one of them is missing.", path=path)
    return IssuedKey(kept.key, kept.cert.certificate, tuple(extra.certificate for extra in kept.additional_certs))
