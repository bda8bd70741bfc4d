"""The check of completeness as a list: every document an application may have to come with, and what was found of each.

The passport's conditions over this application's own answers say which are needed. What the system can see (a file attached, a
form filled in, a register's answer) it finds itself and offers; a member of staff confirms or finds otherwise. The finding is
kept as rows: `document` (the rule's id), `state`, and `expires_on` (a civil date) where the document has one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.answers import Names, holds
from app.domain.citations import cite
from app.domain.errors import Invalid, Problem, Sentence, problem
from app.domain.passport import (
    LACKING,
    Channel,
    DocumentKind,
    DocumentRule,
    DocumentState,
    Field,
    FieldType,
    Form,
    Ground,
    Lookup,
    Passport,
    Source,
    Stage,
)

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Submitted:
    """A file as it came with the application."""

    id: str
    filename: str
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class Found:
    """What the system itself sees of one application's documents."""

    names: Names  # of the application, for the passport's conditions
    channel: str
    files: Mapping[str, Submitted]  # by document rule
    filled_in: frozenset[str]  # ids of the forms
    registered_on: date


@dataclass(frozen=True, slots=True)
class Line:
    """One document of the list. `offered` is what the system finds; None: it cannot know, somebody has to look."""

    rule: DocumentRule
    needed: bool
    file: Submitted | None
    offered: DocumentState | None
    warnings: tuple[Sentence, ...]


def checklist(rules: Iterable[DocumentRule], found: Found) -> tuple[Line, ...]:
    """The documents of a variant for an application that came this way, those that are needed first, in the act's order."""
    lines = [_line(rule, found) for rule in rules if not rule.channels or Channel(found.channel) in rule.channels]
    return tuple(sorted(lines, key=lambda line: not line.needed))


def _line(rule: DocumentRule, found: Found) -> Line:
    needed = holds(rule.required, found.names)
    file = found.files.get(rule.id)
    is_there = _is_there(rule, file, found)
    return Line(rule, needed, file, _offered(needed, is_there), tuple(_warnings(needed, is_there, file)))


def _is_there(rule: DocumentRule, file: Submitted | None, found: Found) -> bool | None:
    """None where only a person can see it: an original on paper, what a state system holds."""
    if rule.source is Source.STATE_SYSTEM:
        return None
    match rule.kind:
        case DocumentKind.FORM:
            return rule.form in found.filled_in or (file is not None and file.size > 0)
        case DocumentKind.FILE:
            return file is not None and file.size > 0
        case DocumentKind.PAPER:
            return None


def _offered(needed: bool, is_there: bool | None) -> DocumentState | None:
    if is_there:
        return DocumentState.PRESENT
    if not needed:
        return DocumentState.NOT_NEEDED
    return None if is_there is None else DocumentState.ABSENT


def _is_over(expires_on: str, registered_on: date) -> bool:
    return bool(expires_on) and date.fromisoformat(expires_on) < registered_on


def _warnings(needed: bool, is_there: bool | None, file: Submitted | None) -> Iterator[Sentence]:
    if file is not None and file.size == 0:
        yield Sentence("The attached file is empty.")
    elif needed and is_there is False:
        yield Sentence("A required document is not there.")


def offered_rows(lines: Iterable[Line]) -> list[dict[str, str]]:
    """What the form holds before anybody types: the system's own findings."""
    return [_row(line.rule.id, line.offered.value if line.offered else "", "") for line in lines]


@dataclass(frozen=True, slots=True)
class FromRegister:
    """What the provider gets from a state register instead of asking the applicant for it. `found` None: not answered yet."""

    lookup: Lookup
    found: bool | None
    expires_on: str  # by the register's answer; "" where it says nothing of a term
    warnings: tuple[Sentence, ...]


VALID_UNTIL = "valid_until"
"""Under this name a register says until when a document is valid, its last day included."""


def from_registers(
    lookups: Iterable[Lookup], names: Names, answers: Mapping[str, Mapping[str, str] | None], registered_on: date
) -> tuple[FromRegister, ...]:
    """The look-ups due for an application. `answers`: register → its data, or None where it knows nothing."""
    due = (lookup for lookup in lookups if holds(lookup.when, names))
    return tuple(_from_register(lookup, answers, registered_on) for lookup in due)


def _from_register(lookup: Lookup, answers: Mapping[str, Mapping[str, str] | None], registered_on: date) -> FromRegister:
    if lookup.register.value not in answers:
        return FromRegister(lookup, None, "", ())
    data = answers[lookup.register.value]
    expires_on = (data or {}).get(VALID_UNTIL, "")
    warnings = [] if data is not None else [Sentence("The register has no data under this number.")]
    if _is_over(expires_on, registered_on):
        warnings.append(Sentence("Its term ended before the registration: it has to be renewed."))
    return FromRegister(lookup, data is not None, expires_on, tuple(warnings))


def _row(document: str, state: str, expires_on: str) -> dict[str, str]:
    row = {"document": document, "state": state}
    return {**row, "expires_on": expires_on} if expires_on else row


# What a person finds


def check_list(
    asked: Field, place: str, lines: Sequence[Line], given: object, *, outcome: str, registered_on: date
) -> list[dict[str, str]]:
    """The finding in its clean shape. Raises Invalid with each problem at `<place>[<document>]`, or at the place itself for what
    holds of the whole list."""
    rows = {str(row.get("document")): row for row in given if isinstance(row, Mapping)} if isinstance(given, list) else {}
    problems: list[Problem] = []
    clean = []
    for line in lines:
        row = rows.get(line.rule.id, {})
        where = f"{place}[{line.rule.id}]"
        try:
            clean.append(_checked(line, row, registered_on))
        except Invalid as wrong:
            problems.append(Problem(where, wrong.sentence))
    if not problems:
        problems = list(_against_outcome(asked, place, lines, clean, outcome))
    if problems:
        raise Invalid("The list of documents is not right yet.", problems=problems)
    return clean


def _checked(line: Line, row: Row, registered_on: date) -> dict[str, str]:
    title, state = line.rule.title, _state(row)
    expires_on = str(row.get("expires_on") or "").strip()
    if expires_on:
        try:
            date.fromisoformat(expires_on)
        except ValueError as error:
            raise Invalid("A date is expected (year-month-day); found “%(found)s”.", found=expires_on) from error
    if state is None:
        raise Invalid("Say of “%(document)s” whether it is there.", document=title)
    if state is DocumentState.NOT_NEEDED and line.needed:
        raise Invalid(
            "“%(document)s” is needed by this application's own answers (%(paragraph)s).",
            document=title,
            paragraph=cite(line.rule.paragraph),
        )
    over = _is_over(expires_on, registered_on)
    if state is DocumentState.PRESENT and over:
        raise Invalid(
            "The term of “%(document)s” ended before the registration: mark it as expired, it has to be renewed.", document=title
        )
    if state is DocumentState.EXPIRED and not over:
        raise Invalid(
            "“%(document)s” is marked as expired: enter the last day of its term, before the registration.", document=title
        )
    return _row(line.rule.id, state.value, expires_on if state is not DocumentState.NOT_NEEDED else "")


def _state(row: Row) -> DocumentState | None:
    known = {state.value: state for state in DocumentState}
    return known.get(str(row.get("state")))


def _against_outcome(asked: Field, place: str, lines: Sequence[Line], clean: Sequence[Row], outcome: str) -> Iterator[Problem]:
    lacking = {row["document"] for row in clean if is_lacking(row)}
    if outcome in asked.passes:
        for line in lines:
            if line.rule.id in lacking:
                yield problem(
                    f"{place}[{line.rule.id}]",
                    "“%(document)s” is absent or expired: the set cannot be found complete.",
                    document=line.rule.title,
                )
    if outcome in asked.fails and not lacking:
        yield problem(place, "By this list nothing is lacking: mark what is absent or expired.")


def is_lacking(row: Row) -> bool:
    state = _state(row)
    return state in LACKING


# What follows from it


@dataclass(frozen=True, slots=True)
class Lacking:
    """A document named in a refusal: absent, or expired on a day."""

    rule: DocumentRule
    state: DocumentState
    expires_on: str


def lacking_by(rules: Iterable[DocumentRule], rows: Iterable[Row]) -> tuple[Lacking, ...]:
    known = {rule.id: rule for rule in rules}
    return tuple(
        Lacking(known[row["document"]], DocumentState(row["state"]), row.get("expires_on", ""))
        for row in rows
        if is_lacking(row) and row["document"] in known
    )


def checklist_field(form: Form | None) -> Field | None:
    """The checklist of a form, which has one at most."""
    return next((field for field in form.fields if field.type is FieldType.CHECKLIST), None) if form else None


def grounds_from(grounds: Iterable[Ground], lacking: Iterable[Lacking]) -> list[str]:
    """The grounds of refusal that these findings make."""
    states = {each.state for each in lacking}
    return [ground.id for ground in grounds if states.intersection(ground.lacking)]


def check_grounds(
    passport: Passport, variant: str, stage: Stage, chosen: Sequence[str], lacking: Sequence[Lacking]
) -> Iterator[Sentence]:
    """A ground the checklist makes cannot be left out; one that it alone can make cannot be named without it. In substance more
    may be lacking than the documents of the application, a sample for one."""
    made = grounds_from(passport.grounds_for(variant, stage), lacking)
    for ground in passport.grounds_for(variant, stage):
        if ground.id in made and ground.id not in chosen:
            yield Sentence(
                "The check of completeness found this ground; it cannot be left out: %(ground)s.", {"ground": ground.label}
            )
        if stage is not Stage.SUBSTANCE and ground.lacking and ground.id in chosen and ground.id not in made:
            yield Sentence(
                "The check of completeness found nothing that makes this ground: %(ground)s.", {"ground": ground.label}
            )
