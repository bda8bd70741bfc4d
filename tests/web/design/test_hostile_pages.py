"""Hostile files on the pages of analysts: nothing of them is executed, nothing stands there unescaped, too much is refused."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest
from flask import Flask
from lxml import html

from app.cases.design import drafts
from app.cases.office import Office
from app.store.bundles import MAX_FILE, PASSPORT, PROCESS
from app.web import create_app
from tests.desk import Desk
from tests.web.visitor import Visitor

# One database is enough here: pages know none, and what lies below them is tested on both.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

SERVICE = "guarantee-obligation-end-user-certificate"
SCRIPT = "<script>alert(1)</script>"
PICTURE = "\"><img src=x onerror='alert(1)'>"


@pytest.fixture
def app(office: Office) -> Flask:
    return create_app(office, signer_url=None)


@pytest.fixture
def draft(desk: Desk) -> str:
    return drafts.open_draft(desk.office, desk.actor("analyst"), SERVICE)


@pytest.fixture
def analyst(app: Flask, draft: str) -> Visitor:
    visitor = Visitor(app, "analyst")
    visitor.opens(f"/design/drafts/{draft}")
    return visitor


def asks(visitor: Visitor, address: str, **sent: Any) -> Any:
    """A request of the modeler's script."""
    token = visitor.page.xpath("string(//input[@name='csrf_token']/@value)") or visitor.page.xpath(
        "string(//meta[@name='csrf-token']/@content)"
    )
    assert token
    return visitor.client.post(address, json=sent, headers={"X-CSRFToken": token})


def encoded(**files: bytes) -> dict[str, str]:
    return {name: b64encode(content).decode() for name, content in files.items()}


def with_scripts(desk: Desk, draft: str) -> dict[str, str]:
    """The draft's diagram and passport with markup in every name, in ids and in expressions."""
    files = drafts.draft_files(desk.office, desk.actor("analyst"), draft).bundle.files
    marked = (SCRIPT + PICTURE).replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    diagram = files[PROCESS].decode().replace(' name="', f' name="{marked}').replace('ref="', f'ref="{marked}')
    passport = files[PASSPORT].decode().replace("  kk: ", f"  {SCRIPT}: 1\n  kk: ", 1)
    return encoded(**{PROCESS: diagram.encode(), PASSPORT: passport.encode()})


def test_markup_in_names_and_references_is_said_as_text(desk: Desk, draft: str, analyst: Visitor) -> None:
    sent = with_scripts(desk, draft)
    of_diagram = asks(analyst, f"/design/drafts/{draft}/check", files={PROCESS: sent[PROCESS]})
    of_passport = asks(analyst, f"/design/drafts/{draft}/check", files=sent)
    for answer, name in ((of_diagram, PICTURE), (of_passport, SCRIPT)):
        assert answer.content_type == "application/json"  # a browser shows it as text, whatever stands in it
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert any(name in finding["sentence"] + finding["place"] for finding in answer.json["findings"])


def test_no_page_of_the_draft_holds_markup_of_its_files(desk: Desk, draft: str, analyst: Visitor) -> None:
    assert asks(analyst, f"/design/drafts/{draft}/files", rev=0, files=with_scripts(desk, draft)).json == {"rev": 1}
    for address in ("/design", f"/design/drafts/{draft}"):
        analyst.opens(address)
        body = analyst.response.get_data(as_text=True)
        assert SCRIPT not in body
        assert "onerror=" not in {f"{name}=" for node in html.fromstring(body).iter() for name in node.attrib}
        assert not analyst.page.xpath("//script[not(@src)][not(@type='application/json')]")


def test_a_file_of_a_draft_is_handed_out_and_never_shown(desk: Desk, draft: str, analyst: Visitor) -> None:
    page = b'<html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>'
    asks(analyst, f"/design/drafts/{draft}/files", rev=0, files=encoded(**{PROCESS: page, "letters/x.html": page}))
    for name in (PROCESS, "letters/x.html"):
        answer = analyst.client.get(f"/design/drafts/{draft}/files/{name}")
        assert answer.data == page
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.mimetype in ("application/xml", "text/plain")


@pytest.mark.parametrize("act", ["files", "check"])
def test_fifty_megabytes_are_refused_in_one_sentence(draft: str, analyst: Visitor, act: str) -> None:
    answer = asks(analyst, f"/design/drafts/{draft}/{act}", rev=0, files=encoded(**{PROCESS: b" " * 50 * 1024 * 1024}))
    assert answer.status_code == 413
    assert "can be sent at once" in answer.get_data(as_text=True)


def test_a_file_beyond_the_largest_is_refused_in_one_sentence(draft: str, analyst: Visitor) -> None:
    answer = asks(analyst, f"/design/drafts/{draft}/files", rev=0, files=encoded(**{PROCESS: b" " * (MAX_FILE + 1)}))
    assert answer.status_code == 422
    assert f"at most {MAX_FILE} are read" in answer.get_data(as_text=True)


@pytest.mark.parametrize("content", ["", "no base64!", 5, {"a": 1}, ["x"], True])
def test_content_that_is_no_file_is_refused_or_empty(draft: str, analyst: Visitor, content: object) -> None:
    answer = asks(analyst, f"/design/drafts/{draft}/check", files={PROCESS: content})
    assert answer.status_code in (200, 422)


@pytest.mark.parametrize("name", ["../../etc/passwd", "process.py", SCRIPT, f"{'a' * 101}.bpmn", "letters/\0.html"])
def test_a_name_that_is_no_file_of_a_service_is_refused(draft: str, analyst: Visitor, name: str) -> None:
    answer = asks(analyst, f"/design/drafts/{draft}/files", rev=0, files=encoded(**{name: b""}))
    assert answer.status_code == 422
    assert SCRIPT not in answer.get_data(as_text=True)
