"""Two editions of a service beside each other, each a version or a draft: by what they mean, and line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from app.cases.design.drafts import found
from app.cases.office import Office
from app.domain.changes import Change, Described, changes, flattened
from app.domain.errors import Invalid, NotFound
from app.domain.moves import Bundle
from app.domain.people import Actor
from app.domain.permissions import Action, require
from app.domain.text import Text
from app.engine.describing import described_decisions, described_diagram, drawn
from app.store.bundles import plain_values
from app.store.processes import unpack
from app.store.unit_of_work import UnitOfWork

MAX_LINES = 20_000  # of one file; a longer one is compared by its meaning alone
AROUND = 3  # lines shown before and after what differs


@dataclass(frozen=True, slots=True)
class Edition:
    """One side of a comparison: a version by its number, or a draft (number 0) by who changed it last."""

    key: str  # `version:<id>` or `draft:<id>`
    service: str
    number: int
    by: str
    at: datetime
    bundle: Bundle


@dataclass(frozen=True, slots=True)
class Line:
    """A line of both editions (two numbers), or of one."""

    old: int | None
    new: int | None
    text: str


@dataclass(frozen=True, slots=True)
class FileChanges:
    """What differs in one file. `is_read`: the meaning of both could be read; else the lines alone say it."""

    name: str
    is_added: bool
    is_removed: bool
    is_read: bool
    changes: tuple[Change, ...]
    titles: Mapping[str, Text]  # of its parts, by their ids: a property may name one, as a lane or a way does
    moved_on_paper: tuple[str, ...]  # what is drawn elsewhere, which alone changes no meaning
    hunks: tuple[tuple[Line, ...], ...]
    is_too_long: bool  # for its lines to be compared


@dataclass(frozen=True, slots=True)
class Comparison:
    old: Edition
    new: Edition
    files: tuple[FileChanges, ...]
    diagrams: tuple[str, ...]  # which can be drawn beside each other


def compare(office: Office, actor: Actor, old: str, new: str) -> Comparison:
    """Raises NotFound for an edition that is not there, Invalid where they are of two services."""
    require(actor, Action.VIEW_DESIGN)
    with office.reading() as uow:
        before, after = edition(uow, old), edition(uow, new)
    if before.service != after.service:
        raise Invalid(
            "Two editions of one service are compared; these are of “%(old)s” and “%(new)s”.",
            old=before.service,
            new=after.service,
        )
    names = sorted({*before.bundle.files, *after.bundle.files}, key=lambda name: (name.startswith("shared/"), name))
    pairs = ((name, before.bundle.files.get(name), after.bundle.files.get(name)) for name in names)
    files = tuple(compared(name, was, now) for name, was, now in pairs if was != now)
    both = before.bundle.files.keys() & after.bundle.files.keys()
    return Comparison(before, after, files, tuple(name for name in names if name.endswith(".bpmn") and name in both))


def file_of(office: Office, actor: Actor, key: str, name: str) -> bytes:
    """One file of an edition. Raises NotFound where it has none of this name."""
    require(actor, Action.VIEW_DESIGN)
    with office.reading() as uow:
        files = edition(uow, key).bundle.files
    if name not in files:
        raise NotFound("The edition has no file '%(name)s'.", name=name)
    return files[name]


def edition(uow: UnitOfWork, key: str) -> Edition:
    kind, _, id = key.partition(":")
    if kind == "draft":
        draft = found(uow.design.get(id), id)
        by = uow.people.names([draft.changed_by_id]).get(draft.changed_by_id, "")
        return Edition(key, draft.service, 0, by, draft.changed_at, unpack(draft.service, draft.bundle))
    version = uow.processes.get(id) if kind == "version" else None
    if version is None:
        raise NotFound("There is no version '%(id)s'.", id=key)
    bundle = uow.processes.bundle(version)
    return Edition(key, version.service, version.number, version.published_by, version.published_at, bundle)


def compared(name: str, old: bytes | None, new: bytes | None) -> FileChanges:
    """One file of two editions; None where an edition does not have it."""
    before, after = _described(name, old), _described(name, new)
    is_read = before is not None and after is not None
    said = tuple(changes(before, after)) if before is not None and after is not None else ()
    lines_before, lines_after = _lines(old), _lines(new)
    is_too_long = max(len(lines_before), len(lines_after)) > MAX_LINES
    return FileChanges(
        name=name,
        is_added=old is None,
        is_removed=new is None,
        is_read=is_read,
        changes=said,
        titles={place: part.title for place, part in {**(before or {}), **(after or {})}.items()},
        moved_on_paper=_moved_on_paper(name, old, new),
        hunks=() if is_too_long else tuple(_hunks(lines_before, lines_after)),
        is_too_long=is_too_long,
    )


def _described(name: str, content: bytes | None) -> Mapping[str, Described] | None:
    if content is None:
        return {}
    if name.endswith(".bpmn"):
        return described_diagram(name, content)
    if name.endswith(".dmn"):
        return described_decisions(name, content)
    return _passport(content) if name.endswith(".yaml") else {}


def _passport(content: bytes) -> Mapping[str, Described] | None:
    """Part by part of its first level: `forms`, `variants`, …, each with its key paths."""
    try:
        values = plain_values(content)
    except Invalid:
        return None
    if not isinstance(values, dict):
        return None
    return {str(key): Described(Text(str(key)), "passport", flattened(value, str(key))) for key, value in values.items()}


def _moved_on_paper(name: str, old: bytes | None, new: bytes | None) -> tuple[str, ...]:
    if old is None or new is None or not name.endswith(".bpmn"):
        return ()
    before, after = drawn(name, old), drawn(name, new)
    return tuple(id for id in after if id in before and before[id] != after[id])


def _lines(content: bytes | None) -> list[str]:
    return content.decode("utf-8", errors="replace").splitlines() if content else []


def _hunks(old: list[str], new: list[str]) -> Iterator[tuple[Line, ...]]:
    for group in SequenceMatcher(None, old, new, autojunk=True).get_grouped_opcodes(AROUND):
        yield tuple(line for code in group for line in _changed_lines(code, old, new))


def _changed_lines(code: tuple[str, int, int, int, int], old: list[str], new: list[str]) -> Iterator[Line]:
    what, i1, i2, j1, j2 = code
    if what == "equal":
        yield from (Line(i + 1, j + 1, old[i]) for i, j in zip(range(i1, i2), range(j1, j2), strict=True))
        return
    yield from (Line(i + 1, None, old[i]) for i in range(i1, i2))
    yield from (Line(None, j + 1, new[j]) for j in range(j1, j2))
