"""Coverage of an act: what accounts for a paragraph, and what the lists must not miss."""

from __future__ import annotations

import pytest

from app.domain.citations import is_within, singles
from app.domain.coverage import ActParagraphs, Mention, Mentions, Paragraph, Part, rows, unaccounted
from app.domain.errors import Invalid
from app.domain.text import Text

TITLE = Text("акт", "акт", "act")
ROW_8 = Paragraph("Standard row 8", "documents")
ROW_8_1 = Paragraph("Standard row 8 (1)", "application")
LAWS = Paragraph("Rules para 1", "laws", not_executable="It names laws.")


def told(paragraphs: list[Paragraph], *cited: str, services: tuple[str, ...] = ("pass",)) -> list[str]:
    """The problems when one service's diagram cites these."""
    part = Part("rules", "Rules", services, tuple(paragraphs))
    drawn = tuple(Mention(f"step_{number}", paragraph) for number, paragraph in enumerate(cited, 1))
    acts = {"000.yaml": ActParagraphs(TITLE, (part,))}
    return [str(each) for each in unaccounted(acts, {"pass": Mentions(drawn, (), ())})]


def test_a_paragraph_is_cited_or_explained() -> None:
    assert told([LAWS, ROW_8], "Standard row 8") == []
    assert told([LAWS, ROW_8]) == [
        "000.yaml rules: Standard row 8: Nothing in “pass” cites this paragraph, and no reason is given."
    ]


def test_what_is_cited_is_not_called_not_executable() -> None:
    assert told([LAWS], "Rules para 1") == ["000.yaml rules: Rules para 1: Called not executable, yet “pass” cites it: step_1."]


def test_a_finer_citation_covers_the_whole_and_a_coarser_one_covers_no_part() -> None:
    assert told([ROW_8, ROW_8_1], "Standard row 8 (1)") == []
    assert told([ROW_8, ROW_8_1], "Standard row 8") == [
        "000.yaml rules: Standard row 8 (1): Nothing in “pass” cites this paragraph, and no reason is given."
    ]


def test_what_is_cited_stands_in_the_list() -> None:
    assert told([ROW_8], "Standard row 8 (1)") == ["pass step_1: The act's list has no “Standard row 8 (1)”."]
    assert told([ROW_8_1], "Standard row 8 (1); Standard row 81") == ["pass step_1: The act's list has no “Standard row 81”."]
    assert told([ROW_8_1], "Standard row 8", "Standard row 8 (1)") == []


def test_other_laws_are_no_part_of_the_act() -> None:
    assert told([ROW_8], "Standard row 8; Code art 73; Law art 25") == []
    assert told([], "Law art 25", services=()) == []  # a service of another law needs no list


def test_a_range_cites_each_of_its_paragraphs() -> None:
    paragraphs = [Paragraph(f"Rules para {number}", "complaint") for number in (12, 13, 14)]
    assert told(paragraphs, "Rules paras 12-14") == []


def test_a_list_names_single_places_once_and_services_that_are_there() -> None:
    twice = "000.yaml rules: “Standard row 8” stands in the list twice."
    assert told([ROW_8, ROW_8], "Standard row 8") == [twice]
    (several,) = told([Paragraph("Rules paras 1-2", "laws", not_executable="No.")], services=("pass",))[:1]
    assert several.startswith("000.yaml rules: “Rules paras 1-2” is no citation of a single place")
    assert "000.yaml rules: There is no service “permit” in processes/." in told([LAWS], services=("pass", "permit"))
    assert told([LAWS], "Rules para 1", services=()) == ["pass: No part of an act in processes/acts/ belongs to this service."]


def test_a_paragraph_may_belong_to_some_services_of_its_part_only() -> None:
    of_one = Paragraph("Rules para 2", "one of two", services=("pass",))
    part = Part("rules", "Rules", ("pass", "permit"), (ROW_8, of_one))
    here = Mentions((Mention("check", "Standard row 8"), Mention("decide", "Rules para 2")), (), ())
    services = {"pass": here, "permit": Mentions((), (Mention("documents.application", "Standard row 8"),), ())}
    assert [(row.paragraph.id, row.service, row.drawn, row.said) for row in rows(part, services)] == [
        ("Standard row 8", "pass", ("check",), ()),
        ("Standard row 8", "permit", (), ("documents.application",)),
        ("Rules para 2", "pass", ("decide",), ()),
    ]
    assert list(unaccounted({"000.yaml": ActParagraphs(TITLE, (part,))}, services)) == []


@pytest.mark.parametrize(
    ("citation", "places"),
    [
        ("Rules para 8 part 1", ("Rules para 8 part 1",)),
        ("Rules paras 12-13; Standard row 9 (2)", ("Rules para 12", "Rules para 13", "Standard row 9 (2)")),
        ("Rules para 5-1", ("Rules para 5-1",)),
        ("Standard annex 2 items 5 and 12", ("Standard annex 2 item 5", "Standard annex 2 item 12")),
        ("Rules annex 3 appendix columns 1-2", ("Rules annex 3 appendix column 1", "Rules annex 3 appendix column 2")),
    ],
)
def test_a_citation_is_read_as_single_places(citation: str, places: tuple[str, ...]) -> None:
    assert singles(citation) == places


def test_what_is_no_citation_has_no_places() -> None:
    with pytest.raises(Invalid, match="A citation is written as"):
        singles("paragraph eight")


def test_a_place_lies_within_another_by_its_units_and_not_its_letters() -> None:
    assert is_within("Standard row 8 (1)", "Standard row 8")
    assert is_within("Standard row 8", "Standard row 8")
    assert not is_within("Standard row 81", "Standard row 8")
    assert not is_within("Standard row 8", "Standard row 8 (1)")
