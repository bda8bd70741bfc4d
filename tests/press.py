"""Presses for tests: letters of one line for many cases whose letters nobody reads, and letters printed once for each wording."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from app.cases.office import Office
from app.domain.ports import PreparedPdf, SignatureBlock
from app.gateways.letters import WeasyPress
from app.gateways.pdf_signatures import prepare


class OneLinePress:
    """Prints a real PDF in microseconds where the real press takes most of a second: the title's length stands in for words."""

    def pdf(self, template: bytes, values: Mapping[str, object], *, language: str, title: str) -> bytes:
        parts = [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
            b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
            _stream(b"BT /F 12 Tf 60 780 Td (%s, %d) Tj ET" % (language.encode(), len(title))),
        ]
        written, places = b"%PDF-1.7\n", []
        for number, part in enumerate(parts, start=1):
            places.append(len(written))
            written += b"%d 0 obj\n%s\nendobj\n" % (number, part)
        table = b"".join(b"%010d 00000 n \n" % place for place in places)
        return written + b"xref\n0 5\n0000000000 65535 f \n%strailer\n<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
            table,
            len(written),
        )

    def with_place_for_signature(self, pdf: bytes, block: SignatureBlock, *, at: datetime, plain: bool) -> PreparedPdf:
        return prepare(pdf, self.pdf(b"", {}, language="kk", title=block.name), name=block.name, at=at, plain=plain)


def _stream(content: bytes) -> bytes:
    return b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content)


def with_short_letters(office: Office) -> Office:
    return replace(office, letters=OneLinePress())


class RememberingPress(WeasyPress):
    """The real press, which prints a letter of the same words once: the same words give the same bytes, and many cases of one
    service begin with the same application. The folder is shared by all processes of a test run."""

    def __init__(self, fonts: Path, folder: Path) -> None:
        super().__init__(fonts)
        self._folder = folder

    def printed(self, html: str) -> bytes:
        kept = self._folder / sha256(html.encode()).hexdigest()
        if not kept.exists():
            fresh = kept.with_suffix(f".{os.getpid()}")
            fresh.write_bytes(super().printed(html))
            fresh.replace(kept)
        return kept.read_bytes()
