"""The passport of a draft: edited as text and by fields, checked, and previewed."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

import pytest
from flask import Flask

from app.bootstrap.demonstration import PASSWORD
from app.cases.design import drafts
from app.cases.office import Office
from app.domain.people import Actor
from app.web import create_app
from tests.desk import SERVICE, Desk
from tests.web.visitor import Visitor

PASSPORT = "service.yaml"


@pytest.fixture
def app(office: Office) -> Flask:
    return create_app(office, signer_url=None, demonstration_password=PASSWORD)


@pytest.fixture
def analyst(desk: Desk) -> Actor:
    return desk.actor("analyst")


@pytest.fixture
def draft(office: Office, analyst: Actor) -> str:
    return drafts.open_draft(office, analyst, SERVICE)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app, "analyst")


def text_of(office: Office, actor: Actor, draft_id: str) -> str:
    return drafts.draft_files(office, actor, draft_id).bundle.files[PASSPORT].decode()


def changed_lines(before: str, after: str) -> Iterator[str]:
    """The lines gone and new, in the text's order, without what stands before them."""
    for line in unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""):
        if line[0] in "+-" and not line.startswith(("+++", "---")):
            yield line[0] + line[1:].strip()


def test_the_text_stands_beside_its_outline(draft: str, visitor: Visitor, office: Office, analyst: Actor) -> None:
    page = visitor.opens(f"/design/drafts/{draft}/passport")
    text = text_of(office, analyst, draft)
    assert page.get_element_by_id("text").text.removeprefix("\n") == text
    lines = {part.text_content().split()[0]: int(part.get("data-line")) for part in page.xpath("//*[@data-line]")}
    assert text.splitlines()[lines["Act"] - 1] == "act:"
    assert text.splitlines()[lines["Results"] - 1] == "results:"


def test_the_text_is_kept_as_it_was_typed_and_checked(draft: str, visitor: Visitor, office: Office, analyst: Actor) -> None:
    before = text_of(office, analyst, draft)
    visitor.opens(f"/design/drafts/{draft}/passport")
    sent = before.replace("\ntitle:\n", "\n# why\ntitel:\n").replace("\n", "\r\n")  # as browsers send it
    page = visitor.sends("/passport", text=sent)
    assert list(changed_lines(before, text_of(office, analyst, draft))) == ["-title:", "+# why", "+titel:"]
    found = [" ".join(each.text_content().split()) for each in page.xpath("//ol[@id='findings']/li")]
    assert any("Unknown key" in each and "service.yaml, line" in each and "titel" in each for each in found), found


def test_a_text_that_is_no_yaml_is_kept_and_its_line_told(draft: str, visitor: Visitor, office: Office, analyst: Actor) -> None:
    visitor.opens(f"/design/drafts/{draft}/passport")
    visitor.sends("/passport", text="id: x\ntitle: {kk: [}\n")
    assert text_of(office, analyst, draft) == "id: x\ntitle: {kk: [}\n"
    assert "service.yaml, line 2" in visitor.text and "The text cannot be read as it is saved" in visitor.text
    visitor.opens(f"/design/drafts/{draft}/passport/lists/limits")
    assert visitor.status == 200
    visitor.opens(f"/design/drafts/{draft}/passport/preview")
    assert "cannot be read as YAML" in visitor.text


def test_who_saves_second_keeps_what_was_typed(draft: str, visitor: Visitor, office: Office, desk: Desk, analyst: Actor) -> None:
    visitor.opens(f"/design/drafts/{draft}/passport")
    before = text_of(office, analyst, draft)
    theirs = f"{before}# theirs\n"
    drafts.save_files(office, desk.actor("analyst2"), draft, {PASSPORT: theirs.encode()}, rev=0)
    page = visitor.sends("/passport", text=f"{before}# mine\n")
    assert visitor.status == 422 and f"{desk.actor('analyst2').name} has saved this draft" in visitor.text
    assert page.get_element_by_id("text").text.endswith("# mine\n")
    assert text_of(office, analyst, draft) == theirs
    form = page.get_element_by_id("passport-form")
    token = form.xpath("string(.//input[@name='csrf_token']/@value)")
    answer = visitor.client.post(f"/design/drafts/{draft}/passport/copy", data={"csrf_token": token, "text": f"{before}# mine\n"})
    copied = answer.location.split("/")[-2]
    assert text_of(office, analyst, copied) == f"{before}# mine\n"


def test_a_script_saves_and_is_told_the_revision(draft: str, visitor: Visitor, office: Office, analyst: Actor) -> None:
    page = visitor.opens(f"/design/drafts/{draft}/passport")
    token = page.xpath("string(//input[@name='csrf_token']/@value)")
    sent = {"csrf_token": token, "rev": "0", "text": f"{text_of(office, analyst, draft)}# more\n"}
    headers = {"Accept": "application/json"}
    assert visitor.client.post(f"/design/drafts/{draft}/passport", data=sent, headers=headers).get_json() == {"rev": 1}
    again = visitor.client.post(f"/design/drafts/{draft}/passport", data={**sent, "text": "id: x"}, headers=headers)
    assert again.status_code == 412 and analyst.name in again.get_json()["detail"]


def test_fields_of_a_form_are_edited_in_a_table(draft: str, visitor: Visitor, office: Office, analyst: Actor) -> None:
    before = text_of(office, analyst, draft)
    page = visitor.opens(f"/design/drafts/{draft}/passport/lists/forms.application")
    ids = page.xpath("//input[contains(@name, '.id') and not(contains(@name, 'new'))]/@value")
    assert ids[0] == "provider_name" and page.xpath("//select[@name='0.type']/option[@selected]/@value") == ["statement"]
    visitor.sends("/forms.application", {"0.label.en": "Who, in fact, applies"})
    after = text_of(office, analyst, draft)
    gone, new = changed_lines(before, after)
    assert gone.startswith("-") and "Who, in fact, applies" in new
    visitor.sends(
        "/forms.application",
        {
            "new.id": "fax",
            "new.label.kk": "Факс",
            "new.label.ru": "Факс",
            "new.label.en": "Fax",
            "new.type": "text",
            "action": "add",
        },
    )
    added = text_of(office, analyst, draft)
    assert list(changed_lines(after, added)) == ["+- id: fax", "+label: {kk: Факс, ru: Факс, en: Fax}", "+type: text"]
    visitor.sends("/forms.application", action="raise:fax")
    ids = visitor.page.xpath("//input[contains(@name, '.id') and not(contains(@name, 'new'))]/@value")
    assert ids[-2] == "fax"
    visitor.sends("/forms.application", action="lower:fax")
    visitor.sends("/forms.application", action="remove:fax")
    assert text_of(office, analyst, draft) == after


def test_a_term_that_the_acts_words_contradict_is_found_at_once(
    draft: str, visitor: Visitor, office: Office, analyst: Actor
) -> None:
    before = text_of(office, analyst, draft)
    page = visitor.opens(f"/design/drafts/{draft}/passport/lists/variants")
    former = page.xpath("string(//input[@name='0.term.limit']/@value)")
    visitor.sends("/variants", {"0.term.limit": "3 working-days"})
    lines = list(changed_lines(before, text_of(office, analyst, draft)))
    assert lines[:2] == [f"-limit: {former}", "+limit: 3 working-days"]
    assert lines[2:5] == ["-term: *term", "+term:", f"+limit: {former}"], "the other variant, which has the same term, keeps it"
    assert visitor.page.xpath("//li[contains(@class, 'finding-error')]"), visitor.text


def test_a_fee_goes_from_free_to_an_amount_and_back(draft: str, visitor: Visitor, office: Office, analyst: Actor) -> None:
    before = text_of(office, analyst, draft)
    page = visitor.opens(f"/design/drafts/{draft}/passport/lists/variants")
    assert page.xpath("string(//input[@name='0.fee']/@value)") == "free"
    visitor.sends("/variants", {"0.fee": "0.9", "0.fee.paragraph": "List item 6"})
    assert list(changed_lines(before, text_of(office, analyst, draft))) == [
        "-fee: free",
        "+fee: {mci: '0.9', paragraph: List item 6}",
    ]
    visitor.sends("/variants", {"0.fee": "unknown"})
    assert "fee: {paragraph: List item 6, unknown: true}" in text_of(office, analyst, draft)
    visitor.sends("/variants", {"0.fee": "free"})
    assert text_of(office, analyst, draft) == before


def test_what_is_needed_cannot_be_emptied(draft: str, visitor: Visitor, office: Office, analyst: Actor) -> None:
    before = text_of(office, analyst, draft)
    visitor.opens(f"/design/drafts/{draft}/passport/lists/grounds")
    visitor.sends("/grounds", {"0.label.kk": "", "0.label.en": "Typed"})
    assert visitor.status == 422 and "label.kk cannot be left empty." in visitor.text
    assert visitor.page.xpath("string(//textarea[@name='0.label.en'])") == "Typed"
    assert text_of(office, analyst, draft) == before


def test_cells_of_two_people_come_together(
    draft: str, visitor: Visitor, office: Office, desk: Desk, analyst: Actor, app: Flask
) -> None:
    address = f"/design/drafts/{draft}/passport/lists/limits"
    visitor.opens(address)
    other = Visitor(app, "analyst2")
    other.opens(address)
    other.sends("/limits", {"0.paragraph": "Rules para 99"})
    page = visitor.sends("/limits", {"1.paragraph": "Rules para 98"})
    assert visitor.status == 412 and f"{desk.actor('analyst2').name} has saved this draft" in visitor.text
    assert page.xpath("string(//textarea[@name='0.paragraph'])") == "Rules para 99"
    assert page.xpath("string(//textarea[@name='1.paragraph'])") == "Rules para 98"
    visitor.sends("/limits")
    text = text_of(office, analyst, draft)
    assert "Rules para 98" in text and "Rules para 99" in text


def test_the_preview_shows_unsaved_forms_in_three_languages_and_sends_nothing(
    draft: str, visitor: Visitor, office: Office, analyst: Actor
) -> None:
    before = text_of(office, analyst, draft)
    visitor.opens(f"/design/drafts/{draft}/passport/preview")
    unsaved = before.replace("kk: Көрсетілетін қызметті беруші, ru: Услугодатель", "kk: Кім береді, ru: Кто оказывает")
    page = visitor.sends("/passport/preview", text=unsaved)
    drawn = page.xpath("//section[contains(@class, 'shown-form')]//form")
    assert {each.get("lang") for each in drawn} == {"kk", "ru", "en"}
    assert {each.get("method") for each in drawn} == {"dialog"} and not any(each.get("action") for each in drawn)
    kk, ru = (page.xpath(f"string(//form[@lang='{code}'])") for code in ("kk", "ru"))
    assert "Кім береді" in kk and "Кто оказывает" not in kk and "Кто оказывает" in ru
    assert text_of(office, analyst, draft) == before


def test_one_broken_form_hides_no_other(draft: str, visitor: Visitor, office: Office, analyst: Actor) -> None:
    visitor.opens(f"/design/drafts/{draft}/passport/preview")
    page = visitor.sends("/passport/preview", text=text_of(office, analyst, draft).replace("type: choice", "type: chioce", 1))
    assert "Expected one of" in visitor.text
    assert page.xpath("//form[@method='dialog']")


def test_only_analysts_change_a_passport(draft: str, app: Flask) -> None:
    visitor = Visitor(app, "compliance")
    page = visitor.opens(f"/design/drafts/{draft}/passport")
    assert page.get_element_by_id("text").get("readonly") is not None
    assert visitor.posts(f"/design/drafts/{draft}/passport", rev=0, text="id: x").status_code == 403
    assert visitor.posts(f"/design/drafts/{draft}/passport/lists/limits", rev=0, was="[]").status_code == 403
    assert not visitor.opens(f"/design/drafts/{draft}/passport/lists/limits").xpath("//button[@value='add']")
