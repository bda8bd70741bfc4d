"""Services as programs see them: what the passport says that an applicant, and whoever works the case, has to know."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from app.domain.case import CaseStatus
from app.domain.passport import (
    Channel,
    DocumentKind,
    FieldType,
    FormOfService,
    Opener,
    PaymentTime,
    Purpose,
    Source,
    Stage,
)
from app.web.api.shapes import Flag, Money, Query, Search, Told, Words


class ServicesQuery(Query):
    q: Search = Field(default="", description="Words that all have to stand in the title, the provider or the variants.")
    in_force: Flag = Field(default=False, description="Only services whose act is in force.")


class Act(Told):
    title: Words
    issuer: Words
    number: str
    signed_on: date


class ServiceCard(Told):
    id: str
    title: Words
    provider: Words
    in_force: bool
    accepts_applications: bool
    act: Act
    variants: list[Words]


class Services(Told):
    items: list[ServiceCard]


class Term(Told):
    limit: str | None = Field(description="In the words of the law, such as “7 working-days”; null: the act sets none.")
    counted_from: str
    paragraph: str


class Payment(Told):
    amount: Money
    paid_at: datetime
    reference: str
    simulated: bool


def _text(amount: Any) -> Any:
    return None if amount is None else str(amount)


class Fee(Told):
    """`mci`: how many monthly calculation indices; null with `unknown` false: free of charge."""

    mci: Annotated[str | None, BeforeValidator(_text)]
    unknown: bool = Field(description="The act asks for payment and names no figure: the applicant states it.")
    due: PaymentTime
    channels: list[Channel] = Field(description="In which it is due then; none: in all.")
    paragraph: str | None


class FeeToday(Told):
    """A fee by today's rate, in tenge; null where the act names no figure or the year's rate is not known."""

    fee: Fee
    rate: Money
    amount: Money


class DocumentRule(Told):
    id: str
    title: Words
    required: str = Field(description="“always”, or an expression over the application's fields.")
    source: Source
    kind: DocumentKind
    form: str | None
    signed_by: list[str]
    max_bytes: int | None
    media_types: list[str]
    hint: Words | None
    channels: list[Channel]
    paragraph: str


class Variant(Told):
    id: str
    title: Words
    hint: Words | None
    term: Term
    fee: FeeToday
    paragraph: str
    documents: list[DocumentRule]


class Option(Told):
    id: str
    label: Words


class FormField(Told):
    """`visible_when` is an expression over the form's fields, `variant` and `outcome`; a hidden field is not asked for."""

    id: str
    label: Words
    type: FieldType
    required: bool
    visible_when: str | None
    options: list[Option]
    columns: list[FormField]
    hint: Words | None
    fixed: Words | None
    prefill: str | None
    pattern: str | None
    stage: Stage | None
    role: str | None
    paragraph: str | None


class Form(Told):
    id: str
    title: Words
    purpose: Purpose
    paragraph: str | None
    fields: list[FormField]


class Ground(Told):
    id: str
    label: Words
    wording: Words
    paragraph: str
    stage: Stage
    variants: list[str]


class Signer(Told):
    id: str
    title: Words


class Result(Told):
    id: str
    title: Words
    status: CaseStatus
    paragraph: str
    validity: Words | None


class Service(Told):
    id: str
    title: Words
    provider: Words
    in_force: bool
    accepts_applications: bool
    act: Act
    channels: list[Channel]
    form_of_service: FormOfService
    opened_by: Opener
    variants: list[Variant]
    forms: list[Form]
    grounds: list[Ground]
    signers: list[Signer]
    results: list[Result]
