"""The coverage table: for each act, each paragraph and what stands for it; `rasim check --coverage` prints it as Markdown.

`docs/coverage.md` is the same table; a test compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path

from app.domain.coverage import ActParagraphs, Mention, Mentions, Part, Row, rows, unaccounted
from app.domain.errors import Problem
from app.domain.moves import Bundle
from app.domain.passport import Passport
from app.engine.extension import attribute
from app.engine.lint import read_diagrams
from app.store.acts import read_acts
from app.store.bundles import SHARED, passport_of, read_bundle, services_in

_INTRODUCTION = """\
# What of the acts is executed, and where

Printed by `rasim check --coverage > docs/coverage.md`. Each paragraph of each act (`processes/acts/`) stands beside the
elements of the diagrams and the places of the passports that cite it, or beside the reason why nothing does.
"""


@dataclass(frozen=True, slots=True)
class Coverage:
    table: str
    problems: tuple[Problem, ...]


def coverage(processes: Path) -> Coverage:
    """The table over a folder of services and its acts, and everything that is not accounted for."""
    acts = read_acts(processes)
    shared = processes / SHARED
    bundles = (read_bundle(folder, shared) for folder in services_in(processes))
    services = {bundle.service: mentions(bundle) for bundle in bundles}
    return Coverage("\n".join(_table(acts, services)), tuple(unaccounted(acts, services)))


def mentions(bundle: Bundle) -> Mentions:
    """Everything in a bundle that cites its act."""
    drawn: list[Mention] = []
    inferred: list[str] = []
    diagrams, _ = read_diagrams(bundle)
    for scope in diagrams.scopes:
        for element, node in scope.nodes.items():
            paragraph = attribute(node, "step", "paragraph")
            if paragraph is not None:
                drawn.append(Mention(element, paragraph))
            elif attribute(node, "inferred", "why") is not None:
                inferred.append(element)
    return Mentions(tuple(drawn), tuple(_said(passport_of(bundle))), tuple(inferred))


def _said(passport: Passport) -> Iterator[Mention]:
    """The passport's places by the ids of what stands there; what variants share is one place."""
    for place, paragraph in _paragraphs(passport, ""):
        yield Mention(re.sub(r"^variants\.[^.]+\.documents", "documents", place) or "passport", paragraph)


def _paragraphs(value: object, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, tuple):
        for number, item in enumerate(value, 1):
            yield from _paragraphs(item, f"{place}.{getattr(item, 'id', number)}")
    elif is_dataclass(value):
        for field in fields(value):
            inner = getattr(value, field.name)
            if field.name == "paragraph" and inner is not None:
                yield place, inner
            else:
                yield from _paragraphs(inner, f"{place}.{field.name}" if place else field.name)


# --- the table --------------------------------------------------------------------------------------------------------


def _table(acts: Mapping[str, ActParagraphs], services: Mapping[str, Mentions]) -> Iterator[str]:
    yield _INTRODUCTION
    yield from _sums_of_acts(acts, services)
    yield from _sums_of_services(services)
    for file, act in acts.items():
        yield f"\n## {file.removesuffix('.yaml')}: {act.title.en}"
        for part in act.parts:
            yield from _part(part, services)


def _sums_of_acts(acts: Mapping[str, ActParagraphs], services: Mapping[str, Mentions]) -> Iterator[str]:
    yield from _head("Act", "Paragraphs", "Drawn", "In a passport only", "Not executable", "Not accounted for")
    for file, act in acts.items():
        found = [row for part in act.parts for row in rows(part, services)]
        drawn = sum(bool(row.drawn) for row in found)
        said = sum(bool(row.said) and not row.drawn for row in found)
        why = sum(row.paragraph.not_executable is not None and not row.is_covered for row in found)
        yield _line(file.removesuffix(".yaml"), *map(str, (len(found), drawn, said, why, len(found) - drawn - said - why)))


def _sums_of_services(services: Mapping[str, Mentions]) -> Iterator[str]:
    yield ""
    yield from _head(
        "Service", "Elements citing its act", "Elements from other law", "Inferred elements", "Passport places citing it"
    )
    for service, found in services.items():
        citing = sum(bool(each.cited) for each in found.drawn)
        said = sum(bool(each.cited) for each in found.said)
        yield _line(service, *map(str, (citing, len(found.drawn) - citing, len(found.inferred), said)))


def _part(part: Part, services: Mapping[str, Mentions]) -> Iterator[str]:
    yield f"\n### {part.title}\n"
    yield from (f"- {service}" for service in part.services)
    yield ""
    several = len(part.services) > 1
    yield from _head("Paragraph", "What it says", "Elements", "Passport")
    of_services: dict[str, list[Row]] = {paragraph.id: [] for paragraph in part.paragraphs}
    for row in rows(part, services):
        of_services[row.paragraph.id].append(row)
    for paragraph in part.paragraphs:
        yield _line(paragraph.id, paragraph.gist, *_places(of_services[paragraph.id], several))


def _places(of_services: list[Row], several: bool) -> tuple[str, str]:
    """What cites a paragraph in diagrams, and in passports; or why nothing does."""
    why = next((row.paragraph.not_executable for row in of_services), None)
    if why is not None and not any(row.is_covered for row in of_services):
        return f"not executable: {why}", ""
    named = [(f"{row.service}: " if several else "", row) for row in of_services]
    return "; ".join(_listed(of, row.drawn) for of, row in named), "; ".join(_listed(of, row.said) for of, row in named)


def _listed(of: str, places: Iterable[str]) -> str:
    return of + (", ".join(f"`{place}`" for place in places) or "—")


def _head(*columns: str) -> Iterator[str]:
    yield _line(*columns)
    yield _line(*["---"] * len(columns))


def _line(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
