"""Who stands in, who is away, who sits where and holds which role: what follows for their work, on both databases."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

import pytest

from app.cases import absences, staffing, substituting, units, viewing, working
from app.cases.jurisdiction import jurisdiction, set_jurisdiction
from app.domain.errors import Declined, Forbidden, Invalid
from app.domain.events import EventKind
from app.domain.people import AbsenceKind, Role
from app.domain.text import Text
from tests.clock import astana
from tests.desk import SERVICE, Desk

MONDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 6)


def appoint(desk: Desk, *, absent: str = "head", by: str = "deputy", services: Collection[str] = (), order: str = "17-ж") -> str:
    return substituting.appoint_substitute(
        desk.office,
        desk.actor("admin"),
        absent_id=desk.actor(absent).id,
        substitute_id=desk.actor(by).id,
        role=Role.HEAD if absent == "head" else Role.EXECUTOR,
        order_number=order,
        order_date=MONDAY,
        first_day=MONDAY,
        last_day=FRIDAY,
        services=tuple(services),
    )


def go_away(desk: Desk, login: str, first: date = MONDAY, last: date = FRIDAY, by: str = "head") -> str:
    return absences.enter_absence(
        desk.office,
        desk.actor(by),
        person_id=desk.actor(login).id,
        kind=AbsenceKind.LEAVE,
        first_day=first,
        last_day=last,
    )


class TestSubstitution:
    def test_an_order_covers_the_services_it_names(self, desk: Desk) -> None:
        case_id = desk.file()
        desk.register(case_id)
        appoint(desk, by="clerk", services=["poisons-licence"])
        assert not any(row.case_id == case_id for row in viewing.inbox(desk.office, desk.actor("clerk")).rows)
        appoint(desk, by="clerk", services=[SERVICE], order="18-ж")
        assert any(row.case_id == case_id for row in viewing.inbox(desk.office, desk.actor("clerk")).rows)

    def test_two_do_not_stand_in_at_once(self, desk: Desk) -> None:
        appoint(desk)
        with pytest.raises(Invalid, match="is replaced in this role already"):
            appoint(desk, by="clerk", order="18-ж")

    def test_a_substitute_who_is_away_himself_is_refused(self, desk: Desk) -> None:
        go_away(desk, "deputy", FRIDAY, FRIDAY)
        with pytest.raises(Invalid, match="is away himself from 2026-03-06"):
            appoint(desk)
        appoint(desk, absent="executor", by="executor2")
        with pytest.raises(Invalid, match="is away himself"):
            appoint(desk, by="executor")

    def test_what_the_absent_person_stands_in_for_is_not_handed_on_and_that_is_told(self, desk: Desk) -> None:
        appoint(desk, absent="executor2", by="executor")
        chained = appoint(desk, absent="executor", by="clerk", order="18-ж")
        warning = substituting.not_handed_on(desk.office, chained)
        assert warning is not None and warning.values["order"] == "17-ж"
        with desk.office.reading() as uow:
            assert substituting.not_handed_on(desk.office, uow.people.substitutions_since(MONDAY)[0][0].id) is None

    def test_ending_it_early_gives_back_at_once_what_was_taken(self, desk: Desk) -> None:
        case_id = desk.file()
        desk.register(case_id)
        order = appoint(desk)
        item = desk.item(case_id, "deputy").row.id
        working.claim(desk.office, desk.actor("deputy"), item)
        substituting.end_substitution(desk.office, desk.actor("admin"), order)
        with desk.office.reading() as uow:
            found = uow.work.get(item)
            assert found is not None and found.owner_id is None
        with pytest.raises(Declined, match="over already"):
            substituting.end_substitution(desk.office, desk.actor("admin"), order)

    def test_a_signed_document_says_by_which_order_and_whether_it_covered_the_day(self, desk: Desk) -> None:
        case_id = desk.file()
        for step in (desk.register, desk.appoint, desk.find_complete, desk.find_compliant, desk.draw_up):
            step(case_id)
        order = appoint(desk)
        desk.sign(case_id, "deputy")
        desk.clock.move_to(desk.clock.now() + timedelta(hours=1))
        substituting.end_substitution(desk.office, desk.actor("admin"), order)  # on the very day: what was signed stands
        found = viewing.case(desk.office, desk.actor("head"), case_id)
        (signature,) = [s for d in found.documents for s in d.signatures if s.on_behalf_of]
        (acting,) = signature.acting
        assert (acting.order_number, acting.covers_day, acting.covers_service) == ("17-ж", True, True)
        with desk.office.unit_of_work() as uow:
            row = uow.people.substitution(order)
            assert row is not None
            row.ended_at, row.services = None, ["poisons-licence"]
            uow.commit()
        (signature,) = [
            s for d in viewing.case(desk.office, desk.actor("head"), case_id).documents for s in d.signatures if s.on_behalf_of
        ]
        assert (signature.acting[0].covers_day, signature.acting[0].covers_service) == (False, False)


class TestAbsence:
    def test_whoever_is_away_is_shown_so_where_the_executor_is_chosen(self, desk: Desk) -> None:
        case_id = desk.file()
        desk.register(case_id)
        go_away(desk, "executor2")
        offered = {person.id: person.absence is not None for person in desk.item(case_id, "head").people}
        assert (offered[desk.actor("executor2").id], offered[desk.actor("executor").id]) == (True, False)

    @pytest.mark.parametrize("login", ["executor", "clerk", "depthead", "company", "compliance"])
    def test_nobody_else_enters_absences(self, desk: Desk, login: str) -> None:
        with pytest.raises(Forbidden):
            go_away(desk, login, by=login)
        with pytest.raises(Forbidden):
            absences.absences(desk.office, desk.actor(login))

    def test_days_do_not_overlap_and_an_absence_ends_early(self, desk: Desk) -> None:
        absence = go_away(desk, "executor")
        with pytest.raises(Invalid, match="is entered as away already"):
            go_away(desk, "executor", FRIDAY, FRIDAY)
        desk.clock.move_to(astana(2026, 3, 4, 10))
        absences.end_absence(desk.office, desk.actor("deputy"), absence)
        assert absences.absences(desk.office, desk.actor("deputy")) == ()
        go_away(desk, "executor", date(2026, 3, 5), FRIDAY)


def change(desk: Desk, login: str, *roles: Role, active: bool = True, by: str = "admin", unit: str = "") -> int:
    return staffing.change_person(
        desk.office,
        desk.actor(by),
        desk.actor(login).id,
        unit_id=unit,
        roles=roles,
        active=active,
        cleared_until=None,
    )


class TestPeople:
    def test_a_revoked_role_releases_what_is_held_and_the_appointment(self, desk: Desk) -> None:
        case_id = desk.file()
        desk.register(case_id)
        desk.appoint(case_id)
        assert change(desk, "executor", Role.EXPERT) == 1
        with desk.office.reading() as uow:
            (item,) = uow.work.open_of(case_id)
            case = uow.cases.get(case_id)
            assert case is not None and (item.owner_id, case.executor_id) == (None, None)
            kinds = [event.kind for event in uow.history.of(case_id)][-2:]
        assert kinds == [EventKind.EXECUTOR_CHANGED.value, EventKind.WORK_RELEASED.value]
        working.claim(desk.office, desk.actor("executor2"), item.id)  # any executor may take it now

    def test_who_is_made_inactive_neither_signs_in_nor_holds_anything(self, desk: Desk) -> None:
        case_id = desk.file()
        working.claim(desk.office, desk.actor("clerk"), desk.item(case_id, "clerk").row.id)
        assert change(desk, "clerk", Role.CHANCELLERY, active=False) == 1
        with desk.office.reading() as uow:
            assert uow.people.by_login("clerk") is None
            assert uow.work.open_of(case_id)[0].owner_id is None

    def test_a_kept_role_releases_nothing(self, desk: Desk) -> None:
        case_id = desk.file()
        desk.register(case_id)
        desk.appoint(case_id)
        assert change(desk, "executor", Role.EXECUTOR, Role.EXPERT) == 0
        assert desk.item(case_id, "executor").row.mine

    def test_somebody_stays_the_administrator(self, desk: Desk) -> None:
        with pytest.raises(Declined, match="must stay the administrator"):
            change(desk, "admin", Role.ANALYST)
        change(desk, "deputy", Role.SUPERVISOR, Role.ADMINISTRATOR)
        change(desk, "admin", Role.ANALYST)

    @pytest.mark.parametrize("login", ["head", "deputy", "depthead", "executor", "company"])
    def test_only_the_administrator_changes_people_and_units(self, desk: Desk, login: str) -> None:
        with pytest.raises(Forbidden):
            change(desk, "clerk", Role.CHANCELLERY, by=login)
        with pytest.raises(Forbidden):
            units.enter_unit(desk.office, desk.actor(login), code="x", name=Text("а", "б", "c"))
        with pytest.raises(Forbidden):
            set_jurisdiction(desk.office, desk.actor(login), SERVICE, {})


class TestUnits:
    def test_a_unit_is_added_renamed_and_sat_in(self, desk: Desk) -> None:
        admin = desk.actor("admin")
        units.enter_unit(desk.office, admin, code="legal", name=Text("Заң бөлімі", "Юридический отдел", "Legal"))
        unit = next(each for each in units.units(desk.office, admin) if each.code == "legal")
        units.rename_unit(desk.office, admin, unit.id, Text("Заң басқармасы", "Юридическое управление", "Legal department"))
        change(desk, "executor", Role.EXECUTOR, unit=unit.id)
        unit = next(each for each in units.units(desk.office, admin) if each.code == "legal")
        assert (unit.name.en, unit.people) == ("Legal department", (desk.actor("executor").name,))
        with pytest.raises(Invalid, match="already"):
            units.enter_unit(desk.office, admin, code="legal", name=Text("а", "б", "c"))
        with pytest.raises(Invalid, match="three languages"):
            units.rename_unit(desk.office, admin, unit.id, Text("Заң"))

    def test_jurisdiction_decides_whose_the_next_step_is(self, desk: Desk) -> None:
        admin = desk.actor("admin")
        place = next(each for each in units.units(desk.office, admin) if each.code == "department")
        set_jurisdiction(desk.office, admin, SERVICE, {("chancellery", ""): place.id})
        row = next(each for each in jurisdiction(desk.office, admin, SERVICE) if each.role == "chancellery")
        assert (row.unit_id, row.somebody) == (place.id, False)  # the clerk sits elsewhere
        case_id = desk.file()
        assert viewing.inbox(desk.office, desk.actor("clerk")).rows == ()
        change(desk, "clerk", Role.CHANCELLERY, unit=place.id)
        desk.register(case_id)
        set_jurisdiction(desk.office, admin, SERVICE, {("chancellery", ""): ""})
        assert not jurisdiction(desk.office, admin, SERVICE)[0].unit_id
        with pytest.raises(Invalid, match="No body"):
            set_jurisdiction(desk.office, admin, SERVICE, {("chancellery", "nowhere"): ""})
