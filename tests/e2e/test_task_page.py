"""The page of a task in a browser, by the keyboard alone: documents, outcomes, a draft that is kept, a colleague named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.cases.people import set_language
from app.gateways.authority import TestAuthority
from tests.clock import HandClock
from tests.conftest import new_office
from tests.desk import Desk
from tests.press import with_short_letters
from tests.scenarios.test_same_moment import served

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.xdist_group("e2e"),
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]


@pytest.fixture
def page(browser: Browser, database: str, clock: HandClock, authority: TestAuthority, tmp_path: Path) -> Iterator[Page]:
    """The executor before the check of completeness."""
    desk = Desk(with_short_letters(new_office(database, clock, authority)), clock, authority)
    case_id = desk.file()
    desk.register(case_id)
    desk.appoint(case_id)
    set_language(desk.office, desk.actor("executor"), "en")
    item = desk.item(case_id, "executor").row.id
    with served(database, desk, authority, tmp_path) as port:
        context = browser.new_context()
        opened = context.new_page()
        opened.goto(f"http://127.0.0.1:{port}/sign-in")
        opened.locator("form:has(input[name=login][value=executor]) button").click()
        expect(opened.locator(".person")).to_be_visible()
        opened.goto(f"http://127.0.0.1:{port}/tasks/{item}")
        yield opened
        context.close()
    desk.office.close()


def test_the_task_is_worked_by_the_keyboard(page: Page) -> None:
    folds = page.locator("details.document-fold")
    page.keyboard.press("]")
    expect(folds.nth(0)).to_have_attribute("open", "")
    page.keyboard.press("]")
    expect(folds.nth(1)).to_have_attribute("open", "")
    expect(folds.nth(0)).not_to_have_attribute("open", "")
    page.keyboard.press("[")
    expect(folds.nth(0)).to_have_attribute("open", "")

    page.locator(".checklist-line input[value=absent]").first.focus()
    page.keyboard.press("Space")  # until something is absent the set is whole, and that outcome is closed
    expect(page.locator("#outcome-incomplete")).to_be_enabled()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("2")
    expect(page.locator("#outcome-incomplete")).to_be_checked()
    expect(page.locator("label[for=outcome-incomplete]")).to_contain_text("→ Executor: Draft the reasoned refusal")

    page.locator("[id='completeness.missing']").fill("Шарттың 2-парағы")
    expect(page.locator("#kept")).to_contain_text("version 1.")
    expect(page.locator("[data-draft-rev]")).to_have_value("1")
    page.reload()
    expect(page.locator("[id='completeness.missing']")).to_have_value("Шарттың 2-парағы")
    expect(page.locator("#outcome-incomplete")).to_be_checked()


def test_a_colleague_is_named_and_what_is_not_sent_is_asked_about(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.locator("dialog[data-task-keys]")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    comment = page.locator("#comment-text")
    expect(comment).to_be_focused()
    page.keyboard.type("@бас")
    expect(page.locator("#comment-text-mentions")).to_be_visible()
    page.keyboard.press("Enter")
    expect(comment).to_have_value("@head ")
    page.keyboard.type("қараңызшы")
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("setTimeout(() => location.reload())")
    expect(comment).to_have_value("@head қараңызшы")
    page.wait_for_function("() => true")
    assert asked == ["beforeunload"]
    page.locator("form:has(#comment-text) button").click()
    expect(page.locator("#comments .mention")).to_have_text("Басшыбеков Ғани")
