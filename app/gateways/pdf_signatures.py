"""A place for one signature inside a PDF (ISO 32000, 12.8): a visible block, and a hole that the CMS is put into afterwards.

What is signed are the bytes before and after the hole, so the file is written whole before anybody signs. The same letter, block
and moment give the same bytes. The kind of signature stands inside the signed bytes, and so must be known beforehand: a PAdES
signature, or a plain CMS from a program that does not name its certificate among the signed attributes.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from io import BytesIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from app.domain.ports import Hole, PreparedPdf

BLOCK_WIDTH_MM, BLOCK_HEIGHT_MM = 170.0, 12.0
"""The visible block's size. It stands in the lower margin of the last page, which letters leave free below their footer."""

_LEFT_MM, _BOTTOM_MM = 25.0, 2.5
_POINTS = 72 / 25.4  # in a millimetre

# Hexadecimal digits for the CMS: 24 kB hold a GOST or RSA signature with its chain and a time stamp.
_RESERVED = 48 * 1024
_FIELD = "Rasim"


def prepare(pdf: bytes, block: bytes, *, name: str, at: datetime, plain: bool) -> PreparedPdf:
    """The PDF with the block (a PDF of one page) and the hole. `plain` makes room for a CMS that is no PAdES signature."""
    writer = _Writer(BytesIO(pdf), strict=False)
    page = int(writer.prev.root["/Pages"]["/Count"]) - 1
    embedder = PdfCMSEmbedder(new_field_spec=SigFieldSpec(_FIELD, on_page=page, box=_box()))
    steps = embedder.write_cms(_FIELD, writer)
    field = next(steps).get_object()
    _show(writer, field, block)
    kind = SigSeedSubFilter.ADOBE_PKCS7_DETACHED if plain else SigSeedSubFilter.PADES
    steps.send(SigObjSetup(SignatureObject(timestamp=at, subfilter=kind, name=name, bytes_reserved=_RESERVED)))
    digest, output = steps.send(SigIOSetup(md_algorithm="sha256"))
    return PreparedPdf(output.getvalue(), Hole(digest.reserved_region_start, digest.reserved_region_end, plain))


def _box() -> tuple[int, int, int, int]:
    left, bottom = round(_LEFT_MM * _POINTS), round(_BOTTOM_MM * _POINTS)
    return left, bottom, left + round(BLOCK_WIDTH_MM * _POINTS), bottom + round(BLOCK_HEIGHT_MM * _POINTS)


def _show(writer: IncrementalPdfFileWriter, field: generic.DictionaryObject, block: bytes) -> None:
    """The block's page becomes what the field looks like."""
    appearance = writer.import_page_as_xobject(PdfFileReader(BytesIO(block), strict=False))
    field[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): appearance})


class _Writer(IncrementalPdfFileWriter):
    """Writes the same bytes for the same input: the file's identifier follows from it, and no moment of writing is noted, for
    the letter and the signature have moments of their own."""

    @classmethod
    def _handle_id(cls, prev: PdfFileReader) -> generic.ArrayObject:
        prev.stream.seek(0)
        identifier = generic.ByteStringObject(sha256(prev.stream.read()).digest()[:16])
        first = prev.trailer["/ID"][0] if "/ID" in prev.trailer else identifier
        original = first.original_bytes if isinstance(first, generic.TextStringObject) else first
        return generic.ArrayObject([generic.ByteStringObject(original), identifier])

    def _update_meta(self) -> None:
        return
