"""A table of an application in a browser: rows pasted from a spreadsheet, moved, kept, thousands of them; and its conditions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.desk import SERVICE

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

TABLE = "importer_guarantee.annex_table"
PASTE = """(cell, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A new application of the company, with its table of products open."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.locator("form:has(input[name=login][value=company]) button").click()
    page.goto(f"{address}/services/{SERVICE}")
    page.locator("button[name=variant][value=issue]").click()
    page.locator('[name="importer_guarantee.products"][value=several]').check()
    expect(cell(page, 0, "product")).to_be_visible()
    yield page
    context.close()


def cell(page: Page, row: int, column: str) -> Locator:
    return page.locator(f'[id="{TABLE}[{row}].{column}"]')


def column(page: Page, name: str) -> list[str]:
    """What stands in the rows drawn."""
    return page.locator(f'[id^="{TABLE}["][id$="].{name}"]').evaluate_all("cells => cells.map(cell => cell.value)")


def kept(page: Page) -> None:
    """Keeps the draft by its button, which loads the page anew."""
    with page.expect_navigation():
        page.locator("button.btn[name=action][value=save]").click()


def test_rows_pasted_into_the_middle_keep_what_stands_round_them(page: Page) -> None:
    cell(page, 0, "product").evaluate(PASTE, "Сорғы\t8413810000\r\nКлапан\t8481808190\r\nҚұбыр\t7304110001\r\n")
    assert column(page, "product") == ["Сорғы", "Клапан", "Құбыр"]
    # From the second column of the second row on: quotes round a cell with a line break and with quotes, and an empty cell.
    cell(page, 1, "tnved").evaluate(PASTE, '9030201000\t"3A002\n""a"""\r\n\t5A001\r\n9013800000\tжоқ')
    assert column(page, "product") == ["Сорғы", "Клапан", "Құбыр", ""]
    assert column(page, "tnved") == ["8413810000", "9030201000", "", "9013800000"]
    assert column(page, "control_code")[2:] == ["5A001", "жоқ"]
    kept(page)
    assert column(page, "product") == ["Сорғы", "Клапан", "Құбыр", ""]
    assert column(page, "control_code")[3] == "жоқ"


@pytest.mark.parametrize("name", ['"Альфа" ЖШС\tx', '"Альфа\tx'])
def test_quotes_that_are_part_of_a_name_stay(page: Page, name: str) -> None:
    cell(page, 0, "product").evaluate(PASTE, f"{name}\nБета\ty")
    assert column(page, "product") == [name.partition("\t")[0], "Бета"]


def test_rows_are_moved_and_removed_with_the_keyboard_alone(page: Page) -> None:
    cell(page, 0, "product").evaluate(PASTE, "a\t1\nb\t2\nc\t3")
    cell(page, 0, "product").focus()
    page.keyboard.press("Alt+ArrowDown")
    assert column(page, "product") == ["b", "a", "c"]
    expect(cell(page, 1, "product")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(cell(page, 2, "product")).to_be_focused()
    page.keyboard.press("Enter")  # below the last row a new one begins
    page.keyboard.type("d")
    assert column(page, "product") == ["b", "a", "c", "d"]
    page.locator(f'[value="remove-row:{TABLE}[0]"]').focus()
    page.keyboard.press("Enter")
    assert column(page, "product") == ["a", "c", "d"]
    kept(page)
    assert column(page, "product") == ["a", "c", "d"]


def test_three_thousand_rows_are_pasted_kept_and_a_mistake_in_one_is_found(page: Page) -> None:
    rows = [f"Өнім {number}\t{'12' if number == 2345 else '9030201000'}\t3A002\t1\tдана" for number in range(3000)]
    cell(page, 0, "product").evaluate(PASTE, "\n".join(rows))
    assert len(column(page, "product")) == 100
    assert "Өнім 99" in column(page, "product")
    page.locator("[data-rows-on]").click()
    assert column(page, "product")[0] == "Өнім 100"
    cell(page, 150, "product").fill("Өзгерген өнім")
    with page.expect_navigation():
        page.locator("button[name=action][value=sign]").click()
    wrong = f"{TABLE}[2345].tnved"
    page.locator(f'a[href="#{TABLE}%5B2345%5D.tnved"]').click()
    expect(page.locator(f'[id="{wrong}"]')).to_be_focused()
    expect(page.locator(f'[id="{wrong}-problem"]')).to_be_visible()
    page.locator("[data-rows-back]").click()
    page.evaluate(f"location.hash = '{TABLE}[150].product'")
    expect(cell(page, 150, "product")).to_have_value("Өзгерген өнім")


def test_what_is_asked_for_follows_the_answers_at_once(page: Page) -> None:
    second = page.locator("[data-upload$='end_user_contract']")
    expect(second).to_be_hidden()
    page.locator('[name="application.acts_as_intermediary"][value=yes]').check()
    expect(second).to_be_visible()
