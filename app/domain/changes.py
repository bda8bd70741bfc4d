"""What two editions of a thing say differently, part by part, in words of its meaning and not of its file.

A part (an element of a diagram, a rule of a decision table, the passport) is described by properties: key → value, both texts.
Nothing is left out of a description, so whatever differs is found, seen on the picture or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from app.domain.text import Text

WHERE = ("parent", "lane")
"""Properties by which a part is said to have been moved."""


class ChangeKind(Enum):
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"  # to another lane or subprocess
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Described:
    """One part: what it is called, what kind of thing it is, and every property it has."""

    title: Text
    kind: str
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """One property that differs; an empty text where it is not there."""

    property: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """One part that is not in both, or not the same in both."""

    place: str  # its id
    title: Text
    kind: str
    what: ChangeKind
    differences: tuple[Difference, ...]


def changes(old: Mapping[str, Described], new: Mapping[str, Described]) -> Iterator[Change]:
    """Every part that differs, in the order of the new edition, with those that are gone at the end."""
    for place, part in new.items():
        former = old.get(place)
        if former is None:
            yield Change(place, part.title, part.kind, ChangeKind.ADDED, differences({}, part.properties))
        elif found := differences(former.properties, part.properties):
            moved = any(each.property in WHERE for each in found)
            yield Change(place, part.title, part.kind, ChangeKind.MOVED if moved else ChangeKind.CHANGED, found)
    for place, part in old.items():
        if place not in new:
            yield Change(place, part.title, part.kind, ChangeKind.REMOVED, differences(part.properties, {}))


def differences(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[Difference, ...]:
    """What stands in one only or reads otherwise, in the order of the new edition."""
    keys = [*new, *(key for key in old if key not in new)]
    pairs = ((key, old.get(key, ""), new.get(key, "")) for key in keys)
    return tuple(Difference(key, before, after) for key, before, after in pairs if before != after)


def flattened(value: object, path: str = "") -> dict[str, str]:
    """Plain values by their key paths: `forms[application].fields[address].required` → `true`.

    Items of a list that have an `id` go by it, so that one put in between changes no other; their order is a value of its own.
    Lists of plain values are one value.
    """
    if isinstance(value, dict):
        return {
            key: text
            for name, each in value.items()
            for key, text in flattened(each, f"{path}.{name}" if path else str(name)).items()
        }
    if isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
        return _list(value, path)
    return {path: ", ".join(map(_said, value)) if isinstance(value, list) else _said(value)}


def _list(items: list[object], path: str) -> dict[str, str]:
    names = [_name(each, number) for number, each in enumerate(items, start=1)]
    if len(set(names)) < len(names):  # the same id twice: the file is wrong, and is compared all the same
        names = [str(number) for number in range(1, len(items) + 1)]
    found = {path: ", ".join(names)}
    for name, each in zip(names, items, strict=True):
        found |= flattened(each, f"{path}[{name}]")
    return found


def _name(item: object, number: int) -> str:
    return str(item["id"]) if isinstance(item, dict) and "id" in item else str(number)


def _said(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
