"""States of every format ever written are read for ever.

Each folder of `samples/` holds a bundle's diagrams, states of it as they were once saved, and what was expected of them:
what each waits for, and which moves lead from it to the next. A sample is never made again: a new format gets a new folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import ProcessFailed
from app.domain.moves import LATER, Bundle, BusinessError, Flag, Wait
from app.engine import Engine, Process, state
from tests.engine.families import Drawing, bundle
from tests.engine.played import Case, Handlers

SAMPLES = Path(__file__).with_name("samples")
FORMATS = sorted(path for path in SAMPLES.iterdir() if path.is_dir())


def test_the_format_written_today_has_samples() -> None:
    assert SAMPLES / f"format-{state.FORMAT}" in FORMATS


@cache
def process_of(folder: Path) -> Process:
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.bpmn")}
    return Engine().load(Bundle("sample", files))


def samples() -> Iterator[Any]:
    for folder in FORMATS:
        expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
        names = list(expected)
        for name, following in zip(names, [*names[1:], None], strict=True):
            yield pytest.param(folder, expected[name], expected.get(following), name, id=f"{folder.name} {name}")


NEWER_FACTS = {"interrupts"}  # what the diagram says of a wait and nobody said when the samples were made


def as_json(waits: tuple[Wait, ...]) -> list[dict[str, Any]]:
    facts = ({**asdict(wait), "kind": wait.kind.value} for wait in waits)
    return [{name: value for name, value in each.items() if name not in NEWER_FACTS} for each in facts]


def without_tokens(waits: list[dict[str, Any]]) -> list[str]:
    """New tokens may be numbered otherwise by later versions; all else is the same."""
    return sorted(json.dumps({**wait, "token": None, "attached_to": None}, sort_keys=True) for wait in waits)


@pytest.mark.parametrize(("folder", "expected", "following", "name"), list(samples()))
def test_a_saved_state_is_read_and_goes_on(
    folder: Path, expected: dict[str, Any], following: dict[str, Any] | None, name: str
) -> None:
    engine, process = Engine(), process_of(folder)
    saved = (folder / f"{name}.state").read_bytes()
    waits = engine.waits(process, saved)
    assert as_json(waits) == expected["waits"]
    if following is None:
        assert waits == ()
        return
    handlers = Handlers({"ask_register": LATER})
    for kind, element, value in expected["then"]:
        token = next(wait.token for wait in waits if wait.element == element)
        match kind:
            case "complete":
                move = engine.complete(process, saved, token, value, call_handler=handlers)
            case "finish":
                move = engine.finish(process, saved, token, Flag(value), call_handler=handlers)
            case "fail":
                move = engine.fail(process, saved, token, BusinessError(value), call_handler=handlers)
            case "fire":
                move = engine.fire(process, saved, token, call_handler=handlers)
            case _:
                raise AssertionError(f"the sample {name} asks for the unknown move {kind}")
        saved, waits = move.state, move.waits
    assert without_tokens(as_json(waits)) == without_tokens(following["waits"])


def one_task(name: str) -> Bundle:
    drawing = Drawing("main")
    drawing.start()
    drawing.user(name)
    drawing.end()
    drawing.path("begin", name, "done")
    return bundle(drawing)


def test_the_first_bytes_tell_the_format() -> None:
    assert Case(one_task("check")).move.state[:3] == b"RS" + bytes([state.FORMAT])


def test_a_state_holds_no_diagram() -> None:
    long = "a" * 200
    drawing = Drawing("main")
    drawing.start()
    for number in range(50):
        drawing.user(f"{long}_{number}")
    drawing.end()
    drawing.path("begin", *(f"{long}_{number}" for number in range(50)), "done")
    assert len(Case(bundle(drawing)).move.state) < 150


@pytest.mark.parametrize("spoilt", [b"", b"RS", b"RS\x63abc", b"PK\x03\x04", b"{}"])
def test_an_unknown_format_is_named(spoilt: bytes) -> None:
    case = Case(one_task("check"))
    with pytest.raises(ProcessFailed, match="known are the formats 1"):
        case.engine.waits(case.process, spoilt)


def test_a_spoilt_state_is_an_error_and_not_a_guess() -> None:
    case = Case(one_task("check"))
    sound = case.move.state
    for spoilt in (sound[:3], sound[:-5], sound[:10] + b"\xff" + sound[11:]):
        with pytest.raises(ProcessFailed, match="cannot be read"):
            case.engine.waits(case.process, spoilt)


def test_a_state_of_another_version_without_the_element_is_an_error() -> None:
    case, other = Case(one_task("check")), Case(one_task("verify"))
    with pytest.raises(ProcessFailed, match=other.process.digest[:12]):
        case.engine.waits(other.process, case.move.state)
