"""The guarantee obligation in a browser: one application to its signed certificate, one to its reasoned refusal."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from pypdf import PdfReader

from app.bootstrap.demonstration import END_USER, END_USER_BIN
from tests.desk import PDF, SERVICE, whole_application

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

PRESENT = {
    "completeness.documents[application].state": "present",
    "completeness.documents[importer_guarantee].state": "present",
    "completeness.documents[foreign_trade_contract].state": "present",
    "completeness.documents[end_user_contract].state": "not-needed",
}
ALL_YES = {f"compliance.{name}": "yes" for name in ("data_true", "requirements_met", "no_court_ban", "special_right_kept")}


class Person:
    """Somebody at a browser."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address

    def sign_in(self, login: str) -> None:
        leave = self.page.locator("form[action='/sign-out']")
        if leave.count():
            with self.page.expect_navigation():
                leave.first.evaluate("form => form.requestSubmit()")
        self.page.goto(f"{self.address}/sign-in")
        self.page.locator(f"form:has(input[name=login][value={login}]) button").click()
        self.page.wait_for_url(lambda url: not url.endswith("/sign-in"))
        self.read_english()

    def read_english(self) -> None:
        if self.page.locator("html").get_attribute("lang") != "en":
            with self.page.expect_navigation():
                self.page.locator("button[name=language][value=en]").first.evaluate("button => button.click()")

    def fill(self, name: str, value: object) -> None:
        control = self.page.locator(f'[name="{name}"]')
        kind = control.first.get_attribute("type")
        if kind == "radio":
            self.page.locator(f'[name="{name}"][value="{value}"]').check()
        elif kind == "checkbox":
            self.page.locator(f'[name="{name}"]' if value is True else f'[name="{name}"][value="{value}"]').check()
        elif control.first.evaluate("e => e.tagName") == "SELECT":
            control.select_option(str(value))
        else:
            control.fill(str(value))

    def sign_everything(self) -> None:
        """Presses every Sign button; the signer's own program answers over its socket."""
        self.page.locator("[data-wanted]").first.wait_for()
        for wanted in self.page.locator("[data-wanted]").all():
            self.press_until_signed(wanted)

    def press_until_signed(self, wanted: Locator) -> None:
        """A headless Chromium gives what is pressed on the page to the PDF viewer while that is loading in its frame; a press
        that came to nothing is therefore given again, to the button itself."""
        self.page.wait_for_load_state("load")
        button = wanted.locator("[data-sign]")
        expect(button).to_be_enabled()
        button.click()
        with suppress(AssertionError):
            expect(wanted.locator("[data-cms]")).not_to_have_value("", timeout=10_000)
            return
        button.dispatch_event("click")
        expect(wanted.locator("[data-cms]")).not_to_have_value("")

    def file(self, contract: Path) -> None:
        """Files for a company whose end user is another organisation, which signs the guarantee with a key of its own."""
        end_user = {"f2_end_user": END_USER, "f2_end_user_bin": END_USER_BIN}
        application = whole_application("company", "2026-03-02", **end_user)
        self.page.goto(f"{self.address}/services/{SERVICE}")
        self.page.locator("button[name=variant][value=issue]").click()
        for form, fields in application.items():
            for name, value in fields.items():
                self.fill(f"{form}.{name}", value)
        self.page.set_input_files('[name="documents.foreign_trade_contract"]', contract)
        self.page.locator("button[name=action][value=sign]").click()
        expect(self.page.locator("[data-signing]")).to_be_visible()
        self.sign_everything()
        self.page.locator("form[data-signing] .form-foot button.btn-primary").click()
        self.page.wait_for_url("**/filed")

    def open_task(self, step: str) -> None:
        """Opens the one task of this step (an element's English label)."""
        self.page.goto(f"{self.address}/tasks")
        self.page.get_by_role("link", name=step).first.click()

    def work(self, step: str, outcome: str, answers: Mapping[str, object] = {}) -> None:
        self.open_task(step)
        choice = self.page.locator(f'input[type=radio][name=outcome][value="{outcome}"]')
        if choice.count():
            self.page.locator(f'label[for="{choice.get_attribute("id")}"]').click()
        for name, value in answers.items():
            self.fill(name, value)
        if choice.count():
            self.page.locator("form#work .form-foot button.btn-primary").click()
        else:
            self.page.locator(f'form#work button[name=outcome][value="{outcome}"]').click()
        confirm = self.page.locator("[data-confirm-dialog][open] [data-confirm-yes]")
        if confirm.count():
            confirm.click()
        self.page.wait_for_url("**/done")

    def appoint(self, executor: str) -> None:
        step = "Appoint the responsible executor"
        self.open_task(step)
        chosen = self.page.get_by_role("radio", name=executor).get_attribute("value")
        self.work(step, "appointed", {"appointment.executor": chosen})

    def wait_for_task(self, step: str) -> None:
        """Reloads the task list until the step is there: the state registers answer in the background."""
        for _ in range(60):
            self.page.goto(f"{self.address}/tasks")
            if self.page.get_by_role("link", name=step).count():
                return
            self.page.wait_for_timeout(500)
        pytest.fail(f"no task {step!r} came up")

    def sign(self, step: str) -> None:
        self.open_task(step)
        self.page.locator("#signing").wait_for()
        if not self.page.locator("[data-signing]").count():
            self.page.locator("#signing button").click()
        self.sign_everything()
        self.page.locator("form#signing .form-foot button").click()
        self.page.wait_for_url("**/done")

    def letter(self) -> str:
        """The text of the newest case's result, downloaded from the cabinet."""
        self.page.goto(f"{self.address}/cabinet")
        link = self.page.locator('a[href$="/result"]').first.get_attribute("href")
        answer = self.page.request.get(f"{self.address}{link}")
        assert answer.headers["content-type"] == "application/pdf"
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.body())).pages)


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    path = tmp_path / "contract.pdf"
    path.write_bytes(PDF)
    return path


def someone(browser: Browser, address: str, **context: object) -> Person:
    opened: BrowserContext = browser.new_context(**context)  # type: ignore[arg-type]
    page = opened.new_page()
    page.set_default_timeout(8000)
    page.on("pageerror", lambda error: pytest.fail(f"script error on {page.url}: {error}"))
    person = Person(page, address)
    page.goto(address)
    return person


def to_compliance(person: Person, contract: Path) -> None:
    """Filed, registered, an executor appointed, the set found complete."""
    person.sign_in("company")
    person.file(contract)
    person.sign_in("clerk")
    person.work("Accept and register the documents", "registered")
    person.sign_in("head")
    person.appoint("Орындаушиев Нұрлан")
    person.sign_in("executor")
    person.work("Check that the documents are complete", "complete", PRESENT)
    person.wait_for_task("Check the documents and data against the requirements")


def test_from_filing_to_the_signed_certificate(browser: Browser, address: str, contract: Path) -> None:
    person = someone(browser, address, viewport={"width": 1280, "height": 900})
    to_compliance(person, contract)
    person.work("Check the documents and data against the requirements", "meets", ALL_YES)
    person.work("Draw up the guarantee obligation (certificate)", "drawn_up")
    person.sign_in("head")
    person.sign("Sign the guarantee obligation (certificate)")

    person.sign_in("company")
    person.page.goto(f"{address}/cabinet")
    person.page.locator('a[href^="/cases/"]').first.click()
    expect(person.page.locator("[data-diagram] svg, .bjs-container svg").first).to_be_visible()
    text = person.letter()
    assert "Осциллограф, 4 арналы" in text
    assert "Басшыбеков Ғани" in text


def test_from_filing_to_the_reasoned_refusal_on_a_phone_in_the_dark(browser: Browser, address: str, contract: Path) -> None:
    person = someone(browser, address, viewport={"width": 390, "height": 844}, color_scheme="dark")
    to_compliance(person, contract)
    findings = {**ALL_YES, "compliance.no_court_ban": "no", "compliance.findings": "Сот шешімі заңды күшіне енген"}
    person.work("Check the documents and data against the requirements", "does_not_meet", findings)
    person.work("Draw up the reasoned refusal of the service", "drawn_up", {"reasoned_refusal.grounds": "court-ban"})
    person.sign_in("head")
    person.sign("Sign the reasoned refusal")

    person.sign_in("company")
    person.page.goto(f"{address}/cabinet")
    person.page.locator('a[href^="/cases/"]').first.click()
    assert "Сот шешімі заңды күшіне енген" in person.letter()
    width = person.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390, f"the page is {width} px wide on a screen of 390"
