"""Separation of duties: who draws up a decision, who agrees its draft and who signs it are three people, also where one stands in
for another."""

from __future__ import annotations

from datetime import date

import pytest

from app.cases import viewing, working
from app.cases.advancing import locked
from app.cases.assigning import give
from app.cases.people import add_person
from app.domain.case import AssignedHow
from app.domain.errors import Declined, Forbidden, Invalid
from app.domain.numbers import with_check_digit
from app.domain.people import Role
from app.domain.separation import Part, duty_of
from app.domain.text import Text
from app.engine.process import parse_process
from app.store.bundles import passport_of, read_bundle, services_in
from app.store.tables import Notice
from tests.conftest import PROCESSES
from tests.desk import Desk
from tests.engine.drawing import end, flow, gateway, path, start
from tests.scenarios.drawn import Drawn, task

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 31)
STEPS = (
    start("begin"),
    task("draw_up_certificate"),
    task("agree_draft", "agreed", "returned", role="department_head"),
    gateway("exclusive", "is_agreed", default="is_agreed_draw_up_certificate"),
    task("sign_certificate", "sign", "return_for_rework", role="head"),
    gateway("exclusive", "is_signed", default="is_signed_draw_up_certificate"),
    end("finish"),
    path("begin", "draw_up_certificate", "agree_draft", "is_agreed"),
    flow("is_agreed", "sign_certificate", "agree_draft == 'agreed'"),
    flow("is_agreed", "draw_up_certificate"),
    flow("sign_certificate", "is_signed"),
    flow("is_signed", "finish", "sign_certificate == 'sign'"),
    flow("is_signed", "draw_up_certificate"),
)


@pytest.fixture
def drawn(desk: Desk) -> Drawn:
    """A process whose draft is agreed by the head of department, and people who hold several roles."""
    everything = (Role.EXECUTOR, Role.DEPARTMENT_HEAD, Role.HEAD)
    for number, login in enumerate(("universal", "universal2", "universal3")):
        add_person(
            desk.office,
            login=login,
            name=login.capitalize(),
            password="rasim",
            roles=everything,
            iin=with_check_digit(f"9912315{number + 100:04d}"),
            bin="",
            organisation="",
            position=Text("Маман"),
            unit="provider",
        )
    return Drawn(desk, *STEPS, passport="limits: []\n")


def may_act(drawn: Drawn, element: str, login: str) -> bool:
    """Whether the person may do the step; the page, the list and an attempt have to agree."""
    (item,) = drawn.items(element)
    actor = drawn.desk.actor(login)
    view = viewing.work_item(drawn.office, actor, item.id)
    listed = item.id in {row.id for row in viewing.inbox(drawn.office, actor).rows}
    try:
        working.complete(drawn.office, actor, item.id, rev=-1, outcome="", answers={})
        tried = True
    except Declined as error:
        tried = "out of date" in str(error)  # nothing but the page's age stands in the way
    except Forbidden:
        tried = False
    assert view.may_act == listed == tried, (view.may_act, listed, tried)
    return tried


def test_who_drew_up_a_decision_neither_agrees_nor_signs_it(drawn: Drawn) -> None:
    drawn.do("draw_up_certificate", by="universal")
    assert not may_act(drawn, "agree_draft", "universal")
    assert may_act(drawn, "agree_draft", "universal2")
    drawn.do("agree_draft", "agreed", by="universal2")
    assert not may_act(drawn, "sign_certificate", "universal")
    assert not may_act(drawn, "sign_certificate", "universal2")
    assert may_act(drawn, "sign_certificate", "universal3")


def test_the_page_says_why_the_preparer_may_not_sign(drawn: Drawn) -> None:
    drawn.do("draw_up_certificate", by="universal")
    drawn.do("agree_draft", "agreed", by="universal2")
    (item,) = drawn.items("sign_certificate")
    for login, words in (("universal", "You prepared this decision"), ("universal2", "You agreed the draft of this decision")):
        said = viewing.work_item(drawn.office, drawn.desk.actor(login), item.id).excluded
        assert said is not None and str(said).startswith(words)
        with pytest.raises(Forbidden, match=words):
            working.claim(drawn.office, drawn.desk.actor(login), item.id)
    assert viewing.work_item(drawn.office, drawn.desk.actor("universal3"), item.id).excluded is None


def test_who_prepared_for_another_and_whom_he_stood_in_for_are_both_kept_from_signing(drawn: Drawn) -> None:
    desk = drawn.desk
    desk.substitute(absent="universal", by="deputy", role=Role.EXECUTOR, first=FIRST, last=LAST)
    desk.substitute(absent="head", by="deputy", role=Role.HEAD, first=FIRST, last=LAST)
    drawn.do("draw_up_certificate", by="deputy")  # in the place of universal
    drawn.do("agree_draft", "agreed", by="universal2")
    assert not may_act(drawn, "sign_certificate", "deputy")
    assert not may_act(drawn, "sign_certificate", "universal")
    assert may_act(drawn, "sign_certificate", "head")


def test_nobody_signs_in_the_place_of_whoever_prepared(drawn: Drawn) -> None:
    desk = drawn.desk
    desk.substitute(absent="universal", by="deputy", role=Role.HEAD, first=FIRST, last=LAST)
    drawn.do("draw_up_certificate", by="universal")
    drawn.do("agree_draft", "agreed", by="universal2")
    assert not may_act(drawn, "sign_certificate", "deputy")
    desk.substitute(absent="head", by="deputy", role=Role.HEAD, first=FIRST, last=LAST, order="18-ж")
    assert may_act(drawn, "sign_certificate", "deputy")
    (item,) = drawn.items("sign_certificate")
    working.claim(drawn.office, desk.actor("deputy"), item.id)
    (taken,) = drawn.items("sign_certificate")
    assert taken.taken_for == desk.actor("head").id  # not of the preparer, whose order is the earlier one


def test_a_returned_draft_begins_a_new_round(drawn: Drawn) -> None:
    clock = drawn.desk.clock
    drawn.do("draw_up_certificate", by="universal")
    drawn.do("agree_draft", "agreed", by="universal2")
    drawn.do("sign_certificate", "return_for_rework", by="universal3")
    clock.pass_by(minutes=5)
    drawn.do("draw_up_certificate", by="universal2")
    assert may_act(drawn, "agree_draft", "universal")  # he prepared the round before only
    drawn.do("agree_draft", "agreed", by="universal")
    assert may_act(drawn, "sign_certificate", "universal3")  # who returned the draft may sign the next
    assert not may_act(drawn, "sign_certificate", "universal2")


def test_the_item_is_given_to_nobody_who_prepared(drawn: Drawn) -> None:
    drawn.do("draw_up_certificate", by="universal")
    (found,) = drawn.items("agree_draft")
    preparer, admin = drawn.desk.actor("universal"), drawn.desk.actor("deputy")
    with drawn.office.unit_of_work() as uow:
        this, item = locked(drawn.office, uow, drawn.case_id), uow.work.get(found.id, lock=True)
        assert item is not None
        with pytest.raises(Invalid, match="Universal prepared this decision"):
            give(uow, this, item, preparer.id, AssignedHow.ASSIGNED, by=admin, at=drawn.desk.clock.now())
        other = drawn.desk.actor("depthead").id
        with pytest.raises(Invalid, match="Universal prepared this decision"):
            give(uow, this, item, other, AssignedHow.ASSIGNED, by=admin, at=drawn.desk.clock.now(), taken_for=preparer.id)


def test_supervisors_are_told_once_when_nobody_is_left(drawn: Drawn) -> None:
    def told() -> list[str]:
        return [n.user_id for n in drawn.rows(Notice) if n.template.startswith("Nobody is left")]

    with drawn.office.unit_of_work() as uow:
        for login in ("head", "universal3"):
            user = uow.people.by_login(login)
            assert user is not None
            user.active = False
        uow.commit()
    drawn.do("draw_up_certificate", by="universal")
    assert told() == []  # others may agree
    drawn.do("agree_draft", "agreed", by="universal2")
    assert told() == [drawn.desk.actor("deputy").id]


def test_what_every_service_signs_is_drawn_up_and_signed_by_different_people() -> None:
    """The steps of every service by their parts: each signing step looks at where its result is drawn up; in none of the acts
    is a draft agreed between the two."""
    signing = 0
    for folder in services_in(PROCESSES):
        bundle = read_bundle(folder)
        passport, process = passport_of(bundle), parse_process(bundle)
        found = {e.id: duty_of(passport, process.elements, process.follows, e) for e in process.elements.values()}
        for result in passport.results:
            duty = found[result.signed_at]
            assert duty is not None and duty.part is Part.SIGNS
            assert duty.drawn_up_at == {result.drawn_up_at} and duty.agreed_at == frozenset()
            prepares = found[result.drawn_up_at]
            assert prepares is not None and prepares.part is Part.PREPARES
            signing += 1
        assert Part.APPROVES not in {duty.part for duty in found.values() if duty}
    assert signing == 45
