"""What of the journal of registration is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.case import CaseStatus


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """Cases registered from one civil day to another, both included. `series` None: every body's; empty: the common one."""

    first: date
    last: date
    series: str | None = None
    service: str = ""
    status: CaseStatus | None = None
