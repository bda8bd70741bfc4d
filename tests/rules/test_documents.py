"""The documents say what is true: every file, command, setting, word and licence they name is there, and none is left out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from configparser import ConfigParser
from hashlib import sha256

import click
import pytest

from app.bootstrap.demonstration import COMPANY_BIN, PASSWORD, PEOPLE
from app.bootstrap.settings import VARIABLES
from app.cli import main
from tests.rules.project import ROOT, files, texts

DOCUMENTS = ("README.md", "ARCHITECTURE.md", "GLOSSARY.md", "CONTRIBUTING.md")
APACHE_2 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"  # sha-256 of apache.org's LICENSE-2.0.txt
NOT_KEPT = ("var", ".venv", "app/web/static")  # made by commands
PLACEHOLDER = re.compile(r"[<…*]|000N")

each_document = pytest.mark.parametrize("name", DOCUMENTS)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def code_of(name: str) -> list[str]:
    """What stands in `code` and in fenced blocks, one entry a line."""
    text = read(name)
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))
    return [line.strip() for block in fenced for line in block.splitlines()] + inline


def rows(name: str, heading: str | None = None) -> Iterator[list[str]]:
    """The cells of the document's tables, without their heads; of those below one heading when it is given."""
    text = read(name)
    if heading is not None:
        text = re.split(r"^## ", text.partition(f"\n## {heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        for line in table.splitlines()[2:]:
            yield [cell.strip() for cell in line.strip("|").split("|")]


# --- What the documents name is there ------------------------------------------------------------------------------


@each_document
def test_every_file_a_document_names_is_there(name: str) -> None:
    top = {path.parts[0] for path in files() if len(path.parts) > 1}
    there = {str(path) for path in files()} | {str(parent) for path in files() for parent in path.parents}
    named = {link for link in re.findall(r"\]\(([^)#]+)\)", read(name)) if "://" not in link}
    named |= {
        word
        for word in code_of(name)
        if word.split("/")[0] in top and "/" in word and " " not in word and not PLACEHOLDER.search(word)
    }
    assert {each for each in named if each.rstrip("/") not in there and not each.startswith(NOT_KEPT)} == set()


@each_document
def test_every_make_target_a_document_names_is_there(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    named = {found[1] for line in code_of(name) if (found := re.match(r"make ([a-z]+)", line))}
    assert named <= targets


@each_document
def test_every_command_a_document_names_is_there(name: str) -> None:
    named = {found[1] for line in code_of(name) if (found := re.search(r"(?:^|/| )rasim ([a-z]+)", line))}
    assert named <= set(main.commands)


@each_document
def test_every_option_of_a_command_a_document_names_is_there(name: str) -> None:
    groups = [each for each in main.commands.values() if isinstance(each, click.Group)]
    known = {
        option
        for command in [*main.commands.values(), *(each for group in groups for each in group.commands.values())]
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in (*parameter.opts, *parameter.secondary_opts)
    } | {"--help"}
    said = [line for line in code_of(name) if line.startswith(("--", "rasim ", "make ", ".venv/bin/rasim "))]
    named = {option for line in said for option in re.findall(r"(?<![\w-])--[a-z][a-z-]+", line)}
    assert named <= known | {"--check"}  # ruff's own


# --- README --------------------------------------------------------------------------------------------------------


def test_the_readme_names_every_command() -> None:
    named = {found[1] for cells in rows("README.md", "Other commands") if (found := re.match(r"`rasim (\w+)`", cells[0]))}
    assert named == set(main.commands)


def test_the_readme_documents_every_setting_and_no_other() -> None:
    assert {cells[0].strip("`") for cells in rows("README.md", "Settings")} == set(VARIABLES)


def test_the_readme_introduces_everybody_who_can_sign_in() -> None:
    introduced = {login for cells in rows("README.md", "What you see") for login in re.findall(r"`(\w+)`", cells[0])}
    assert introduced == {person.login for person in PEOPLE}
    assert f"the password of each is `{PASSWORD}`" in read("README.md")
    assert f"`{COMPANY_BIN}`" in read("README.md")


# --- GLOSSARY ------------------------------------------------------------------------------------------------------


def test_every_word_of_the_glossary_has_its_kazakh_and_russian() -> None:
    words = list(rows("GLOSSARY.md"))
    assert len(words) > 80
    for cells in words:
        assert len(cells) == 4, cells
        english, kazakh, russian, meaning = cells
        assert re.fullmatch(r"[A-Za-z][a-zA-Z -]+", english), cells
        assert re.search("[а-яәғқңөұүһі]", kazakh), cells
        assert re.search("[а-яё]", russian), cells
        assert meaning, cells


def test_every_word_of_the_glossary_stands_there_once() -> None:
    words = [cells[0].lower() for cells in rows("GLOSSARY.md")]
    assert sorted(words) == sorted(set(words))


def test_every_word_of_the_glossary_is_in_use() -> None:
    code = "\n".join(text for path, text in texts() if path.parts[0] in ("app", "handlers", "processes") and path.suffix != ".po")
    unused = [
        english
        for english, *_ in rows("GLOSSARY.md")
        if not re.search("[ _-]?".join(map(re.escape, re.split("[ -]", english))), code, re.IGNORECASE)
    ]
    assert unused == []


# --- Licences ------------------------------------------------------------------------------------------------------


def test_the_licence_is_the_whole_apache_2() -> None:
    assert sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == APACHE_2


def dependencies() -> set[str]:
    """What is installed to run and to build: not what only tests and checks use."""
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    python = [line for line in config["options"]["install_requires"].splitlines() if line.strip()]
    browser = json.loads(read("package.json"))
    return {re.split(r"[\[=<>]", line.strip())[0] for line in python} | set(browser["devDependencies"])


def test_the_notice_names_every_dependency() -> None:
    notice = read("NOTICE").lower()
    assert {each for each in dependencies() if each.lower() not in notice} == set()


def test_the_notice_keeps_the_conditions_of_others() -> None:
    notice = " ".join(read("NOTICE").split())
    assert "the watermark must stay fully visible" in notice  # bpmn-js
    assert "SIL OPEN FONT LICENSE Version 1.1" in notice  # the fonts
    assert "It is installed unmodified" in notice  # SpiffWorkflow, LGPL


def test_no_style_hides_the_watermark_of_bpmn_js() -> None:
    hiding = [str(path) for path, text in texts() if path.suffix in (".scss", ".css", ".js") and "bjs-powered-by" in text]
    assert hiding == []
