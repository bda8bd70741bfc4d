"""A decision table in a browser: a cell changed, found wrong at its rule, mended and kept; two people; languages."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response, expect

from app.cases.design import drafts
from app.cases.people import set_language
from app.engine.drawn_decisions import drawn_decisions
from app.gateways.authority import TestAuthority
from tests.clock import HandClock
from tests.conftest import new_office
from tests.desk import SERVICE, Desk
from tests.e2e.test_axe import WCAG
from tests.engine.drawing import decision
from tests.scenarios.test_same_moment import served

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.xdist_group("e2e"),
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]

FILE = "way.dmn"
TABLE = decision(["variant"], ['"issue"', '"long"'], ['not("issue")', '"short"'])


class Studio:
    """A server with a draft that has a table, and an analyst at it; what is kept is read from the database."""

    def __init__(self, browser: Browser, desk: Desk, port: int) -> None:
        self.browser, self.desk, self.address = browser, desk, f"http://127.0.0.1:{port}"
        self.analyst = desk.actor("analyst")
        self.draft = drafts.open_draft(desk.office, self.analyst, SERVICE)
        drafts.save_files(desk.office, self.analyst, self.draft, {FILE: TABLE}, rev=0)
        self.told: list[str] = []

    def opens(self, language: str = "en", theme: str = "light") -> Page:
        set_language(self.desk.office, self.analyst, language)
        context = self.browser.new_context(viewport={"width": 1400, "height": 850}, color_scheme=theme)  # type: ignore[arg-type]
        page = context.new_page()
        page.on("console", self._hears)
        page.goto(f"{self.address}/sign-in")
        page.locator("form:has(input[name=login][value=analyst]) button").click()
        expect(page.locator(".person")).to_be_visible()
        page.goto(f"{self.address}/design/drafts/{self.draft}/decisions/{FILE}")
        expect(page.locator("[data-decisions][data-drawn]")).to_be_attached()
        expect(page.locator("#findings-line[data-checked]")).to_be_attached()
        return page

    def _hears(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.told.append(message.text)

    def kept(self) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        content = drafts.draft_files(self.desk.office, self.analyst, self.draft).bundle.files[FILE]
        (table,) = drawn_decisions(FILE, content) or ()
        return [(rule.cells, rule.answers) for rule in table.rules]


@pytest.fixture
def studio(browser: Browser, database: str, clock: HandClock, authority: TestAuthority, tmp_path: Path) -> Iterator[Studio]:
    desk = Desk(new_office(database, clock, authority), clock, authority)
    with served(database, desk, authority, tmp_path) as port:
        yield Studio(browser, desk, port)
    desk.office.close()


def cell(page: Page, rule: int, column: int) -> Locator:
    return page.locator(f'#canvas td[data-coords="{rule}:{column}"]')


def types(page: Page, rule: int, column: int, text: str) -> None:
    field = cell(page, rule, column).locator("[contenteditable]")
    field.click()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def keeps(answer: Response, words: bytes) -> bool:
    """Whether this is the answer to keeping a table with these words."""
    return answer.url.endswith("/files") and words in b64decode(answer.request.post_data_json["files"][FILE])


def test_an_overlapping_rule_is_found_at_once_mended_and_kept(studio: Studio) -> None:
    page = studio.opens()
    expect(page.locator("#table-words")).to_be_hidden()
    types(page, 1, 0, "-")
    # Rule 2 is now meant for every case, and so for that of rule 1 too.
    overlap = page.locator("#findings li", has_text="The rules 1 and 2 are meant for the same case")
    expect(overlap).to_have_count(1)
    expect(page.locator("#canvas td.rule-index[data-finding=error]")).to_have_text("2")
    overlap.locator("button", has_text="rule 2").click()
    expect(cell(page, 1, 0).locator("[contenteditable]")).to_be_focused()

    types(page, 1, 0, 'not("issue"')
    wrong = page.locator("#findings li", has_text="cannot be read at character")
    expect(wrong).to_have_count(1)
    expect(page.locator("#canvas td.input-cell[data-finding=error]")).to_have_count(1)
    page.keyboard.type(")")
    expect(page.locator("#findings li.finding-error")).to_have_count(0)
    expect(page.locator("#canvas [data-finding=error]")).to_have_count(0)
    with page.expect_response(lambda answer: keeps(answer, b"other")):
        types(page, 1, 1, '"other"')
    expect(page.locator("#draft-state")).to_contain_text("saved at")
    assert studio.kept() == [(('"issue"',), ('"long"',)), (('not("issue")',), ('"other"',))]
    assert studio.told == [], "nothing breaks the pages' content policy"


def test_who_comes_second_is_told_by_whom(studio: Studio) -> None:
    page = studio.opens()
    theirs = TABLE.replace(b'"short"', b'"theirs"')
    drafts.save_files(studio.desk.office, studio.desk.actor("analyst2"), studio.draft, {FILE: theirs}, rev=1)
    types(page, 0, 1, '"mine"')
    expect(page.locator("#draft-conflict")).to_contain_text(studio.desk.actor("analyst2").name)
    assert studio.kept()[1] == (('not("issue")',), ('"theirs"',))
    page.locator("#draft-conflict [data-load]").click()
    expect(page.locator("main tbody")).to_contain_text("theirs")  # in words, while the other has the draft open


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_editor_speaks_kazakh_and_russian_and_offers_what_is_executed(studio: Studio, language: str) -> None:
    page = studio.opens(language, theme="dark")
    page.locator("#canvas .hit-policy .dms-input-select").click()
    expect(page.locator(".dms-select-options .option")).to_have_count(3)
    page.keyboard.press("Escape")
    cell(page, 0, 0).click(button="right")
    expect(page.locator(".context-menu")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("#canvas th.input-cell").dblclick()
    expect(page.locator(".context-menu .input-edit")).to_be_visible()
    assert page.locator("html").get_attribute("data-untranslated") is None
    found = Axe().run(page, context={"exclude": [["#canvas"]]}, options=WCAG)
    assert not found.response["violations"], found.generate_report()
    assert studio.told == []
