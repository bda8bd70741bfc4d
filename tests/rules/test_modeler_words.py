"""The words of the modeler: both dictionaries say the same things, and all that bpmn-js and our own parts ask for by name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.engine.supported import EVENT_KINDS, INSTEAD

ROOT = Path(__file__).resolve().parents[2]
MODELER = ROOT / "app" / "web" / "frontend" / "modeler"
PARTS = [ROOT / "node_modules" / part for part in ("bpmn-js/lib", "diagram-js/lib", "diagram-js-minimap/dist/index.esm.js")]
_ASKED = re.compile(r"""\b(?:translate|say)\(\s*(?:'([^'{}+]+)'|"([^"+]+)")""")
_OURS = re.compile(r'\bwords: "([^"]+)"')


def dictionary(language: str) -> dict[str, str]:
    words: dict[str, str] = json.loads((MODELER / "words" / f"{language}.json").read_text(encoding="utf-8"))
    return words


def asked() -> Iterator[str]:
    files = [file for part in [*PARTS, MODELER] for file in ([part] if part.is_file() else part.rglob("*.js"))]
    for file in files:
        text = "\n".join(line for line in file.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("*"))
        yield from (next(filter(None, found)) for found in _ASKED.findall(text))
        if file.is_relative_to(MODELER):
            yield from _OURS.findall(text)


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_whatever_is_asked_for_is_there(language: str) -> None:
    words = dictionary(language)
    assert sorted(set(asked()) - words.keys() - {"Align elements "}) == []  # which goes on with left, right, top …
    assert all(words.values())


def test_the_dictionaries_say_the_same_things_with_the_same_places() -> None:
    kk, ru = dictionary("kk"), dictionary("ru")
    assert kk.keys() == ru.keys()
    for english in kk:
        places = sorted(re.findall(r"{\w+}", english))
        assert places == sorted(re.findall(r"{\w+}", kk[english])) == sorted(re.findall(r"{\w+}", ru[english])), english


def test_the_palette_offers_nothing_that_is_refused() -> None:
    steps = (MODELER / "steps.js").read_text(encoding="utf-8")
    for type_name, event in re.findall(r'type: "bpmn:(\w+)"(?:, event: "bpmn:(\w+)EventDefinition")?', steps):
        tag = type_name[0].lower() + type_name[1:]
        assert tag not in INSTEAD, tag
        if tag in EVENT_KINDS:
            assert (event.lower() or "none") in EVENT_KINDS[tag], (tag, event)
