"""Tasks as programs see and finish them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

from app.cases.arranging import Wake
from app.domain.case import DeclineReason, WorkStatus
from app.domain.inbox import MOST_DAYS, Due, Part, Sort, SortKey, Wish
from app.web.api.document_shapes import DocumentToSign, Signatures
from app.web.api.service_shapes import Form, Ground
from app.web.api.shapes import (
    Day,
    Fields,
    Flag,
    Given,
    KeptFields,
    Minutes,
    Name,
    PageQuery,
    Search,
    Told,
    Typed,
    Words,
    written_out,
)

_KEYS = "|".join(key.value for key in SortKey)


class TasksQuery(PageQuery):
    view: Part = Field(
        default=Part.ALL,
        strict=False,
        description="All within reach; one's own; nobody's; one's unit's; an absent person's; snoozed; asked of an applicant.",
    )
    q: Search = Field(
        default="", description="Beginnings of words of number and applicant; an IIN or BIN whole. All have to be there."
    )
    service: Search = ""
    role: Search = ""
    owner: Search = Field(default="", description="Id of who has it.")
    due: Due | None = Field(default=None, strict=False)
    within: Annotated[int, BeforeValidator(written_out)] = Field(
        default=0, ge=0, le=MOST_DAYS, description="Working days, with `due=within`."
    )
    priority: Annotated[int, BeforeValidator(written_out)] = Field(
        default=0, ge=0, le=2, description="1: high and urgent; 2: urgent."
    )
    follow_up: Flag = Field(default=False, description="Only what one means to come back to by now.")
    sort: str = Field(
        default="",
        pattern=f"^$|^-?({_KEYS})(,-?({_KEYS})){{0,2}}$",
        description="Up to three, descending with a minus before them; without any the most urgent by the law comes first.",
    )

    def wish(self) -> Wish:
        keys = [key for key in self.sort.split(",") if key]
        return Wish(
            part=self.view,
            words=self.q.strip(),
            service=self.service,
            role=self.role,
            owner=self.owner,
            due=self.due,
            within=self.within,
            least_priority=self.priority,
            follow_up=self.follow_up,
            sorts=tuple(Sort(SortKey(key.removeprefix("-")), key.startswith("-")) for key in keys),
        )


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
    may_act: bool
    priority: int = Field(description="-1 low, 0 usual, 1 high, 2 urgent.")
    follow_up_on: date | None
    snoozed_until: datetime | None


class TaskCounts(Told):
    """By part and by term; more than the list's end counts as one more than that."""

    counts: dict[str, int]


class Outcome(Told):
    id: str
    label: Words
    tone: str


class Absence(Told):
    last_day: date
    substitute: str
    substitute_until: date | None


class Person(Told):
    """Whom a person field offers, with the work in hand."""

    id: str
    name: str
    position: Words
    unit: Words
    open_items: int
    overdue: int
    due_this_week: int
    done_lately: int
    absence: Absence | None
    suggested: bool


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
    draft_outcome: str = Field(description="The outcome chosen with the draft; empty: none yet.")
    rev: int = Field(description="Sent back when the task is completed: a stale one is declined.")
    may_act: bool
    acting_for: Substitution | None
    signs: str | None = Field(description="The result signed at this step; null: nothing is signed.")
    to_sign: DocumentToSign | None = Field(description="Prepared today for the caller; null: not yet.")


class Draft(Given):
    answers: Fields
    outcome: Annotated[str, StringConstraints(max_length=64)] = Field(default="", description="Chosen so far; empty: none.")


class Priority(Given):
    priority: Annotated[int, Field(ge=-1, le=2, description="-1 low, 0 usual, 1 high, 2 urgent.")]


class FollowUp(Given):
    day: Day | None = Field(description="Null: no such day.")


class Snooze(Given):
    wake: Wake
    day: Day | None = Field(default=None, description="With `wake` “day”.")


class Refusal(Given):
    why: DeclineReason
    words: Typed = Field(default="", description="Needed where none of the reasons fits.")


Revision = Annotated[int, Field(ge=0, le=2_000_000_000)]


class Completion(Given):
    rev: Revision
    outcome: Name
    answers: Fields = Field(default_factory=dict)
    signatures: Signatures = Field(default_factory=list)


class Completed(Told):
    id: str
    case: str
    outcome: str
