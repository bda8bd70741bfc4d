"""The signing desk in a browser, by the keyboard: prepared, opened, cancelled at the signer, signed at the second try."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect
from waitress.server import create_server

from app.bootstrap.demonstration import PASSWORD
from app.gateways.authority import IssuedKey, TestAuthority
from app.gateways.signer import DevelopmentSigner
from app.web import create_app
from tests.clock import HandClock
from tests.desk import Desk
from tests.e2e.conftest import free_port

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.xdist_group("e2e"),
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]


class Consent:
    """What the person says at the signer's window."""

    given = True

    def __call__(self, key: IssuedKey) -> bool:
        return self.given


@pytest.fixture
def consent() -> Consent:
    return Consent()


@pytest.fixture
def address(desk: Desk, authority: TestAuthority, clock: HandClock, consent: Consent) -> Iterator[str]:
    """Where the office serves in this process, a signer beside it; three certificates wait for the head's signature."""
    for login in ("company", "applicant", "company"):
        case = desk.file(login)
        desk.register(case)
        desk.appoint(case)
        desk.find_complete(case)
        desk.find_compliant(case)
        desk.draw_up(case)
    port = free_port()
    signer = DevelopmentSigner(authority, clock, origins=[f"http://127.0.0.1:{port}"], port=0, consents=consent)
    signer.start()
    app = create_app(desk.office, signer_url=signer.address, demonstration_password=PASSWORD)
    server = create_server(app, host="127.0.0.1", port=port)
    Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{port}"
    server.close()
    signer.stop()


@pytest.fixture
def head(browser: Browser, address: str) -> Callable[..., Page]:
    def sit(**context: object) -> Page:
        page = browser.new_context(**context).new_page()  # type: ignore[arg-type]
        page.on("pageerror", lambda error: pytest.fail(f"script error on {page.url}: {error}"))
        page.goto(f"{address}/sign-in")
        page.locator("form:has(input[name=login][value=head]) button").click()
        page.wait_for_url(lambda url: not url.endswith("/sign-in"))
        page.locator("button[name=language][value=en]").first.evaluate("button => button.click()")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.goto(f"{address}/signing")
        return page

    return sit


def test_three_documents_are_prepared_opened_and_signed_by_the_keyboard(head: Callable[..., Page], consent: Consent) -> None:
    page = head()
    rows = page.locator("tr[data-row]")
    expect(rows).to_have_count(3)
    assert rows.locator("[data-chosen]:enabled").count() == 0

    press(page, "Prepare all")
    expect(page.locator("[data-progress-words]")).to_have_text("3 of 3")
    expect(rows.nth(0).locator("[data-state]")).to_have_text("Opened")  # the first opens by itself
    assert rows.locator("[data-chosen]:enabled").count() == 1  # what was only prepared cannot be chosen

    for number in (1, 2):
        page.locator("[data-next]").focus()
        page.keyboard.press("n")
        expect(rows.nth(number).locator("[data-state]")).to_have_text("Opened")
    page.keyboard.press("p")
    expect(page.locator("[data-viewer-title]")).to_contain_text("2 / 3")

    press(page, "Choose all opened")
    consent.given = False
    press(page, "Sign the chosen")
    expect(page.locator("[data-status]")).to_have_text("Signing was cancelled. Nothing was sent.")
    assert rows.locator("[data-chosen]:checked").count() == 3  # nothing is lost

    consent.given = True
    press(page, "Sign the chosen")
    expect(page.locator("[data-status]")).to_have_text("Signed: 3. Not signed: 0.")
    for number in range(3):
        expect(rows.nth(number).locator("[data-state]")).to_have_text("Signed; the case has moved on.")
    page.reload()
    expect(page.get_by_text("Nothing waits for your signature")).to_be_visible()


def press(page: Page, words: str) -> None:
    """The button of these words, by the keyboard."""
    button = page.get_by_role("button", name=words)
    button.focus()
    page.keyboard.press("Enter")
