"""Where cases stand: counted by version and period, measured in working time, in a constant number of queries."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.cases import viewing
from app.cases.office import Office
from app.cases.viewing.standing import StandingView, StepStanding
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.moves import Bundle
from app.gateways.authority import TestAuthority
from tests.clock import HandClock, astana
from tests.desk import SERVICE, Desk
from tests.filling import work
from tests.made_up import published
from tests.press import with_short_letters
from tests.store.test_constant_cost import count


@pytest.fixture
def desk(office: Office, clock: HandClock, authority: TestAuthority) -> Desk:
    return Desk(with_short_letters(office), clock, authority)


def shown(desk: Desk, login: str = "compliance", **asked: object) -> StandingView:
    return viewing.standing(desk.office, desk.actor(login), SERVICE, **asked)  # type: ignore[arg-type]


def at(view: StandingView, element: str) -> StepStanding:
    return next(step for step in view.steps if step.element == element)


def refused(desk: Desk) -> str:
    case = desk.file()
    desk.register(case)
    desk.appoint(case)
    desk.find_complete(case)
    work(desk, case, "executor", "does_not_meet", data_true="no")
    work(desk, case, "executor", "drawn_up")
    desk.sign(case)
    return case


def test_what_waits_and_what_is_overdue_is_counted_where_it_waits(desk: Desk) -> None:
    for _ in range(2):
        desk.register(desk.file())
    desk.file()
    view = shown(desk)
    assert (view.open, view.ended) == (3, 0)
    assert (at(view, "appoint_executor").open, at(view, "register_application").open) == (2, 1)
    # Registration is due on the day of filing, Monday 2 March, at 18:30.
    desk.clock.move_to(astana(2026, 3, 3, 10))
    assert (at(shown(desk), "register_application").overdue, at(shown(desk), "appoint_executor").overdue) == (1, 0)


def test_working_time_is_told_by_its_middle_and_by_nine_of_ten(desk: Desk) -> None:
    # Filed at ten on Monday; registered after 1, 2 … 10 minutes: half took 5 at most, nine of ten took 9 at most.
    filed = [desk.file() for _ in range(10)]
    for case in filed:
        desk.clock.pass_by(minutes=1)
        desk.register(case)
    step = at(shown(desk), "register_application")
    assert (step.done, step.median, step.ninth) == (10, timedelta(minutes=5), timedelta(minutes=9))


def test_nights_and_lunch_are_no_working_time(desk: Desk) -> None:
    case = desk.file()
    desk.register(case)
    desk.clock.move_to(astana(2026, 3, 3, 10))
    desk.appoint(case)
    # Monday 10:00 to 18:30 without lunch from 13:00 to 14:30 is seven hours, Tuesday 9:00 to 10:00 one more.
    assert at(shown(desk), "appoint_executor").median == timedelta(hours=8)


def test_refusals_are_counted_by_ground_and_where_they_are_drawn_up(desk: Desk) -> None:
    refused(desk)
    refused(desk)
    view = shown(desk)
    assert [(ground.label.en, ground.count) for ground in view.grounds] == [(view.grounds[0].label.en, 2)]
    assert (at(view, "draw_up_refusal").refusals, at(view, "draft_discontinuation").refusals) == (2, 0)
    assert (view.open, view.ended, view.ended_late) == (0, 2, 0)


def test_a_term_that_was_missed_is_counted_at_its_step_and_for_the_service(desk: Desk) -> None:
    case = desk.file()
    desk.register(case)
    desk.appoint(case)
    desk.clock.move_to(astana(2026, 3, 13, 10))  # the check was due on 4 March, the service on 12 March
    desk.find_complete(case)
    desk.find_compliant(case)
    desk.draw_up(case)
    desk.sign(case)
    view = shown(desk)
    assert (at(view, "check_completeness").missed, view.ended, view.ended_late) == (1, 1, 1)


def test_a_period_holds_both_its_days_and_nothing_else(desk: Desk) -> None:
    desk.register(desk.file())  # Monday 2 March

    def done(first: date, last: date) -> int:
        return at(shown(desk, since=first, until=last), "register_application").done

    assert done(date(2026, 3, 2), date(2026, 3, 2)) == 1
    assert done(date(2026, 3, 1), date(2026, 3, 1)) == 0
    assert done(date(2026, 3, 3), date(2026, 3, 4)) == 0
    with pytest.raises(Invalid):
        shown(desk, since=date(2026, 3, 3), until=date(2026, 3, 2))


def test_each_version_has_its_own_cases(desk: Desk) -> None:
    desk.file()
    first = shown(desk)
    with desk.office.reading() as uow:
        newest = uow.processes.newest(SERVICE)
        assert newest is not None
        files = dict(uow.processes.bundle(newest).files)
    published(desk.office, Bundle(SERVICE, {**files, "process.bpmn": files["process.bpmn"] + b"<!-- told apart -->"}))
    second = shown(desk)
    assert [each.number for each in second.versions] == [2, 1]
    assert (second.open, shown(desk, version_id=first.version_id).open) == (0, 1)


def test_only_those_who_may_look_at_processes_see_it(desk: Desk) -> None:
    with pytest.raises(Forbidden):
        shown(desk, "clerk")
    with pytest.raises(NotFound):
        viewing.standing(desk.office, desk.actor("analyst"), "no-such-service")


def test_it_takes_as_many_queries_with_many_cases_as_with_few(desk: Desk) -> None:
    refused(desk)
    shown(desk)
    actor = desk.actor("compliance")
    few = count(lambda: viewing.standing(desk.office, actor, SERVICE))
    for _ in range(5):
        refused(desk)
        desk.register(desk.file())
    assert count(lambda: viewing.standing(desk.office, actor, SERVICE)) == few <= 10
