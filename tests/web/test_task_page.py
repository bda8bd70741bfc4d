"""The page of one task: what it says of the step, drafts of each person, what was said, refusing to act, who read what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.cases.office import Office
from app.cases.people import add_person
from app.domain.case import AssignedHow, WorkStatus
from app.domain.people import Role
from app.store.tables import Reading
from app.web import create_app
from tests.clock import HandClock
from tests.desk import Desk
from tests.web.visitor import Visitor

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

Sit = Callable[[str], Visitor]


@pytest.fixture
def app(office: Office) -> Flask:
    return create_app(office, signer_url="ws://127.0.0.1:13579/")


@pytest.fixture
def sit(app: Flask) -> Sit:
    return lambda login: Visitor(app, login)


def task_of(desk: Desk, case_id: str, login: str) -> str:
    return f"/tasks/{desk.item(case_id, login).row.id}"


def at_appointment(desk: Desk) -> str:
    case_id = desk.file()
    desk.register(case_id)
    return case_id


def at_completeness(desk: Desk) -> str:
    case_id = at_appointment(desk)
    desk.appoint(case_id)
    return case_id


def notices_of(desk: Desk, login: str) -> list[str]:
    with desk.office.reading() as uow:
        return [notice.template for notice in uow.notices.of(desk.actor(login).id, offset=0, limit=50)[0]]


def readings(desk: Desk, login: str) -> list[Reading]:
    with desk.office.reading() as uow:
        found = uow._session.scalars(select(Reading).where(Reading.user_id == desk.actor(login).id).order_by(Reading.at))
        return list(found)


# --- What the page says ----------------------------------------------------------------------------------------------


def test_each_outcome_says_what_the_case_then_comes_to(desk: Desk, sit: Sit) -> None:
    case_id = at_completeness(desk)
    page = sit("executor").opens(task_of(desk, case_id, "executor"))
    said = {each.get("for"): " ".join(each.text_content().split()) for each in page.xpath("//label[@for][span[@class='ahead']]")}
    assert "→ Executor: Check the documents and data against the requirements" in said["outcome-complete"]
    assert "→ Executor: Draft the reasoned refusal" in said["outcome-incomplete"]


def test_the_limit_says_what_it_is_counted_from_and_the_acts_words(desk: Desk, sit: Sit) -> None:
    case_id = at_completeness(desk)
    executor = sit("executor")
    executor.opens(task_of(desk, case_id, "executor"))
    assert "2 working days from registration, 2 March 2026, 10:00" in executor.text
    said = desk.case(case_id).passport.limit_at("check_completeness")
    assert said is not None
    assert said.says
    assert said.says in executor.text


def test_other_cases_of_the_applicant_are_listed_by_pages(desk: Desk, sit: Sit) -> None:
    others = [desk.file() for _ in range(6)]
    case_id = desk.file()
    clerk = sit("clerk")
    address = task_of(desk, case_id, "clerk")
    page = clerk.opens(address)
    assert "6 other cases of this applicant" in clerk.text
    first = page.xpath("//details[@id='earlier']//li/a[starts-with(@href,'/cases/')]/@href")
    page = clerk.opens(f"{address}?earlier=2")
    second = page.xpath("//details[@id='earlier']//li/a[starts-with(@href,'/cases/')]/@href")
    assert len(first) == 5
    assert sorted([*first, *second]) == sorted(f"/cases/{each}" for each in others)


# --- Drafts ----------------------------------------------------------------------------------------------------------


def test_a_draft_is_discarded_and_taken_back(desk: Desk, sit: Sit) -> None:
    case_id = at_appointment(desk)
    head = sit("head")
    address = task_of(desk, case_id, "head")
    head.opens(address)
    head.posts(f"{address}/draft", **{"appointment.instruction": "мерзімінде"})
    head.opens(address)
    assert "version 1" in head.text
    head.sends("/draft/discard")
    assert head.page.get_element_by_id("appointment.instruction").value.strip() == ""
    assert "Your draft was discarded." in head.text
    head.sends("/draft/take-back")
    assert head.page.get_element_by_id("appointment.instruction").value.strip() == "мерзімінде"


def test_what_a_second_window_kept_can_be_taken_back(desk: Desk, sit: Sit) -> None:
    case_id = at_appointment(desk)
    head = sit("head")
    address = task_of(desk, case_id, "head")
    head.opens(address)
    head.posts(f"{address}/draft", **{"appointment.instruction": "бірінші", "draft_rev": "0"})
    answer = head.posts(f"{address}/draft", **{"appointment.instruction": "екінші", "draft_rev": "0"})
    assert "Another window of yours had kept version 1" in answer.get_data(as_text=True)
    assert answer.headers["X-Draft-Revision"] == "2"
    head.opens(address)
    head.sends("/draft/take-back")
    assert head.page.get_element_by_id("appointment.instruction").value.strip() == "бірінші"


def test_who_types_at_a_task_another_has_keeps_a_draft_of_his_own(desk: Desk, office: Office, sit: Sit) -> None:
    add_person(office, login="head2", name="Екінші Басшы", password="rasim", roles=[Role.HEAD], unit="provider")
    case_id = at_appointment(desk)
    head, second = sit("head"), sit("head2")
    address = task_of(desk, case_id, "head")
    head.opens(address)
    second.opens(address)
    head.sends("/claim", {"appointment.instruction": "иесінікі"})
    second.sends("/claim", {"appointment.instruction": "екіншінікі"})
    assert second.status == 409
    assert "Басшыбеков Ғани has had this task since 2 March 2026, 10:00" in second.text
    assert "екіншінікі" in second.text
    head.opens(address)
    assert head.page.get_element_by_id("appointment.instruction").value.strip() == "иесінікі"
    assert "екіншінікі" in head.text, "the colleague's draft stands beside one's own"
    head.opens(f"{address}?from={desk.actor('head2').id}")
    assert head.page.get_element_by_id("appointment.instruction").value.strip() == "екіншінікі"


# --- Comments and messages -------------------------------------------------------------------------------------------


def test_a_comment_tells_whom_it_names_and_is_hidden_from_the_applicant(desk: Desk, sit: Sit) -> None:
    case_id = at_completeness(desk)
    executor, head, company = sit("executor"), sit("head"), sit("company")
    executor.opens(task_of(desk, case_id, "executor"))
    executor.sends("/comments", text="@head, қараңызшы <b>")
    assert "Басшыбеков Ғани, қараңызшы <b>" in executor.text
    assert "%(name)s names you in a comment on case %(number)s." in notices_of(desk, "head")
    head.opens(f"/cases/{case_id}")
    assert "қараңызшы" in head.text
    company.opens(f"/cases/{case_id}")
    assert "қараңызшы" not in company.text
    assert "A comment was written" not in company.text
    assert company.posts(f"/cases/{case_id}/comments", text="мен де").status_code == 403


def test_colleagues_are_offered_by_the_beginning_of_a_name_and_no_one_else(desk: Desk, sit: Sit) -> None:
    executor = sit("executor")
    found = executor.client.get("/colleagues?q=басш").get_json()
    assert [each["login"] for each in found] == ["head"]
    assert executor.client.get("/colleagues?q=company").get_json() == []
    assert sit("company").client.get("/colleagues?q=a").status_code == 403


def test_a_message_goes_to_the_applicant_and_his_answer_comes_back(desk: Desk, sit: Sit) -> None:
    case_id = at_completeness(desk)
    executor, company = sit("executor"), sit("company")
    address = task_of(desk, case_id, "executor")
    executor.opens(address)
    executor.sends("/messages", text="Шарттың 2-парағын анықтаңыз")
    assert "You have a message in case %(number)s." in notices_of(desk, "company")
    company.opens("/cabinet")
    assert "1 new message" in company.text
    company.opens(f"/cases/{case_id}")
    assert "Шарттың 2-парағын анықтаңыз" in company.text
    assert "Орындаушиев" not in company.text, "the office writes, not a person"
    company.opens("/cabinet")
    assert "new message" not in company.text, "it was read"
    company.opens(f"/cases/{case_id}")
    company.sends("/messages", text="Анықтадым")
    assert "The applicant has written a message in case %(number)s." in notices_of(desk, "executor")
    executor.opens(address)
    assert "Анықтадым" in executor.text
    assert executor.page.xpath("//*[@id='messages']//span[contains(@class,'mark-calm')]")
    executor.opens(address)
    assert not executor.page.xpath("//*[@id='messages']//span[contains(@class,'mark-calm')]")


def test_a_message_refused_is_not_lost(desk: Desk, sit: Sit) -> None:
    case_id = desk.file()
    desk.to_the_certificate(case_id)
    company = sit("company")
    page = company.opens(f"/cases/{case_id}")
    assert not page.xpath("//form[contains(@action,'/messages')]"), "the case has ended"
    answer = company.posts(f"/cases/{case_id}/messages", text="Тағы бір сұрақ")
    assert answer.status_code == 409
    assert "Тағы бір сұрақ" in answer.get_data(as_text=True)


# --- Refusing to act, and what may not be done -----------------------------------------------------------------------


def test_an_executor_refuses_to_act_and_the_head_is_told(desk: Desk, sit: Sit) -> None:
    case_id = at_completeness(desk)
    item = desk.item(case_id, "executor").row.id
    executor = sit("executor")
    executor.opens(f"/tasks/{item}")
    executor.sends("/decline", why="conflict-of-interest", words="Туысым жұмыс істейді")
    assert desk.events(case_id)[-1] == "work-declined"
    with desk.office.reading() as uow:
        found, last = uow.work.get(item), uow.work.last_assignment(item)
        case = uow.cases.get(case_id)
        assert found is not None and last is not None and case is not None
        assert (found.owner_id, found.status) == (None, WorkStatus.READY)
        assert (last.how, last.why, last.reason) == (AssignedHow.DECLINED, "conflict-of-interest", "Туысым жұмыс істейді")
        assert case.executor_id is None
    for login in ("head", "deputy"):
        assert "%(name)s refuses to act on “%(step)s” of case %(number)s. Somebody else has to be assigned." in notices_of(
            desk, login
        )
    head = sit("head")
    head.opens(f"/cases/{case_id}")
    assert "conflict of interest" in head.text
    assert "Туысым" not in head.text, "what people write stands in no history"


def test_a_refusal_for_another_reason_wants_words_and_only_the_owner_refuses(desk: Desk, sit: Sit) -> None:
    case_id = at_appointment(desk)
    head = sit("head")
    address = task_of(desk, case_id, "head")
    head.opens(address)
    answer = head.posts(f"{address}/decline", why="absence")
    assert answer.status_code == 409
    assert "This task is not yours" in answer.get_data(as_text=True)
    head.sends("/claim")
    head.sends("/decline", why="other", words=" ")
    assert head.status == 422
    assert "Say in words why you refuse to act." in head.text
    head.sends("/decline", why="not-my-jurisdiction")
    assert not desk.item(case_id, "head").row.mine


def test_an_attempt_at_what_one_may_not_do_is_told_once_a_day(desk: Desk, clock: HandClock, sit: Sit) -> None:
    case_id = at_appointment(desk)
    item = desk.item(case_id, "head").row.id
    executor, stranger = sit("executor"), sit("applicant")
    executor.opens("/tasks")
    for _ in range(3):
        assert executor.posts(f"/tasks/{item}/claim").status_code == 403
    assert desk.events(case_id).count("action-refused") == 1
    stranger.opens(f"/cases/{case_id}")
    assert stranger.status == 404
    assert desk.events(case_id).count("action-refused") == 2
    clock.move_to(clock.now() + timedelta(days=1))
    executor.posts(f"/tasks/{item}/claim")
    assert desk.events(case_id).count("action-refused") == 3
    head = sit("head")
    head.opens(f"/cases/{case_id}")
    assert "tried: take the task" in head.text


# --- Who was shown what ----------------------------------------------------------------------------------------------


def test_every_view_of_a_case_a_task_and_a_document_is_kept(desk: Desk, clock: HandClock, sit: Sit) -> None:
    case_id = at_completeness(desk)
    item = desk.item(case_id, "executor").row.id
    document = desk.case(case_id).documents[0]
    executor = sit("executor")
    executor.client.get(f"/tasks/{item}")
    executor.client.get(f"/tasks/{item}")  # at once again: the same view
    executor.client.get(f"/cases/{case_id}")
    executor.client.get(f"/documents/{document.id}")
    clock.move_to(clock.now() + timedelta(minutes=2))
    executor.client.get(f"/tasks/{item}")
    found = readings(desk, "executor")
    assert [(each.work_item_id, each.document_id, each.sha256) for each in found] == [
        (item, None, ""),
        (None, None, ""),
        (None, document.id, document.sha256),
        (item, None, ""),
    ]
    assert {(each.case_id, each.role) for each in found} == {(case_id, "executor")}


def test_whoever_may_not_see_a_case_leaves_no_reading(desk: Desk, sit: Sit) -> None:
    case_id = desk.file()
    stranger = sit("applicant")
    stranger.opens(f"/cases/{case_id}")
    assert readings(desk, "applicant") == []


def test_the_next_task_is_one_key_away(desk: Desk, sit: Sit) -> None:
    first, second = at_completeness(desk), at_completeness(desk)
    answers = dict.fromkeys(("application_present", "importer_guarantee_present", "foreign_trade_contract_present"), "present")
    executor = sit("executor")
    executor.opens(task_of(desk, first, "executor"))
    typed = {f"completeness.{name}": value for name, value in {**answers, "end_user_contract_present": "not-needed"}.items()}
    executor.sends("/complete", typed, outcome="complete")
    link = executor.page.xpath("//a[@data-key='n']")[0]
    assert link.get("href") == task_of(desk, second, "executor")
    assert link.get("data-focus-first") is not None
