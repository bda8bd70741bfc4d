"""Whether the limits a diagram prescribes for its steps fit the term of the whole service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from app.domain.moves import Finding, Severity
from app.domain.passport import Passport, TermSwitch, Variant
from app.domain.terms import Term
from app.engine.course import Course, Place
from app.engine.extension import attribute, extensions
from app.engine.findings import Rule
from app.engine.law_limits import COMPLETED, drawn_limits, timer_runs_in
from app.engine.lint import Diagrams

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
NOT_OF_THE_ACT = Rule(
    "law-term-code",
    "The limit of %(limit)s comes from %(paragraph)s and not from the act; it is left out of the sum. Variants: %(variants)s",
    Severity.WARNING,
)
NOT_COMPLETED = Rule(
    "law-counted-from",
    "The limit (%(paragraph)s) is counted from the completion of “%(step)s”, which a case can come here without."
    " Variants: %(variants)s",
)


class Bound(NamedTuple):
    """By when a place is passed at the latest: so many units after the event the term is counted from, and by whose limits."""

    value: int
    steps: tuple[str, ...]


_AT_ONCE = Bound(0, ())


class Limit(NamedTuple):
    """The limit of a step, the event it is counted from, and where the act says so."""

    term: Term
    origin: str
    paragraph: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """The part of a case's course that one term governs: from the beginning, or from the completion of the step `after`, to the
    results, or to a step of `until`, whose completion begins another term."""

    course: Course
    term: Term
    paragraph: str
    counted_from: str
    after: str | None
    until: frozenset[str]
    alone: bool = False  # what came before `after` is over: limits counted from it bind beside this stretch and are left out


def longest_rest(diagrams: Diagrams, passport: Passport, variant: Variant, after: str, term: Term) -> int:
    """How many units of this term the steps take at most that follow the completion of the step `after`, on the longest way to an
    end. As `terms` counts them: ways back are not taken, other units and the Code's limits are left out."""
    course = Course(diagrams, {"variant": variant.id})
    stretch = Stretch(course, term, variant.term.paragraph, f"{COMPLETED}{after}", after, frozenset(), alone=True)
    return max((bound.value for bound in _bounds(stretch, passport).values()), default=0)


def terms(diagrams: Diagrams, passport: Passport, variant: Variant) -> Iterator[Finding]:
    """The longest way to each result in working time, with every limit used up to its last day.

    A limit counted from `registered` is a bound of its own, one counted from `completed:X` or `opened` adds to the bound of X
    or of the way here; a step without a limit takes no time. Ways that lead back are not taken, so each step counts once
    however often a case is returned for rework. A step that makes the term stand still takes none of it, and one that switches
    the term begins the sum anew. Limits in another unit than the term, and those of the Code, which bind beside the act's, are
    told and left out; units are never converted.
    """
    yield from _origins(Course(diagrams, {"variant": variant.id}), passport)
    for stretch in _stretches(diagrams, passport, variant):
        bounds = _bounds(stretch, passport)
        yield from _left_out(stretch, passport, bounds)
        for result in passport.results:
            ends = [place for place in stretch.course.places(result.end) if place in bounds]
            bound = max((bounds[place] for place in ends), key=lambda each: each.value, default=_AT_ONCE)
            if bound.value > stretch.term.value:
                yield TOO_LONG.broken_by(
                    *stretch.course.at(ends[0]),
                    steps=", ".join(bound.steps),
                    total=f"{bound.value} {stretch.term.unit.value}",
                    term=str(stretch.term),
                    paragraph=stretch.paragraph,
                )


def _stretches(diagrams: Diagrams, passport: Passport, variant: Variant) -> Iterator[Stretch]:
    """Where each term of the variant governs: the first one where nothing switches it, and each one it is switched to."""
    switches = [each for each in passport.switches if not each.variants or variant.id in each.variants]
    term = variant.term
    governing: list[tuple[str | None, str, str, TermSwitch | None]] = [(term.limit, term.paragraph, term.counted_from, None)]
    governing += [(each.limit, each.paragraph, f"{COMPLETED}{each.at}", each) for each in switches]
    for limit, paragraph, counted_from, begun in governing:
        if limit is None:
            continue
        others = [each for each in switches if begun is None or each.at != begun.at]
        outcomes = {each.at: _outcomes_without(diagrams, each.at, switches) for each in others}
        until = frozenset(step for step, left in outcomes.items() if not left)
        choices = {step: left for step, left in outcomes.items() if left}
        if begun is not None and begun.outcome is not None:
            choices[begun.at] = [begun.outcome]
        for chosen in product(*choices.values()):
            course = Course(diagrams, {"variant": variant.id, **dict(zip(choices, chosen, strict=True))})
            after = None if begun is None else begun.at
            yield Stretch(course, Term.parse(limit), paragraph, counted_from, after, until)


def _outcomes_without(diagrams: Diagrams, step: str, switches: list[TermSwitch]) -> list[str]:
    """The outcomes of a step that switch no term."""
    switching = {each.outcome for each in switches if each.at == step}
    nodes = [scope.nodes[step] for scope in diagrams.scopes if step in scope.nodes]
    outcomes = [each.get("ref", "") for node in nodes for each in extensions(node, "outcome")]
    return [] if None in switching else [outcome for outcome in outcomes if outcome not in switching]


def _origins(course: Course, passport: Passport) -> Iterator[Finding]:
    for place in course.onward:
        for limit in _limits(course, place, passport):
            step = limit.origin.removeprefix(COMPLETED)
            if step != limit.origin and place in course.entered(never=step):
                yield NOT_COMPLETED.broken_by(*course.at(place), step=step, paragraph=limit.paragraph)


def _left_out(stretch: Stretch, passport: Passport, bounds: Mapping[Place, Bound]) -> Iterator[Finding]:
    course = stretch.course
    for place in bounds:
        for limit in [] if _stands_still(course, place, passport) else _limits(course, place, passport):
            told = {"limit": str(limit.term), "paragraph": limit.paragraph}
            if _is_of_the_code(limit.paragraph):
                yield NOT_OF_THE_ACT.broken_by(*course.at(place), **told)
            elif limit.term.unit is not stretch.term.unit:
                yield OTHER_UNIT.broken_by(*course.at(place), term=str(stretch.term), **told)


def _bounds(stretch: Stretch, passport: Passport) -> Mapping[Place, Bound]:
    """The bounds of the places the stretch has. What comes before the event the term is counted from counts for nothing."""
    course = stretch.course
    arrived: dict[Place, Bound] = {course.start: _AT_ONCE} if stretch.after is None else {}
    passed: dict[Place, Bound] = {}
    for place, following in course.onward.items():
        if stretch.counted_from == f"{COMPLETED}{place[-1]}":
            passed[place] = _AT_ONCE
        elif place in arrived:
            passed[place] = _passed(stretch, passport, place, arrived[place], passed)
        else:
            continue
        for each in following:
            on_this = course.node(each).get("attachedToRef") == place[-1]  # an event that comes while the step is not completed
            if place[-1] == stretch.after if on_this else place[-1] in stretch.until:
                continue
            beside = on_this and timer_runs_in(course.node(each), stretch.term.unit)  # and it began when the step did
            since = arrived.get(course.entry(place), _AT_ONCE) if beside else passed[place]
            arrived[each] = _later(arrived.get(each, _AT_ONCE), since)
    return passed


def _passed(stretch: Stretch, passport: Passport, place: Place, arrived: Bound, passed: Mapping[Place, Bound]) -> Bound:
    course = stretch.course
    if _stands_still(course, place, passport):
        return arrived
    bound = arrived
    for limit in _limits(course, place, passport):
        if limit.term.unit is stretch.term.unit and not _is_of_the_code(limit.paragraph):
            if stretch.alone and _is_over(course, limit.origin, passed):
                continue
            since = _since(course, place, limit.origin, passed) or arrived
            bound = _later(bound, Bound(since.value + limit.term.value, (*since.steps, place[-1])))
    return bound


def _is_over(course: Course, origin: str, passed: Mapping[Place, Bound]) -> bool:
    """Whether the event a limit is counted from came before the stretch began."""
    step = origin.removeprefix(COMPLETED)
    return origin == "registered" or (step != origin and not any(place in passed for place in course.places(step)))


def _since(course: Course, place: Place, origin: str, passed: Mapping[Place, Bound]) -> Bound | None:
    """The bound of the event a limit is counted from; None for the arrival at the place itself."""
    if origin == "registered":
        return _AT_ONCE
    if origin.startswith(COMPLETED):
        completed = (passed[each] for each in course.places(origin.removeprefix(COMPLETED)) if each in passed)
        return max(completed, key=lambda each: each.value, default=_AT_ONCE)
    return passed.get(course.entry(place))


def _later(one: Bound, other: Bound) -> Bound:
    return max(one, other, key=lambda bound: bound.value)


def _limits(course: Course, place: Place, passport: Passport) -> Iterator[Limit]:
    """A limit of the diagram, or of the passport for a step that is drawn once for many services."""
    node = course.node(place)
    origin, paragraph = (attribute(node, "step", name) for name in ("from", "paragraph"))
    drawn = list(drawn_limits(node))
    for term in drawn:
        yield Limit(term, origin or "opened", paragraph or "—")
    if not drawn and (entry := passport.limit_at(place[-1])) is not None:
        yield Limit(Term.parse(entry.limit), entry.counted_from, entry.paragraph)


def _stands_still(course: Course, place: Place, passport: Passport) -> bool:
    """Whether the term of the service stands still while a case waits here; a timer stands where the step does it is set on."""
    waiting = {place[-1], course.node(place).get("attachedToRef")}
    return any(suspension.during in waiting for suspension in passport.suspensions)


def _is_of_the_code(paragraph: str) -> bool:
    return all(citation.startswith("Code ") for citation in paragraph.split("; "))
