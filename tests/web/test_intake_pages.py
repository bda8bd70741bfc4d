"""The pages of registration, appointment and completeness, and the journal's exports, without scripts."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from flask import Flask

from app.cases.office import Office
from app.web import create_app
from app.web.sheets import SEPARATOR
from tests.desk import Desk
from tests.web.visitor import Visitor

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

Sit = Callable[[str], Visitor]


@pytest.fixture
def app(office: Office) -> Flask:
    return create_app(office, signer_url=None)


@pytest.fixture
def sit(app: Flask) -> Sit:
    return lambda login: Visitor(app, login)


def at_the_check(desk: Desk) -> str:
    case_id = desk.file()
    desk.register(case_id)
    desk.appoint(case_id)
    return case_id


def test_what_is_lacking_is_named_at_its_document_and_in_the_summary_and_nothing_typed_is_lost(desk: Desk, sit: Sit) -> None:
    case_id, executor = at_the_check(desk), sit("executor")
    executor.opens(f"/tasks/{desk.item(case_id, 'executor').row.id}")
    place = "completeness.documents[foreign_trade_contract]"
    assert executor.page.xpath(f"//li[@id='{place}']//a[text()='contract.pdf']"), "the file opens beside its line"
    executor.sends("/complete", {f"{place}.state": "present", f"{place}.expires_on": "2026-03-01"}, outcome="complete")
    assert executor.status == 422
    assert executor.page.xpath("//a[@href='#completeness.documents%5Bforeign_trade_contract%5D']")
    assert "ended before the registration" in executor.text
    assert executor.page.xpath(f"//input[@name='{place}.expires_on']/@value") == ["2026-03-01"]


def test_the_suggested_executor_is_chosen_by_one_button_that_needs_no_script(desk: Desk, sit: Sit) -> None:
    at_the_check(desk)
    case_id = desk.file()
    desk.register(case_id)
    head = sit("head")
    head.opens(f"/tasks/{desk.item(case_id, 'head').row.id}")
    (button,) = head.page.xpath("//button[@data-choose]")
    assert "Сарапшина Һәдия" in button.text_content()
    head.sends("/complete", {"appointment.instruction": "Мерзімінде"}, action=button.get("value"))
    assert head.page.xpath("//input[@name='appointment.executor'][@checked]/@value") == [desk.actor("executor2").id]
    head.sends("/complete", outcome="appointed")
    assert desk.item(case_id, "executor2").resolutions[0].text == "Мерзімінде"


@pytest.mark.parametrize(("typed", "shown"), [("  \n ", []), ("Мерзімінде", ["Мерзімінде"])])
def test_a_resolution_is_shown_where_there_is_one_and_no_empty_box(desk: Desk, sit: Sit, typed: str, shown: list[str]) -> None:
    case_id = desk.file()
    desk.register(case_id)
    head, executor = sit("head"), sit("executor")
    head.opens(f"/tasks/{desk.item(case_id, 'head').row.id}")
    chosen = {"appointment.instruction": typed, "appointment.executor": desk.actor("executor").id}
    head.sends("/complete", chosen, outcome="appointed")
    executor.opens(f"/tasks/{desk.item(case_id, 'executor').row.id}")
    assert executor.page.xpath("//*[contains(@class, 'resolution')]/blockquote/text()") == shown
    assert len(executor.page.xpath("//*[contains(@class, 'resolution')]")) == len(shown)


def test_the_journal_is_shown_printed_and_given_out(desk: Desk, sit: Sit) -> None:
    desk.register(desk.file())
    clerk = sit("clerk")
    clerk.opens("/journal?first=2026-03-01&last=2026-03-31")
    assert "2026-00001" in clerk.text
    text = clerk.client.get("/journal.csv").get_data().decode("utf-8-sig")
    rows = list(csv.reader(StringIO(text), delimiter=SEPARATOR))
    assert [row[0] for row in rows] == ["Number", "2026-00001"]
    assert clerk.client.get("/journal.pdf").data.startswith(b"%PDF-")
    with clerk.client.get("/journal.xlsx") as answer, ZipFile(BytesIO(answer.data)) as book:  # closing it closes the file
        assert "2026-00001" in book.read("xl/worksheets/sheet1.xml").decode()
    clerk.opens("/journal?first=2026-02-30")
    assert clerk.status == 422
    assert clerk.opens("/journal?status=refused") is not None
    assert "Nothing was registered" in clerk.text
    assert sit("executor").client.get("/journal.csv").status_code == 403
