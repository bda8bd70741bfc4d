"""A rehearsal: one way through a service, as an analyst tried it, kept beside the diagram and played again at publishing.

It stands in the bundle as `rehearsals/<name>.yaml`: which variant is applied for and when, what is done step by step, and what is
expected of it. Moments are on the provider's clock. What is filled into forms is made up (see `app.domain.made_up`) but for what
the record says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.case import CaseStatus
from app.domain.errors import Invalid, Problem, problem
from app.domain.passport import Channel
from app.domain.terms import Term

NEXT_DUE = "next-due"
"""In place of a term: until the next moment at which something falls due."""
SERVICE = "service"
"""Among breaches: the term of the whole service."""
MOST_STEPS = 200
_ZONE = ZoneInfo("Asia/Almaty")


class Applicant(Enum):
    ORGANISATION = "organisation"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Doing:
    """Whoever holds the role finishes the step with this outcome. `due` is when the step had to be done by, where that is
    expected; `instance` says which of a repeated task."""

    element: str
    role: str
    outcome: str
    instance: int | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Passing:
    """Time passes: so many working days, hours or minutes of the provider's, or until something falls due."""

    term: str


Step = Doing | Passing


@dataclass(frozen=True, slots=True)
class Expected:
    """How it ends. `end` is the end event's id, empty while the case is open; `breaches` are ids of steps, and `SERVICE`."""

    status: CaseStatus
    end: str
    service_due: datetime | None
    breaches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    title: str
    variant: str
    starts: datetime
    channel: Channel | None = None  # None: as the service takes applications first
    applicant: Applicant = Applicant.ORGANISATION
    application: Mapping[str, Any] = field(default_factory=dict)  # fields of the applicant's forms, by their ids
    steps: tuple[Step, ...] = ()
    expected: Expected | None = None


# --- From plain values -----------------------------------------------------------------------------------------------


def rehearsal_from(data: object, file: str) -> Rehearsal:
    """Reads a rehearsal from the plain values of its file. Raises Invalid with every problem at its key path."""
    reader = _Reader()
    found = reader.rehearsal(data)
    if reader.problems:
        raise Invalid("The rehearsal %(file)s is wrong.", reader.problems, file=file)
    return found


_KEYS = ("title", "variant", "starts", "channel", "applicant", "application", "steps", "expected")
_DOING = ("do", "as", "outcome", "instance", "answers", "due")
_PASSING = ("pass",)
_EXPECTED = ("status", "end", "service_due", "breaches")


class _Reader:
    """Collects every problem; a value that could not be read is never used, for the reading ends with the problems."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def rehearsal(self, data: object) -> Rehearsal:
        given = self._mapping(data, "", _KEYS)
        steps = given.get("steps", [])
        if not isinstance(steps, list):
            self._expected("steps", "a list", steps)
            steps = []
        if len(steps) > MOST_STEPS:
            self._say("steps", "At most %(most)d steps are rehearsed; found %(found)d.", most=MOST_STEPS, found=len(steps))
        return Rehearsal(
            title=self._text(given, "title", ""),
            variant=self._text(given, "variant", ""),
            starts=self._moment(given, "starts", "") or datetime.min.replace(tzinfo=UTC),
            channel=self._member(Channel, given, "channel", "") if "channel" in given else None,
            applicant=self._member(Applicant, given, "applicant", "") or Applicant.ORGANISATION
            if "applicant" in given
            else Applicant.ORGANISATION,
            application=self._answers(given, "application", ""),
            steps=tuple(self._steps(steps[:MOST_STEPS])),
            expected=self._ending(given["expected"]) if "expected" in given else None,
        )

    def _steps(self, given: list[object]) -> Iterator[Step]:
        for i, data in enumerate(given):
            path = f"steps[{i}]"
            if isinstance(data, Mapping) and "pass" in data:
                step = self._mapping(data, path, _PASSING)
                yield Passing(self._term(self._text(step, "pass", path), f"{path}.pass"))
            else:
                step = self._mapping(data, path, _DOING)
                yield Doing(
                    element=self._text(step, "do", path),
                    role=self._text(step, "as", path),
                    outcome=self._text(step, "outcome", path),
                    instance=self._number(step, "instance", path),
                    answers=self._answers(step, "answers", path),
                    due=self._moment(step, "due", path) if "due" in step else None,
                )

    def _ending(self, data: object) -> Expected:
        given = self._mapping(data, "expected", _EXPECTED)
        breaches = given.get("breaches", [])
        if not isinstance(breaches, list) or not all(isinstance(each, str) for each in breaches):
            self._expected("expected.breaches", "a list of ids", breaches)
            breaches = []
        return Expected(
            status=self._member(CaseStatus, given, "status", "expected") or CaseStatus.OPEN,
            end=str(given.get("end") or ""),
            service_due=self._moment(given, "service_due", "expected") if given.get("service_due") else None,
            breaches=tuple(breaches),
        )

    def _mapping(self, data: object, path: str, known: tuple[str, ...]) -> Mapping[str, Any]:
        if not isinstance(data, Mapping):
            self._expected(path, "a mapping", data)
            return {}
        for key in data:
            if key not in known:
                self._say(_join(path, str(key)), "Unknown key; known here: %(known)s.", known=", ".join(known))
        return data

    def _text(self, given: Mapping[str, Any], key: str, path: str) -> str:
        value = given.get(key)
        if key not in given:
            self._say(_join(path, key), "This key is missing.")
        elif not isinstance(value, str) or not value.strip():
            self._expected(_join(path, key), "a text", value)
        return str(value)

    def _number(self, given: Mapping[str, Any], key: str, path: str) -> int | None:
        value = given.get(key)
        if value is None or (type(value) is int and value > 0):
            return value
        self._expected(_join(path, key), "a whole number", value)
        return None

    def _moment(self, given: Mapping[str, Any], key: str, path: str) -> datetime | None:
        value = given.get(key)
        try:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        except ValueError:
            self._expected(_join(path, key), "a moment on the provider's clock such as 2026-03-02T10:00", value)
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=_ZONE)).astimezone(UTC)

    def _term(self, text: str, path: str) -> str:
        try:
            return text if text == NEXT_DUE else str(Term.parse(text))
        except Invalid as wrong:
            self.problems.append(Problem(path, wrong.sentence))
            return text

    def _member(self, kind: type[Any], given: Mapping[str, Any], key: str, path: str) -> Any:
        known = {member.value: member for member in kind}
        value = given.get(key)
        if not isinstance(value, str) or value not in known:
            self._expected(_join(path, key), "one of " + ", ".join(sorted(known)), value)
            return None
        return known[value]

    def _answers(self, given: Mapping[str, Any], key: str, path: str) -> Mapping[str, Any]:
        value = given.get(key, {})
        if isinstance(value, Mapping) and all(isinstance(name, str) for name in value) and _is_plain(value):
            return value
        self._expected(_join(path, key), "answers by the ids of their fields", value)
        return {}

    def _expected(self, path: str, what: str, found: object) -> None:
        words = "nothing" if found is None else "a mapping" if isinstance(found, Mapping) else repr(found)[:80]
        self._say(path, "Expected %(expected)s, found %(found)s.", expected=what, found=words)

    def _say(self, path: str, template: str, **values: Any) -> None:
        self.problems.append(problem(path or ".", template, **values))


def _is_plain(value: object) -> bool:
    """Whether it is what a form may hold: texts, numbers, true and false, lists of them and rows."""
    if isinstance(value, Mapping):
        return all(isinstance(name, str) and _is_plain(each) for name, each in value.items())
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return isinstance(value, str | bool | int)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


# --- To plain values -------------------------------------------------------------------------------------------------


def as_data(rehearsal: Rehearsal) -> dict[str, Any]:
    """The plain values of its file, in the order people read them."""
    data: dict[str, Any] = {"title": rehearsal.title, "variant": rehearsal.variant, "starts": said(rehearsal.starts)}
    if rehearsal.channel:
        data["channel"] = rehearsal.channel.value
    if rehearsal.applicant is not Applicant.ORGANISATION:
        data["applicant"] = rehearsal.applicant.value
    if rehearsal.application:
        data["application"] = dict(rehearsal.application)
    data["steps"] = [_step_data(step) for step in rehearsal.steps]
    if rehearsal.expected:
        expected = rehearsal.expected
        data["expected"] = {
            "status": expected.status.value,
            **({"end": expected.end} if expected.end else {}),
            **({"service_due": said(expected.service_due)} if expected.service_due else {}),
            "breaches": list(expected.breaches),
        }
    return data


def _step_data(step: Step) -> dict[str, Any]:
    if isinstance(step, Passing):
        return {"pass": step.term}
    data: dict[str, Any] = {"do": step.element, "as": step.role, "outcome": step.outcome}
    if step.instance is not None:
        data["instance"] = step.instance
    if step.answers:
        data["answers"] = dict(step.answers)
    if step.due:
        data["due"] = said(step.due)
    return data


def said(moment: datetime) -> str:
    """A moment on the provider's clock, as rehearsals write it."""
    local = moment.astimezone(_ZONE).replace(tzinfo=None)
    return local.isoformat(timespec="minutes" if not (local.second or local.microsecond) else "auto")
