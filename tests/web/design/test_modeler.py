"""The page of a draft and what its script asks for: what may be picked, the act's text, saving, a copy, taking over."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.bootstrap.demonstration import PASSWORD
from app.cases.design import drafts
from app.cases.office import Office
from app.domain.people import Actor
from app.web import create_app
from tests.desk import SERVICE, Desk
from tests.web.visitor import Visitor

DIAGRAM = "process.bpmn"
Ask = Callable[..., TestResponse]


@pytest.fixture
def app(office: Office) -> Flask:
    return create_app(office, signer_url=None, demonstration_password=PASSWORD)


@pytest.fixture
def analyst(desk: Desk) -> Actor:
    return desk.actor("analyst")


@pytest.fixture
def draft(office: Office, analyst: Actor) -> str:
    return drafts.open_draft(office, analyst, SERVICE)


def as_script(app: Flask, login: str, language: str = "en") -> tuple[Visitor, Ask]:
    """A visitor, and how the script of his page sends JSON."""
    visitor = Visitor(app, login, language=language)

    def ask(address: str, sent: dict[str, Any] | None = None) -> TestResponse:
        headers = {"Accept": "application/json"}
        if sent is None:
            return visitor.client.get(address, headers=headers)
        token = visitor.page.xpath("string((//@data-csrf | //input[@name='csrf_token']/@value)[1])")
        return visitor.client.post(address, json=sent, headers={**headers, "X-CSRFToken": token})

    return visitor, ask


def files(content: bytes, name: str = DIAGRAM) -> dict[str, str]:
    return {name: b64encode(content).decode()}


def diagram_of(office: Office, actor: Actor, draft_id: str) -> bytes:
    return drafts.draft_files(office, actor, draft_id).bundle.files[DIAGRAM]


def test_an_analyst_draws_and_a_compliance_officer_looks(app: Flask, draft: str) -> None:
    visitor, _ = as_script(app, "analyst")
    page = visitor.opens(f"/design/drafts/{draft}")
    assert page.xpath("//@data-modeler") and page.xpath("//@data-rev") == ["0"]
    visitor, _ = as_script(app, "compliance")
    page = visitor.opens(f"/design/drafts/{draft}")
    assert not page.xpath("//@data-modeler") and page.xpath("//@data-diagram")


def test_a_file_that_is_not_there_is_said(app: Flask, draft: str) -> None:
    visitor, _ = as_script(app, "analyst")
    visitor.opens(f"/design/drafts/{draft}?file=shared/other.bpmn")
    assert visitor.status == 404


def test_the_panel_offers_what_the_passport_has(app: Flask, draft: str) -> None:
    _, ask = as_script(app, "analyst", "ru")
    found = ask(f"/design/drafts/{draft}/choices").get_json()
    assert [each["id"] for each in found["roles"]][:2] == ["applicant", "chancellery"]
    assert "completeness" in [each["id"] for each in found["forms"]]
    assert "incomplete-set" in [each["id"] for each in found["grounds"]]
    limit = found["limits"]["check_completeness"]
    assert limit == {"limit": "2 рабочих дня", "from": "registered", "paragraph": "часть 1 пункта 8 Правил"}
    number = next(each for each in found["handlers"] if each["name"] == "number_case")
    assert number["doc"], "a handler is picked by what it does"
    assert "Rules para 8 part 1" in [each["id"] for each in found["paragraphs"]]


def test_the_act_is_quoted_beside_a_paragraph(app: Flask, draft: str) -> None:
    _, ask = as_script(app, "analyst", "kk")
    told = ask(f"/design/drafts/{draft}/paragraph?citation=Rules para 8 part 1").get_json()
    assert told["said"] == "Қағидалардың 8-тармағының 1-бөлігі"
    assert [each["id"] for each in told["paragraphs"]] == ["Rules para 8 part 1"]
    assert any("2 (екі) жұмыс күні" in words for words in told["paragraphs"][0]["words"])


def test_what_is_no_citation_is_said_in_words(app: Flask, draft: str) -> None:
    _, ask = as_script(app, "analyst", "en")
    answer = ask(f"/design/drafts/{draft}/paragraph?citation=eighth paragraph")
    assert answer.status_code == 422
    assert "found 'eighth paragraph'" in answer.get_json()["detail"]


def test_a_broken_passport_still_lets_the_diagram_be_drawn(app: Flask, office: Office, analyst: Actor, draft: str) -> None:
    drafts.save_files(office, analyst, draft, {"service.yaml": b"id: ["}, rev=0)
    visitor, ask = as_script(app, "analyst")
    assert visitor.opens(f"/design/drafts/{draft}").xpath("//@data-modeler")
    found = ask(f"/design/drafts/{draft}/choices").get_json()
    assert found["roles"] == [] and found["handlers"] and found["called"] == []


def test_saving_without_a_change_changes_nothing(app: Flask, office: Office, analyst: Actor, draft: str) -> None:
    before = diagram_of(office, analyst, draft)
    visitor, ask = as_script(app, "analyst")
    visitor.opens(f"/design/drafts/{draft}")
    respelt = re.sub(rb'(</?|")bpmn:', rb"\1semantic:", before).replace(b"xmlns:bpmn=", b"xmlns:semantic=")
    answer = ask(f"/design/drafts/{draft}/files", {"rev": 0, "files": files(respelt)})
    assert answer.get_json() == {"rev": 0}
    assert diagram_of(office, analyst, draft) == before


def test_who_comes_second_is_told_by_whom_and_keeps_a_copy(
    app: Flask, office: Office, desk: Desk, analyst: Actor, draft: str
) -> None:
    visitor, ask = as_script(app, "analyst")
    visitor.opens(f"/design/drafts/{draft}")
    theirs = diagram_of(office, analyst, draft).replace("Құжаттар толық па?".encode(), "Толық па?".encode())
    drafts.save_files(office, desk.actor("analyst2"), draft, {DIAGRAM: theirs}, rev=0)
    mine = diagram_of(office, analyst, draft).replace("Толық па?".encode(), "Бәрі бар ма?".encode())
    refused = ask(f"/design/drafts/{draft}/files", {"rev": 0, "files": files(mine)})
    assert refused.status_code == 412
    assert desk.actor("analyst2").name in refused.get_json()["detail"]
    address = ask(f"/design/drafts/{draft}/copy", {"files": files(mine)}).get_json()["address"]
    copied = address.rpartition("/")[2]
    assert "Бәрі бар ма?".encode() in diagram_of(office, analyst, copied)
    assert "Толық па?".encode() in diagram_of(office, analyst, draft)


def test_a_draft_somebody_edits_is_shown_and_may_be_taken_over(app: Flask, office: Office, desk: Desk, draft: str) -> None:
    drafts.hold_draft(office, desk.actor("analyst2"), draft)
    visitor, ask = as_script(app, "analyst")
    page = visitor.opens(f"/design/drafts/{draft}")
    assert not page.xpath("//@data-modeler")
    assert f"{desk.actor('analyst2').name} is editing this draft now." in visitor.text
    held = ask(f"/design/drafts/{draft}/hold", {})
    assert held.status_code == 409 and desk.actor("analyst2").name in held.get_json()["detail"]
    assert visitor.sends("/take-over").xpath("//@data-modeler")
    assert ask(f"/design/drafts/{draft}/hold", {}).status_code == 204


def test_only_analysts_edit(app: Flask, draft: str) -> None:
    visitor, ask = as_script(app, "compliance")
    visitor.opens(f"/design/drafts/{draft}")
    assert ask(f"/design/drafts/{draft}/copy", {"files": {}}).status_code == 403
    assert ask(f"/design/drafts/{draft}/take-over", {}).status_code == 403


def test_findings_are_said_in_the_readers_language(app: Flask, office: Office, analyst: Actor, draft: str) -> None:
    visitor, ask = as_script(app, "analyst", "ru")
    visitor.opens(f"/design/drafts/{draft}")
    longer = diagram_of(office, analyst, draft).replace(b'limit="2 working-days"', b'limit="3 working-days"')
    told = ask(f"/design/drafts/{draft}/check", {"files": files(longer)}).get_json()
    assert not told["publishable"]
    limit = next(each for each in told["findings"] if each["place"] == "check_completeness")
    assert (limit["severity"], limit["code"]) == ("error", "law-limit")
    for words in ("3 рабочих дня", "2 рабочих дня", "часть 1 пункта 8 Правил"):
        assert words in limit["sentence"]
