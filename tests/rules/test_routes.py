"""Rules of the pages: every address says who may open it, nothing runs inline, every word is translated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from flask import Flask, url_for

from app.cases.office import Office
from app.web import create_app
from app.web.security import Access, access_of
from tests.web.visitor import Visitor

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "app" / "web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "{% extends" in path.read_text(encoding="utf-8")]

OPEN_TO_GUESTS = {
    "api.description",
    "api.get_service",
    "api.get_service_diagram",
    "api.list_services",
    "api.reference",
    "assets.file",
    "catalogue.diagram",
    "catalogue.service",
    "catalogue.services",
    "language.choose",
    "sign_in.by_certificate",
    "sign_in.challenge",
    "sign_in.enter",
    "sign_in.enter_by_certificate",
    "sign_in.form",
    "theme.choose",
}


@pytest.fixture
def app(office: Office) -> Flask:
    return create_app(office, signer_url=None)


# --- Addresses -----------------------------------------------------------------------------------------------------


def test_every_address_says_who_may_open_it_and_only_these_are_open_to_guests(app: Flask) -> None:
    access: dict[str, Access] = {endpoint: access_of(app, endpoint) for endpoint in app.view_functions}
    assert {endpoint for endpoint, who in access.items() if not who.signed_in} == OPEN_TO_GUESTS


def addresses(app: Flask, *, of_programs: bool) -> Iterator[tuple[str, str, str]]:
    """(endpoint, method, address) of every page, or of everything the interface for programs does."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("api.") is of_programs:
            with app.test_request_context():
                address = url_for(rule.endpoint, **dict.fromkeys(rule.arguments, 1))
            for method in set(rule.methods or ()) - {"HEAD", "OPTIONS"}:
                yield rule.endpoint, method, address


def test_a_guest_is_sent_to_sign_in_from_every_guarded_page(app: Flask) -> None:
    client = app.test_client()
    app.config["WTF_CSRF_ENABLED"] = False
    for endpoint, method, address in addresses(app, of_programs=False):
        if endpoint not in OPEN_TO_GUESTS:
            response = client.open(address, method=method)
            assert (response.status_code, response.location.partition("?")[0]) == (302, "/sign-in"), address


def test_a_program_without_a_token_is_told_so_at_every_guarded_address(app: Flask) -> None:
    client = app.test_client()
    for endpoint, method, address in addresses(app, of_programs=True):
        if endpoint not in OPEN_TO_GUESTS:
            response = client.open(address, method=method)
            assert (response.status_code, response.mimetype) == (401, "application/problem+json"), address
            assert response.headers["WWW-Authenticate"].startswith("Bearer "), address


def test_no_page_changes_anything_by_a_request_without_a_token(app: Flask) -> None:
    client = app.test_client()
    for _, method, address in addresses(app, of_programs=False):
        if method == "POST":
            assert client.post(address).status_code == 400, address


def test_a_session_is_not_enough_for_a_program_whatever_it_asks(app: Flask) -> None:
    """The pages' CSRF tokens do not guard the interface for programs; it takes no cookie instead."""
    client = Visitor(app, "admin").client
    for endpoint, method, address in addresses(app, of_programs=True):
        if endpoint not in OPEN_TO_GUESTS:
            assert client.open(address, method=method).status_code == 401, address


def test_what_changes_something_is_not_also_opened_by_a_link(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        methods = set(rule.methods or ()) - {"HEAD", "OPTIONS"}
        one_of = [{"GET"}, {"POST"}]
        assert methods in ([*one_of, {"PUT"}, {"DELETE"}] if rule.endpoint.startswith("api.") else one_of), rule


# --- Templates -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_page_has_a_title_of_its_own(page: Path) -> None:
    if page.name != "base.html":
        assert re.search(r"{% block title %}.+?{% endblock %}", page.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_nothing_runs_or_is_styled_inline(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_form_that_changes_something_carries_its_token(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", text, re.DOTALL)
    for form in forms:
        assert "csrf()" in form, form[:120]


# --- Words ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def said() -> Catalog:
    """Everything the code says to people, as `pybabel extract` finds it."""
    with (WEB / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {"_": None, "_l": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None}
    catalog = Catalog()
    for folder in ("app", "handlers"):
        prefixed = [(pattern.removeprefix(f"{folder}/"), m) for pattern, m in methods if pattern.startswith(f"{folder}/")]
        chosen = {pattern.removeprefix(f"{folder}/"): o for pattern, o in options.items()}
        for found in extract_from_dir(ROOT / folder, prefixed, chosen, keywords):
            catalog.add(found[2])
    return catalog


def test_the_extraction_finds_sentences_of_pages_and_of_the_domain(said: Catalog) -> None:
    for words in ("Sign in", "This has to be filled in.", "The signature is valid.", "Draft kept at %(time)s"):
        assert words in said, words


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_word_is_translated(said: Catalog, language: str) -> None:
    with (WEB / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalog = read_po(file, locale=language)
    missing = [message.id for message in said if message.id and message.id not in catalog]
    assert not missing
    for message in catalog:
        if message.id:
            words = message.string if isinstance(message.string, tuple) else (message.string,)
            assert all(words), f"empty: {message.id}"
            assert not message.fuzzy, f"fuzzy: {message.id}"
            assert not list(message.check()), f"places differ: {message.id}"
