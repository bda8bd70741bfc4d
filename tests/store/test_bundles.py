"""Bundles as they are read from disk, and the passport's problems with their lines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.errors import Invalid, Misconfigured
from app.domain.moves import Bundle
from app.store import bundles
from app.store.bundles import passport_of, read_bundle, services_in

PROCESSES = Path(__file__).parents[2] / "processes"
NAME = "guarantee-obligation-end-user-certificate"
WHOLE = read_bundle(PROCESSES / NAME)


def with_passport(change: Callable[[str], str]) -> Bundle:
    text = WHOLE.files["service.yaml"].decode()
    changed = change(text)
    assert changed != text
    return Bundle(NAME, {**WHOLE.files, "service.yaml": changed.encode()})


def problems_of(bundle: Bundle) -> list[str]:
    with pytest.raises(Invalid) as raised:
        passport_of(bundle)
    return [str(problem) for problem in raised.value.problems]


def test_a_bundle_holds_the_diagram_the_passport_the_letters_and_the_rehearsals() -> None:
    assert sorted(WHOLE.files) == [
        "letters/application.html",
        "letters/certificate.html",
        "letters/importer_guarantee.html",
        "letters/refusal.html",
        "process.bpmn",
        "rehearsals/incomplete-set-late.yaml",
        "rehearsals/issued-in-time.yaml",
        "service.yaml",
    ]
    assert WHOLE.service == NAME


CALLING = '<definitions><callActivity id="c" calledElement="%s"/></definitions>'


def shared_with(tmp_path: Path, **files: str) -> Path:
    """A folder of shared files: `name=text` is a process, `letters__name=text` a letter."""
    for name, text in files.items():
        kind, _, letter = name.partition("__")
        path = tmp_path / "shared" / (f"letters/{letter}.html" if letter else f"{kind}.bpmn")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "shared" / "steps.yaml").write_text("forms: []")
    return tmp_path / "shared"


def service_in(tmp_path: Path, diagram: bytes | str, passport: str = "id: sample") -> Path:
    folder = tmp_path / "sample"
    folder.mkdir(exist_ok=True)
    (folder / "process.bpmn").write_bytes(diagram.encode() if isinstance(diagram, str) else diagram)
    (folder / "service.yaml").write_text(passport)
    return folder


def shared_of(bundle: Bundle) -> set[str]:
    return {name for name in bundle.files if name.startswith("shared/")}


def test_a_bundle_takes_the_shared_processes_it_calls_and_those_these_call(tmp_path: Path) -> None:
    shared_with(tmp_path, payment=CALLING % "receipt", receipt="<definitions/>", hearing="<definitions/>")
    bundle = read_bundle(service_in(tmp_path, CALLING % "payment"))
    assert shared_of(bundle) == {"shared/payment.bpmn", "shared/receipt.bpmn", "shared/steps.yaml"}


def test_a_bundle_that_calls_nothing_takes_no_shared_process_and_no_steps(tmp_path: Path) -> None:
    shared_with(tmp_path, payment="<definitions/>")
    assert shared_of(read_bundle(service_in(tmp_path, "<definitions/>"))) == set()


def test_processes_that_call_each_other_are_taken_once(tmp_path: Path) -> None:
    """That this is a circle is a finding of the checks, and no endless reading."""
    shared_with(tmp_path, one=CALLING % "two", two=CALLING % "one")
    bundle = read_bundle(service_in(tmp_path, CALLING % "one"))
    assert shared_of(bundle) == {"shared/one.bpmn", "shared/two.bpmn", "shared/steps.yaml"}


@pytest.mark.parametrize("called", ["calledElement='payment'", 'calledElement = " payment\n"'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_calls_are_found_however_a_tool_writes_them(tmp_path: Path, called: str, encoding: str) -> None:
    shared_with(tmp_path, payment="<definitions/>")
    bundle = read_bundle(service_in(tmp_path, f"<definitions><callActivity {called}/></definitions>".encode(encoding)))
    assert "shared/payment.bpmn" in bundle.files


def test_a_call_leads_to_no_file_outside_the_shared_folder(tmp_path: Path) -> None:
    shared_with(tmp_path, payment="<definitions/>")
    (tmp_path / "secret.bpmn").write_text("<definitions/>")
    assert shared_of(read_bundle(service_in(tmp_path, CALLING % "../secret"))) == set()


def test_a_bundle_takes_the_shared_letters_its_passport_names(tmp_path: Path) -> None:
    shared_with(tmp_path, letters__refusal="<p>a</p>", letters__result="<p>b</p>")
    passport = "forms:\n  - letter: shared/letters/refusal.html\nresults:\n  - letter: shared/letters/refusal.html\n"
    assert shared_of(read_bundle(service_in(tmp_path, "<definitions/>", passport))) == {"shared/letters/refusal.html"}


def test_only_a_shared_file_that_is_used_changes_the_digest(tmp_path: Path) -> None:
    folder = service_in(tmp_path, CALLING % "payment", "letter: shared/letters/refusal.html")
    before = read_bundle(folder, shared_with(tmp_path, payment="<a/>", hearing="<a/>", letters__refusal="a", letters__other="a"))
    same = read_bundle(folder, shared_with(tmp_path, hearing="<b/>", letters__other="b"))
    assert same.digest == before.digest
    assert read_bundle(folder, shared_with(tmp_path, payment="<b/>")).digest != before.digest
    assert read_bundle(folder, shared_with(tmp_path, payment="<a/>", letters__refusal="b")).digest != before.digest


def test_a_shared_file_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "MAX_FILE", 100)
    shared_with(tmp_path, payment="<!--" + "x" * 100 + "-->")
    with pytest.raises(Invalid) as raised:
        read_bundle(service_in(tmp_path, CALLING % "payment"))
    assert [problem.place for problem in raised.value.problems] == ["shared/payment.bpmn"]


def test_a_folder_without_its_files_names_each(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as raised:
        read_bundle(tmp_path)
    assert [problem.place for problem in raised.value.problems] == ["process.bpmn", "service.yaml"]


def test_a_file_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "MAX_FILE", 10)
    (tmp_path / "process.bpmn").write_bytes(b"x" * 11)
    (tmp_path / "service.yaml").write_bytes(b"x" * 10)
    with pytest.raises(Invalid, match="11 bytes; at most 10"):
        read_bundle(tmp_path)


def test_services_are_the_folders_that_hold_one(tmp_path: Path) -> None:
    assert NAME in [folder.name for folder in services_in(PROCESSES)]
    assert "shared" not in [folder.name for folder in services_in(PROCESSES)]
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "service.yaml").touch()  # to be reported as half, and not passed over
    (tmp_path / "empty").mkdir()
    assert [folder.name for folder in services_in(tmp_path)] == ["half"]


def test_a_missing_folder_of_processes_stops_with_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="no folder of processes"):
        services_in(tmp_path / "nowhere")


def test_a_passport_is_read_once_for_each_digest() -> None:
    again = read_bundle(PROCESSES / NAME)
    assert passport_of(WHOLE) is passport_of(again)


def test_a_problem_carries_its_line() -> None:
    bundle = with_passport(lambda text: text.replace("\nform_of_service: electronic-full", "\nform_of_service: by-pigeon"))
    line = 1 + bundle.files["service.yaml"].decode().splitlines().index("form_of_service: by-pigeon")
    (problem,) = problems_of(bundle)
    assert problem.startswith(f"form_of_service (line {line}): Expected one of electronic-full")


def test_a_missing_key_is_reported_at_the_line_of_what_lacks_it() -> None:
    bundle = with_passport(lambda text: text.replace("  zone: Asia/Almaty\n", ""))
    line = 1 + bundle.files["service.yaml"].decode().splitlines().index("schedule:")
    assert problems_of(bundle) == [f"schedule.zone (line {line}): This key is missing."]


def test_a_key_given_twice_is_refused_and_not_silently_lost() -> None:
    (problem,) = problems_of(with_passport(lambda text: text + "\nchannels: [portal]\n"))
    assert problem.startswith("channels (line") and "stands here twice" in problem


def test_the_passport_must_be_of_the_folders_service() -> None:
    bundle = with_passport(lambda text: text.replace(f"\nid: {NAME}", "\nid: another-service"))
    assert problems_of(bundle)[0].startswith("id (line")


def test_a_letter_that_is_not_there_is_named() -> None:
    files = {name: content for name, content in WHOLE.files.items() if name != "letters/certificate.html"}
    (problem,) = problems_of(Bundle(NAME, files))
    assert problem.startswith("results[0].letter (line") and "'letters/certificate.html'" in problem


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "is empty"),
        (b"title: [", "cannot be read as YAML"),
        (b"title: \xff", "cannot be read as YAML"),
        (b"a: !!python/object/apply:os.getcwd []", "tags are not read"),
        (b'a: !!int ""', "tags are not read"),
        (b"a: !mine x", "tags are not read"),
        (b"a: " + b"x " * 600_000, "has 1200003 bytes"),
        (b"[" + b"a," * 60_000 + b"]", "more than 50000 places"),
        (b"[" * 100_000, "nests deeper"),
        (b"".join(b" " * n + b"a:\n" for n in range(900)), "nests deeper"),
        (b"a: \0", "cannot be read as YAML"),
        (b"a: " + b"9" * 5000, "cannot be read as YAML"),
        (b"a: 2026-13-45", "cannot be read as YAML"),
        (b"a: &a [*a]", "nests deeper"),
        (b"a: &a [1, 1]\nb: &b [*a, *a]\nc: &c [*b, *b]\n" + b"d: [" + b"*c," * 8000 + b"]", "repeats itself"),
    ],
)
def test_yaml_that_cannot_be_a_passport_is_refused(text: bytes, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        passport_of(Bundle(NAME, {"service.yaml": text}))


def test_plain_words_of_yaml_stay_texts() -> None:
    """YAML 1.1 would read `no` as false and 13:00 as 780; a passport means what it shows."""
    bundle = with_passport(lambda text: text.replace("opens: '09:00'", "opens: 09:00").replace("end: '14:30'", "end: 14:30"))
    assert str(passport_of(bundle).schedule.opens) == "09:00:00"
    assert passport_of(bundle).schedule.lunch == passport_of(WHOLE).schedule.lunch
