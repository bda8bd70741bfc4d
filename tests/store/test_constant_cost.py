"""A step costs the same for the first case and the thousandth, in the third round and in the thirtieth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from app.cases import viewing, working
from app.cases.office import Office
from app.domain.inbox import Sort, SortKey, Wish
from app.gateways.authority import TestAuthority
from tests.clock import HandClock
from tests.desk import Desk
from tests.press import with_short_letters


@pytest.fixture
def desk(office: Office, clock: HandClock, authority: TestAuthority) -> Desk:
    return Desk(with_short_letters(office), clock, authority)


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement sent to a database while the block runs."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def count(call: Callable[[], object]) -> int:
    with statements() as sent:
        call()
    return len(sent)


def test_completing_and_looking_cost_as_many_statements_with_many_cases_as_with_few(desk: Desk) -> None:
    clerk, head = desk.actor("clerk"), desk.actor("head")
    by_applicant = Wish(sorts=(Sort(SortKey.APPLICANT),))
    desk.register(desk.file())  # what is read once a process is read

    def cost() -> dict[str, int]:
        case = desk.file()
        item = desk.item(case, "clerk")
        return {
            "complete": count(
                lambda: working.complete(desk.office, clerk, item.row.id, rev=item.rev, outcome="registered", answers={})
            ),
            "inbox": count(lambda: viewing.inbox(desk.office, head)),
            "found in the inbox": count(lambda: viewing.inbox(desk.office, head, query="үлгі")),
            "sorted inbox": count(lambda: viewing.inbox(desk.office, head, wish=by_applicant)),
            "counts": count(lambda: viewing.inbox_counts(desk.office, head)),
            "deadlines": count(lambda: viewing.deadlines(desk.office, head)),
            "cases": count(lambda: viewing.cases(desk.office, head)),
            "case": count(lambda: viewing.case(desk.office, head, case)),
            "work item": count(lambda: viewing.work_item(desk.office, clerk, item.row.id)),
        }

    few = cost()
    for _ in range(12):
        desk.register(desk.file())
    assert cost() == few
    assert few["complete"] <= 25, few
    assert max(few["counts"], few["deadlines"], few["cases"]) <= 5, few
    # SQLite's BEGIN, whether the person has an application of his own, the ids, their number, the rows, the service's version;
    # where something is looked for, how common the words are.
    assert max(few["inbox"], few["sorted inbox"]) <= 6, few
    assert few["found in the inbox"] <= 7, few
    assert few["case"] <= 16, few
    # As before, and one each for: drafts, what the limit is counted from, comments, messages, the applicant's other cases,
    # and the title of each service among these that the process has not read yet.
    assert few["work item"] <= 22, few


def test_the_thirtieth_round_of_rework_costs_what_the_third_did(desk: Desk) -> None:
    case = desk.file()
    desk.register(case)
    desk.appoint(case)
    desk.find_complete(case)
    desk.find_compliant(case)

    def state_size() -> int:
        with desk.office.unit_of_work() as uow:
            found = uow.cases.lock(case)
            assert found is not None
            return len(found.state)

    def cost() -> dict[str, int]:
        return {
            "draw up": count(lambda: desk.draw_up(case)),
            "state at signing": state_size(),
            "return": count(lambda: desk.work(case, "head", "return_for_rework", {"remarks": "Нақтылаңыз"})),
            "state at drawing up": state_size(),
            "case": count(lambda: viewing.case(desk.office, desk.actor("head"), case)),
        }

    costs = [cost() for _ in range(30)]
    third, thirtieth = costs[2], costs[29]
    for what in third:
        if what.startswith("state"):
            assert thirtieth[what] <= third[what] * 1.05, (what, third, thirtieth)  # compressed: token ids differ
        else:
            assert thirtieth[what] == third[what], (what, third, thirtieth)
    desk.draw_up(case)
    desk.sign(case)
    assert desk.case(case).ended_at is not None
