"""The pages of those who supervise and administer, as their people meet them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.cases.office import Office
from app.web import assigning, create_app
from tests.desk import SERVICE, Desk
from tests.scenarios.drawn import Drawn
from tests.scenarios.test_changing_term import drawn
from tests.scenarios.test_incidents import failed_timer
from tests.scenarios.test_supervision import at_completeness
from tests.web.visitor import Visitor

# One database is enough here: pages know none, and what lies below them is tested on both.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

Sit = Callable[[str], Visitor]


@pytest.fixture
def app(office: Office) -> Flask:
    return create_app(office, signer_url=None)


@pytest.fixture
def sit(app: Flask) -> Sit:
    """Seats a person, by login, at a browser of his own."""
    return lambda login: Visitor(app, login)


ADDRESSES = {
    "/supervision": {"head", "deputy", "depthead"},
    "/supervision/load": {"head", "deputy", "depthead"},
    "/supervision.csv": {"head", "deputy", "depthead"},
    "/absences": {"head", "deputy", "admin"},
    "/people": {"admin"},
    "/units": {"admin"},
    f"/units/jurisdiction/{SERVICE}": {"admin"},
    "/incidents": {"deputy", "admin"},
}
EVERYBODY = ("head", "deputy", "depthead", "admin", "clerk", "executor", "agency", "compliance", "company")


@pytest.mark.parametrize("login", EVERYBODY)
def test_only_those_the_table_allows_reach_a_page(app: Flask, login: str) -> None:
    client = Visitor(app, login).client
    reached = {address for address in ADDRESSES if client.get(address).status_code == 200}
    assert reached == {address for address, people in ADDRESSES.items() if login in people}


# --- Supervision ------------------------------------------------------------------------------------------------------


def test_the_page_says_what_happens_if_nobody_acts(desk: Desk, sit: Sit) -> None:
    at_completeness(desk)
    deputy = sit("deputy")
    deputy.opens("/supervision")
    assert "if nobody acts, breached on 4 March 2026, 18:30" in deputy.text
    deputy.opens("/supervision?view=overdue")
    assert "Nothing is open here" in deputy.text


def test_ticked_steps_are_given_after_a_preview_and_given_back_by_undo(desk: Desk, sit: Sit) -> None:
    case_id = at_completeness(desk)
    item, executor2 = desk.open_items(case_id)[0].id, desk.actor("executor2")
    deputy = sit("deputy")
    deputy.opens("/supervision")
    deputy.sends("/supervision/assign/preview", item=item, to=executor2.id, reason="Жүктеме көп")
    assert "Nothing is changed yet" in deputy.text and executor2.name in deputy.text
    assert desk.item(case_id, "executor").row.mine
    deputy.sends("/supervision/assign")
    assert "1 step was given" in deputy.text
    assert desk.item(case_id, "executor2").row.mine
    deputy.sends("/supervision/assign")  # the page's own undo
    assert "Work given back" in deputy.text
    assert desk.item(case_id, "executor").row.mine


def test_many_steps_go_on_in_turns_and_say_how_far_they_are(desk: Desk, sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assigning, "AT_ONCE", 1)
    cases = [at_completeness(desk) for _ in range(2)]
    items = [desk.open_items(case_id)[0].id for case_id in cases]
    deputy = sit("deputy")
    deputy.opens("/supervision")
    deputy.sends("/supervision/assign/preview", item=items, to=desk.actor("executor2").id, reason="Жүктеме көп")
    deputy.sends("/supervision/assign", give=deputy.page.xpath("//input[@name='give']/@value"))
    assert "1 of 2 steps are done" in deputy.text
    deputy.sends("/supervision/assign")
    assert "2 steps were given" in deputy.text
    assert all(desk.item(case_id, "executor2").row.mine for case_id in cases)


def test_nothing_ticked_or_nobody_chosen_is_told(desk: Desk, sit: Sit) -> None:
    case_id = at_completeness(desk)
    deputy = sit("deputy")
    deputy.opens("/supervision")
    deputy.sends("/supervision/assign/preview", reason="себеп")
    assert (deputy.status, "Tick the steps" in deputy.text) == (422, True)
    deputy.opens("/supervision")
    deputy.sends("/supervision/assign/preview", item=desk.open_items(case_id)[0].id, reason="себеп")
    assert (deputy.status, "Choose to whom" in deputy.text) == (422, True)


def test_the_lists_are_csv_files_too(desk: Desk, sit: Sit) -> None:
    at_completeness(desk)
    deputy = sit("deputy")
    for address, expected in (("/supervision.csv", "4 March 2026, 18:30"), ("/supervision/load.csv", "Орындаушиев")):
        text = deputy.client.get(address).get_data(as_text=True)
        assert expected in text and text.startswith("\ufeff")


# --- The term ---------------------------------------------------------------------------------------------------------


def test_the_head_stops_extends_and_lets_run_on_from_the_page(desk: Desk, sit: Sit) -> None:
    case: Drawn = drawn(desk)
    head = sit("head")
    head.opens(f"/cases/{case.case_id}/term")
    head.sends("/extend", ground="study", days="3", reason="Қосымша зерттеу керек")
    assert "17 March 2026, 18:30" in head.text  # 13, 16, 17
    head.sends("/stop", ground="court", reason="Сот шешімі күтілуде")
    assert "the term stands still" in head.text
    head.sends("/run-on", reason="Шешім келді")
    assert "17 March 2026, 18:30" in head.text
    head.sends("/extend", ground="study", days="99", reason="Өте ұзақ")
    assert (head.status, "at most" in head.text) == (422, True)
    assert "Өте ұзақ" in head.text  # what was typed is kept


def test_a_service_without_grounds_says_so_and_offers_no_form(desk: Desk, sit: Sit) -> None:
    case_id = desk.file()
    head = sit("head")
    head.opens(f"/cases/{case_id}/term")
    assert "lists no ground on which its term may be stopped" in head.text
    assert not [form for form in head.page.forms if "/term/" in (form.get("action") or "")]
    company = sit("company")
    company.opens(f"/cases/{case_id}/term")
    assert company.status == 200 and "Decide about the term" not in company.text


# --- People, absences, units ------------------------------------------------------------------------------------------


def test_a_person_is_moved_and_his_work_is_released_from_the_page(desk: Desk, sit: Sit) -> None:
    case_id = at_completeness(desk)
    admin = sit("admin")
    executor = desk.actor("executor").id
    admin.opens(f"/people/{executor}")
    assert "executor of 1 open case" in admin.text
    admin.sends(f"/people/{executor}", roles="expert")
    assert "Work of 1 case was released" in admin.text
    assert desk.open_items(case_id)[0].owner_id is None


def test_absences_and_units_are_entered_from_their_pages(desk: Desk, sit: Sit) -> None:
    head = sit("head")
    head.opens("/absences")
    head.sends("/absences", person=desk.actor("executor").id, first_day="2026-03-02", last_day="2026-03-06")
    assert "nobody stands in" in head.text
    head.sends("/absences", person=desk.actor("executor").id, first_day="2026-03-06", last_day="2026-03-06")
    assert (head.status, "entered as away already" in head.text) == (422, True)
    admin = sit("admin")
    admin.opens("/units")
    admin.sends("/units", code="legal", name_kk="Заң бөлімі", name_ru="Юридический отдел", name_en="Legal department")
    assert "Legal department" in admin.text
    admin.opens(f"/units/jurisdiction/{SERVICE}")
    legal = admin.page.xpath("string(//option[text()='Legal department']/@value)")
    admin.sends(f"/units/jurisdiction/{SERVICE}", {"chancellery:": legal})
    assert "nobody there holds this role" in admin.text


def test_incidents_are_tried_again_together(desk: Desk, sit: Sit) -> None:
    ids = [failed_timer(desk)[0] for _ in range(2)]
    deputy = sit("deputy")
    deputy.opens("/incidents")
    deputy.sends("/incidents/retry", incident=ids, reason="Сервер қосылды")
    assert "2 steps are tried again" in deputy.text and "Nothing has failed" in deputy.text
    deputy.opens("/incidents?status=resolved")
    assert "resolved by" in deputy.text
