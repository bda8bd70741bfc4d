"""Who calls: tokens that work and tokens that do not, and that a program may do exactly what its person may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.bootstrap.demonstration import PEOPLE
from app.cases import tokens, viewing
from app.cases.tokens import Scope
from app.domain.errors import NotFound
from app.store.tables import User
from tests.clock import HandClock
from tests.desk import Desk
from tests.web.api.program import Program
from tests.web.visitor import Visitor

Programs = Callable[..., Program]


def refused(response: TestResponse, status: int, name: str) -> dict[str, Any]:
    assert (response.status_code, response.mimetype) == (status, "application/problem+json"), response.get_data(as_text=True)
    told = dict(response.get_json())
    assert (told["type"], told["status"]) == (f"urn:rasim:problem:{name}", status)
    return told


def test_without_a_token_the_answer_says_how_to_ask(program: Programs) -> None:
    response = program(None).asks("GET", "/me")
    refused(response, 401, "unknown-caller")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="Rasim"'


def test_a_wrong_token_is_refused_as_such(program: Programs) -> None:
    somebody = program(None)
    somebody.token = "rasim_guessed"
    response = somebody.asks("GET", "/me")
    refused(response, 401, "unknown-caller")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="Rasim", error="invalid_token"'


def test_a_token_stops_working_at_the_moment_it_expires(program: Programs, desk: Desk, clock: HandClock) -> None:
    clerk = program("clerk")
    clerk.token = tokens.make_token(desk.office, desk.actor("clerk"), name="a day", scope=Scope.READ, days=1)
    clock.move_to(clock.now() + timedelta(days=1, seconds=-1))
    assert clerk.gets("/me")["login"] == "clerk"
    clock.move_to(clock.now() + timedelta(seconds=1))
    refused(clerk.asks("GET", "/me"), 401, "unknown-caller")


def test_a_revoked_token_and_that_of_an_inactive_person_do_not_work(program: Programs, desk: Desk) -> None:
    clerk, head = program("clerk"), program("head")
    made = tokens.tokens_of(desk.office, desk.actor("clerk"))[0]
    tokens.revoke_token(desk.office, desk.actor("clerk"), made.id)
    refused(clerk.asks("GET", "/me"), 401, "unknown-caller")
    with desk.office.unit_of_work() as uow:
        person = uow.people.get(desk.actor("head").id)
        assert isinstance(person, User)
        person.active = False
        uow.commit()
    refused(head.asks("GET", "/me"), 401, "unknown-caller")


def test_a_token_that_reads_changes_nothing(program: Programs, desk: Desk) -> None:
    case = desk.file()
    clerk = program("clerk", scope=Scope.READ)
    item, before = clerk.task(case)["row"]["id"], desk.events(case)
    for method, path in (("POST", f"/tasks/{item}/claim"), ("PUT", f"/tasks/{item}/draft"), ("DELETE", f"/applications/{item}")):
        assert refused(clerk.asks(method, path, json={}), 403, "forbidden")["detail"] == "This token may only read."
    assert desk.events(case) == before


def test_signing_in_with_a_browser_says_nothing_to_the_interface(app: Flask) -> None:
    visitor = Visitor(app, "clerk")
    refused(visitor.client.get("/api/v1/me"), 401, "unknown-caller")
    refused(visitor.client.post("/api/v1/clock", json={"to": "2026-03-03T00:00:00Z"}), 401, "unknown-caller")


def test_a_token_says_nothing_to_the_pages(app: Flask, program: Programs) -> None:
    token = program("clerk").token
    response = app.test_client().get("/tasks", headers={"Authorization": f"Bearer {token}"})
    assert (response.status_code, response.location.partition("?")[0]) == (302, "/sign-in")


def test_only_a_digest_of_a_token_is_kept_and_the_day_of_its_last_use(program: Programs, desk: Desk) -> None:
    clerk = program("clerk")
    before = tokens.tokens_of(desk.office, desk.actor("clerk"))[0]
    clerk.gets("/me")
    after = tokens.tokens_of(desk.office, desk.actor("clerk"))[0]
    assert (before.last_used_on, after.last_used_on) == (None, desk.office.today())
    with desk.office.reading() as uow:
        kept = uow.programs.tokens_of(desk.actor("clerk").id)[0]
    assert clerk.token not in vars(kept).values()


def test_one_persons_token_is_not_revoked_by_another(desk: Desk, program: Programs) -> None:
    clerk = program("clerk")
    made = tokens.tokens_of(desk.office, desk.actor("clerk"))[0]
    with pytest.raises(NotFound):
        tokens.revoke_token(desk.office, desk.actor("head"), made.id)
    assert clerk.gets("/me")["login"] == "clerk"


# --- The same as the page ------------------------------------------------------------------------------------------


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """An office with cases of two applicants at several steps."""
    desk.file()
    desk.register(desk.file("applicant"))
    appointed = desk.file()
    desk.register(appointed)
    desk.appoint(appointed)
    desk.to_the_certificate(desk.file("applicant"))
    return desk


def test_the_task_list_holds_exactly_the_tasks_of_the_page_for_everybody(busy: Desk, app: Flask, program: Programs) -> None:
    seen = 0
    for person in PEOPLE:
        actor = busy.actor(person.login)
        told = program(person.login).asks("GET", "/tasks")
        page = Visitor(app, person.login).opens("/tasks")
        if not actor.is_staff:
            assert [row["id"] for row in told.get_json()["items"]] == [row.id for row in viewing.asked_of(busy.office, actor)]
            continue
        links = [address.rpartition("/")[2] for address in page.xpath("//main//tbody//a/@href") if "/tasks/" in address]
        ids = [row["id"] for row in told.get_json()["items"]]
        assert list(dict.fromkeys(links)) == ids, person.login
        seen += len(ids)
    assert seen >= 3


def test_a_case_is_seen_by_exactly_those_who_see_its_page(busy: Desk, app: Flask, program: Programs) -> None:
    with busy.office.reading() as uow:
        cases = [case.id for case in uow.cases.search(busy.actor("head"), words="", status=None, offset=0, limit=25)[0]]
    verdicts = set()
    for person in PEOPLE:
        visitor, asking = Visitor(app, person.login), program(person.login)
        for case in cases:
            page = visitor.client.get(f"/cases/{case}").status_code
            assert asking.asks("GET", f"/cases/{case}").status_code == page, (person.login, case)
            assert asking.asks("GET", f"/cases/{case}/history").status_code == page
            verdicts.add(page)
    assert verdicts == {200, 404}


def test_documents_are_given_to_exactly_those_whom_the_page_gives_them(busy: Desk, app: Flask, program: Programs) -> None:
    with busy.office.reading() as uow:
        cases = uow.cases.search(busy.actor("head"), words="", status=None, offset=0, limit=25)[0]
        documents = [each.id for case in cases for each in uow.documents.of_application(case.application_id)]
    for login in ("company", "applicant", "trader", "executor"):
        visitor, asking = Visitor(app, login), program(login)
        for document in documents:
            page = visitor.client.get(f"/documents/{document}")
            told = asking.asks("GET", f"/documents/{document}/content")
            assert told.status_code == page.status_code, (login, document)
            assert page.status_code != 200 or told.data == page.data
