"""Whether a certificate was revoked at a moment: by its authority's responder (OCSP), else by its authority's list (CRL)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from app.gateways import ocsp
from app.gateways.crl import Lists, addresses
from app.gateways.fetching import Fetcher, NoAnswer, twice
from app.gateways.revocation_status import Status

log = logging.getLogger(__name__)

_SECONDS = 5.0  # for one question; a person waits at the page


class Revocation:
    """Asks the addresses in the certificate, or in their place the configured ones. Every question has a bound of time and size
    and is repeated once.

    Only addresses in certificates that a pinned root vouches for are asked: nobody else can make this server call anywhere.
    """

    def __init__(self, *, responders: Sequence[str] = (), lists: Sequence[str] = (), seconds: float = _SECONDS) -> None:
        self._responders, self._addresses = tuple(responders), tuple(lists)
        self._fetcher = Fetcher(seconds=seconds)
        self._lists = Lists(self._fetcher)

    def status(self, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime, *, own_only: bool) -> Status | None:
        """The certificate's status at this moment, or None where there is nobody to ask: no address is named.

        `own_only` leaves out the configured addresses, which answer for signers. Raises NoAnswer where addresses are named and
        none of them gives an answer that counts.
        """
        responders = () if own_only else self._responders
        lists = () if own_only else self._addresses
        questions = [
            *(partial(ocsp.ask, self._fetcher, address) for address in responders or _responders_of(certificate)),
            *(partial(self._lists.ask, address) for address in lists or _lists_of(certificate)),
        ]
        for ask in questions:
            try:
                return twice(partial(ask, certificate, issuer, at))
            except NoAnswer as silence:
                log.warning("no answer on revocation", extra={"action": "check-revocation", "why": str(silence)})
        if questions:
            raise NoAnswer("no responder and no list gave an answer that counts")
        return None


def _responders_of(certificate: x509.Certificate) -> list[str]:
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return []
    found = [str(each.access_location.value) for each in access if each.access_method == AuthorityInformationAccessOID.OCSP]
    return [address for address in found if address.startswith(("http://", "https://"))]


def _lists_of(certificate: x509.Certificate) -> list[str]:
    try:
        return addresses(certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value)
    except x509.ExtensionNotFound:
        return []
