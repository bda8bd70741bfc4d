"""An analyst edits a passport in a browser: findings at their lines while typing, saving upon a revision, and a strict policy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.cases.design import drafts
from app.domain.people import Actor
from app.gateways.authority import TestAuthority
from tests.clock import HandClock
from tests.conftest import MONDAY_MORNING, new_office
from tests.desk import SERVICE, Desk
from tests.scenarios.test_same_moment import served

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]


@dataclass
class Editing:
    desk: Desk
    analyst: Actor
    draft: str
    page: Page
    address: str
    said: list[str]  # what the browser's console said

    def text(self) -> str:
        return drafts.draft_files(self.desk.office, self.analyst, self.draft).bundle.files["service.yaml"].decode()


@pytest.fixture
def editing(browser: Browser, sqlite_template: Path, authority: TestAuthority, tmp_path: Path) -> Iterator[Editing]:
    shutil.copy(sqlite_template, tmp_path / "rasim.db")
    clock, database = HandClock(MONDAY_MORNING), f"sqlite:///{tmp_path / 'rasim.db'}"
    office = new_office(database, clock, authority)
    desk = Desk(office, clock, authority)
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    try:
        analyst = desk.actor("analyst")
        draft = drafts.open_draft(office, analyst, SERVICE)
        with served(database, desk, authority, tmp_path) as port:
            page, said = context.new_page(), []
            page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
            page.on("pageerror", lambda error: said.append(str(error)))
            page.goto(f"http://127.0.0.1:{port}/sign-in")
            page.locator("form:has(input[name=login][value=analyst]) button").click()
            address = f"http://127.0.0.1:{port}/design/drafts/{draft}/passport"
            page.goto(address)
            yield Editing(desk, analyst, draft, page, address, said)
    finally:
        context.close()
        office.close()


def test_a_mistake_is_shown_at_its_line_while_typing_and_undone(editing: Editing) -> None:
    page, before = editing.page, editing.text()
    editor, line = page.locator(".cm-content"), page.locator("#findings-line")
    expect(line).to_have_attribute("data-checked", "")
    page.locator("[data-line]", has_text="Нысандар").or_(page.locator("[data-line]").first).first.click()
    expect(editor).to_be_focused()
    page.keyboard.press("Control+Home")
    page.keyboard.type("wrong: true\n")
    expect(page.locator("#findings .finding-error").first).to_contain_text("wrong")
    expect(page.locator(".cm-gutter-lint .cm-lint-marker-error").first).to_be_visible()
    page.keyboard.press("Control+s")
    state = page.locator("#passport-state")
    expect(state).to_have_attribute("data-rev", "1")
    assert editing.text() == f"wrong: true\n{before}"
    for _ in range(2):
        page.keyboard.press("Control+z")
    page.keyboard.press("Control+s")
    expect(state).to_have_attribute("data-rev", "2")
    assert editing.text() == before
    assert page.evaluate("getComputedStyle(document.querySelector('.cm-scroller')).display") == "flex", "its styles are in force"
    assert editing.said == [], "nothing is against the content policy"


def test_who_saves_second_keeps_mine_as_a_draft(editing: Editing) -> None:
    page, before = editing.page, editing.text()
    theirs = f"{before}# theirs\n".encode()
    drafts.save_files(editing.desk.office, editing.desk.actor("analyst2"), editing.draft, {"service.yaml": theirs}, rev=0)
    page.locator(".cm-content").click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("# mine\n")
    page.keyboard.press("Control+s")
    expect(page.locator("#passport-conflict")).to_contain_text(editing.desk.actor("analyst2").name)
    with page.expect_navigation():
        page.locator("[data-copy]").click()
    assert page.url != editing.address
    expect(page.locator(".cm-content")).to_contain_text("# mine")
    assert editing.text().encode() == theirs
