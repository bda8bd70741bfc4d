"""Wrong input of every kind: one clear sentence at its place, and nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.bootstrap.demonstration import COMPANY_BIN, END_USER, END_USER_BIN, END_USERS_HEAD, PROVIDER_BIN
from app.cases import drafting, filing, reading, viewing, working
from app.cases.office import Office
from app.domain.errors import Invalid, RasimError
from app.gateways.authority import TestAuthority
from tests.clock import HandClock
from tests.desk import Desk
from tests.press import with_short_letters
from tests.rows import all_rows


def with_another_last_digit(number: str) -> str:
    return number[:-1] + str((int(number[-1]) + 1) % 10)


WRONG_BIN = with_another_last_digit(COMPANY_BIN)
WRONG_IIN = with_another_last_digit(END_USERS_HEAD.iin)
CONTRACT = "foreign_trade_contract"
PDF_TYPE = "application/pdf"


@pytest.fixture
def desk(office: Office, clock: HandClock, authority: TestAuthority) -> Desk:
    return Desk(with_short_letters(office), clock, authority)


def problems_of(desk: Desk, application: str, login: str = "company") -> dict[str, str]:
    """What stands in the way of signing: place → sentence."""
    with pytest.raises(Invalid) as raised:
        filing.prepare_application(desk.office, desk.actor(login), application)
    return {problem.place: str(problem.sentence) for problem in raised.value.problems}


# --- The application -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        (
            "f2_end_user_bin",
            WRONG_BIN,
            "The last digit of the BIN does not agree with the others; compare all of them with the document",
        ),
        (
            "f2_end_user_bin",
            WRONG_IIN,
            "The last digit of the IIN does not agree with the others; compare all of them with the document",
        ),
        ("f2_end_user_bin", "99124000", "A BIN has 12 digits; found 8"),
        ("f2_end_user_bin", "9912400000О4", "A BIN has digits only; found “О” in place 11"),  # a Cyrillic О
        ("f11_quantity", "three", "A number is expected; found “three”."),
        ("f11_quantity", "-1", "A number of zero or more is expected; found “-1”."),
        ("f13_importer_date", "31.02.2026", "A date is expected (year-month-day); found “31.02.2026”."),
        ("f3_exporter", "   ", "This has to be filled in."),
        ("decl_secrets", False, "This has to be confirmed."),
        ("applicant_kind", "martian", "“martian” is not one of the choices."),
    ],
)
def test_a_wrong_field_is_named_with_its_place_and_the_draft_is_kept(desk: Desk, field: str, typed: Any, sentence: str) -> None:
    application = desk.draft(**{field: typed})
    form = "application" if field in ("decl_secrets", "applicant_kind") else "importer_guarantee"
    assert problems_of(desk, application)[f"{form}.{field}"] == sentence
    kept = viewing.application(desk.office, desk.actor("company"), application)
    assert kept.answers[form][field] == typed
    assert kept.attachments[CONTRACT].filename == "contract.pdf"


def test_nobody_applies_under_anothers_number(desk: Desk) -> None:
    application = desk.draft(bin=END_USER_BIN)
    sentence = f"The applicant's number has to be {COMPANY_BIN}, yours; found {END_USER_BIN}."
    assert problems_of(desk, application)["application.bin"] == sentence


def test_everything_wrong_is_said_at_once(desk: Desk) -> None:
    application = desk.draft(attach=False, f2_end_user_bin=WRONG_BIN, f11_quantity="three", f3_exporter="")
    assert set(problems_of(desk, application)) == {
        "importer_guarantee.f2_end_user_bin",
        "importer_guarantee.f11_quantity",
        "importer_guarantee.f3_exporter",
        f"documents.{CONTRACT}",
    }


def test_a_missing_document_is_named(desk: Desk) -> None:
    application = desk.draft(attach=False)
    (sentence,) = problems_of(desk, application).values()
    assert sentence.startswith("Attach this document: ")


def test_a_document_needed_only_for_these_answers_is_asked_for(desk: Desk) -> None:
    application = desk.draft(acts_as_intermediary="yes")
    assert set(problems_of(desk, application)) == {"documents.end_user_contract"}


@pytest.fixture(scope="module")
def hundred_megabytes() -> bytes:
    return b"%PDF-1.7\n" + bytes(100 * 2**20 - 9)


@pytest.mark.parametrize(
    ("filename", "media_type", "content", "sentence"),
    [
        ("empty.pdf", PDF_TYPE, b"", "The file “empty.pdf” is empty (0 bytes)."),
        ("huge.pdf", PDF_TYPE, None, "The file “huge.pdf” is too large: at most 20 MB are taken, it has 100 MB."),
        (
            "letter.docx",
            "application/msword",
            b"PK\x03\x04",
            "The file “letter.docx” is not of a kind taken here: PDF, JPEG, PNG.",
        ),
        ("program.pdf", PDF_TYPE, b"MZ\x90\x00", "The file “program.pdf” is not of a kind taken here: PDF, JPEG, PNG."),
    ],
    ids=["0-bytes", "100-mb", "other-kind", "disguised"],
)
def test_a_file_that_is_not_taken_is_told_why_and_the_one_before_stays(
    desk: Desk, database: str, hundred_megabytes: bytes, filename: str, media_type: str, content: bytes | None, sentence: str
) -> None:
    application = desk.draft()
    before = all_rows(database)
    with pytest.raises(Invalid) as raised:
        drafting.attach(
            desk.office,
            desk.actor("company"),
            application,
            CONTRACT,
            filename,
            media_type,
            hundred_megabytes if content is None else content,
        )
    assert [(p.place, str(p.sentence)) for p in raised.value.problems] == [(f"documents.{CONTRACT}", sentence)]
    assert all_rows(database) == before


# --- Signatures ----------------------------------------------------------------------------------------------------


def refused_filing(desk: Desk, sign: Callable[[bytes, str, str], bytes | None], **changes: str) -> str:
    """Files with signatures made by `sign(content, iin, bin)`; gives the sentence, having seen that nothing was changed."""
    company, application = desk.actor("company"), desk.draft(**changes)
    given = []
    for document in filing.prepare_application(desk.office, company, application):
        _, content = viewing.document(desk.office, company, document.id)
        for want in document.wanted:
            cms = sign(content, want.iin, want.bin)
            given += [(document.id, cms)] if cms is not None else []
    before = all_rows(desk.office.settings.database)
    with pytest.raises(RasimError) as raised:
        filing.file_application(desk.office, company, application, given)
    assert all_rows(desk.office.settings.database) == before
    return str(raised.value)


def test_an_unsigned_application_is_not_filed(desk: Desk) -> None:
    assert refused_filing(desk, lambda *_: None).endswith("” is not signed yet by: Көрсетілетін қызметті алушы.")


def test_an_application_signed_by_another_person_is_not_filed(desk: Desk) -> None:
    head = desk.actor("head")
    sentence = refused_filing(desk, lambda content, *_: desk.key(head.iin, PROVIDER_BIN).sign(content, desk.clock.now()))
    company = desk.actor("company")
    assert f"was expected (IIN {company.iin}); the certificate is of {head.iin}." in sentence


def test_a_signature_over_other_bytes_is_not_taken(desk: Desk) -> None:
    sentence = refused_filing(desk, lambda content, iin, bin: desk.key(iin, bin).sign(content + b" ", desk.clock.now()))
    assert sentence.endswith("does not hold: The signature was made over another document, not over the one shown.")


def test_what_is_no_signature_is_not_taken(desk: Desk) -> None:
    assert "does not hold: " in refused_filing(desk, lambda *_: b"\x30\x03\x02\x01\x01")


def test_a_guarantee_the_end_user_has_not_signed_is_not_filed(desk: Desk) -> None:
    sentence = refused_filing(
        desk,
        lambda content, iin, bin: None if bin == END_USER_BIN else desk.key(iin, bin).sign(content, desk.clock.now()),
        f2_end_user=END_USER,
        f2_end_user_bin=END_USER_BIN,
    )
    assert END_USER_BIN in sentence


def test_a_result_signed_by_another_person_is_not_issued(desk: Desk) -> None:
    case = desk.file()
    desk.register(case)
    desk.appoint(case)
    desk.find_complete(case)
    desk.find_compliant(case)
    desk.draw_up(case)
    head, item = desk.actor("head"), desk.item(case, "head")
    document = working.prepare_signing(desk.office, head, item.row.id)
    content = viewing.bytes_to_sign(desk.office, head, document.id)
    view, _ = viewing.document(desk.office, head, document.id)
    reading.note_document(desk.office, head, document.id, view.sha256)
    rev = viewing.work_item(desk.office, head, item.row.id).rev
    before = all_rows(desk.office.settings.database)
    deputy = desk.actor("deputy")
    for signatures, sentence in (
        ([], "is not signed yet"),
        ([(document.id, desk.key(deputy.iin, deputy.bin).sign(content, desk.clock.now()))], deputy.iin),
        ([(document.id, desk.key(head.iin, head.bin).sign(content[:-1], desk.clock.now()))], "over another document"),
    ):
        with pytest.raises(Invalid, match=sentence):
            working.complete(desk.office, head, item.row.id, rev=rev, outcome="sign", answers={}, signatures=signatures)
        assert all_rows(desk.office.settings.database) == before
    desk.sign(case)


# --- A step's form -------------------------------------------------------------------------------------------------


def test_a_step_that_is_not_complete_says_what_is_missing_and_changes_nothing(desk: Desk, database: str) -> None:
    case = desk.file()
    desk.register(case)
    item, head = desk.item(case, "head"), desk.actor("head")
    before = all_rows(database)
    with pytest.raises(Invalid) as raised:
        working.complete(desk.office, head, item.row.id, rev=item.rev, outcome="appointed", answers={})
    assert [str(problem) for problem in raised.value.problems] == ["appointment.executor: Choose a person."]
    with pytest.raises(Invalid, match="does not hold the role executor"):
        answers = {"executor": desk.actor("clerk").id}
        working.complete(desk.office, head, item.row.id, rev=item.rev, outcome="appointed", answers=answers)
    with pytest.raises(Invalid, match="has no outcome 'burned'"):
        working.complete(desk.office, head, item.row.id, rev=item.rev, outcome="burned", answers={})
    assert all_rows(database) == before
