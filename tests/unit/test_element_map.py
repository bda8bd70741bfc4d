"""Where elements of one version are looked for in the next, and what a map of an analyst's may not say."""

from __future__ import annotations

from app.domain.element_map import Alike, problems_of, suggested
from app.domain.moves import Element, ElementKind
from app.domain.text import Text

TASK, GATEWAY = ElementKind.USER_TASK, ElementKind.GATEWAY


def element(
    name: str, words: str = "", paragraph: str | None = None, *, kind: ElementKind = TASK, process: str = "main"
) -> Element:
    return Element(name, process, kind, Text(words or name), paragraph=paragraph)


def matched(old: list[Element], new: list[Element]) -> dict[str, tuple[str, Alike] | None]:
    found = suggested(old, new, {"main": "main"})
    return {each.old.id: (each.new.id, each.alike) if each.new and each.alike else None for each in found}


def test_an_element_is_found_by_its_id_then_by_its_words_then_by_its_paragraph() -> None:
    old = [element("a", "Тексеру"), element("b", "Келісу", "Rules para 8"), element("c", "Қол қою", "Rules para 9")]
    new = [element("c", "Мүлде басқа"), element("x", "Тексеру"), element("y", "Келісім", "Rules para 8")]
    assert matched(old, new) == {"a": ("x", Alike.LABEL), "b": ("y", Alike.PARAGRAPH), "c": ("c", Alike.ID)}


def test_nothing_is_suggested_where_two_would_do_as_well_or_the_kind_is_another() -> None:
    old = [element("a", "Тексеру"), element("b", "Тексеру"), element("c", "Келісу"), element("d", "Таңдау", kind=GATEWAY)]
    new = [element("x", "Тексеру"), element("y", "Келісу", kind=GATEWAY), element("z", "Таңдау")]
    assert set(matched(old, new).values()) == {None}


def test_the_main_process_counts_as_the_same_whatever_its_id() -> None:
    (found,) = suggested([element("a")], [element("a", process="other")], {"main": "other"})
    assert found.new is not None
    assert found.new.process == "other"


def test_what_is_taken_by_its_id_is_suggested_for_nothing_else() -> None:
    assert matched([element("a", "Тексеру"), element("b", "Өзгесі")], [element("b", "Тексеру")])["a"] is None


def test_a_map_names_only_what_is_there_of_one_kind_and_makes_no_two_into_one() -> None:
    old = {("main", each): element(each) for each in "ab"}
    new = {("main", "x"): element("x"), ("main", "g"): element("g", kind=GATEWAY)}
    wrong = {("main", "a"): ("main", "x"), ("main", "b"): ("main", "x")}
    assert [each.place for each in problems_of(wrong, old, new)] == ["main/b"]
    assert [each.place for each in problems_of({("main", "a"): ("main", "g")}, old, new)] == ["main/a"]
    assert [each.place for each in problems_of({("main", "a"): ("main", "nowhere")}, old, new)] == ["main/a"]
    assert not list(problems_of({("main", "a"): ("main", "x")}, old, new))
