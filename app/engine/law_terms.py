"""Whether the limits a diagram prescribes for its steps fit the term of the whole service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from app.domain.moves import Finding, Severity
from app.domain.passport import Passport, PrescribedTerm, Variant
from app.domain.terms import Term, Unit
from app.engine.course import Course, Place
from app.engine.extension import attribute
from app.engine.findings import Rule

TOO_LONG = Rule(
    "law-term",
    "The limits on the way here (%(steps)s) add up to %(total)s; the term of the service is %(term)s (%(paragraph)s)."
    " Variants: %(variants)s",
)
OTHER_UNIT = Rule(
    "law-term-unit",
    "The limit of %(limit)s (%(paragraph)s) cannot be compared with the term of %(term)s; it is left out of the sum."
    " Variants: %(variants)s",
    Severity.WARNING,
)
NOT_COMPLETED = Rule(
    "law-counted-from",
    "The limit (%(paragraph)s) is counted from the completion of “%(step)s”, which a case can come here without."
    " Variants: %(variants)s",
)

_COMPLETED = "completed:"


class Bound(NamedTuple):
    """By when a place is passed at the latest: so many units after the event the term is counted from, and by whose limits."""

    value: int
    steps: tuple[str, ...]


_AT_ONCE = Bound(0, ())


def terms(course: Course, passport: Passport, variant: Variant) -> Iterator[Finding]:
    """The longest way to each result in working time, with every limit used up to its last day.

    A limit counted from `registered` is a bound of its own, one counted from `completed:X` or `opened` adds to the bound of X
    or of the way here; a step without a limit takes no time. Ways that lead back are not taken, so each step counts once
    however often a case is returned for rework. Limits in another unit than the term are told and left out, never converted.
    """
    if variant.term.limit is None:
        return
    term = Term.parse(variant.term.limit)
    yield from _unfit_limits(course, term)
    bounds = _bounds(course, term.unit, variant.term)
    for result in passport.results:
        bound = max((bounds[place] for place in course.places(result.end) if place in bounds), default=_AT_ONCE)
        if bound.value > term.value:
            yield TOO_LONG.broken_by(
                *course.at(course.places(result.end)[0]),
                steps=", ".join(bound.steps),
                total=f"{bound.value} {term.unit.value}",
                term=str(term),
                paragraph=variant.term.paragraph,
            )


def _unfit_limits(course: Course, term: Term) -> Iterator[Finding]:
    for place in course.onward:
        limit, origin, paragraph = _prescribed(course, place)
        if limit is not None and limit.unit is not term.unit:
            yield OTHER_UNIT.broken_by(*course.at(place), limit=str(limit), term=str(term), paragraph=paragraph)
        step = origin.removeprefix(_COMPLETED)
        if limit is not None and step != origin and place in course.entered(never=step):
            yield NOT_COMPLETED.broken_by(*course.at(place), step=step, paragraph=paragraph)


def _bounds(course: Course, unit: Unit, term: PrescribedTerm) -> Mapping[Place, Bound]:
    """What comes before the event the term is counted from counts for nothing."""
    arrived: dict[Place, Bound] = {course.start: _AT_ONCE}
    passed: dict[Place, Bound] = {}
    for place, following in course.onward.items():
        limit, origin, _ = _prescribed(course, place)
        passed[place] = arrived[place]
        if term.counted_from == f"{_COMPLETED}{place[-1]}":
            passed[place] = _AT_ONCE
        elif limit is not None and limit.unit is unit:
            since = _since(course, place, origin, passed)
            passed[place] = _later(arrived[place], Bound(since.value + limit.value, (*since.steps, place[-1])))
        for each in following:
            arrived[each] = _later(arrived.get(each, _AT_ONCE), passed[place])
    return passed


def _since(course: Course, place: Place, origin: str, passed: Mapping[Place, Bound]) -> Bound:
    """The bound of the event a limit is counted from."""
    if origin == "registered":
        return _AT_ONCE
    if origin.startswith(_COMPLETED):
        completed = (passed[each] for each in course.places(origin.removeprefix(_COMPLETED)) if each in passed)
        return max(completed, default=_AT_ONCE)
    return passed[course.entry(place)]


def _later(one: Bound, other: Bound) -> Bound:
    return max(one, other, key=lambda bound: bound.value)


def _prescribed(course: Course, place: Place) -> tuple[Term | None, str, str]:
    """The limit of a step, the event it is counted from, and where the act says so."""
    node = course.node(place)
    limit = attribute(node, "step", "limit")
    origin, paragraph = (attribute(node, "step", name) for name in ("from", "paragraph"))
    return Term.parse(limit) if limit else None, origin or "opened", paragraph or "—"
