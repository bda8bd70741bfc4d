"""Every paragraph of every act is accounted for, and docs/coverage.md says how today."""

from __future__ import annotations

from app.cases.coverage import coverage
from tests.rules.project import ROOT

FOUND = coverage(ROOT / "processes")


def test_every_paragraph_of_the_acts_is_accounted_for() -> None:
    assert [str(each) for each in FOUND.problems] == []


def test_the_table_of_coverage_is_todays() -> None:
    written = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    assert written == f"{FOUND.table}\n", "run: rasim check --coverage > docs/coverage.md"
