"""Cases as programs see them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, JsonValue

from app.domain.case import CaseStatus
from app.domain.events import EventKind
from app.domain.permissions import Sight
from app.domain.text import Text
from app.domain.views import IncidentCause
from app.web.api.document_shapes import Document
from app.web.api.shapes import KeptFields, KeptForms, Minutes, PageQuery, Search, Told, Words
from app.web.api.task_shapes import TaskRow


class CasesQuery(PageQuery):
    q: Search = Field(default="", description="Number of the case, name of the applicant, IIN or BIN.")
    status: CaseStatus | None = Field(default=None, strict=False)


class CaseRow(Told):
    id: str
    number: str = Field(description="Of registration; empty before it.")
    title: Words
    applicant: str
    status: CaseStatus | None = Field(description="Null: not told to another body.")
    received_at: datetime
    result_due: datetime | None
    overdue: bool
    request: TaskRow | None = Field(description="For another body: what it was asked last.")


class Lookup(Told):
    register_name: str = Field(validation_alias="register", description="The state register that was asked.")
    number: str
    found: bool
    data: dict[str, str]
    answered_at: datetime
    simulated: bool


class StepRecord(Told):
    """A finished step, and what was answered in its form."""

    step: Words
    person: str
    at: datetime
    outcome: Words
    answers: KeptFields


class Consultation(Told):
    item: str
    body: Words
    about: Words
    paragraph: str
    asked_at: datetime
    due_at: datetime | None
    reply: Words | None
    replied_at: datetime | None
    waits: bool
    unit: Words | None
    limit: str | None
    number: str = Field(description="The body's own number of its reply.")
    restricted: bool = Field(description="Its words are for the cleared only.")


class Stop(Told):
    """An interval in which the service's term stood still; without `resumed_at` it still does."""

    title: Words
    paragraph: str
    stopped_at: datetime
    due_before: datetime | None
    resumed_at: datetime | None
    due_after: datetime | None
    by: str = Field(description="Who decided so; empty: a task of the process waited.")
    reason: str


class Extension(Told):
    """The service's term made longer by a decision."""

    title: Words
    paragraph: str
    term: str
    at: datetime
    due_before: datetime | None
    due_after: datetime | None
    by: str
    reason: str


class Decision(Told):
    outcome: str
    grounds: list[str]
    rationale: str
    decided_at: datetime


class Incident(Told):
    id: str
    element: str
    sentence: str
    opened_at: datetime
    open: bool
    cause: IncidentCause
    tries: int


class StepMark(Told):
    element: str
    mark: str = Field(description="waiting, overdue or done")


class Case(Told):
    """What of it the caller may see: staff the whole dossier, the applicant his own and what was delivered."""

    id: str
    number: str
    service: str
    title: Words
    variant: Words
    status: CaseStatus | None = Field(description="Null: not told to another body.")
    applicant: str
    applicant_number: str = Field(description="IIN or BIN.")
    received_at: datetime
    registered_on: date = Field(description="The act's day of registration.")
    result_due: datetime | None
    left_minutes: Minutes = Field(
        validation_alias="left", description="Working time until the result is due, in minutes; negative: overdue."
    )
    ended_at: datetime | None
    answers: KeptForms
    documents: list[Document]
    lookups: list[Lookup]
    tasks: list[TaskRow] = Field(validation_alias="items")
    records: list[StepRecord]
    marks: list[StepMark]
    decision: Decision | None
    incidents: list[Incident]
    consultations: list[Consultation]
    stops: list[Stop]
    extensions: list[Extension]
    linked: list[CaseRow] = Field(description="Complaints about it; of a complaint, the case complained of.")
    own: bool
    sight: Sight = Field(description="How much of the case the caller may see.")
    simulated: bool


def _plain(details: Any) -> Any:
    """Details of an event as JSON; words in three languages."""
    match details:
        case Text():
            return {each: details.in_language(each) for each in ("kk", "ru", "en")}
        case Mapping():
            return {str(name): _plain(value) for name, value in details.items()}
        case list() | tuple():
            return [_plain(each) for each in details]
        case None | bool() | int() | float() | str():
            return details
        case _:
            return str(details)


class Event(Told):
    number: int
    at: datetime
    kind: EventKind
    actor: str
    role: str
    on_behalf_of: str
    element: str
    element_label: Words
    paragraph: str
    details: Annotated[dict[str, JsonValue], BeforeValidator(_plain)]


class History(Told):
    items: list[Event]
