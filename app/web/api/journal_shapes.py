"""The journal of registration."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from app.domain.case import CaseStatus
from app.domain.journal import JournalFilter
from app.web.api.shapes import Day, Listed, PageQuery, Query, Search, Told, Words

COMMON = "common"


class PeriodQuery(Query):
    first: Day | None = Field(default=None, description="First day of registration; without it the first of the year.")
    last: Day | None = Field(default=None, description="Included; without it today.")
    body: Search = Field(default="", description="Id of the unit whose series it is, or “common”; empty: every series.")
    service: Search = ""
    status: CaseStatus | None = Field(default=None, strict=False)

    def wanted(self, today: date) -> JournalFilter:
        return JournalFilter(
            first=self.first or today.replace(month=1, day=1),
            last=self.last or today,
            series=None if not self.body else "" if self.body == COMMON else self.body,
            service=self.service,
            status=self.status,
        )


class JournalQuery(PeriodQuery, PageQuery):
    """The period, page by page."""


class JournalRow(Told):
    case_id: str
    number: str
    received_at: datetime
    registered_on: date
    applicant: str
    applicant_number: str = Field(description="IIN or BIN.")
    service: Words
    variant: Words
    channel: str
    documents: int
    executor: str
    result_due: datetime | None
    status: CaseStatus
    ended_at: datetime | None


class Journal(Listed[JournalRow]):
    """In the order of the series."""

    totals: dict[str, int] = Field(description="By status, of the whole period.")
