"""What an applicant does with his own case in the cabinet, and a duty that staff begin: through pages, without scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from app.cases.office import Office
from app.domain.case import CaseStatus
from app.web import create_app
from tests.desk import Desk
from tests.scenarios.hearing import case_at_the_hearing, invite
from tests.web.visitor import Visitor

# One database is enough here: pages know none, and what lies below them is tested on both.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

Sit = Callable[[str], Visitor]


@pytest.fixture
def sit(office: Office) -> Sit:
    """Seats a person, by login, at a browser of his own."""
    app: Flask = create_app(office, signer_url=None)
    return lambda login: Visitor(app, login)


def test_what_is_asked_stands_first_in_the_cabinet_and_is_done_from_there(desk: Desk, sit: Sit, tmp_path: Path) -> None:
    case_id = case_at_the_hearing(desk, tmp_path)
    invite(desk, case_id, "2026-03-05")
    visitor = sit("company")
    page = visitor.opens("/cabinet")
    (address,) = set(page.xpath("//section[@aria-labelledby='asked-title']//a/@href"))
    visitor.opens(address)
    assert "Preliminary decision" in visitor.text and "Earlier steps" not in visitor.text
    visitor.sends("/complete", {"objections.position": "Құжаттар толық", "outcome": "given"})
    assert visitor.path.endswith("/done") and visitor.status == 200
    assert desk.item(case_id, "executor").element.id == "record_hearing"
    assert not visitor.opens("/cabinet").xpath("//section[@aria-labelledby='asked-title']")


def test_an_applicant_has_no_list_of_tasks_and_no_task_of_others(desk: Desk, sit: Sit, tmp_path: Path) -> None:
    case_id = case_at_the_hearing(desk, tmp_path)
    of_staff = desk.item(case_id, "executor").row.id
    visitor = sit("company")
    assert "/tasks" not in visitor.opens("/cabinet").xpath("//nav//a/@href")
    visitor.opens("/tasks")
    assert visitor.status == 403
    visitor.opens(f"/tasks/{of_staff}")
    assert visitor.status == 404


def test_the_case_page_leads_to_what_is_asked(desk: Desk, sit: Sit, tmp_path: Path) -> None:
    case_id = case_at_the_hearing(desk, tmp_path)
    invite(desk, case_id, "2026-03-05")
    page = sit("company").opens(f"/cases/{case_id}")
    assert page.xpath("//section[@aria-labelledby='now-title']//a/text()") == ["Give explanations or objections"]


def test_an_application_is_withdrawn_with_a_reason(desk: Desk, sit: Sit) -> None:
    case_id = desk.file()
    visitor = sit("company")
    visitor.opens(f"/cases/{case_id}")
    visitor.sends("/withdrawal", reason="  ")
    assert visitor.status == 422 and desk.case(case_id).status is CaseStatus.OPEN
    visitor.opens(f"/cases/{case_id}")
    visitor.sends("/withdrawal", reason="Шарт бұзылды")
    assert "The application is withdrawn." in visitor.page.text_content()
    assert desk.case(case_id).status is CaseStatus.WITHDRAWN
    assert not visitor.page.xpath("//form[contains(@action, 'withdrawal')]")
    assert not visitor.opens("/cabinet").xpath("//a[contains(@href, '/result')]")  # nothing was signed


def test_staff_and_others_are_offered_neither_withdrawal_nor_complaint(desk: Desk, sit: Sit) -> None:
    case_id = desk.file()
    page = sit("head").opens(f"/cases/{case_id}")
    assert not page.xpath("//form[contains(@action, 'withdrawal') or contains(@action, 'complaints')]")


def test_a_complaint_begins_from_the_case_with_what_is_known_of_it(desk: Desk, sit: Sit) -> None:
    case_id = desk.file()
    desk.register(case_id)
    number = desk.case(case_id).number
    visitor = sit("company")
    visitor.opens(f"/cases/{case_id}")
    visitor.sends("/complaints", variant="to-provider")
    assert visitor.path.startswith("/applications/")
    assert visitor.value("complaint.about_number") == number


def test_a_duty_is_begun_from_its_service(desk: Desk, sit: Sit) -> None:
    visitor = sit("admin")
    page = visitor.opens("/services/information-duty")
    visitor.opens(page.xpath("//a[starts-with(@href, '/duties/')]/@href")[0])
    visitor.sends("/fishing-vessel-repeated-border-crossing-permit", {"announcement.what": "order"})
    assert visitor.status == 422
    told = {"announcement.order_number": "110/ҚЕ", "announcement.published_on": "2026-03-02", "announcement.summary": "Тәртіп"}
    visitor.sends("/fishing-vessel-repeated-border-crossing-permit", told)
    assert visitor.path.startswith("/cases/") and "Send to the operator of e-government" in visitor.text


def test_nobody_else_is_offered_a_duty(desk: Desk, sit: Sit) -> None:
    visitor = sit("company")
    assert not visitor.opens("/services/information-duty").xpath("//a[starts-with(@href, '/duties/')]")
    visitor.opens("/duties/information-duty/border-strip-entry-pass")
    assert visitor.status == 403
