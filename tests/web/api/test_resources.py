"""What else the pages do, by the interface: lists page by page, services, fees, withdrawal, complaint, notices, the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.cases import viewing
from app.store.tables import Reading
from app.web import create_app
from tests.desk import SERVICE, Desk
from tests.store.test_constant_cost import count
from tests.web.api.program import ROOT, Program
from tests.web.api.test_access import refused

Programs = Callable[..., Program]
PAID = "knb-permit-encryption-means-import-export"


def test_a_list_is_read_page_by_page_by_the_address_of_the_next(program: Programs, desk: Desk) -> None:
    cases = {desk.file() for _ in range(27)}  # a page holds 25
    clerk = program("clerk")
    first = clerk.gets("/tasks", view="role", q="Үлгі")
    assert (first["page"], first["pages"], first["total"], len(first["items"])) == (1, 2, 27, 25)
    second = clerk.asks("GET", first["next"]).get_json()
    assert (second["page"], len(second["items"]), second["next"]) == (2, 2, None)
    assert {row["case_id"] for row in (*first["items"], *second["items"])} == cases


def test_lists_cost_as_many_statements_with_many_cases_as_with_few(program: Programs, desk: Desk) -> None:
    clerk, company = program("clerk"), program("company")
    asking = [(clerk, "/tasks"), (clerk, "/tasks/counts"), (clerk, "/cases"), (company, "/applications"), (company, "/notices")]

    def cost() -> dict[str, int]:
        return {path: count(lambda who=who, path=path: who.gets(path)) for who, path in asking}  # type: ignore[misc]

    desk.register(desk.file())
    cost()  # what is read once a process is read
    few = cost()
    for _ in range(12):
        desk.register(desk.file())
    assert cost() == few
    assert max(few.values()) <= 14, few  # six of them, two beginnings among them, say who calls


def test_a_service_tells_its_forms_documents_and_terms(program: Programs, desk: Desk) -> None:
    anyone = program(None)
    ids = [card["id"] for card in anyone.gets("/services")["items"]]
    assert ids == [card.id for card in viewing.catalogue(desk.office)]
    told = anyone.gets(f"/services/{SERVICE}")
    issue = next(each for each in told["variants"] if each["id"] == "issue")
    assert issue["term"]["limit"] == "7 working-days"
    contract = next(each for each in issue["documents"] if each["id"] == "foreign_trade_contract")
    assert (contract["kind"], contract["media_types"]) == ("file", ["application/pdf", "image/jpeg", "image/png"])
    fields = {field["id"]: field["type"] for form in told["forms"] if form["id"] == "application" for field in form["fields"]}
    assert (fields["decl_secrets"], fields["bin"]) == ("checkbox", "bin")
    assert anyone.asks("GET", f"/services/{SERVICE}/diagram").data.startswith(b"<?xml")


def test_every_published_service_can_be_told(program: Programs) -> None:
    anyone = program(None)
    for card in anyone.gets("/services")["items"]:
        assert anyone.gets(f"/services/{card['id']}")["title"] == card["title"]


def test_a_case_is_withdrawn_and_then_not_again(program: Programs, desk: Desk) -> None:
    case = desk.file()
    company = program("company")
    company.posts(f"/cases/{case}/withdrawal", {"reason": " "}, 422)
    assert company.posts(f"/cases/{case}/withdrawal", {"reason": "Қажет емес"})["status"] == "withdrawn"
    company.posts(f"/cases/{case}/withdrawal", {"reason": "Қажет емес"}, 409)
    program("applicant").posts(f"/cases/{case}/withdrawal", {"reason": "Қажет емес"}, 404)


def test_a_complaint_begins_with_what_is_known_of_the_case(program: Programs, desk: Desk) -> None:
    case = desk.file()
    desk.register(case)
    company = program("company")
    variant = company.gets("/services/complaint")["variants"][0]["id"]
    made = company.posts(f"/cases/{case}/complaints", {"variant": variant}, 201)
    assert company.gets(f"/applications/{made['id']}")["answers"]["complaint"]["about_number"] == desk.case(case).number


def test_a_fee_is_paid_once_and_stands_on_the_application(program: Programs, desk: Desk) -> None:
    company = program("company")
    services = [company.gets(f"/services/{card['id']}") for card in company.gets("/services")["items"]]
    service, variant = next(
        (each["id"], variant["id"])
        for each in services
        for variant in each["variants"]
        if variant["fee"]["amount"] and variant["fee"]["fee"]["due"] == "before-filing"
    )
    address = f"/applications/{company.posts(f'/services/{service}/applications', {'variant': variant}, 201)['id']}"
    paid = company.posts(f"{address}/payment", {})["fee"]["payment"]
    assert paid["amount"] == company.gets(address)["fee"]["amount"]
    company.posts(f"{address}/payment", {}, 409)
    assert company.asks("DELETE", address).status_code == 409  # the payment would be lost with it


def test_documents_are_removed_and_a_draft_is_discarded(program: Programs) -> None:
    company = program("company")
    address = f"/applications/{company.drafts()}"
    assert [each["kind"] for each in company.gets(address)["attachments"]] == ["foreign_trade_contract"]
    assert company.asks("DELETE", f"{address}/documents/foreign_trade_contract").status_code == 204
    assert company.gets(address)["attachments"] == []
    assert company.asks("DELETE", address).status_code == 204
    company.gets(address, 404)


def test_a_file_with_a_kazakh_name_is_given_back_with_it(program: Programs) -> None:
    company = program("company")
    address = f"/applications/{company.drafts()}/documents/foreign_trade_contract"
    sent = company.asks("PUT", f"{address}?filename=Шарт.pdf", data=b"%PDF-1.7\n", content_type="application/pdf")
    document = sent.get_json()["attachments"][0]
    assert document["filename"] == "Шарт.pdf"
    given = company.asks("GET", f"/documents/{document['id']}/content").headers["Content-Disposition"]
    assert given.encode("latin-1")  # what a header may hold
    assert given.endswith("filename*=UTF-8''%D0%A8%D0%B0%D1%80%D1%82.pdf")


def test_a_file_of_another_kind_than_the_document_is_refused_at_its_place(program: Programs) -> None:
    company = program("company")
    address = f"/applications/{company.drafts()}/documents/foreign_trade_contract?filename=a.pdf"
    response = company.asks("PUT", address, data=b"no PDF", content_type="application/pdf")
    assert refused(response, 422, "invalid")["errors"][0]["pointer"] == "#/documents/foreign_trade_contract"


def test_notices_are_told_in_the_callers_language_and_marked_as_read(program: Programs, desk: Desk) -> None:
    desk.register(desk.file())
    company = program("company")
    notice = company.gets("/notices")["items"][0]
    assert not notice["read"]
    assert notice["sentence"] != company.gets("/notices", lang="kk")["items"][0]["sentence"]
    assert company.asks("POST", f"/notices/{notice['id']}/read").status_code == 204
    assert company.gets("/notices")["items"][0]["read"]


def test_the_clock_is_moved_forward_and_terms_fall_due(program: Programs, desk: Desk) -> None:
    case = desk.file()
    head = program("head")
    assert head.gets("/clock") == {"now": "2026-03-02T05:00:00Z", "is_working_day": True, "holiday": None}
    # Filed on Monday 2 March 2026; Thursday evening lies after the end of the clerk's step.
    moved = head.posts("/clock", {"to": "2026-03-05T18:00:00+05:00"})
    assert moved["now"] == "2026-03-05T13:00:00Z" and moved["fired"] > 0
    assert "deadline-passed" in desk.events(case)
    head.posts("/clock", {"to": "2026-03-02T10:00:00+05:00"}, 422)
    head.posts("/clock", {"to": "2026-03-06T10:00:00"}, 422)  # without a zone it is no moment
    program("company").posts("/clock", {"to": "2026-03-09T18:00:00+05:00"}, 403)


def test_outside_demonstration_mode_there_is_no_clock(desk: Desk) -> None:
    settings = replace(desk.office.settings, demonstration=False)
    app = create_app(replace(desk.office, settings=settings), signer_url=None)
    head = Program(app, desk, "head")
    head.gets("/clock", 404)
    head.posts("/clock", {"to": "2026-03-05T18:00:00+05:00"}, 404)


@pytest.mark.parametrize("path", ["/api/v2/me", f"{ROOT}/services/{'x' * 100}", f"{ROOT}/tasks/%00"])
def test_what_is_not_there_is_said_without_a_page(program: Programs, path: str) -> None:
    refused(program("clerk").asks("GET", path), 404, "not-found")


def test_what_a_program_opens_is_kept_as_what_a_person_opens(program: Programs, desk: Desk) -> None:
    case = desk.file()
    clerk = program("clerk")
    item = clerk.task(case)["row"]["id"]
    document = clerk.gets(f"/cases/{case}")["documents"][0]
    clerk.asks("GET", f"/documents/{document['id']}/content")
    with desk.office.reading() as uow:
        readings = uow._session.scalars(select(Reading).where(Reading.user_id == desk.actor("clerk").id))
        opened = {(each.work_item_id, each.document_id, each.sha256) for each in readings}
    assert opened == {(item, None, ""), (None, None, ""), (None, document["id"], document["sha256"])}


def test_the_list_is_narrowed_and_sorted_as_asked(program: Programs, desk: Desk) -> None:
    first, second = desk.file(), desk.file("applicant")
    clerk = program("clerk")
    cases = {name: [row["case_id"] for row in clerk.gets("/tasks", sort=name)["items"]] for name in ("applicant", "-applicant")}
    assert set(cases["applicant"]) == {first, second}
    assert cases["applicant"] == cases["-applicant"][::-1]
    assert clerk.gets("/tasks", due="overdue")["items"] == []
    assert clerk.gets("/tasks", service="complaint")["items"] == []
    assert clerk.gets("/tasks/counts")["counts"]["all"] == 2
    clerk.gets("/tasks", 422, sort="colour")


def test_who_refuses_to_act_gives_the_task_back(program: Programs, desk: Desk) -> None:
    case = desk.file()
    clerk = program("clerk")
    address = f"/tasks/{clerk.task(case)['row']['id']}"
    clerk.posts(f"{address}/decline", {"why": "conflict-of-interest"}, 409)  # it is nobody's yet
    clerk.posts(f"{address}/claim")
    clerk.posts(f"{address}/decline", {"why": "other"}, 422)
    clerk.posts(f"{address}/decline", {"why": "conflict-of-interest"}, 204)
    assert desk.open_items(case)[0].owner_id is None
