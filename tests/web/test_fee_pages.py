"""Fees, channels and conditions on the applicant's pages, and the catalogue of services, without scripts."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from app.bootstrap.demonstration import PASSWORD
from app.cases.office import Office
from app.web import create_app
from tests.desk import PDF, SERVICE, Desk
from tests.made_up import document, published, service, text
from tests.press import with_short_letters
from tests.web.test_filing_pages import CONTRACT, file_of, signatures, signs, summary_of, typed
from tests.web.visitor import Visitor


@pytest.fixture
def office(office: Office) -> Office:
    return with_short_letters(office)


@pytest.fixture
def app(office: Office) -> Flask:
    return create_app(office, signer_url=None, demonstration_password=PASSWORD)


def licence(data: dict[str, Any]) -> None:
    """A licence for 0,9 MCI, by the portal or at the office, with a receipt, a thing to bring and a condition."""
    data["title"] = {"kk": "Улар лицензиясы", "ru": "Лицензия на яды", "en": "Licence for poisons"}
    data["channels"] = ["portal", "provider-office"]
    data["office"] = {"wait": "15 working-minutes", "serve": "20 working-minutes", "paragraph": "Standard row 3", "inferred": "-"}
    data["hearing"] = {"invitation": "3 working-days", "paragraph": "Code art 73", "inferred": "-"}
    data["consultations"] = [
        {
            "id": "health",
            "body": text("Health body"),
            "about": text("safety"),
            "at": "check_compliance",
            "paragraph": "Rules para 9",
        }
    ]
    data["suspensions"] = [{"id": "s", "title": text("Samples"), "during": "check_compliance", "paragraph": "Rules para 9"}]
    data["switches"] = [{"id": "w", "at": "check_compliance", "limit": "30 calendar-days", "paragraph": "Rules para 9"}]
    data["limits"] = [
        {"element": "check_completeness", "limit": "2 working-days", "paragraph": "Rules para 8", "counted_from": "registered"}
    ]
    data["grounds"][0]["stage"] = "intake"
    for variant in data["variants"]:
        variant["fee"] = {"mci": "0.9", "paragraph": "Standard row 6"}
        variant["hint"] = text("Who may ask for it")
        variant["documents"] = [
            *variant["documents"],
            document("receipt", required="paid == 'bank'"),
            document("sample", kind="paper", channels=["provider-office"], title=text("A sample")),
        ]
    data["variants"][1]["term"] = {"counted_from": "registered", "paragraph": "Standard row 3", "inferred": "-"}


def applying(app: Flask, service_id: str, **chosen: str) -> Visitor:
    visitor = Visitor(app, "company")
    visitor.opens(f"/services/{service_id}")
    visitor.sends("/applications", variant="issue", **chosen)
    assert visitor.status == 200, visitor.text
    return visitor


def shown(visitor: Visitor, xpath: str) -> list[str]:
    """The words of what is shown: neither it nor anything round it is hidden."""
    found = visitor.page.xpath(f"{xpath}[not(ancestor-or-self::*[@hidden])]")
    return [" ".join(each.text_content().split()) for each in found]


# --- The fee -------------------------------------------------------------------------------------------------------


def test_the_fee_is_paid_on_the_form_and_nothing_typed_is_lost(app: Flask, office: Office, desk: Desk) -> None:
    visitor = applying(app, published(office, service("licence", licence)))
    own = visitor.path
    assert "0.9 MCI, today 3,892.50 tenge" in visitor.text  # 0,9 × 4325
    visitor.sends(own, {**typed(desk.answers()), CONTRACT: file_of(PDF), "action": "sign"})
    said = summary_of(visitor)
    assert list(said) == ["payment"]
    visitor.sends(own, {"application.sheets": "7", "action": "pay"})
    assert "paid 3,892.50 tenge, 2 March 2026, 10:00 simulated" in visitor.text
    assert visitor.value("application.sheets") == "7"
    assert "_payment.by" not in visitor.page.get_element_by_id("application").fields
    visitor.sends(own, action="sign")
    signs(visitor, desk)
    assert visitor.path.endswith("/filed")


def test_the_receipt_is_asked_for_once_it_is_chosen_and_the_choice_stays(app: Flask, office: Office, desk: Desk) -> None:
    visitor = applying(app, published(office, service("licence", licence)))
    own, receipt = visitor.path, "//label[@for='documents.receipt']"
    assert not shown(visitor, receipt)
    visitor.sends(own, {**typed(desk.answers()), CONTRACT: file_of(PDF), "_payment.by": "bank", "action": "sign"})
    assert list(summary_of(visitor)) == ["documents.receipt"]
    assert shown(visitor, receipt) == ["receipt"]
    visitor.opens(own)
    assert visitor.value("_payment.by") == "bank"
    visitor.sends(own, {"documents.receipt": file_of(PDF, "receipt.pdf"), "action": "sign"})
    signs(visitor, desk)
    assert visitor.path.endswith("/filed")


def test_an_amount_the_act_does_not_name_is_stated_and_a_wrong_one_comes_back(app: Flask, office: Office) -> None:
    def change(data: dict[str, Any]) -> None:
        for variant in data["variants"]:
            variant["fee"] = {"unknown": True, "paragraph": "Standard row 6"}

    visitor = applying(app, published(office, service("licence", change)))
    own = visitor.path
    visitor.sends(own, {"_payment.amount": "much", "action": "pay"})
    assert visitor.status == 422
    assert "State the amount you pay" in summary_of(visitor)["payment"]
    assert visitor.value("_payment.amount") == "much"
    visitor.sends(own, {"_payment.amount": "1 500,50", "action": "pay"})
    assert "paid 1,500.50 tenge" in visitor.text


def test_a_fee_due_in_the_process_is_paid_at_its_address_by_the_applicant_alone(app: Flask, office: Office, desk: Desk) -> None:
    def change(data: dict[str, Any]) -> None:
        for variant in data["variants"]:
            variant["fee"] = {"mci": "10", "due": "in-process", "paragraph": "Standard row 6"}

    visitor = applying(app, published(office, service("licence", change)))
    own = visitor.path
    visitor.sends(own, {**typed(desk.answers()), CONTRACT: file_of(PDF), "action": "sign"})
    signs(visitor, desk)
    case = visitor.page.xpath("string(//a[text()='Follow the case']/@href)")
    assert Visitor(app, "applicant").posts(f"{case}/payment").status_code == 403
    assert visitor.posts(f"{case}/payment", next="/cabinet").headers["Location"] == "/cabinet"
    visitor.opens(case)
    assert "The fee was paid" in visitor.text
    assert visitor.posts(f"{case}/payment").status_code == 409


# --- Channels ------------------------------------------------------------------------------------------------------


def test_at_the_office_documents_are_printed_and_things_are_brought(app: Flask, office: Office, desk: Desk) -> None:
    visitor = applying(app, published(office, service("licence", licence)), channel="provider-office")
    own = visitor.path
    assert shown(visitor, "//*[@aria-labelledby='to-bring']//li") == ["A sample Standard, row 8"]
    visitor.sends(own, action="pay")
    visitor.sends(own, {**typed(desk.answers()), CONTRACT: file_of(PDF), "action": "sign"})
    assert visitor.page.xpath("string(//h1)") == "Printing"
    assert len(visitor.page.xpath("//iframe")) == 2
    assert not signatures(visitor, desk)
    visitor.sends("/signing")
    assert visitor.path.endswith("/filed")
    assert "Hand in the signed documents at the office: Industrial Development Committee" in visitor.text
    assert "A sample" in visitor.text


def test_by_the_portal_nothing_is_brought_and_a_made_up_channel_is_refused(app: Flask, office: Office) -> None:
    service_id = published(office, service("licence", licence))
    assert "A sample" not in applying(app, service_id).text
    visitor = Visitor(app, "company")
    visitor.opens(f"/services/{service_id}")
    for wrong in ("by-pigeon", "e-licensing"):
        assert visitor.posts(f"/services/{service_id}/applications", variant="issue", channel=wrong).status_code == 422


# --- Tables --------------------------------------------------------------------------------------------------------


def test_rows_are_moved_without_a_script(app: Flask) -> None:
    visitor, table = applying(app, SERVICE), "importer_guarantee.annex_table"
    own = visitor.path
    visitor.sends(own, {f"{table}[0].product": "a"}, action=f"add-row:{table}")
    visitor.sends(own, {f"{table}[1].product": "b"}, action=f"raise-row:{table}[1]")
    assert [visitor.value(f"{table}[{row}].product") for row in (0, 1)] == ["b", "a"]
    visitor.sends(own, action=f"lower-row:{table}[0]")
    assert [visitor.value(f"{table}[{row}].product") for row in (0, 1)] == ["a", "b"]


def test_of_many_problems_the_first_are_listed_and_the_rest_counted(app: Flask, desk: Desk) -> None:
    visitor, table = applying(app, SERVICE), "importer_guarantee.annex_table"
    rows = {f"{table}[{number}].tnved": "x" for number in range(40)}
    visitor.sends(visitor.path, {**typed(desk.answers(products="several")), **rows, CONTRACT: file_of(PDF), "action": "sign"})
    # each of the 40 rows has a wrong code, and lacks a product, a control code, a quantity and a unit
    assert "There are 200 things to mend" in visitor.text
    assert "and 170 more, each marked at its field" in visitor.text
    assert len(visitor.page.xpath("//*[@role='alert']//li")) == 31


# --- The service's page and the catalogue --------------------------------------------------------------------------


def test_the_page_of_a_service_says_all_that_its_passport_says(app: Flask, office: Office) -> None:
    guest = Visitor(app)
    guest.opens(f"/services/{published(office, service('licence', licence))}")
    for words in (
        "Who may ask for it",
        "the act sets no term",
        "0.9 MCI, today 3,892.50 tenge",
        "A sample Standard, row 8 · brought to the provider · by way of: The provider’s office",
        "Check that the documents are complete: 2 working days from registration Rules, para 8",
        "From the end of the step “Check the documents and data against the requirements”: 30 calendar days",
        "Samples: while the step “Check the documents and data against the requirements” waits",
        "You are invited at least 3 working days ahead",
        "Health body: safety",
        "Refusal to accept the application",
        "You wait at most 15 working minutes and are served within 20 working minutes.",
    ):
        assert words in guest.text, words


def cards(visitor: Visitor) -> dict[str, list[str]]:
    """The titles of the catalogue under each issuer."""
    sections = visitor.page.xpath("//section[h2]")
    return {s.xpath("string(h2)"): [h.text_content() for h in s.xpath(".//h3")] for s in sections}


def test_services_stand_under_the_issuers_of_their_acts_and_are_found_in_any_language(app: Flask, office: Office) -> None:
    def other(data: dict[str, Any]) -> None:
        licence(data)
        data["title"] = {"kk": "Қоңыр қағаз", "ru": "Бурая бумага", "en": "Brown paper"}
        data["act"]["issuer"] = text("Another body")

    published(office, service("licence", licence))
    published(office, service("permit", other))
    guest = Visitor(app)
    guest.opens("/")
    assert cards(guest)["Another body"] == ["Brown paper"]
    assert "Licence for poisons" in cards(guest)["Minister for Investments and Development of the Republic of Kazakhstan"]
    for words in ("ҚОҢЫР қағаз", "бурая", "brown", "another paper"):
        guest.opens(f"/?q={words}")
        assert cards(guest) == {"Another body": ["Brown paper"]}, words
    guest.opens("/?q=nothing+like+it")
    assert "No service was found." in guest.text
    assert guest.page.get_element_by_id("words").value == "nothing like it"


def test_a_service_without_force_is_marked_so_and_can_be_left_out(app: Flask, office: Office) -> None:
    published(office, service("licence", licence))
    guest = Visitor(app)
    guest.opens("/")
    repealed = guest.page.xpath(f"//a[contains(@href, '{SERVICE}')]")[0].text_content()
    assert "not in force" in repealed
    assert "for demonstration only" in repealed
    guest.opens("/?in_force=yes")
    assert not guest.page.xpath(f"//a[contains(@href, '{SERVICE}')]")
    assert guest.page.xpath("//a[contains(@href, '/services/licence')]")


def test_a_file_of_another_channel_is_not_taken_by_its_address(app: Flask, office: Office) -> None:
    visitor = applying(app, published(office, service("licence", licence)))
    token = visitor.page.xpath("string(//input[@name='csrf_token']/@value)")
    answer = visitor.client.post(
        f"{visitor.path}/documents/sample", data={"csrf_token": token, "file": (BytesIO(PDF), "a.pdf", "application/pdf")}
    )
    assert answer.status_code == 404
