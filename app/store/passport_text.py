"""Changes of single values in the text of a passport. The text is the truth: whatever is not changed, comments and layout
included, stays character for character.

A place is a key path such as `variants[0].term.limit`. What a text says once for several places (`&term`, `*term`) is written out
where the others stand before one of them is changed. What a change makes of the text is read again before it is given back: if it
does not say exactly what was meant, the change is refused and the text has to be edited by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from app.domain.errors import Invalid
from app.store.bundles import line_of, parsed, text_of
from app.store.yaml_places import NO_HAND, Span, Text, Value, placed, steps_of, value_at

_OF_A_VARIANT = ("term", "fee", "documents")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a passport as an outline names it: its place, its line from 1, and what stands there as plain values."""

    place: str
    line: int
    value: Any
    parts: tuple[Part, ...] = ()


def parts_of(text: bytes) -> tuple[Part, ...]:
    """The parts of a passport in the text's order, with the items of each list and the lists of its variants. Raises Invalid for
    what cannot be read."""
    root, values = parsed(text)
    return tuple(_part(str(key), each, root) for key, each in values.items()) if isinstance(values, dict) else ()


def _part(place: str, value: Any, root: yaml.Node) -> Part:
    inner = [(f"{place}[{i}]", each) for i, each in enumerate(value)] if isinstance(value, list) else []
    if place.startswith("variants[") and isinstance(value, dict):
        inner = [(f"{place}.{key}", value[key]) for key in _OF_A_VARIANT if key in value]
    return Part(place, line_of(place, root), value, tuple(_part(*each, root) for each in inner))


def with_values(text: bytes, puts: Mapping[str, Value]) -> bytes:
    """The text with these values at these places; None takes the key out. A key that is not there is added at the end of its
    mapping. Raises Invalid for a place that is not there and for a layout that cannot be changed so."""
    given = {place: value for place, value in puts.items() if value is not None}
    taken = [place for place, value in puts.items() if value is None]
    text = _changed(text, given, Text.put, _put_in) if given else text
    return _changed(text, dict.fromkeys(taken), Text.take_out, _take_out_of) if taken else text


def with_item(text: bytes, place: str, item: Mapping[str, Value]) -> bytes:
    """The text with this item at the end of the list."""
    return _changed(text, {place: item}, Text.append, _append_to)


def without_item(text: bytes, place: str) -> bytes:
    """The text without the item of a list at this place, `forms[0].fields[3]`."""
    return _changed(text, {place: None}, Text.take_out, _take_out_of)


def with_item_lower(text: bytes, place: str) -> bytes:
    """The text in which the item of a list has changed places with the next."""
    return _changed(text, {place: None}, Text.swap, _swap_in)


# --- What is done, and what it means --------------------------------------------------------------------------------


Puts = Mapping[str, Any]
Edit = Callable[["Text", str, Any], Span]


def _changed(text: bytes, puts: Puts, edit: Edit, meant: Callable[[Any, str | int, Any], None]) -> bytes:
    values = parsed(text)[1]
    source = placed(text_of(text))
    while shared := source.shared_at(puts, whole=edit in (Text.put, Text.append), inside=edit is Text.append):
        source = placed(source.with_spans([source.written_out(values, alias) for alias in shared]))
    spans = sorted((edit(source, place, value) for place, value in puts.items()), key=lambda span: span.start)
    wanted = _copied(values)
    for place, value in puts.items():
        *way, last = steps_of(place)
        meant(value_at(wanted, way, place), last, value)
    changed = source.with_spans(spans)
    try:
        says = parsed(changed.encode())[1]
    except Invalid:
        says = None
    if says != wanted:
        raise Invalid(NO_HAND, place=", ".join(puts))
    return changed.encode()


def _copied(value: Any) -> Any:
    """Without the sharing that aliases make: a change is meant for one place."""
    if isinstance(value, dict):
        return {key: _copied(each) for key, each in value.items()}
    return [_copied(each) for each in value] if isinstance(value, list) else value


def _put_in(parent: Any, last: str | int, value: Any) -> None:
    parent[last] = _copied(value)


def _take_out_of(parent: Any, last: str | int, _: Any) -> None:
    del parent[last]


def _append_to(parent: Any, last: str | int, item: Any) -> None:
    if isinstance(parent, dict):
        parent.setdefault(last, [])
    parent[last].append(dict(item))


def _swap_in(parent: Any, last: Any, _: Any) -> None:
    parent[last], parent[last + 1] = parent[last + 1], parent[last]
