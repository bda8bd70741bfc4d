"""A YAML text and where its nodes stand in it, so that one of them can be changed and nothing else.

Every change is a span of the text and the words that take its place; `app.store.passport_text` puts them together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from app.domain.errors import Invalid
from app.store.bundles import PlainLoader, parsed

Value = str | bool | int | None | Mapping[str, Any] | Sequence[Any]

_PART = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
NO_HAND = "This change cannot be made in the text as it is laid out there: edit %(place)s in the text itself."


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int
    words: str


def steps_of(place: str) -> list[str | int]:
    return [key or int(index) for key, index in _PART.findall(place)]


def value_at(value: Any, way: Sequence[str | int], place: str) -> Any:
    for step in way:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError) as error:
            raise Invalid("The passport has nothing at %(place)s.", place=place) from error
    return value


# --- Values as words ------------------------------------------------------------------------------------------------


def plainly(value: Value, style: str | None = None) -> str:
    """The value as YAML on one line, unquoted where that reads back as the same text, anywhere in a file."""
    match value:
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
        case int():
            return str(value)
        case str():
            return _scalar(value, style)
        case Mapping():
            return "{" + ", ".join(f"{plainly(str(key))}: {plainly(each)}" for key, each in value.items()) + "}"
        case _:
            return "[" + ", ".join(plainly(each) for each in value) + "]"


def _lines(value: Mapping[str, Any]) -> list[str]:
    return [f"{plainly(str(key))}: {plainly(each)}" for key, each in value.items()]


def _item_lines(item: Value) -> list[str]:
    """Of an item of a list, from its dash."""
    lines = _lines(item) if isinstance(item, Mapping) and item else [plainly(item)]
    return [f"{'  ' if i else '- '}{line}" for i, line in enumerate(lines)]


def _scalar(value: str, style: str | None) -> str:
    if not value.isprintable() or style == '"':
        return '"' + "".join(_escaped(character) for character in value) + '"'
    return value if style != "'" and _reads_back(value) else "'" + value.replace("'", "''") + "'"


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    return character if character.isprintable() else f"\\U{ord(character):08x}"


def _reads_back(value: str) -> bool:
    """By the passport's own rules and by everybody else's, between brackets, too."""
    try:
        line = f"{{key: {value}}}"
        return parsed(line.encode())[1] == {"key": value} == yaml.safe_load(line)
    except (Invalid, yaml.YAMLError, ValueError):
        return False


# --- Nodes in their text --------------------------------------------------------------------------------------------


class _Alias(yaml.ScalarNode):
    """Where `*name` stands for what is written elsewhere."""

    def __init__(self, anchor: str | None, start: Any, end: Any) -> None:
        super().__init__("alias", anchor, start, end)


class _Placing(PlainLoader):
    """Nodes as they stand in the text: an alias is one of its own."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.named: dict[int, str] = {}  # by the identity of a node with an anchor

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()
        node: yaml.Node | None = super().compose_node(parent, index)
        if isinstance(event, yaml.AliasEvent):
            return _Alias(event.anchor, event.start_mark, event.end_mark)
        if node is not None and event.anchor:
            self.named[id(node)] = event.anchor
        return node


def placed(source: str) -> Text:
    loader = _Placing(source)
    root = loader.get_single_node()
    if root is None:
        raise Invalid("The passport has nothing at %(place)s.", place=".")
    return Text(source, root, loader.named)


def _aliases(node: yaml.Node, here: str = "", over: yaml.Node | None = None) -> Iterator[tuple[_Alias, str, yaml.Node | None]]:
    """Every alias with its place and the node it stands in."""
    if isinstance(node, _Alias):
        yield node, here, over
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _aliases(value, f"{here}.{key.value}" if here else str(key.value), node)
    elif isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            yield from _aliases(value, f"{here}[{i}]", node)


class Text:
    def __init__(self, source: str, root: yaml.Node, named: Mapping[int, str]) -> None:
        self.source, self.root, self.named = source, root, named

    def shared_at(self, places: Iterable[str], *, whole: bool, inside: bool) -> list[_Alias]:
        """The aliases in the way of a change at these places: that the way leads through, and those of what it leads through.
        `whole`: what stands at the place itself changes, too; `inside`: and it is needed there."""
        found: dict[int, _Alias] = {}
        for place in places:
            node: yaml.Node | None = self.root
            steps = steps_of(place)
            for i, step in enumerate(steps, start=1):
                node, is_last = _child(node, step), i == len(steps)
                if isinstance(node, _Alias):
                    found |= {} if is_last and not inside else {node.start_mark.index: node}
                elif node is not None and (whole or not is_last) and (name := self.named.get(id(node))):
                    found |= {each.start_mark.index: each for each, _, _ in _aliases(self.root) if each.value == name}
        return [found[at] for at in sorted(found)]

    def written_out(self, values: Any, alias: _Alias) -> Span:
        """What an alias stands for, in its place: under its key as lines, between brackets as one."""
        place, over = next((place, over) for each, place, over in _aliases(self.root) if each is alias)
        value = value_at(values, steps_of(place), place)
        start, end = alias.start_mark.index, alias.end_mark.index
        if not isinstance(over, yaml.MappingNode) or over.flow_style or not isinstance(value, (dict, list)) or not value:
            return Span(start, end, plainly(value))
        indent = "\n" + " " * (over.value[0][0].start_mark.column + 2)
        lines = _lines(value) if isinstance(value, dict) else [line for each in value for line in _item_lines(each)]
        return Span(len(self.source[:start].rstrip()), end, "".join(indent + line for line in lines))

    def with_spans(self, spans: Sequence[Span]) -> str:
        parts, at = [], 0
        for span in spans:
            parts += [self.source[at : span.start], span.words]
            at = max(at, span.end)
        return "".join((*parts, self.source[at:]))

    # What is done at a place

    def put(self, place: str, value: Value) -> Span:
        parent, last = self._parent(place)
        node = _child(parent, last)
        if node is None:
            return self._added_key(parent, last, value, place)
        style = node.style if isinstance(node, yaml.ScalarNode) else None
        start, end = node.start_mark.index, self._end(node)
        gap = " " if start == end and self.source[start - 1 : start] == ":" else ""
        return Span(start, end, gap + plainly(value, style))

    def append(self, place: str, item: Mapping[str, Value]) -> Span:
        parent, last = self._parent(place)
        items = _child(parent, last)
        if items is None:
            return self._added_key(parent, last, [item], place)
        if not isinstance(items, yaml.SequenceNode):
            raise Invalid(NO_HAND, place=place)
        if items.flow_style or not items.value:
            at = self._end(items.value[-1]) if items.value else items.end_mark.index - 1
            return Span(at, at, (", " if items.value else "") + plainly(item))
        indent = "\n" + " " * items.start_mark.column
        at = self._line_end(self._end(items))
        return Span(at, at, "".join(indent + line for line in _item_lines(item)))

    def take_out(self, place: str, _: None = None) -> Span:
        parent, last = self._parent(place)
        if _child(parent, last) is None:
            raise Invalid("The passport has nothing at %(place)s.", place=place)
        if isinstance(parent, yaml.MappingNode):
            return self._without_key(parent, str(last), place)
        assert isinstance(parent, yaml.SequenceNode) and isinstance(last, int)
        if len(parent.value) == 1:
            return Span(len(self.source[: parent.start_mark.index].rstrip()), self._end(parent), " []")
        if parent.flow_style:
            return self._without_entry([(each, each) for each in parent.value], last)
        start, end = self._extent(parent, last, place)
        return Span(start, end, "")

    def swap(self, place: str, _: None = None) -> Span:
        parent, last = self._parent(place)
        if not isinstance(parent, yaml.SequenceNode) or not isinstance(last, int) or last + 1 >= len(parent.value):
            raise Invalid("The passport has nothing at %(place)s.", place=place)
        if parent.flow_style:
            one, other = parent.value[last], parent.value[last + 1]
            between = self.source[self._end(one) : other.start_mark.index]
            return Span(one.start_mark.index, self._end(other), self._words(other) + between + self._words(one))
        (start, middle), (_upper, end) = self._extent(parent, last, place), self._extent(parent, last + 1, place)
        lower = self.source[middle:end]
        return Span(start, end, lower + ("" if lower.endswith("\n") else "\n") + self.source[start:middle])

    # Where things stand

    def _parent(self, place: str) -> tuple[yaml.Node, str | int]:
        node: yaml.Node | None = self.root
        *way, last = steps_of(place) or [""]
        for step in way:
            node = _child(node, step)
        if node is None or not isinstance(node, (yaml.MappingNode, yaml.SequenceNode)):
            raise Invalid("The passport has nothing at %(place)s.", place=place)
        return node, last

    def _words(self, node: yaml.Node) -> str:
        return self.source[node.start_mark.index : self._end(node)]

    def _end(self, node: yaml.Node) -> int:
        """After the last character of what the node says: PyYAML lets a block end where the next thing begins."""
        if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
            return self._end(node.value[-1][1])
        if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
            return self._end(node.value[-1])
        end = int(node.end_mark.index)
        return len(self.source[:end].rstrip()) if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">") else end

    def _line_start(self, at: int) -> int:
        return self.source.rfind("\n", 0, at) + 1

    def _line_end(self, at: int) -> int:
        """Before the line break."""
        end = self.source.find("\n", at)
        end = len(self.source) if end < 0 else end
        return end - 1 if self.source[end - 1 : end] == "\r" else end

    def _next_line(self, at: int) -> int:
        end = self.source.find("\n", at)
        return len(self.source) if end < 0 else end + 1

    def _extent(self, items: yaml.SequenceNode, number: int, place: str) -> tuple[int, int]:
        """The lines of an item, from its dash; comments above it belong to it, but for the first, whose are the list's."""
        if number == 0:
            start = self._line_start(items.start_mark.index)
            if self.source[start : items.start_mark.index].strip():
                raise Invalid(NO_HAND, place=place)
        else:
            start = self._next_line(self._end(items.value[number - 1]))
        return start, self._next_line(self._end(items.value[number]))

    def _added_key(self, parent: yaml.Node, key: str | int, value: Value, place: str) -> Span:
        if not isinstance(parent, yaml.MappingNode) or not isinstance(key, str):
            raise Invalid("The passport has nothing at %(place)s.", place=place)
        words = f"{plainly(key)}: {plainly(value)}"
        if parent.flow_style or not parent.value:
            at = self._end(parent.value[-1][1]) if parent.value else parent.end_mark.index - 1
            return Span(at, at, (", " if parent.value else "") + words)
        at = self._line_end(self._end(parent))
        return Span(at, at, f"\n{' ' * parent.value[0][0].start_mark.column}{words}")

    def _without_key(self, parent: yaml.MappingNode, key: str, place: str) -> Span:
        number = next(i for i, (name, _) in enumerate(parent.value) if name.value == key)
        if len(parent.value) == 1:
            raise Invalid(NO_HAND, place=place)
        if parent.flow_style:
            return self._without_entry(parent.value, number)
        name, value = parent.value[number]
        start = self._line_start(name.start_mark.index)
        if self.source[start : name.start_mark.index].strip():  # the first key of an item stands behind its dash
            return Span(name.start_mark.index, parent.value[number + 1][0].start_mark.index, "")
        return Span(start, self._next_line(self._end(value)), "")

    def _without_entry(self, entries: Sequence[tuple[yaml.Node, yaml.Node]], number: int) -> Span:
        """Of a list or mapping between brackets, with one of the commas beside it."""
        if number:
            return Span(self._end(entries[number - 1][1]), self._end(entries[number][1]), "")
        return Span(entries[0][0].start_mark.index, entries[1][0].start_mark.index, "")


def _child(node: yaml.Node | None, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        child: yaml.Node = node.value[step]
        return child
    return None
