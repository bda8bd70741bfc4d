"""An analyst in a browser, from a drawn step to an executor who meets it: drawing, checks, rehearsal, approval, migration."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import func, select

from app.cases.people import set_language
from app.domain.events import EventKind
from app.gateways.authority import TestAuthority
from app.store.tables import Case, HistoryEvent, ProcessVersion, Timer, WorkItem
from tests.clock import HandClock, astana
from tests.conftest import MONDAY_MORNING, new_office
from tests.desk import SERVICE, Desk
from tests.e2e.keyboard import Keyboard
from tests.scenarios.design.many import copies
from tests.scenarios.test_same_moment import served

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

MANY = 1_000
MIGRATED_IN = 240_000
"""Milliseconds the page is waited for at most; how long it takes is measured by the bench."""
STEPS_OF_A_REHEARSAL = 9
SAYS = "1 (бір) жұмыс күнінің қорытындысы бойынша мемлекеттік қызметтерді көрсетудің нәтижесін"
COMPLIANCE_DUE = astana(2026, 3, 6, 18, 30)
"""Found complete on Monday 2 March 2026; 4 working days from then: 3, 4, 5, 6 March, 18:30."""


class Bureau:
    """A server, a thousand cases that wait for the check of compliance, and whoever sits down at a browser."""

    def __init__(self, browser: Browser, desk: Desk, port: int, case_id: str) -> None:
        self.browser, self.desk, self.address, self.case_id = browser, desk, f"http://127.0.0.1:{port}", case_id

    def sits_down(self, login: str) -> Page:
        set_language(self.desk.office, self.desk.actor(login), "en")
        page = self.browser.new_context(viewport={"width": 1600, "height": 950}).new_page()
        page.set_default_timeout(30_000)
        page.goto(f"{self.address}/sign-in")
        page.locator(f"form:has(input[name=login][value={login}]) button").click()
        expect(page.locator(".person")).to_be_visible()
        return page

    def deadlines(self) -> dict[str, object]:
        """When each open step and each running timer falls due."""
        with self.desk.office.reading() as uow:
            items = uow._session.execute(select(WorkItem.id, WorkItem.due_at, WorkItem.opened_at)).all()
            timers = uow._session.execute(select(Timer.id, Timer.due_at, Timer.counted_from)).all()
        return {row[0]: row[1:] for row in [*items, *timers]}

    def versions(self) -> list[str]:
        with self.desk.office.reading() as uow:
            query = select(ProcessVersion.id).where(ProcessVersion.service == SERVICE).order_by(ProcessVersion.number)
            return list(uow._session.scalars(query))

    def cases_at(self, version_id: str) -> int:
        with self.desk.office.reading() as uow:
            query = select(func.count()).select_from(Case).where(Case.version_id == version_id)
            return uow._session.scalar(query) or 0

    def migrated(self) -> list[HistoryEvent]:
        with self.desk.office.reading() as uow:
            query = select(HistoryEvent).where(HistoryEvent.kind == EventKind.CASE_MIGRATED.value)
            return list(uow._session.scalars(query))

    def told(self) -> set[str]:
        with self.desk.office.reading() as uow:
            return {event.kind for event in uow.design.events(SERVICE, limit=100)}


@pytest.fixture
def bureau(browser: Browser, sqlite_template: Path, authority: TestAuthority, tmp_path: Path) -> Iterator[Bureau]:
    shutil.copy(sqlite_template, tmp_path / "rasim.db")
    database, clock = f"sqlite:///{tmp_path / 'rasim.db'}", HandClock(MONDAY_MORNING)
    desk = Desk(new_office(database, clock, authority), clock, authority)
    case_id = desk.file()
    desk.register(case_id)
    desk.appoint(case_id)
    desk.find_complete(case_id)
    copies(desk.office, case_id, MANY - 1)
    with served(database, desk, authority, tmp_path) as port:
        yield Bureau(browser, desk, port, case_id)
    desk.office.close()


def test_a_drawn_step_is_checked_rehearsed_approved_published_and_met_by_an_executor(bureau: Bureau) -> None:
    page = bureau.sits_down("analyst")
    draft = _opens_a_draft(page)
    step = _draws_a_step(page)
    _is_told_of_the_term_and_mends_it(page, draft, step)
    _rehearses(page, draft, step)
    _hands_over(page, draft)
    _another_approves_and_publishes(bureau.sits_down("analyst2"), draft)

    before, (old, new) = bureau.deadlines(), bureau.versions()
    _migrates(page, old, new)
    assert bureau.cases_at(new) == MANY and bureau.cases_at(old) == 0
    assert len(bureau.migrated()) == MANY
    assert bureau.deadlines() == before, "a deadline was restarted"
    assert {
        "draft-opened",
        "draft-checked",
        "draft-approved",
        "version-published",
        "migration-planned",
        "migration-started",
        "migration-done",
    } <= bureau.told()
    _meets_it(bureau, step)


def _opens_a_draft(page: Page) -> str:
    page.goto(re.sub(r"(//[^/]+).*", r"\1/design", page.url))
    page.locator(f"form[action='/design/{SERVICE}/drafts'] button").first.click()
    page.wait_for_url(re.compile(r"/design/drafts/\w+$"))
    expect(page.locator("[data-modeler][data-drawn]")).to_be_attached()
    return page.url


def _entry(page: Page, name: str) -> Locator:
    return page.locator(f'#properties [data-entry-id="{name}"]')


def _change(field: Locator, text: str) -> None:
    field.fill(text)
    field.press("Tab")


def _draws_a_step(page: Page) -> str:
    """A step between “requirements met” and the drawing up of the certificate, with 3 working days; gives its id."""
    page.locator('.djs-palette [data-action="create.user-task"]').click()
    flow = page.locator('.djs-element[data-element-id="requirements_met"] > .djs-hit').first.bounding_box()
    assert flow is not None
    middle = flow["x"] + flow["width"] / 2, flow["y"] + flow["height"] / 2
    page.mouse.move(middle[0] - 60, middle[1] - 40)
    page.mouse.move(*middle, steps=12)
    page.mouse.down()
    page.mouse.up()
    page.keyboard.type("Шарттарды салыстырып тексеру")
    page.keyboard.press("Enter")
    step = page.locator(".djs-element.djs-shape.selected").get_attribute("data-element-id")
    assert step
    for language, name in (("ru", "Сверить условия договора"), ("en", "Compare the terms of the contract")):
        _change(_entry(page, f"label-{language}").locator("textarea"), name)
    _change(_entry(page, "paragraph").locator("input"), "Rules para 9 part 1")
    _change(_entry(page, "limit").locator("input"), "3")
    _entry(page, "role").locator("select").select_option("executor")
    page.locator('[data-group-id="group-outcomes"] .bio-properties-panel-add-entry').click()
    _change(_entry(page, "outcome-0-ref").locator("input"), "compared")
    for language, name in (("kk", "Салыстырылды"), ("ru", "Сверено"), ("en", "Compared")):
        _change(_entry(page, f"outcome-0-{language}").locator("input"), name)
    return step


def _is_told_of_the_term_and_mends_it(page: Page, draft: str, step: str) -> None:
    """2 working days for completeness and 4 for compliance are gone before: with 3 more it is 9 of the 7 there are."""
    expect(page.locator("#findings")).to_contain_text("add up to 9 working days; the term of the service is 7 working days")
    _change(_entry(page, "limit").locator("input"), "1")
    expect(page.locator("#findings")).not_to_contain_text("add up to 9 working days; the term of the service is 7 working days")
    expect(page.locator("#findings")).to_contain_text("The passport's limits have no entry")
    expect(page.locator("#draft-state:not([data-unsaved])")).to_contain_text("saved at")

    page.goto(f"{draft}/passport/lists/limits")
    row = {"element": step, "limit": "1 working-days", "counted_from": "opened", "paragraph": "Rules para 9 part 1", "says": SAYS}
    for name, value in row.items():
        page.locator(f"[name='new.{name}']").fill(value)
    page.locator("button[value=add]").click()
    expect(page.locator(f"input[value='{step}']")).to_be_visible()

    page.goto(draft)
    expect(page.locator("#findings-line")).to_have_text("Nothing is found: it may be handed over.")


def _rehearses(page: Page, draft: str, step: str) -> None:
    """The former rehearsal does not know the step and goes; the new one is played through and kept."""
    page.goto(f"{draft}/rehearsals")
    page.locator("form[action$='/issued-in-time/remove'] button").click()
    expect(page.locator("form[action$='/issued-in-time/remove']")).to_have_count(0)
    page.goto(f"{draft}/rehearsals/new")
    page.locator("form.sheet button.btn-primary").last.click()
    played = set()
    for _ in range(STEPS_OF_A_REHEARSAL):
        doing = page.locator("form[action$='/step']")
        if not doing.count():
            break
        played.add(doing.locator("input[name=step]").get_attribute("value"))
        with page.expect_navigation():
            doing.locator("button[name=outcome]").first.click()
    assert step in played
    expect(page.get_by_text("The case has ended.")).to_be_visible()
    page.locator("#name").fill("with-the-new-step")
    page.locator("#keep-title + p + form #title").fill("Шарттар салыстырылды")
    page.locator("#keep-title + p + form button").click()
    expect(page.locator("main")).to_contain_text("with-the-new-step")


def _hands_over(page: Page, draft: str) -> None:
    page.goto(f"{draft}/approval")
    page.locator("#act").fill("№ 15, 01.03.2026, Rules para 9")
    page.locator("#reason").fill("Шарттар салыстырылсын")
    page.locator("form[action$='/hand-over'] button, section[aria-labelledby=hand-over-title] button").first.click()
    expect(page.locator("main")).to_contain_text("Another analyst, who has not worked on this draft, approves it.")


def _another_approves_and_publishes(page: Page, draft: str) -> None:
    page.goto(f"{draft}/approval")
    page.get_by_role("button", name="Approve these files").click()
    page.get_by_role("button", name="Publish the version").click()
    expect(page.locator("main")).to_contain_text("published")


def _migrates(page: Page, old: str, new: str) -> None:
    page.goto(re.sub(r"(//[^/]+).*", rf"\1/design/{SERVICE}/migrate?old={old}&new={new}", page.url))
    page.locator("#ground").fill("Rules para 9, as amended by order No 15")
    page.locator("#reason").fill("Жаңа редакция")
    page.get_by_role("button", name="Plan and try it on every case").click()
    expect(page.locator("[data-count=ready]")).to_have_text(str(MANY), timeout=MIGRATED_IN)
    page.get_by_role("button", name="Move the cases").click()
    expect(page.locator("[data-count=moved]")).to_have_text(str(MANY), timeout=MIGRATED_IN)


def _meets_it(bureau: Bureau, step: str) -> None:
    """Its day runs from the moment the check of compliance ends: Monday 2 March → Tuesday 3 March, 18:30."""
    (item,) = bureau.desk.open_items(bureau.case_id)
    assert item.due_at == COMPLIANCE_DUE
    page = bureau.sits_down("executor")
    page.goto(f"{bureau.address}/tasks/{item.id}")
    Keyboard(page).work("meets", {f"compliance.{each}": "yes" for each in ("data_true", "requirements_met", "no_court_ban")})
    (met,) = bureau.desk.open_items(bureau.case_id)
    assert (met.element, met.due_at) == (step, astana(2026, 3, 3, 18, 30))
    page.goto(f"{bureau.address}/tasks/{met.id}")
    expect(page.locator("h1")).to_contain_text("Compare the terms of the contract")
    expect(page.get_by_role("button", name="Compared")).to_be_visible()
