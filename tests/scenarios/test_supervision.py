"""Those who answer for the work of others see when it is breached if nobody acts, and give it to others: on both databases.

Cases are filed on Monday 2 March 2026, 10:00. Of the service's 7 working days (3, 4, 5, 6, 10, 11, 12 March; 9 March is off) the
completeness check takes 2 at most (Wednesday 4 March), compliance 4 more (5, 6, 10, 11), the certificate 1 (12 March).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.cases import supervising, viewing
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.events import EventKind
from app.domain.people import Role
from app.domain.views import Narrowed, SupervisedRow
from app.store.tables import Absence, Assignment, Notice, User
from tests.clock import astana
from tests.desk import Desk
from tests.store.test_constant_cost import count

ALL = Narrowed()


def at_completeness(desk: Desk) -> str:
    case_id = desk.file()
    desk.register(case_id)
    desk.appoint(case_id)
    return case_id


def seen(desk: Desk, login: str = "deputy", narrowed: Narrowed = ALL) -> tuple[SupervisedRow, ...]:
    return viewing.supervised(desk.office, desk.actor(login), narrowed).rows


def away(desk: Desk, login: str, first: date, last: date) -> None:
    with desk.office.unit_of_work() as uow:
        uow._session.add(Absence(user_id=desk.actor(login).id, kind="leave", first_day=first, last_day=last))
        uow.commit()


def sit_in(desk: Desk, login: str, unit: str) -> None:
    with desk.office.unit_of_work() as uow:
        user = uow._session.get(User, desk.actor(login).id)
        place = uow.people.unit(unit)
        assert user is not None and place is not None
        user.unit_id = place.id
        uow.commit()


def events(desk: Desk, case_id: str, kind: EventKind) -> list[dict[str, object]]:
    with desk.office.reading() as uow:
        return [event.details for event in uow.history.of(case_id) if event.kind == kind.value]


class TestForecast:
    def test_what_is_breached_first_is_told(self, desk: Desk) -> None:
        at_completeness(desk)
        (row,) = seen(desk)
        assert row.breach is not None
        assert (row.breach.at, row.breach.of_the_service) == (astana(2026, 3, 4, 18, 30), False)
        assert row.result_due == astana(2026, 3, 12, 18, 30)
        assert (row.last_day, row.away, row.missed_by) == (date(2026, 3, 4), None, None)

    def test_an_absence_moves_the_last_day_on_which_somebody_can_act(self, desk: Desk) -> None:
        at_completeness(desk)
        away(desk, "executor", date(2026, 3, 3), date(2026, 3, 9))
        (row,) = seen(desk)
        assert row.last_day == date(2026, 3, 2)
        assert row.away is not None  # back on the first working day after the moved holiday, Monday 9 March
        assert (row.away.first, row.away.last, row.away.back) == (date(2026, 3, 3), date(2026, 3, 9), date(2026, 3, 10))

    def test_nobody_is_there_before_the_breach(self, desk: Desk) -> None:
        at_completeness(desk)
        away(desk, "executor", date(2026, 3, 2), date(2026, 3, 6))
        (row,) = seen(desk)
        assert row.last_day is None

    def test_a_substitute_who_is_there_himself_can_act(self, desk: Desk) -> None:
        at_completeness(desk)
        first, last = date(2026, 3, 2), date(2026, 3, 6)
        desk.substitute(absent="executor", by="executor2", role=Role.EXECUTOR, first=first, last=last)
        (row,) = seen(desk)
        assert row.last_day == date(2026, 3, 4)
        assert row.away is not None and row.away.by == desk.actor("executor2").name
        away(desk, "executor2", date(2026, 3, 3), date(2026, 3, 4))
        assert seen(desk)[0].last_day == date(2026, 3, 2)

    def test_even_with_every_limit_kept_the_term_is_missed(self, desk: Desk) -> None:
        case_id = at_completeness(desk)
        desk.wait_until(astana(2026, 3, 10, 12))
        (row,) = seen(desk)
        # Done on Tuesday 10 March at the earliest; then 4 + 1 working days: 11, 12, 13, 16, 17 → three after 12 March.
        assert (row.case_id, row.missed_by) == (case_id, 3)
        assert row.left is not None and row.left.total_seconds() < 0

    def test_overdue_and_due_soon_are_found_by_both_terms(self, desk: Desk) -> None:
        at_completeness(desk)  # due on 4 March, the second working day
        assert [len(seen(desk, narrowed=Narrowed(view=view))) for view in ("all", "soon", "overdue")] == [1, 1, 0]
        desk.wait_until(astana(2026, 3, 5, 10))
        assert [len(seen(desk, narrowed=Narrowed(view=view))) for view in ("all", "soon", "overdue")] == [1, 0, 1]


class TestWhoSeesWhat:
    def test_a_head_of_department_sees_his_own_units_work_alone(self, desk: Desk) -> None:
        at_completeness(desk)
        assert len(seen(desk, "depthead")) == 1
        sit_in(desk, "depthead", "department")
        assert seen(desk, "depthead") == ()
        sit_in(desk, "executor", "department")
        assert len(seen(desk, "depthead")) == 1

    @pytest.mark.parametrize("login", ["executor", "clerk", "admin", "agency", "company", "compliance"])
    def test_others_see_nothing(self, desk: Desk, login: str) -> None:
        with pytest.raises(Forbidden):
            seen(desk, login)
        with pytest.raises(Forbidden):
            viewing.loads(desk.office, desk.actor(login), ALL)
        with pytest.raises(Forbidden):
            supervising.assign_one(desk.office, desk.actor(login), "x", None, "себеп")

    def test_who_stands_in_for_the_head_sees_what_his_order_covers(self, desk: Desk) -> None:
        at_completeness(desk)
        day = date(2026, 3, 2)
        desk.substitute(absent="head", by="clerk", role=Role.HEAD, first=day, last=day)
        assert len(seen(desk, "clerk")) == 1
        narrow = desk.actor("clerk")
        other = replace(narrow, substitutions=(replace(narrow.substitutions[0], services=("poisons-licence",)),))
        assert viewing.supervised(desk.office, other, ALL).rows == ()

    def test_the_list_costs_as_many_statements_with_many_cases_as_with_one(self, desk: Desk) -> None:
        deputy = desk.actor("deputy")

        def cost() -> tuple[int, int]:
            return (
                count(lambda: viewing.supervised(desk.office, deputy, ALL)),
                count(lambda: viewing.loads(desk.office, deputy, ALL)),
            )

        at_completeness(desk)
        before = cost()
        for _ in range(3):
            at_completeness(desk)
        assert cost() == before


class TestDeadlines:
    def test_other_bodies_and_the_administrator_see_no_deadlines_of_cases_not_theirs(self, desk: Desk) -> None:
        at_completeness(desk)
        assert viewing.deadlines(desk.office, desk.actor("clerk")).total > 0
        for login in ("agency", "interior", "security"):
            with pytest.raises(Forbidden):
                viewing.deadlines(desk.office, desk.actor(login))
        assert viewing.deadlines(desk.office, desk.actor("admin")).rows == ()


class TestLoad:
    def test_open_overdue_and_due_are_counted_by_person_and_unit(self, desk: Desk) -> None:
        at_completeness(desk)
        desk.wait_until(astana(2026, 3, 5, 10))
        desk.file()  # nobody's yet, with the chancellery: due today
        found = viewing.loads(desk.office, desk.actor("deputy"), ALL)
        executor = next(each for each in found.people if each.id == desk.actor("executor").id)
        nobody = next(each for each in found.people if each.id == "")
        assert (executor.open, executor.overdue, executor.today) == (1, 1, 0)
        assert (nobody.open, nobody.overdue, nobody.today, nobody.this_week) == (1, 0, 1, 1)
        assert found.people[0] == executor  # what is overdue weighs most
        assert executor.oldest == astana(2026, 3, 2, 10)
        provider = next(each for each in found.units if str(each.unit.en) == "Provider")
        assert provider.open == 1

    def test_the_average_is_of_working_time(self, desk: Desk) -> None:
        case_id = desk.file()
        desk.wait_until(astana(2026, 3, 3, 10))
        desk.register(case_id)  # opened Monday 10:00, done Tuesday 10:00: 7 + 1 hours without the lunch of 1 h 30 min
        found = viewing.loads(desk.office, desk.actor("deputy"), ALL)
        clerk = next(each for each in found.people if each.id == desk.actor("clerk").id)
        assert clerk.average is not None and clerk.average.total_seconds() == 8 * 3600


class TestGivingToAnother:
    def test_the_executors_work_is_given_with_the_case(self, desk: Desk) -> None:
        case_id = at_completeness(desk)
        item, to = seen(desk)[0].id, desk.actor("executor2").id
        given = supervising.assign_one(desk.office, desk.actor("deputy"), item, to, "Жүктеме көп")
        assert given.before_id == desk.actor("executor").id
        desk.find_complete(case_id, executor="executor2")  # the next step too is the new executor's
        assert desk.item(case_id, "executor2").row.mine
        (changed,) = events(desk, case_id, EventKind.EXECUTOR_CHANGED)
        assert (changed["before"], changed["executor"]) == (desk.actor("executor").id, to)

    def test_the_reason_stands_in_the_assignment_and_both_are_told(self, desk: Desk) -> None:
        at_completeness(desk)
        item, to = seen(desk)[0].id, desk.actor("executor2").id
        supervising.assign_one(desk.office, desk.actor("deputy"), item, to, "Жүктеме көп")
        with desk.office.reading() as uow:
            rows = uow._session.query(Assignment).filter_by(work_item_id=item, to_id=to).all()
            assert [(row.reason, row.by_id) for row in rows] == [("Жүктеме көп", desk.actor("deputy").id)]
            told = {row.user_id for row in uow._session.query(Notice) if "was given to" in row.template}
        assert told == {to, desk.actor("executor").id}

    def test_a_second_assignment_back_undoes_it(self, desk: Desk) -> None:
        case_id = at_completeness(desk)
        item, to = seen(desk)[0].id, desk.actor("executor2").id
        (given,) = supervising.assign(desk.office, desk.actor("deputy"), [(item, to)], "Жүктеме көп")
        supervising.assign(desk.office, desk.actor("deputy"), [(item, given.before_id)], "Қайтарылды")
        assert desk.item(case_id, "executor").row.mine
        assert len(events(desk, case_id, EventKind.EXECUTOR_CHANGED)) == 2

    def test_who_may_not_have_it_is_refused_with_the_reason(self, desk: Desk) -> None:
        at_completeness(desk)
        item, deputy = seen(desk)[0].id, desk.actor("deputy")
        with pytest.raises(Invalid, match="does not hold the role"):
            supervising.assign_one(desk.office, deputy, item, desk.actor("clerk").id, "себеп")
        with pytest.raises(Invalid, match="Say why"):
            supervising.assign_one(desk.office, deputy, item, desk.actor("executor2").id, " ")
        away(desk, "executor2", date(2026, 3, 2), date(2026, 3, 6))
        with pytest.raises(Invalid, match="is away until"):
            supervising.assign_one(desk.office, deputy, item, desk.actor("executor2").id, "себеп")

    def test_nobody_is_given_his_own_application(self, desk: Desk) -> None:
        case_id = at_completeness(desk)
        item, deputy, executor2 = seen(desk)[0].id, desk.actor("deputy"), desk.actor("executor2")
        with desk.office.unit_of_work() as uow:
            case = uow.cases.lock(case_id)
            assert case is not None
            case.applicant_iin = executor2.iin
            uow.commit()
        with pytest.raises(Invalid, match="filed this application"):
            supervising.assign_one(desk.office, deputy, item, executor2.id, "себеп")

    def test_a_head_of_department_gives_within_his_own_unit_only(self, desk: Desk) -> None:
        at_completeness(desk)
        item, to = seen(desk)[0].id, desk.actor("executor2").id
        sit_in(desk, "depthead", "department")
        with pytest.raises(NotFound):
            supervising.assign_one(desk.office, desk.actor("depthead"), item, to, "себеп")

    def test_many_are_spread_by_load_and_each_result_is_told(self, desk: Desk) -> None:
        for _ in range(3):
            at_completeness(desk)
        deputy, people = desk.actor("deputy"), [desk.actor("executor2").id, desk.actor("clerk").id]
        items = [row.id for row in seen(desk)]
        planned = supervising.spread(desk.office, deputy, items, people)
        assert {each.to_id for each in planned} == {desk.actor("executor2").id}  # the clerk does not hold the role
        results = supervising.assign(desk.office, deputy, [(items[0], people[0]), (items[1], people[1])], "Демалыс")
        assert [each.why_not is None for each in results] == [True, False]
        assert [row.owner_id for row in seen(desk, narrowed=Narrowed(person=people[0]))] == [people[0]]

    def test_two_who_may_have_it_get_alike(self, desk: Desk) -> None:
        for _ in range(4):
            at_completeness(desk)
        people = [desk.actor("executor2").id, desk.actor("executor").id]
        items = [row.id for row in seen(desk)]
        planned = supervising.spread(desk.office, desk.actor("deputy"), items, people)
        assert sorted(each.to_id == people[0] for each in planned) == [False, False, True, True]  # two stay where all were
