"""What is wrong with a signature is said on the page in words of its own, and nothing typed is lost."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509 import ocsp
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdf import PdfReader

from app.cases import working
from app.cases.office import Office
from app.domain.people import Role
from app.gateways.authority import TestAuthority
from app.web import create_app
from tests.clock import HandClock
from tests.desk import Desk
from tests.local_server import LocalServer
from tests.signing_parties import CANNOT_BE_CHECKED, WRONG, Parties
from tests.web.visitor import Visitor

# One database is enough here: what lies below the pages is tested on both.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def parties(office: Office, tmp_path: Path) -> Iterator[Parties]:
    with LocalServer(lambda *_: (404, b"")) as server:
        yield Parties(tmp_path / "authority", office, server)


def visitor(parties: Parties, login: str) -> Visitor:
    return Visitor(create_app(parties.office, signer_url="ws://127.0.0.1:13579/"), login)


def blocks(page: Visitor) -> list[tuple[str, bytes]]:
    """For each signature the page wants: the name of its input, and the bytes to sign."""
    return [
        (block.xpath("string(.//input[@data-cms]/@name)"), page.client.get(block.get("data-document")).data)
        for block in page.page.xpath("//*[@data-wanted]")
    ]


def sent(cms: bytes) -> str:
    return b64encode(cms).decode()


# --- The applicant ---------------------------------------------------------------------------------------------------


@pytest.fixture
def company(parties: Parties, desk: Desk) -> Visitor:
    """The company's director before two documents to sign."""
    page = visitor(parties, "company")
    page.opens(f"/applications/{desk.draft('company', f5_purpose='Зертханадағы ұзақ өлшеулер')}/signing")
    assert len(blocks(page)) == 2
    return page


@pytest.mark.parametrize("wrong", WRONG)
def test_an_applicants_wrong_signature_is_named_and_what_was_given_stays(
    company: Visitor, parties: Parties, clock: HandClock, wrong: str
) -> None:
    (first, application), (second, guarantee) = blocks(company)
    good = sent(parties.key("company").sign(guarantee, clock.now()))
    make, words = WRONG[wrong]
    bad = sent(make(parties, application, clock.now(), "company"))
    company.sends("/signing", {first: bad, second: good})
    assert company.status == (503 if wrong in CANNOT_BE_CHECKED else 422), company.text
    assert words in company.text
    kept = dict(next(form for form in company.page.forms if form.action.endswith("/signing")).form_values())
    assert (kept[first], kept[second]) == (bad, good)
    company.opens(company.path.removesuffix("/signing"))
    assert company.value("importer_guarantee.f5_purpose") == "Зертханадағы ұзақ өлшеулер"


def test_the_same_page_takes_good_signatures_afterwards(company: Visitor, parties: Parties, clock: HandClock) -> None:
    given = {name: sent(parties.key("company").sign(content, clock.now())) for name, content in blocks(company)}
    parties.responds = parties.lists = False
    company.sends("/signing", given)
    assert company.status == 503
    parties.responds = True
    company.sends("/signing")  # what was signed before stands in the page
    assert company.path.endswith("/filed"), company.text


def test_a_signature_given_for_another_application_is_called_a_replay(
    company: Visitor, parties: Parties, desk: Desk, clock: HandClock
) -> None:
    given = {name: sent(parties.key("company").sign(content, clock.now())) for name, content in blocks(company)}
    first = company.path
    company.sends("/signing", given)
    assert company.path.endswith("/filed")
    company.opens(f"/applications/{desk.draft('company', f5_purpose='Зертханадағы ұзақ өлшеулер')}/signing")
    assert company.path != first
    # Letter for letter the same application: the former signatures cover these bytes as well.
    again = dict(zip((name for name, _ in blocks(company)), given.values(), strict=True))
    company.sends("/signing", again)
    assert company.status == 422
    assert "was given once before" in company.text


# --- The head --------------------------------------------------------------------------------------------------------


@pytest.fixture
def case_id(desk: Desk) -> str:
    """A case before its signature; the way there is signed under the tests' common authority."""
    case = desk.file()
    desk.register(case)
    desk.appoint(case)
    desk.find_complete(case)
    desk.find_compliant(case)
    desk.draw_up(case)
    return case


def at_signing(parties: Parties, desk: Desk, case_id: str, login: str = "head") -> Visitor:
    page = visitor(parties, login)
    page.opens(f"/tasks/{desk.item(case_id, login).row.id}")
    page.sends("/prepare")
    return page


def test_each_thing_wrong_with_a_heads_signature_is_named_and_the_draft_stays(
    parties: Parties, desk: Desk, case_id: str, clock: HandClock
) -> None:
    head = at_signing(parties, desk, case_id)
    typed = {"signing.remarks": "Мерзімі көрсетілмеген"}
    assert head.posts(head.path + "/draft", **typed).status_code == 200
    for wrong, (make, words) in WRONG.items():
        parties.responds = parties.lists = True
        [(place, content)] = blocks(head)
        head.sends("/complete", {place: sent(make(parties, content, clock.now(), "head"))})
        assert head.status == (503 if wrong in CANNOT_BE_CHECKED else 422), wrong
        assert words in head.text, wrong
        assert head.page.get_element_by_id("signing.remarks").text_content().strip() == "Мерзімі көрсетілмеген", wrong
    assert desk.case(case_id).status.value == "open"
    parties.responds = True
    head.sends("/complete", {place: sent(parties.key("head").sign(content, clock.now()))})
    assert head.status == 200
    assert desk.case(case_id).status.value == "issued"


def test_the_result_holds_the_heads_signature_and_the_evidence_lies_beside_it(
    parties: Parties, desk: Desk, case_id: str, clock: HandClock
) -> None:
    head = at_signing(parties, desk, case_id)
    [(place, content)] = blocks(head)
    head.sends("/complete", {place: sent(parties.key("head").sign(content, clock.now()))})
    head.opens(f"/cases/{case_id}")
    assert "Not revoked: the authority's responder says so (OCSP)." in head.text
    pdf = head.client.get(f"/cases/{case_id}/result", follow_redirects=True)
    [embedded] = PdfFileReader(BytesIO(pdf.data)).embedded_signatures
    cms = head.client.get(f"/cases/{case_id}/result/signature", follow_redirects=True).data
    assert embedded.pkcs7_content.rstrip(b"\0") == cms.rstrip(b"\0")  # the place is filled up with zeros
    address = head.page.xpath("string(//a[text()='What the authority answered']/@href)")
    with ZipFile(BytesIO(head.client.get(address).data)) as archive:
        [name] = archive.namelist()
        answer = ocsp.load_der_ocsp_response(archive.read(name))
    assert name.endswith(".ors")
    assert answer.serial_number == parties.key("head").certificate.serial_number
    assert answer.certificate_status is ocsp.OCSPCertStatus.GOOD


def test_a_substitutes_block_names_the_absent_head_and_the_order(
    parties: Parties, desk: Desk, case_id: str, clock: HandClock
) -> None:
    today = clock.now().date()
    desk.substitute(absent="head", by="deputy", role=Role.HEAD, first=today, last=today, order="42-ж")
    deputy = at_signing(parties, desk, case_id, "deputy")
    [(place, content)] = blocks(deputy)
    deputy.sends("/complete", {place: sent(parties.key("deputy").sign(content, clock.now()))})
    assert deputy.status == 200, deputy.text
    pdf = deputy.client.get(f"/cases/{case_id}/result", follow_redirects=True).data
    page = PdfReader(BytesIO(pdf)).pages[-1]
    [annotation] = page["/Annots"]
    block = page.extract_xform_text(annotation.get_object()["/AP"]["/N"].get_object(), (0, 90, 180, 270), 200.0)
    assert "Басшыбеков Ғани орнына, 2026 жылғы 2 наурыз № 42-ж бұйрық" in " ".join(block.split())


def test_a_program_that_names_no_certificate_is_given_a_document_for_it(
    parties: Parties, desk: Desk, case_id: str, clock: HandClock
) -> None:
    head = at_signing(parties, desk, case_id)
    [(place, content)] = blocks(head)
    head.sends("/complete", {place: sent(plain(parties, content))})
    assert head.status == 422
    assert "does not name the certificate inside the signature" in head.text
    head.sends("/prepare", plain="yes")
    [(place, content)] = blocks(head)
    head.sends("/complete", {place: sent(plain(parties, content))})
    assert head.status == 200, head.text
    pdf = head.client.get(f"/cases/{case_id}/result", follow_redirects=True).data
    [embedded] = PdfFileReader(BytesIO(pdf)).embedded_signatures
    assert embedded.sig_object["/SubFilter"] == "/adbe.pkcs7.detached"


def plain(parties: Parties, content: bytes) -> bytes:
    key = parties.key("head")
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(key.certificate, key.private, hashes.SHA256())
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    return builder.add_certificate(key.chain[0]).sign(Encoding.DER, options)


def test_the_document_stays_the_same_for_the_day_however_often_it_is_asked_for(
    desk: Desk, case_id: str, clock: HandClock, authority: TestAuthority
) -> None:
    head, item = desk.actor("head"), desk.item(case_id, "head").row.id
    first = working.prepare_signing(desk.office, head, item)
    clock.pass_by(hours=1)
    assert working.prepare_signing(desk.office, head, item) == first
    clock.move_to(datetime(2026, 3, 3, 5, 0, tzinfo=UTC))
    assert working.prepare_signing(desk.office, head, item).sha256 != first.sha256
