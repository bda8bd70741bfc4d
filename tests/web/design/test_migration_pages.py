"""The pages on which an analyst moves running cases to another version, as he meets them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.cases.design import migrating
from app.cases.office import Office
from app.domain.events import EventKind
from app.web import create_app
from tests.desk import SERVICE, Desk
from tests.engine.drawing import end, path, start
from tests.scenarios.design.test_migrating import GROUND, Moved, limited, look_then
from tests.web.visitor import Visitor

# One database is enough here: pages know none, and what lies below them is tested on both.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

Sit = Callable[[str], Visitor]


@pytest.fixture
def app(office: Office) -> Flask:
    return create_app(office, signer_url=None)


@pytest.fixture
def sit(app: Flask) -> Sit:
    return lambda login: Visitor(app, login)


@pytest.fixture
def case(desk: Desk) -> Moved:
    """look → examine is to become study → examine: `look` has the same paragraph, and none of its words."""
    second = (start(), limited("study", 3), limited("examine", 3), end(), path("begin", "study", "examine", "finish"))
    made = Moved(desk, look_then("examine"), second)
    made.publish()
    return made


def planned(sit: Sit, case: Moved, **typed: str) -> Visitor:
    visitor = sit("analyst")
    visitor.opens(f"/design/{SERVICE}/migrate?old={case.old}")
    visitor.sends("/migrate", {"ground": GROUND, "reason": "Жаңа редакция", **typed})
    return visitor


def test_the_plan_suggests_where_elements_are_found_and_the_analyst_may_choose_otherwise(sit: Sit, case: Moved) -> None:
    visitor = sit("analyst")
    page = visitor.opens(f"/design/{SERVICE}/migrate?old={case.old}")
    assert page.xpath("//select[@name='map:main/look']/option[@selected]/@value") == ["main/study"]
    assert "suggested: the same paragraph" in visitor.text
    assert page.xpath("//tr[.//select[@name='map:main/look']]//span[@class='number']/text()") == ["1"]


def test_a_plan_without_a_legal_ground_is_said_to_lack_it_and_keeps_what_was_typed(sit: Sit, case: Moved) -> None:
    visitor = planned(sit, case, ground="заң", **{"map:main/look": ""})
    assert visitor.status == 422
    assert "Name the legal ground" in visitor.text
    assert visitor.page.xpath("//input[@name='ground']/@value") == ["заң"]
    assert visitor.page.xpath("//textarea[@name='reason']")[0].text == "Жаңа редакция"
    assert visitor.page.xpath("//select[@name='map:main/look']/option[@selected]") == []


def test_from_the_plan_over_the_dry_run_to_the_moved_case_and_back(sit: Sit, case: Moved) -> None:
    visitor = planned(sit, case)
    assert "The dry run has looked at 0 of 1 cases." in visitor.text
    assert not visitor.page.xpath("//form[contains(@action, '/start')]"), "nothing is moved before the dry run is over"
    address = visitor.path
    found = visitor.client.get(f"{address}/progress").get_json()
    assert (found["at_work"], found["done"], found["total"]) == (True, 0, 1)

    migrating.carry_on(case.office)
    visitor.opens(address)
    assert "can be moved" in visitor.page.xpath("string(//tbody)")
    visitor.sends("/start")
    assert "The cases are being moved." in visitor.text
    migrating.carry_on(case.office)
    visitor.opens(address)
    assert visitor.page.xpath("//progress/@value") == visitor.page.xpath("//progress/@max") == ["1"]
    assert case.drawn.open() == ["study"]

    visitor.opens(f"{address}/revert")
    assert "1 moved case goes back" in visitor.text
    visitor.sends("/revert")
    migrating.carry_on(case.office)
    visitor.opens(address)
    assert "went back" in visitor.page.xpath("string(//tbody)")
    assert case.drawn.open() == ["look"]


def test_a_case_that_cannot_be_moved_stands_with_its_reason_and_can_be_looked_for(sit: Sit, case: Moved) -> None:
    visitor = planned(sit, case, **{"map:main/look": ""})
    migrating.carry_on(case.office)
    visitor.opens(f"{visitor.path}?became=refused")
    assert "“look” stands open and is not in the new version." in visitor.text
    assert not visitor.opens(f"{visitor.path}?became=ready").xpath("//tbody")
    visitor.sends("/start")
    assert visitor.status == 409
    assert "There is no case that could be moved." in visitor.text


def test_pausing_and_going_on_stand_on_the_page_and_a_late_click_is_answered_calmly(sit: Sit, case: Moved) -> None:
    visitor = planned(sit, case)
    migrating.carry_on(case.office)
    visitor.opens(visitor.path)
    visitor.sends("/start")
    other = sit("analyst2")
    other.opens(visitor.path)
    visitor.sends("/pause")
    assert "Paused: no further case is moved." in visitor.text
    other.sends("/pause")
    assert other.status == 409
    assert "has gone on meanwhile" in other.text
    visitor.sends("/start")
    migrating.carry_on(case.office)
    assert case.drawn.open() == ["study"]


def test_the_history_tells_staff_what_stood_before_and_after(sit: Sit, case: Moved) -> None:
    case.go({"look": "study"})
    assert len(case.drawn.events(EventKind.CASE_MIGRATED.value)) == 1
    visitor = sit("head")
    visitor.opens(f"/cases/{case.drawn.case_id}")
    assert "The case was moved to another version of the service" in visitor.text
    assert f"legal ground: {GROUND}" in visitor.text
    # From Monday 2 March: four working days before, three after.
    assert "open before: look (due 6 March 2026, 18:30)" in visitor.text
    assert "open after: study (due 5 March 2026, 18:30)" in visitor.text


def test_steps_done_before_keep_their_words_in_the_history_whatever_they_are_called_now(sit: Sit, desk: Desk) -> None:
    second = (start(), limited("study", 3), limited("examine", 3), end(), path("begin", "study", "examine", "finish"))
    case = Moved(desk, look_then("examine"), second)
    case.drawn.do("look")
    case.go({"look": "study"})
    visitor = sit("head")
    entries = visitor.opens(f"/cases/{case.drawn.case_id}").xpath("//li[contains(@class, 'timeline-work-completed')]")
    assert ["look" in each.text_content() and "outcome: done" in each.text_content() for each in entries] == [True]
    case.revert()
    assert "The case was moved back to the version before" in visitor.opens(f"/cases/{case.drawn.case_id}").text_content()


@pytest.mark.parametrize(
    ("login", "reads", "moves"), [("analyst", 200, 200), ("compliance", 200, 403), ("head", 403, 403), ("company", 403, 403)]
)
def test_who_may_read_of_migrations_and_who_may_plan_one(sit: Sit, case: Moved, login: str, reads: int, moves: int) -> None:
    case.plan({"look": "study"})
    visitor = sit(login)
    for address in ("/design/migrations", f"/design/migrations/{case.id}", f"/design/migrations/{case.id}/progress"):
        assert visitor.client.get(address).status_code == reads, address
    for address in (f"/design/{SERVICE}/migrate", f"/design/migrations/{case.id}/revert"):
        assert visitor.client.get(address).status_code == moves, address
    if login == "compliance":
        assert not visitor.opens(f"/design/migrations/{case.id}").xpath("//form[contains(@action, '/start')]")
        assert visitor.posts(f"/design/migrations/{case.id}/start").status_code == 403
