"""A letter with a signature inside: judged by pyHanko's own validator and read by pypdf, not by what put it there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from app.bootstrap import FONTS
from app.domain.errors import Invalid
from app.domain.people import Role, Substitution
from app.domain.ports import PreparedPdf, SignatureBlock, Verdict
from app.domain.text import Text
from app.gateways.letters import WeasyPress
from app.gateways.signatures import CmsVerifier
from tests.authority import HEAD, MOMENT, authority
from tests.press import OneLinePress

BLOCK = SignatureBlock(
    name="Орынбаев Өмір",
    position=Text("Басшының орынбасары", "Заместитель руководителя", "Deputy head"),
    acting_for=Substitution(
        absent_id="1",
        absent_name="Басшыбеков Ғани",
        absent_position=Text("Басшы", "Руководитель", "Head"),
        role=Role.HEAD,
        order_number="17-ж",
        order_date=date(2026, 2, 27),
        first_day=date(2026, 3, 2),
        last_day=date(2026, 3, 6),
    ),
    day=date(2026, 3, 2),
)
HTML = """<html lang="kk"><head><title>Ұғым</title><style>@page { size: A4; margin: 20mm }</style></head>
<body><p>Бірінші бет</p><p style="break-before: page">Соңғы бет: Ә Ғ Қ Ң Ө Ұ Ү Һ І</p></body></html>"""


@pytest.fixture(scope="module")
def press() -> WeasyPress:
    return WeasyPress(FONTS)


@pytest.fixture(scope="module")
def letter(press: WeasyPress) -> bytes:
    return press.printed(HTML)


@pytest.fixture(scope="module")
def prepared(press: WeasyPress, letter: bytes) -> PreparedPdf:
    return press.with_place_for_signature(letter, BLOCK, at=MOMENT, plain=False)


@pytest.fixture(scope="module")
def signed(prepared: PreparedPdf) -> bytes:
    return with_signature(prepared)


def with_signature(prepared: PreparedPdf) -> bytes:
    cms = authority().issue(HEAD).sign(prepared.hole.around(prepared.content), MOMENT)
    return prepared.hole.filled(prepared.content, cms)


def judged(pdf: bytes) -> PdfSignatureStatus:
    """What pyHanko says of the one signature in the PDF."""
    [embedded] = PdfFileReader(BytesIO(pdf)).embedded_signatures
    root = asn1_x509.Certificate.load(authority().root_certificate)
    context = ValidationContext(trust_roots=[root], moment=MOMENT, allow_fetching=False)
    return validate_pdf_signature(embedded, signer_validation_context=context)


def field(pdf: bytes) -> Any:
    reader = PdfReader(BytesIO(pdf))
    [annotation] = reader.pages[-1]["/Annots"]
    return annotation.get_object()


# --- Valid -----------------------------------------------------------------------------------------------------------


def test_the_signed_pdf_is_a_pades_signature_over_the_whole_file(signed: bytes) -> None:
    status = judged(signed)
    assert status.bottom_line
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    [embedded] = PdfFileReader(BytesIO(signed)).embedded_signatures
    assert embedded.sig_object["/SubFilter"] == SigSeedSubFilter.PADES.value
    attributes = {attribute["type"].native for attribute in embedded.signer_info["signed_attrs"]}
    assert "signing_certificate_v2" in attributes


def test_the_signature_says_the_moment_and_the_name(signed: bytes) -> None:
    value = field(signed)["/V"]
    assert (value["/M"], value["/Name"]) == ("D:20260302053000Z", "Орынбаев Өмір")


def test_all_bytes_but_the_hole_are_in_its_range(signed: bytes, prepared: PreparedPdf) -> None:
    start, length, behind, rest = field(signed)["/V"]["/ByteRange"]
    assert (start, length, behind, behind + rest) == (0, prepared.hole.start, prepared.hole.end, len(signed))


def test_the_bytes_shown_before_are_those_signed(signed: bytes, prepared: PreparedPdf) -> None:
    assert prepared.hole.around(signed) == prepared.hole.around(prepared.content)
    assert len(signed) == len(prepared.content)


def test_the_letter_itself_is_not_touched(signed: bytes, letter: bytes) -> None:
    assert signed.startswith(letter)  # what is added stands behind it
    assert "Соңғы бет" in PdfReader(BytesIO(signed)).pages[-1].extract_text()


@pytest.mark.parametrize("part", [0.01, 0.2, 0.99])
def test_one_changed_byte_breaks_it(signed: bytes, part: float, prepared: PreparedPdf) -> None:
    shown = len(signed) - (prepared.hole.end - prepared.hole.start)
    place = int(shown * part)
    place += prepared.hole.end - prepared.hole.start if place >= prepared.hole.start else 0
    changed = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
    cms = bytes.fromhex(signed[prepared.hole.start + 1 : prepared.hole.end - 1].decode())
    length = int.from_bytes(cms[2:4], "big") + 4
    check = CmsVerifier([authority().root_certificate]).verify(prepared.hole.around(changed), cms[:length], at=MOMENT)
    assert check.verdict is Verdict.INVALID


def test_pyhanko_sees_one_changed_letter(signed: bytes) -> None:
    assert signed.count(b"/Adobe.PPKLite") == 1
    status = judged(signed.replace(b"/Adobe.PPKLite", b"/Adobe.PPKMite"))
    assert (status.intact, status.bottom_line) == (False, False)


def test_what_is_added_behind_the_signature_is_seen(signed: bytes) -> None:
    assert judged(signed).coverage is SignatureCoverageLevel.ENTIRE_FILE
    [embedded] = PdfFileReader(BytesIO(signed + b"\n% more\n"), strict=False).embedded_signatures
    assert embedded.evaluate_signature_coverage() is not SignatureCoverageLevel.ENTIRE_FILE


# --- The visible block -----------------------------------------------------------------------------------------------


def block_text(pdf: bytes) -> str:
    page = PdfReader(BytesIO(pdf)).pages[-1]
    appearance = field(pdf)["/AP"]["/N"].get_object()
    return " ".join(page.extract_xform_text(appearance, (0, 90, 180, 270), 200.0).split())


def test_the_block_says_name_position_and_order_in_both_languages(signed: bytes) -> None:
    text = block_text(signed)
    for words in (
        "Электрондық цифрлық қолтаңба",
        "Орынбаев Өмір, Басшының орынбасары",
        "Басшыбеков Ғани орнына, 2026 жылғы 27 ақпан № 17-ж бұйрық",
        "Орынбаев Өмір, Заместитель руководителя",
        "за Басшыбеков Ғани, приказ от 27 февраля 2026 года № 17-ж",
        "2 марта 2026 года",
    ):
        assert words in text, text


def test_who_stands_in_for_nobody_has_no_order_in_the_block(press: WeasyPress, letter: bytes) -> None:
    own = press.with_place_for_signature(letter, replace(BLOCK, acting_for=None), at=MOMENT, plain=False)
    assert "бұйрық" not in block_text(own.content)


def test_the_block_stands_in_the_lower_margin_of_the_last_page(signed: bytes) -> None:
    left, bottom, right, top = (float(each) for each in field(signed)["/Rect"])
    assert 0 < left < right < 595
    assert 0 < bottom < top < 57  # 20 mm of 72/25.4 points: letters begin above
    pages = PdfReader(BytesIO(signed)).pages
    assert ["/Annots" in page for page in pages] == [False, True]


def test_a_hostile_name_is_text_and_no_mark(press: WeasyPress, letter: bytes) -> None:
    hostile = replace(BLOCK, name="<b>Ә</b> (\\) & >>")
    pdf = with_signature(press.with_place_for_signature(letter, hostile, at=MOMENT, plain=False))
    assert judged(pdf).bottom_line
    assert field(pdf)["/V"]["/Name"] == "<b>Ә</b> (\\) & >>"


# --- The same again, other kinds, other letters ----------------------------------------------------------------------


def test_the_same_letter_block_and_moment_give_the_same_bytes(press: WeasyPress, letter: bytes, prepared: PreparedPdf) -> None:
    assert press.with_place_for_signature(letter, BLOCK, at=MOMENT, plain=False) == prepared
    later = press.with_place_for_signature(letter, BLOCK, at=datetime(2026, 3, 2, 6, tzinfo=UTC), plain=False)
    assert later.content != prepared.content


def test_a_cms_that_names_no_certificate_makes_a_plain_signature(press: WeasyPress, letter: bytes) -> None:
    prepared = press.with_place_for_signature(letter, BLOCK, at=MOMENT, plain=True)
    key = authority().issue(HEAD)
    builder = pkcs7.PKCS7SignatureBuilder().set_data(prepared.hole.around(prepared.content))
    builder = builder.add_signer(key.certificate, key.private, hashes.SHA256()).add_certificate(key.chain[0])
    cms = builder.sign(Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary])
    pdf = prepared.hole.filled(prepared.content, cms)
    assert judged(pdf).bottom_line
    assert field(pdf)["/V"]["/SubFilter"] == "/adbe.pkcs7.detached"


def test_a_signature_that_does_not_fit_is_refused(prepared: PreparedPdf) -> None:
    with pytest.raises(Invalid, match="too large"):
        prepared.hole.filled(prepared.content, bytes(24 * 1024 + 1))


def test_a_letter_of_another_writer_is_signed_too(press: WeasyPress) -> None:
    pdf = OneLinePress().pdf(b"", {}, language="kk", title="x")
    signed = with_signature(press.with_place_for_signature(pdf, BLOCK, at=MOMENT, plain=False))
    assert judged(signed).bottom_line
