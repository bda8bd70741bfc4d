"""Who may do which work while people stand in for one another, and that work never stays with who may no longer do it."""

from __future__ import annotations

from datetime import date

import pytest

from app.cases import viewing, working
from app.cases.office import Office
from app.cases.people import add_person
from app.domain.errors import Declined, Forbidden
from app.domain.people import Actor, Role, Substitution
from app.domain.permissions import Action, WorkFacts, may
from app.domain.text import Text
from app.gateways.authority import TestAuthority
from tests.clock import HandClock, astana
from tests.desk import MADE_UP, Desk
from tests.press import with_short_letters

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 3)


@pytest.fixture
def desk(office: Office, clock: HandClock, authority: TestAuthority) -> Desk:
    return Desk(with_short_letters(office), clock, authority)


def reach(desk: Desk, case: str, login: str) -> list[str]:
    """The case's open items in this person's task list, and whether the list's count agrees."""
    actor = desk.actor(login)
    rows = [row.id for row in viewing.inbox(desk.office, actor).rows if row.case_id == case]
    assert viewing.inbox_counts(desk.office, actor)["all"] == len(rows)
    return rows


def test_who_stands_in_for_a_person_in_one_role_does_not_reach_that_persons_work_in_another() -> None:
    standing_in = Substitution("absent", "Жоқ Адам", Text(""), Role.HEAD, "1", FIRST, FIRST, LAST)
    actor = Actor(id="me", login="me", name="Мен", own_roles=frozenset({Role.EXECUTOR}), substitutions=(standing_in,))
    assert may(actor, Action.WORK_ITEM, WorkFacts("head", "absent"))
    assert not may(actor, Action.WORK_ITEM, WorkFacts("executor", "absent"))


def test_the_task_list_keeps_the_roles_of_a_substitution_apart_too(desk: Desk) -> None:
    case = desk.file()
    desk.register(case)
    desk.appoint(case, executor="executor")
    desk.substitute(absent="head", by="executor2", role=Role.HEAD, first=FIRST, last=LAST)
    assert reach(desk, case, "executor2") == []
    assert len(reach(desk, case, "executor")) == 1


def test_what_a_substitute_took_comes_back_when_the_substitution_ends(desk: Desk, clock: HandClock) -> None:
    case = desk.file()
    desk.register(case)
    desk.substitute(absent="head", by="deputy", role=Role.HEAD, first=FIRST, last=LAST)
    item = desk.item(case, "deputy").row.id
    working.claim(desk.office, desk.actor("deputy"), item)
    with pytest.raises(Declined, match="Орынбаев Өмір has this task now"):
        working.claim(desk.office, desk.actor("head"), item)
    assert reach(desk, case, "head") == []

    clock.move_to(astana(2026, 3, 4))  # the day after the last
    assert reach(desk, case, "deputy") == []
    with pytest.raises(Forbidden):
        working.claim(desk.office, desk.actor("deputy"), item)
    desk.sweep()
    assert viewing.work_item(desk.office, desk.actor("head"), item).may_act
    desk.appoint(case)
    assert "work-assigned" in desk.events(case)


def test_one_executor_stands_in_for_another_in_his_name_and_gives_the_work_back_to_him(desk: Desk) -> None:
    case = desk.file()
    desk.register(case)
    desk.appoint(case, executor="executor")
    desk.substitute(absent="executor", by="executor2", role=Role.EXECUTOR, first=FIRST, last=LAST, order="21-ж")
    behalf = "Орындаушиев Нұрлан (№ 21-ж, 2026-03-02)"

    executor2, item = desk.actor("executor2"), desk.item(case, "executor2").row
    assert item.on_behalf_of == "Орындаушиев Нұрлан"
    acting_for = desk.item(case, "executor2").acting_for
    assert acting_for is not None
    assert acting_for.order_number == "21-ж"
    working.claim(desk.office, executor2, item.id)
    working.release(desk.office, executor2, item.id)
    assert desk.item(case, "executor").row.mine

    desk.find_complete(case, "executor2")
    told = {e.kind.value: e.on_behalf_of for e in desk.case(case).timeline if e.actor == executor2.name}
    assert told == {"work-claimed": behalf, "work-released": behalf, "work-completed": behalf}
    assert desk.item(case, "executor").row.mine  # the next step is the appointed executor's again


def test_an_appointed_executor_cannot_give_the_appointment_back(desk: Desk) -> None:
    case = desk.file()
    desk.register(case)
    desk.appoint(case)
    with pytest.raises(Forbidden, match="was appointed the executor"):
        working.release(desk.office, desk.actor("executor"), desk.item(case, "executor").row.id)


def test_nobody_works_on_his_own_application(desk: Desk) -> None:
    company = MADE_UP["company"]
    add_person(desk.office, login="both", name=company.name, password="-", roles=[Role.CHANCELLERY], iin=company.iin)
    case = desk.file("company")
    item = desk.item(case, "clerk").row.id
    assert not viewing.work_item(desk.office, desk.actor("both"), item).may_act
    with pytest.raises(Forbidden):
        working.complete(desk.office, desk.actor("both"), item, rev=0, outcome="registered", answers={})
    desk.register(case)


@pytest.mark.parametrize("login", ["applicant", "clerk", "executor", "deputy", "compliance", "admin"])
def test_nobody_but_the_head_or_who_replaces_him_signs(desk: Desk, login: str) -> None:
    case = desk.file()
    desk.register(case)
    desk.appoint(case)
    desk.find_complete(case)
    desk.find_compliant(case)
    desk.draw_up(case)
    item, actor = desk.item(case, "head"), desk.actor(login)
    with pytest.raises(Forbidden):
        working.prepare_signing(desk.office, actor, item.row.id)
    with pytest.raises(Forbidden):
        working.complete(desk.office, actor, item.row.id, rev=item.rev, outcome="sign", answers={})
