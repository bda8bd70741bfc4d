"""The pages of a draft's decision tables: the list, a new table, one in words, and one taken out."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

from app.cases.design import drafts
from app.cases.design.comparing import compare
from app.cases.office import Office
from app.domain.people import Actor
from app.web import create_app
from app.web.design.decisions import say_cell
from tests.desk import SERVICE, Desk
from tests.engine.drawing import decision
from tests.web.visitor import Visitor

# One database is enough here: pages know none, and what lies below them is tested on both.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

TABLE = decision(["variant", "check_completeness"], ['"issue"', "-", '"long"'], ['not("issue")', '"complete"', "3"])


@pytest.fixture
def app(office: Office) -> Flask:
    return create_app(office, signer_url=None)


@pytest.fixture
def analyst(desk: Desk) -> Actor:
    return desk.actor("analyst")


@pytest.fixture
def draft(office: Office, analyst: Actor) -> str:
    return drafts.open_draft(office, analyst, SERVICE)


def files_of(office: Office, actor: Actor, draft: str) -> dict[str, bytes]:
    return dict(drafts.draft_files(office, actor, draft).bundle.files)


def test_a_new_table_asks_for_the_flags_that_were_chosen(app: Flask, office: Office, analyst: Actor, draft: str) -> None:
    visitor = Visitor(app, "analyst")
    page = visitor.opens(f"/design/drafts/{draft}/decisions")
    assert "This draft has no decision table" in visitor.text
    offered = page.xpath("//input[@name='inputs']/@value")
    assert {"variant", "check_completeness"} <= set(offered) and "no_such_step" not in offered
    chosen = {"inputs": ["check_completeness", "variant"]}
    page = visitor.sends("/decisions", chosen, id="short_way", name="Жол <қысқа>", output="қай жол")
    assert page.xpath("//@data-file") == ["short_way.dmn"]
    assert "Жол <қысқа>" in visitor.text
    found = drafts.check_draft(office, analyst, draft).findings
    said = {(each.code, each.place) for each in found if each.file == "short_way.dmn"}
    assert said == {("dmn-output", "short_way")}, "nothing is wrong but the answer that is not written yet"
    page = visitor.opens(f"/design/drafts/{draft}/decisions")
    assert page.xpath("//td//code/text()") == ["check_completeness", "variant"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"id": "Short way"}, "An id has small Latin letters"),
        ({"id": "way"}, "There is a decision “way” already."),
        ({"name": " "}, "Up to 200 characters are expected here."),
        ({"inputs": ["no_such_step"]}, "Choose at least one flag the table asks for."),
    ],
)
def test_what_is_wrong_with_a_new_table_is_said_and_what_was_typed_kept(
    app: Flask, office: Office, analyst: Actor, draft: str, sent: dict[str, object], said: str
) -> None:
    drafts.save_files(office, analyst, draft, {"way.dmn": TABLE}, rev=0)
    visitor = Visitor(app, "analyst")
    visitor.opens(f"/design/drafts/{draft}/decisions")
    right = {"id": "other", "name": "Жол", "inputs": ["variant"], "output": "қай жол"}
    page = visitor.sends("/decisions", right | sent)
    assert visitor.status == 422 and said in visitor.text
    assert page.xpath("//input[@name='output']/@value") == ["қай жол"]
    assert "other.dmn" not in files_of(office, analyst, draft)


def test_a_table_says_which_task_asks_it(app: Flask, office: Office, analyst: Actor, draft: str) -> None:
    diagram = files_of(office, analyst, draft)["process.bpmn"].decode()
    task = (
        '<bpmn:businessRuleTask id="ask_way" name="Жолды таңдау"><bpmn:extensionElements><rasim:decision ref="way"/>'
        "</bpmn:extensionElements></bpmn:businessRuleTask></bpmn:process>"
    )
    asking = diagram.replace("</bpmn:process>", task, 1).encode()
    drafts.save_files(office, analyst, draft, {"process.bpmn": asking, "way.dmn": TABLE}, rev=0)
    visitor = Visitor(app, "analyst")
    for address in ("decisions", "decisions/way.dmn"):
        visitor.opens(f"/design/drafts/{draft}/{address}")
        assert "Жолды таңдау" in visitor.text, address


def test_who_only_reads_sees_the_table_in_words(app: Flask, office: Office, analyst: Actor, draft: str) -> None:
    drafts.save_files(office, analyst, draft, {"way.dmn": TABLE}, rev=0)
    page = Visitor(app, "compliance").opens(f"/design/drafts/{draft}/decisions/way.dmn")
    assert not page.xpath("//@data-decisions")
    rows = [[" ".join(cell.text_content().split()) for cell in row] for row in page.xpath("//tbody/tr")]
    assert rows == [["1", "issue", "any", "long", ""], ["2", "anything but issue", "complete", "3", ""]]
    page = Visitor(app, "analyst").opens(f"/design/drafts/{draft}/decisions/way.dmn")
    assert page.xpath("//@data-decisions") and page.xpath("//tbody/tr"), "an analyst without scripts reads the same words"


def test_a_table_somebody_edits_is_only_shown(app: Flask, office: Office, desk: Desk, analyst: Actor, draft: str) -> None:
    drafts.save_files(office, desk.actor("analyst2"), draft, {"way.dmn": TABLE}, rev=0)
    visitor = Visitor(app, "analyst")
    assert not visitor.opens(f"/design/drafts/{draft}/decisions/way.dmn").xpath("//@data-decisions")
    assert f"{desk.actor('analyst2').name} is editing this draft now." in visitor.text


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("", "any"),
        ('"a", "b"', "a or b"),
        ("not(true)", "anything but yes"),
        ("< 10", "less than 10"),
        ("(1..5]", "more than 1 and 5 or less"),
        ("1 or 2", "1 or 2"),  # no cell of ours: as it is written
    ],
)
def test_a_cell_is_said_in_words(app: Flask, cell: str, words: str) -> None:
    with app.test_request_context(), force_locale("en"):
        assert say_cell(cell) == words


@pytest.mark.parametrize("content", [b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"<a", b'\xff\xfe<\x00"'])
def test_a_file_that_cannot_be_read_is_said_not_shown(
    app: Flask, office: Office, analyst: Actor, draft: str, content: bytes
) -> None:
    drafts.save_files(office, analyst, draft, {"way.dmn": content}, rev=0)
    visitor = Visitor(app, "analyst")
    for address in ("decisions", "decisions/way.dmn"):
        visitor.opens(f"/design/drafts/{draft}/{address}")
        assert visitor.status == 200 and "The file holds no decision that can be read" in visitor.text


def test_what_is_no_file_with_decisions_is_not_there(app: Flask, draft: str) -> None:
    visitor = Visitor(app, "analyst")
    for name in ("process.bpmn", "other.dmn"):
        visitor.opens(f"/design/drafts/{draft}/decisions/{name}")
        assert visitor.status == 404


def test_a_table_is_taken_out_unless_somebody_has_saved_since(app: Flask, office: Office, analyst: Actor, draft: str) -> None:
    drafts.save_files(office, analyst, draft, {"way.dmn": TABLE}, rev=0)
    visitor = Visitor(app, "analyst")
    visitor.opens(f"/design/drafts/{draft}/decisions")
    drafts.save_files(office, analyst, draft, {"other.dmn": TABLE}, rev=1)
    visitor.sends("/decisions/remove", file="way.dmn")
    assert visitor.status == 412 and "way.dmn" in files_of(office, analyst, draft)
    visitor.opens(f"/design/drafts/{draft}/decisions")
    visitor.sends("/decisions/remove", file="way.dmn")
    assert "way.dmn" not in files_of(office, analyst, draft)


def test_who_may_not_draw_changes_no_table(app: Flask, office: Office, analyst: Actor, draft: str) -> None:
    drafts.save_files(office, analyst, draft, {"way.dmn": TABLE}, rev=0)
    visitor = Visitor(app, "compliance")
    page = visitor.opens(f"/design/drafts/{draft}/decisions")
    assert not [form for form in page.forms if "/decisions" in form.get("action", "")]
    for address in ("decisions", "decisions/remove"):
        assert visitor.posts(f"/design/drafts/{draft}/{address}", file="way.dmn", rev=1).status_code == 403


def test_a_changed_cell_is_told_when_drafts_are_compared(app: Flask, office: Office, analyst: Actor, draft: str) -> None:
    table = TABLE.replace(b"<rule>", b'<rule id="first">', 1)
    drafts.save_files(office, analyst, draft, {"way.dmn": table}, rev=0)
    changed = drafts.copy_draft(office, analyst, draft, {"way.dmn": table.replace(b'"long"', b'"short"')})
    (file,) = compare(office, analyst, f"draft:{draft}", f"draft:{changed}").files
    assert (file.name, file.is_read, len(file.changes)) == ("way.dmn", True, 1)
    visitor = Visitor(app, "analyst")
    visitor.opens(f"/design/compare?old=draft:{draft}&new=draft:{changed}")
    assert '"long"' in visitor.text and '"short"' in visitor.text
