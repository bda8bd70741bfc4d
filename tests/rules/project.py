"""The project's files as rules look at them: what belongs to it, and each Python file parsed once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project, relative to its root: all that .gitignore does not name. Needs no git."""
    ignored = [line.strip().rstrip("/") for line in (ROOT / ".gitignore").read_text().splitlines() if line.strip()]
    return tuple(sorted(_walk(ROOT, [".git", *ignored])))


def _walk(folder: Path, ignored: list[str]) -> Iterator[Path]:
    for path in folder.iterdir():
        relative = path.relative_to(ROOT)
        if any(fnmatch(path.name, pattern) or fnmatch(relative.as_posix(), pattern) for pattern in ignored):
            continue
        if path.is_dir():
            yield from _walk(path, ignored)
        else:
            yield relative


def texts() -> Iterator[tuple[Path, str]]:
    """Every file that is text, with its content."""
    for path in files():
        try:
            yield path, (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # fonts, pictures, compiled translations, states of the engine


def modules(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    """Every Python file under these folders, parsed."""
    for path in files():
        if path.suffix == ".py" and path.parts[0] in folders:
            yield path, _parsed(path)


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))
