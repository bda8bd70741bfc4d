"""An applicant's way through the pages, without scripts: form, attachments, signing, cabinet, notices, result."""

from __future__ import annotations

import re
from base64 import b64encode
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask

from app.bootstrap.demonstration import END_USER_BIN, PASSWORD
from app.cases import viewing
from app.cases.office import Office
from app.web import create_app
from tests.desk import MADE_UP, PDF, SERVICE, Desk
from tests.web.visitor import Visitor

CONTRACT = "documents.foreign_trade_contract"


@pytest.fixture
def app(office: Office) -> Flask:
    return create_app(office, signer_url="ws://127.0.0.1:13579/", demonstration_password=PASSWORD)


@pytest.fixture
def company(app: Flask) -> Visitor:
    """The company's director with a new draft open."""
    visitor = Visitor(app, "company")
    visitor.opens(f"/services/{SERVICE}")
    visitor.sends("/applications", variant="issue")
    assert re.fullmatch(r"/applications/[0-9a-f-]+", visitor.path)
    return visitor


def typed(answers: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Answers as a browser sends them; an empty box is not sent at all."""
    return {
        f"{form}.{name}": "yes" if value is True else value
        for form, fields in answers.items()
        for name, value in fields.items()
        if not isinstance(value, list) and value is not False
    }


def file_of(content: bytes, name: str = "contract.pdf", media_type: str = "application/pdf") -> tuple[Any, str, str]:
    return BytesIO(content), name, media_type


def sends_all(visitor: Visitor, desk: Desk, action: str = "sign", **changes: Any) -> None:
    own = visitor.path
    visitor.sends(own, {**typed(desk.answers(**changes)), CONTRACT: file_of(PDF), "action": action})


def signatures(visitor: Visitor, desk: Desk) -> dict[str, bytes]:
    """A CMS for every signature the signing page wants, by the name of its input."""
    actor = desk.actor("company")
    made = {}
    for block in visitor.page.xpath("//*[@data-wanted]"):
        name = block.xpath("string(.//input[@data-cms]/@name)")
        document = next(d for d in name.split(".") if len(d) > 8)
        _, content = viewing.document(desk.office, actor, document)
        made[name] = desk.key(block.get("data-iin"), block.get("data-bin")).sign(content, desk.clock.now())
    return made


def signs(visitor: Visitor, desk: Desk) -> None:
    given = {name: b64encode(cms).decode() for name, cms in signatures(visitor, desk).items()}
    visitor.sends("/signing", given)


def summary_of(visitor: Visitor) -> dict[str, str]:
    """Anchors of the summary with their words; every one leads to an element of the page."""
    found: dict[str, str] = {}
    for link in visitor.page.xpath("//*[@role='alert']//li/a"):
        anchor = unquote(link.get("href")).removeprefix("#")
        assert visitor.page.get_element_by_id(anchor) is not None
        found[anchor] = f"{found.get(anchor, '')} {link.text_content()}".strip()
    return found


# --- The whole way -------------------------------------------------------------------------------------------------


def test_an_application_is_filled_in_signed_and_filed_without_a_script(company: Visitor, desk: Desk) -> None:
    sends_all(company, desk)
    assert company.path.endswith("/signing"), company.text
    signs(company, desk)
    assert company.path.endswith("/filed")
    # Filed Monday 2 March 2026, 10:00. Working days 3, 4, 5, 6 (9 March is off for 8 March), 10, 11, 12: the 7th is the 12th.
    assert "12 March 2026, 18:30" in company.text
    assert "2 March 2026, 10:00" in company.text


def test_a_chosen_signature_file_counts_as_much_as_the_program(company: Visitor, desk: Desk) -> None:
    sends_all(company, desk)
    given: dict[str, Any] = {}
    for name, cms in signatures(company, desk).items():
        given[name.replace("cms.", "cms-file.", 1)] = (BytesIO(cms), "signed.p7s")
    company.sends("/signing", given)
    assert company.path.endswith("/filed")


def test_the_end_user_signs_the_guarantee_besides_the_applicant(company: Visitor, desk: Desk) -> None:
    sends_all(company, desk, f2_end_user_bin=END_USER_BIN)
    wanted = [(b.get("data-iin"), b.get("data-bin")) for b in company.page.xpath("//*[@data-wanted]")]
    director = MADE_UP["company"]
    assert wanted == [(director.iin, director.bin), (director.iin, director.bin), ("", END_USER_BIN)]
    signs(company, desk)
    assert company.path.endswith("/filed")


def test_each_document_is_shown_in_place_with_the_digest_of_its_bytes(company: Visitor, desk: Desk) -> None:
    sends_all(company, desk)
    for frame in company.page.xpath("//iframe"):
        shown = company.client.get(frame.get("src").partition("#")[0])
        assert shown.mimetype == "application/pdf"
        assert shown.headers["Content-Disposition"].startswith("inline")
        assert shown.data.startswith(b"%PDF-")


# --- The form ------------------------------------------------------------------------------------------------------


def test_what_is_missing_is_said_at_the_top_and_at_each_field(company: Visitor) -> None:
    company.sends(company.path, action="sign")
    assert company.status == 422
    said = summary_of(company)
    assert said["application.address"] == "Address: This has to be filled in."
    assert CONTRACT in said
    field = company.page.get_element_by_id("application.address")
    assert field.get("aria-invalid") == "true"
    assert field.get("aria-describedby") == "application.address-hint application.address-problem"
    assert "filled in" in company.page.get_element_by_id("application.address-problem").text_content()


@pytest.mark.parametrize(
    ("field", "wrong", "words"),
    [
        ("bin", "991240000014", "BIN"),
        ("bin", "9912", "12 digits"),
        ("sheets", "a dozen", "A number is expected"),
        ("f7_tnved", "12", "does not have the form asked for"),
        ("filled_on", "yesterday", "A date is expected"),
    ],
)
def test_what_is_wrong_is_named_and_stays_as_it_was_typed(
    company: Visitor, desk: Desk, field: str, wrong: str, words: str
) -> None:
    sends_all(company, desk, **{field: wrong})
    assert company.status == 422
    said = summary_of(company)
    (anchor,) = said
    assert anchor.endswith(f".{field}")
    assert words in said[anchor]
    assert company.value(anchor) == wrong


def test_the_draft_keeps_right_and_wrong_alike(company: Visitor, desk: Desk) -> None:
    own = company.path
    company.sends(own, {"application.sheets": "a dozen", "application.address": "Абай көшесі, 1\r\n5-пәтер"}, action="save")
    company.opens(own)
    assert company.value("application.sheets") == "a dozen"
    assert company.value("application.address") == "Абай көшесі, 1\n5-пәтер"


def test_the_autosave_answers_with_the_time_it_kept_the_draft_at(company: Visitor, desk: Desk) -> None:
    answer = company.posts(f"{company.path}/draft", **{"application.address": "Абай"})
    assert answer.get_data(as_text=True) == "Draft kept at 10:00"
    company.opens(company.path)
    assert company.value("application.address") == "Абай"


def test_rows_are_added_and_removed_without_a_script(company: Visitor) -> None:
    own, table = company.path, "importer_guarantee.annex_table"
    company.sends(own, {f"{table}[0].product": "Сорғы"}, action=f"add-row:{table}")
    company.sends(own, {f"{table}[1].product": "Клапан"}, action="save")
    assert company.value(f"{table}[0].product") == "Сорғы"
    assert company.value(f"{table}[1].product") == "Клапан"
    company.sends(own, action=f"remove-row:{table}[0]")
    assert company.value(f"{table}[0].product") == "Клапан"
    assert f"{table}[1].product" not in company.page.get_element_by_id("application").fields


def test_a_mistake_in_a_table_is_led_to_its_cell(company: Visitor, desk: Desk) -> None:
    table = "importer_guarantee.annex_table"
    rows = {f"{table}[0].product": "Сорғы", f"{table}[0].tnved": "8413", f"{table}[0].control_code": "A"}
    own = company.path
    company.sends(own, {**typed(desk.answers(products="several")), **rows, "action": "sign"})
    said = summary_of(company)
    assert "row 1" in said[f"{table}[0].tnved"]
    assert f"{table}[0].quantity" in said


def test_fields_of_another_kind_of_applicant_are_hidden_and_not_asked(company: Visitor, desk: Desk) -> None:
    sends_all(company, desk, sheets="")
    block = company.page.get_element_by_id("application.iin").getparent()
    assert block.get("hidden") is not None
    assert list(summary_of(company)) == ["application.sheets"]


def test_a_reissue_asks_for_the_former_certificate(app: Flask, desk: Desk) -> None:
    visitor = Visitor(app, "company")
    visitor.opens(f"/services/{SERVICE}")
    buttons = visitor.page.xpath("//form[contains(@action, '/applications')]//button/@value")
    assert buttons == ["issue", "reissue"]
    visitor.sends("/applications", variant="reissue")
    sends_all(visitor, desk)
    assert "application.former_certificate_no" in summary_of(visitor)


# --- Attachments ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "media_type", "words"),
    [
        (b"", "contract.pdf", "application/pdf", "is empty (0 bytes)"),
        (b"MZ\x90", "virus.exe", "application/octet-stream", "is not of a kind taken here"),
        (b"not a pdf", "renamed.pdf", "application/pdf", "is not of a kind taken here"),
    ],
)
def test_a_file_that_is_not_taken_is_said_at_its_place_and_nothing_typed_is_lost(
    company: Visitor, content: bytes, name: str, media_type: str, words: str
) -> None:
    company.sends(company.path, {"application.address": "Абай", CONTRACT: file_of(content, name, media_type)})
    assert company.status == 422
    assert words in company.page.get_element_by_id(f"{CONTRACT}-problem").text_content()
    assert company.value("application.address") == "Абай"


def test_a_file_larger_than_its_document_may_be_is_refused(company: Visitor) -> None:
    token = company.page.xpath("string(//input[@name='csrf_token']/@value)")
    head = (
        f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        '--x\r\nContent-Disposition: form-data; name="file"; filename="big.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    )
    body = head.encode() + b"%PDF-" + b"0" * 21 * 2**20 + b"\r\n--x--\r\n"
    address = f"{company.path}/documents/foreign_trade_contract"
    answer = company.client.post(address, data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 422
    assert "at most 20 MB are taken" in answer.get_data(as_text=True)


def test_a_request_of_100_mb_gets_a_clear_page_and_the_draft_stays(company: Visitor) -> None:
    own = company.path
    company.posts(f"{own}/draft", **{"application.address": "Абай"})
    answer = company.client.post(
        own,
        data=b"",
        headers={"Content-Type": "multipart/form-data; boundary=x"},
        environ_overrides={"CONTENT_LENGTH": str(100 * 2**20)},
    )
    assert answer.status_code == 413
    assert "The file is too large" in answer.get_data(as_text=True)
    company.opens(own)
    assert company.value("application.address") == "Абай"


def test_a_file_sent_alone_is_answered_with_its_new_block(company: Visitor) -> None:
    address = f"{company.path}/documents/foreign_trade_contract"
    answer = company.posts(address, file=file_of(PDF, "Келісімшарт.pdf"))
    assert "Келісімшарт.pdf" in answer.get_data(as_text=True)
    refused = company.posts(address, file=file_of(b""))
    assert refused.status_code == 422
    assert "is empty" in refused.get_data(as_text=True)
    assert "Келісімшарт.pdf" in refused.get_data(as_text=True)  # the good one stays
    removed = company.posts(address, remove="yes")
    assert "Келісімшарт.pdf" not in removed.get_data(as_text=True)


def test_an_attached_file_is_given_back_byte_for_byte(company: Visitor) -> None:
    company.sends(company.path, {CONTRACT: file_of(PDF, "Келісімшарт.pdf")})
    link = company.page.xpath("string(//a[text()='Келісімшарт.pdf']/@href)")
    assert company.client.get(link).data == PDF


def test_the_second_contract_is_asked_of_an_intermediary_only(company: Visitor, desk: Desk) -> None:
    sends_all(company, desk, acts_as_intermediary="yes")
    assert list(summary_of(company)) == ["documents.end_user_contract"]


# --- Signing -------------------------------------------------------------------------------------------------------


def test_without_signatures_nothing_is_filed_and_the_page_says_whose_is_missing(company: Visitor, desk: Desk) -> None:
    sends_all(company, desk)
    company.sends("/signing")
    assert company.status == 422
    assert "is not signed yet by: Applicant" in company.text
    company.opens("/cabinet")
    assert "draft" in company.text


def test_a_signature_over_other_bytes_files_nothing(company: Visitor, desk: Desk) -> None:
    sends_all(company, desk)
    director = MADE_UP["company"]
    other = desk.key(director.iin, director.bin).sign(b"something else", desk.clock.now())
    names = company.page.xpath("//input[@data-cms]/@name")
    company.sends("/signing", dict.fromkeys(names, b64encode(other).decode()))
    assert company.status == 422
    assert "over another document" in company.text


def test_another_persons_signature_files_nothing(company: Visitor, desk: Desk) -> None:
    sends_all(company, desk)
    stranger, made = MADE_UP["applicant"], {}
    for block in company.page.xpath("//*[@data-wanted]"):
        name = block.xpath("string(.//input[@data-cms]/@name)")
        content = company.client.get(block.get("data-document")).data
        made[name] = b64encode(desk.key(stranger.iin, "").sign(content, desk.clock.now())).decode()
    company.sends("/signing", made)
    assert company.status == 422
    assert stranger.iin in company.text


def test_a_file_that_is_no_signature_is_named(company: Visitor, desk: Desk) -> None:
    sends_all(company, desk)
    name = company.page.xpath("string(//input[@data-cms]/@name)").replace("cms.", "cms-file.", 1)
    company.sends("/signing", {name: (BytesIO(b"%PDF-1.7"), "scan.pdf")})
    assert company.status == 422
    assert "“scan.pdf” is no signature file" in company.text


def test_filing_twice_is_declined_calmly(company: Visitor, desk: Desk) -> None:
    sends_all(company, desk)
    own = company.path
    given = {name: b64encode(cms).decode() for name, cms in signatures(company, desk).items()}
    assert company.posts(own, **given).status_code == 302
    again = company.posts(own, **given)
    assert again.status_code == 409
    assert "filed already" in again.get_data(as_text=True)


# --- Cabinet, notices, result --------------------------------------------------------------------------------------


def test_the_cabinet_tells_drafts_from_what_is_being_considered(company: Visitor, desk: Desk) -> None:
    desk.file("company")
    company.opens("/cabinet")
    assert [heading.text_content() for heading in company.page.xpath("//main//h2")] == ["Being considered", "Drafts"]


def test_a_deleted_draft_is_gone(company: Visitor) -> None:
    own = company.path
    company.opens("/cabinet")
    company.sends("/discard")
    assert "The draft is deleted." in company.text
    company.opens(own)
    assert company.status == 404


def test_the_result_and_its_signature_are_downloaded_from_the_cabinet(app: Flask, desk: Desk) -> None:
    case = desk.file("company")
    desk.to_the_certificate(case)
    visitor = Visitor(app, "company")
    visitor.opens("/cabinet")
    assert "issued" in visitor.text
    result = visitor.client.get(visitor.page.xpath("string(//a[text()='Result (PDF)']/@href)"), follow_redirects=True)
    cms = visitor.client.get(visitor.page.xpath("string(//a[text()='Signature file']/@href)"), follow_redirects=True)
    assert result.mimetype == "application/pdf"
    assert cms.headers["Content-Disposition"].startswith("attachment")
    assert cms.data.hex().encode() in result.data  # the same signature stands inside the PDF
    covered = visitor.client.get(f"{result.request.path}/to-sign").data
    check = desk.office.signatures.verify(covered, cms.data, at=desk.clock.now())
    assert check.verdict.value == "valid"
    assert check.signatory is not None
    assert check.signatory.iin == MADE_UP["head"].iin


def test_a_case_without_a_result_has_none_to_download(app: Flask, desk: Desk) -> None:
    visitor = Visitor(app, "company")
    visitor.opens(f"/cases/{desk.file('company')}/result")
    assert visitor.status == 404


def test_unread_notices_are_counted_until_they_are_read(app: Flask, desk: Desk) -> None:
    desk.file("company")
    visitor = Visitor(app, "company")
    visitor.opens("/notices")
    assert "Your application was accepted. The result is due by 12 March 2026, 18:30." in visitor.text
    assert visitor.page.xpath("string(//nav//*[@class='count'])").startswith("1")
    visitor.sends("/read")
    assert not visitor.page.xpath("//nav//*[@class='count']")


def test_nobody_sees_another_persons_draft_or_its_documents(app: Flask, company: Visitor, desk: Desk) -> None:
    sends_all(company, desk)
    application = company.path.removesuffix("/signing")
    document = company.page.xpath("string(//*[@data-wanted]/@data-document)")
    stranger = Visitor(app, "applicant")
    for address in (application, f"{application}/signing", f"{application}/filed", document):
        stranger.opens(address)
        assert stranger.status == 404, address
    assert stranger.posts(f"{application}/draft").status_code == 404
