"""The information on the order of a service goes to three recipients in three working days: Rules paras 9-1, 11-1 and 12-1 of
order No 26/қе in the wording of order No 110/ҚЕ of 2023."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from app.cases import drafting, viewing, working
from app.cases.duties import open_duty
from app.domain.case import CaseStatus
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.events import EventKind
from tests.clock import astana
from tests.desk import SERVICE, Desk

ANALYST = "admin"  # who is the analyst of the demonstration too
DUTY = "information-duty"
RECIPIENTS = ("inform_contact_centre", "inform_territorial_units", "inform_operator")
RULES = ("fishing-vessel-repeated-border-crossing-permit", "border-strip-entry-pass", "small-vessel-exit-pass")
ANNOUNCED: Mapping[str, str] = {
    "what": "changes",
    "order_number": "110/ҚЕ",
    "published_on": "2026-03-02",
    "summary": "Құжаттар тізбесі өзгерді",
}


def begun(desk: Desk, login: str = ANALYST, rules: str = RULES[0]) -> str:
    return open_duty(desk.office, desk.actor(login), DUTY, rules, ANNOUNCED)


def send(desk: Desk, case_id: str, element: str) -> None:
    (item,) = [each for each in desk.open_items(case_id) if each.element == element]
    answers = {"sent_on": desk.office.today().isoformat(), "by": "electronic", "outgoing_number": "15-02/1"}
    working.complete(desk.office, desk.actor("executor"), item.id, rev=item.rev, outcome="sent", answers=answers)


@pytest.mark.parametrize("rules", RULES)
def test_three_recipients_are_to_be_informed_in_three_working_days(desk: Desk, rules: str) -> None:
    """Begun on Monday 2 March 2026: 3, 4 and 5 March; the provider closes at 18:00."""
    case_id = begun(desk, rules=rules)
    assert {item.element: item.due_at for item in desk.open_items(case_id)} == dict.fromkeys(RECIPIENTS, astana(2026, 3, 5, 18))
    assert desk.case(case_id).number


def test_the_duty_is_done_when_all_three_have_it(desk: Desk) -> None:
    case_id = begun(desk)
    for element in reversed(RECIPIENTS):
        assert desk.case(case_id).status is CaseStatus.OPEN
        send(desk, case_id, element)
    assert desk.case(case_id).status is CaseStatus.ISSUED
    told = viewing.notices(desk.office, desk.actor(ANALYST)).rows[0]
    assert told.values["message"]["en"] == "The information was sent to all three recipients."


def test_a_recipient_not_informed_in_time_is_brought_before_the_superior(desk: Desk) -> None:
    case_id = begun(desk)
    send(desk, case_id, "inform_operator")
    desk.wait_until(astana(2026, 3, 5, 17, 59))
    assert EventKind.ESCALATED.value not in desk.events(case_id)
    desk.wait_until(astana(2026, 3, 5, 18, 1))
    assert desk.events(case_id).count(EventKind.ESCALATED.value) == 2


def test_a_duty_begun_in_the_evening_runs_from_the_next_working_day(desk: Desk) -> None:
    """Friday 6 March 2026 at 19:00 is registered on Tuesday 10 March, 9 March being off; the term is 11, 12 and 13 March."""
    desk.wait_until(astana(2026, 3, 6, 19))
    case_id = begun(desk)
    assert desk.case(case_id).result_due == astana(2026, 3, 13, 18)


def test_only_an_analyst_or_the_head_begins_it(desk: Desk) -> None:
    assert begun(desk, "head")
    for login in ("company", "clerk", "executor"):
        with pytest.raises(Forbidden):
            begun(desk, login)


def test_nobody_applies_for_it_and_no_service_is_begun_as_a_duty(desk: Desk) -> None:
    with pytest.raises(Forbidden):
        drafting.start_application(desk.office, desk.actor("company"), DUTY, RULES[0])
    with pytest.raises(NotFound):
        open_duty(desk.office, desk.actor(ANALYST), SERVICE, "issue", ANNOUNCED)


def test_what_was_published_has_to_be_said_whole(desk: Desk) -> None:
    with pytest.raises(Invalid) as wrong:
        open_duty(desk.office, desk.actor(ANALYST), DUTY, RULES[0], {"what": "changes"})
    assert [each.place for each in wrong.value.problems] == [
        "announcement.order_number",
        "announcement.published_on",
        "announcement.summary",
    ]
