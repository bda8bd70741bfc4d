"""Whether every paragraph of an act is accounted for: by what is drawn and said of the services, or by a reason.

A file of `processes/acts/` lists an act's paragraphs, each sub-paragraph that carries a duty of its own, its annexes and their
items, in the grammar of `app.domain.citations`, with the services they belong to. What cites them is derived from the diagrams
and the passports. A paragraph is covered by a citation equal to it or inside it; a coarser one ("Standard row 8") covers none of
the finer ones listed ("Standard row 8 (2)"), or a single mention of the row would hide a document nobody asks for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.domain.citations import is_within, singles
from app.domain.errors import Invalid, Problem, problem
from app.domain.text import Text

_OTHER_LAW = ("Code ", "Law ")  # cited where the act is silent, and no part of it


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, its gist in a few words, and why nothing stands for it where nothing does."""

    id: str
    gist: str
    not_executable: str | None = None
    services: tuple[str, ...] = ()  # none named: those of the part


@dataclass(frozen=True, slots=True)
class Part:
    id: str
    title: str
    services: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class ActParagraphs:
    title: Text
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """Something that cites: an element of a diagram or a place of a passport."""

    place: str
    paragraph: str

    @property
    def cited(self) -> tuple[str, ...]:
        """The single places of the act it cites; those of other laws left out."""
        return tuple(each for each in singles(self.paragraph) if not each.startswith(_OTHER_LAW))


@dataclass(frozen=True, slots=True)
class Mentions:
    """What cites in one service; `inferred` are the elements of its diagrams that only say why they are there."""

    drawn: tuple[Mention, ...]
    said: tuple[Mention, ...]
    inferred: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph as one service keeps it."""

    paragraph: Paragraph
    service: str
    drawn: tuple[str, ...]
    said: tuple[str, ...]

    @property
    def is_covered(self) -> bool:
        return bool(self.drawn or self.said)


def rows(part: Part, services: Mapping[str, Mentions]) -> Iterator[Row]:
    """Each paragraph of the part with each of its services that is there."""
    for paragraph in part.paragraphs:
        for service in paragraph.services or part.services:
            if service in services:
                found = services[service]
                yield Row(paragraph, service, _citing(paragraph.id, found.drawn), _citing(paragraph.id, found.said))


def unaccounted(acts: Mapping[str, ActParagraphs], services: Mapping[str, Mentions]) -> Iterator[Problem]:
    """Every paragraph without a place or a reason, and every citation and service that no list has."""
    parts = [(file, part) for file, act in acts.items() for part in act.parts]
    for file, part in parts:
        yield from _misfits(f"{file} {part.id}", part, services)
        for row in rows(part, services):
            yield from _row(f"{file} {part.id}: {row.paragraph.id}", row)
    for service, mentions in services.items():
        listed = {
            paragraph.id for _, part in parts for paragraph in part.paragraphs if service in (paragraph.services or part.services)
        }
        citing = [mention for mention in (*mentions.drawn, *mentions.said) if mention.cited]
        if citing and not listed:  # what stands on another law alone has no act here
            yield problem(service, "No part of an act in processes/acts/ belongs to this service.")
            continue
        for mention in citing:
            for cited in mention.cited:
                if not any(is_within(each, cited) for each in listed):
                    yield problem(f"{service} {mention.place}", "The act's list has no “%(cited)s”.", cited=cited)


def _misfits(place: str, part: Part, services: Collection[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for paragraph in part.paragraphs:
        if not _is_single(paragraph.id):
            yield problem(place, "“%(id)s” is no citation of a single place such as “Rules para 8 part 1”.", id=paragraph.id)
        elif paragraph.id in seen:
            yield problem(place, "“%(id)s” stands in the list twice.", id=paragraph.id)
        seen.add(paragraph.id)
        for other in sorted(set(paragraph.services) - set(part.services)):
            yield problem(place, "“%(id)s” names “%(service)s”, which is no service of the part.", id=paragraph.id, service=other)
    for unknown in sorted(set(part.services) - set(services)):
        yield problem(place, "There is no service “%(service)s” in processes/.", service=unknown)


def _is_single(citation: str) -> bool:
    try:
        return singles(citation) == (citation,)
    except Invalid:
        return False


def _row(place: str, row: Row) -> Iterator[Problem]:
    if not row.is_covered and row.paragraph.not_executable is None:
        yield problem(place, "Nothing in “%(service)s” cites this paragraph, and no reason is given.", service=row.service)
    if row.is_covered and row.paragraph.not_executable is not None:
        where = ", ".join((*row.drawn, *row.said))
        yield problem(place, "Called not executable, yet “%(service)s” cites it: %(where)s.", service=row.service, where=where)


def _citing(paragraph: str, mentions: Iterable[Mention]) -> tuple[str, ...]:
    """The places that cite the paragraph or what is inside it, each once."""
    found = (each.place for each in mentions if any(is_within(cited, paragraph) for cited in each.cited))
    return tuple(dict.fromkeys(found))
