"""A local test authority: keys and certificates in the shape of the National Certification Authority's, for made-up people.

Demonstrations and tests sign with these keys, so that the code which checks real signatures always runs. Nothing issued here
has any force: the names of both authorities say so, and only an installation that pins this root believes it.
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, pkcs12

from app.domain.errors import Misconfigured
from app.gateways.authority_certificates import (
    Holder,
    IssuedKey,
    KeyKind,
    KeyUse,
    OrganisationRole,
    authority_certificate,
    fits,
    holder_certificate,
    is_number,
    new_private_key,
)
from app.gateways.cms_making import PrivateKey

__all__ = ["Holder", "IssuedKey", "KeyKind", "KeyUse", "OrganisationRole", "Revocation", "TestAuthority"]

_REVOKED = "revoked.json"


@dataclass(frozen=True, slots=True)
class Revocation:
    """That a certificate no longer holds from this moment on."""

    serial: int
    at: datetime
    reason: x509.ReasonFlags


class TestAuthority:
    """The authority kept in one directory: opened if it is there, else made. Keys are PKCS#12, all is readable by its owner only.

    `revocation_address` is where its responder and lists can be asked (see authority_server.py); certificates issued from then
    on name it. Raises Misconfigured if the directory holds something else, or a root and an issuing authority that do not
    belong together.
    """

    __test__ = False  # pytest takes every class named Test… for a collection of tests

    def __init__(self, directory: Path, *, revocation_address: str = "") -> None:
        self._directory, self._address = directory, revocation_address
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        directory.chmod(0o700)
        with self._alone():
            self._root = self._authority("root", "Rasim TEST root authority, not the NCA", issuer=None)
            self._issuing = self._authority("issuing", "Rasim TEST issuing authority, not the NCA", issuer=self._root)

    @property
    def root_certificate(self) -> bytes:
        """The root to pin, in DER."""
        return self._root.certificate.public_bytes(Encoding.DER)

    @property
    def root(self) -> IssuedKey:
        return self._root

    @property
    def issuing(self) -> IssuedKey:
        """The authority below the root, which issues to holders."""
        return self._issuing

    def issue(self, holder: Holder, use: KeyUse = KeyUse.SIGNING, kind: KeyKind = KeyKind.RSA) -> IssuedKey:
        """The holder's key: the one kept, or a new one where there is none or it says something else of the holder."""
        path = self._path(holder.iin, holder.bin, use)
        with self._alone():
            kept = _load(path) if path.exists() else None
            chain = (self._issuing.certificate,)
            if kept and kept.chain == chain and fits(kept, holder, kind):
                return kept
            private = new_private_key(kind)
            certificate = holder_certificate(holder, use, private, self._issuing, self._address)
            return _save(path, IssuedKey(private, certificate, chain))

    def revoke(self, certificate: x509.Certificate, at: datetime, reason: x509.ReasonFlags) -> None:
        """From this moment on the certificate no longer holds. Of two revocations the later said one counts."""
        with self._alone():
            kept = self._revoked()
            kept[f"{certificate.serial_number:x}"] = {
                "at": at.isoformat(),
                "reason": reason.value,
                "by_root": certificate.issuer == self._root.certificate.subject,
            }
            _write(self._directory / _REVOKED, json.dumps(kept, indent=1).encode())

    def revocations(self, issuer: IssuedKey) -> list[Revocation]:
        """What was revoked of the certificates that the root or the issuing authority issued."""
        by_root = issuer.certificate == self._root.certificate
        return [
            Revocation(int(serial, 16), datetime.fromisoformat(each["at"]), x509.ReasonFlags(each["reason"]))
            for serial, each in self._revoked().items()
            if each["by_root"] is by_root
        ]

    def _revoked(self) -> dict[str, dict[str, Any]]:
        path = self._directory / _REVOKED
        kept: dict[str, dict[str, Any]] = json.loads(path.read_text()) if path.exists() else {}
        return kept

    def find(self, iin: str, bin: str = "", use: KeyUse = KeyUse.SIGNING) -> IssuedKey | None:
        """The key kept for this person in this organisation.

        Without a BIN it is the person's own key or, where he has none, the one of the organisation first by BIN; without an
        IIN any person's of that organisation, the first by IIN.
        """
        if not (iin or bin) or not all(is_number(number) for number in (iin, bin) if number):
            return None
        exact = [self._path(iin, bin, use)] if iin else []
        others = [] if iin and bin else self._directory.glob(f"{iin or '[0-9]*'}-{bin or '[0-9]*'}-{use.value}.p12")
        return next((_load(path) for path in (*exact, *sorted(others)) if path.exists()), None)

    def _path(self, iin: str, bin: str, use: KeyUse) -> Path:
        return self._directory / f"{iin}-{bin or 'person'}-{use.value}.p12"

    def _authority(self, name: str, common_name: str, issuer: IssuedKey | None) -> IssuedKey:
        path = self._directory / f"{name}.p12"
        if not path.exists():
            private = new_private_key(KeyKind.RSA)
            return _save(path, IssuedKey(private, authority_certificate(common_name, private, issuer, self._address)))
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


# --- Keeping ---------------------------------------------------------------------------------------------------------


def _save(path: Path, key: IssuedKey) -> IssuedKey:
    """Writes the whole file or nothing. There is no password: whoever may read the file could read its password beside it."""
    data = pkcs12.serialize_key_and_certificates(
        path.stem.encode(), key.private, key.certificate, key.chain or None, NoEncryption()
    )
    _write(path, data)
    return key


def _write(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")  # mode 0600
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(name, path)


def _load(path: Path) -> IssuedKey:
    try:
        kept = pkcs12.load_pkcs12(path.read_bytes(), None)
    except (OSError, ValueError) as error:
        raise Misconfigured("%(path)s was expected to hold a key of the test authority: %(why)s", path=path, why=error) from error
    if kept.cert is None or not isinstance(kept.key, PrivateKey):
        raise Misconfigured("%(path)s was expected to hold a key with its certificate; one of them is missing.", path=path)
    return IssuedKey(kept.key, kept.cert.certificate, tuple(extra.certificate for extra in kept.additional_certs))
