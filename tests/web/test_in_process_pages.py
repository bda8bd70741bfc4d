"""What comes up while a case runs, as staff and applicant see it: bodies asked, a term that stands still, a withdrawal.

Every case is filed on Monday 2 March 2026, 10:00.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.cases.office import Office
from app.cases.withdrawing import withdraw
from app.web import create_app
from tests.clock import astana
from tests.desk import Desk
from tests.engine.drawing import end, path, service, start
from tests.scenarios.drawn import Drawn, many, task
from tests.scenarios.test_consultations import BODIES, agreeing
from tests.web.visitor import Visitor

# One database is enough here: pages know none, and what lies below them is tested on both.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

Sit = Callable[[str], Visitor]
SUSPENSION = """
suspensions:
  - {id: sample, during: wait, paragraph: Rules para 9, title: {kk: үлгі, ru: образец, en: The sample is waited for}}
"""


@pytest.fixture
def sit(office: Office) -> Sit:
    app: Flask = create_app(office, signer_url="ws://127.0.0.1:13579/")
    return lambda login: Visitor(app, login)


def standing_still(desk: Desk) -> Drawn:
    elements = (start(), task("wait", role="chancellery"), task("examine"), end(), path("begin", "wait", "examine", "finish"))
    return Drawn(desk, *elements, passport=SUSPENSION)


def due(visitor: Visitor) -> str:
    """What the page of a case says about when its result is due."""
    said = visitor.page.xpath("//dt[.='Result due']/following-sibling::dd[1]//text()[not(parent::a)]")
    return " ".join("".join(said).split())


def test_a_bodys_task_names_the_body_and_what_it_is_asked_about(desk: Desk, sit: Sit) -> None:
    case = agreeing(desk)
    agency = sit("agency")
    agency.opens(f"/tasks/{case.items('reply')[1].id}")
    facts = agency.page.xpath("string(//dl[contains(@class, 'step-facts')])")
    assert "Security" in facts
    assert "goods" in agency.page.xpath("string(//h1)")
    assert "Interior" not in facts


def test_the_case_page_tells_each_reply_each_silence_and_who_is_waited_for(desk: Desk, sit: Sit) -> None:
    case = agreeing(desk)
    case.do("reply", "agree", by="agency", number=0)
    head = sit("head")
    head.opens(f"/cases/{case.case_id}")
    replied = head.page.xpath("string(//dt[.='Replied']/following-sibling::dd[1])")
    assert replied.replace("\xa0", " ").startswith("2 March 2026")
    assert "agree" in head.page.xpath("string(//article//*[contains(@class, 'request-head')])")
    assert "a reply is waited for" in head.text
    case.at(astana(2026, 3, 5, 19))
    head.opens(f"/cases/{case.case_id}")
    assert "no reply came" in head.text
    assert "A body did not reply" in head.text


def test_the_case_page_says_that_the_term_stands_still_and_since_when_to_the_applicant_too(desk: Desk, sit: Sit) -> None:
    case = standing_still(desk)
    for login in ("head", "company"):
        visitor = sit(login)
        visitor.opens(f"/cases/{case.case_id}")
        assert due(visitor) == "the term stands still"
        assert "The sample is waited for" in visitor.text
    case.at(astana(2026, 3, 3)).do("wait", by="clerk")
    visitor.opens(f"/cases/{case.case_id}")
    assert due(visitor).startswith("13 March 2026")  # 12 March, and one working day


def test_a_case_without_a_term_says_so(desk: Desk, sit: Sit) -> None:
    switch = "\nswitches:\n  - {id: none, at: look, paragraph: Rules para 9}\n"
    case = Drawn(desk, start(), task("look"), task("next"), end(), path("begin", "look", "next", "finish"), passport=switch)
    case.do("look")
    head = sit("head")
    head.opens(f"/cases/{case.case_id}")
    assert due(head) == "the act sets no term"
    assert "Another term runs from here" in head.text


def test_a_withdrawn_case_says_so_with_its_reason(desk: Desk, sit: Sit) -> None:
    case = standing_still(desk)
    withdraw(desk.office, desk.actor("company"), case.case_id, "Шарт бұзылды")
    for login in ("head", "company"):
        visitor = sit(login)
        visitor.opens(f"/cases/{case.case_id}")
        assert visitor.page.xpath("string(//h1)").split()[-1] == "withdrawn"
        assert "Withdrawn by the applicant" in visitor.text
        assert "Шарт бұзылды" in visitor.text


def test_the_search_knows_withdrawn_cases(desk: Desk, sit: Sit) -> None:
    case = standing_still(desk)
    withdraw(desk.office, desk.actor("company"), case.case_id, "Шарт бұзылды")
    head = sit("head")
    assert f"/cases/{case.case_id}" in head.opens("/cases?status=withdrawn").xpath("//main//a/@href")
    assert f"/cases/{case.case_id}" not in head.opens("/cases?status=not-accepted").xpath("//main//a/@href")


def test_the_applicant_does_not_see_which_bodies_were_asked(desk: Desk, sit: Sit) -> None:
    elements = (
        start(),
        service("count", "count_bodies"),
        task("reply", "agree", role="agreeing_body", inside=many("count")),
        end(),
    )
    case = Drawn(desk, *elements, path("begin", "count", "reply", "finish"), passport=BODIES)
    applicant = sit("company")
    applicant.opens(f"/cases/{case.case_id}")
    assert "Security" not in applicant.text
