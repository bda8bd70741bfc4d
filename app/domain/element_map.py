"""Where the elements of one version of a process are found in another: suggested, and held against the two."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from app.domain.errors import Problem, problem
from app.domain.moves import Element, ElementKind

Place = tuple[str, str]

STANDS = frozenset(
    {
        ElementKind.USER_TASK,
        ElementKind.SERVICE_TASK,
        ElementKind.CALL_ACTIVITY,
        ElementKind.SUB_PROCESS,
        ElementKind.CATCH_EVENT,
        ElementKind.BOUNDARY_EVENT,
    }
)
"""Kinds at which a case may stand, or whose outcome is remembered; gateways are looked at too, for tokens wait at joins."""


class Alike(Enum):
    """Why an element of the new version is taken for one of the old."""

    ID = "id"
    LABEL = "label"  # same kind and same words
    PARAGRAPH = "paragraph"  # same kind and same paragraph of the act
    CHOSEN = "chosen"  # by the analyst


@dataclass(frozen=True, slots=True)
class Match:
    """An element of the old version and what stands for it in the new one, if anything does."""

    old: Element
    new: Element | None
    alike: Alike | None


def suggested(old: Collection[Element], new: Collection[Element], processes: Mapping[str, str]) -> tuple[Match, ...]:
    """For each element of the old version the likeliest of the new: by id, then by words, then by paragraph; each is taken once,
    and only where no second would do as well. `processes` says which process of the new version stands for one of the old."""
    here = [each for each in old if each.kind in STANDS or each.kind is ElementKind.GATEWAY]
    there = {(each.process, each.id): each for each in new}
    found: dict[Place, tuple[Element, Alike]] = {}
    for each in here:
        twin = there.get((processes.get(each.process, each.process), each.id))
        if twin is not None:
            found[_place(each)] = twin, Alike.ID
    for key, alike in ((_by_label, Alike.LABEL), (_by_paragraph, Alike.PARAGRAPH)):
        taken = {_place(twin) for twin, _ in found.values()}
        left = [each for each in here if _place(each) not in found]
        free = [each for each in there.values() if _place(each) not in taken]
        found |= {_place(each): (twin, alike) for each, twin in _pairs(left, free, key)}
    return tuple(Match(each, *found.get(_place(each), (None, None))) for each in here)


def _pairs(
    left: list[Element], free: list[Element], key: Callable[[Element], object | None]
) -> Iterator[tuple[Element, Element]]:
    for each in left:
        wanted = key(each)
        alike = [other for other in free if wanted is not None and key(other) == wanted]
        if len(alike) == 1 and sum(key(other) == wanted for other in left) == 1:
            yield each, alike[0]


def _by_label(element: Element) -> object | None:
    return (element.kind, element.label.kk) if element.label.kk else None


def _by_paragraph(element: Element) -> object | None:
    return (element.kind, element.paragraph) if element.paragraph else None


def _place(element: Element) -> Place:
    return element.process, element.id


def problems_of(elements: Mapping[Place, Place], old: Mapping[Place, Element], new: Mapping[Place, Element]) -> Iterator[Problem]:
    """What is wrong with a map an analyst made: each pair is there, of one kind, and no two elements become one."""
    taken: dict[Place, Place] = {}
    for here, there in elements.items():
        place = "/".join(here)
        if here not in old or there not in new:
            yield problem(place, "There is no such element.")
        elif old[here].kind is not new[there].kind:
            yield problem(place, "“%(old)s” and “%(new)s” are of different kinds.", old=old[here].label, new=new[there].label)
        elif there in taken:
            yield problem(place, "Two elements cannot become one: “%(new)s”.", new=new[there].label)
        taken[there] = here
