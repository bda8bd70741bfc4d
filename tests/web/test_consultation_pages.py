"""The pages of a body that is asked, and the executor's panel of the bodies: read, and sent back, as people do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.cases.disclosing import change_disclosure
from app.cases.office import Office
from app.web import create_app
from tests.desk import Desk
from tests.scenarios.test_other_bodies import WORDS, Strip, to_the_security_department
from tests.web.visitor import Visitor

# One database is enough here: pages know none, and what lies below them is tested on both.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

Sit = Callable[[str], Visitor]
BODIES = {"agency": "Authorised state body", "agency2": "Body that makes the expertise, study or check"}


@pytest.fixture
def app(office: Office) -> Flask:
    return create_app(office, signer_url=None)


@pytest.fixture
def sit(app: Flask) -> Sit:
    return lambda login: Visitor(app, login)


@pytest.fixture
def strip(desk: Desk) -> Strip:
    return Strip(desk)


def halved(strip: Strip) -> dict[str, list[str]]:
    """Each body is shown another half of the dossier; gives which."""
    dossier = sorted(strip.filed())
    shown = {"agency": dossier[::2], "agency2": dossier[1::2]}
    for login, kept in shown.items():
        change_disclosure(
            strip.desk.office,
            strip.desk.actor("executor"),
            strip.request(login),
            withdraw=sorted(set(dossier) - set(kept)),
            reason="A reason of the office",
        )
    return shown


def test_a_bodys_pages_hold_what_is_disclosed_to_it_and_nothing_else(strip: Strip, sit: Sit) -> None:
    shown = halved(strip)
    documents = {document.id: document for document in strip.view("head").documents}
    for login, body in BODIES.items():
        other = next(each for each in BODIES if each != login)
        visitor = sit(login)
        for address in (f"/cases/{strip.id}", f"/tasks/{strip.request(login)}"):
            page = visitor.opens(address)
            linked = {link.rpartition("/")[2] for link in page.xpath("//main//a[contains(@href, '/documents/')]/@href")}
            signed = {link.split("/")[2] for link in page.xpath("//main//a[contains(@href, '/signatures/')]/@href")}
            assert {each for each in linked if each in documents} == set(shown[login]), address
            assert signed <= set(shown[login])
            assert body in visitor.text
            for hidden in (BODIES[other], "A reason of the office", "Legal entities", strip.request(other)):
                assert hidden not in visitor.response.get_data(as_text=True), (address, hidden)
            for document in set(documents) - set(shown[login]):
                assert document not in visitor.response.get_data(as_text=True)
        for document in documents:
            wanted = 200 if document in shown[login] else 404
            assert visitor.client.get(f"/documents/{document}").status_code == wanted


@pytest.mark.parametrize(
    "address",
    [
        "/cases/{case}/diagram",
        "/cases/{case}/result",
        "/cases/{case}/result/signature",
        "/tasks/{other}",
        "/deadlines",
        "/incidents",
    ],
)
def test_other_addresses_of_the_case_answer_a_body_as_if_nothing_were_there(strip: Strip, sit: Sit, address: str) -> None:
    visitor = sit("agency")
    visitor.opens(address.format(case=strip.id, other=strip.request("agency2")))
    assert visitor.status in (403, 404)


def test_a_body_replies_marks_its_reply_and_finds_it_again(strip: Strip, sit: Sit) -> None:
    visitor = sit("agency")
    item = strip.request("agency")
    visitor.opens(f"/tasks/{item}")
    assert "the act sets no term" in visitor.text
    typed = {"reply.number": "15-3/7", "reply.reasons": WORDS, "restricted": "yes"}
    visitor.sends("/complete", typed, outcome="disagree")  # asks whether one is sure
    visitor.sends("/complete", typed, confirmed="disagree")
    assert "Your reply is given" in visitor.text
    visitor.opens(f"/cases/{strip.id}")
    assert WORDS in visitor.text
    for login in ("executor", "compliance"):
        reader = sit(login)
        for address in (f"/cases/{strip.id}", f"/tasks/{item}", "/notices"):
            reader.opens(address)
            assert WORDS not in reader.response.get_data(as_text=True), (login, address)
    cleared = sit("head")
    cleared.opens(f"/cases/{strip.id}")
    assert WORDS in cleared.text


def test_what_is_wanting_brings_the_page_back_with_the_mark_and_what_was_typed(strip: Strip, sit: Sit) -> None:
    visitor = sit("agency")
    visitor.opens(f"/tasks/{strip.request('agency')}")
    visitor.sends("/complete", {"reply.number": "", "reply.reasons": WORDS, "restricted": "yes"}, confirmed="disagree")
    assert visitor.status == 422
    assert WORDS in visitor.response.get_data(as_text=True)
    assert visitor.page.get_element_by_id("restricted").get("checked") is not None


def test_the_security_departments_mark_is_set_before_it_says_anything(desk: Desk, sit: Sit) -> None:
    case_id = to_the_security_department(desk)
    visitor = sit("security")
    visitor.opens(f"/tasks/{desk.item(case_id, 'security').row.id}")
    assert visitor.page.get_element_by_id("restricted").get("checked") is not None
    assert "2 working days" in visitor.text


def test_the_executor_unticks_a_document_and_the_body_no_longer_has_it(strip: Strip, sit: Sit) -> None:
    visitor = sit("executor")
    item, document = strip.request("agency"), min(strip.filed())
    visitor.opens(f"/cases/{strip.id}")
    filed = sorted(strip.filed())
    assert sorted(visitor.page.xpath(f"//form[contains(@action, '{item}')]//input[@name='were']/@value")) == filed
    visitor.sends(f"{item}/disclosure", were=filed, shown=sorted(set(filed) - {document}), reason="Not needed")
    assert "What the body is shown was changed." in visitor.text
    assert f"withdrawn by {strip.desk.actor('executor').name}" in visitor.text
    assert strip.shown("agency") == strip.filed() - {document}


def test_the_panel_says_which_documents_the_body_opened(strip: Strip, sit: Sit) -> None:
    document = min(strip.filed())
    sit("agency").client.get(f"/documents/{document}")
    executor = sit("executor")
    executor.opens(f"/cases/{strip.id}")
    assert executor.text.count("opened by the body") == 1


def test_a_colleague_sees_the_panel_without_its_controls(strip: Strip, sit: Sit) -> None:
    visitor = sit("compliance")
    visitor.opens(f"/cases/{strip.id}")
    assert all(body in visitor.text for body in BODIES.values())
    assert not visitor.page.xpath("//form[contains(@action, '/disclosure')]")


def test_a_body_lists_the_cases_in_which_it_was_asked(strip: Strip, sit: Sit) -> None:
    visitor = sit("agency")
    visitor.opens("/cases")
    assert "Cases in which you were asked" in visitor.text
    assert "being considered" not in visitor.text
    visitor = sit("interior")
    visitor.opens("/cases")
    assert "You have not been asked in any case yet." in visitor.text


def test_the_executor_asks_a_body_again_by_a_button(strip: Strip, sit: Sit) -> None:
    visitor = sit("executor")
    visitor.opens(f"/cases/{strip.id}")
    item = strip.request("agency")
    visitor.sends(f"{item}/again")
    assert "The body is asked again." in visitor.text
    (again,) = visitor.page.xpath("//dt[text()='Asked again']/following-sibling::dd[1]")
    assert again.text == "2 March 2026, 10:00"
    assert not visitor.page.xpath(f"//form[contains(@action, '{item}/again')]"), "not twice a day"
    assert visitor.page.xpath(f"//form[contains(@action, '{strip.request('agency2')}/again')]")
    body = sit("agency")
    body.opens("/notices")
    assert "You are asked again to reply in case" in body.text
    body.opens(f"/tasks/{item}")
    assert "asked again 2 March 2026, 10:00" in body.text
