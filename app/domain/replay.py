"""Replay: a case that ended, walked once more through another diagram with the same people's pace, and the sums of many.

What is compared are the terms that were and would have been missed, and how long each post had the work.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.domain.errors import Sentence
from app.domain.kept_sentences import as_data


@dataclass(frozen=True, slots=True)
class RecordedStep:
    """A user task as it was done; `completed_at` None: the process went on without it."""

    element: str
    instance: int | None
    role: str
    outcome: str
    opened_at: datetime
    completed_at: datetime | None
    due_at: datetime | None
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordedCase:
    """A case that ended, with everything the walk asks for."""

    id: str
    number: str
    variant: str
    channel: str
    applicant_name: str
    applicant_iin: str
    applicant_bin: str
    received_at: datetime
    registered_at: datetime
    ended_at: datetime
    result_due: datetime | None
    paid: bool
    registers_found: bool
    answers: Mapping[str, Mapping[str, Any]]
    steps: tuple[RecordedStep, ...]


@dataclass(frozen=True, slots=True)
class Usual:
    """How long steps usually took, in working time (the median), and how they usually ended."""

    by_element: Mapping[str, timedelta]
    by_role: Mapping[str, timedelta]
    outcomes: Mapping[str, str]

    def as_data(self) -> dict[str, Any]:
        return {
            "by_element": {name: time.total_seconds() for name, time in self.by_element.items()},
            "by_role": {name: time.total_seconds() for name, time in self.by_role.items()},
            "outcomes": dict(self.outcomes),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Usual:
        by_element, by_role = (
            {name: timedelta(seconds=seconds) for name, seconds in data[key].items()} for key in ("by_element", "by_role")
        )
        return cls(by_element, by_role, data["outcomes"])


@dataclass(frozen=True, slots=True)
class WalkedStep:
    """A step as it was, or would have been, done."""

    element: str
    role: str
    time: timedelta  # of work, from its opening to its end
    is_late: bool


@dataclass(frozen=True, slots=True)
class Walked:
    """A whole course: its steps, and whether the service's term was missed."""

    steps: tuple[WalkedStep, ...]
    is_late: bool


@dataclass
class Sums:
    """Of many cases, before and after. Of load: how many steps each role had, and for how many seconds of working time."""

    replayed: int = 0
    late_before: Counter[str] = field(default_factory=Counter)
    late_after: Counter[str] = field(default_factory=Counter)
    steps_before: Counter[str] = field(default_factory=Counter)
    steps_after: Counter[str] = field(default_factory=Counter)
    seconds_before: Counter[str] = field(default_factory=Counter)
    seconds_after: Counter[str] = field(default_factory=Counter)
    failed: list[dict[str, Any]] = field(default_factory=list)  # template, values, cases, and one case's number

    def add(self, before: Walked, after: Walked, service: str) -> None:
        """Adds a case that could be replayed; `service` names the term of the whole service among the breaches."""
        self.replayed += 1
        _add(before, service, self.late_before, self.steps_before, self.seconds_before)
        _add(after, service, self.late_after, self.steps_after, self.seconds_after)

    def fail(self, why: Sentence, number: str) -> None:
        """Adds a case that could not be replayed, to the others of the same reason."""
        said = as_data(why)
        for each in self.failed:
            if (each["template"], each["values"]) == (said["template"], said["values"]):
                each["cases"] += 1
                return
        self.failed.append({**said, "cases": 1, "number": number})

    def as_data(self) -> dict[str, Any]:
        return {name: dict(value) if isinstance(value, Counter) else value for name, value in vars(self).items()}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Sums:
        """Sums of their own: what is added to them changes nothing in the data."""
        found = cls()
        for name, value in deepcopy(dict(data)).items():
            setattr(found, name, Counter(value) if isinstance(value, dict) else value)
        return found


def _add(walked: Walked, service: str, late: Counter[str], steps: Counter[str], seconds: Counter[str]) -> None:
    for step in walked.steps:
        steps[step.role] += 1
        seconds[step.role] += round(step.time.total_seconds())
        late[step.element] += step.is_late
    late[service] += walked.is_late
