"""An analyst rehearses a draft in the browser without scripts, and saves the way as a test of the service."""

from __future__ import annotations

import pytest
from flask import Flask

from app.cases.design import drafts
from app.cases.office import Office
from app.store.rehearsals import file_of, read_rehearsal
from app.web import create_app
from tests.desk import SERVICE, Desk
from tests.web.visitor import Visitor

# One database is enough here: pages know none, and what lies below them is tested on both.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def app(office: Office) -> Flask:
    return create_app(office, signer_url=None)


@pytest.fixture
def draft(desk: Desk) -> str:
    return drafts.open_draft(desk.office, desk.actor("analyst"), SERVICE)


@pytest.fixture
def analyst(app: Flask) -> Visitor:
    return Visitor(app, "analyst")


def begun(analyst: Visitor, draft: str) -> Visitor:
    analyst.opens(f"/design/drafts/{draft}/rehearsals/new")
    analyst.sends("/rehearsals/new", title="Мерзім өтеді", starts="2026-03-02T10:00")
    return analyst


def test_the_saved_rehearsals_are_listed_and_played_on_the_draft_as_it_is(analyst: Visitor, draft: str) -> None:
    analyst.opens(f"/design/drafts/{draft}/rehearsals")
    assert "Сертификат мерзімінде беріледі" in analyst.text and "not played yet" in analyst.text
    analyst.sends("/rehearsals/run")
    assert "not played yet" not in analyst.text and analyst.text.count(" as expected") == 2


def test_a_changed_draft_is_told_to_be_changed_and_then_not_as_expected(analyst: Visitor, draft: str, desk: Desk) -> None:
    analyst.opens(f"/design/drafts/{draft}/rehearsals")
    analyst.sends("/rehearsals/run")
    diagram = drafts.draft_files(desk.office, desk.actor("analyst"), draft).bundle.files["process.bpmn"]
    slower = diagram.replace(b'limit="4 working-days"', b'limit="5 working-days"')
    drafts.save_files(desk.office, desk.actor("analyst"), draft, {"process.bpmn": slower}, rev=0)
    assert "the draft has changed since" in analyst.opens(f"/design/drafts/{draft}/rehearsals").text_content()
    analyst.sends("/rehearsals/run")
    assert "not as expected" in analyst.text and "was expected to be due" in analyst.text and "12 March 2026" in analyst.text


def test_a_rehearsal_goes_on_step_by_step_and_says_who_until_when(analyst: Visitor, draft: str) -> None:
    begun(analyst, draft)
    assert "Accept and register the documents" in analyst.text and "2 March 2026, 18:30" in analyst.text
    analyst.sends("/in-hand/step", outcome="registered")
    analyst.sends("/in-hand/step", outcome="appointed")
    assert "Term of the service ends 12 March 2026, 18:30" in analyst.text
    analyst.sends("/in-hand/pass", term="2 working-days")
    assert "The clock of the rehearsal: 4 March 2026, 10:00" in analyst.text and "None so far." in analyst.text
    analyst.sends("/in-hand/pass", amount="1", unit="working-days")
    assert "Check that the documents are complete: due 4 March 2026, 18:30, still open" in analyst.text
    marks = analyst.page.xpath("string(//*[@id='diagram']/@data-marks)")
    assert '"check_completeness", "mark": "overdue"' in marks and '"register_application", "mark": "done"' in marks


def test_a_step_back_takes_back_the_last_step_alone(analyst: Visitor, draft: str) -> None:
    begun(analyst, draft)
    analyst.sends("/in-hand/step", outcome="registered")
    assert "Appoint the responsible executor" in analyst.text
    analyst.sends("/in-hand/back")
    assert analyst.page.xpath("string(//input[@name='step']/@value)") == "register_application"


def test_what_cannot_be_done_is_said_and_changes_nothing(analyst: Visitor, draft: str) -> None:
    begun(analyst, draft)
    analyst.sends("/in-hand/step", outcome="burnt")
    assert analyst.status == 422 and "has no outcome 'burnt'" in analyst.text
    analyst.sends("/in-hand/pass", amount="two", unit="working-days")
    assert analyst.status == 422 and "A term is written as" in analyst.text
    assert analyst.page.xpath("string(//input[@name='step']/@value)") == "register_application"


def test_a_rehearsal_is_saved_with_the_drafts_files_and_what_was_found_is_expected(
    analyst: Visitor, draft: str, desk: Desk
) -> None:
    begun(analyst, draft)
    for outcome in ("registered", "appointed", "complete"):
        analyst.sends("/in-hand/step", outcome=outcome)
    analyst.sends("/in-hand/step", {"compliance.data_true": "no", "outcome": "does_not_meet"})
    analyst.sends("/in-hand/keep", name="kept here")
    assert analyst.status == 422 and "A name of Latin letters" in analyst.text
    analyst.sends("/in-hand/keep", name="false-data", title="Мәліметтер жалған")
    assert "Мәліметтер жалған" in analyst.text and analyst.path.endswith("/rehearsals")
    files = drafts.draft_files(desk.office, desk.actor("analyst"), draft).bundle.files
    kept = read_rehearsal(files[file_of("false-data")], "x")
    assert [getattr(step, "answers", {}) for step in kept.steps][-1] == {"data_true": "no"}
    assert kept.expected is not None and kept.expected.status.value == "open"
    # It can be taken up again, and taken out.
    analyst.sends("/false-data/take")
    assert "Draw up the reasoned refusal" in analyst.text
    analyst.opens(f"/design/drafts/{draft}/rehearsals")
    analyst.sends("/false-data/remove")
    assert "Мәліметтер жалған" not in analyst.page.xpath("string(//table)")


def test_whoever_saves_upon_a_draft_that_somebody_changed_is_told_and_keeps_the_rehearsal(
    analyst: Visitor, draft: str, desk: Desk
) -> None:
    begun(analyst, draft)
    drafts.save_files(desk.office, desk.actor("analyst2"), draft, {"letters/other.html": b"x"}, rev=0)
    analyst.sends("/in-hand/keep", name="mine")
    assert analyst.status == 412 and desk.actor("analyst2").name in analyst.text
    analyst.sends("/in-hand/keep", name="mine")
    assert analyst.status == 200 and "Мерзім өтеді" in analyst.text


def test_each_analyst_has_a_rehearsal_of_his_own_in_hand_and_others_may_only_read(
    app: Flask, analyst: Visitor, draft: str
) -> None:
    begun(analyst, draft)
    other = Visitor(app, "analyst2")
    other.opens(f"/design/drafts/{draft}/rehearsals/in-hand")
    assert other.path.endswith("/rehearsals/new")
    reader = Visitor(app, "compliance")
    reader.opens(f"/design/drafts/{draft}/rehearsals")
    assert reader.status == 200 and not reader.page.xpath("//main//form")
    assert reader.client.get(f"/design/drafts/{draft}/rehearsals/new").status_code == 403


def test_a_draft_that_cannot_be_read_says_why_instead_of_failing(analyst: Visitor, draft: str, desk: Desk) -> None:
    begun(analyst, draft)
    drafts.save_files(desk.office, desk.actor("analyst"), draft, {"process.bpmn": b"<broken"}, rev=0)
    analyst.opens(f"/design/drafts/{draft}/rehearsals/in-hand")
    assert analyst.status == 422
