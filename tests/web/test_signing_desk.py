"""The signing desk: documents prepared, opened and signed many at once, each with a result of its own."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.cases import viewing, working
from app.domain.errors import Invalid
from app.domain.people import Role
from app.web import create_app
from tests.desk import Desk
from tests.scenarios.test_four_eyes import FIRST, LAST
from tests.web.visitor import Visitor

JSON = {"Accept": "application/json"}


@pytest.fixture
def sit(desk: Desk) -> Callable[[str], Signatory]:
    app = create_app(desk.office, signer_url="ws://127.0.0.1:13579/")
    return lambda login: Signatory(app, desk, login)


class Signatory(Visitor):
    """Somebody at the desk: what its script does, request by request."""

    def __init__(self, app: Flask, desk: Desk, login: str) -> None:
        super().__init__(app, login)
        self.desk, self.login = desk, login

    def items(self, **query: str) -> list[str]:
        self.opens("/signing" + (f"?service={query['service']}" if query else ""))
        return [row.get("id").removeprefix("row-") for row in self.page.xpath("//tr[@data-row]")]

    def asks(self, address: str, **fields: str) -> tuple[int, dict[str, Any]]:
        token = self.page.xpath("string(//input[@name='csrf_token']/@value)")
        answer = self.client.post(address, data={"csrf_token": token, **fields}, headers=JSON)
        return answer.status_code, answer.get_json()

    def prepares(self, item: str) -> dict[str, Any]:
        status, told = self.asks(f"/signing/{item}/prepare")
        assert status == 200, told
        return told

    def looks_at(self, document: dict[str, Any], **headers: str) -> None:
        assert self.client.get(document["shown"], headers=headers).status_code == 200

    def signs(self, item: str, document: dict[str, Any], *, by: str | None = None) -> tuple[int, str]:
        content = self.client.get(document["bytes"], headers={"Sec-Fetch-Dest": "empty"}).data
        signer = self.desk.actor(by or self.login)
        cms = self.desk.key(signer.iin, signer.bin).sign(content, self.desk.clock.now())
        fields = {"rev": str(document["rev"]), f"cms.{document['document']}.1": b64encode(cms).decode()}
        status, told = self.asks(f"/signing/{item}/sign", **fields)
        return status, told["words"]


Sit = Callable[[str], Signatory]


def to_the_signature(desk: Desk, login: str = "company") -> str:
    case = desk.file(login)
    desk.register(case)
    desk.appoint(case)
    desk.find_complete(case)
    desk.find_compliant(case)
    desk.draw_up(case)
    return case


def test_documents_are_signed_together_each_with_a_result_of_its_own(desk: Desk, sit: Sit) -> None:
    first, second = to_the_signature(desk), to_the_signature(desk, "applicant")
    head = sit("head")
    items = head.items()
    assert len(items) == 2
    documents = {item: head.prepares(item) for item in items}
    for document in documents.values():
        head.looks_at(document)
    status, words = head.signs(items[0], documents[items[0]], by="executor")
    assert status == 422 and "IIN" in words  # another's key: told in its row
    assert head.signs(items[1], documents[items[1]])[0] == 200
    assert head.items() == [items[0]]  # what failed waits on, prepared and opened
    assert head.page.xpath("//tr[@data-row]/@data-was-opened") == [""]
    assert head.signs(items[0], documents[items[0]])[0] == 200
    assert head.items() == []
    assert all(viewing.case(desk.office, desk.actor("head"), case).status.value == "issued" for case in (first, second))


def test_a_document_that_was_not_opened_is_not_signed_whatever_the_page_says(desk: Desk, sit: Sit) -> None:
    to_the_signature(desk)
    head = sit("head")
    (item,) = head.items()
    document = head.prepares(item)
    status, words = head.signs(item, document)  # the bytes were fetched by the script, and shown to nobody
    assert (status, "was not opened yet" in words) == (422, True)
    head.looks_at(document)
    assert head.signs(item, document)[0] == 200


def test_a_document_opened_by_somebody_else_or_in_other_words_counts_as_not_opened(desk: Desk, sit: Sit) -> None:
    to_the_signature(desk)
    head, executor = sit("head"), sit("executor")
    (item,) = head.items()
    document = head.prepares(item)
    executor.looks_at(document)
    assert head.signs(item, document)[0] == 422
    head.looks_at(document)
    desk.clock.pass_by(days=1)  # the print says its day
    fresh = head.prepares(item)
    assert fresh["sha256"] != document["sha256"]
    assert head.signs(item, fresh)[0] == 422
    head.looks_at(fresh)
    assert head.signs(item, fresh)[0] == 200


def test_the_task_page_asks_for_the_opening_too(desk: Desk) -> None:
    case = to_the_signature(desk)
    head, item = desk.actor("head"), desk.item(case, "head").row.id
    document = working.prepare_signing(desk.office, head, item)
    _, content = viewing.document(desk.office, head, document.id)
    rev = viewing.work_item(desk.office, head, item).rev
    given = [(document.id, desk.key(head.iin, head.bin).sign(content, desk.clock.now()))]
    with pytest.raises(Invalid, match="was not opened yet"):
        working.complete(desk.office, head, item, rev=rev, outcome="sign", answers={}, signatures=given)


def test_the_history_says_when_the_signed_document_was_opened(desk: Desk, sit: Sit) -> None:
    case = to_the_signature(desk)
    head = sit("head")
    (item,) = head.items()
    document = head.prepares(item)
    desk.clock.pass_by(minutes=3)
    opened = desk.clock.now()
    head.looks_at(document)
    desk.clock.pass_by(minutes=7)
    head.signs(item, document)
    with desk.office.reading() as uow:
        (signed,) = [e for e in uow.history.of(case) if e.kind == "document-signed" and e.element == "sign_certificate"]
    assert signed.details["opened_at"] == opened.isoformat()
    assert signed.at - opened == timedelta(minutes=7)


def test_the_desk_holds_what_the_person_stands_in_for_and_can_be_narrowed_to_a_service(desk: Desk, sit: Sit) -> None:
    to_the_signature(desk)
    desk.substitute(absent="head", by="depthead", role=Role.HEAD, first=FIRST, last=LAST)
    deputy = sit("depthead")
    assert len(deputy.items()) == 1
    assert "for Басшыбеков Ғани" in deputy.text
    assert len(deputy.items(service="guarantee-obligation-end-user-certificate")) == 1
    assert deputy.items(service="poisons-licence") == []


def test_who_prepared_the_decision_does_not_find_it_at_his_desk(desk: Desk, sit: Sit) -> None:
    desk.substitute(absent="head", by="executor", role=Role.HEAD, first=FIRST, last=LAST)
    to_the_signature(desk)
    executor = sit("executor")
    assert executor.items() == []
    (item,) = sit("head").items()
    executor.opens(f"/tasks/{item}")
    assert "You prepared this decision; another person has to do" in executor.text
    status, told = executor.asks(f"/signing/{item}/prepare")
    assert (status, told["words"][:26]) == (403, "You prepared this decision")


def test_without_scripts_a_document_is_prepared_by_its_button(desk: Desk, sit: Sit) -> None:
    to_the_signature(desk)
    head = sit("head")
    (item,) = head.items()
    head.sends(f"/signing/{item}/prepare")
    assert head.path == "/signing"
    assert "Prepared" in head.text


def test_the_desk_is_for_those_who_sign(sit: Sit) -> None:
    for login, status in (("head", 200), ("depthead", 200), ("clerk", 403), ("executor", 403), ("company", 403)):
        visitor = sit(login)
        visitor.opens("/signing")
        assert visitor.status == status, login


def test_the_page_asks_the_database_the_same_number_of_questions_for_one_document_as_for_many(desk: Desk, sit: Sit) -> None:
    asked: list[str] = []

    def note(*arguments: Any) -> None:
        asked.append(arguments[2])

    head, numbers = sit("head"), []
    for _ in range(2):
        to_the_signature(desk)
        head.items()
        event.listen(Engine, "before_cursor_execute", note)
        head.items()
        event.remove(Engine, "before_cursor_execute", note)
        numbers.append(len(asked))
        asked.clear()
    assert numbers[0] == numbers[1]


def test_what_the_act_sets_no_term_is_due_with_the_whole_service(desk: Desk, sit: Sit) -> None:
    # Filed on Monday 2 March 2026, 7 working days: 3, 4, 5, 6, 10, 11, 12 March (8 March is a Sunday, so Monday 9 is off).
    to_the_signature(desk)
    desk.clock.pass_by(minutes=1)
    later = to_the_signature(desk, "applicant")
    head = sit("head")
    items = head.items()
    with desk.office.reading() as uow:
        found = [uow.work.get(item) for item in items]
    assert [item is not None and item.due_at for item in found] == [None, None]
    assert found[1] is not None and found[1].case_id == later
    assert head.text.count("12 March 2026") == 2
