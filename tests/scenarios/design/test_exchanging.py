"""A service out of Rasim and in again: the same bytes for the same files, and nothing hostile comes in."""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from click.testing import CliRunner, Result

from app.cases.design import drafts, exchanging
from app.cli import main
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.moves import Bundle
from app.gateways.authority import TestAuthority
from app.store.archives import MAX_FILES, archived, unarchived
from app.store.bundles import read_bundle
from tests.conftest import PROCESSES
from tests.desk import SERVICE, Desk

CALLS_SHARED = "knb-licence-cryptographic-means"


def zip_of(files: dict[str, bytes], how: int = ZIP_DEFLATED) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", how) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def test_what_is_exported_comes_in_as_a_draft_with_the_same_files(desk: Desk) -> None:
    bundle = exchanging.published_bundle(desk.office, desk.actor("compliance"), CALLS_SHARED)
    assert any(name.startswith("shared/") for name in bundle.files)
    with desk.office.reading() as uow:
        version = uow.processes.newest(CALLS_SHARED)
        assert version is not None
    name, content = exchanging.export(desk.office, desk.actor("compliance"), f"version:{version.id}")
    assert name == f"{CALLS_SHARED}-1.zip"
    draft = exchanging.import_archive(desk.office, desk.actor("analyst"), content)
    files = drafts.draft_files(desk.office, desk.actor("analyst"), draft)
    assert (files.service, files.bundle.digest, files.base_version_id) == (CALLS_SHARED, version.digest, version.id)
    assert exchanging.export(desk.office, desk.actor("analyst"), f"draft:{draft}")[1] == content


def test_the_same_files_give_the_same_bytes_in_whatever_order_they_come() -> None:
    files = {"service.yaml": b"id: x\n", "process.bpmn": b"<a/>", "shared/steps.yaml": b"{}"}
    backwards = dict(reversed(files.items()))
    assert archived(Bundle("x", files)) == archived(Bundle("x", backwards))
    assert unarchived(archived(Bundle("x", files))).files == files


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "one folder"),
        ({"a/service.yaml": b"", "b/service.yaml": b""}, "one folder"),
        ({"service.yaml": b""}, "no name of a service"),
        ({"Ә/service.yaml": b""}, "no name of a service"),
        ({"../service.yaml": b""}, "no name of a service"),
        ({"x/../../etc/passwd": b""}, "must not have"),
        ({"x/a\\..\\b.html": b""}, "must not have"),
        ({"x/bomb.html": bytes(6 * 1024 * 1024)}, "too large"),
        ({f"x/letters/{number}.html": bytes(4 * 1024 * 1024) for number in range(6)}, "too large"),
        ({f"x/letters/{number}.html": b"" for number in range(MAX_FILES + 1)}, "at most 200"),
    ],
)
def test_a_hostile_zip_is_refused_in_one_sentence(files: dict[str, bytes], said: str) -> None:
    with pytest.raises(Invalid, match=said) as refused:
        unarchived(zip_of(files))
    assert not refused.value.problems


def test_a_zip_that_lies_about_sizes_is_unpacked_no_further_than_allowed() -> None:
    """The directory says ten bytes; six megabytes come."""
    honest = zip_of({"x/bomb.html": bytes(6 * 1024 * 1024)})
    lying = honest.replace(struct.pack("<I", 6 * 1024 * 1024), struct.pack("<I", 10))
    assert lying != honest
    with pytest.raises(Invalid):
        unarchived(lying)


def spoilt() -> bytes:
    """A zip whose list is whole and whose packed bytes are not."""
    whole = zip_of({"x/a.html": b"abc" * 5000})
    begins = whole.index(b"x/a.html") + len(b"x/a.html")
    return whole[:begins] + b"\xff" * 12 + whole[begins + 12 :]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip at all", zip_of({"x/a.html": b"1"})[:-10], spoilt()])
def test_what_is_no_zip_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(Invalid, match="no zip"):
        unarchived(content)


def test_a_file_no_service_has_is_refused_at_the_import(desk: Desk) -> None:
    with pytest.raises(Invalid, match="no name of a file"):
        exchanging.import_archive(desk.office, desk.actor("analyst"), zip_of({"x/run.py": b"import os"}))
    with pytest.raises(Forbidden):
        exchanging.import_archive(desk.office, desk.actor("head"), zip_of({"x/service.yaml": b""}))


def test_a_folder_that_is_written_reads_as_the_same_bundle_and_loses_what_is_gone(desk: Desk, tmp_path: Path) -> None:
    bundle = exchanging.published_bundle(desk.office, desk.actor("analyst"), CALLS_SHARED)
    assert exchanging.write_folder(bundle, tmp_path) == []
    (tmp_path / CALLS_SHARED / "letters").mkdir()
    (tmp_path / CALLS_SHARED / "letters" / "gone.html").write_bytes(b"")
    (tmp_path / "shared" / "steps.yaml").write_bytes(b"{}\n")
    assert exchanging.write_folder(bundle, tmp_path) == ["shared/steps.yaml"]
    assert exchanging.read_folder(tmp_path).digest == bundle.digest == read_bundle(PROCESSES / CALLS_SHARED).digest


def test_of_a_folder_with_many_services_one_has_to_be_named() -> None:
    with pytest.raises(Invalid, match="name the folder of one"):
        exchanging.read_folder(PROCESSES)


def test_a_version_that_is_not_there_is_not_exported(desk: Desk) -> None:
    with pytest.raises(NotFound, match="no version 7"):
        exchanging.published_bundle(desk.office, desk.actor("analyst"), SERVICE, 7)


def test_the_command_line_exports_to_file_and_folder_and_imports_both(
    desk: Desk, database: str, authority: TestAuthority, tmp_path: Path
) -> None:
    roots = tmp_path / "roots"
    roots.mkdir()
    (roots / "test.cer").write_bytes(authority.root_certificate)
    settings = {"RASIM_HOME": str(tmp_path / "home"), "RASIM_DATABASE": database, "RASIM_SIGNATURE_ROOTS": str(roots)}

    def rasim(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments, env=settings)

    for target in (tmp_path / "service.zip", tmp_path / "folder"):
        assert rasim("export", SERVICE, str(target), "--version", "1").exit_code == 0
        done = rasim("import", str(target), "--by", "analyst")
        assert done.exit_code == 0, done.output
        draft = done.output.split()[1]
        files = drafts.draft_files(desk.office, desk.actor("analyst"), draft)
        assert files.bundle.digest == read_bundle(PROCESSES / SERVICE).digest
    refused = rasim("import", str(roots / "test.cer"), "--by", "analyst")
    assert (refused.exit_code, "no zip" in refused.output) == (1, True)
