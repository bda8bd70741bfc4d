"""What failed, and what came of trying it again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from app.cases.handing import MOST_AT_ONCE
from app.domain.case import IncidentStatus
from app.domain.views import IncidentCause
from app.web.api.shapes import Given, Id, PageQuery, Search, Sentences, Told, Words


class IncidentsQuery(PageQuery):
    status: Literal["open", "resolved", "all"] = "open"
    cause: IncidentCause | None = Field(default=None, strict=False)
    service: Search = ""

    def wanted(self) -> IncidentStatus | None:
        return None if self.status == "all" else IncidentStatus(self.status)


class IncidentRow(Told):
    id: str
    case_id: str
    number: str
    service: Words
    element: str
    step: Words
    sentence: str = Field(description="The error with its cause.")
    opened_at: datetime
    open: bool
    cause: IncidentCause
    tries: int = Field(description="Of the call to the outside.")
    resolved_at: datetime | None
    resolved_by: str


class Repair(Given):
    reason: Sentences = Field(description="It goes into the history.")


class Repairs(Repair):
    incidents: Annotated[list[Id], Field(min_length=1, max_length=MOST_AT_ONCE)]


class Repaired(Told):
    incident_id: str
    number: str = Field(description="Of the case.")
    why_not: str | None = Field(description="Null: it is tried again.")


class AllRepaired(Told):
    items: list[Repaired]
