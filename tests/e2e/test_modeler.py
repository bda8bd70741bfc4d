"""The modeler in a browser: drawing, what the act prescribes, checks while drawing, keeping, two people, languages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from app.cases import viewing
from app.cases.design import drafts
from app.cases.people import set_language
from app.gateways.authority import TestAuthority
from tests.clock import HandClock
from tests.conftest import MONDAY_MORNING, new_office
from tests.desk import SERVICE, Desk
from tests.e2e.test_axe import THEMES, WCAG
from tests.scenarios.test_same_moment import served

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

DIAGRAM = "process.bpmn"
WIDE = {"width": 1600, "height": 900}
MIDDLE = """id => {
  const box = document.querySelector(`.djs-element[data-element-id="${id}"]`).getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}"""


class Studio:
    """A server with analysts at it; what they keep is read from the database."""

    def __init__(self, browser: Browser, desk: Desk, port: int) -> None:
        self.browser, self.desk, self.address = browser, desk, f"http://127.0.0.1:{port}"

    def sits_down(self, login: str = "analyst", language: str = "en", theme: str = "light") -> Page:
        set_language(self.desk.office, self.desk.actor(login), language)
        context = self.browser.new_context(viewport=WIDE, color_scheme=theme)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{self.address}/sign-in")
        page.locator(f"form:has(input[name=login][value={login}]) button").click()
        expect(page.locator(".person")).to_be_visible()
        return page

    def new_draft(self, service: str = SERVICE) -> str:
        return drafts.open_draft(self.desk.office, self.desk.actor("analyst"), service)

    def opens(self, page: Page, draft: str) -> Page:
        page.goto(f"{self.address}/design/drafts/{draft}")
        expect(page.locator("[data-modeler][data-drawn]")).to_be_attached()
        expect(page.locator("#findings-line[data-checked]")).to_be_attached()
        return page

    def kept(self, draft: str) -> bytes:
        return drafts.draft_files(self.desk.office, self.desk.actor("analyst"), draft).bundle.files[DIAGRAM]

    def revision(self, draft: str) -> int:
        return drafts.draft_files(self.desk.office, self.desk.actor("analyst"), draft).rev


@pytest.fixture(scope="module")
def studio(
    browser: Browser, sqlite_template: Path, authority: TestAuthority, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("studio")
    shutil.copy(sqlite_template, folder / "rasim.db")
    database, clock = f"sqlite:///{folder / 'rasim.db'}", HandClock(MONDAY_MORNING)
    desk = Desk(new_office(database, clock, authority), clock, authority)
    with served(database, desk, authority, folder) as port:
        yield Studio(browser, desk, port)
    desk.office.close()


def choose(page: Page, element: str) -> None:
    page.mouse.click(*page.evaluate(MIDDLE, element))
    expect(page.locator(f'.djs-element.selected[data-element-id="{element}"]')).to_be_attached()


def entry(page: Page, name: str) -> Locator:
    return page.locator(f'#properties [data-entry-id="{name}"]')


def change(field: Locator, text: str) -> None:
    field.fill(text)
    field.press("Tab")


def saved(page: Page) -> None:
    expect(page.locator("#draft-state:not([data-unsaved])")).to_contain_text("saved at")


def test_a_limit_is_changed_found_wrong_at_once_and_taken_back(studio: Studio) -> None:
    draft = studio.new_draft()
    before = studio.kept(draft)
    page = studio.opens(studio.sits_down(), draft)
    expect(page.locator("#findings-line")).to_have_text("Nothing is found: it may be handed over.")

    choose(page, "check_completeness")
    expect(entry(page, "paragraph").locator("input")).to_have_value("Rules para 8 part 1")
    expect(entry(page, "paragraph").locator("blockquote")).to_contain_text("2 (екі) жұмыс күні")
    change(entry(page, "limit").locator("input"), "3")

    # 3 instead of 2 working days: not the passport's limit, and both ways to a decision then take 8 days of the 7 there are.
    expect(page.locator("#findings li")).to_have_count(3)
    expect(page.locator("#findings-line")).to_contain_text("Errors: 3")
    expect(page.locator("#findings li").first).to_contain_text("✕ Error")
    expect(page.locator("#canvas .finding-badge")).to_have_count(3)
    page.locator("#findings li button").nth(1).click()
    expect(page.locator(".djs-element.selected")).to_have_attribute("data-element-id", "certificate_issued")
    saved(page)
    expected = before.replace(
        b'paragraph="Rules para 8 part 1" limit="2 working-days" from="registered" />\n        <rasim:role name="executor" />'
        b'\n        <rasim:form ref="completeness" />',
        b'paragraph="Rules para 8 part 1" limit="3 working-days" from="registered" />\n        <rasim:role name="executor" />'
        b'\n        <rasim:form ref="completeness" />',
    )
    assert studio.kept(draft) == expected != before

    page.locator(".djs-container > svg").focus()
    page.keyboard.press("Control+z")
    expect(page.locator("#findings-line")).to_have_text("Nothing is found: it may be handed over.")
    expect(page.locator("#draft-state[data-rev='2']")).to_be_attached()
    assert studio.kept(draft) == before


def test_a_service_opened_changed_and_changed_back_is_the_same_file(studio: Studio) -> None:
    """Of every service: what bpmn-js writes of a diagram is, in its canonical text, byte for byte what it has read."""
    page = studio.sits_down()
    for row in viewing.designed_services(studio.desk.office, studio.desk.actor("analyst")):
        draft = studio.new_draft(row.service)
        before = studio.kept(draft)
        studio.opens(page, draft)
        choose(page, before.partition(b'<bpmn:userTask id="')[2].partition(b'"')[0].decode())
        change(entry(page, "label-en").locator("textarea"), "Another name")
        page.locator(".djs-container > svg").focus()
        page.keyboard.press("Control+z")
        expect(page.locator("[data-tool=undo]")).to_be_disabled()
        saved(page)
        assert studio.kept(draft) == before, row.service


def test_a_prepared_step_comes_with_what_the_act_asks_of_such_steps(studio: Studio) -> None:
    draft = studio.new_draft()
    page = studio.opens(studio.sits_down(), draft)
    choose(page, "register_application")
    page.locator('.djs-context-pad [data-action="append.any"]').click()
    page.locator(".djs-popup .entry", has_text="Check of completeness").click()
    saved(page)
    drawn = studio.kept(draft).decode()
    assert '<bpmn:userTask id="check_completeness_2" name="Құжаттардың толықтығын тексеру">' in drawn
    step = drawn.partition('id="check_completeness_2"')[2].partition("</bpmn:userTask>")[0]
    assert '<rasim:step limit="2 working-days" from="registered" />' in step
    assert '<rasim:role name="executor" />' in step and '<rasim:outcome ref="incomplete"' in step
    assert '<bpmn:exclusiveGateway id="is_set_complete_2" name="Құжаттар толық па?">' in drawn


def test_only_what_is_executed_is_offered(studio: Studio) -> None:
    page = studio.opens(studio.sits_down(), studio.new_draft())
    assert not page.locator('.djs-palette [data-action*="data"]').count()
    choose(page, "check_completeness")
    page.locator('.djs-context-pad [data-action="replace"]').click()
    offered = set(page.locator(".djs-popup .entry .djs-popup-label").all_text_contents())
    assert {"Service task", "Call activity", "Sub-process (collapsed)"} <= offered
    refused = {"Script task", "Send task", "Receive task", "Manual task", "Task", "Ad-hoc sub-process (collapsed)"}
    assert not offered & refused


def test_the_panel_changes_what_the_act_prescribes(studio: Studio) -> None:
    draft = studio.new_draft()
    page = studio.opens(studio.sits_down(), draft)
    choose(page, "check_compliance")
    entry(page, "role").locator("select").select_option("head")
    entry(page, "form").locator("select").select_option("completeness")
    entry(page, "handler").locator("select").select_option("number_case")
    expect(entry(page, "handler")).to_contain_text("the incoming number is given")
    change(entry(page, "label-ru").locator("textarea"), "Сверить")
    change(entry(page, "inferred").locator("textarea"), "A reason")
    entry(page, "grounds").locator("label", has_text="All grounds").locator("input").check()
    page.locator('[data-group-id="group-outcomes"] .bio-properties-panel-add-entry').click()
    expect(entry(page, "outcome-2-ref").locator("input")).to_have_value("outcome_3")
    change(entry(page, "outcome-2-ref").locator("input"), "postponed")
    saved(page)
    expect(page.locator("#findings li").first).to_be_visible()
    step = studio.kept(draft).decode().partition('id="check_compliance"')[2].partition("</bpmn:userTask>")[0]
    for written in (
        '<rasim:role name="head" />',
        '<rasim:form ref="completeness" />',
        '<rasim:handler name="number_case" />',
        '<rasim:label lang="ru" text="Сверить" />',
        '<rasim:inferred why="A reason" />',
        '<rasim:ground ref="*" />',
        '<rasim:outcome ref="postponed" kk="…" tone="neutral" />',
    ):
        assert written in step, written


def test_of_two_analysts_one_draws_and_the_other_is_told(studio: Studio) -> None:
    draft = studio.new_draft()
    first = studio.opens(studio.sits_down("analyst"), draft)
    second = studio.sits_down("analyst2")
    second.goto(f"{studio.address}/design/drafts/{draft}")
    name = studio.desk.actor("analyst").name
    expect(second.locator(".note")).to_contain_text(f"{name} is editing this draft now.")
    second.get_by_role("button", name="Take the draft over").click()
    expect(second.locator("[data-modeler][data-drawn]")).to_be_attached()
    choose(second, "check_completeness")
    change(entry(second, "label-en").locator("textarea"), "Look whether all is there")
    saved(second)

    choose(first, "check_completeness")
    change(entry(first, "label-en").locator("textarea"), "Check the set")
    conflict = first.locator("#draft-conflict")
    expect(conflict).to_contain_text(f"{studio.desk.actor('analyst2').name} has saved this draft since you opened it.")
    with first.expect_navigation():
        conflict.get_by_role("button", name="Keep mine as a draft of its own").click()
    expect(first.locator("[data-modeler][data-drawn]")).to_be_attached()
    copied = first.url.rpartition("/")[2]
    assert b"Check the set" in studio.kept(copied) and b"Look whether all is there" in studio.kept(draft)


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_nothing_is_said_in_english_and_nothing_breaks_the_content_policy(studio: Studio, language: str) -> None:
    page = studio.sits_down(language=language)
    broken: list[str] = []
    page.on("console", lambda message: broken.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: broken.append(str(error)))
    studio.opens(page, studio.new_draft("controlled-product-classification-conclusion"))
    page.locator('.djs-palette [data-action="prepared"]').click()
    page.keyboard.press("Escape")
    kinds = {}
    for element in page.locator("#canvas .djs-shape[data-element-id]").all():
        name = str(element.get_attribute("data-element-id"))
        shape = element.locator("> .djs-visual").inner_html()[:60]
        kinds.setdefault(shape, name)
    for name in [*kinds.values(), "hear_applicant", "agreeing_bodies_silent"]:
        page.mouse.click(*page.evaluate(MIDDLE, name))
        replace = page.locator('.djs-context-pad [data-action="replace"]')
        if replace.count():
            replace.click()
            page.keyboard.press("Escape")
    page.locator("[data-tool=map]").click()
    page.locator("[data-tool=find]").click()
    page.keyboard.press("Escape")
    page.locator("[data-tool=simulate]").click()
    page.locator(".bts-context-pad[data-scope-ids]:visible").first.click()
    expect(page.locator("#simulation-line")).not_to_have_text("")
    assert page.evaluate("document.documentElement.dataset.untranslated") is None
    assert broken == []


def test_tokens_run_through_the_drawing_and_change_nothing(studio: Studio) -> None:
    draft = studio.new_draft()
    page = studio.opens(studio.sits_down(), draft)
    page.locator("[data-tool=simulate]").click()
    expect(page.locator("[data-tool=simulate]")).to_have_attribute("aria-pressed", "true")
    page.locator(".bts-context-pad[data-scope-ids]:visible").first.click()
    expect(page.locator(".bts-token, .bts-token-count").first).to_be_attached()
    page.locator("[data-tool=simulate]").click()
    expect(page.locator(".djs-palette")).to_be_visible()
    assert studio.revision(draft) == 0


def test_the_keys_are_listed_and_a_form_field_takes_none_of_them(studio: Studio) -> None:
    page = studio.opens(studio.sits_down(), studio.new_draft())
    page.locator(".djs-container > svg").focus()
    page.keyboard.press("?")
    expect(page.locator("#modeler-keys")).to_be_visible()
    page.keyboard.press("Escape")
    choose(page, "check_completeness")
    page.keyboard.press("Delete")
    expect(page.locator('.djs-element[data-element-id="check_completeness"]')).to_have_count(0)
    page.keyboard.press("Control+z")
    choose(page, "check_completeness")
    field = entry(page, "label-en").locator("textarea")
    field.focus()
    page.keyboard.press("Delete")
    expect(page.locator('.djs-element[data-element-id="check_completeness"]')).to_have_count(1)


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_around_the_drawing(studio: Studio, theme: str) -> None:
    page = studio.opens(studio.sits_down(theme=theme), studio.new_draft())
    choose(page, "draft_discontinuation")
    page.locator('[data-group-id="group-outcomes"] .bio-properties-panel-group-header').click()
    change(entry(page, "limit").locator("input"), "9")
    expect(page.locator("#findings li").first).to_be_visible()
    found = Axe().run(page, context={"exclude": [["#canvas"]]}, options=WCAG).response["violations"]
    assert not found, [(each["id"], node["html"][:160], node["failureSummary"][:200]) for each in found for node in each["nodes"]]
