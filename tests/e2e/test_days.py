"""The day of each role in a browser, by the keyboard alone: one office, one server, one browser for all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.gateways.authority import TestAuthority
from tests.e2e.floor import Floor, opened
from tests.e2e.keyboard import Keyboard

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

Sit = Callable[[str], Keyboard]


@pytest.fixture(scope="module")
def floor(sqlite_template: Path, authority: TestAuthority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    with opened(sqlite_template, authority, tmp_path_factory.mktemp("floor")) as laid:
        yield laid


@pytest.fixture
def sit(browser: Browser, floor: Floor) -> Iterator[Sit]:
    """Somebody signs in, by the keyboard."""
    contexts: list[BrowserContext] = []
    broken: list[str] = []

    def down(login: str) -> Keyboard:
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 900}))
        page = contexts[-1].new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: broken.append(f"{page.url}: {error}"))
        page.goto(f"{floor.address}/sign-in")
        keyboard = Keyboard(page)
        keyboard.follow(page.locator(f"form:has(input[name=login][value={login}]) button"))
        return keyboard

    yield down
    for context in contexts:
        context.close()
    assert not broken


def go(keyboard: Keyboard, address: str) -> Page:
    """Follows a link of the bar."""
    keyboard.follow(keyboard.page.locator(f".bar-nav a[href='{address}']"))
    return keyboard.page


def open_task(keyboard: Keyboard, item: str, tasks: str = "/tasks") -> Page:
    page = go(keyboard, tasks)
    keyboard.follow(page.locator(f"main a[href='{tasks}/{item}']").first)
    return page


def test_the_clerk_registers_what_came_in_and_finds_it_in_the_journal(sit: Sit, floor: Floor) -> None:
    keyboard = sit("clerk")
    page = go(keyboard, "/tasks")
    keyboard.press("j")
    keyboard.look()
    with page.expect_navigation():
        keyboard.press("Enter")
    expect(page.locator("#registration-title")).to_be_visible()
    keyboard.work("registered")
    number = floor.desk.case(floor.filed).number
    assert number
    expect(go(keyboard, "/journal").locator("main table")).to_contain_text(number)


def test_the_head_appoints_whom_the_system_suggests_with_a_resolution(sit: Sit, floor: Floor) -> None:
    keyboard = sit("head")
    page = open_task(keyboard, floor.item(floor.registered, "head"))
    keyboard.enter(page.locator("[data-choose]"))
    suggested = page.locator("input[name='appointment.executor']:checked")
    expect(suggested).to_have_count(1)
    executor = suggested.get_attribute("value")
    keyboard.work("appointed", {"appointment.instruction": "Мерзімінде қараңыз", "appointment.executor": executor})
    (resolution,) = floor.desk.item(floor.registered, "executor2").resolutions
    assert floor.desk.actor("executor2").id == executor  # executor has two tasks, executor2 none
    assert resolution.text == "Мерзімінде қараңыз"


def test_the_head_signs_what_he_has_opened_with_one_use_of_the_key(sit: Sit, floor: Floor) -> None:
    keyboard = sit("head")
    page = go(keyboard, "/signing")
    rows = page.locator("tr[data-row]")
    expect(rows).to_have_count(3)
    keyboard.enter(page.locator("[data-prepare-all]"))
    expect(page.locator("[data-progress-words]")).to_have_text("3 ішінен 3")
    expect(rows.nth(0).locator("[data-state]")).to_contain_text("Ашылды")
    keyboard.enter(page.locator("[data-next]"))
    expect(rows.nth(1).locator("[data-state]")).to_contain_text("Ашылды")
    keyboard.enter(page.locator("[data-choose-opened]"))
    expect(page.locator("[data-chosen-count]")).to_have_text("2")
    keyboard.enter(page.locator("[data-sign-chosen]"))
    expect(page.locator("[data-status]")).to_contain_text("2")
    assert sorted(floor.status(case) for case in floor.to_sign).count("issued") == 2


def test_the_deputy_signs_in_the_heads_place_by_the_order(sit: Sit, floor: Floor) -> None:
    left = next(case for case in floor.to_sign if floor.status(case) != "issued")
    keyboard = sit("deputy")
    page = open_task(keyboard, floor.item(left, "deputy"))
    expect(page.locator("main")).to_contain_text("17-ж")
    if not page.locator("form#signing [data-sign]").count():
        keyboard.follow(page.locator("#signing button"))
    keyboard.enter(page.locator("[data-sign]"))
    expect(page.locator("[data-cms]")).not_to_have_value("")
    keyboard.enter(page.locator("form#signing .form-foot button"))
    page.wait_for_url("**/done")
    assert floor.status(left) == "issued"
    signed = [event for event in floor.desk.case(left).timeline if "17-ж" in str(event)]
    assert signed


def test_the_head_of_department_gives_out_the_work_of_his_department(sit: Sit, floor: Floor) -> None:
    keyboard = sit("depthead")
    open_task(keyboard, floor.item(floor.to_the_department, "depthead"))
    keyboard.work("appointed")
    assert floor.item(floor.to_the_department, "executor")


def test_the_executor_checks_the_set_and_the_requirements_and_draws_up_the_result(sit: Sit, floor: Floor) -> None:
    keyboard = sit("executor")
    open_task(keyboard, floor.item(floor.appointed, "executor"))
    place = "completeness.documents[{}].state"
    there = ("application", "importer_guarantee", "foreign_trade_contract")
    keyboard.work("complete", {place.format(each): "present" for each in there})
    open_task(keyboard, floor.wait_for_item(floor.appointed, "executor"))
    keyboard.work("meets", {f"compliance.{each}": "yes" for each in ("data_true", "requirements_met", "no_court_ban")})
    open_task(keyboard, floor.item(floor.appointed, "executor"))
    keyboard.work("drawn_up")
    assert floor.item(floor.appointed, "head")


def test_the_executor_asks_the_bodies(sit: Sit, floor: Floor) -> None:
    keyboard = sit("executor")
    open_task(keyboard, floor.item(floor.to_ask, "executor"))
    keyboard.work("needed")
    assert len(floor.desk.consultations(floor.to_ask)) == 2


def test_the_expert_concludes_on_the_documents(sit: Sit, floor: Floor) -> None:
    keyboard = sit("expert")
    open_task(keyboard, floor.item(floor.examined, "expert"))
    keyboard.work("clear", {"study.findings": "AES-256 іске асырылған"})
    open_task(keyboard, floor.item(floor.examined, "expert"))
    keyboard.work("drawn_up")
    assert floor.item(floor.examined, "head")


WORDS = "Құпия себеп: шекаралық режим"


@pytest.mark.parametrize(
    ("login", "case", "outcome", "given"),
    [
        ("agency", "asked", "disagree", {"reply.reasons": WORDS, "restricted": "yes"}),
        ("interior", "interior", "agree", {}),
        ("security", "security", "disagree", {"security_reply.reasons": WORDS}),  # for the cleared only without being asked
    ],
)
def test_another_body_reads_what_it_is_shown_and_replies(
    sit: Sit, floor: Floor, login: str, case: str, outcome: str, given: dict[str, str]
) -> None:
    keyboard = sit(login)
    case_id = getattr(floor, case)
    item = floor.item(case_id, login)
    page = open_task(keyboard, item)
    document = page.locator("main a[href^='/documents/'], details.document-fold summary").first
    keyboard.reach(document)
    keyboard.press("f")
    keyboard.work(outcome, given)
    (asked,) = [each for each in floor.desk.consultations(case_id) if each.work_item_id == item]
    assert (asked.reply, asked.restricted) == (outcome, bool(given))
    with floor.desk.office.reading() as uow:
        answers = uow.work.get(item).answers
    assert answers.get("reasons", "") == given.get("reply.reasons", given.get("security_reply.reasons", ""))
    executor = sit("executor").page
    executor.goto(f"{floor.address}/cases/{case_id}")
    said = {"agree": "Қарсылық жоқ", "disagree": "Келісілмеді"}[outcome]
    expect(executor.locator(f"#request-{item}").locator("xpath=..")).to_contain_text(said)
    assert WORDS not in executor.content()


def test_the_supervisor_gives_a_step_to_another_with_a_reason(sit: Sit, floor: Floor) -> None:
    keyboard = sit("deputy")
    page = go(keyboard, "/supervision")
    item = floor.item(floor.to_reassign, "executor")
    keyboard.tick(page.locator(f"#item-{item}"))
    keyboard.tick(page.locator(f"#to-{floor.desk.actor('executor2').id}"))
    keyboard.type(page.locator("#reason"), "Жүктемеге қарай")
    keyboard.follow(page.locator("button:below(#reason)").first)
    keyboard.follow(page.locator("form:has(input[name=give]) button.btn-primary"))
    assert floor.item(floor.to_reassign, "executor2") == item


def test_the_supervisor_mends_a_case_that_came_to_a_halt(sit: Sit, floor: Floor) -> None:
    keyboard = sit("deputy")
    page = go(keyboard, "/incidents")
    keyboard.type(page.locator("input[name=reason]:visible").last, "Апаттан кейін")
    keyboard.press("Tab")
    with page.expect_navigation():
        keyboard.press("Enter")
    assert floor.desk.open_items(floor.halted)


def test_compliance_finds_a_case_and_reads_its_history(sit: Sit, floor: Floor) -> None:
    keyboard = sit("compliance")
    page = go(keyboard, "/cases")
    number = floor.desk.case(floor.issued).number
    keyboard.press("/")
    keyboard.look()
    page.keyboard.type(str(number))
    with page.expect_navigation():
        keyboard.press("Enter")
    keyboard.follow(page.locator(f"main a[href='/cases/{floor.issued}']").first)
    expect(page.locator("main")).to_contain_text("Басшыбеков Ғани")
    assert "compliance" in floor.readers(floor.issued)


def test_the_administrator_enters_a_substitution_and_a_unit(sit: Sit, floor: Floor) -> None:
    keyboard = sit("admin")
    page = go(keyboard, "/people")
    keyboard.pick(page.locator("#absent"), floor.desk.actor("executor").id)
    keyboard.pick(page.locator("#substitute"), floor.desk.actor("executor2").id)
    keyboard.pick(page.locator("#role"), "executor")
    keyboard.type(page.locator("#order_number"), "21-ж")
    for name, typed in (("order_date", "03022026"), ("first_day", "03032026"), ("last_day", "03062026")):
        keyboard.type(page.locator(f"#{name}"), typed)
    keyboard.follow(page.locator(".substitution-send button"))
    expect(page.locator("main")).to_contain_text("21-ж")

    keyboard.follow(page.locator("main a[href='/units']"))
    keyboard.type(page.locator("#code"), "archive")
    for language, name in (("kk", "Мұрағат"), ("ru", "Архив"), ("en", "Archive")):
        keyboard.type(page.locator(f"input[id$='-{language}']:visible").last, name)
    keyboard.follow(page.locator("form[action='/units'] button"))
    expect(page.locator("main")).to_contain_text("Мұрағат")


def test_the_applicant_answers_a_message_and_reads_the_result(sit: Sit, floor: Floor) -> None:
    keyboard = sit("company")
    page = go(keyboard, "/cabinet")
    keyboard.follow(page.locator(f"main a[href='/cases/{floor.appointed}']").first)
    expect(page.locator("main")).to_contain_text("Шарттың көшірмесі қайда?")
    keyboard.type(page.locator("#message-text"), "Қоса берілген файлда.")
    keyboard.follow(page.locator("form:has(#message-text) button"))
    expect(page.locator("main")).to_contain_text("Қоса берілген файлда.")

    page = go(keyboard, "/cabinet")
    result = page.locator(f"a[href='/cases/{floor.issued}/result']").first
    keyboard.reach(result)
    answer = page.request.get(f"{floor.address}/cases/{floor.issued}/result")
    assert answer.headers["content-type"] == "application/pdf"
