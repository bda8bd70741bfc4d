"""What is filed is what was shown and signed, by whom it was to be signed, with the files that were attached then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from app.bootstrap.demonstration import END_USER, END_USER_BIN
from app.cases import drafting, filing, viewing, working
from app.cases.office import Office
from app.cases.people import add_person
from app.domain.errors import Declined, Forbidden, Invalid, NotFound
from app.domain.events import EventKind
from app.domain.people import Role
from app.gateways.authority import TestAuthority
from tests.clock import HandClock
from tests.desk import PDF, Desk
from tests.press import with_short_letters
from tests.rows import all_rows
from tests.threads import at_once

CONTRACT, PDF_TYPE = "foreign_trade_contract", "application/pdf"


@pytest.fixture
def desk(office: Office, clock: HandClock, authority: TestAuthority) -> Desk:
    return Desk(with_short_letters(office), clock, authority)


def signed(desk: Desk, application: str) -> list[tuple[str, bytes]]:
    company = desk.actor("company")
    return [
        (document.id, desk.signature(document, company, iin=want.iin, bin=want.bin))
        for document in filing.prepare_application(desk.office, company, application)
        for want in document.wanted
    ]


@pytest.mark.parametrize("what", ["an answer", "another file", "a file taken away"])
def test_a_draft_changed_after_it_was_signed_is_not_filed_under_that_signature(desk: Desk, what: str) -> None:
    company, application = desk.actor("company"), desk.draft()
    signatures = signed(desk, application)
    change: dict[str, Callable[[], None]] = {
        "an answer": partial(drafting.save_application, desk.office, company, application, desk.answers(sheets="99")),
        "another file": partial(drafting.attach, desk.office, company, application, CONTRACT, "b.pdf", PDF_TYPE, PDF + b"other"),
        "a file taken away": partial(drafting.detach, desk.office, company, application, CONTRACT),
    }
    change[what]()
    if what == "a file taken away":
        drafting.attach(desk.office, company, application, CONTRACT, "b.pdf", PDF_TYPE, PDF + b"other")
    with pytest.raises(Invalid, match="not shown for signing yet"):
        filing.file_application(desk.office, company, application, signatures)
    assert desk.case(desk.sign_and_file(application)).documents  # shown and signed anew, it is filed


def test_looking_again_and_saving_the_same_keep_the_documents_and_their_signatures(desk: Desk) -> None:
    company, application = desk.actor("company"), desk.draft()
    signatures = signed(desk, application)
    drafting.save_application(desk.office, company, application, desk.answers())
    shown_again = filing.prepare_application(desk.office, company, application)
    assert {document.id for document in shown_again} == {document_id for document_id, _ in signatures}
    filing.file_application(desk.office, company, application, signatures)


def test_a_draft_changed_in_another_window_while_it_is_printed_is_not_shown_as_it_was(desk: Desk) -> None:
    company, application = desk.actor("company"), desk.draft()

    class ChangedMeanwhile:
        def pdf(self, *given: Any, **named: Any) -> bytes:
            drafting.save_application(desk.office, company, application, desk.answers(sheets="99"))
            return desk.office.letters.pdf(*given, **named)

    with pytest.raises(Declined, match="changed in another window"):
        filing.prepare_application(replace(desk.office, letters=ChangedMeanwhile()), company, application)
    assert desk.case(desk.sign_and_file(application)).answers["application"]["sheets"] == "99"


def test_the_signed_application_names_each_attached_file_by_its_digest(office: Office, clock: HandClock, authority: Any) -> None:
    desk = Desk(office, clock, authority)  # the real letters
    document = filing.prepare_application(office, desk.actor("company"), desk.draft())[0]
    _, content = viewing.document(office, desk.actor("company"), document.id)
    text = "".join("".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())
    assert "contract.pdf" in text
    assert sha256(PDF).hexdigest() in text


def test_whose_iin_is_not_known_signs_nothing(desk: Desk, authority: TestAuthority) -> None:
    """Without a number to compare with, anybody's certificate would be taken for the head's."""
    add_person(desk.office, login="head2", name="Жаңа Басшы", password="-", roles=[Role.HEAD])
    case = desk.file()
    desk.register(case)
    desk.appoint(case)
    desk.find_complete(case)
    desk.find_compliant(case)
    desk.draw_up(case)
    head2, item = desk.actor("head2"), desk.item(case, "head2")
    with pytest.raises(Forbidden, match="no IIN"):
        working.prepare_signing(desk.office, head2, item.row.id)
    assert viewing.work_item(desk.office, head2, item.row.id).row.owner == ""


def test_a_result_printed_yesterday_is_printed_anew_before_it_is_signed(desk: Desk, clock: HandClock) -> None:
    case = desk.file()
    desk.register(case)
    desk.appoint(case)
    desk.find_complete(case)
    desk.find_compliant(case)
    desk.draw_up(case)
    head, item = desk.actor("head"), desk.item(case, "head").row.id
    document = working.prepare_signing(desk.office, head, item)
    signature = desk.signature(document, head, iin=head.iin, bin=head.bin)
    clock.pass_by(days=1)
    view = viewing.work_item(desk.office, head, item)
    assert view.to_sign is None  # the page offers to print it, not to sign it
    with pytest.raises(Declined, match="printed on another day"):
        working.complete(desk.office, head, item, rev=view.rev, outcome="sign", answers={}, signatures=[(document.id, signature)])
    desk.sign(case)


def test_who_acts_for_an_organisation_does_not_apply_as_a_person(desk: Desk) -> None:
    company = desk.actor("company")
    application = desk.draft(applicant_kind="individual", person_name=company.name, iin=company.iin)
    with pytest.raises(Invalid) as refused:
        filing.prepare_application(desk.office, company, application)
    assert [problem.place for problem in refused.value.problems] == ["application.bin"]


def test_a_file_of_a_draft_stays_the_applicants_own(desk: Desk) -> None:
    document = filing.prepare_application(desk.office, desk.actor("company"), desk.draft())[0]
    for login in ("applicant", "head", "executor", "admin", "compliance"):
        with pytest.raises(NotFound):
            viewing.document(desk.office, desk.actor(login), document.id)


def test_what_is_taken_away_or_deleted_leaves_no_bytes_behind(desk: Desk, database: str) -> None:
    def kept() -> set[bytes]:
        return {content for _, content in all_rows(database)["content"]}

    before, company = kept(), desk.actor("company")
    application, twin = desk.draft(), desk.draft()
    filing.prepare_application(desk.office, company, application)
    drafting.attach(desk.office, company, application, CONTRACT, "b.pdf", PDF_TYPE, PDF + b"other")
    assert kept() - before == {PDF, PDF + b"other"}  # the prints of the former draft are gone
    drafting.discard_application(desk.office, company, application)
    assert kept() - before == {PDF}  # the other draft has the same contract
    drafting.detach(desk.office, company, twin, CONTRACT)
    assert kept() == before


def test_one_takes_away_the_file_another_attaches_at_the_same_moment(desk: Desk, database: str) -> None:
    company = desk.actor("company")
    drafts = [desk.draft(), *(desk.draft(attach=False) for _ in range(3))]
    attach = [partial(drafting.attach, desk.office, company, draft, CONTRACT, "c.pdf", PDF_TYPE, PDF) for draft in drafts[1:]]
    results = at_once([partial(drafting.detach, desk.office, company, drafts[0], CONTRACT), *attach])
    assert results == [None] * 4
    assert [content for _, content in all_rows(database)["content"]].count(PDF) == 1


def test_the_history_names_the_digest_of_each_document_and_the_certificates_it_was_signed_with(desk: Desk) -> None:
    case = desk.case(desk.file(f2_end_user=END_USER, f2_end_user_bin=END_USER_BIN))
    filed = next(entry.details for entry in case.timeline if entry.kind is EventKind.APPLICATION_FILED)
    assert filed["documents"] == {document.kind: document.sha256 for document in case.documents}
    assert filed["signatures"] == {d.kind: [s.serial for s in d.signatures] for d in case.documents if d.signatures}
    assert [len(serials) for serials in filed["signatures"].values()] == [1, 2]
