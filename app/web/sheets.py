"""Rows as CSV and XLSX, written as they come, and never taken for a formula by whoever opens them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from tempfile import SpooledTemporaryFile
from typing import IO

import xlsxwriter  # type: ignore[import-untyped]
from flask import Response, stream_with_context

IN_MEMORY = 5_000_000  # bytes of a workbook before it goes to a file
WIDTH = 22  # of a column, in signs
SEPARATOR = ";"  # what spreadsheets here expect: in Kazakh and Russian the comma divides a number
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Cells = Sequence[str | int]


def csv_file(filename: str, heads: Sequence[str], rows: Iterable[Cells]) -> Response:
    """The rows as a file to keep, sent as they are read."""
    response = Response(stream_with_context(as_csv(heads, rows)), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response


def as_csv(heads: Sequence[str], rows: Iterable[Cells]) -> Iterator[str]:
    """Line by line, with the mark by which spreadsheets know UTF-8."""
    yield "\ufeff" + _line(heads)
    for row in rows:
        yield _line(row)


def _line(cells: Cells) -> str:
    line = StringIO()
    csv.writer(line, delimiter=SEPARATOR).writerow([_harmless(cell) for cell in cells])
    return line.getvalue()


def _harmless(cell: str | int) -> str | int:
    """A text that a spreadsheet would reckon with is quoted; everybody who opens the file sees it as text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_STARTS_A_FORMULA) else cell


def as_xlsx(title: str, heads: Sequence[str], rows: Iterable[Cells]) -> IO[bytes]:
    """A workbook of one sheet, row by row onto disk; texts are written as texts, whatever they begin with."""
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (the response closes it)
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True, "text_wrap": True})
    sheet.set_column(0, len(heads) - 1, WIDTH)
    sheet.freeze_panes(1, 0)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            write = sheet.write_string if isinstance(cell, str) else sheet.write_number
            write(number, column, cell)
    book.close()
    file.seek(0)
    return file
