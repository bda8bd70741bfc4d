"""Rules of the code that no type checker holds: who may import whom, who may read the clock, who may commit."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml
from importlinter.cli import lint_imports
from lxml import etree

from app.domain import errors
from app.domain.errors import RasimError
from app.engine.extension import NAMESPACE
from app.web.errors import PAGES
from handlers import HANDLERS
from tests.rules.project import ROOT, files, modules, texts

CLOCK = Path("app/gateways/clock.py")
CLOCK_READERS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
MAY_COMMIT = (Path("app/cases"), Path("app/bootstrap"), Path("app/store/unit_of_work.py"))
KNOW_A_LIBRARY = {
    "spiff": {"app.engine"},
    "sqlalchemy": {"app.store"},
    "flask": {"app.web", "app.wsgi", "app.cli"},
    "pydantic": {"app.web"},
}
"""The parts that each contract of setup.cfg leaves free to import its library."""


def contracts() -> ConfigParser:
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    return config


def parts() -> set[str]:
    """The packages and modules directly under app/, and handlers: what the layers are made of."""
    found = {path.with_suffix("").parts[1] for path, tree in modules("app") if len(path.parts) > 2 or tree.body}
    return {f"app.{name}" for name in found} | {"handlers"}


def where(path: Path, node: ast.expr) -> str:
    return f"{path}:{node.lineno}"


# --- Imports -------------------------------------------------------------------------------------------------------


def test_imports_run_one_way(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    status = lint_imports(config_filename="setup.cfg", no_cache=True, no_logo=True)
    assert status == 0, capsys.readouterr().out


def test_every_part_stands_in_a_layer() -> None:
    layers = contracts()["importlinter:contract:layers"]["layers"]
    assert parts() - set(re.split(r"[\s|]+", layers)) == set()


@pytest.mark.parametrize("contract", KNOW_A_LIBRARY)
def test_every_part_is_either_free_to_import_a_library_or_forbidden_to(contract: str) -> None:
    forbidden = contracts()[f"importlinter:contract:{contract}"]["source_modules"].split()
    assert set(forbidden) == parts() - KNOW_A_LIBRARY[contract]


# --- Clock and commits ---------------------------------------------------------------------------------------------


def test_only_the_system_clock_reads_the_machines_clock() -> None:
    readers = [
        where(path, node)
        for path, tree in modules("app", "handlers")
        if path != CLOCK
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and (node.value.id, node.attr) in CLOCK_READERS
    ]
    assert readers == []


def test_only_use_cases_commit() -> None:
    elsewhere = [
        where(path, node)
        for path, tree in modules("app", "handlers")
        if not any(path.is_relative_to(place) for place in MAY_COMMIT)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert elsewhere == []


# --- Processes -----------------------------------------------------------------------------------------------------


def processes(pattern: str) -> Iterator[Path]:
    found = [path for path in files() if path.parts[0] == "processes" and path.match(pattern)]
    assert found, f"no {pattern} in processes/"
    yield from found


def test_every_handler_a_diagram_names_is_registered() -> None:
    unknown = [
        f"{path}: {named.get('name')}"
        for path in processes("*.bpmn")
        for named in etree.parse(str(ROOT / path)).iter(f"{{{NAMESPACE}}}handler")
        if named.get("name") not in HANDLERS
    ]
    assert unknown == []


def test_every_registered_handler_is_named_by_a_diagram() -> None:
    named = {
        element.get("name")
        for path in processes("*.bpmn")
        for element in etree.parse(str(ROOT / path)).iter(f"{{{NAMESPACE}}}handler")
    }
    assert set(HANDLERS) - named == set()


def test_every_letter_a_passport_names_is_there_and_no_other() -> None:
    for path in processes("service.yaml"):
        passport = yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))
        named = {each["letter"] for each in (*passport["forms"], *passport["results"]) if "letter" in each}
        folder = path.parent
        there = {file.relative_to(folder).as_posix() for file in files() if file.parent == folder / "letters"}
        own = {name for name in named if not name.startswith("shared/")}
        assert own == there, folder
        assert all((ROOT / "processes" / name).is_file() for name in named - own), folder


# --- Errors, docstrings, traces of one machine -----------------------------------------------------------------------


def test_every_error_has_a_page_of_its_own() -> None:
    raised = {
        kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, RasimError) and kind is not RasimError
    }
    assert {kind.__name__ for kind in raised ^ set(PAGES)} == set()


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path)
        for path, tree in modules("app", "handlers", "tests", "bench", "migrations")
        if tree.body and ast.get_docstring(tree) is None
    ]
    assert silent == []


TRACES = {
    "a folder of one machine": r"(?<![\w.])/(?:home|Users|root|work|tmp)/\w|[A-Z]:\\Users\\",
    "a package registry": r"registry\.(?:npmjs|yarnpkg|npmmirror)|(?:pypi|pythonhosted)\.org|(?:index|registry)[-_]url\s*=",
    "an address in a private network": r"//(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}\b",
}


@pytest.mark.parametrize("trace", TRACES)
def test_no_file_carries(trace: str) -> None:
    pattern = re.compile(TRACES[trace])
    found = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]
    assert found == []
