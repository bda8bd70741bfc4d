"""The same scenario without a browser: every page fetched, its form filled in and sent, from filing to certificate."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from app.bootstrap.demonstration import PASSWORD
from app.cases import viewing
from app.cases.office import Office
from app.domain.case import CaseStatus
from app.web import create_app
from tests.desk import PDF, SERVICE, Desk

YES = ("data_true", "requirements_met", "no_court_ban", "special_right_kept")


class Reader:
    """A person who reads pages and sends their forms."""

    def __init__(self, client: FlaskClient, desk: Desk) -> None:
        self.client, self.desk, self.login = client, desk, ""

    def page(self, address: str) -> html.HtmlElement:
        answer = self.client.get(address, follow_redirects=True)
        assert answer.status_code == 200, answer.status
        return html.fromstring(answer.text)

    def send(
        self,
        page: html.HtmlElement,
        action: str,
        fields: Mapping[str, Any],
        files: Mapping[str, Any] = {},
    ) -> TestResponse:
        """Sends the page's form that goes to this address, with what it holds already and with these fields."""
        form = next(f for f in page.forms if f.action == action)
        held = {name: value for name, value in form.form_values() if name != "action"}
        answer = self.client.post(action, data={**held, **fields, **files}, follow_redirects=True)
        assert answer.status_code == 200, (answer.status, html.fromstring(answer.text).find(".//main").text_content())
        return answer

    def sign_in(self, login: str) -> None:
        if self.login:
            self.send(self.page("/"), "/sign-out", {})
        self.send(self.page("/sign-in"), "/sign-in", {"login": login, "password": PASSWORD})
        self.login = login

    def file(self) -> str:
        address = f"/services/{SERVICE}"
        answer = self.send(self.page(address), f"{address}/applications", {"variant": "issue"})
        application = answer.request.path.rsplit("/", 1)[-1]
        fields = {
            f"{form}.{name}": "yes" if value is True else value
            for form, values in self.desk.answers(self.login).items()
            for name, value in values.items()
        }
        answer = self.send(
            html.fromstring(answer.text),
            f"/applications/{application}",
            {**fields, "action": "sign"},
            {"documents.foreign_trade_contract": (BytesIO(PDF), "contract.pdf", "application/pdf")},
        )
        signing = html.fromstring(answer.text)
        self.send(signing, f"/applications/{application}/signing", dict(self.signatures(signing)))
        filed = viewing.application(self.desk.office, self.desk.actor(self.login), application).filed_case
        assert filed is not None
        return filed

    def signatures(self, page: html.HtmlElement) -> Iterator[tuple[str, str]]:
        """A CMS for every signature the page wants, over the very bytes it shows."""
        for wanted in page.xpath("//*[@data-wanted]"):
            content = self.client.get(wanted.get("data-document")).data
            key = self.desk.key(wanted.get("data-iin"), wanted.get("data-bin"))
            name = wanted.xpath(".//input[@data-cms]/@name")[0]
            yield name, b64encode(key.sign(content, self.desk.clock.now())).decode()

    def work(self, outcome: str, answers: Mapping[str, str] = {}) -> None:
        """Finishes the first task of the list, signing what is to be signed."""
        item = self.page("/tasks").xpath("//main//tbody//a[starts-with(@href, '/tasks/')]/@href[not(contains(., '?'))]")[0]
        page = self.page(item)
        if f"{item}/prepare" in [form.action for form in page.forms]:
            page = html.fromstring(self.send(page, f"{item}/prepare", {}).text)
            self.client.get(page.xpath("//iframe/@src")[0])  # the browser shows the document in place
        fields = {**answers, **dict(self.signatures(page)), "outcome": outcome, "confirmed": outcome}
        self.send(page, f"{item}/complete", fields)


@pytest.fixture
def reader(office: Office, desk: Desk) -> Reader:
    app = create_app(office, signer_url=None, demonstration_password=PASSWORD)
    return Reader(app.test_client(), desk)


def test_paras_6_to_10_by_pages_alone_from_filing_to_the_certificate(reader: Reader, desk: Desk) -> None:
    reader.sign_in("company")
    case_id = reader.file()
    reader.sign_in("clerk")
    reader.work("registered")
    reader.sign_in("head")
    reader.work("appointed", {"appointment.executor": desk.actor("executor").id})
    reader.sign_in("executor")
    reader.work("complete")  # what the page offers: every document that is needed is there
    desk.answer_jobs()
    reader.work("meets", {f"compliance.{name}": "yes" for name in YES})
    reader.work("drawn_up")
    reader.sign_in("head")
    reader.work("sign")
    assert desk.case(case_id).status is CaseStatus.ISSUED

    reader.sign_in("company")
    result = reader.client.get(f"/cases/{case_id}/result", follow_redirects=True)
    assert result.mimetype == "application/pdf"
    assert result.data.startswith(b"%PDF-")
