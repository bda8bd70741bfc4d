"""Documents, their signatures, and what is to be signed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from app.domain.ports import Verdict
from app.web.api.shapes import Given, Id, Told, Words

LARGEST_CMS = 200_000  # characters of base64

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Acting(Told):
    """The order under which somebody signed in another's place, and whether it covered the day and the service."""

    order_number: str
    order_date: date
    first_day: date
    last_day: date
    covers_day: bool
    covers_service: bool


class Signature(Told):
    name: str
    organisation: str
    position: Words
    on_behalf_of: str = Field(description="The absent person with the order; empty: for oneself.")
    signed_at: datetime
    verdict: Verdict
    reason: str
    revocation: str
    algorithm: str
    serial: str
    answered: bool = Field(description="An authority answered on revocation, and its answer is kept.")
    acting: list[Acting]


class Document(Told):
    id: str
    kind: str = Field(description="Id of the document in the service, of the form, or of the letter.")
    title: Words
    filename: str
    media_type: str
    size: int
    sha256: Sha256
    added_at: datetime
    signatures: list[Signature]
    signed_inside: bool = Field(description="The PDF holds its signature, which covers all its other bytes.")
    case_id: str | None = Field(description="Null: of a draft.")


class WantedSignature(Told):
    """Whose signature is missing: of the person with this IIN, or of anyone for the organisation with this BIN."""

    who: Words
    iin: str
    bin: str


class DocumentToSign(Told):
    id: str
    title: Words
    sha256: Sha256 = Field(description="Of the bytes that are signed.")
    size: int
    wanted: list[WantedSignature]
    inside: bool = Field(description="The signature gets a place inside the PDF, and all its other bytes are signed.")


class PreparedDocument(DocumentToSign):
    content: str = Field(description="The exact bytes to be signed, in base64.", json_schema_extra={"contentEncoding": "base64"})


class GivenSignature(Given):
    document: Id
    cms: Annotated[
        str,
        StringConstraints(min_length=1, max_length=LARGEST_CMS),
        Field(
            description="A detached CMS over the document's exact bytes: DER in base64, or PEM.",
            json_schema_extra={"contentEncoding": "base64"},
        ),
    ]


Signatures = Annotated[list[GivenSignature], Field(max_length=50)]
