"""Letters of one line, for tests that need many cases and none of their letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.cases.office import Office


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


def _stream(content: bytes) -> bytes:
    return b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content)


def with_short_letters(office: Office) -> Office:
    return replace(office, letters=OneLinePress())
