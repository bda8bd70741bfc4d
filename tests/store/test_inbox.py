"""The task list holds exactly what the permission table lets a person do, whoever stands in for whom; in order; once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from app.cases.office import Office
from app.cases.viewing.inbox import moments
from app.cases.working import facts_of
from app.domain.case import ApplicationStatus, WorkStatus
from app.domain.inbox import Due, Part, Sort, SortKey, Wish
from app.domain.people import Actor, Role, Substitution
from app.domain.permissions import Action, may
from app.domain.text import Text
from app.store.base import new_id
from app.store.inbox import Inbox
from app.store.tables import Application, Case, WorkItem
from tests.conftest import MONDAY_MORNING

SERVICES = ("guarantee-obligation-end-user-certificate", "export-control-licence")
ROLES = (Role.CHANCELLERY, Role.HEAD, Role.AGREEING_BODY)
LATE, SOON = MONDAY_MORNING - timedelta(days=1), MONDAY_MORNING + timedelta(days=3)


@dataclass(frozen=True)
class Place:
    """The people, units and cases of the generated worlds; made once a database."""

    people: tuple[str, ...]
    units: tuple[str, ...]
    cases: tuple[Case, ...]
    iins: tuple[str, ...]


@pytest.fixture
def place(office: Office) -> Place:
    with office.unit_of_work() as uow:
        users = [user for user, _ in uow.people.everyone() if user.login in ("clerk", "head", "deputy")]
        units = [unit.id for unit in uow.people.units()][:2]
        filer = uow.people.by_login("company")
        version = uow.processes.newest(SERVICES[0])
        assert filer is not None and version is not None
        cases = []
        for service in SERVICES:
            for iin, bin in ((users[0].iin, ""), ("991231500014", ""), ("991231500014", "991240000013")):
                application = Application(
                    applicant_id=filer.id,
                    version_id=version.id,
                    service=service,
                    variant="issue",
                    answers={},
                    status=ApplicationStatus.FILED,
                    changed_at=MONDAY_MORNING,
                )
                uow.cases.add_application(application)
                case = Case(
                    application_id=application.id,
                    version_id=version.id,
                    service=service,
                    variant="issue",
                    applicant_id=filer.id,
                    applicant_name="Үлгі",
                    applicant_iin=iin,
                    applicant_bin=bin,
                    received_at=MONDAY_MORNING,
                    registered_at=MONDAY_MORNING,
                    registered_on=date(2026, 3, 2),
                )
                cases.append(uow.cases.add(case))
        uow.commit()
    return Place(tuple(user.id for user in users), tuple(units), tuple(cases), (users[0].iin, "991231500014", ""))


@st.composite
def items(draw: Any, place: Place) -> WorkItem:
    case = draw(st.sampled_from(place.cases))
    owner = draw(st.none() | st.sampled_from(place.people))
    return WorkItem(
        case_id=case.id,
        token=new_id(),
        process="p",
        element="e",
        role=draw(st.sampled_from((*ROLES, Role.APPLICANT))).value,
        status=draw(st.sampled_from((WorkStatus.READY, WorkStatus.RESERVED, WorkStatus.READY, WorkStatus.COMPLETED))),
        service=case.service,
        unit_id=draw(st.none() | st.sampled_from(place.units)),
        owner_id=owner,
        taken_for=draw(st.none() | st.sampled_from(place.people)) if owner else None,
        opened_at=MONDAY_MORNING - timedelta(hours=draw(st.integers(0, 2))),
        due_at=draw(st.sampled_from((None, LATE, MONDAY_MORNING + timedelta(hours=2), SOON))),
        priority=draw(st.sampled_from((-1, 0, 1, 2))),
        snoozed_until=draw(st.sampled_from((None, None, LATE, SOON))) if owner else None,
    )


@st.composite
def actors(draw: Any, place: Place) -> Actor:
    me = draw(st.sampled_from(place.people))
    bin = draw(st.sampled_from(("", "991240000013")))  # who acts for an organisation has no cases of his own here
    substitution = st.builds(
        Substitution,
        absent_id=st.sampled_from([each for each in place.people if each != me]),
        absent_name=st.just("Жоқ"),
        absent_position=st.just(Text("")),
        role=st.sampled_from(ROLES),
        order_number=st.just("1"),
        order_date=st.just(date(2026, 3, 2)),
        first_day=st.just(date(2026, 3, 2)),
        last_day=st.just(date(2026, 3, 6)),
        services=st.sampled_from(((), SERVICES[:1], SERVICES[1:], SERVICES)),
        absent_unit_id=st.none() | st.sampled_from(place.units),
    )
    return Actor(
        id=me,
        login=me,
        name=me,
        iin="" if bin else draw(st.sampled_from(place.iins)),
        bin=bin,
        own_roles=frozenset(draw(st.sets(st.sampled_from((*ROLES, Role.APPLICANT)), max_size=3))),
        substitutions=tuple(draw(st.lists(substitution, max_size=3))),
        unit_id=draw(st.none() | st.sampled_from(place.units)),
    )


def in_the_order_of_the_law(found: list[WorkItem]) -> list[str]:
    """Due first, what has no term last; then what waits longest."""
    return [i.id for i in sorted(found, key=lambda i: (i.due_at is None, i.due_at or LATE, i.opened_at, i.id))]


def is_behalf(item: WorkItem, actor: Actor) -> bool:
    """Reached only by standing in, or taken in somebody's place."""
    held = item.role in {role.value for role in actor.own_roles}
    if item.owner_id == actor.id:
        return not held or item.taken_for is not None
    if item.owner_id is not None:
        return True
    return not held or (item.unit_id is not None and item.unit_id != actor.unit_id)


def check_a_world(inbox: Inbox, place: Place, world: list[WorkItem], actor: Actor, office: Office) -> None:
    cases = {case.id: case for case in place.cases}
    now, day_ends = office.clock.now(), datetime.fromisoformat("2026-03-02T19:00:00+00:00")  # midnight in Astana, UTC+5
    within = [
        item
        for item in world
        if item.status is not WorkStatus.COMPLETED and may(actor, Action.WORK_ITEM, facts_of(cases[item.case_id], item))
    ]
    asleep = {i.id for i in within if i.snoozed_until and i.snoozed_until > now and (i.due_at is None or i.due_at >= day_ends)}
    awake = [item for item in within if item.id not in asleep]

    def found(**wish: Any) -> list[str]:
        asked = Wish(**wish)
        return list(inbox.find(actor, asked, moments(office, asked)).ids)

    asked = Role.APPLICANT.value
    mine = [i for i in awake if i.owner_id == actor.id]
    nobodys = [i for i in awake if i.owner_id is None]
    units = [i for i in nobodys if i.role != asked and i.unit_id and i.unit_id == actor.unit_id]
    behalf = [i for i in awake if i.role != asked and is_behalf(i, actor)]
    overdue = [i for i in awake if i.due_at and i.due_at < now]
    today = [i for i in awake if i.due_at and now <= i.due_at < day_ends]
    assert found() == in_the_order_of_the_law(awake)
    assert found(part=Part.MINE) == in_the_order_of_the_law(mine)
    assert found(part=Part.ROLE) == in_the_order_of_the_law(nobodys)
    assert found(part=Part.UNIT) == in_the_order_of_the_law(units)
    assert found(part=Part.BEHALF) == in_the_order_of_the_law(behalf)
    assert found(part=Part.ASKED) == in_the_order_of_the_law([i for i in awake if i.role == asked])
    assert found(due=Due.OVERDUE) == in_the_order_of_the_law(overdue)
    assert found(service=SERVICES[0]) == in_the_order_of_the_law([i for i in awake if i.service == SERVICES[0]])
    assert found(least_priority=1) == in_the_order_of_the_law([i for i in awake if i.priority >= 1])
    assert found(sorts=(Sort(SortKey.DUE, descending=True),)) == in_the_order_of_the_law(awake)[::-1]
    by_priority = found(sorts=(Sort(SortKey.PRIORITY, descending=True),))
    expected = [i for level in (2, 1, 0, -1) for i in in_the_order_of_the_law([w for w in awake if w.priority == level])]
    assert by_priority == expected
    assert set(found(sorts=(Sort(SortKey.NUMBER), Sort(SortKey.OPENED)))) == {i.id for i in awake}
    assert inbox.counts(actor, moments(office, Wish())) == {
        "all": len(awake),
        "mine": len(mine),
        "role": len(nobodys),
        "unit": len(units),
        "behalf": len(behalf),
        "snoozed": len([i for i in within if i.id in asleep and i.owner_id and i.role != asked])
        + len([i for i in within if i.id in asleep and i.role == asked]),
        "overdue": len(overdue),
        "today": len(today),
    }
    assert {item.id for item, _, _ in inbox.rows(actor, [item.id for item in world])} == {item.id for item in within}


def test_the_list_is_what_the_permission_table_allows_whoever_stands_in_for_whom(office: Office, place: Place) -> None:
    examples = 60 if office.settings.database.startswith("sqlite") else 25

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(data=st.data())
    def holds(data: st.DataObject) -> None:
        world = data.draw(st.lists(items(place), max_size=14))
        people = data.draw(st.lists(actors(place), min_size=1, max_size=3))
        with office.unit_of_work() as uow:  # never committed
            session = uow._session
            session.execute(delete(WorkItem))
            session.add_all(world)
            session.flush()
            for actor in people:
                check_a_world(Inbox(session), place, world, actor, office)

    holds()


def test_a_list_of_more_than_a_thousand_ends_there_and_says_so(office: Office, place: Place) -> None:
    clerk = Actor(id=place.people[0], login="c", name="c", own_roles=frozenset({Role.CHANCELLERY}))
    with office.unit_of_work() as uow:
        session = uow._session
        for number in range(1003):
            session.add(
                WorkItem(
                    case_id=place.cases[1].id,
                    token=new_id(),
                    process="p",
                    element="e",
                    role="chancellery",
                    service=SERVICES[0],
                    opened_at=MONDAY_MORNING,
                    due_at=MONDAY_MORNING + timedelta(minutes=number),
                )
            )
        session.flush()
        inbox = Inbox(session)
        wish = Wish(sorts=(Sort(SortKey.APPLICANT),))
        for each in (Wish(), wish):
            found = inbox.find(clerk, each, moments(office, each), offset=990, limit=25)
            assert (len(found.ids), found.counted) == (10, 1001)
        assert inbox.counts(clerk, moments(office, Wish()))["all"] == 1001
        overdue = replace(Wish(), due=Due.OVERDUE)
        assert inbox.find(clerk, overdue, moments(office, overdue)).counted == 0
