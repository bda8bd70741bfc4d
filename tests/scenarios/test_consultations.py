"""Bodies are asked, reply or keep silent; what their replies come to; choices by tables; limits of called processes.

Every case is filed on Monday 2 March 2026, 10:00. Days off near it: weekends, Monday 9 March.
"""

from __future__ import annotations

import pytest

from app.cases import viewing, working
from app.domain.case import TimerKind, WorkStatus
from app.domain.errors import Declined, HandlerFailed
from app.domain.events import EventKind
from tests.clock import astana
from tests.desk import Desk
from tests.engine.drawing import boundary, call, definitions, end, flow, gateway, path, process, service, start, timer
from tests.scenarios.drawn import Drawn, many, task

BODIES = """
consultations:
  - {id: interior, at: reply, paragraph: Rules para 8, body: {kk: ІІМ, ru: МВД, en: Interior}, about: {kk: а, ru: б, en: persons}}
  - {id: abroad, at: reply, paragraph: Rules para 8, when: "acts_as_intermediary == 'yes'",
     body: {kk: СІМ, ru: МИД, en: Foreign affairs}, about: {kk: а, ru: б, en: the exporter}}
  - {id: reissuing, at: reply, paragraph: Rules para 8, variants: [reissue],
     body: {kk: ҚМ, ru: МО, en: Defence}, about: {kk: а, ru: б, en: the change}}
  - {id: security, at: reply, paragraph: Rules para 8, body: {kk: ҰҚК, ru: КНБ, en: Security}, about: {kk: а, ru: б, en: goods}}
"""


def reply(inside: str = many("count")) -> str:
    limit = 'paragraph="Rules para 8" limit="2 working-days"'
    return task("reply", "agree", "disagree", role="agreeing_body", step=limit, inside=inside)


def agreeing(desk: Desk, passport: str = BODIES, replying: str = "", **options: str) -> Drawn:
    """count → reply, at most 3 working days → sum up → review (back to count, or on) → agreed, or not (refused)."""
    elements = (start(), gateway("exclusive", "again"), service("count", "count_bodies"), replying or reply())
    silent = boundary("silence", "reply", timer("working_days(3)"))
    rest = (gateway("exclusive", "heard"), service("sum_up", "sum_up_replies"), task("review", "ask_again", "go_on"))
    ways = (gateway("exclusive", "enough", "enough_agreed"), gateway("exclusive", "agreed", "agreed_finish"))
    flows = path("begin", "again", "count", "reply", "heard", "sum_up", "review", "enough", "agreed", "finish")
    back = flow("silence", "heard") + flow("enough", "again", "review == 'ask_again'")
    refused = flow("agreed", "refused", "sum_up != 'positive'")
    return Drawn(desk, *elements, silent, *rest, *ways, end(), end("refused"), flows, back, refused, passport=passport, **options)


def summed_up(case: Drawn) -> object:
    """The flag of the summing step, as the task behind it sees it."""
    with case.office.unit_of_work() as uow:
        locked = uow.cases.lock(case.case_id)
        assert locked is not None
        version = uow.processes.get(locked.version_id)
        assert version is not None
        waits = case.office.engine.waits(case.office.engine.load(uow.processes.bundle(version)), locked.state)
    return next(wait.flags["sum_up"] for wait in waits if wait.element == "review")


class TestWhoIsAsked:
    def test_each_body_that_applies_has_a_task_of_its_own_in_the_passports_order(self, desk: Desk) -> None:
        case = agreeing(desk)
        assert [item.instance for item in case.items("reply")] == [1, 2]
        bodies = {row.work_item_id: row.consultation for row in case.asked()}
        assert [bodies[item.id] for item in case.items("reply")] == ["interior", "security"]

    def test_variants_and_conditions_say_who_applies(self, desk: Desk) -> None:
        case = agreeing(desk, variant="reissue")
        bodies = {row.work_item_id: row.consultation for row in case.asked()}
        assert [bodies[item.id] for item in case.items("reply")] == ["interior", "reissuing", "security"]

    def test_what_is_written_down_is_who_was_asked_when_and_until_when(self, desk: Desk) -> None:
        row = agreeing(desk).asked()[0]
        # Two working days after Monday 2 March: Wednesday 4 March, 18:30.
        assert (row.asked_at, row.due_at) == (astana(2026, 3, 2), astana(2026, 3, 4, 18, 30))
        assert (row.reply, row.replied_at) == ("", None)

    def test_the_history_names_the_body_with_the_opened_step(self, desk: Desk) -> None:
        case = agreeing(desk)
        opened = [event.details.get("consultation") for event in case.events(EventKind.WORK_OPENED.value)]
        assert opened == ["interior", "security"]

    def test_with_nobody_to_ask_the_case_goes_straight_on(self, desk: Desk) -> None:
        first, _, rest = BODIES.partition("  - ")
        only = first + next(f"  - {body}" for body in rest.split("  - ") if body.startswith("{id: reissuing"))
        case = agreeing(desk, only)
        assert (case.open(), case.asked(), summed_up(case)) == (["review"], [], "positive")

    def test_bodies_may_be_asked_one_after_the_other(self, desk: Desk) -> None:
        case = agreeing(desk, replying=reply(many("count", sequential="true")))
        assert [row.consultation for row in case.asked()] == ["interior"]
        case.do("reply", "agree", by="agency")
        assert sorted(row.consultation for row in case.asked()) == ["interior", "security"]

    def test_a_task_repeated_more_often_than_bodies_apply_is_told(self, desk: Desk) -> None:
        with pytest.raises(Exception, match="asks body number 3; by the passport 2 are to be asked"):
            agreeing(desk, replying=reply(many("count + 1")))


class TestReplies:
    def test_a_body_replies_by_finishing_its_task(self, desk: Desk) -> None:
        case = agreeing(desk)
        case.at(astana(2026, 3, 3, 11)).do("reply", "agree", by="agency", number=1)
        rows = {row.consultation: (row.reply, row.replied_at) for row in case.asked()}
        assert rows == {"interior": ("", None), "security": ("agree", astana(2026, 3, 3, 11))}

    @pytest.mark.parametrize(
        ("replies", "come_to"),
        [(("agree", "agree"), "positive"), (("agree", "disagree"), "negative"), (("disagree", "agree"), "negative")],
    )
    def test_all_replies_together(self, desk: Desk, replies: tuple[str, str], come_to: str) -> None:
        case = agreeing(desk)
        for each in replies:
            case.do("reply", each, by="agency")
        assert summed_up(case) == come_to

    def test_silence_takes_the_task_away_and_stands_in_the_history(self, desk: Desk) -> None:
        case = agreeing(desk)
        case.do("reply", "agree", by="agency", number=0)
        late = case.items("reply")[0]
        case.at(astana(2026, 3, 5, 19))  # three working days: Thursday 5 March, 18:30
        assert summed_up(case) == "silent"
        (event,) = case.events(EventKind.CONSULTATION_SILENT.value)
        assert event.details == {"item": late.id, "consultation": "security"}
        assert [item.status for item in case.items("reply", closed=True)] == [WorkStatus.COMPLETED, WorkStatus.OBSOLETE]
        with pytest.raises(Declined):
            working.complete(desk.office, desk.actor("agency"), late.id, rev=late.rev, outcome="agree", answers={})

    def test_a_negative_reply_outweighs_silence(self, desk: Desk) -> None:
        case = agreeing(desk)
        case.do("reply", "disagree", by="agency")
        case.at(astana(2026, 3, 5, 19))
        assert summed_up(case) == "negative"

    def test_a_body_never_reached_was_silent(self, desk: Desk) -> None:
        case = agreeing(desk, replying=reply(many("count", sequential="true")))
        case.at(astana(2026, 3, 5, 19))
        assert [row.consultation for row in case.asked()] == ["interior"]
        assert summed_up(case) == "silent"

    def test_in_a_second_round_the_new_replies_count_even_in_the_same_moment(self, desk: Desk) -> None:
        case = agreeing(desk)
        for first, second in (("disagree", "agree"), ("agree", "agree"), ("agree", "disagree")):
            case.do("reply", first, by="agency")
            case.do("reply", second, by="agency")
            expected = "negative" if "disagree" in (first, second) else "positive"
            assert summed_up(case) == expected
            case.do("review", "ask_again")
        assert len(case.asked()) == 8

    def test_a_body_late_with_its_reply_is_reminded_and_the_supervisor_is_told(self, desk: Desk) -> None:
        case = agreeing(desk)
        case.at(astana(2026, 3, 4, 19))
        (first, second) = case.events(EventKind.ESCALATED.value)
        assert first.details["to"] == second.details["to"] == "supervisor"
        assert len(case.events(EventKind.REMINDED.value)) == 2


def two_groups(desk: Desk) -> Drawn:
    """Two agreements one after the other: one repeated task, then one body at a plain task."""
    one = service("count", "count_bodies") + task("reply", "agree", "disagree", role="agreeing_body", inside=many("count"))
    two = task("check", "agree", "disagree", role="security_department") + service("sum_up", "sum_up_replies")
    flows = path("begin", "count", "reply", "first_sum", "check", "sum_up", "review", "finish")
    third = (
        "  - {id: department, at: check, paragraph: Rules para 8, body: {kk: ҰҚД, ru: ДКНБ, en: Department},"
        " about: {kk: а, ru: б, en: c}}\n"
    )
    elements = (start(), one, service("first_sum", "sum_up_replies"), two, task("review"), end(), flows)
    return Drawn(desk, *elements, passport=BODIES + third)


class TestSeveralAgreements:
    def test_a_step_sums_up_what_leads_to_it_and_no_earlier_step_has(self, desk: Desk) -> None:
        case = two_groups(desk)
        case.do("reply", "disagree", by="agency")
        case.do("reply", "agree", by="agency")
        (row,) = [row for row in case.asked() if row.consultation == "department"]
        assert row.work_item_id == case.items("check")[0].id
        case.do("check", "agree", by="security")
        assert summed_up(case) == "positive"  # the earlier agreement was negative, and is the earlier step's

    def test_a_sum_with_no_reply_before_it_is_told(self, desk: Desk) -> None:
        with pytest.raises(HandlerFailed, match="No task at which bodies reply leads to the step 'sum_up'"):
            Drawn(
                desk,
                start(),
                service("sum_up", "sum_up_replies"),
                task("review"),
                end(),
                path("begin", "sum_up", "review", "finish"),
            )

    def test_a_count_that_repeats_no_reply_is_told(self, desk: Desk) -> None:
        with pytest.raises(HandlerFailed, match="No task at which bodies reply is repeated by the count of 'count'"):
            agreeing(desk, replying=reply(many("2")))


TABLE = """
decisions:
  - at: choose
    otherwise: plain
    rows: [{when: "variant == 'reissue'", gives: anew}, {when: "channel == 'portal'", gives: first}]
"""


class TestDecisionTables:
    def chosen(self, desk: Desk, passport: str = TABLE, **options: str) -> list[str]:
        ways = flow("way", "first", "choose == 'first'") + flow("way", "anew", "choose == 'anew'")
        flows = path("begin", "choose", "way", "plain", "finish") + ways + path("first", "finish") + path("anew", "finish")
        elements = (start(), service("choose", "decide"), gateway("exclusive", "way", "way_plain"))
        return Drawn(
            desk, *elements, task("plain"), task("first"), task("anew"), end(), flows, passport=passport, **options
        ).open()

    @pytest.mark.parametrize(("variant", "way"), [("issue", "first"), ("reissue", "anew")])
    def test_the_first_row_that_holds_decides(self, desk: Desk, variant: str, way: str) -> None:
        assert self.chosen(desk, variant=variant) == [way]

    def test_if_no_row_holds_the_rest_does(self, desk: Desk) -> None:
        assert self.chosen(desk, TABLE.replace("channel == 'portal'", "paid == 'gateway'")) == ["plain"]

    def test_a_step_without_a_table_is_told(self, desk: Desk) -> None:
        with pytest.raises(HandlerFailed, match="The passport has no decision table for the step 'choose'"):
            self.chosen(desk, TABLE.replace("at: choose", "at: other"))


CALLED = definitions(
    process(
        *(start("called_begin"), task("hand_over", step='from="opened"', role="chancellery"), end("called_end")),
        *(boundary("called_late", "hand_over", timer("working_days(9)")), end("called_over")),
        path("called_begin", "hand_over", "called_end") + flow("called_late", "called_over"),
        id_="called",
    )
)
LIMITS = """
limits:
  - {element: hand_over, limit: 3 working-days, counted_from: completed:look, paragraph: Rules para 9 part 1}
  - {element: called_late, limit: 4 working-days, paragraph: Rules para 9 part 2}
"""


class TestLimitsOfCalledProcesses:
    def calling(self, desk: Desk, passport: str = LIMITS) -> Drawn:
        elements = (start(), task("look"), task("wait"), call("copy", "called"), end())
        case = Drawn(desk, *elements, path("begin", "look", "wait", "copy", "finish"), passport=passport, shared=CALLED)
        case.do("look")
        case.at(astana(2026, 3, 3)).do("wait")
        return case

    def test_a_step_has_the_passports_limit_counted_from_the_passports_event(self, desk: Desk) -> None:
        case = self.calling(desk)
        # "look" was done on Monday 2 March; three working days: Thursday 5 March. From its opening it would be Friday.
        due = astana(2026, 3, 5, 18, 30)
        assert case.items("hand_over")[0].due_at == due
        assert case.timers()[TimerKind.STEP_DEADLINE] == due

    def test_a_timer_runs_by_the_passports_limit_and_not_by_what_is_drawn_for_all(self, desk: Desk) -> None:
        # Four working days after Tuesday 3 March: 4, 5, 6, (7-9 off) Tuesday 10 March.
        assert self.calling(desk).timers()[TimerKind.PROCESS] == astana(2026, 3, 10, 18, 30)

    def test_without_an_entry_the_step_has_no_limit_and_the_timer_its_own(self, desk: Desk) -> None:
        case = self.calling(desk, "limits: []\n")
        assert case.items("hand_over")[0].due_at is None
        # Nine working days after 3 March: 4, 5, 6, 10, 11, 12, 13, 16, Tuesday 17 March.
        assert case.timers()[TimerKind.PROCESS] == astana(2026, 3, 17, 18, 30)

    def test_the_task_page_shows_the_limit_and_its_paragraph(self, desk: Desk) -> None:
        case = self.calling(desk)
        view = viewing.work_item(desk.office, desk.actor("clerk"), case.items("hand_over")[0].id)
        assert (view.element.limit, view.row.paragraph) == ("3 working-days", "Rules para 9 part 1")
