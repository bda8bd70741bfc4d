"""What Rasim needs from outside, as protocols. Adapters live in `app.gateways` and `app.store`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Protocol

from app.domain.errors import Invalid, Sentence
from app.domain.people import Substitution
from app.domain.text import Text


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


# --- State registers -----------------------------------------------------------------------------------------------


class Register(Enum):
    """State information systems asked through the e-government gateway."""

    IDENTITY_DOCUMENT = "identity-document"
    LEGAL_ENTITY = "legal-entity"
    INDIVIDUAL_ENTREPRENEUR = "individual-entrepreneur"
    TAX_REGISTRATION = "tax-registration"
    CHARTER = "charter"
    LICENCE = "licence"
    PAYMENT = "payment"  # of a licence fee, made through the e-government payment gateway


@dataclass(frozen=True, slots=True)
class RegisterAnswer:
    """One register's answer. `found` is false for the gateway's "no data" (SCSE001), which is an answer and no fault."""

    register: Register
    number: str  # the IIN or BIN asked for
    found: bool
    data: Mapping[str, str]
    message_id: str
    answered_at: datetime
    simulated: bool  # marked in the interface: an embedded simulator answered, no state system


class StateRegisters(Protocol):
    def ask(self, register: Register, number: str, *, message_id: str) -> RegisterAnswer:
        """Asks by IIN or BIN. Repeating with the same message_id is harmless.

        Raises Unavailable on a time-out or a fault of the gateway.
        """
        ...


# --- Payments ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """A fee to be paid. `reference` is ours and the same however often the order is given."""

    reference: str
    amount: Decimal  # in tenge
    payer: str  # IIN or BIN
    service: str


@dataclass(frozen=True, slots=True)
class PaymentReceipt:
    """What the payment gateway says was paid."""

    reference: str  # the gateway's number
    amount: Decimal
    paid_at: datetime
    simulated: bool  # marked in the interface: an embedded simulator answered, no bank


class PaymentGateway(Protocol):
    def pay(self, order: PaymentOrder) -> PaymentReceipt:
        """Has the order paid, or confirms that an order of this reference was paid before: nothing is ever paid twice.

        Raises Declined when it was not paid, Unavailable on a time-out or a fault of the gateway.
        """
        ...


# --- Signatures ----------------------------------------------------------------------------------------------------


class Verdict(Enum):
    VALID = "valid"
    INVALID = "invalid"
    CANNOT_BE_CHECKED = "cannot-be-checked"  # an algorithm or a revocation service we cannot reach: never "valid"


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who a certificate says signed (domain.md section 5). Empty text where the certificate is silent."""

    name: str
    iin: str
    bin: str
    organisation: str
    roles: tuple[str, ...]  # EKU role OIDs


class KeyPurpose(Enum):
    """What a key is issued for: to sign documents, or to sign in."""

    SIGNING = "signing"
    LOGIN = "login"


REVOCATION_NOT_CHECKED = "Revocation was not checked: no revocation service is configured."
"""What a check says of revocation where there was nobody to ask and that is allowed."""


@dataclass(frozen=True, slots=True)
class RevocationEvidence:
    """An authority's own answer on whether a certificate was revoked, as it came."""

    serial: str  # of the certificate asked about
    source: str  # OCSP or CRL, and the address
    content: bytes
    answered_at: datetime  # the moment the answer speaks of


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """The verdict over one detached CMS and the bytes it should cover.

    `reason` and `revocation` are English gettext templates. The places of `revocation` and of the reason of a valid signature
    are %(algorithm)s and %(serial)s alone, so whoever keeps these texts can say them again in any language; the values of
    other reasons' places are in `details`.
    """

    verdict: Verdict
    reason: str
    signatory: Signatory | None
    certificate: bytes  # DER of the signing certificate, kept as evidence; empty if there is none
    serial: str
    algorithm: str
    checked_at: datetime
    revocation: str = ""  # what the step asking for revocation established; empty if the check ended before it
    evidence: tuple[RevocationEvidence, ...] = ()
    fingerprint: str = ""  # the same for every copy of one act of signing; by it a replay is known
    names_certificate: bool = False  # the signed attributes name the certificate, which a PAdES signature must (RFC 5035)
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> Sentence:
        """The reason with its values."""
        return Sentence(self.reason, {"algorithm": self.algorithm, "serial": self.serial, **self.details})


class SignatureVerifier(Protocol):
    def verify(self, content: bytes, cms: bytes, *, at: datetime, purpose: KeyPurpose = KeyPurpose.SIGNING) -> SignatureCheck:
        """Checks a detached CMS signature over exactly these bytes at this moment, made with a key of this purpose.

        It may ask authorities over the network, so no transaction should be open. Never raises on a bad signature.
        """
        ...


# --- Letters -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """What the visible block of a signed PDF says."""

    name: str
    position: Text
    acting_for: Substitution | None
    day: date


@dataclass(frozen=True, slots=True)
class Hole:
    """The place of a signature inside a PDF, as offsets of its first byte and of the first byte behind it. All else is signed."""

    start: int
    end: int
    plain: bool  # the PDF says that a plain CMS stands here, and no PAdES signature

    def around(self, content: bytes) -> bytes:
        """The bytes that are signed."""
        return content[: self.start] + content[self.end :]

    def filled(self, content: bytes, cms: bytes) -> bytes:
        """The signed PDF. Raises Invalid where the signature is larger than its place."""
        room = self.end - self.start - 2
        digits = cms.hex().encode()
        if len(digits) > room:
            raise Invalid("The signature is too large to be put into the PDF: %(found)s bytes.", found=len(cms))
        return content[: self.start] + b"<" + digits.ljust(room, b"0") + b">" + content[self.end :]


@dataclass(frozen=True, slots=True)
class PreparedPdf:
    """A PDF with an empty place for a signature."""

    content: bytes
    hole: Hole


class LetterPress(Protocol):
    def pdf(self, template: bytes, values: Mapping[str, object], *, language: str, title: str) -> bytes:
        """Prints one letter template (Jinja HTML of the bundle) as PDF.

        Raises Invalid if the template asks for what is not there.
        """
        ...

    def with_place_for_signature(self, pdf: bytes, block: SignatureBlock, *, at: datetime, plain: bool) -> PreparedPdf:
        """The letter with the visible block and an empty place. The same values give the same bytes.

        `plain` is for signers whose program makes a CMS that a PAdES signature may not hold.
        """
        ...
