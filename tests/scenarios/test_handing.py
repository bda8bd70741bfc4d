"""A superior gives work of the list to a colleague who may do it, with a reason that is kept."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.cases import handing
from app.cases.office import Office
from app.cases.people import add_person
from app.domain.case import AssignedHow
from app.domain.errors import Declined, Forbidden, Invalid
from app.domain.people import Role
from app.gateways.authority import TestAuthority
from app.store.tables import Assignment
from tests.clock import HandClock
from tests.desk import Desk
from tests.press import with_short_letters


@pytest.fixture
def desk(office: Office, clock: HandClock, authority: TestAuthority) -> Desk:
    return Desk(with_short_letters(office), clock, authority)


def test_work_is_given_with_a_reason_to_whom_may_do_it_and_to_nobody_else(desk: Desk) -> None:
    case = desk.file()
    desk.register(case)
    add_person(desk.office, login="head2", name="Екінші Басшы", password="x", roles=[Role.HEAD], unit="provider")
    head, second, item = desk.actor("head"), desk.actor("head2"), desk.item(case, "head").row
    with pytest.raises(Invalid, match="Say why"):
        handing.assign(desk.office, head, item.id, second.id, " ")
    with pytest.raises(Declined, match="Тіркеуова Күнсұлу may not do this step"):
        handing.assign(desk.office, head, item.id, desk.actor("clerk").id, "Жүктеме")
    with pytest.raises(Forbidden):
        handing.assign(desk.office, desk.actor("clerk"), item.id, second.id, "Жүктеме")
    handing.assign(desk.office, head, item.id, second.id, "Жүктеме")
    assert desk.item(case, "head2").row.mine
    with desk.office.reading() as uow:
        given = uow._session.scalars(select(Assignment).where(Assignment.work_item_id == item.id)).all()
    assert [(row.how, row.to_id, row.by_id, row.reason) for row in given] == [
        (AssignedHow.ASSIGNED, second.id, head.id, "Жүктеме")
    ]


def test_one_that_cannot_be_done_stops_no_other_and_each_is_done_once() -> None:
    done: list[str] = []

    def act(item_id: str) -> None:
        if item_id == "b":
            raise Declined("%(name)s has this task now.", name="Ғани")
        done.append(item_id)

    results = handing.each(["a", "b", "c", "a"], act)
    assert done == ["a", "c"]
    assert [(each.item_id, str(each.why_not or "")) for each in results] == [
        ("a", ""),
        ("b", "Ғани has this task now."),
        ("c", ""),
    ]
    with pytest.raises(Invalid, match="At most 100"):
        handing.each([str(number) for number in range(101)], act)
