"""A broken folder of processes or a wrong start: one clear sentence with its file and line, exit code 1, nothing half done."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.gateways.authority import TestAuthority
from tests.conftest import ROOT
from tests.desk import SERVICE

# --- processes/ ----------------------------------------------------------------------------------------------------


@pytest.fixture
def processes(tmp_path: Path) -> Path:
    """A copy of processes/, to be broken."""
    return Path(shutil.copytree(ROOT / "processes", tmp_path / "processes"))


def check(processes: Path) -> Result:
    return CliRunner().invoke(main, ["check", "--processes", str(processes)])


def broken(file: Path, old: str, new: str) -> int:
    """Replaces a text once and gives the line where it stood."""
    content = file.read_text()
    assert content.count(old) >= 1, old
    file.write_text(content.replace(old, new, 1))
    return content[: content.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "element", "words"),
    [
        (
            '<bpmn:userTask id="check_completeness"',
            '<bpmn:scriptTask id="extra" name="x" /><bpmn:userTask id="check_completeness"',
            "extra",
            "Scripts in diagrams are never executed",
        ),
        ('<rasim:form ref="appointment" />', '<rasim:form ref="apointment" />', "appoint_executor", "“apointment”"),
        ('sourceRef="register_application"', 'sourceRef="nowhere"', "to_appointment", "nowhere"),
    ],
    ids=["script", "unknown-form", "flow-from-nowhere"],
)
def test_a_broken_diagram_is_named_by_file_line_and_element(
    processes: Path, old: str, new: str, element: str, words: str
) -> None:
    file = processes / SERVICE / "process.bpmn"
    broken(file, old, new)
    found = check(processes)
    assert found.exit_code == 1
    assert f"{SERVICE}: refused" in found.stdout
    (line,) = (number for number, text in enumerate(file.read_text().splitlines(), 1) if f' id="{element}"' in text)
    place = f"processes/{SERVICE}/process.bpmn:{line}: {element}: "
    assert [text for text in found.stderr.splitlines() if text.startswith(place) and words in text], found.stderr


def test_a_diagram_cut_off_in_the_middle_is_named_by_file_and_line(processes: Path) -> None:
    file = processes / SERVICE / "process.bpmn"
    half = file.read_text()[:5000]
    file.write_text(half)
    found = check(processes)
    assert found.exit_code == 1
    line = half.count("\n") + 1
    assert f"processes/{SERVICE}/process.bpmn:{line}: : The file is not well-formed XML" in found.stderr


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("limit: 7 working-days", "limit: 7 workin-days", "variants[0].term.limit", "found '7 workin-days'"),
        ("    fee: free\n", "    fees: free\n", "variants[0].fees", "Unknown key"),
        ("letter: letters/certificate.html", "letter: letters/none.html", "results[0].letter", "'letters/none.html'"),
    ],
    ids=["value", "key", "file"],
)
def test_a_wrong_passport_is_named_by_key_and_line(processes: Path, old: str, new: str, place: str, words: str) -> None:
    line = broken(processes / SERVICE / "service.yaml", old, new)
    found = check(processes)
    assert found.exit_code == 1
    (ours,) = (text for text in found.stderr.splitlines() if f": {place}: " in text)
    assert ours.startswith(f"processes/{SERVICE}/service.yaml:{line}: {place}: ")
    assert words in ours


def test_a_passport_that_is_no_yaml_is_refused_with_the_reason(processes: Path) -> None:
    broken(processes / SERVICE / "service.yaml", "provider:", "provider: [")
    found = check(processes)
    assert found.exit_code == 1
    assert "service.yaml cannot be read as YAML" in found.stderr


@pytest.mark.parametrize("name", ["process.bpmn", "service.yaml"])
def test_a_folder_without_one_of_its_files_says_which(processes: Path, name: str) -> None:
    (processes / SERVICE / name).unlink()
    found = check(processes)
    assert found.exit_code == 1
    assert f"processes/{SERVICE}/{name}:0: {SERVICE}: This file is missing." in found.stderr


def test_a_folder_of_processes_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    found = check(tmp_path / "nowhere")
    assert found.exit_code == 1
    assert found.stderr == f"Error: There is no folder of processes at {tmp_path / 'nowhere'}.\n"


# --- The start -----------------------------------------------------------------------------------------------------


@pytest.fixture
def settings(tmp_path: Path, authority: TestAuthority) -> dict[str, str]:
    roots = tmp_path / "roots"
    roots.mkdir()
    (roots / "test.cer").write_bytes(authority.root_certificate)
    return {"RASIM_HOME": str(tmp_path / "home"), "RASIM_SIGNATURE_ROOTS": str(roots)}


def rasim(settings: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env=settings)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_a_database_that_is_away_stops_the_start_with_one_sentence(settings: dict[str, str]) -> None:
    port = free_port()  # and nobody listens there
    address = f"postgresql://rasim:hidden@127.0.0.1:{port}/rasim"
    found = rasim({**settings, "RASIM_DATABASE": address}, "run", "--port", str(free_port()))
    assert found.exit_code == 1
    sentence = f"Error: The database at postgresql+psycopg://rasim:***@127.0.0.1:{port}/rasim does not answer: "
    assert found.stderr.replace("postgresql://", "postgresql+psycopg://").startswith(sentence)
    assert "hidden" not in found.stderr
    assert found.stderr.count("\n") == 1


def test_a_database_file_that_cannot_be_opened_stops_the_start(settings: dict[str, str], tmp_path: Path) -> None:
    found = rasim({**settings, "RASIM_DATABASE": f"sqlite:///{tmp_path}/no/such/folder/rasim.db"}, "migrate")
    assert found.exit_code == 1
    assert "does not answer: unable to open database file" in found.stderr


@pytest.mark.parametrize("address", ["nonsense", "mysql://localhost/rasim"])
def test_an_address_of_no_database_known_here_stops_the_start(settings: dict[str, str], address: str) -> None:
    found = rasim({**settings, "RASIM_DATABASE": address}, "migrate")
    assert found.exit_code == 1
    assert found.stderr.startswith(f"Error: The database address {address} is not understood")


def test_an_unknown_setting_stops_the_start_and_names_those_known(settings: dict[str, str]) -> None:
    found = rasim({**settings, "RASIM_DATABSE": "sqlite://"}, "users", "list")
    assert found.exit_code == 1
    assert found.stderr.startswith("Error: Unknown settings: ['RASIM_DATABSE']. Known are: ['RASIM_CRL', 'RASIM_DATABASE', ")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("RASIM_MODE", "demo", "RASIM_MODE must be production or demonstration; found 'demo'"),
        ("RASIM_PUBLIC_URL", "rasim.example", "RASIM_PUBLIC_URL must begin with http:// or https://; found 'rasim.example'"),
    ],
)
def test_a_wrong_setting_stops_the_start(settings: dict[str, str], name: str, value: str, sentence: str) -> None:
    found = rasim({**settings, name: value}, "users", "list")
    assert (found.exit_code, found.stderr) == (1, f"Error: {sentence}\n")


def test_a_schema_not_migrated_stops_the_start_with_the_command_to_run(settings: dict[str, str]) -> None:
    found = rasim(settings, "users", "list")
    assert found.exit_code == 1
    assert found.stderr.endswith("run: rasim migrate\n")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_wrong_clock_stops_the_start(settings: dict[str, str], database: str, authority: TestAuthority) -> None:
    home = Path(settings["RASIM_HOME"])
    home.mkdir()
    (home / "authority").symlink_to(authority._directory)
    run = ("run", "--port", str(free_port()), "--signer-port", "0", "--clock")
    found = rasim({**settings, "RASIM_DATABASE": database}, *run, "22.05.2026")
    assert found.exit_code == 1
    assert found.stderr.endswith("Error: --clock expects a moment such as 2026-05-22T10:00; found '22.05.2026'\n")

    found = rasim({**settings, "RASIM_DATABASE": database}, *run, "2026-05-22T10:00", "--production")
    assert (found.exit_code, found.stderr) == (1, "Error: --clock moves the clock of a demonstration only.\n")


def test_a_second_rasim_on_a_taken_port_says_so_and_ends(settings: dict[str, str]) -> None:
    with socket.socket() as first:
        first.bind(("127.0.0.1", 0))
        first.listen()
        port = first.getsockname()[1]
        second = subprocess.run(
            [Path(sys.executable).with_name("rasim"), "run", "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert second.returncode == 1
    assert second.stderr == (
        f"Error: Port {port} on 127.0.0.1 is taken, perhaps by a Rasim already running; choose another with --port.\n"
    )
    assert not (Path(settings["RASIM_HOME"]) / "rasim.db").exists()
