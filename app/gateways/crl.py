"""Authorities' lists of revoked certificates (RFC 5280, 5), fetched, judged, and kept in the process while they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtensionOID

from app.gateways.cms import UNREADABLE
from app.gateways.fetching import Fetcher, NoAnswer
from app.gateways.revocation_status import SKEW, Status, status_at

_LARGEST = 32 * 1024 * 1024  # a national authority's whole list takes some megabytes
_KNOWN_IF_CRITICAL = {ExtensionOID.ISSUING_DISTRIBUTION_POINT, ExtensionOID.DELTA_CRL_INDICATOR}


@dataclass(frozen=True, slots=True)
class _List:
    parsed: x509.CertificateRevocationList
    content: bytes

    def holds_at(self, at: datetime) -> bool:
        begins, ends = self.parsed.last_update_utc, self.parsed.next_update_utc
        return ends is not None and begins - SKEW <= at <= ends + SKEW

    @property
    def number(self) -> int:
        return self.parsed.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number


class Lists:
    """The lists at their addresses. Each is fetched anew when the one kept no longer holds at the moment asked for."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._kept: dict[str, _List] = {}

    def ask(self, address: str, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> Status:
        """The certificate's status at this moment. Raises NoAnswer unless the list is the issuer's, whole, and in its term."""
        try:
            whole = self._list(address, issuer, at)
            if _extension(whole.parsed, x509.DeltaCRLIndicator) is not None:
                raise NoAnswer(f"only changes, not the whole list, at {address}")
            _check_scope(whole.parsed, certificate)
            newest, entry = whole, whole.parsed.get_revoked_certificate_by_serial_number(certificate.serial_number)
            delta = self._delta(whole, certificate, issuer, at)
            if delta is not None:
                newest, entry = delta, delta.parsed.get_revoked_certificate_by_serial_number(certificate.serial_number) or entry
            return _status(entry, newest, f"CRL {address}", at)
        except (UnsupportedAlgorithm, *UNREADABLE) as error:
            raise NoAnswer(f"a list that proves nothing at {address}: {error!r}") from error

    def _list(self, address: str, issuer: x509.Certificate, at: datetime) -> _List:
        kept = self._kept.get(address)
        if kept is None or not kept.holds_at(at) or kept.parsed.issuer != issuer.subject:
            content = self._fetcher.get(address, largest=_LARGEST)
            kept = _List(_loaded(content), content)
            if not kept.holds_at(at):
                raise NoAnswer(f"the list at {address} does not hold at {at}")
        _check_signature(kept.parsed, issuer, address)
        self._kept[address] = kept
        return kept

    def _delta(self, whole: _List, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> _List | None:
        """The newest changes to the whole list, where an address of them is named and they fit it. The whole list stands in its
        own right, so without them it decides alone."""
        for address in _freshest(whole.parsed) or _freshest(certificate):
            try:
                delta = self._list(address, issuer, at)
                base = _extension(delta.parsed, x509.DeltaCRLIndicator)
                if base is not None and base.crl_number <= whole.number <= delta.number:
                    _check_scope(delta.parsed, certificate)
                    return delta
            except (NoAnswer, UnsupportedAlgorithm, *UNREADABLE):
                continue
        return None


def _status(entry: x509.RevokedCertificate | None, newest: _List, source: str, at: datetime) -> Status:
    reason = _extension(entry, x509.CRLReason) if entry is not None else None
    removed = reason is not None and reason.reason is x509.ReasonFlags.remove_from_crl
    return status_at(
        at,
        entry.revocation_date_utc if entry is not None and not removed else None,
        reason.reason if reason is not None else None,
        source=source,
        content=newest.content,
        speaks_of=newest.parsed.last_update_utc,
    )


def _loaded(content: bytes) -> x509.CertificateRevocationList:
    is_pem = content.lstrip().startswith(b"-----BEGIN")
    return x509.load_pem_x509_crl(content) if is_pem else x509.load_der_x509_crl(content)


def _check_signature(parsed: x509.CertificateRevocationList, issuer: x509.Certificate, address: str) -> None:
    if parsed.issuer != issuer.subject:
        raise NoAnswer(f"the list at {address} is another authority's")
    if isinstance(parsed.signature_hash_algorithm, (hashes.SHA1, hashes.MD5)):
        raise NoAnswer(f"the list at {address} is signed with a digest that proves nothing")
    if not parsed.is_signature_valid(issuer.public_key()):  # type: ignore[arg-type]
        raise NoAnswer(f"the signature of the list at {address} is wrong")
    if any(each.critical and each.oid not in _KNOWN_IF_CRITICAL for each in parsed.extensions):
        raise NoAnswer(f"the list at {address} says something that is not understood here")


def _check_scope(parsed: x509.CertificateRevocationList, certificate: x509.Certificate) -> None:
    """A list may be limited to some certificates; then it is silent on all others, which says nothing good of them."""
    scope = _extension(parsed, x509.IssuingDistributionPoint)
    if scope is None:
        return
    basic = _extension(certificate, x509.BasicConstraints)
    is_authority = basic is not None and basic.ca
    excluded = scope.only_contains_user_certs if is_authority else scope.only_contains_ca_certs
    if excluded or scope.indirect_crl or scope.only_some_reasons or scope.only_contains_attribute_certs:
        raise NoAnswer("the list does not speak of such a certificate")


def _freshest(holder: x509.CertificateRevocationList | x509.Certificate) -> list[str]:
    points = _extension(holder, x509.FreshestCRL)
    return addresses(points) if points is not None else []


def addresses(points: x509.CRLDistributionPoints | x509.FreshestCRL) -> list[str]:
    """The HTTP addresses of distribution points that give whole answers of the certificate's own issuer."""
    named = [name.value for point in points if not point.reasons and not point.crl_issuer for name in point.full_name or ()]
    return [str(address) for address in named if str(address).startswith(("http://", "https://"))]


def _extension(holder, kind):
    """The extension's value, or None where there is none."""
    try:
        return holder.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
