"""What the modeler offers beside an element: the roles, forms and grounds of the draft's passport, the handlers there are, and
the paragraphs of the act with their text."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass

from app.cases.design.drafts import draft_files
from app.cases.office import Office
from app.domain.citations import is_within, singles
from app.domain.coverage import Paragraph
from app.domain.errors import Invalid
from app.domain.moves import Bundle
from app.domain.passport import Passport, StepLimit
from app.domain.people import Actor
from app.domain.text import Text
from app.engine.entry import read_decisions
from app.store.bundles import SHARED, passport_of


@dataclass(frozen=True, slots=True)
class Choices:
    """`called` are the ids of the processes that may be called; `limits` what the passport prescribes, by element. Of a draft
    whose passport cannot be read only handlers, paragraphs and called processes are known."""

    roles: tuple[tuple[str, Text, Text], ...]  # id, title, unit
    forms: tuple[tuple[str, Text], ...]
    grounds: tuple[tuple[str, Text, str], ...]  # id, label, paragraph
    limits: Mapping[str, StepLimit]
    handlers: tuple[tuple[str, str], ...]  # name, docstring
    paragraphs: tuple[Paragraph, ...]
    called: tuple[str, ...]
    decisions: tuple[str, ...]  # ids of the tables in the draft's DMN files


@dataclass(frozen=True, slots=True)
class ActText:
    """A paragraph of the act's list, and the act's own Kazakh words where the passport quotes them."""

    paragraph: Paragraph
    words: tuple[str, ...]


def choices(office: Office, actor: Actor, draft_id: str) -> Choices:
    bundle = draft_files(office, actor, draft_id).bundle
    passport = readable_passport(bundle)
    return Choices(
        roles=tuple((role.id, role.title, role.unit) for role in passport.roles) if passport else (),
        forms=tuple((form.id, form.title) for form in passport.forms) if passport else (),
        grounds=tuple((ground.id, ground.label, ground.paragraph) for ground in passport.grounds) if passport else (),
        limits={limit.element: limit for limit in passport.limits} if passport else {},
        handlers=tuple((name, inspect.getdoc(handler) or "") for name, handler in sorted(office.handlers.items())),
        paragraphs=_paragraphs(office, bundle.service),
        called=tuple(sorted(_called(bundle))),
        decisions=tuple(sorted(_decisions(bundle))),
    )


def act_text(office: Office, actor: Actor, draft_id: str, citation: str) -> tuple[ActText, ...]:
    """What the act says at each place of a citation, and inside it. Raises Invalid for what is no citation."""
    cited = singles(citation)
    bundle = draft_files(office, actor, draft_id).bundle
    passport = readable_passport(bundle)
    quoted = list(_quotations(passport)) if passport else []
    chosen = [each for each in _paragraphs(office, bundle.service) if any(_touch(each.id, place) for place in cited)]
    return tuple(ActText(each, _words(each.id, quoted)) for each in chosen)


def readable_passport(bundle: Bundle) -> Passport | None:
    """None for a passport under repair: the checks say what is wrong with it."""
    try:
        return passport_of(bundle)
    except Invalid:
        return None


def _paragraphs(office: Office, service: str) -> tuple[Paragraph, ...]:
    parts = (part for act in office.acts().values() for part in act.parts if service in part.services)
    return tuple(each for part in parts for each in part.paragraphs if service in (each.services or part.services))


def _called(bundle: Bundle) -> Iterator[str]:
    for name in bundle.files:
        if name.startswith(f"{SHARED}/") and name.endswith(".bpmn"):
            yield name.removeprefix(f"{SHARED}/").removesuffix(".bpmn")


def _decisions(bundle: Bundle) -> Iterator[str]:
    for name, content in bundle.files.items():
        root, _ = read_decisions(name, content) if name.endswith(".dmn") else (None, [])
        if root is not None:
            yield from (each.get("id", "") for each in root.iter("{*}decision"))


def _touch(one: str, other: str) -> bool:
    return is_within(one, other) or is_within(other, one)


def _words(paragraph: str, quoted: list[tuple[str, str]]) -> tuple[str, ...]:
    """The quotations that stand at this paragraph or inside it, each once."""
    found = (words for place, words in quoted if any(is_within(single, paragraph) for single in _places(place)))
    return tuple(dict.fromkeys(found))


def _places(citation: str) -> tuple[str, ...]:
    try:
        return singles(citation)
    except Invalid:
        return ()


def _quotations(value: object) -> Iterator[tuple[str, str]]:
    """Every `says` of the passport with the paragraph it stands beside."""
    if isinstance(value, tuple):
        for item in value:
            yield from _quotations(item)
    elif is_dataclass(value):
        says, paragraph = getattr(value, "says", None), getattr(value, "paragraph", None)
        if says and paragraph:
            yield paragraph, says
        for field in fields(value):
            yield from _quotations(getattr(value, field.name))
