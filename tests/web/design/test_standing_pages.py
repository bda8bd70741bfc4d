"""The page of where cases stand, and the page of a replay, as analysts and compliance meet them."""

from __future__ import annotations

import csv
import json
from io import StringIO

import pytest
from flask import Flask

from app.cases.design import drafts
from app.cases.office import Office
from app.gateways.authority import TestAuthority
from app.web import create_app
from tests.clock import HandClock
from tests.desk import SERVICE, Desk
from tests.press import with_short_letters
from tests.scenarios.design.test_replaying import ended_case, with_a_second_look
from tests.scenarios.design.test_standing import refused
from tests.web.visitor import Visitor

# One database is enough here: pages know none, and what lies below them is tested on both.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def desk(office: Office, clock: HandClock, authority: TestAuthority) -> Desk:
    return Desk(with_short_letters(office), clock, authority)


@pytest.fixture
def app(office: Office) -> Flask:
    return create_app(office, signer_url=None)


def heat(page: Visitor) -> dict[str, tuple[int, str]]:
    kept = json.loads(page.page.xpath("string(//*[@id='diagram']/@data-heat)"))
    return {each["element"]: (each["level"], each["says"]) for each in kept}


def test_numbers_lie_on_the_diagram_and_stand_in_words_below(app: Flask, desk: Desk) -> None:
    for _ in range(5):
        desk.register(desk.file())
    desk.file()
    refused(desk)
    reader = Visitor(app, "compliance")
    reader.opens("/design")
    assert reader.page.xpath(f"//a[contains(@href, '/design/{SERVICE}/standing')]")
    reader.opens(f"/design/{SERVICE}/standing")
    assert heat(reader)["appoint_executor"] == (5, "5")
    assert heat(reader)["register_application"] == (1, "1")
    assert heat(reader)["sign_certificate"] == (0, "0")
    assert "6 cases are open now." in reader.text and "1 case ended in the period" in reader.text
    reader.opens(f"/design/{SERVICE}/standing?by=refused")
    assert heat(reader)["draw_up_refusal"] == (5, "1")
    address = reader.page.xpath("string(//*[@id='diagram']/@data-diagram)")
    assert b"draw_up_refusal" in reader.client.get(address).data


def test_a_wrong_day_and_a_service_nobody_knows_are_said(app: Flask, desk: Desk) -> None:
    reader = Visitor(app, "analyst")
    reader.opens(f"/design/{SERVICE}/standing?since=yesterday")
    assert reader.status == 422 and "A date is expected" in reader.text
    reader.opens("/design/no-such-service/standing")
    assert reader.status == 404
    clerk = Visitor(app, "clerk")
    assert clerk.client.get(f"/design/{SERVICE}/standing").status_code == 403


def test_a_replay_goes_on_by_its_button_and_tells_before_and_after(app: Flask, desk: Desk) -> None:
    ended_case(desk, days_of_compliance=9)
    draft = drafts.open_draft(desk.office, desk.actor("analyst"), SERVICE)
    with_a_second_look(desk, draft)
    analyst = Visitor(app, "analyst")
    analyst.opens(f"/design/drafts/{draft}/replay")
    analyst.sends("/replay/begin")
    assert "0 of 1 cases are replayed." in analyst.text and analyst.page.xpath("//form[@data-go-on]//progress")
    analyst.sends("/replay/go-on")
    assert not analyst.page.xpath("//form[@data-go-on]")
    assert "0 → 1" in analyst.text and "Head of department" in analyst.text
    lines = analyst.client.get(f"/design/drafts/{draft}/replay/replay.csv").get_data(as_text=True)
    rows = list(csv.reader(StringIO(lines.removeprefix("\ufeff")), delimiter=";"))
    assert rows[0] == ["What", "Of what", "Before", "After"]
    assert ["terms not kept", "Term of the service", "0", "1"] in rows
