"""The staff's pages as their people meet them: through one client that reads pages and sends their own forms back."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from lxml import html

from app.cases import absences, jobs
from app.cases.office import Office
from app.domain.people import AbsenceKind, Role
from app.gateways.state_registers import NoRegisters
from app.web import create_app
from tests.clock import HandClock
from tests.desk import Desk
from tests.web.visitor import Visitor

# One database is enough here: pages know none, and what lies below them is tested on both.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

Sit = Callable[[str], Visitor]


@pytest.fixture
def app(office: Office) -> Flask:
    return create_app(office, signer_url="ws://127.0.0.1:13579/")


@pytest.fixture
def sit(app: Flask) -> Sit:
    """Seats a person, by login, at a browser of his own."""
    return lambda login: Visitor(app, login)


def item_of(desk: Desk, case_id: str, login: str) -> str:
    return f"/tasks/{desk.item(case_id, login).row.id}"


def at_completeness(desk: Desk, login: str = "company") -> str:
    case_id = desk.file(login)
    desk.register(case_id)
    desk.appoint(case_id)
    return case_id


PRESENT = {
    "completeness.documents[application].state": "present",
    "completeness.documents[importer_guarantee].state": "present",
    "completeness.documents[foreign_trade_contract].state": "absent",
    "completeness.documents[end_user_contract].state": "not-needed",
}


# --- The list ------------------------------------------------------------------------------------------------------


def test_the_inbox_begins_with_what_falls_due_first(desk: Desk, clock: HandClock, sit: Sit) -> None:
    later = desk.file("applicant")
    desk.register(later)
    desk.appoint(later)
    desk.find_complete(later)  # its next term is 4 working days
    sooner = at_completeness(desk)  # its term is 2 working days
    page = sit("executor").opens("/tasks")
    links = page.xpath("//tbody//th//a/@href")
    assert links == [item_of(desk, sooner, "executor"), item_of(desk, later, "executor")]


def test_the_inbox_says_working_time_left_in_words(desk: Desk, sit: Sit) -> None:
    # Registered Monday 2 March 10:00, due by closing on Wednesday 4 March. Open 09:00-18:30 without 13:00-14:30:
    # Monday 3 h + 4 h, Tuesday 8 h, Wednesday 8 h = 23 h.
    at_completeness(desk)
    executor = sit("executor")
    executor.opens("/tasks")
    assert "4 March 2026, 18:30" in executor.text
    assert "23 h of working time left" in executor.text
    assert "Rules, para 8, part 1" in executor.text


def test_an_overdue_task_says_so_in_words_and_is_counted(desk: Desk, sit: Sit) -> None:
    at_completeness(desk)
    desk.wait_until(datetime(2026, 3, 5, 5, 0, tzinfo=UTC))  # Thursday 10:00, one working hour after Wednesday's closing
    executor = sit("executor")
    executor.opens("/tasks")
    assert "overdue by 1 h" in executor.text
    assert "overdue: 1" in executor.text
    assert "the superior was told" in executor.text


def test_a_search_finds_by_applicant_and_by_number(desk: Desk, sit: Sit) -> None:
    mine, other = at_completeness(desk), at_completeness(desk, "applicant")
    executor = sit("executor")
    page = executor.opens("/tasks?q=" + desk.case(mine).number)
    assert page.xpath("//tbody//th//a/@href") == [item_of(desk, mine, "executor")]
    page = executor.opens("/tasks?q=Үлгібаев")
    assert page.xpath("//tbody//th//a/@href") == [item_of(desk, other, "executor")]
    assert "q=%D2%AE" in page.xpath("//ul[contains(@class,'nav-tabs')]//a/@href")[0], "a tab keeps the search"
    executor.opens("/tasks?q=nobody")
    assert "Nothing found" in executor.text


def test_a_task_is_taken_and_given_back_with_one_click_each(desk: Desk, sit: Sit) -> None:
    case_id = desk.file()
    clerk = sit("clerk")
    clerk.opens("/tasks")
    clerk.sends("/claim")
    assert desk.item(case_id, "clerk").row.mine
    clerk.opens("/tasks?view=mine")
    assert "You" in clerk.text
    clerk.sends("/release")
    assert not desk.item(case_id, "clerk").row.mine
    assert "You hold no tasks" in clerk.text


def test_an_executor_is_not_offered_to_give_an_appointment_back(desk: Desk, sit: Sit) -> None:
    case_id = at_completeness(desk)
    page = sit("executor").opens(item_of(desk, case_id, "executor"))
    assert not page.xpath("//form[contains(@action, '/release')]")


# --- One task ------------------------------------------------------------------------------------------------------


def test_a_task_says_its_paragraph_and_its_prescribed_term(desk: Desk, sit: Sit) -> None:
    case_id = at_completeness(desk)
    executor = sit("executor")
    executor.opens(item_of(desk, case_id, "executor"))
    assert "Rules, para 8, part 1" in executor.text
    assert "2 working days" in executor.text
    assert "Қазақстан, Астана қ., Мәңгілік Ел даңғылы, 8" in executor.text, "the application stands beside the form"


def test_an_executor_is_offered_with_workload_and_absence(desk: Desk, clock: HandClock, sit: Sit) -> None:
    at_completeness(desk)
    today = clock.now().date()
    desk.substitute(absent="executor2", by="executor", role=Role.EXECUTOR, first=today, last=today)
    case_id = desk.file("applicant")
    desk.register(case_id)
    page = sit("head").opens(item_of(desk, case_id, "head"))
    cards = [" ".join(card.text_content().split()) for card in page.find_class("choice-card")]
    (present,) = [card for card in cards if card.startswith("Орындаушиев Нұрлан")]
    assert "1 open task" in present
    assert "absent" not in present
    (away,) = [card for card in cards if card.startswith("Сарапшина Һәдия")]
    assert "absent until" in away
    assert "Орындаушиев Нұрлан stands in until" in away


def test_a_field_left_out_is_named_and_what_was_typed_stays(desk: Desk, sit: Sit) -> None:
    case_id = desk.file()
    desk.register(case_id)
    head = sit("head")
    head.opens(item_of(desk, case_id, "head"))
    head.sends("/complete", {"appointment.instruction": "Мерзімінде"}, outcome="appointed")
    assert head.status == 422
    assert head.page.xpath("//a[@href='#appointment.executor']")
    assert head.page.get_element_by_id("appointment.instruction").value.strip() == "Мерзімінде"


def test_a_step_without_a_chosen_outcome_is_not_finished(desk: Desk, sit: Sit) -> None:
    case_id = at_completeness(desk)
    executor = sit("executor")
    executor.opens(item_of(desk, case_id, "executor"))
    executor.sends("/complete", PRESENT)
    assert executor.status == 422
    assert "Choose how the step ends." in executor.text
    assert executor.page.xpath("//input[@id='completeness.documents[application]-present']/@checked")


def test_an_outcome_against_the_applicant_is_asked_about_first(desk: Desk, sit: Sit) -> None:
    case_id = at_completeness(desk)
    executor = sit("executor")
    address = item_of(desk, case_id, "executor")
    executor.opens(address)
    typed = {**PRESENT, "completeness.missing": "Шарттың 2-парағы"}
    executor.sends("/complete", typed, outcome="incomplete")
    assert "Finish the step with “The set is not complete”?" in executor.text
    assert item_of(desk, case_id, "executor") == address, "nothing has moved yet"
    executor.sends("/complete", typed, outcome="incomplete", confirmed="incomplete")
    assert executor.status == 200
    assert "The case now waits for Draft the reasoned refusal" in executor.text, "the page says what the case waits for now"
    assert desk.item(case_id, "executor").draft["rationale"] == "Шарттың 2-парағы"


def test_grounds_stand_with_their_wording_and_place(desk: Desk, sit: Sit) -> None:
    case_id = at_completeness(desk)
    desk.work(case_id, "executor", "incomplete", desk.documents(case_id, foreign_trade_contract="absent"))
    page = sit("executor").opens(item_of(desk, case_id, "executor"))
    ground = desk.case(case_id).passport.ground("incomplete-set")
    card = " ".join(page.find_class("choice-card")[0].text_content().split())
    assert ground.wording.en in card
    assert "Rules, para 8" in card


def test_what_is_typed_is_kept_as_a_draft(desk: Desk, sit: Sit) -> None:
    case_id = desk.file()
    desk.register(case_id)
    head = sit("head")
    address = head.opens(item_of(desk, case_id, "head")).get_element_by_id("work").get("data-autosave")
    response = head.posts(address, **{"appointment.instruction": "жартылай"})
    assert response.get_data(as_text=True) == "Kept at 10:00, version 1."
    assert desk.item(case_id, "head").draft["instruction"] == "жартылай"


def test_a_second_click_changes_nothing_and_is_told_calmly(desk: Desk, sit: Sit) -> None:
    case_id = desk.file()
    clerk = sit("clerk")
    seen = clerk.opens(item_of(desk, case_id, "clerk"))
    clerk.sends("/complete", outcome="registered")
    before = desk.events(case_id)
    clerk.page = seen
    clerk.sends("/complete", {"registration.note": "екінші рет"}, outcome="registered")
    assert clerk.status == 409
    assert "Nothing was changed." in clerk.text
    assert "екінші рет" in clerk.text, "what was typed can still be copied"
    assert desk.events(case_id) == before


def test_a_stale_page_comes_back_fresh_with_what_was_typed(desk: Desk, sit: Sit) -> None:
    case_id = desk.file()
    clerk = sit("clerk")
    seen = clerk.opens(item_of(desk, case_id, "clerk"))
    clerk.sends("/claim")  # in another tab: the first page is now out of date
    clerk.page = seen
    clerk.sends("/complete", {"registration.note": "ескі бет"}, outcome="registered")
    assert clerk.status == 409
    assert clerk.page.get_element_by_id("registration.note").value.strip() == "ескі бет"
    clerk.sends("/complete", outcome="registered")
    assert clerk.status == 200
    assert desk.item(case_id, "head").row.step.en == "Appoint the responsible executor"


def test_the_head_signs_the_very_bytes_that_were_shown(desk: Desk, office: Office, sit: Sit) -> None:
    case_id = at_completeness(desk)
    desk.find_complete(case_id)
    desk.find_compliant(case_id)
    desk.draw_up(case_id)
    head, actor = sit("head"), desk.actor("head")
    head.opens(item_of(desk, case_id, "head"))
    head.sends("/prepare")
    shown = head.client.get(head.page.xpath("//*[@data-wanted]/@data-document")[0]).data
    assert shown.startswith(b"%PDF-")
    cms = desk.key(actor.iin, actor.bin).sign(shown, office.clock.now())
    place = head.page.xpath("//input[@data-cms]/@name")[0]
    head.sends("/complete", {place: b64encode(cms).decode()})  # the signing form stands first
    assert head.status == 200, head.text
    assert desk.case(case_id).status.value == "issued"


def test_signing_without_a_signature_is_refused_with_its_reason(desk: Desk, sit: Sit) -> None:
    case_id = at_completeness(desk)
    desk.find_complete(case_id)
    desk.find_compliant(case_id)
    desk.draw_up(case_id)
    head = sit("head")
    head.opens(item_of(desk, case_id, "head"))
    head.sends("/prepare")
    head.client.get(head.page.xpath("string(//iframe/@src)"))  # what a browser does with a document in a frame
    head.sends("/complete")
    assert head.status == 422
    assert "is not signed yet by" in head.text


def test_a_substitute_is_told_for_whom_and_by_which_order(desk: Desk, clock: HandClock, sit: Sit) -> None:
    case_id = desk.file()
    desk.register(case_id)
    today = clock.now().date()
    desk.substitute(absent="head", by="deputy", role=Role.HEAD, first=today, last=today, order="42-ж")
    deputy = sit("deputy")
    deputy.opens(item_of(desk, case_id, "deputy"))
    assert "You act for Басшыбеков Ғани" in deputy.text
    assert "No. 42-ж" in deputy.text
    deputy.opens("/tasks")
    assert "for Басшыбеков Ғани" in deputy.text


# --- The case ------------------------------------------------------------------------------------------------------


def marks_of(page: html.HtmlElement) -> dict[str, str]:
    return {each["element"]: each["mark"] for each in json.loads(page.get_element_by_id("diagram").get("data-marks"))}


def test_the_diagram_marks_what_is_done_waited_for_and_overdue(desk: Desk, sit: Sit) -> None:
    case_id = at_completeness(desk)
    head = sit("head")
    marks = marks_of(head.opens(f"/cases/{case_id}"))
    assert (marks["register_application"], marks["check_completeness"]) == ("done", "waiting")
    desk.wait_until(datetime(2026, 3, 5, 5, 0, tzinfo=UTC))
    assert marks_of(head.opens(f"/cases/{case_id}"))["check_completeness"] == "overdue"


def test_the_diagram_is_the_one_of_the_cases_version(desk: Desk, sit: Sit) -> None:
    case_id = desk.file()
    head = sit("head")
    address = head.opens(f"/cases/{case_id}").get_element_by_id("diagram").get("data-diagram")
    answer = head.client.get(address)
    assert answer.mimetype == "application/xml"
    assert b'id="check_completeness"' in answer.data


def test_an_applicant_sees_roles_where_staff_see_names(desk: Desk, sit: Sit) -> None:
    case_id = at_completeness(desk)
    applicant, head = sit("company"), sit("head")
    applicant.opens(f"/cases/{case_id}")
    head.opens(f"/cases/{case_id}")
    for name in ("Тіркеуова", "Басшыбеков", "Орындаушиев"):
        assert name in head.text
        assert name not in applicant.text
    assert "Chancellery clerk" in applicant.text
    assert "The application was registered" in applicant.text


def test_a_stranger_is_not_told_that_a_case_exists(desk: Desk, sit: Sit) -> None:
    case_id = desk.file("company")
    stranger = sit("applicant")
    stranger.opens(f"/cases/{case_id}")
    assert stranger.status == 404
    assert stranger.client.get(f"/cases/{case_id}/diagram").status_code == 404


def test_the_end_of_a_case_says_the_decision_and_whether_it_was_in_time(desk: Desk, sit: Sit) -> None:
    case_id = desk.file()
    desk.to_the_certificate(case_id)
    head = sit("head")
    head.opens(f"/cases/{case_id}")
    assert "issued" in head.text
    assert "in time" in head.text
    assert "simulated" in head.text, "the registers' answers are marked"


def test_staff_find_cases_by_status(desk: Desk, sit: Sit) -> None:
    ended, running = desk.file(), desk.file("applicant")
    desk.to_the_certificate(ended)
    compliance = sit("compliance")
    assert compliance.opens("/cases?status=issued").xpath("//table//th/a/@href") == [f"/cases/{ended}"]
    assert compliance.opens("/cases?status=open").xpath("//table//th/a/@href") == [f"/cases/{running}"]


# --- Deadlines, clock, people, incidents ---------------------------------------------------------------------------


def test_the_deadline_page_begins_with_the_earliest(desk: Desk, sit: Sit) -> None:
    at_completeness(desk)
    head = sit("head")
    rows = head.opens("/deadlines").xpath("//tbody/tr")
    assert "Reminder of a step" in rows[0].text_content()
    assert "4 March 2026, 18:30" in rows[1].text_content()
    assert "Deadline of a step" in rows[1].text_content()


def test_a_jump_to_the_next_term_says_what_fired(desk: Desk, clock: HandClock, sit: Sit) -> None:
    at_completeness(desk)
    head = sit("head")
    head.opens("/clock")
    head.sends("/clock", jump="next")
    assert "1 term fired" in head.text
    assert "Reminder of a step" in head.text
    head.opens("/clock")
    assert "term fired" not in head.text, "told once"


def test_a_working_day_is_jumped_over_the_weekend(desk: Desk, clock: HandClock, sit: Sit) -> None:
    clock.move_to(datetime(2026, 3, 13, 5, 0, tzinfo=UTC))  # Friday 13 March 10:00; Monday the 16th is worked
    head = sit("head")
    head.opens("/clock")
    head.sends("/clock", jump="working-day")
    assert clock.now() == datetime(2026, 3, 16, 5, 0, tzinfo=UTC)


def test_the_clock_does_not_go_back(desk: Desk, clock: HandClock, sit: Sit) -> None:
    head = sit("head")
    head.opens("/clock")
    before = clock.now()
    head.sends("/clock", to="2026-03-01T10:00")
    assert head.status == 422
    assert clock.now() == before


def test_there_is_no_clock_page_in_production(office: Office) -> None:
    production = replace(office, settings=replace(office.settings, demonstration=False))
    head = Visitor(create_app(production, signer_url=None), "head")
    head.opens("/clock")
    assert head.status == 404


def test_a_wrong_substitution_keeps_what_was_typed(desk: Desk, sit: Sit) -> None:
    admin = sit("admin")
    admin.opens("/people")
    typed = {
        "absent": desk.actor("head").id,
        "substitute": desk.actor("deputy").id,
        "role": "head",
        "order_number": "9-ж",
        "order_date": "2026-03-02",
        "first_day": "2026-03-05",
        "last_day": "2026-03-04",
    }
    admin.sends("/people/substitutions", typed)
    assert admin.status == 422
    assert "lies before the first" in admin.text
    assert admin.page.get_element_by_id("order_number").value == "9-ж"
    admin.sends("/people/substitutions", last_day="2026-03-06")
    assert admin.status == 200
    assert desk.actor("deputy").substitutions == (), "not before its first day"
    assert "№ 9-ж" in admin.text


def test_whoever_is_away_is_marked_where_a_substitution_is_entered(desk: Desk, sit: Sit) -> None:
    days = {"first_day": desk.office.today(), "last_day": desk.office.today() + timedelta(days=4)}
    absences.enter_absence(desk.office, desk.actor("admin"), person_id=desk.actor("executor2").id, kind=AbsenceKind.LEAVE, **days)
    later = {"first_day": days["last_day"] + timedelta(days=1), "last_day": days["last_day"] + timedelta(days=2)}
    absences.enter_absence(desk.office, desk.actor("admin"), person_id=desk.actor("clerk").id, kind=AbsenceKind.LEAVE, **later)
    admin = sit("admin")
    admin.opens("/people")
    for name in ("absent", "substitute"):
        marked = [o for o in admin.page.get_element_by_id(name).xpath("option") if "away until" in o.text]
        assert [o.get("value") for o in marked] == [desk.actor("executor2").id]
        assert "(away until 6 March 2026)" in marked[0].text


def test_an_incident_shows_the_real_error_and_wants_a_reason(desk: Desk, clock: HandClock, office: Office, sit: Sit) -> None:
    case_id = at_completeness(desk)
    desk.work(case_id, "executor", "complete")
    without_registers = replace(office, registers=NoRegisters())
    for _ in range(jobs.MOST_ATTEMPTS):
        jobs.run_jobs(without_registers)
        clock.move_to(clock.now() + timedelta(hours=1))  # longer than any pause between attempts
    deputy = sit("deputy")
    deputy.opens("/incidents")
    assert "No e-government gateway is configured" in deputy.text
    deputy.sends("/retry", reason=" ")
    assert deputy.status == 422
    deputy.opens("/incidents")
    deputy.sends("/retry", reason="Шлюз қосылды")
    assert deputy.status == 200
    desk.answer_jobs()
    assert desk.item(case_id, "executor").row.step.en == "Check the documents and data against the requirements"


# --- Who may -----------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/tasks", "/cases", "/deadlines", "/incidents", "/people", "/clock"])
def test_an_applicant_may_not_open_the_staffs_pages(address: str, sit: Sit) -> None:
    applicant = sit("company")
    applicant.opens(address)
    assert applicant.status == 403
