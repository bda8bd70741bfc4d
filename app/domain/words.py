"""The words by which cases are found: what a person types is matched by the beginnings of words, an IIN or BIN as a whole."""

from __future__ import annotations

import re

LONGEST = 64
_WORD = re.compile(r"[\w/-]+")
_NUMBER = re.compile(r"[0-9]{12}")


def words_of(*texts: str) -> frozenset[str]:
    """The words of these texts as they are kept: in lower case; a number such as «2026-00001» and each part of it."""
    found = {word.lower()[:LONGEST] for text in texts for word in _WORD.findall(text)}
    parts = {part for word in found for part in re.split(r"[/-]", word) if part}
    return frozenset(_kept(word) for word in found | parts)


def _kept(word: str) -> str:
    """An IIN or BIN is marked, so that a part of it finds nothing: it says nothing about whose it is."""
    return f"#{word}" if _NUMBER.fullmatch(word) else word


def typed_words(text: str) -> tuple[str, ...]:
    """What was typed into a search field, as beginnings of kept words, all of which have to be there."""
    return tuple(dict.fromkeys(_kept(word.lower()[:LONGEST]) for word in _WORD.findall(text)))
