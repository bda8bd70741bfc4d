"""Separation of duties: who draws up a decision, who agrees its draft and who signs it are different people (four eyes).

A step's part in the decision follows from the passport, which says where each result is drawn up and signed, and from the
diagram: agreeing are the steps on the way between the two that are another role's of the provider. Consulted bodies, the
chancellery and the applicant decide nothing of the draft.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from app.domain.errors import Sentence
from app.domain.moves import Element, ElementKind
from app.domain.passport import Passport, Result
from app.domain.people import INSIDE, Role

Follows = Mapping[tuple[str, str], Sequence[str]]
"""(process, element) → what it comes straight after."""


class Part(Enum):
    """What a step is to the decision it belongs to."""

    PREPARES = "prepares"
    APPROVES = "approves"
    SIGNS = "signs"


WHY: Mapping[Part, str] = {
    Part.PREPARES: "%(name)s prepared this decision; another person has to do “%(step)s” (four eyes).",
    Part.APPROVES: "%(name)s agreed the draft of this decision; another person has to do “%(step)s” (four eyes).",
}
"""Why somebody may not do a later step, by the part he had."""

WHY_YOU: Mapping[Part, str] = {
    Part.PREPARES: "You prepared this decision; another person has to do “%(step)s” (four eyes).",
    Part.APPROVES: "You agreed the draft of this decision; another person has to do “%(step)s” (four eyes).",
}


def why_not(part: Part, name: str, element: Element) -> Sentence:
    return Sentence(WHY[part], {"name": name, "step": element.label})


def why_not_you(part: Part, element: Element) -> Sentence:
    return Sentence(WHY_YOU[part], {"step": element.label})


@dataclass(frozen=True, slots=True)
class Duty:
    """A step's part in a decision, and the earlier steps whose people may not do it."""

    part: Part
    drawn_up_at: frozenset[str] = frozenset()  # elements: the last of them to be done began the present round
    agreed_at: frozenset[str] = frozenset()  # elements done since then, too


def duty_of(passport: Passport, elements: Mapping[tuple[str, str], Element], follows: Follows, element: Element) -> Duty | None:
    """The step's part in drawing up, agreeing and signing a result; None where it has none."""
    signed = passport.result_signed_at(element.id)
    if signed is not None:
        agreed = _agreeing(signed, elements, follows, element.process)
        return Duty(Part.SIGNS, frozenset({signed.drawn_up_at}), agreed)
    if passport.result_drawn_up_at(element.id) is not None:
        return Duty(Part.PREPARES)
    drawn = [r.drawn_up_at for r in passport.results if element.id in _agreeing(r, elements, follows, element.process)]
    return Duty(Part.APPROVES, frozenset(drawn)) if drawn else None


def _agreeing(result: Result, elements: Mapping[tuple[str, str], Element], follows: Follows, process: str) -> frozenset[str]:
    """The steps at which the draft of this result is agreed."""
    drawn = elements.get((process, result.drawn_up_at))
    if drawn is None:
        return frozenset()
    between = _between(result.drawn_up_at, result.signed_at, follows, process)
    return frozenset(each for each in between if _agrees(elements.get((process, each)), drawn))


def _agrees(element: Element | None, drawn: Element) -> bool:
    if element is None or element.kind is not ElementKind.USER_TASK or element.role == drawn.role:
        return False
    return element.role in {role.value for role in INSIDE - {Role.CHANCELLERY}}


def _between(start: str, end: str, follows: Follows, process: str) -> frozenset[str]:
    """What lies on some way from one element to the other that passes neither twice."""
    before: dict[str, Sequence[str]] = {to: sources for (where, to), sources in follows.items() if where == process}
    after: dict[str, list[str]] = defaultdict(list)
    for to, sources in before.items():
        for source in sources:
            after[source].append(to)
    return _reached(start, after, end) & _reached(end, before, start)


def _reached(origin: str, ways: Mapping[str, Sequence[str]], stop: str) -> frozenset[str]:
    found: set[str] = set()
    todo = list(ways.get(origin, ()))
    while todo:
        here = todo.pop()
        if here not in found and here not in (origin, stop):
            found.add(here)
            todo += ways.get(here, ())
    return frozenset(found)
