"""The term of the whole service is exchanged for another, stands still, and runs on: to the day, on both databases.

Every case is filed on Monday 2 March 2026, 10:00, with a term of 7 working days: 3, 4, 5, 6, (7, 8 weekend, 9 off) 10, 11, 12 →
Thursday 12 March, 18:30. Further days off: 23-25 March (Nauryz).
"""

from __future__ import annotations

import pytest

from app.domain.case import CaseStatus, TimerKind, WorkStatus
from app.domain.events import EventKind
from tests.clock import astana
from tests.desk import Desk
from tests.engine.drawing import boundary, end, flow, gateway, path, start, timer
from tests.scenarios.drawn import Drawn, task

DUE = astana(2026, 3, 12, 18, 30)

SWITCH = """
switches:
  - {id: from-the-sample, at: take_sample, outcome: brought, limit: 30 calendar-days, paragraph: Rules para 9}
"""
SUSPENSION = """
suspensions:
  - {id: sample, during: wait_for_sample, paragraph: Rules para 9, title: {kk: үлгі, ru: образец, en: sample}}
"""


def sampled(desk: Desk, passport: str = SWITCH, **options: str) -> Drawn:
    """take sample (brought or given up) → examine → the end."""
    elements = (start(), task("take_sample", "brought", "given_up"), task("examine"), end())
    return Drawn(desk, *elements, path("begin", "take_sample", "examine", "finish"), passport=passport, **options)


def waiting(desk: Desk, passport: str = SUSPENSION) -> Drawn:
    """look → wait for the sample (for 20 working days at most) → examine → the end."""
    elements = (start(), task("look"), task("wait_for_sample"), task("examine"), end(), gateway("exclusive", "over"))
    timed = boundary("too_late", "wait_for_sample", timer("working_days(20)"))
    flows = path("begin", "look", "wait_for_sample", "over", "examine", "finish") + flow("too_late", "over")
    return Drawn(desk, *elements, timed, flows, passport=passport)


class TestSwitch:
    def test_from_the_named_outcome_on_another_term_runs_counted_from_it(self, desk: Desk) -> None:
        case = sampled(desk)
        assert case.case.result_due == DUE
        case.at(astana(2026, 3, 4, 12)).do("take_sample", "brought")
        # 30 calendar days after Wednesday 4 March: 31 March is the 27th, 3 April (a Friday) the 30th.
        due = astana(2026, 4, 3, 18, 30)
        assert (case.case.term, case.case.term_from, case.case.result_due) == ("30 calendar-days", astana(2026, 3, 4, 12), due)
        # Reminded at the opening of the last day.
        assert case.service_timers() == {
            TimerKind.SERVICE_DEADLINE: due,
            TimerKind.SERVICE_REMINDER: astana(2026, 4, 3, 9),
        }

    def test_the_history_says_which_term_stood_before_and_by_which_paragraph_it_changed(self, desk: Desk) -> None:
        case = sampled(desk)
        case.at(astana(2026, 3, 4, 12)).do("take_sample", "brought")
        (event,) = case.events(EventKind.TERM_CHANGED.value)
        assert event.element == "take_sample"
        assert event.details["switch"] == "from-the-sample"
        assert event.details["paragraph"] == "Rules para 9"
        assert event.details["before"]["term"] == "7 working-days"
        assert event.details["before"]["due"] == DUE.isoformat()
        assert event.details["after"]["term"] == "30 calendar-days"
        assert event.details["after"]["due"] == astana(2026, 4, 3, 18, 30).isoformat()
        assert event.details["calendar"] == desk.office.calendar.edition

    def test_the_old_term_passes_unnoticed_and_the_new_one_does_not(self, desk: Desk) -> None:
        case = sampled(desk)
        case.do("take_sample", "brought")  # on 2 March: 30 days later is Wednesday 1 April
        case.at(astana(2026, 4, 1, 18))
        assert case.events(EventKind.DEADLINE_PASSED.value) == []
        case.at(astana(2026, 4, 1, 19))
        (passed,) = case.events(EventKind.DEADLINE_PASSED.value)
        assert passed.details["term"] == "30 calendar-days"

    def test_another_outcome_changes_nothing(self, desk: Desk) -> None:
        case = sampled(desk)
        before = case.service_timers()
        case.do("take_sample", "given_up")
        assert (case.case.result_due, case.service_timers()) == (DUE, before)
        assert case.events(EventKind.TERM_CHANGED.value) == []

    @pytest.mark.parametrize(("variant", "term"), [("issue", "7 working-days"), ("reissue", "30 calendar-days")])
    def test_a_switch_holds_for_the_variants_it_names(self, desk: Desk, variant: str, term: str) -> None:
        case = sampled(desk, SWITCH.replace("outcome: brought", "variants: [reissue]"), variant=variant)
        case.do("take_sample", "brought")
        assert case.case.term == term

    def test_without_a_limit_no_term_runs_any_more(self, desk: Desk) -> None:
        case = sampled(desk, SWITCH.replace("limit: 30 calendar-days, ", ""))
        case.do("take_sample", "brought")
        assert (case.case.term, case.case.term_from, case.case.result_due) == (None, None, None)
        assert case.service_timers() == {}
        case.at(astana(2026, 6, 1)).do("examine")
        assert case.events(EventKind.CASE_ENDED.value)[0].details["in_time"] is True


class TestSuspension:
    def test_while_the_task_waits_nobody_can_say_when_the_term_ends_and_no_timer_runs(self, desk: Desk) -> None:
        case = waiting(desk)
        case.at(astana(2026, 3, 4, 12)).do("look")
        assert (case.case.result_due, case.service_timers()) == (None, {})
        (row,) = case.ledger()
        assert (row.suspension, row.stopped_at, row.due_before) == ("sample", astana(2026, 3, 4, 12), DUE)
        case.at(astana(2026, 3, 16, 12))  # the old last day passes
        assert case.events(EventKind.DEADLINE_PASSED.value) == []

    def test_what_was_left_of_the_term_is_left_of_it_afterwards(self, desk: Desk) -> None:
        case = waiting(desk)
        case.at(astana(2026, 3, 4, 12)).do("look")
        case.at(astana(2026, 3, 17, 15)).do("wait_for_sample")
        # Stopped on Wednesday 4 March with 5, 6, 10, 11, 12 March left: 5 working days. From Tuesday 17 March these are
        # 18, 19, 20, (21, 22 weekend, 23-25 off) 26, 27 → Friday 27 March.
        due = astana(2026, 3, 27, 18, 30)
        assert case.case.result_due == due
        assert case.service_timers() == {
            TimerKind.SERVICE_DEADLINE: due,
            TimerKind.SERVICE_REMINDER: astana(2026, 3, 27, 9),
        }
        (row,) = case.ledger()
        assert (row.resumed_at, row.due_after) == (astana(2026, 3, 17, 15), due)

    def test_both_moments_stand_in_the_history(self, desk: Desk) -> None:
        case = waiting(desk)
        case.at(astana(2026, 3, 4, 12)).do("look")
        case.at(astana(2026, 3, 17, 15)).do("wait_for_sample")
        (stopped,), (resumed,) = case.events(EventKind.TERM_STOPPED.value), case.events(EventKind.TERM_RESUMED.value)
        assert stopped.details["due_before"] == DUE.isoformat()
        assert stopped.details["paragraph"] == "Rules para 9"
        assert resumed.details["stopped_at"] == astana(2026, 3, 4, 12).isoformat()
        assert resumed.details["due"] == astana(2026, 3, 27, 18, 30).isoformat()
        assert stopped.number < resumed.number

    def test_a_task_taken_away_by_its_timer_lets_the_term_run_on(self, desk: Desk) -> None:
        case = waiting(desk)
        case.do("look")
        # Stopped on Monday 2 March. 20 working days: 3-6 (4), 10-13 (8), 16-20 (13), 26, 27 (15), 30, 31 March, 1, 2, 3 April
        # (20) → Friday 3 April, 18:30. Seven working days were left: 6, 7, 8, 9, 10, 13, 14 April → Tuesday 14 April.
        case.at(astana(2026, 4, 3, 19))
        assert case.items("wait_for_sample", closed=True)[0].status is WorkStatus.OBSOLETE
        assert case.case.result_due == astana(2026, 4, 14, 18, 30)

    def test_a_stop_within_one_day_changes_nothing(self, desk: Desk) -> None:
        case = waiting(desk)
        case.do("look")
        case.at(astana(2026, 3, 2, 16)).do("wait_for_sample")
        assert case.case.result_due == DUE
        assert case.service_timers()[TimerKind.SERVICE_DEADLINE] == DUE

    def test_a_term_that_had_ended_before_stays_ended_and_is_told_once(self, desk: Desk) -> None:
        case = waiting(desk)
        case.at(astana(2026, 3, 13)).do("look")
        assert case.case.result_due == DUE
        case.at(astana(2026, 3, 17)).do("wait_for_sample")
        case.at(astana(2026, 3, 18)).do("examine")
        assert case.case.result_due == DUE
        assert len(case.events(EventKind.DEADLINE_PASSED.value)) == 1
        assert case.events(EventKind.CASE_ENDED.value)[0].details["in_time"] is False

    def test_another_task_does_not_stop_the_term(self, desk: Desk) -> None:
        case = waiting(desk, SUSPENSION.replace("during: wait_for_sample", "during: examine"))
        case.do("look")
        assert (case.case.result_due, case.ledger()) == (DUE, [])


def beside(desk: Desk, passport: str) -> Drawn:
    """Side by side: wait for the sample; take sample → examine. Then the end."""
    elements = (start(), gateway("parallel", "fork"), task("wait_for_sample"), task("take_sample", "brought"), task("examine"))
    flows = path("begin", "fork", "wait_for_sample", "join", "last", "finish") + path("fork", "take_sample", "examine", "join")
    return Drawn(desk, *elements, gateway("parallel", "join"), task("last"), end(), flows, passport=passport)


class TestBoth:
    def test_a_switch_while_the_term_stands_still_counts_the_rest_of_the_stop_alone(self, desk: Desk) -> None:
        case = beside(desk, SWITCH + SUSPENSION)
        assert case.case.result_due is None  # stopped at once, on 2 March
        case.at(astana(2026, 3, 5)).do("take_sample", "brought")
        assert (case.case.term, case.case.result_due, case.service_timers()) == ("30 calendar-days", None, {})
        case.at(astana(2026, 3, 10)).do("wait_for_sample")
        # 30 calendar days after Thursday 5 March is Saturday 4 April; it stood still for 5 of them (5 → 10 March): Thursday 9
        # April. Counted from the Monday to which the Saturday would have moved, it would wrongly be 13 April.
        assert case.case.result_due == astana(2026, 4, 9, 18, 30)

    def test_a_switch_at_the_task_that_stopped_the_term_begins_the_new_term_whole(self, desk: Desk) -> None:
        case = waiting(desk, SUSPENSION + SWITCH.replace("at: take_sample, outcome: brought", "at: wait_for_sample"))
        case.at(astana(2026, 3, 4)).do("look")
        case.at(astana(2026, 3, 10)).do("wait_for_sample")
        # 30 calendar days after Tuesday 10 March: Thursday 9 April.
        assert case.case.result_due == astana(2026, 4, 9, 18, 30)
        # The old term had 5 working days left: 11, 12, 13, 16, 17 March; the ledger keeps that.
        assert case.ledger()[0].due_after == astana(2026, 3, 17, 18, 30)

    def test_of_two_tasks_that_stop_the_term_the_last_to_end_lets_it_run(self, desk: Desk) -> None:
        second = "  - {id: other, during: take_sample, paragraph: Rules para 9, title: {kk: өзге, ru: иное, en: other}}\n"
        case = beside(desk, SUSPENSION + second)
        case.at(astana(2026, 3, 4)).do("take_sample", "brought")
        assert case.case.result_due is None
        case.at(astana(2026, 3, 5)).do("wait_for_sample")
        # Stopped from 2 to 5 March: 3, 4, 5 are three working days, once. 12 March → 13, 16, 17 March.
        assert case.case.result_due == astana(2026, 3, 17, 18, 30)

    def test_a_case_that_ends_while_the_term_stands_still_ends_in_time_with_its_ledger_closed(self, desk: Desk) -> None:
        elements = (start(), task("wait_for_sample"), end(), path("begin", "wait_for_sample", "finish"))
        case = Drawn(desk, *elements, passport=SUSPENSION)
        case.at(astana(2026, 5, 4)).do("wait_for_sample")
        assert case.case.status is CaseStatus.ISSUED
        assert case.ledger()[0].resumed_at == astana(2026, 5, 4)
        assert case.events(EventKind.CASE_ENDED.value)[0].details["in_time"] is True
        assert case.timers() == {}
