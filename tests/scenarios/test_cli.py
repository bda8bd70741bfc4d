"""The command line, as the person who runs the server uses it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from app.cases import people, viewing
from app.cases.office import Office
from app.cli import main
from app.domain.errors import Forbidden
from app.domain.numbers import with_check_digit
from app.gateways.authority import TestAuthority
from app.store.database import open_database
from tests.clock import HandClock
from tests.conftest import ROOT
from tests.desk import SERVICE, Desk
from tests.press import with_short_letters
from tests.scenarios.serving import Servers
from tests.scenarios.test_same_moment import wait_for

Rasim = Callable[..., Result]


@pytest.fixture
def desk(office: Office, clock: HandClock, authority: TestAuthority) -> Desk:
    return Desk(with_short_letters(office), clock, authority)


@pytest.fixture
def rasim(tmp_path: Path, database: str, authority: TestAuthority) -> Rasim:
    """`rasim …` over this test's database, in production mode."""
    roots = tmp_path / "roots"
    roots.mkdir()
    (roots / "test.cer").write_bytes(authority.root_certificate)
    settings = {"RASIM_HOME": str(tmp_path / "home"), "RASIM_DATABASE": database, "RASIM_SIGNATURE_ROOTS": str(roots)}
    return lambda *arguments, **options: CliRunner().invoke(main, arguments, env=settings, **options)


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    opened = open_database(database)
    yield opened
    opened.dispose()


def test_check_finds_the_published_processes_in_order() -> None:
    found = CliRunner().invoke(main, ["check", "--processes", str(ROOT / "processes")])
    assert (found.exit_code, found.stderr) == (0, "")
    *services, total = found.stdout.splitlines()
    assert all(": in order; " in line for line in services)
    assert any(line.startswith(f"{SERVICE}: in order; 25 situations (") for line in services)
    assert total.startswith(f"{len(services)} services, ")


def test_publishing_the_same_again_gives_the_version_there_is(rasim: Rasim, engine: Engine) -> None:
    first, second = (rasim("publish", "--processes", str(ROOT / "processes")) for _ in range(2))
    assert first.exit_code == second.exit_code == 0
    assert first.stdout == second.stdout
    assert f"{SERVICE}: version 1 (" in first.stdout
    with engine.connect() as connection:
        versions = connection.execute(text("SELECT count(*) FROM process_version")).scalar()
    assert versions == len(first.stdout.splitlines())


def test_a_changed_process_becomes_the_next_version_and_running_cases_keep_theirs(
    rasim: Rasim, desk: Desk, tmp_path: Path
) -> None:
    case = desk.file()
    folder = tmp_path / "processes" / SERVICE
    for file in (ROOT / "processes" / SERVICE).rglob("*.*"):
        copy = folder / file.relative_to(ROOT / "processes" / SERVICE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes().replace(b"Accept and register the documents", b"Register what came"))
    found = rasim("publish", SERVICE, "--processes", str(tmp_path / "processes"))
    assert found.stdout.startswith(f"{SERVICE}: version 2 ("), found.stderr
    assert desk.item(case, "clerk").row.step.en == "Accept and register the documents"
    with desk.office.reading() as uow:
        version = uow.processes.newest(SERVICE)
        assert version is not None
    desk.clock.move_to(version.in_force_from)  # the command goes by the machine's clock
    assert desk.item(desk.file(), "clerk").row.step.en == "Register what came"
    desk.register(case)


def test_publishing_a_service_that_is_not_there_is_an_error(rasim: Rasim) -> None:
    found = rasim("publish", "no-such-service", "--processes", str(ROOT / "processes"))
    assert (found.exit_code, found.stderr) == (1, "Error: There is no service 'no-such-service' in processes.\n")


def test_a_person_added_on_the_command_line_stands_in_the_list_and_signs_in(rasim: Rasim, office: Office) -> None:
    iin = with_check_digit("99123150099")
    added = rasim("users", "add", "aigerim", "Жаңа Айгерім", "--role", "executor", "--iin", iin, input="сөз құпия\nсөз құпия\n")
    assert added.exit_code == 0, added.stderr
    assert added.stdout.endswith("aigerim can sign in.\n")
    assert "сөз құпия" not in added.output
    listed = rasim("users", "list")
    assert listed.exit_code == 0
    assert "aigerim          Жаңа Айгерім                     executor" in listed.stdout.splitlines()
    assert "head             Басшыбеков Ғани                  head" in listed.stdout.splitlines()
    assert people.sign_in(office, "aigerim", "сөз құпия").iin == iin
    with pytest.raises(Forbidden, match="The login or the password is not right"):
        people.sign_in(office, "aigerim", "сөз")


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("head", "Тағы Басшы", "--role", "head"), 1, "The login “head” is taken."),
        (("new", "Жаңа", "--role", "king"), 2, "'king' is not one of"),
        (("new", "Жаңа"), 2, "Missing option '--role'"),
        (("new", "Жаңа", "--role", "head", "--iin", "123"), 1, "An IIN has 12 digits; found 3"),
        (("new", "Жаңа", "--role", "head", "--bin", "99124000001"), 1, "A BIN has 12 digits; found 11"),
    ],
)
def test_a_person_who_cannot_be_added_is_told_why(rasim: Rasim, arguments: tuple[str, ...], code: int, sentence: str) -> None:
    found = rasim("users", "add", *arguments, input="x\nx\n")
    assert found.exit_code == code
    assert sentence in found.stderr
    assert "new" not in rasim("users", "list").stdout


# --- Production ---------------------------------------------------------------------------------------------------


SIGNER = re.compile(r'data-signer-url="([^"]*)"')
UNDER_WSGI = "from app.wsgi import application; print(application.test_client().get('/sign-in/certificate').text)"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_in_production_pages_name_ncalayer_whichever_way_they_are_served(
    database: str, tmp_path: Path, authority: TestAuthority
) -> None:
    (tmp_path / "test.cer").write_bytes(authority.root_certificate)
    settings = {"RASIM_HOME": str(tmp_path / "home"), "RASIM_DATABASE": database, "RASIM_SIGNATURE_ROOTS": str(tmp_path)}
    servers = Servers(settings, tmp_path / "server.log")
    try:
        servers.start("--production")
        wait_for(servers.port)
        with urlopen(f"http://127.0.0.1:{servers.port}/sign-in/certificate", timeout=60) as answer:
            policy, page = answer.headers["Content-Security-Policy"], answer.read().decode()
        servers.kill()
    finally:
        servers.close()
    assert SIGNER.findall(page) == ["wss://127.0.0.1:13579/"]
    assert policy.endswith("connect-src 'self' wss://127.0.0.1:13579")
    command = [sys.executable, "-c", UNDER_WSGI]
    under_wsgi = subprocess.run(command, cwd=ROOT, env={**os.environ, **settings}, capture_output=True, text=True, check=True)
    assert SIGNER.findall(under_wsgi.stdout) == SIGNER.findall(page)


# --- The history ---------------------------------------------------------------------------------------------------


@pytest.fixture
def case(desk: Desk) -> str:
    """A case with some history beside another one."""
    desk.register(desk.file())
    worked = desk.file()
    desk.register(worked)
    desk.appoint(worked)
    return worked


def test_a_history_nobody_touched_is_found_whole(rasim: Rasim, desk: Desk, case: str) -> None:
    found = rasim("verify")
    events = sum(len(desk.events(row.id)) for row in viewing.cases(desk.office, desk.actor("head")).rows)
    assert (found.exit_code, found.stdout) == (0, f"2 cases, {events} events, 0 broken chains.\n")


CHANGED = "The event's content was changed."
TAMPERINGS = {
    "changed": ("UPDATE history_event SET kind = 'work-released' WHERE case_id = :case AND number = 4", 4, CHANGED),
    "backdated": ("UPDATE history_event SET at = '2026-03-01 05:00:00' WHERE case_id = :case AND number = 4", 4, CHANGED),
    "under another's name": ("UPDATE history_event SET actor_id = 'x' WHERE case_id = :case AND number = 4", 4, CHANGED),
    "removed": ("DELETE FROM history_event WHERE case_id = :case AND number = 4", 4, "Event 4 is missing."),
    "cut off": (
        "DELETE FROM history_event WHERE case_id = :case AND number > 4",
        4,
        "The history ends at event 4, the case names {length}.",
    ),
    "chained anew": (
        "UPDATE history_event SET previous = 'x', digest = 'y' WHERE case_id = :case AND number = 4",
        5,
        "The event does not follow the one before it.",
    ),
}


@pytest.mark.parametrize("how", TAMPERINGS)
def test_a_history_tampered_with_is_found_with_its_case_and_event(
    rasim: Rasim, desk: Desk, engine: Engine, case: str, how: str
) -> None:
    statement, event, sentence = TAMPERINGS[how]
    length = len(desk.events(case))
    with engine.begin() as connection:
        connection.execute(text(statement), {"case": case})
    found = rasim("verify")
    assert found.exit_code == 1
    assert f"{case} event {event}: {sentence.format(length=length)}" in found.stdout.splitlines()
    assert found.stdout.endswith(", 1 broken chains.\n")

    as_json = rasim("verify", "--json")
    assert as_json.exit_code == 1
    breaches = [json.loads(line) for line in as_json.stdout.splitlines()]
    assert {"case": case, "event": event, "breach": sentence.format(length=length)} in breaches
