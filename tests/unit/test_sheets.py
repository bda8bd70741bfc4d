"""Exports as spreadsheets open them."""

from __future__ import annotations

import csv
from zipfile import ZipFile

from app.web.sheets import SEPARATOR, as_csv, as_xlsx


def test_no_cell_of_an_export_is_taken_for_a_formula() -> None:
    wicked = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "plain"]
    line = "".join(as_csv(["a"] * 6, [wicked])).splitlines()[1]
    assert next(csv.reader([line], delimiter=SEPARATOR)) == ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "plain"]
    with as_xlsx("t", ["a"] * 6, [wicked]) as file, ZipFile(file) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "=1+1" in sheet
