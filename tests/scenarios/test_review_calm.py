"""What two do at one moment, and what a database cannot keep, is said calmly and changes nothing."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from app.cases import publishing
from app.cases.office import Office
from app.cases.people import add_person
from app.cli import OPERATOR
from app.domain.errors import Declined, Invalid
from app.domain.moves import Bundle
from app.domain.people import Role
from app.gateways.authority import TestAuthority
from app.store.bundles import read_bundle
from app.store.tables import Job
from tests.clock import HandClock
from tests.desk import SERVICE, Desk
from tests.press import with_short_letters
from tests.rows import all_rows
from tests.threads import at_once

PROCESSES = Path(__file__).resolve().parents[2] / "processes"
on_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.fixture
def desk(office: Office, clock: HandClock, authority: TestAuthority) -> Desk:
    return Desk(with_short_letters(office), clock, authority)


def edited(remark: str) -> publishing.CheckedBundle:
    """The service with another comment in its passport."""
    bundle = read_bundle(PROCESSES / SERVICE)
    files = {**bundle.files, "service.yaml": bundle.files["service.yaml"] + f"# {remark}\n".encode()}
    return publishing.CheckedBundle(SERVICE, Bundle(SERVICE, files), ())


def test_of_two_who_publish_at_one_moment_each_gets_a_version_or_is_declined(desk: Desk) -> None:
    results = at_once([partial(publishing.publish, desk.office, OPERATOR, edited(remark)) for remark in ("a", "b", "a", "b")])
    assert {type(result).__name__ for result in results} <= {"ProcessVersion", "Declined"}
    numbers = {result.digest: result.number for result in results if not isinstance(result, Exception)}
    assert sorted(numbers.values()) == list(range(2, 2 + len(numbers)))


def test_of_two_who_take_one_login_at_one_moment_one_has_it(desk: Desk) -> None:
    add = partial(add_person, desk.office, login="twin", password="-", roles=[Role.EXECUTOR])
    results = at_once([partial(add, name="Бірінші"), partial(add, name="Екінші")])
    assert sorted(type(result).__name__ for result in results)[1] == "str"
    assert sum(isinstance(result, Declined | Invalid) for result in results) == 1


@on_postgresql
def test_what_postgresql_cannot_keep_is_refused_in_a_sentence(desk: Desk, database: str) -> None:
    """SQLite keeps texts of any length, and the sign U+0000 too."""
    before = all_rows(database)
    with pytest.raises(Invalid, match="too long"):
        desk.substitute(absent="head", by="deputy", role=Role.HEAD, first=date(2026, 3, 2), last=date(2026, 3, 3), order="1" * 65)
    with pytest.raises(Invalid, match="cannot be kept"):
        desk.substitute(absent="head", by="deputy", role=Role.HEAD, first=date(2026, 3, 2), last=date(2026, 3, 3), order="1\x002")
    assert all_rows(database) == before


def test_an_error_of_the_database_quotes_no_personal_data(desk: Desk) -> None:
    """Its words end in the log and in incidents."""
    iin = desk.actor("applicant").iin
    with pytest.raises(IntegrityError) as error, desk.office.unit_of_work() as uow:
        uow.timing.add_job(Job(case_id="none", token=iin, element="", name="", request={"number": iin}, run_at=desk.clock.now()))
    assert "FOREIGN KEY" in str(error.value).upper()
    assert iin not in str(error.value).replace(str(error.value.orig), "")
