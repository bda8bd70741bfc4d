"""Drafts of a service: opened from a version, changed upon what is there, held by one person at a time, checked."""

from __future__ import annotations

import re

import pytest

from app.cases import viewing
from app.cases.design import drafts
from app.domain.design import DraftStatus
from app.domain.errors import Declined, Forbidden, Invalid, Stale
from app.domain.moves import Bundle
from tests.desk import Desk

SERVICE = "guarantee-obligation-end-user-certificate"
DIAGRAM = "process.bpmn"


@pytest.fixture
def draft(desk: Desk) -> str:
    return drafts.open_draft(desk.office, desk.actor("analyst"), SERVICE)


def diagram(desk: Desk, draft: str) -> bytes:
    return drafts.draft_files(desk.office, desk.actor("analyst"), draft).bundle.files[DIAGRAM]


def test_a_draft_begins_with_the_files_of_the_newest_version_and_stands_in_the_list(desk: Desk, draft: str) -> None:
    files = drafts.draft_files(desk.office, desk.actor("analyst2"), draft)
    with desk.office.reading() as uow:
        version = uow.processes.newest(SERVICE)
        assert version is not None
        assert files.bundle.digest == version.digest
    (row,) = (each for each in viewing.designed_services(desk.office, desk.actor("compliance")) if each.drafts)
    assert (row.service, row.drafts[0].id, row.drafts[0].status) == (SERVICE, draft, DraftStatus.DRAFT)


def test_whoever_saves_upon_files_that_are_gone_is_told_who_saved_and_overwrites_nothing(desk: Desk, draft: str) -> None:
    first, second = desk.actor("analyst"), desk.actor("analyst2")
    assert drafts.save_files(desk.office, first, draft, {DIAGRAM: b"<first/>"}, rev=0) == 1
    with pytest.raises(Stale, match=first.name):
        drafts.save_files(desk.office, second, draft, {DIAGRAM: b"<second/>"}, rev=0)
    assert diagram(desk, draft) == b"<first/>"


def test_a_save_that_changes_nothing_is_no_new_revision(desk: Desk, draft: str) -> None:
    assert drafts.save_files(desk.office, desk.actor("analyst"), draft, {DIAGRAM: diagram(desk, draft)}, rev=0) == 0


def test_a_draft_is_held_by_one_person_until_five_minutes_of_silence_or_until_it_is_taken_over(desk: Desk, draft: str) -> None:
    first, second = desk.actor("analyst"), desk.actor("analyst2")
    drafts.hold_draft(desk.office, first, draft)
    with pytest.raises(Declined, match=first.name):
        drafts.hold_draft(desk.office, second, draft)
    desk.clock.pass_by(minutes=5)
    drafts.hold_draft(desk.office, second, draft)
    drafts.hold_draft(desk.office, first, draft, take_over=True)
    assert drafts.draft_files(desk.office, second, draft).held_by == first.name


def test_the_checks_of_unsaved_files_change_nothing_saved(desk: Desk, draft: str) -> None:
    spoilt = diagram(desk, draft).replace(b'limit="2 working-days"', b'limit="900 working-days"')
    checked = drafts.check_draft(desk.office, desk.actor("analyst"), draft, {DIAGRAM: spoilt})
    assert not checked.is_publishable
    assert drafts.check_draft(desk.office, desk.actor("analyst"), draft).is_publishable


@pytest.mark.parametrize("name", ["../etc/passwd", "process.py", "letters/../x.html", "a/b.bpmn"])
def test_a_file_of_another_name_is_refused(desk: Desk, draft: str, name: str) -> None:
    with pytest.raises(Invalid, match="no name of a file"):
        drafts.save_files(desk.office, desk.actor("analyst"), draft, {name: b""}, rev=0)


@pytest.mark.parametrize("login", ["head", "compliance", "company"])
def test_only_analysts_edit(desk: Desk, draft: str, login: str) -> None:
    with pytest.raises(Forbidden):
        drafts.save_files(desk.office, desk.actor(login), draft, {DIAGRAM: b""}, rev=0)


def test_a_discarded_draft_is_changed_no_more(desk: Desk, draft: str) -> None:
    drafts.discard_draft(desk.office, desk.actor("analyst"), draft)
    with pytest.raises(Declined):
        drafts.save_files(desk.office, desk.actor("analyst"), draft, {DIAGRAM: b""}, rev=0)
    assert not any(row.drafts for row in viewing.designed_services(desk.office, desk.actor("analyst")))


def test_a_file_without_a_picture_is_drawn_when_it_comes_in(desk: Desk, draft: str) -> None:
    analyst = desk.actor("analyst")
    undrawn = re.sub(rb"<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>", b"", diagram(desk, draft), flags=re.DOTALL)
    drafts.save_files(desk.office, analyst, draft, {DIAGRAM: undrawn}, rev=0)
    assert b"BPMNShape" in diagram(desk, draft)
    assert drafts.check_draft(desk.office, analyst, draft).is_publishable
    files = drafts.draft_files(desk.office, analyst, draft).bundle
    imported = drafts.open_draft_of_files(desk.office, analyst, Bundle(files.service, {**files.files, DIAGRAM: undrawn}))
    assert diagram(desk, imported) == diagram(desk, draft)


def test_more_files_than_a_service_has_are_refused_together(desk: Desk, draft: str) -> None:
    analyst = desk.actor("analyst")
    with pytest.raises(Invalid, match="at most 300 are read"):
        drafts.save_files(desk.office, analyst, draft, {f"letters/x{n}.html": b"" for n in range(300)}, rev=0)
    large = {f"letters/x{n}.html": b" " * 5 * 1024 * 1024 for n in range(4)}
    with pytest.raises(Invalid, match="bytes together"):
        drafts.check_draft(desk.office, analyst, draft, large)
