"""Finds what is to be translated in the layers below the web: they write plain English sentences and know no gettext."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

Message = tuple[int, str, str, list[str]]  # line, function, text, comments: what Babel expects of an extractor

_SENTENCE = re.compile(r"[A-Z“%].* .*([.:?!]|%\(\w+\)s.*)", re.DOTALL)
_CYRILLIC = re.compile("[А-Яа-яӘ-ӿ]")


def extract_sentences(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Message]:
    """Babel's extractor for domain code: every English sentence outside docstrings is for people."""
    tree = ast.parse(file.read())
    passed_over = {id(node) for node in _not_for_people(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in passed_over and _is_english_sentence(node.value):
            yield node.lineno, "gettext", str(node.value), []


def extract_rules(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Message]:
    """Babel's extractor for the checks of diagrams: what each `Rule("code", "sentence")` is reported with."""
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Rule":
            sentence = node.args[1] if len(node.args) > 1 else None
            if isinstance(sentence, ast.Constant):
                yield node.lineno, "gettext", str(sentence.value), []


def _is_english_sentence(value: object) -> bool:
    return isinstance(value, str) and bool(_SENTENCE.fullmatch(value)) and not _CYRILLIC.search(value)


def _not_for_people(tree: ast.AST) -> Iterator[ast.Constant]:
    """Docstrings, and the fixed parts of f-strings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        if isinstance(node, ast.JoinedStr):
            yield from (part for part in node.values if isinstance(part, ast.Constant))
