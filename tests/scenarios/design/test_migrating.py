"""Running cases are moved to another version: nothing that has elapsed begins anew, nothing the applicant has begun is dropped.

Every case is filed on Monday 2 March 2026, 10:00, with a term of 7 working days: 3, 4, 5, 6, (7, 8 weekend, 9 off) 10, 11, 12 →
Thursday 12 March, 18:30. Its first step has 4 working days: 3, 4, 5, 6 → Friday 6 March, 18:30.
"""

from __future__ import annotations

from collections.abc import Mapping
from threading import Thread
from typing import Any

import pytest

from app.cases import changing_term, publishing, step_drafts, working
from app.cases.design import migrating
from app.cases.design.migrating import Wanted
from app.cli import OPERATOR
from app.domain.case import TimerKind
from app.domain.design import DesignEventKind, MigrationStatus, MovedStatus
from app.domain.errors import Declined, Forbidden, Invalid
from app.domain.events import EventKind
from app.domain.moves import Bundle
from app.store.bundles import read_bundle
from app.store.tables import Case, DesignEvent, MigratedCase, Timer, WorkItem
from tests.clock import astana
from tests.conftest import PROCESSES
from tests.desk import SERVICE, Desk
from tests.engine.drawing import boundary, definitions, end, path, process, start, timer
from tests.scenarios.design.many import copies
from tests.scenarios.drawn import ENDINGS, Drawn, task, with_keys
from tests.store.test_constant_cost import statements

SERVICE_DUE = astana(2026, 3, 12, 18, 30)
STEP_DUE = astana(2026, 3, 6, 18, 30)
GROUND = "Rules para 8, as amended by order No 15"


def limited(name: str, days: int | None, **options: Any) -> str:
    limit = f' limit="{days} working-days" from="opened"' if days is not None else ""
    return task(name, step=f'paragraph="Rules para 8"{limit}', **options)


def look_then(*others: str, days: int | None = 4) -> tuple[str, ...]:
    """look → each of the others → the end; the others have 3 working days."""
    steps = [limited("look", days), *(limited(name, 3) for name in others)]
    return start(), *steps, end(), path("begin", "look", *others, "finish")


def asking(inside: str = "", step: str = 'paragraph="Rules para 8"') -> tuple[str, ...]:
    """The applicant is asked for something; what watches his task comes to an end of its own."""
    ends = (end("over"), path("late", "over")) if inside else ()
    asked = task("ask", role="applicant", step=step)
    return start(), asked, inside, *ends, end(), path("begin", "ask", "finish")


LATE = boundary("late", "ask", timer("'10 working-days'"))
OVER = "\n  - {id: over, end: over, status: refused, paragraph: Rules para 8, message: {kk: бітті, ru: всё, en: over}}\n"


class Moved:
    """A case of a first version, and a second version it is to go to."""

    def __init__(self, desk: Desk, first: tuple[str, ...], second: tuple[str, ...], passport: str = "") -> None:
        self.desk, self.office, self.analyst = desk, desk.office, desk.actor("analyst")
        self.drawn = Drawn(desk, *first, passport=passport)
        self.old, self.second, self.passport = self.drawn.case.version_id, second, passport
        self.term = "7 working-days"  # of the service, in the second version

    def publish(self) -> str:
        files = dict(read_bundle(PROCESSES / SERVICE).files)
        files["process.bpmn"] = definitions(process(*self.second))
        text = files["service.yaml"].decode().replace("limit: 7 working-days", f"limit: {self.term}")
        files["service.yaml"] = with_keys(text, ENDINGS + self.passport).encode()
        version = publishing.publish(self.office, OPERATOR, publishing.CheckedBundle(SERVICE, Bundle(SERVICE, files), ()))
        return version.id

    def plan(self, elements: Mapping[str, str] | None = None, **changed: str) -> str:
        """Planned and checked."""
        pairs = {("main", here): ("main", there) for here, there in (elements or {}).items()}
        facts = {"from_version": self.old, "to_version": self.publish(), "ground": GROUND, "reason": "Жаңа редакция", **changed}
        self.id = migrating.plan(self.office, self.analyst, Wanted(SERVICE, elements=pairs, **facts))
        migrating.carry_on(self.office)
        return self.id

    def go(self, elements: Mapping[str, str] | None = None) -> Moved:
        migrating.start(self.office, self.analyst, self.plan(elements))
        migrating.carry_on(self.office)
        return self

    def revert(self) -> None:
        migrating.revert(self.office, self.analyst, self.id)
        migrating.carry_on(self.office)

    def row(self, case_id: str = "") -> MigratedCase:
        with self.office.reading() as uow:
            found = uow.moving.case_of(self.id, case_id or self.drawn.case_id)
        assert found is not None
        return found

    @property
    def status(self) -> MigrationStatus:
        with self.office.reading() as uow:
            found = uow.moving.get(self.id)
        assert found is not None
        return found.status

    def counts(self) -> dict[MovedStatus, int]:
        with self.office.reading() as uow:
            return dict(uow.moving.counts(self.id))

    def told(self) -> list[str]:
        with self.office.reading() as uow:
            events: list[DesignEvent] = list(uow.design.events(SERVICE, limit=50))
        return sorted(each.kind for each in events if each.details.get("migration") == self.id)


# --- Elapsed terms ----------------------------------------------------------------------------------------------------


def test_a_step_added_after_the_open_one_is_met_with_its_limit_and_no_deadline_begins_anew(desk: Desk) -> None:
    case = Moved(desk, look_then(), look_then("examine"))
    (before,) = case.drawn.items("look")
    case.drawn.at(astana(2026, 3, 4, 12))
    case.go()
    (after,) = case.drawn.items("look")
    assert (after.id, after.opened_at, after.due_at) == (before.id, before.opened_at, STEP_DUE)
    assert case.drawn.timers(TimerKind.STEP_DEADLINE) == {TimerKind.STEP_DEADLINE: STEP_DUE}
    assert case.drawn.case.result_due == SERVICE_DUE

    case.drawn.at(astana(2026, 3, 5, 15)).do("look")
    # Three working days after Thursday 5 March: 6, (7, 8 weekend, 9 off) 10, 11 → Wednesday 11 March.
    assert [item.due_at for item in case.drawn.items("examine")] == [astana(2026, 3, 11, 18, 30)]
    case.drawn.do("examine")
    assert case.drawn.case.status.is_final


@pytest.mark.parametrize(
    ("days", "due"),
    [
        (3, astana(2026, 3, 5, 18, 30)),  # from Monday 2 March, as before: 3, 4, 5
        (1, STEP_DUE),  # would have been over on Tuesday 3 March, before anybody knew of it
        (6, astana(2026, 3, 11, 18, 30)),  # 3, 4, 5, 6, 10, 11
        (9, STEP_DUE),  # 3, 4, 5, 6, 10, 11, 12, 13, 16: after the service's own term, Thursday 12 March
        (None, None),
    ],
)
def test_another_limit_of_the_open_step_is_counted_from_the_same_beginning(desk: Desk, days: int | None, due: object) -> None:
    case = Moved(desk, look_then(), look_then(days=days))
    case.drawn.at(astana(2026, 3, 4, 12))
    case.go()
    assert [item.due_at for item in case.drawn.items("look")] == [due]
    timers = case.drawn.timers(TimerKind.STEP_DEADLINE, TimerKind.STEP_REMINDER)
    assert timers.get(TimerKind.STEP_DEADLINE) == due
    assert case.drawn.case.result_due == SERVICE_DUE


def test_a_limit_where_there_was_none_is_counted_from_the_opening_of_the_step(desk: Desk) -> None:
    case = Moved(desk, look_then(days=None), look_then(days=3))
    case.drawn.at(astana(2026, 3, 4, 12))
    case.go()
    assert [item.due_at for item in case.drawn.items("look")] == [astana(2026, 3, 5, 18, 30)]


def test_a_limit_that_a_decision_made_longer_stays_as_decided(desk: Desk) -> None:
    grounds = (
        "extensions:\n  - {id: study, by: [head], limit: 10 working-days, notice: 3 working-days, paragraph: Rules para 14,\n"
        "     title: {kk: зерттеу, ru: изучение, en: study}, inferred: a test}\n"
    )
    case = Moved(desk, look_then(), look_then(days=3), passport=grounds)
    changing_term.extend_term(
        desk.office, desk.actor("head"), case.drawn.case_id, ground="study", by="2 working-days", reason="Зерттеу"
    )
    extended = case.drawn.items("look")[0].due_at
    assert extended == astana(2026, 3, 11, 18, 30)  # six working days: 3, 4, 5, 6, 10, 11
    case.go()
    assert case.drawn.items("look")[0].due_at == extended


@pytest.mark.parametrize("term", ["3 working-days", "15 working-days"])
def test_the_service_keeps_the_term_the_case_began_with(desk: Desk, term: str) -> None:
    case = Moved(desk, look_then(), look_then("examine"))
    case.term = term
    case.go()
    assert (case.drawn.case.term, case.drawn.case.result_due) == ("7 working-days", SERVICE_DUE)
    assert TimerKind.SERVICE_DEADLINE in case.drawn.service_timers()


# --- What belongs to an open step -------------------------------------------------------------------------------------


def test_the_item_stays_its_owners_with_what_he_typed_and_may_be_finished_from_a_page_opened_before(desk: Desk) -> None:
    case = Moved(desk, look_then(), look_then("examine"))
    executor = desk.actor("executor")
    (item,) = case.drawn.items("look")
    working.claim(desk.office, executor, item.id)
    rev = case.drawn.items("look")[0].rev
    step_drafts.keep_draft(desk.office, executor, item.id, {"note": "жартысы"}, outcome="done", rev=0)
    case.go()
    (after,) = case.drawn.items("look")
    assert (after.owner_id, after.rev) == (executor.id, rev)
    with desk.office.reading() as uow:
        draft = uow.work.draft(item.id, executor.id)
    assert draft is not None and draft.answers == {"note": "жартысы"}
    working.complete(desk.office, executor, item.id, rev=rev, outcome="done", answers={})
    assert case.drawn.open() == ["examine"]


def test_rows_are_named_by_the_new_version_where_an_element_has_another_name(desk: Desk) -> None:
    second = (start(), limited("study", 4), limited("examine", 3), end(), path("begin", "study", "examine", "finish"))
    case = Moved(desk, look_then("examine"), second)
    case.go({"look": "study"})
    assert case.drawn.open() == ["study"]
    assert {timer.element for timer in case.drawn.rows(Timer) if timer.token} == {"study"}
    case.revert()
    assert case.drawn.open() == ["look"]
    assert {timer.element for timer in case.drawn.rows(Timer) if timer.token} == {"look"}


def test_a_finished_step_keeps_its_record_under_its_new_name_and_later_limits_count_from_it(desk: Desk) -> None:
    def drawn(first: str, second: str) -> tuple[str, ...]:
        counted = task(second, step=f'paragraph="Rules para 8" limit="4 working-days" from="completed:{first}"')
        return start(), limited(first, 1), limited("sign", None), counted, end(), path("begin", first, "sign", second, "finish")

    case = Moved(desk, drawn("look", "examine"), drawn("study", "examine"))
    case.drawn.at(astana(2026, 3, 3, 12)).do("look")
    case.go({"look": "study"})
    case.drawn.at(astana(2026, 3, 5, 12)).do("sign")
    # Four working days after Tuesday 3 March: 4, 5, 6, (9 off) 10 → Tuesday 10 March.
    assert case.drawn.items("examine")[0].due_at == astana(2026, 3, 10, 18, 30)
    assert [record.step.kk for record in desk.case(case.drawn.case_id).records] == ["study", "sign"]


# --- What the applicant has begun -------------------------------------------------------------------------------------


def refused(case: Moved) -> str:
    case.plan()
    assert case.row().status is MovedStatus.REFUSED
    return case.row().template


def test_an_open_task_of_the_applicant_is_not_dropped(desk: Desk) -> None:
    case = Moved(desk, asking(), look_then())
    assert refused(case) == "“%(step)s” stands open and is not in the new version."
    with pytest.raises(Declined, match="no case"):
        migrating.start(desk.office, case.analyst, case.id)


def test_what_follows_when_the_applicants_time_is_over_is_not_dropped(desk: Desk) -> None:
    case = Moved(desk, asking(LATE), asking(), passport="")
    assert "applicant's time" in refused(case)


def test_a_new_timer_does_not_take_the_applicants_open_task_away(desk: Desk) -> None:
    assert "taken away" in refused(Moved(desk, asking(), asking(LATE)))


@pytest.mark.parametrize(
    ("days", "due"),
    [
        (5, astana(2026, 3, 17, 18, 30)),  # he was told ten: 3, 4, 5, 6, 10, 11, 12, 13, 16, 17 → Tuesday 17 March
        (12, astana(2026, 3, 19, 18, 30)),  # from Monday 2 March too: …, 17, 18, 19 → Thursday 19 March
    ],
)
def test_the_applicants_time_gets_longer_and_never_shorter(desk: Desk, days: int, due: object) -> None:
    case = Moved(desk, asking(LATE), asking(LATE.replace("10 working-days", f"{days} working-days")))
    case.drawn.at(astana(2026, 3, 4, 12))
    case.go()
    assert case.drawn.timers(TimerKind.PROCESS) == {TimerKind.PROCESS: due}
    assert case.drawn.items("ask")[0].due_at == due


def test_a_step_for_another_role_waits_until_it_is_done(desk: Desk) -> None:
    second = (start(), task("look", role="head"), end(), path("begin", "look", "finish"))
    assert "another role" in refused(Moved(desk, look_then(), second))


def test_a_step_that_was_done_must_be_in_the_new_version_for_its_record_to_be_read(desk: Desk) -> None:
    case = Moved(desk, look_then("examine"), (start(), limited("examine", 3), end(), path("begin", "examine", "finish")))
    case.drawn.do("look")
    assert "record" in refused(case)


def test_a_term_that_stands_still_by_a_decision_is_not_moved(desk: Desk) -> None:
    stops = "stops:\n  - {id: court, by: [head], paragraph: Rules para 9, title: {kk: сот, ru: суд, en: court}}\n"
    case = Moved(desk, look_then(), look_then("examine"), passport=stops)
    changing_term.stop_term(desk.office, desk.actor("head"), case.drawn.case_id, ground="court", reason="Сот")
    assert "stands still" in refused(case)


# --- The dry run and the history --------------------------------------------------------------------------------------


def test_the_dry_run_changes_nothing(desk: Desk) -> None:
    case = Moved(desk, look_then(), look_then("examine", days=3))
    before, rows = case.drawn.case, [(i.id, i.due_at, i.rev) for i in case.drawn.rows(WorkItem)]
    events = desk.events(case.drawn.case_id)
    case.plan()
    after = case.drawn.case
    assert case.row().status is MovedStatus.READY
    assert (after.version_id, after.rev, after.history_head) == (before.version_id, before.rev, before.history_head)
    assert [(i.id, i.due_at, i.rev) for i in case.drawn.rows(WorkItem)] == rows
    assert desk.events(case.drawn.case_id) == events
    assert {t.due_at for t in case.drawn.rows(Timer) if t.kind is TimerKind.STEP_DEADLINE} == {STEP_DUE}


def test_the_history_shows_before_and_after_with_the_legal_ground(desk: Desk) -> None:
    case = Moved(desk, look_then(), look_then(days=3))
    case.go()
    (event,) = case.drawn.events(EventKind.CASE_MIGRATED.value)
    assert event.actor_id == case.analyst.id
    assert (event.details["ground"], event.details["migration"]) == (GROUND, case.id)
    assert event.details["version_after"] == event.details["version_before"] + 1
    item = case.drawn.items("look")[0].id
    assert event.details["stood_before"]["open"] == [{"item": item, "step": "look", "due": STEP_DUE.isoformat()}]
    assert event.details["stood_after"]["open"] == [{"item": item, "step": "look", "due": astana(2026, 3, 5, 18, 30).isoformat()}]
    told = (DesignEventKind.MIGRATION_DONE, DesignEventKind.MIGRATION_PLANNED, DesignEventKind.MIGRATION_STARTED)
    assert case.told() == [kind.value for kind in told]
    desk.case(case.drawn.case_id, "company")  # the applicant's page and the staff's say it
    desk.case(case.drawn.case_id)


# --- Going back -------------------------------------------------------------------------------------------------------


def whole(case: Moved) -> Case:
    with case.office.unit_of_work() as uow:
        found = uow.cases.lock(case.drawn.case_id)
    assert found is not None
    return found


def test_a_case_that_has_not_gone_on_goes_back_to_all_it_was(desk: Desk) -> None:
    late = boundary("late", "look", timer("'8 working-days'"), interrupting=False)
    watched = (*look_then(), late, end("over"), path("late", "over"))
    case = Moved(desk, watched, look_then("examine", days=3))
    before = whole(case)
    case.drawn.at(astana(2026, 3, 3, 12))
    case.go()
    assert case.drawn.timers(TimerKind.PROCESS) == {}
    case.revert()
    after = whole(case)
    assert (after.version_id, after.state, after.result_due) == (before.version_id, before.state, SERVICE_DUE)
    assert case.drawn.items("look")[0].due_at == STEP_DUE
    # Eight working days after Monday 2 March, not after the day it went back: 3, 4, 5, 6, 10, 11, 12, 13 → Friday 13 March.
    assert case.drawn.timers(TimerKind.PROCESS) == {TimerKind.PROCESS: astana(2026, 3, 13, 18, 30)}
    assert case.drawn.timers(TimerKind.STEP_DEADLINE) == {TimerKind.STEP_DEADLINE: STEP_DUE}
    assert (case.row().status, case.status) == (MovedStatus.REVERTED, MigrationStatus.REVERTED)
    assert len(case.drawn.events(EventKind.MIGRATION_REVERTED.value)) == 1
    case.drawn.do("look")
    assert case.drawn.case.status.is_final


def test_a_case_that_has_gone_on_stays_and_says_why(desk: Desk) -> None:
    case = Moved(desk, look_then(), look_then("examine"))
    case.go()
    case.drawn.do("look")
    case.revert()
    assert (case.row().status, case.row().template) == (MovedStatus.KEPT, "The case has gone on since it was moved.")
    assert case.drawn.open() == ["examine"]


# --- Many cases -------------------------------------------------------------------------------------------------------


def test_sixty_cases_are_moved_one_by_one_each_at_the_same_cost_and_a_pause_holds(desk: Desk) -> None:
    case = Moved(desk, look_then(), look_then("examine", days=3))
    copies(desk.office, case.drawn.case_id, 59)
    case.plan()
    assert case.counts() == {MovedStatus.READY: 60}
    migrating.start(desk.office, case.analyst, case.id)
    migrating.pause(desk.office, case.analyst, case.id)
    assert migrating.carry_on(desk.office) == 0
    migrating.start(desk.office, case.analyst, case.id)
    with statements() as sent:
        assert migrating.carry_on(desk.office) == 60
    assert len(sent) / 60 <= 22
    assert case.counts() == {MovedStatus.MOVED: 60}
    assert case.status is MigrationStatus.DONE


def test_several_workers_share_the_cases_and_none_is_moved_twice(desk: Desk) -> None:
    case = Moved(desk, look_then(), look_then("examine"))
    made = copies(desk.office, case.drawn.case_id, 29)
    case.plan()
    migrating.start(desk.office, case.analyst, case.id)
    workers = [Thread(target=migrating.carry_on, args=(desk.office,)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    migrating.carry_on(desk.office)
    assert case.counts() == {MovedStatus.MOVED: 30}
    assert [desk.events(each).count(EventKind.CASE_MIGRATED.value) for each in made] == [1] * 29
    assert case.told().count(DesignEventKind.MIGRATION_DONE.value) == 1


def test_a_case_that_ended_or_cannot_go_any_more_since_the_dry_run_stays_with_the_reason(desk: Desk) -> None:
    case = Moved(desk, look_then(), look_then("examine"))
    case.plan()
    case.drawn.do("look")
    migrating.start(desk.office, case.analyst, case.id)
    migrating.carry_on(desk.office)
    assert (case.row().status, case.row().template) == (MovedStatus.REFUSED, "The case has ended.")
    assert case.status is MigrationStatus.DONE


# --- Who, and what a plan must say ------------------------------------------------------------------------------------


def test_a_plan_names_the_legal_ground_a_reason_two_versions_and_a_map_that_fits(desk: Desk) -> None:
    case = Moved(desk, look_then("examine"), look_then("study"))
    for wrong, words in (
        ({"ground": "заң"}, "legal ground"),
        ({"reason": " "}, "why running cases"),
        ({"to_version": case.old}, "two"),
    ):
        with pytest.raises(Invalid, match=words):
            case.plan(**wrong)
    for pairs in ({"look": "finish"}, {"look": "nowhere"}, {"look": "study", "examine": "study"}):
        with pytest.raises(Invalid, match="map of elements"):
            case.plan(pairs)


@pytest.mark.parametrize("login", ["head", "compliance", "company"])
def test_only_analysts_move_cases(desk: Desk, login: str) -> None:
    case = Moved(desk, look_then(), look_then("examine"))
    case.plan()
    for act in (migrating.start, migrating.pause, migrating.revert, migrating.check_again):
        with pytest.raises(Forbidden):
            act(desk.office, desk.actor(login), case.id)


def test_the_dry_run_can_be_done_again_and_says_what_is_true_now(desk: Desk) -> None:
    case = Moved(desk, look_then("examine"), (start(), limited("examine", 3), end(), path("begin", "examine", "finish")))
    assert "not in the new version" in refused(case)
    case.drawn.do("look")
    migrating.check_again(desk.office, case.analyst, case.id)
    migrating.carry_on(desk.office)
    assert "record" in case.row().template
