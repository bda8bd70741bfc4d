"""A consulted body that is slow to reply is asked again: by whom, how often, and who hears of it. On both databases.

Every case is filed on Monday 2 March 2026, 10:00.
"""

from __future__ import annotations

import pytest

from app.cases import viewing
from app.cases.asking_again import ask_again
from app.cases.people import set_language
from app.domain.errors import Declined, Forbidden, NotFound
from app.domain.events import EventKind
from app.domain.views import ConsultationView
from tests.clock import astana
from tests.desk import Desk
from tests.scenarios.test_other_bodies import Strip, to_the_security_department


@pytest.fixture
def strip(desk: Desk) -> Strip:
    return Strip(desk)


def request(strip: Strip, login: str, reader: str = "executor") -> ConsultationView:
    item = strip.request(login)
    return next(each for each in strip.view(reader).consultations if each.item == item)


def told(desk: Desk, login: str) -> list[str]:
    return [str(notice.sentence) for notice in viewing.notices(desk.office, desk.actor(login), page=1).rows]


def test_the_body_asked_again_is_told_and_no_other(strip: Strip) -> None:
    desk = strip.desk
    desk.clock.move_to(astana(2026, 3, 3, 11))
    ask_again(desk.office, desk.actor("executor"), strip.request("agency"))
    (notice,) = viewing.notices(desk.office, desk.actor("agency"), page=1).rows
    assert notice.sentence == "You are asked again to reply in case %(number)s: %(about)s."
    assert notice.values["number"] == strip.view("head").number
    assert told(desk, "agency2") == []
    (event,) = [each for each in strip.view("compliance").timeline if each.kind is EventKind.BODY_ASKED_AGAIN]
    assert (event.actor, event.role, event.element) == (desk.actor("executor").name, "executor", "give_reply")
    assert [each.kind.value for each in strip.view("agency").timeline] == ["work-opened", "body-asked-again"]
    assert [each.kind.value for each in strip.view("agency2").timeline] == ["work-opened"]
    assert request(strip, "agency").asked_again_at == astana(2026, 3, 3, 11)
    assert request(strip, "agency2").asked_again_at is None


def test_the_notice_names_the_end_of_the_bodys_term(desk: Desk) -> None:
    case_id = to_the_security_department(desk)
    set_language(desk.office, desk.actor("security"), "en")
    (asked,) = [each for each in desk.case(case_id, "executor").consultations if each.waits]
    ask_again(desk.office, desk.actor("executor"), asked.item)
    (notice, *_) = viewing.notices(desk.office, desk.actor("security"), page=1).rows
    # Two working days after Monday 2 March: Wednesday 4 March, 18:30.
    assert asked.due_at == astana(2026, 3, 4, 18, 30)
    assert (notice.sentence.endswith("The term ends %(due)s."), notice.values["due"]) == (True, asked.due_at.isoformat())


def test_a_body_is_asked_again_once_a_day(strip: Strip) -> None:
    desk, item = strip.desk, strip.request("agency")
    ask_again(desk.office, desk.actor("executor"), item)
    assert not request(strip, "agency").may_ask_again
    with pytest.raises(Declined, match="asked again today already"):
        ask_again(desk.office, desk.actor("executor"), item)
    ask_again(desk.office, desk.actor("executor"), strip.request("agency2"))
    desk.clock.move_to(astana(2026, 3, 3, 0, 30))
    assert request(strip, "agency").may_ask_again
    ask_again(desk.office, desk.actor("executor"), item)
    assert len(told(desk, "agency")) == 2


def test_a_body_that_has_replied_is_not_asked_again(strip: Strip) -> None:
    item = strip.reply("agency", "agree")
    (asked,) = [each for each in strip.view("executor").consultations if each.item == item]
    assert not asked.may_ask_again
    with pytest.raises(Declined, match="no longer asked"):
        ask_again(strip.desk.office, strip.desk.actor("executor"), item)


@pytest.mark.parametrize("login", ["compliance", "clerk"])
def test_only_those_who_consider_the_case_ask_again_and_an_attempt_is_told(strip: Strip, login: str) -> None:
    assert not request(strip, "agency", reader=login).may_ask_again
    with pytest.raises(Forbidden):
        ask_again(strip.desk.office, strip.desk.actor(login), strip.request("agency"))
    assert strip.view("head").timeline[-1].details["action"] == "ask_again"


def test_for_a_body_itself_there_is_nothing_to_ask(strip: Strip) -> None:
    with pytest.raises(NotFound):
        ask_again(strip.desk.office, strip.desk.actor("agency2"), strip.request("agency"))
