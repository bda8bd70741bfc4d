"""The printing of letters: a bundle's Jinja template and a case's values become a PDF.

A template is data of a bundle, so it runs in a sandbox: no attribute beginning with an underscore, nothing changed, no
network and no file but the bundled fonts. It may name only what it is given; a name that is not there is an error and no
gap in a letter. The same values give the same bytes, because a signature is taken over exactly what was shown.

Every template sees `passport`, `variant`, `channel`, `form`, `answers` (form id → field id → value) and `today`. An applicant's
form also sees `applicant` and `attachments` (each with `title`, `filename` and `sha256`); a result's letter sees `result`,
`case`, `grounds`, `lacking` (documents found absent or expired), `against` (ground id → the bodies whose negative reply it is)
and `signatory`. `parts.html` is there to import from, and these
filters are: `day`, `amount`, `within` and `cited` say a date, a number, a term and a citation in a language; `blocks`, `said`,
`cell` and `layout` print any form's fields.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache, cached_property, lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from fontTools.ttLib.woff2 import decompress  # type: ignore[import-untyped]
from jinja2 import BaseLoader, FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from app.domain.errors import Invalid
from app.domain.ports import PreparedPdf, SignatureBlock
from app.gateways.filled_form import blocks, cell, layout, said
from app.gateways.letter_words import amount, cited, day, within
from app.gateways.pdf_signatures import BLOCK_HEIGHT_MM, BLOCK_WIDTH_MM, prepare

PARTS = Path(__file__).parent / "letter_parts"
KEPT_TEMPLATES = 128  # compiled: it takes some 50 ms, and the same letters are filled in again and again
_FONT_FILE = re.compile(r"(noto-(?:serif|sans)-(?:latin|cyrillic|cyrillic-ext))-(400|700)-(normal|italic)\.woff2")
_FONTS = "rasim-font:"  # the only addresses that lead anywhere


class WeasyPress:
    """Prints with the fonts in `fonts`, which the front-end build puts there; without them, with the system's."""

    def __init__(self, fonts: Path) -> None:
        self._fonts = fonts
        self._environment = _environment(FileSystemLoader(PARTS))
        self._template = lru_cache(maxsize=KEPT_TEMPLATES)(self._environment.from_string)

    def pdf(self, template: bytes, values: Mapping[str, object], *, language: str, title: str) -> bytes:
        """Prints one template. Raises Invalid if it asks for what is not there, or is no template."""
        return self.printed(self._fill(template, {**values, "language": language, "title": title}))

    def with_place_for_signature(self, pdf: bytes, block: SignatureBlock, *, at: datetime, plain: bool) -> PreparedPdf:
        """The letter with the visible block and an empty place for the signature."""
        html = self._environment.get_template("signature_block.html").render(
            block=block, width=BLOCK_WIDTH_MM, height=BLOCK_HEIGHT_MM
        )
        return prepare(pdf, self.printed(html), name=block.name, at=at, plain=plain)

    def printed(self, html: str) -> bytes:
        """A filled-in template as PDF. Raises Invalid if it asks for what is not there."""
        fetcher = _FontsOnly(self._unpacked)
        fonts = FontConfiguration()
        faces = CSS(string=self._faces, font_config=fonts, url_fetcher=fetcher)
        pdf: bytes = HTML(string=html, url_fetcher=fetcher).write_pdf(
            stylesheets=[faces],
            font_config=fonts,
            pdf_variant="pdf/ua-1",
            pdf_identifier=sha256(html.encode()).digest()[:16],
        )
        if fetcher.refused:
            raise Invalid("The letter asks for %(address)s; a letter may use nothing from outside.", address=fetcher.refused[0])
        return pdf

    def _fill(self, template: bytes, values: Mapping[str, object]) -> str:
        try:
            return self._template(template.decode()).render(values)
        except (TemplateError, TypeError, ValueError) as wrong:
            raise Invalid(
                "The letter “%(title)s” cannot be printed: %(reason)s", title=values["title"], reason=str(wrong)
            ) from wrong

    @cached_property
    def _unpacked(self) -> Mapping[str, bytes]:
        return _unpacked_in(self._fonts)

    @cached_property
    def _faces(self) -> str:
        """One @font-face for each file. Each part of an alphabet is a family of its own: WeasyPrint takes fonts of one family
        and weight for the same font, and would print the glyphs of one file under the numbers of another."""
        found = (_FONT_FILE.fullmatch(name) for name in self._unpacked)
        return "\n".join(_face(face[0], family=face[1], weight=face[2], style=face[3]) for face in found if face)


def _face(file: str, *, family: str, weight: str, style: str) -> str:
    return f"@font-face {{ font-family: '{family}'; font-weight: {weight}; font-style: {style}; src: url({_FONTS}{file}); }}"


@cache
def _unpacked_in(fonts: Path) -> Mapping[str, bytes]:
    """The fonts by file name, unpacked once in a process: to do so for every letter would take ten times the printing."""
    return {file.name: _unpack(file) for file in sorted(fonts.glob("*.woff2")) if _FONT_FILE.fullmatch(file.name)}


def _unpack(woff2: Path) -> bytes:
    unpacked = BytesIO()
    decompress(str(woff2), unpacked)
    return unpacked.getvalue()


class _FontsOnly(URLFetcher):
    """Gives out the bundled fonts and notes every other address it was asked for."""

    def __init__(self, fonts: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=())
        self._fonts = fonts
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        font = self._fonts.get(url.removeprefix(_FONTS)) if url.startswith(_FONTS) else None
        if font is None:
            self.refused.append(url)
            raise ValueError(f"not a bundled font: {url}")
        return URLFetcherResponse(url, font, {"Content-Type": "font/ttf"})


def _environment(loader: BaseLoader) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "day": day,
        "amount": amount,
        "within": within,
        "cited": cited,
        "blocks": blocks,
        "said": said,
        "cell": cell,
        "layout": layout,
    }
    return environment
