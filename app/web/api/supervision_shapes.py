"""The work of others as those see it who answer for it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from app.cases.supervising import Given as Outcome
from app.domain.case import TimerKind
from app.domain.views import Narrowed
from app.web.api.shapes import Given, Id, Minutes, PageQuery, Query, Search, Sentences, Told, Words
from app.web.language import say_sentence

MOST_GIVEN = 25  # tasks given in one request


class LoadQuery(Query):
    unit: Search = Field(default="", description="Id.")
    person: Search = Field(default="", description="Id, or “nobody”.")
    service: Search = ""
    view: Literal["all", "overdue", "soon"] = "all"

    def narrowed(self) -> Narrowed:
        return Narrowed(unit=self.unit, person=self.person, service=self.service, view=self.view)


class SupervisionQuery(LoadQuery, PageQuery):
    """As for the load, page by page."""


class Breach(Told):
    """What is breached first if nobody acts: the step's own limit, or the service's term."""

    at: datetime
    of_the_service: bool


class Away(Told):
    first: date
    last: date
    back: date | None = Field(description="The first working day there again.")
    by: str = Field(description="Who stands in; empty: nobody.")


class SupervisedTask(Told):
    id: str
    case_id: str
    number: str
    service: Words
    step: Words
    paragraph: str
    applicant: str
    role: str
    owner_id: str | None = Field(description="Null: nobody's yet.")
    owner: str
    unit: Words
    opened_at: datetime
    due_at: datetime | None
    left_minutes: Minutes = Field(
        validation_alias="left", description="Working time to what is breached first, in minutes; negative: overdue."
    )
    result_due: datetime | None
    breach: Breach | None
    last_day: date | None = Field(description="The last working day on which the holder, or who stands in, can act in time.")
    away: Away | None = Field(description="The holder, before the breach.")
    missed_by: int | None = Field(
        description="Working days by which the service's term is missed even if every later step keeps its limit."
    )
    escalated: bool


class Load(Told):
    """The open work of a person or of a unit; with an empty id it is nobody's, or of no unit."""

    id: str
    name: str
    position: Words
    unit: Words
    open: int
    overdue: int
    today: int
    this_week: int
    oldest: datetime | None
    average_minutes: Minutes = Field(
        validation_alias="average", description="Working time of a step in the last thirty days, in minutes."
    )
    away: Away | None


class Loads(Told):
    """The heaviest first."""

    people: list[Load]
    units: list[Load]


class Candidate(Told):
    id: str
    name: str
    position: Words
    open_items: int
    away_until: date | None
    roles: Annotated[list[str], BeforeValidator(sorted)]


class Candidates(Told):
    items: list[Candidate]


class Assignment(Given):
    to: Id | None = Field(description="Id of the person; null: back to the task's role.")
    reason: Sentences


class Proposal(Given):
    task: Id
    to: Id | None


class Assignments(Given):
    give: Annotated[list[Proposal], Field(min_length=1, max_length=MOST_GIVEN)]
    reason: Sentences


class Spreading(Given):
    tasks: Annotated[list[Id], Field(min_length=1, max_length=MOST_GIVEN)]
    to: Annotated[list[Id], Field(min_length=1, max_length=MOST_GIVEN)] = Field(description="Ids of people.")


class Assigned(Told):
    """What came, or would come, of giving one task to one person."""

    task: str = Field(validation_alias="item_id")
    number: str
    step: Words
    before_id: str | None
    before: str
    to_id: str | None
    to: str
    why_not: str | None = Field(description="Null: nothing stands against it.")


class AllAssigned(Told):
    items: list[Assigned]


class Deadline(Told):
    due_at: datetime
    kind: TimerKind
    case_id: str
    number: str
    applicant: str
    what: Words
    owner: str
    left_minutes: Minutes = Field(validation_alias="left")


def assigned(given: Outcome) -> Assigned:
    names = ("item_id", "number", "step", "before_id", "before", "to_id", "to")
    why_not = say_sentence(given.why_not) if given.why_not else None
    return Assigned.model_validate({**{name: getattr(given, name) for name in names}, "why_not": why_not})
