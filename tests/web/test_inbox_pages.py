"""The task list: page, CSV, counters and paper show the same tasks; many are acted upon at once; it is had as one likes."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from app.cases import arranging, viewing, working
from app.cases.arranging import Wake
from app.cases.office import Office
from app.domain.errors import Declined
from app.domain.inbox import Part, Sort, SortKey, Wish
from app.domain.people import Role
from app.gateways.authority import TestAuthority
from app.web import create_app
from app.web.sheets import SEPARATOR
from app.web.wishes import address_of, read_wish, sorted_by
from tests.clock import HandClock, astana
from tests.desk import Desk
from tests.press import with_short_letters
from tests.web.visitor import Visitor

Sit = Callable[[str], Visitor]


@pytest.fixture
def desk(office: Office, clock: HandClock, authority: TestAuthority) -> Desk:
    return Desk(with_short_letters(office), clock, authority)


@pytest.fixture
def app(office: Office) -> Flask:
    return create_app(office, signer_url=None)


@pytest.fixture
def sit(app: Flask) -> Sit:
    return lambda login: Visitor(app, login)


def ids_on(page: Visitor) -> list[str]:
    return [str(value) for value in page.page.xpath("//tbody//input[@name='id']/@value")]


def lines_of(visitor: Visitor, address: str) -> list[list[str]]:
    text = visitor.client.get(address).get_data(as_text=True)
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=SEPARATOR))[1:]


def test_page_csv_counters_and_paper_show_the_same_and_others_see_nothing_of_it(desk: Desk, sit: Sit) -> None:
    desk.file()
    desk.file("applicant")
    clerk = sit("clerk")
    clerk.opens("/tasks")
    ids = ids_on(clerk)
    assert len(ids) == 2
    assert viewing.inbox_counts(desk.office, desk.actor("clerk"))["all"] == 2
    assert {line[3] for line in lines_of(clerk, "/tasks/csv")} == {"Үлгібаев Әділ", "«Үлгі» ЖШС"}
    query = "&".join(f"id={each}" for each in ids)
    assert len(clerk.opens(f"/tasks/print?{query}").xpath("//tbody/tr")) == 2
    for other in ("agency", "head"):
        visitor = sit(other)
        visitor.opens("/tasks")
        assert ids_on(visitor) == []
        assert lines_of(visitor, "/tasks/csv") == []
        assert visitor.opens(f"/tasks/print?{query}").xpath("//tbody/tr") == []
        assert set(viewing.inbox_counts(desk.office, desk.actor(other)).values()) == {0}


def test_many_are_taken_at_once_and_each_says_what_came_of_it(desk: Desk, sit: Sit) -> None:
    first, second = desk.file(), desk.file("applicant")
    clerk = sit("clerk")
    clerk.opens("/tasks")
    ids = ids_on(clerk)
    desk.substitute(absent="clerk", by="deputy", role=Role.CHANCELLERY, first=date(2026, 3, 2), last=date(2026, 3, 6))
    working.claim(desk.office, desk.actor("deputy"), desk.item(first, "clerk").row.id)  # a colleague is faster with one
    answer = clerk.posts("/tasks/bulk", action="claim", id=ids, next="/tasks")
    said = answer.get_data(as_text=True)
    assert said.count("mark-good") == 1
    assert "Орынбаев Өмір has had this task since" in said
    assert desk.item(second, "clerk").row.mine


def test_what_is_snoozed_leaves_the_list_and_comes_back_when_it_falls_due(desk: Desk) -> None:
    case = desk.file()
    desk.register(case)
    desk.appoint(case)  # Monday 2 March 2026; the executor's completeness check ends on Wednesday 4 March
    executor = desk.actor("executor")
    item = desk.item(case, "executor").row

    def listed(part: Part) -> int:
        return viewing.inbox(desk.office, executor, wish=Wish(part=part)).total

    arranging.snooze(desk.office, executor, item.id, Wake.DAY, date(2026, 3, 10))
    assert (listed(Part.ALL), listed(Part.SNOOZED)) == (0, 1)
    assert viewing.inbox_counts(desk.office, executor)["snoozed"] == 1
    desk.clock.move_to(astana(2026, 3, 4, 9, 5))  # the day on which it falls due
    assert (listed(Part.ALL), listed(Part.SNOOZED)) == (1, 0)
    with pytest.raises(Declined, match="falls due today"):
        arranging.snooze(desk.office, executor, item.id, Wake.TOMORROW)


def test_only_ones_own_is_snoozed_and_a_priority_stands_in_the_history(desk: Desk) -> None:
    case = desk.file()
    clerk, item = desk.actor("clerk"), desk.item(case, "clerk").row
    with pytest.raises(Declined, match="Take it first"):
        arranging.snooze(desk.office, clerk, item.id, Wake.TOMORROW)
    arranging.set_priority(desk.office, clerk, item.id, 2)
    assert desk.item(case, "clerk").row.priority == 2
    assert [event.kind.value for event in desk.case(case).timeline].count("priority-set") == 1


def test_columns_and_filters_are_kept_and_a_filter_is_shared_with_a_role(desk: Desk, sit: Sit) -> None:
    desk.file()
    clerk = sit("clerk")
    clerk.opens("/tasks?due=within&days=5&sort=-priority,due")
    clerk.sends("/tasks/filters", name="Осы апта", shared_with="chancellery")
    assert "Осы апта" in clerk.text
    clerk.sends("/tasks/columns", column=["due", "opened"])
    heads = [" ".join(head.text_content().split()) for head in clerk.page.xpath("//thead//th")]
    assert "Waits since" in heads
    assert "Applicant" not in heads
    link = clerk.page.xpath("//a[text()='Осы апта']/@href")[0]
    assert link.endswith("?due=within&days=5&sort=-priority%2Cdue")
    desk.substitute(absent="clerk", by="deputy", role=Role.CHANCELLERY, first=date(2026, 3, 2), last=date(2026, 3, 6))
    assert "Осы апта" in sit("deputy").opens("/tasks").text_content()
    assert "Осы апта" not in sit("head").opens("/tasks").text_content()


def test_a_table_program_is_given_no_formula(desk: Desk, sit: Sit) -> None:
    case = desk.file()
    with desk.office.unit_of_work() as uow:
        found = uow.cases.lock(case)
        assert found is not None
        found.applicant_name = "=HYPERLINK(1)"
        uow.commit()
    assert lines_of(sit("clerk"), "/tasks/csv")[0][3] == "'=HYPERLINK(1)"


def test_an_address_says_the_whole_wish_and_nothing_else_is_understood() -> None:
    given = {"view": "mine", "q": "үлгі", "due": "within", "days": "5", "priority": "2", "follow_up": "1", "sort": "-due,number"}
    assert address_of(read_wish(given)) == given
    assert read_wish({"view": "x", "due": "within", "days": "ten", "priority": "9", "sort": "password"}) == Wish()


def test_a_second_click_turns_a_sort_round_and_a_click_beside_keeps_the_others() -> None:
    once = Wish(sorts=sorted_by(Wish(), SortKey.APPLICANT, beside=False))
    assert sorted_by(once, SortKey.APPLICANT, beside=False) == (Sort(SortKey.APPLICANT, descending=True),)
    assert sorted_by(once, SortKey.PRIORITY, beside=True) == (
        Sort(SortKey.APPLICANT),
        Sort(SortKey.PRIORITY, descending=True),
    )
