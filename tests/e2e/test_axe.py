"""Every page a working day passes through, looked at by axe in light and in dark, and on a screen of 390 px."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from app.gateways.authority import TestAuthority
from tests.desk import SERVICE
from tests.e2e.floor import STRIP, Floor, opened
from tests.scenarios.design.test_publishing import changed_draft, hand_over

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
THEMES = ("light", "dark")


@pytest.fixture(scope="module")
def floor(sqlite_template: Path, authority: TestAuthority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    with opened(sqlite_template, authority, tmp_path_factory.mktemp("floor")) as laid:
        yield laid


def pages_of(floor: Floor) -> dict[str, list[str]]:
    """Addresses by who reads them ("" for nobody yet)."""
    return {
        "": ["/", "/sign-in", "/sign-in/certificate", f"/services/{STRIP}", "/api/v1/"],
        "clerk": ["/tasks", f"/tasks/{floor.item(floor.filed, 'clerk')}", "/journal"],
        "head": [
            "/tasks",
            "/tasks?view=mine",
            f"/tasks/{floor.item(floor.registered, 'head')}",
            f"/tasks/{floor.item(floor.to_sign[0], 'head')}",
            "/signing",
            "/tasks/print",
        ],
        "depthead": [f"/tasks/{floor.item(floor.to_the_department, 'depthead')}", "/supervision"],
        "executor": [
            "/tasks",
            f"/tasks/{floor.item(floor.appointed, 'executor')}",
            f"/tasks/{floor.item(floor.to_ask, 'executor')}",
            f"/cases/{floor.asked}",
            "/deadlines",
            "/notices",
            "/tokens",
        ],
        "expert": [f"/tasks/{floor.item(floor.examined, 'expert')}"],
        "agency": ["/tasks", f"/tasks/{floor.item(floor.asked, 'agency')}", f"/cases/{floor.asked}"],
        "interior": [f"/tasks/{floor.item(floor.interior, 'interior')}"],
        "security": [f"/tasks/{floor.item(floor.security, 'security')}"],
        "deputy": [
            "/tasks",
            "/supervision",
            "/supervision/load",
            "/absences",
            "/incidents",
            "/cases",
            f"/cases/{floor.halted}",
            f"/cases/{floor.appointed}/term",
            "/signing",
        ],
        "compliance": ["/cases", f"/cases/{floor.issued}", "/journal", f"/design/{STRIP}/standing"],
        "admin": [
            "/people",
            f"/people/{floor.desk.actor('executor').id}",
            "/units",
            "/units/numbering",
            f"/units/jurisdiction/{STRIP}",
            "/clock",
        ],
        "analyst2": design_pages(floor),
        "company": ["/cabinet", f"/cases/{floor.issued}", f"/cases/{floor.appointed}", "/notices"],
    }


def design_pages(floor: Floor) -> list[str]:
    """The list, the history, a version, a draft to be approved, and what it changes."""
    draft = changed_draft(floor.desk, "axe")
    hand_over(floor.desk, draft)
    with floor.desk.office.reading() as uow:
        version = uow.processes.newest(SERVICE)
        assert version is not None
    compared = f"/design/compare?old=version:{version.id}&new=draft:{draft}"
    return ["/design", f"/design/{SERVICE}", f"/design/versions/{version.id}", f"/design/drafts/{draft}/approval", compared]


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(floor: Floor, browser: Browser, theme: str) -> None:
    wrong: list[str] = []
    for login, addresses in pages_of(floor).items():
        context = browser.new_context(viewport=WIDE, color_scheme=theme)  # type: ignore[arg-type]
        page = context.new_page()
        if login:
            sign_in(page, floor, login)
        for address in addresses:
            wrong += [f"{login} {address}: {each}" for each in looked_at(page, f"{floor.address}{address}")]
        context.close()
    assert not wrong, "\n".join(wrong)


def sign_in(page: Page, floor: Floor, login: str) -> None:
    page.goto(f"{floor.address}/sign-in")
    page.locator(f"form:has(input[name=login][value={login}]) button").click()
    page.wait_for_url(lambda url: not url.endswith("/sign-in"))


def looked_at(page: Page, address: str) -> Iterator[str]:
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    answer = page.goto(address)
    assert answer is not None
    if answer.status != 200:
        yield f"answers {answer.status}"
    for fold in page.locator("main details:not([open]) > summary").all():
        if not fold.locator("xpath=following-sibling::*//iframe").count() and fold.is_visible():
            fold.click()
    yield from violations(page, "wide")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > NARROW["width"]:
        yield f"{width} px wide on a screen of {NARROW['width']}"
    yield from violations(page, "narrow")


def violations(page: Page, size: str) -> Iterator[str]:
    for each in Axe().run(page, options=WCAG).response["violations"]:
        for node in each["nodes"]:
            yield f"{size}: {each['id']}: {node['target']} {node['html'][:160]} {node['failureSummary'][:200]}"
