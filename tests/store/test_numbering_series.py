"""Numbers by the rule of the body: each body's series of its own, gapless under a rush, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from app.cases import numbering, viewing, working
from app.cases.office import Office
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.people import Role
from app.store.tables import Jurisdiction
from tests.desk import Desk
from tests.filling import file
from tests.threads import at_once

OTHER = "border-strip-entry-pass"


@pytest.fixture
def offices(office: Office, open_another: Callable[[], Office]) -> tuple[Office, Office]:
    """Two processes over one database."""
    return office, open_another()


def test_two_series_are_numbered_side_by_side_under_a_rush(desk: Desk, offices: tuple[Office, Office]) -> None:
    numbering.set_numbering(desk.office, desk.actor("admin"), "provider", "ЖТ-{serial}/{year}")
    first = [desk.file() for _ in range(3)]
    second = [file(desk, OTHER, "activity-or-event") for _ in range(3)]
    with desk.office.unit_of_work() as uow:
        unit = uow.people.unit("security")
        assert unit is not None
        unit.numbering = "Б-{year}-{serial:04d}"
        uow.commit()
    items = [desk.item(case, "clerk").row.id for case in (*first, *second)]
    with desk.office.unit_of_work() as uow:  # the second service is registered in the name of the other body
        uow.people.set_jurisdiction(Jurisdiction(service=OTHER, role=Role.CHANCELLERY.value, unit_id=unit.id))
        uow.commit()
    calls = [
        partial(working.complete, offices[i % 2], desk.actor("clerk"), item, rev=0, outcome="registered", answers={})
        for i, item in enumerate(items)
    ]
    assert at_once(calls) == [None] * 6
    assert sorted(desk.case(case).number for case in first) == [f"ЖТ-{n}/2026" for n in (1, 2, 3)]
    assert sorted(desk.case(case).number for case in second) == [f"Б-2026-{n:04d}" for n in (1, 2, 3)]


def test_a_part_of_a_body_numbers_by_the_rule_of_the_whole_until_it_has_its_own(desk: Desk) -> None:
    admin = desk.actor("admin")
    numbering.set_numbering(desk.office, admin, "provider", "ЖТ-{serial}/{year}")
    with desk.office.unit_of_work() as uow:
        unit = uow.people.unit("department")
        clerk = uow.people.by_login("clerk")
        assert unit is not None
        assert clerk is not None
        clerk.unit_id = unit.id
        uow.commit()
    cases = [desk.file() for _ in range(3)]
    desk.register(cases[0])
    numbering.set_numbering(desk.office, admin, "department", "Б-{serial}-{year}")
    desk.register(cases[1])
    numbering.set_numbering(desk.office, admin, "department", "")
    desk.register(cases[2])
    assert [desk.case(case).number for case in cases] == ["ЖТ-1/2026", "Б-1-2026", "ЖТ-2/2026"]


def test_without_a_rule_numbers_are_as_they_always_were_and_the_page_does_not_tell_one_before_it_is_given(desk: Desk) -> None:
    case = desk.file()
    assert desk.item(case, "clerk").case.number == ""
    desk.register(case)
    assert desk.case(case).number == "2026-00001"


def test_a_case_is_found_by_a_number_of_any_shape(desk: Desk) -> None:
    numbering.set_numbering(desk.office, desk.actor("admin"), "provider", "ЖТ-{serial}/{year}")
    case = desk.file()
    desk.register(case)
    assert [row.id for row in viewing.cases(desk.office, desk.actor("head"), query="жт-1/2026").rows] == [case]


def test_no_two_bodies_give_the_same_numbers_and_only_an_administrator_sets_a_rule(desk: Desk) -> None:
    admin = desk.actor("admin")
    numbering.set_numbering(desk.office, admin, "provider", "ЖТ-{serial}/{year}")
    with pytest.raises(Invalid, match="numbers by"):
        numbering.set_numbering(desk.office, admin, "department", "ЖТ-{serial:05d}/{year}")
    with pytest.raises(Invalid, match="without a rule"):
        numbering.set_numbering(desk.office, admin, "department", "{year}-{serial}")
    with pytest.raises(NotFound):
        numbering.set_numbering(desk.office, admin, "nowhere", "Х-{serial}/{year}")
    with pytest.raises(Forbidden):
        numbering.set_numbering(desk.office, desk.actor("clerk"), "provider", "Х-{serial}/{year}")
