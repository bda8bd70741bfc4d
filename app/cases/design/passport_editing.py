"""The passport of a draft, edited as text and by fields: both change the one text, upon the revision they were made upon."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.cases.design.drafts import DraftFiles, copy_draft, draft_files, save_files
from app.cases.office import Office
from app.domain.errors import Invalid
from app.domain.passport import Form, Ground
from app.domain.passport_reading import values_from
from app.domain.people import Actor
from app.store.bundles import PASSPORT, plain_values, text_of
from app.store.passport_text import Part, parts_of

Edit = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class PassportText:
    """`text` has the line ends of this system. `parts` are empty while the text cannot be read."""

    draft: DraftFiles
    text: str
    parts: tuple[Part, ...]

    @property
    def values(self) -> dict[str, Any]:
        """What the text says, as plain values."""
        return {part.place: part.value for part in self.parts}


def passport_text(office: Office, actor: Actor, draft_id: str) -> PassportText:
    draft = draft_files(office, actor, draft_id)
    content = draft.bundle.files.get(PASSPORT, b"")
    return PassportText(draft, text_of(content).replace("\r\n", "\n"), _readable_parts(content))


def _readable_parts(content: bytes) -> tuple[Part, ...]:
    """None while the text is under repair: the checks say what is wrong with it."""
    try:
        return parts_of(content)
    except Invalid:
        return ()


def save_text(office: Office, actor: Actor, draft_id: str, text: str, *, rev: int) -> int:
    """Keeps the text as it was typed and gives the new revision. Raises as `save_files` does."""
    former = draft_files(office, actor, draft_id).bundle.files.get(PASSPORT, b"")
    return save_files(office, actor, draft_id, {PASSPORT: _as_bytes(text, former)}, rev=rev)


def copy_with_text(office: Office, actor: Actor, draft_id: str, text: str) -> str:
    """A new draft with this text in place of the saved one. Gives its id."""
    former = draft_files(office, actor, draft_id).bundle.files.get(PASSPORT, b"")
    return copy_draft(office, actor, draft_id, {PASSPORT: _as_bytes(text, former)})


def _as_bytes(text: str, former: bytes) -> bytes:
    """Browsers send line ends of their own; the file keeps those it had."""
    plain = text.replace("\r\n", "\n")
    return (plain.replace("\n", "\r\n") if b"\r\n" in former else plain).encode()


def change_passport(office: Office, actor: Actor, draft_id: str, edit: Edit, *, rev: int) -> int:
    """Saves what the edit makes of the passport's text; gives the new revision. Raises as `save_files` does, and Invalid for an
    edit that cannot be made in the text."""
    content = draft_files(office, actor, draft_id).bundle.files.get(PASSPORT, b"")
    return save_files(office, actor, draft_id, {PASSPORT: edit(content)}, rev=rev)


@dataclass(frozen=True, slots=True)
class Previewed:
    """What can be shown of a text before it is saved: each form by itself, so that a mistake elsewhere hides none."""

    forms: tuple[tuple[str, Form | Invalid], ...]
    variants: tuple[Mapping[str, Any], ...]
    grounds: tuple[Ground, ...]


def preview(text: str) -> Previewed:
    """Raises Invalid for a text that cannot be read at all."""
    values = plain_values(text.encode())
    found = values if isinstance(values, dict) else {}
    return Previewed(
        forms=tuple((str(each.get("id", "")), _form(each)) for each in records(found, "forms")),
        variants=tuple(records(found, "variants")),
        grounds=tuple(_grounds(found)),
    )


def records(values: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The mappings of a list that may as yet be anything."""
    given = values.get(key)
    return [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []


def _form(data: Mapping[str, Any]) -> Form | Invalid:
    try:
        return values_from(Form, data, PASSPORT)
    except Invalid as wrong:
        return wrong


def _grounds(values: Mapping[str, Any]) -> Iterator[Ground]:
    for each in records(values, "grounds"):
        try:
            yield values_from(Ground, each, PASSPORT)
        except Invalid:
            continue  # the checks say what is wrong with it
