"""What is asked twice is done once; what was changed meanwhile is not overwritten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.cases import repeating, viewing
from app.store.tables import ApiReceipt
from tests.desk import Desk
from tests.store.test_constant_cost import statements
from tests.threads import at_once
from tests.web.api.program import Program
from tests.web.api.test_access import refused

Programs = Callable[..., Program]
KEY = "b1e0-1"
MANY = 8


@pytest.fixture
def filing(program: Programs) -> tuple[Program, str, dict[str, Any]]:
    """A company's program, the address to file a whole application at, and the body to send."""
    company = program("company")
    application = company.drafts()
    documents = company.posts(f"/applications/{application}/prepare")["documents"]
    return company, f"/applications/{application}/file", {"signatures": company.signatures(documents)}


def test_filing_again_with_the_same_key_gives_the_same_answer_and_no_second_case(
    filing: tuple[Program, str, dict[str, Any]], desk: Desk
) -> None:
    company, address, body = filing
    first = company.posts(address, body, 201, Idempotency_Key=KEY)
    desk.register(first["case"])  # the case moves on meanwhile
    assert company.posts(address, body, 201, Idempotency_Key=KEY) == first
    assert desk.events(first["case"]).count("application-filed") == 1


def test_filing_again_without_a_key_is_declined(filing: tuple[Program, str, dict[str, Any]]) -> None:
    company, address, body = filing
    company.posts(address, body, 201)
    company.posts(address, body, 409)


def test_of_many_who_file_with_one_key_at_one_moment_all_get_one_answer(
    filing: tuple[Program, str, dict[str, Any]], desk: Desk
) -> None:
    company, address, body = filing
    answers = at_once([lambda: company.posts(address, body, 201, Idempotency_Key=KEY)] * MANY)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert all(answer == answers[0] for answer in answers)
    assert desk.events(answers[0]["case"]).count("application-filed") == 1


def test_a_key_that_came_with_another_request_is_refused(filing: tuple[Program, str, dict[str, Any]]) -> None:
    company, address, body = filing
    company.posts(address, body, 201, Idempotency_Key=KEY)
    told = company.posts(address, {"signatures": []}, 422, Idempotency_Key=KEY)
    assert told["detail"] == "The idempotency key “b1e0-1” was used for another request."


def test_a_request_that_failed_may_be_sent_again_with_its_key_mended(filing: tuple[Program, str, dict[str, Any]]) -> None:
    company, address, body = filing
    company.posts(address, {"signatures": []}, 422, Idempotency_Key=KEY)
    company.posts(address, body, 201, Idempotency_Key=KEY)


def test_one_persons_key_is_not_anothers(filing: tuple[Program, str, dict[str, Any]], program: Programs, desk: Desk) -> None:
    company, address, body = filing
    case = company.posts(address, body, 201, Idempotency_Key=KEY)["case"]
    clerk = program("clerk")
    task = clerk.task(case)
    told = clerk.posts(f"/tasks/{task['row']['id']}/complete", {"rev": task["rev"], "outcome": "registered"}, Idempotency_Key=KEY)
    assert told == {"id": task["row"]["id"], "case": case, "outcome": "registered"}
    assert desk.case(case).number


def test_completing_again_with_the_same_key_moves_the_case_once(program: Programs, desk: Desk) -> None:
    case = desk.file()
    clerk = program("clerk")
    task = clerk.task(case)
    address, body = f"/tasks/{task['row']['id']}/complete", {"rev": task["rev"], "outcome": "registered"}
    answers = at_once([lambda: clerk.posts(address, body, Idempotency_Key=KEY)] * MANY)
    assert answers == [{"id": task["row"]["id"], "case": case, "outcome": "registered"}] * MANY
    assert desk.events(case).count("work-completed") == 1
    assert clerk.posts(address, body, 409, Idempotency_Key="another")["type"] == "urn:rasim:problem:declined"


def test_a_stale_task_is_declined(program: Programs, desk: Desk) -> None:
    case = desk.file()
    clerk = program("clerk")
    task = clerk.task(case)
    address = f"/tasks/{task['row']['id']}"
    claimed = clerk.asks("POST", f"{address}/claim")
    assert claimed.headers["ETag"] == f'"{task["rev"] + 1}"'
    clerk.posts(f"{address}/complete", {"rev": task["rev"], "outcome": "registered"}, 409)
    assert desk.item(case, "clerk").row.id == task["row"]["id"]


def test_answers_made_upon_others_than_stand_there_now_are_not_kept(program: Programs, desk: Desk) -> None:
    company = program("company")
    address = f"/applications/{company.drafts()}"
    edition = company.asks("GET", address).headers["ETag"]
    company.puts(f"{address}/answers", {"answers": {"application": {"sheets": "1"}}}, If_Match=edition)
    late = {"json": {"answers": {"application": {"sheets": "2"}}}, "headers": {"If-Match": edition}}
    refused(company.asks("PUT", f"{address}/answers", **late), 412, "stale")
    assert company.gets(address)["answers"] == {"application": {"sheets": "1"}}


def test_a_draft_is_kept_claimed_and_given_back(program: Programs, desk: Desk) -> None:
    case = desk.file()
    desk.register(case)
    head = program("head")
    address = f"/tasks/{head.task(case)['row']['id']}"
    assert head.posts(f"{address}/claim")["row"]["mine"]
    executor = desk.actor("executor").id
    assert head.puts(f"{address}/draft", {"answers": {"executor": executor}})["draft"]["executor"] == executor
    chosen = head.puts(f"{address}/draft", {"answers": {"executor": executor}, "outcome": "appointed"})
    assert chosen["draft_outcome"] == head.gets(address)["draft_outcome"] == "appointed"
    wrong = head.puts(f"{address}/draft", {"answers": {}, "outcome": "whatever"}, 422)
    assert [each["pointer"] for each in wrong["errors"]] == ["#/outcome"]
    released = head.posts(f"{address}/release")
    assert (released["row"]["status"], released["row"]["owner"]) == ("ready", "")
    view = viewing.work_item(desk.office, desk.actor("head"), released["row"]["id"])
    assert view.draft["executor"] == executor


def test_receipts_are_forgotten_after_thirty_days_and_not_before(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeating, "AT_ONCE", 2)
    old, young = desk.clock.now() - timedelta(days=30, seconds=1), desk.clock.now() - timedelta(days=30)
    with desk.office.unit_of_work() as uow:
        for number, at in enumerate([*[old] * 5, young]):
            uow.programs.add_receipt(ApiReceipt(user_id=desk.actor("clerk").id, key=str(number), request="", at=at))
        uow.commit()
    with statements() as sent:
        repeating.forget_receipts(desk.office)
    with desk.office.reading() as uow:
        kept = [uow.programs.receipt(desk.actor("clerk").id, str(number)) is not None for number in range(6)]
    assert kept == [False] * 5 + [True]
    assert sum(each.startswith("DELETE") for each in sent) == 3  # 2, 2 and 1
    assert repeating.forget_receipts(desk.office) == 0
