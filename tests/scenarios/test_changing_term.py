"""The service's term is stopped, run on and made longer by a decision: only on listed grounds, to the day, on both databases.

Every case is filed on Monday 2 March 2026, 10:00, with a term of 7 working days: 3, 4, 5, 6, (7, 8 weekend, 9 off) 10, 11, 12 →
Thursday 12 March, 18:30. Further days off: 23-25 March (Nauryz). The step has 4 working days: 3, 4, 5, 6 → Friday 6 March, 18:30.
"""

from __future__ import annotations

from datetime import date, datetime

import pytest

from app.cases import changing_term, viewing
from app.domain.case import CaseStatus, TimerKind
from app.domain.errors import Declined, Forbidden, Invalid
from app.domain.events import EventKind
from app.domain.people import Role
from app.store.tables import Notice
from tests.clock import astana
from tests.desk import Desk
from tests.engine.drawing import end, path, start
from tests.scenarios.drawn import Drawn, task

DUE = astana(2026, 3, 12, 18, 30)
STEP_DUE = astana(2026, 3, 6, 18, 30)
GROUNDS = """
stops:
  - {id: court, by: [head, supervisor], paragraph: Rules para 9, title: {kk: сот, ru: суд, en: court}}
extensions:
  - {id: study, by: [head], limit: 10 working-days, notice: 3 working-days, paragraph: Rules para 14,
     title: {kk: зерттеу, ru: изучение, en: study}, inferred: a test}
  - {id: facts, by: [head, supervisor], limit: 1 calendar-months, notice: 3 working-days, paragraph: Code art 76,
     title: {kk: мән-жай, ru: обстоятельства, en: facts}, inferred: a test}
"""


def drawn(desk: Desk, passport: str = GROUNDS) -> Drawn:
    """look (4 working days) → examine (2 working days) → the end."""
    look = task("look", step='paragraph="Rules para 8" limit="4 working-days" from="opened"')
    examine = task("examine", step='paragraph="Rules para 8" limit="2 working-days" from="opened"')
    return Drawn(desk, start(), look, examine, end(), path("begin", "look", "examine", "finish"), passport=passport)


def stop(case: Drawn, by: str = "head", ground: str = "court", reason: str = "Сот шешімі күтілуде") -> None:
    changing_term.stop_term(case.office, case.desk.actor(by), case.case_id, ground=ground, reason=reason)


def run_on(case: Drawn, by: str = "head", reason: str = "Шешім келді") -> None:
    changing_term.run_term_on(case.office, case.desk.actor(by), case.case_id, reason=reason)


def extend(case: Drawn, days: int, by: str = "head", ground: str = "study", reason: str = "Қосымша зерттеу керек") -> None:
    actor = case.desk.actor(by)
    changing_term.extend_term(case.office, actor, case.case_id, ground=ground, by=f"{days} working-days", reason=reason)


def told_applicant(case: Drawn) -> list[Notice]:
    applicant = case.case.applicant_id
    return sorted((row for row in case.rows(Notice) if row.user_id == applicant), key=lambda row: row.at)


def step_timers(case: Drawn) -> dict[TimerKind, datetime]:
    return case.timers(TimerKind.STEP_REMINDER, TimerKind.STEP_DEADLINE)


class TestStop:
    def test_while_it_stands_still_nothing_of_the_provider_falls_due(self, desk: Desk) -> None:
        case = drawn(desk)
        stop(case.at(astana(2026, 3, 4, 12)))
        assert (case.case.result_due, case.timers()) == (None, {})
        assert case.items("look")[0].due_at is None
        case.at(astana(2026, 3, 17, 15))
        assert case.events(EventKind.DEADLINE_PASSED.value) == []

    def test_what_was_left_of_the_term_and_of_the_step_runs_on(self, desk: Desk) -> None:
        case = drawn(desk)
        stop(case.at(astana(2026, 3, 4, 12)))
        run_on(case.at(astana(2026, 3, 17, 15)))
        # Stopped on Wednesday 4 March with 5, 6, 10, 11, 12 left: five days after Tuesday 17 March are 18, 19, 20, (21, 22
        # weekend, 23-25 off) 26, 27 → Friday 27 March. Of the step 5 and 6 were left: 18, 19 → Thursday 19 March.
        due, step_due = astana(2026, 3, 27, 18, 30), astana(2026, 3, 19, 18, 30)
        assert case.case.result_due == due
        assert case.service_timers()[TimerKind.SERVICE_DEADLINE] == due
        assert case.items("look")[0].due_at == step_due
        assert step_timers(case) == {
            TimerKind.STEP_DEADLINE: step_due,
            TimerKind.STEP_REMINDER: astana(2026, 3, 19, 9),
        }
        (row,) = case.ledger()
        assert (row.due_before, row.due_after) == (DUE, due)

    def test_a_second_stop_counts_beside_the_first(self, desk: Desk) -> None:
        case = drawn(desk)
        stop(case.at(astana(2026, 3, 3, 12)))
        run_on(case.at(astana(2026, 3, 5, 12)))  # two working days: 16 March; the step: Wednesday 11 March (9 March is off)
        assert case.case.result_due == astana(2026, 3, 16, 18, 30)
        assert case.items("look")[0].due_at == astana(2026, 3, 11, 18, 30)
        stop(case.at(astana(2026, 3, 10, 12)))
        run_on(case.at(astana(2026, 3, 11, 12)))  # one more: 17 March; the step: 12 March
        assert case.case.result_due == astana(2026, 3, 17, 18, 30)
        assert case.items("look")[0].due_at == astana(2026, 3, 12, 18, 30)

    def test_a_step_opened_meanwhile_has_its_whole_limit_when_the_term_runs_on(self, desk: Desk) -> None:
        case = drawn(desk)
        stop(case.at(astana(2026, 3, 3, 12)))
        case.at(astana(2026, 3, 4, 12)).do("look")
        run_on(case.at(astana(2026, 3, 5, 12)))  # two working days after Thursday 5 March: 6, 10
        assert case.items("examine")[0].due_at == astana(2026, 3, 10, 18, 30)

    def test_the_applicant_is_told_the_ground_and_the_reason_and_history_names_the_paragraph(self, desk: Desk) -> None:
        case = drawn(desk)
        stop(case)
        run_on(case.at(astana(2026, 3, 3, 12)))
        stopped, going = told_applicant(case)[-2:]
        assert stopped.values["ground"] == {"kk": "сот", "ru": "суд", "en": "court"}
        assert stopped.values["reason"] == "Сот шешімі күтілуде"
        assert going.values["due"] == astana(2026, 3, 13, 18, 30).isoformat()
        (event,) = case.events(EventKind.TERM_STOPPED.value)
        assert (event.paragraph, event.role, event.details["due_before"]) == ("Rules para 9", "head", DUE.isoformat())
        (event,) = case.events(EventKind.TERM_RESUMED.value)
        assert event.details["due"] == astana(2026, 3, 13, 18, 30).isoformat()

    def test_a_service_that_lists_no_ground_refuses_in_a_clear_sentence(self, desk: Desk) -> None:
        case = drawn(desk, passport="")
        with pytest.raises(Invalid, match="lists no ground on which its term may be stopped"):
            stop(case)
        with pytest.raises(Invalid, match="lists no ground on which its term may be made longer"):
            extend(case, 1)
        assert case.case.result_due == DUE

    def test_what_stands_still_or_is_over_cannot_be_stopped(self, desk: Desk) -> None:
        case = drawn(desk)
        stop(case)
        with pytest.raises(Declined, match="stands still already"):
            stop(case)
        with pytest.raises(Declined, match="stands still already"):
            extend(case, 1)
        run_on(case)
        with pytest.raises(Declined, match="does not stand still"):
            run_on(case)
        case.at(astana(2026, 3, 13, 12))
        with pytest.raises(Declined, match="what is over"):
            stop(case)

    def test_a_reason_is_wanted_and_a_listed_ground(self, desk: Desk) -> None:
        case = drawn(desk)
        with pytest.raises(Invalid, match="Say the reason"):
            stop(case, reason="  ")
        with pytest.raises(Invalid, match="Choose one of the grounds"):
            stop(case, ground="study")

    def test_a_case_that_ends_meanwhile_closes_its_ledger(self, desk: Desk) -> None:
        case = drawn(desk)
        case.do("look")
        stop(case)
        case.at(astana(2026, 4, 1, 12)).do("examine")
        assert case.case.status is CaseStatus.ISSUED
        assert case.ledger()[0].resumed_at == astana(2026, 4, 1, 12)
        assert case.events(EventKind.CASE_ENDED.value)[0].details["in_time"] is True
        with pytest.raises(Declined, match="has ended"):
            run_on(case)


class TestExtension:
    def test_the_term_and_the_open_step_get_longer_by_as_much(self, desk: Desk) -> None:
        case = drawn(desk)
        extend(case.at(astana(2026, 3, 5, 12)), 5)
        # Five working days after 12 March: 13, 16, 17, 18, 19 → Thursday 19 March. The step from 6 March: 10, 11, 12, 13, 16.
        due, step_due = astana(2026, 3, 19, 18, 30), astana(2026, 3, 16, 18, 30)
        assert (case.case.term, case.case.result_due) == ("12 working-days", due)
        assert case.service_timers()[TimerKind.SERVICE_DEADLINE] == due
        assert case.items("look")[0].due_at == step_due
        assert step_timers(case)[TimerKind.STEP_DEADLINE] == step_due
        case.at(astana(2026, 3, 13, 12))  # both old days have passed
        assert case.events(EventKind.DEADLINE_PASSED.value) == []

    def test_over_the_holidays(self, desk: Desk) -> None:
        case = drawn(desk)
        extend(case, 8)
        # 13, 16, 17, 18, 19, 20, (21, 22 weekend, 23-25 Nauryz) 26, 27 → Friday 27 March.
        assert case.case.result_due == astana(2026, 3, 27, 18, 30)

    def test_all_decisions_on_one_ground_together_keep_within_it(self, desk: Desk) -> None:
        case = drawn(desk)
        extend(case, 6)
        with pytest.raises(Invalid, match="by 10 working-days at most, all decisions together; this would be 11"):
            extend(case, 5)
        extend(case, 4)
        assert case.case.term == "17 working-days"

    def test_a_ground_in_other_units_allows_a_last_day_and_converts_nothing(self, desk: Desk) -> None:
        case = drawn(desk)
        # A month after Thursday 12 March is Sunday 12 April: the next working day, Monday 13 April. Working days after 12
        # March: 13 (1), 16-20 (6), 26, 27 (8), 30, 31 March, 1-3 April (13), 6-10 (18), 13 April (19).
        with pytest.raises(Invalid, match="by 1 calendar-months at most"):
            extend(case, 20, ground="facts")
        extend(case, 10, ground="facts", by="deputy")
        with pytest.raises(Invalid, match="by 1 calendar-months at most"):
            extend(case, 10, ground="facts")  # counted from the first decision's day, not anew
        extend(case, 9, ground="facts")
        assert case.case.result_due == astana(2026, 4, 13, 18, 30)

    def test_only_the_roles_a_ground_names_decide(self, desk: Desk) -> None:
        case = drawn(desk)
        with pytest.raises(Forbidden, match="for another role"):
            extend(case, 1, by="deputy")
        for login in ("executor", "depthead", "clerk", "company", "admin", "compliance"):
            with pytest.raises(Forbidden):
                extend(case, 1, by=login, ground="facts")
            with pytest.raises(Forbidden):
                stop(case, by=login)

    def test_who_stands_in_for_the_head_decides_by_his_order(self, desk: Desk) -> None:
        day = date(2026, 3, 2)
        desk.substitute(absent="head", by="deputy", role=Role.HEAD, first=day, last=day)
        case = drawn(desk)
        extend(case, 1, by="deputy")
        (event,) = case.events(EventKind.TERM_EXTENDED.value)
        assert (event.role, event.paragraph) == ("head", "Rules para 14")
        assert event.details["acting_for"]["order"] == "17-ж"

    def test_another_unit_than_the_terms_is_refused(self, desk: Desk) -> None:
        case = drawn(desk)
        head = desk.actor("head")
        with pytest.raises(Invalid, match="Units are not converted"):
            changing_term.extend_term(desk.office, head, case.case_id, ground="study", by="3 calendar-days", reason="себеп")
        assert case.case.term == "7 working-days"


class TestLedger:
    def test_the_ledger_tells_running_and_standing_still_by_turns(self, desk: Desk) -> None:
        case = drawn(desk)
        stop(case.at(astana(2026, 3, 4, 12)))
        run_on(case.at(astana(2026, 3, 17, 15)))
        extend(case, 2)
        found = viewing.term(desk.office, desk.actor("head"), case.case_id)
        assert [(each.since, each.until, each.runs) for each in found.ledger] == [
            (astana(2026, 3, 2, 10), astana(2026, 3, 4, 12), True),
            (astana(2026, 3, 4, 12), astana(2026, 3, 17, 15), False),
            (astana(2026, 3, 17, 15), None, True),
        ]
        # Open 09:00-18:30 but for 13:00-14:30: 8 hours a day. Monday from 10:00 7 h, Tuesday 8 h, Wednesday to 12:00 3 h.
        assert found.ledger[0].working_time.total_seconds() == 18 * 3600
        assert [(each.term, each.by) for each in found.extensions] == [("2 working-days", desk.actor("head").name)]

    def test_the_applicant_sees_the_ledger_with_reasons_and_without_names(self, desk: Desk) -> None:
        case = drawn(desk)
        stop(case)
        seen = viewing.case(desk.office, desk.actor("company"), case.case_id)
        assert [(each.reason, each.by) for each in seen.stops] == [("Сот шешімі күтілуде", "")]
