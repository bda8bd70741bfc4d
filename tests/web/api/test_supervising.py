"""What those who answer for the work of others do by programs.

Cases are filed on Monday 2 March 2026, 10:00; the check of completeness takes 2 working days, to Wednesday 4 March, 18:30.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.bootstrap.demonstration import PEOPLE
from app.cases import viewing
from app.domain.views import Narrowed
from tests.desk import SERVICE, Desk
from tests.scenarios.test_incidents import failed_timer
from tests.scenarios.test_supervision import at_completeness
from tests.web.api.program import Program
from tests.web.visitor import Visitor

Programs = Callable[..., Program]
REASON = "Жүктеме көп"


def test_the_list_is_that_of_the_page_with_its_forecast(program: Programs, desk: Desk) -> None:
    at_completeness(desk)
    deputy = program("deputy")
    (told,) = deputy.gets("/supervision")["items"]
    (row,) = viewing.supervised(desk.office, desk.actor("deputy"), Narrowed()).rows
    assert (told["id"], told["owner_id"], told["step"]["en"]) == (row.id, row.owner_id, row.step.en)
    assert told["breach"] == {"at": "2026-03-04T13:30:00Z", "of_the_service": False}
    assert told["last_day"] == "2026-03-04"
    assert deputy.gets("/supervision", view="overdue")["items"] == []
    assert deputy.gets("/supervision", person="nobody")["items"] == []
    assert len(deputy.gets("/supervision", person=row.owner_id, service=SERVICE)["items"]) == 1
    deputy.gets("/supervision", 422, view="some")


def test_the_load_counts_what_each_has(program: Programs, desk: Desk) -> None:
    at_completeness(desk)
    at_completeness(desk)
    people = {each["id"]: each["open"] for each in program("deputy").gets("/supervision/load")["people"]}
    assert people[desk.actor("executor").id] == 2
    assert people[desk.actor("executor2").id] == 0


def test_a_task_is_given_to_another_with_a_reason(program: Programs, desk: Desk) -> None:
    case = at_completeness(desk)
    item, to = desk.open_items(case)[0].id, desk.actor("executor2")
    deputy = program("deputy")
    assert to.id in {each["id"] for each in deputy.gets("/supervision/people")["items"]}
    deputy.posts(f"/tasks/{item}/assign", {"to": to.id, "reason": " "}, 422)
    given = deputy.posts(f"/tasks/{item}/assign", {"to": to.id, "reason": REASON})
    assert (given["before_id"], given["to"], given["why_not"]) == (desk.actor("executor").id, to.name, None)
    assert desk.item(case, "executor2").row.mine
    deputy.posts(f"/tasks/{item}/assign", {"to": desk.actor("agency").id, "reason": REASON}, 422)
    program("executor").posts(f"/tasks/{item}/assign", {"to": to.id, "reason": REASON}, 403)
    deputy.posts(f"/tasks/{'0' * 32}/assign", {"to": to.id, "reason": REASON}, 404)
    assert desk.item(case, "executor2").row.mine


def test_many_tasks_are_planned_and_given_and_what_cannot_be_is_told(program: Programs, desk: Desk) -> None:
    cases = [at_completeness(desk) for _ in range(2)]
    items = [desk.open_items(case)[0].id for case in cases]
    executor2, agency = desk.actor("executor2").id, desk.actor("agency").id
    deputy = program("deputy")
    plan = deputy.posts("/supervision/plan", {"tasks": items, "to": [executor2]})["items"]
    assert [(each["task"], each["to_id"], each["why_not"]) for each in plan] == [(item, executor2, None) for item in items]
    assert desk.item(cases[0], "executor").row.mine  # nothing is changed by a plan
    give = [{"task": items[0], "to": executor2}, {"task": items[1], "to": agency}]
    done = deputy.posts("/supervision/assignments", {"give": give, "reason": REASON})["items"]
    assert done[0]["why_not"] is None and "does not hold the role" in done[1]["why_not"]
    assert desk.item(cases[0], "executor2").row.mine and desk.item(cases[1], "executor").row.mine
    russian = program("deputy", language="ru").posts("/supervision/assignments", {"give": give[1:], "reason": REASON})["items"]
    assert russian[0]["why_not"] != done[1]["why_not"]


def test_priority_follow_up_and_snoozing(program: Programs, desk: Desk) -> None:
    case = desk.file()
    clerk = program("clerk")
    address = f"/tasks/{clerk.task(case)['row']['id']}"
    assert clerk.puts(f"{address}/priority", {"priority": 2})["row"]["priority"] == 2
    clerk.puts(f"{address}/priority", {"priority": 3}, 422)
    clerk.puts(f"{address}/follow-up", {"day": "2026-03-03"}, 409)  # it is nobody's yet
    clerk.posts(f"{address}/claim")
    assert clerk.puts(f"{address}/follow-up", {"day": "2026-03-03"})["row"]["follow_up_on"] == "2026-03-03"
    clerk.puts(f"{address}/follow-up", {"day": "2026-03-01"}, 422)
    assert clerk.puts(f"{address}/follow-up", {"day": None})["row"]["follow_up_on"] is None
    company = program("company")
    company.puts(f"{address}/priority", {"priority": 1}, 403)
    program("head").puts(f"{address}/priority", {"priority": 1}, 403)


def test_a_snoozed_task_is_out_of_the_list_until_it_is_woken(program: Programs, desk: Desk) -> None:
    case = at_completeness(desk)
    executor = program("executor")
    address = f"/tasks/{executor.task(case)['row']['id']}"
    # Due on Wednesday 4 March; the next working day after Monday 2 March is Tuesday, opened at 9:00 (4:00 UTC).
    told = executor.puts(f"{address}/snooze", {"wake": "next-working-day"})
    assert told["row"]["snoozed_until"] == "2026-03-03T04:00:00Z"
    assert executor.gets("/tasks")["items"] == []
    executor.puts(f"{address}/snooze", {"wake": "day"}, 422)
    executor.puts(f"{address}/snooze", {"wake": "day", "day": "2026-02-30"}, 422)
    woken = executor.asks("DELETE", f"{address}/snooze")
    assert woken.get_json()["row"]["snoozed_until"] is None
    assert len(executor.gets("/tasks")["items"]) == 1


def test_what_falls_due_is_listed_the_earliest_first(program: Programs, desk: Desk) -> None:
    case = at_completeness(desk)
    rows = program("head").gets("/deadlines")["items"]
    assert {row["case_id"] for row in rows} == {case}
    assert [row["due_at"] for row in rows] == sorted(row["due_at"] for row in rows)


def test_incidents_are_listed_tried_again_and_closed(program: Programs, desk: Desk) -> None:
    first, second, third = (failed_timer(desk)[0] for _ in range(3))
    deputy = program("deputy")
    rows = deputy.gets("/incidents")["items"]
    assert {row["id"] for row in rows} == {first, second, third}
    assert {(row["cause"], row["sentence"]) for row in rows} == {("timer", "went wrong")}
    deputy.posts(f"/incidents/{first}/retry", {"reason": REASON}, 204)
    deputy.posts(f"/incidents/{first}/retry", {"reason": REASON}, 409)
    deputy.posts(f"/incidents/{second}/close", {"reason": " "}, 422)
    deputy.posts(f"/incidents/{second}/close", {"reason": REASON}, 204)
    told = deputy.posts("/incidents/retry", {"incidents": [first, third, "0" * 32], "reason": REASON})["items"]
    assert [each["why_not"] is None for each in told] == [False, True, False]
    assert deputy.gets("/incidents")["items"] == []
    assert len(deputy.asks("GET", "/incidents?status=resolved&cause=timer").get_json()["items"]) == 3
    program("clerk").posts(f"/incidents/{third}/close", {"reason": REASON}, 403)


PAGES = {
    "/supervision": "/supervision",
    "/supervision/load": "/supervision/load",
    "/deadlines": "/deadlines",
    "/incidents": "/incidents",
    "/absences": "/absences",
    "/substitutions": "/people",
    "/units": "/units",
    f"/jurisdiction/{SERVICE}": f"/units/jurisdiction/{SERVICE}",
    "/journal": "/journal",
    "/signing": "/signing",
}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # who may what is no matter of the database
def test_a_list_is_told_to_exactly_those_who_may_open_its_page(program: Programs, desk: Desk, app: Flask) -> None:
    for person in PEOPLE:
        visitor, asking = Visitor(app, person.login), program(person.login)
        for address, page in PAGES.items():
            shown, told = visitor.client.get(page).status_code, asking.asks("GET", address).status_code
            assert told == shown and told in (200, 403), (person.login, address)
