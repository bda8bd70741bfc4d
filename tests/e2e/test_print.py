"""Pages on paper: what is there to read and no control, no wider than the sheet, the diagram whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from app.gateways.authority import TestAuthority
from tests.e2e.floor import Floor, opened
from tests.e2e.test_axe import pages_of, sign_in

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

SHEET = {"width": 672, "height": 1017}  # CSS pixels of A4 within the margins of the style sheet
SEEN = """controls => controls.filter(each => each.checkVisibility() && getComputedStyle(each).borderTopWidth !== '0px')
  .map(each => each.outerHTML.slice(0, 120))"""

WIDTH = """() => Math.max(...[...document.querySelectorAll('main :not(.diagram-sheet, .diagram-sheet *)')]
  .filter(each => each.checkVisibility()).map(each => each.getBoundingClientRect().right))"""
LAID = """addEventListener('beforeprint', () => {
  const drawn = document.querySelector('.diagram svg g.viewport').getBoundingClientRect();
  const paper = document.querySelector('.diagram').getBoundingClientRect();
  window.laid = [paper.width, drawn.left - paper.left, paper.right - drawn.right];
})"""


@pytest.fixture(scope="module")
def floor(sqlite_template: Path, authority: TestAuthority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    with opened(sqlite_template, authority, tmp_path_factory.mktemp("floor")) as laid:
        yield laid


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=SHEET)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("login", ["clerk", "head", "executor", "agency", "deputy", "admin", "company"])
def test_no_control_is_printed_and_nothing_is_wider_than_the_paper(floor: Floor, page: Page, login: str) -> None:
    sign_in(page, floor, login)
    wrong: list[str] = []
    for address in pages_of(floor)[login]:
        page.emulate_media(media="screen")
        page.goto(f"{floor.address}{address}")
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        wrong += [f"{address}: {each}" for each in page.locator("input, select, textarea, button, .btn").evaluate_all(SEEN)]
        width = page.evaluate(WIDTH)
        if width > SHEET["width"] + 1:
            wrong.append(f"{address}: {width} px wide on a sheet of {SHEET['width']}")
    assert not wrong, "\n".join(wrong)


def test_what_was_typed_and_chosen_is_printed_and_what_is_empty_is_not(floor: Floor, page: Page) -> None:
    sign_in(page, floor, "executor")
    page.goto(f"{floor.address}/tasks/{floor.item(floor.appointed, 'executor')}")
    page.locator("label[for='completeness.documents[application]-expired']").click()
    page.locator("[name='completeness.documents[application].expires_on']").fill("2026-02-27")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    line = page.locator("[id='completeness.documents[application]']")
    assert line.locator("label.btn:visible").all_inner_texts() == ["Мерзімі өткен"]
    assert line.locator("input[type=date]:visible").count() == 1
    assert page.locator(".checklist-until:visible").count() == 1, "of the others no day is known"


def test_the_diagram_of_a_case_is_whole_on_a_sheet_of_its_own(floor: Floor, page: Page, tmp_path: Path) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(page, floor, "executor")
    page.goto(f"{floor.address}/cases/{floor.asked}")
    page.wait_for_selector("[data-drawn]", state="attached")
    page.evaluate(LAID)
    page.pdf(path=tmp_path / "case.pdf", prefer_css_page_size=True)
    *upright, last = PdfReader(tmp_path / "case.pdf").pages
    assert all(each.mediabox.width < each.mediabox.height for each in upright)
    assert last.mediabox.width > last.mediabox.height, "on its side"
    width, left, right = page.evaluate("window.laid")
    assert width <= last.mediabox.width * 96 / 72 - 2 * 14 * 96 / 25.4, "within the margins"
    assert left >= 0
    assert right >= 0
    assert page.locator(".diagram").evaluate("each => each.getBoundingClientRect().width") > width, "as wide as before again"
