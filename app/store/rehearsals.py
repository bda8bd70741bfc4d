"""Rehearsals as files of a bundle: YAML that a person can read, of bounded size, with nothing in it that is more than text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from app.domain.errors import Invalid
from app.domain.moves import Bundle
from app.domain.rehearsal import Rehearsal, as_data, rehearsal_from

FOLDER = "rehearsals/"
MAX_REHEARSAL = 64 * 1024  # bytes
MAX_DEPTH = 12
_FILE = re.compile(rf"{FOLDER}([\w-]+)\.yaml")


def rehearsal_names(bundle: Bundle) -> list[str]:
    """The names of the bundle's rehearsals, in name order."""
    return sorted(found[1] for name in bundle.files if (found := _FILE.fullmatch(name)))


def file_of(name: str) -> str:
    """The bundle's file that keeps the rehearsal of this name."""
    return f"{FOLDER}{name}.yaml"


def read_rehearsal(content: bytes, file: str) -> Rehearsal:
    """Raises Invalid with every problem, and for a file that is larger, deeper or cleverer than a rehearsal has to be."""
    if len(content) > MAX_REHEARSAL:
        raise Invalid("%(file)s has %(size)d bytes; at most %(most)d are read.", file=file, size=len(content), most=MAX_REHEARSAL)
    try:
        text = content.decode()
        _refuse_clever(yaml.parse(text, Loader=yaml.SafeLoader), file)
        data = yaml.load(text, Loader=_Plain)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as wrong:
        raise Invalid("%(file)s cannot be read as YAML: %(reason)s", file=file, reason=str(wrong)) from wrong
    return rehearsal_from(data, file)


def _refuse_clever(events: Iterator[yaml.Event], file: str) -> None:
    """Anchors could make a small file endless, and tags other things than text: a rehearsal needs neither."""
    depth = 0
    for event in events:
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise Invalid("%(file)s has an anchor, an alias or a tag in line %(line)d; none is read here.", file=file, line=line)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise Invalid("%(file)s nests deeper than %(most)d levels.", file=file, most=MAX_DEPTH)


class _Plain(yaml.SafeLoader):
    """Texts stay texts, moments and days among them; true, false and whole numbers are what they look like. A key given twice
    would silently lose its first value."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key.value!r} stands here twice", key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


_Plain.yaml_implicit_resolvers = {}
_Plain.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(null|~|)$"), ["n", "~", ""])
_Plain.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(true|false)$"), list("tf"))
_Plain.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"(0|[1-9][0-9]{0,8})$"), list("0123456789"))


def write_rehearsal(rehearsal: Rehearsal) -> bytes:
    text: str = yaml.dump(as_data(rehearsal), Dumper=_NoAliases, allow_unicode=True, sort_keys=False, width=120)
    return text.encode()


class _NoAliases(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True
