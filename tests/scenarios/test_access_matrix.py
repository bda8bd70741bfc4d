"""Separation of duties and jurisdiction hold in every cell of role × unit × action × state, with substitutions on and off: in the
permission table, in the query, in the use cases, on the pages, and in the interface for programs.

What is right is said by `tests.scenarios.access.Rules`, which knows nothing of the code it judges.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.cases import working
from app.cases.office import Office
from app.cases.separating import facts_of
from app.domain.case import WorkStatus
from app.domain.errors import Declined, Forbidden, NotFound
from app.domain.people import Actor
from app.domain.permissions import Action, may
from app.store.reach import within_reach_of, within_sight_of
from app.store.tables import Case, WorkItem
from app.store.unit_of_work import UnitOfWork
from app.web import create_app
from tests.desk import Desk
from tests.press import with_short_letters
from tests.scenarios.access import WORKING, Person, Rules, Thing, lay_out, people, seat, things

OPEN = (WorkStatus.READY, WorkStatus.RESERVED)
UNKNOWN_REVISION = 999_999  # completing with it is declined, after everything else was looked at
STALE = "out of date"


@dataclass
class Matrix:
    """The office with its people and things; what is done in it is rolled back, so that every cell finds it as it was laid."""

    office: Office
    people: list[Person]
    ids: dict[str, str]
    things: list[Thing]
    rules: Rules
    cells: int = 0

    def actor(self, person: Person) -> Actor:
        with self.office.reading() as uow:
            user = uow.people.get(self.ids[person.login])
            assert user is not None
            return uow.people.actor(user, self.office.today())

    def check(self, place: str, person: Person, thing: Thing, *, found: bool, expected: bool) -> None:
        self.cells += 1
        where = f"{place}: {person.login} ({', '.join(person.roles)}; {person.unit}; {person.order})"
        assert found is expected, f"{where}, {thing.role} of {thing.unit} {thing.name}: {found}, by the rules {expected}"


@pytest.fixture
def matrix(desk: Desk) -> Iterator[Matrix]:
    everyone = people()
    short = Desk(with_short_letters(desk.office), desk.clock, desk.authority)
    case_id = short.file()
    with desk.office.unit_of_work() as uow:
        ids = seat(uow, everyone)
        laid = lay_out(uow, case_id, ids, things(), desk.clock.now())
        uow.commit()
    office = replace(desk.office, unit_of_work=lambda: _rolled_back(desk.office))
    made = Matrix(office, everyone, ids, laid, Rules({person.login: person for person in everyone}))
    yield made
    logging.getLogger("matrix").info("%s cells agree with the rules", made.cells)


def _rolled_back(office: Office) -> UnitOfWork:
    uow = office.unit_of_work()
    uow.commit = uow.flush  # type: ignore[method-assign]
    return uow


# Everybody and everything: the table and the query


def test_the_permission_table_and_the_query_agree_with_the_rules_for_everybody_and_everything(matrix: Matrix) -> None:
    with matrix.office.reading() as uow:
        session = uow._session
        rows = session.execute(select(WorkItem, Case).join(Case, Case.id == WorkItem.case_id)).all()
        facts = {item.id: facts_of(case, item) for item, case in rows}
        for person in matrix.people:
            actor = matrix.actor(person)
            listed = set(session.scalars(select(WorkItem.id).where(WorkItem.status.in_(OPEN), within_reach_of(actor))))
            seen = set(session.scalars(select(Case.id).where(within_sight_of(actor))))
            for thing in matrix.things:
                expected = matrix.rules.may_work(person, thing)
                allowed = thing.status in OPEN and may(actor, Action.WORK_ITEM, facts[thing.id])
                matrix.check("the table", person, thing, found=allowed, expected=expected)
                matrix.check("the query", person, thing, found=thing.id in listed, expected=expected)
                sight = matrix.rules.may_see(person, thing)
                matrix.check("the search", person, thing, found=thing.case_id in seen, expected=sight)
    assert matrix.cells == 3 * len(matrix.people) * len(matrix.things)


# Who may have something to do with a role, and everything of that role: the use cases


def test_the_use_cases_agree_with_the_rules(matrix: Matrix) -> None:
    for role in WORKING:
        for person in concerned(matrix, role):
            actor = matrix.actor(person)
            for thing in of_role(matrix, role):
                expected = matrix.rules.may_work(person, thing)
                matrix.check("complete", person, thing, found=_completes(matrix, actor, thing), expected=expected)


def concerned(matrix: Matrix, role: str) -> list[Person]:
    others = ("supervisor", "universal", "citizen", next(each for each in WORKING if each != role) + "-home")
    return [
        person
        for person in matrix.people
        if (person.login.startswith(f"{role}-") and not person.login.endswith("-watcher")) or person.login in others
    ]


def of_role(matrix: Matrix, role: str) -> list[Thing]:
    return [thing for thing in matrix.things if thing.role == role]


def _completes(matrix: Matrix, actor: Actor, thing: Thing) -> bool:
    """Whether nothing but the page's age stands in the way."""
    try:
        working.complete(matrix.office, actor, thing.id, rev=UNKNOWN_REVISION, outcome="return_for_rework", answers={})
    except Declined as error:
        return STALE in str(error)
    except (Forbidden, NotFound):
        return False
    raise AssertionError("a page of an unknown age was taken")


# The pages


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # pages know no database
@pytest.mark.parametrize("role", ["head", "agreeing_body"])
def test_the_pages_agree_with_the_rules(matrix: Matrix, role: str) -> None:
    app = create_app(matrix.office, signer_url=None)
    app.config["WTF_CSRF_ENABLED"] = False
    for person in concerned(matrix, role):
        browser = Browser(app, matrix.ids[person.login])
        may_work = {thing.id: matrix.rules.may_work(person, thing) for thing in matrix.things}
        listed = browser.tasks()
        for thing in matrix.things:
            matrix.check("the list", person, thing, found=thing.id in listed, expected=may_work[thing.id])
        for thing in of_role(matrix, role):
            seen, expected = matrix.rules.may_see(person, thing), may_work[thing.id]
            page = browser.client.get(f"/tasks/{thing.id}")
            matrix.check("the task's page", person, thing, found=page.status_code == 200, expected=seen)
            matrix.check("its form", person, thing, found=f"/tasks/{thing.id}/complete" in page.text, expected=expected)
            answer = browser.client.get(f"/cases/{thing.case_id}")
            matrix.check("the case's page", person, thing, found=answer.status_code == 200, expected=seen)
            matrix.check("claim", person, thing, found=browser.claims(thing), expected=expected)
            matrix.check("complete", person, thing, found=browser.completes(thing), expected=expected)
            matrix.check("sign", person, thing, found=browser.signs(thing), expected=expected and _signs_here(person))


def _signs_here(person: Person) -> bool:
    """The signing desk is open to those who sign by their role, or in the place of one who does."""
    roles = [*person.roles, *([person.order.role] if person.order else [])]
    return "head" in roles or "department_head" in roles


class Browser:
    def __init__(self, app: Flask, user_id: str) -> None:
        self.client: FlaskClient = app.test_client()
        with self.client.session_transaction() as session:
            session["person"] = user_id

    def tasks(self) -> set[str]:
        """Every task of every page of the list."""
        found: set[str] = set()
        for page in range(1, 100):
            answer = self.client.get(f"/tasks?view=all&page={page}")
            ids = set(re.findall(r'href="/tasks/([0-9a-f]{32})"', answer.text)) - found
            if not ids:
                return found
            found |= ids
        raise AssertionError("the list has no end")

    def claims(self, thing: Thing) -> bool:
        return self.client.post(f"/tasks/{thing.id}/claim").status_code == 302

    def completes(self, thing: Thing) -> bool:
        fields = {"rev": UNKNOWN_REVISION, "outcome": "return_for_rework", "confirmed": "return_for_rework"}
        answer = self.client.post(f"/tasks/{thing.id}/complete", data=fields)
        return answer.status_code == 409 and STALE in answer.text

    def signs(self, thing: Thing) -> bool:
        fields = {"rev": UNKNOWN_REVISION}
        answer = self.client.post(f"/signing/{thing.id}/sign", data=fields, headers={"Accept": "application/json"})
        return answer.status_code == 409 and STALE in answer.text


# The interface for programs


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ["head", "agreeing_body"])
def test_the_interface_for_programs_agrees_with_the_rules(matrix: Matrix, desk: Desk, role: str) -> None:
    tokens = pytest.importorskip("app.cases.tokens")
    app = create_app(matrix.office, signer_url=None)
    for person in concerned(matrix, role):
        actor = matrix.actor(person)
        if not may(actor, Action.MAKE_TOKEN):
            continue
        token = tokens.make_token(desk.office, actor, name="matrix", scope=tokens.Scope.WRITE, days=1)
        program = Program(app, token)
        listed = program.tasks()
        for thing in matrix.things:
            expected = matrix.rules.may_work(person, thing)
            matrix.check("the list of the API", person, thing, found=thing.id in listed, expected=expected)
        for thing in of_role(matrix, role):
            seen, expected = matrix.rules.may_see(person, thing), matrix.rules.may_work(person, thing)
            for place, path in (("a task", f"/tasks/{thing.id}"), ("a case", f"/cases/{thing.case_id}")):
                answer = program.asks("GET", path)
                matrix.check(f"{place} of the API", person, thing, found=answer.status_code == 200, expected=seen)
            matrix.check("claim by the API", person, thing, found=program.claims(thing), expected=expected)
            matrix.check("complete by the API", person, thing, found=program.completes(thing), expected=expected)


class Program:
    def __init__(self, app: Flask, token: str) -> None:
        self.client = app.test_client(use_cookies=False)
        self.headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}

    def asks(self, method: str, path: str, **options: Any) -> TestResponse:
        return self.client.open(f"/api/v1{path}", method=method, headers=self.headers, **options)

    def tasks(self) -> set[str]:
        found: set[str] = set()
        for page in range(1, 100):
            items = (self.asks("GET", f"/tasks?view=all&page={page}").get_json() or {}).get("items", [])
            if not items:
                return found
            found |= {each["id"] for each in items}
        raise AssertionError("the list has no end")

    def claims(self, thing: Thing) -> bool:
        return self.asks("POST", f"/tasks/{thing.id}/claim").status_code == 200

    def completes(self, thing: Thing) -> bool:
        body = {"rev": UNKNOWN_REVISION, "outcome": "return_for_rework", "answers": {}}
        answer = self.asks("POST", f"/tasks/{thing.id}/complete", json=body)
        return answer.status_code == 409 and STALE in answer.text
