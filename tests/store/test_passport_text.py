"""A change of one value leaves the rest of a passport's text as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app.domain.errors import Invalid
from app.store.bundles import parsed
from app.store.passport_text import with_item, with_item_lower, with_values, without_item

TEXT = """\
# Facts of the act.
id: made-up  # the folder's name

title:
  kk: 'Рұқсат: беру'
  ru: Выдача разрешения
  en: "Issue of a permit"

variants:
  - id: issue
    term: {limit: '10 working-days', counted_from: registered, paragraph: List item 3}
    fee: free
    # only for individuals
    documents: [one, two]

forms:
  - id: application
    fields:
      # who applies
      - id: name
        label: {kk: Аты, ru: Имя, en: Name}
        required: true
      # a comment of the second
      - id: birth
        label: {kk: Туған күні, ru: Дата рождения, en: Date of birth}
        inferred: >-
          The act is silent;
          people are told apart by it.

      - {id: sex, label: {kk: Жынысы, ru: Пол, en: Sex}}   # last

limits:
- {element: step, limit: '2 working-days'}
silent: []
"""
ROOT = Path(__file__).parents[2]


def saying(text: str, change: bytes) -> tuple[list[str], list[str]]:
    """The lines that are gone and the lines that are new."""
    before, after = text.splitlines(), change.decode().splitlines()
    return [line for line in before if line not in after], [line for line in after if line not in before]


def places(value: object, here: str = "") -> list[str]:
    if isinstance(value, dict):
        return [place for key, each in value.items() for place in places(each, f"{here}.{key}" if here else key)]
    if isinstance(value, list):
        return [place for i, each in enumerate(value) for place in places(each, f"{here}[{i}]")]
    return [here]


ALL = places(parsed(TEXT.encode())[1])
words = some.one_of(
    some.text(max_size=30), some.sampled_from(["no", "on", "12", "1.5", "null", "- a", "a: b", "#", "'", "2020-01-01", "~"])
)


@settings(max_examples=60, deadline=None)
@given(place=some.sampled_from(ALL), value=words)
def test_a_new_value_changes_its_own_lines_alone(place: str, value: str) -> None:
    changed = with_values(TEXT.encode(), {place: value})
    gone, new = saying(TEXT, changed)
    assert len(new) <= 1 and len(gone) <= 3, "a value of several lines becomes one of one line"
    assert places(parsed(changed)[1]) == ALL


@pytest.mark.parametrize("place", [place for place in ALL if not place.endswith("inferred")])  # whose folded lines become one
def test_there_and_back_again_is_the_same_text(place: str) -> None:
    former = parsed(TEXT.encode())[1]
    for step in place.replace("[", ".").replace("]", "").split("."):
        former = former[int(step) if step.isdigit() else step]  # type: ignore[index]
    changed = with_values(TEXT.encode(), {place: "another" if former != [] else "x"})
    assert with_values(changed, {place: former}).decode() == TEXT  # type: ignore[dict-item]


def test_several_values_of_one_table_are_put_at_once() -> None:
    changed = with_values(
        TEXT.encode(),
        {"forms[0].fields[0].label.kk": "Есімі", "forms[0].fields[0].required": None, "forms[0].fields[1].required": True},
    )
    gone, new = saying(TEXT, changed)
    assert gone == ["        label: {kk: Аты, ru: Имя, en: Name}"]
    assert new == ["        label: {kk: Есімі, ru: Имя, en: Name}"]
    assert "people are told apart by it.\n        required: true\n\n" in changed.decode()


def test_a_key_is_added_to_a_mapping_between_brackets_and_taken_out_again() -> None:
    added = with_values(TEXT.encode(), {"limits[0].paragraph": "Rules para 5, part 1"})
    assert "- {element: step, limit: '2 working-days', paragraph: 'Rules para 5, part 1'}" in added.decode()
    assert with_values(added, {"limits[0].paragraph": None}).decode() == TEXT


def test_an_item_is_added_where_the_list_ends() -> None:
    item = {"id": "email", "label": {"kk": "Пошта", "ru": "Почта", "en": "E-mail"}, "type": "text"}
    changed = with_item(TEXT.encode(), "forms[0].fields", item).decode()
    added = "      - id: email\n        label: {kk: Пошта, ru: Почта, en: E-mail}\n        type: text\n"
    assert changed.replace(added, "") == TEXT
    assert "silent: [{about: x}]" in with_item(TEXT.encode(), "silent", {"about": "x"}).decode()


def test_a_removed_item_takes_its_own_comment_with_it() -> None:
    changed = without_item(TEXT.encode(), "forms[0].fields[1]").decode()
    assert "a comment of the second" not in changed and "birth" not in changed
    assert "# who applies" in changed and "- {id: sex" in changed and "\nlimits:\n" in changed
    assert "documents: [two]" in without_item(TEXT.encode(), "variants[0].documents[0]").decode()
    assert parsed(without_item(TEXT.encode(), "limits[0]"))[1]["limits"] == []  # type: ignore[index]


def test_a_moved_item_carries_its_comment_and_moves_back() -> None:
    lower = with_item_lower(TEXT.encode(), "forms[0].fields[1]")
    assert [each["id"] for each in parsed(lower)[1]["forms"][0]["fields"]] == ["name", "sex", "birth"]  # type: ignore[index]
    assert lower.decode().index("- {id: sex") < lower.decode().index("# a comment of the second")
    assert with_item_lower(lower, "forms[0].fields[1]").decode() == TEXT


def test_line_ends_of_another_system_stay() -> None:
    text = TEXT.replace("\n", "\r\n").encode()
    changed = with_values(text, {"variants[0].fee": {"mci": "0.9"}, "variants[0].hint": "x"})
    assert changed.replace(b"\r\n", b"").count(b"\r") == 0
    assert changed.count(b"\r\n") in (text.count(b"\r\n"), text.count(b"\r\n") + 1)


SHARED = b"""\
one:
  term: &term
    limit: 7 working-days  # of the act
    says: &words 'seven, days'
other:
  term: *term
third: [*words]
"""


def test_what_is_said_once_for_two_is_changed_for_one() -> None:
    changed = with_values(SHARED, {"other.term.limit": "8 working-days"}).decode()
    assert changed == SHARED.decode().replace("*term", "\n    limit: 8 working-days\n    says: 'seven, days'").replace(
        ": \n", ":\n"
    )
    changed = with_values(SHARED, {"one.term.says": "eight"}).decode()
    assert parsed(changed.encode())[1] == {
        "one": {"term": {"limit": "7 working-days", "says": "eight"}},
        "other": {"term": {"limit": "7 working-days", "says": "seven, days"}},
        "third": ["seven, days"],
    }
    assert "# of the act" in changed
    assert with_values(SHARED, {"other.term": "none"}) == SHARED.replace(b"*term", b"none")


def test_what_cannot_be_changed_as_it_stands_is_refused() -> None:
    with pytest.raises(Invalid, match=r"edit list\[0\] in the text itself"):
        without_item(b"list: [&one a, b]\nother: *one\n", "list[0]")  # its words stand there for the other


def test_a_place_that_is_not_there_is_named() -> None:
    for place in ("forms[7].id", "nothing.at.all", "forms[0].fields[0].label.kk.more"):
        with pytest.raises(Invalid, match="nothing at"):
            with_values(TEXT.encode(), {place: "x"})


def test_a_real_passport_is_changed_in_one_line() -> None:
    text = (ROOT / "processes/information-duty/service.yaml").read_bytes()
    gone, new = saying(text.decode(), with_values(text, {"title.en": "Another, title"}))
    assert len(gone) == 1 and new == ["  en: 'Another, title'"]
