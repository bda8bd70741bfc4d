"""The term of a case's service: its ledger, and what may be decided about it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from app.web.api.case_shapes import Extension, Stop
from app.web.api.shapes import Given, Minutes, Name, Sentences, Told, Words


class Interval(Told):
    """A stretch of the case's time, in which the term ran or stood still. Without `until` it still does."""

    since: datetime
    until: datetime | None
    runs: bool
    working_minutes: Minutes = Field(validation_alias="working_time", description="Working time within it, up to now at most.")
    stop: Stop | None


class StopGround(Told):
    id: str
    title: Words
    paragraph: str


class ExtensionGround(StopGround):
    limit: str = Field(description="By so much at most, all decisions on this ground together.")


class CaseTerm(Told):
    case_id: str
    number: str
    title: Words
    term: str | None = Field(description="In the words of the law, such as “7 working-days”; null: none runs.")
    term_from: datetime | None
    result_due: datetime | None
    left_minutes: Minutes = Field(validation_alias="left")
    ended_at: datetime | None
    ledger: list[Interval]
    extensions: list[Extension]
    stops_allowed: list[StopGround] = Field(description="Grounds on which the caller may stop it.")
    extensions_allowed: list[ExtensionGround] = Field(description="Grounds on which the caller may make it longer.")
    may_decide: bool
    runs_on: bool = Field(description="It stands still by a decision, which the caller may end.")


class TermStop(Given):
    ground: Name = Field(description="One of `stops_allowed`.")
    reason: Sentences = Field(description="The applicant is told it.")


class TermResumption(Given):
    reason: Sentences


class TermExtension(Given):
    ground: Name = Field(description="One of `extensions_allowed`.")
    by: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,2} [a-z]{1,20}-[a-z]{1,20}$")] = Field(
        description="By how much, in the words of the law and in the unit of the term."
    )
    reason: Sentences = Field(description="The applicant is told it.")
