"""Applications as programs see and send them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from app.domain.case import CaseStatus
from app.domain.passport import Channel
from app.web.api.document_shapes import Document, PreparedDocument, Signatures
from app.web.api.service_shapes import Fee, Payment
from app.web.api.shapes import NO_NUL, Fields, Forms, Given, KeptForms, Money, Name, Query, Sentences, Told, Words


class NewApplication(Given):
    variant: Name
    channel: Channel | None = Field(default=None, description="Without it: the portal, where the service has it.")


class PaymentChoice(Given):
    """How the fee that is due before filing is to be paid."""

    by: Literal["online", "bank"]
    amount: Annotated[str, StringConstraints(max_length=30)] = Field(
        default="", description="In tenge, where the act names no figure."
    )


class Answers(Given):
    """Everything typed so far, right or wrong: it replaces what was kept before."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"answers": {"application": {"sheets": "12"}}}]})

    answers: Forms = Field(description="By form and field.")
    payment: PaymentChoice | None = Field(default=None, description="Without it the choice made before stays.")


class UploadQuery(Query):
    filename: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=NO_NUL)]


class Filing(Given):
    signatures: Signatures = Field(description="Over the prepared documents. None where the forms are signed on paper.")


class Amount(Given):
    amount: Annotated[str, StringConstraints(max_length=30)] = Field(
        default="", description="In tenge, where the act names no figure."
    )


class FeeAndPayment(Told):
    fee: Fee
    rate: Money
    amount: Money
    payment: Payment | None


class PaymentChosen(Told):
    by: str
    amount: str


class Application(Told):
    id: str
    service: str
    variant: str
    channel: Channel
    answers: KeptForms
    payment_chosen: PaymentChosen | None
    attachments: list[Document]
    fee: FeeAndPayment
    filed_case: str | None = Field(description="The case it became; null: still a draft.")
    changed_at: datetime


class ApplicationRow(Told):
    """A draft, or the case a filed application became."""

    id: str
    case_id: str | None
    service: str
    title: Words
    variant: Words
    number: str = Field(description="Of registration; empty before it.")
    status: CaseStatus | None = Field(description="Null: still a draft.")
    changed_at: datetime
    result_due: datetime | None
    has_result: bool


class Prepared(Told):
    documents: list[PreparedDocument]


class Filed(Told):
    application: str
    case: str
    received_at: datetime
    registered_on: date = Field(description="The act's day of registration, from which terms run.")


class Withdrawal(Given):
    reason: Sentences


class NewComplaint(Given):
    variant: Name = Field(description="Of the service “complaint”: to whom it goes.")


class NewDuty(Given):
    variant: Name
    answers: Fields = Field(description="Of the form of the duty's request.")


class Started(Told):
    """What was made, by its id."""

    id: str
