"""Tasks as programs see and finish them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from app.domain.case import WorkStatus
from app.web.api.document_shapes import DocumentToSign, Signatures
from app.web.api.service_shapes import Form, Ground
from app.web.api.shapes import Fields, Given, KeptFields, Minutes, Name, PageQuery, Search, Told, Words


class TasksQuery(PageQuery):
    view: Literal["all", "mine", "role", "asked"] = Field(
        default="all", description="All within reach; one's own; nobody's yet; what is asked of an applicant."
    )
    q: Search = Field(default="", description="Number of the case, name of the applicant, IIN or BIN.")


class TaskRow(Told):
    id: str
    case_id: str
    number: str = Field(description="Of the case's registration; empty before it.")
    service: Words
    step: Words
    paragraph: str
    applicant: str
    role: str
    status: WorkStatus
    owner: str = Field(description="Empty: nobody's yet.")
    mine: bool
    on_behalf_of: str
    opened_at: datetime
    due_at: datetime | None
    left_minutes: Minutes = Field(
        validation_alias="left", description="Working time until it is due, in minutes; negative: overdue."
    )
    escalated: bool


class TaskCounts(Told):
    all: int
    mine: int
    role: int
    overdue: int


class Outcome(Told):
    id: str
    label: Words
    tone: str


class Person(Told):
    """Whom a person field offers, with how many tasks the person has."""

    id: str
    name: str
    position: Words
    open_items: int
    absent: bool


class Substitution(Told):
    absent_id: str
    absent_name: str
    absent_position: Words
    order_number: str
    order_date: date
    first_day: date
    last_day: date


class Task(Told):
    row: TaskRow
    element: str
    outcomes: list[Outcome]
    form: Form | None
    grounds: list[Ground] = Field(description="Of refusal, in force for the case's variant.")
    people: list[Person] = Field(description="Whom the form's person field offers.")
    draft: KeptFields
    rev: int = Field(description="Sent back when the task is completed: a stale one is declined.")
    may_act: bool
    acting_for: Substitution | None
    signs: str | None = Field(description="The result signed at this step; null: nothing is signed.")
    to_sign: DocumentToSign | None = Field(description="Prepared today for the caller; null: not yet.")


class Draft(Given):
    answers: Fields


class Completion(Given):
    rev: Annotated[int, Field(ge=0, le=2_000_000_000)]
    outcome: Name
    answers: Fields = Field(default_factory=dict)
    signatures: Signatures = Field(default_factory=list)


class Completed(Told):
    id: str
    case: str
    outcome: str
