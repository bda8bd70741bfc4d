"""Decision tables: what a cell means, what a table answers, and what can be said of it before it is asked."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.decisions import DecisionTable, Examined, HitPolicy, Rule
from app.domain.errors import Invalid
from app.domain.expressions import compile_expression
from app.domain.unary_tests import Value, read_cell


def table(inputs: list[str], *rules: list[str], policy: HitPolicy = HitPolicy.UNIQUE) -> DecisionTable:
    """The last word of a rule is its answer."""
    read = (Rule(f"r{n}", n, tuple(map(read_cell, cells)), output) for n, (*cells, output) in enumerate(rules, 1))
    return DecisionTable("way", "way.dmn", 1, policy, tuple(map(compile_expression, inputs)), tuple(read))


def examined(drawn: DecisionTable, *domains: frozenset[Value] | None) -> Examined:
    return Examined(drawn, domains or [None] * len(drawn.inputs))


@pytest.mark.parametrize(
    ("cell", "met", "missed"),
    [
        ("-", ["a", 1, True, None], []),
        ("", ["a", None], []),
        ('"a"', ["a"], ["b", "A", None, 1]),
        ('"a", "b"', ["a", "b"], ["c", None]),
        ('not("a", "b")', ["c", None, 5], ["a", "b"]),
        ("3", [3, 3.0], [4, True, "3", None]),
        ("1", [1], [True]),
        ("true", [True], [False, 1, "true", None]),
        ("false", [False], [True, 0, None]),
        ("< 10", [9, -100], [10, 11, "9", None, False]),
        ("<=10", [10], [11]),
        ("> -2", [-1], [-2]),
        (">= 2.5", [2.5, 3], [2]),
        ("[1..5]", [1, 3, 5], [0, 6, "3", True]),
        ("(1..5)", [2, 4], [1, 5]),
        ("]1..5[", [2, 4], [1, 5]),
        ("(1..5]", [5], [1]),
        ("not(< 3)", [3, "a"], [2]),
        ("< 3, > 7, 5", [2, 8, 5], [3, 4, 6, 7]),
        ('"Қазақстан, Астана"', ["Қазақстан, Астана"], ["Қазақстан"]),
    ],
)
def test_a_cell_meets_what_it_says_and_nothing_else(cell: str, met: list[object], missed: list[object]) -> None:
    read = read_cell(cell)
    assert [value for value in met if not read.meets(value)] == []
    assert [value for value in missed if read.meets(value)] == []


@pytest.mark.parametrize(
    "cell",
    [
        *('"a" or "b"', "a", "'a'", "[1..5", "[5..1]", "1..5", '< "a"', "<", '"a",', ",", "not(-)", 'not("a"', '"a" "b"', "- 1"),
        *("__import__('os')", "().__class__", "? < 3", 'date("2026-01-01")', "1e9", "9" * 16, '"' + "a" * 600 + '"', "\0"),
    ],
)
def test_what_is_no_cell_is_refused_and_never_evaluated(cell: str) -> None:
    with pytest.raises(Invalid):
        read_cell(cell)


@given(st.text(alphabet='"<>=[]().,-0159 notruefalsе a', max_size=40))
def test_no_text_raises_anything_else(text: str) -> None:
    try:
        read_cell(text).meets(3)
    except Invalid as error:
        assert "cell" in str(error)


def test_the_one_rule_that_meets_the_case_answers() -> None:
    drawn = table(["variant", "sheets"], ['"issue"', "<= 10", "short"], ['"issue"', "> 10", "long"], ['"extend"', "-", "short"])
    assert drawn.decide({"variant": "issue", "sheets": 10}) == "short"
    assert drawn.decide({"variant": "issue", "sheets": 11}) == "long"
    assert drawn.decide({"variant": "extend", "sheets": None}) == "short"


def test_no_rule_is_said_with_what_was_asked() -> None:
    with pytest.raises(Invalid, match="No rule of the decision table “way” is meant for this case: variant = 'new'"):
        table(["variant"], ['"issue"', "a"]).decide({"variant": "new"})


def test_several_rules_are_an_error_when_one_was_promised() -> None:
    rules = (["-", "a"], ['"new"', "b"])
    with pytest.raises(Invalid, match="the rules 1, 2: variant = 'new'"):
        table(["variant"], *rules).decide({"variant": "new"})
    with pytest.raises(Invalid, match="the rules 1, 2"):
        table(["variant"], *rules, policy=HitPolicy.ANY).decide({"variant": "new"})
    assert table(["variant"], *rules, policy=HitPolicy.FIRST).decide({"variant": "new"}) == "a"
    agreeing = (["-", "a"], ['"new"', "a"])
    assert table(["variant"], *agreeing, policy=HitPolicy.ANY).decide({"variant": "new"}) == "a"


def test_an_input_may_be_an_expression() -> None:
    drawn = table(["check == 'yes' and variant == 'new'"], ["true", "a"], ["false", "b"])
    assert (drawn.decide({"check": "yes", "variant": "new"}), drawn.decide({"check": None, "variant": "new"})) == ("a", "b")
    assert examined(drawn).gap() is None


def test_rules_that_some_case_meets_both_of_are_found() -> None:
    drawn = table(["n", "v"], ["[1..5]", '"a"', "x"], ["[5..9]", "-", "y"], ["> 9", '"a"', "z"], ["(5..9]", '"b"', "w"])
    assert list(examined(drawn).overlapping()) == [(1, 2), (2, 4)]  # 5 with "a"; 6 to 9 with "b"


def test_between_two_neighbouring_whole_numbers_lies_nothing() -> None:
    drawn = table(["n"], ["<= 1", "a"], [">= 2", "b"])
    assert examined(drawn).gap() is None  # a flag is whole
    assert examined(table(["n / 2"], ["<= 1", "a"], [">= 2", "b"])).gap() == ("n / 2 = 1.5",)


def test_a_combination_without_a_rule_is_found() -> None:
    rules = (['"issue"', "true", "a"], ['"issue"', "false", "b"], ['"extend"', "true", "c"])
    drawn = table(["variant", "paid"], *rules)
    variants = frozenset({"issue", "extend"})
    assert examined(drawn, variants, None).gap() == ("variant = 'extend'", "paid = False")
    assert examined(table(["variant", "paid"], *rules, ['"extend"', "false", "c"]), variants, None).gap() is None
    assert examined(drawn, None, None).gap() is not None  # any other variant


def test_rules_that_never_decide_are_found() -> None:
    drawn = table(["v"], ['"a", "b"', "x"], ['"a"', "y"], ['"c"', "z"], policy=HitPolicy.FIRST)
    assert list(examined(drawn, frozenset({"a", "b"})).never()) == [3]
    assert list(examined(drawn).hidden()) == [(2, 1)]


CELLS = ["-", "0", "1", "< 2", "> 0", "[1..2]", "not(1)", "0, 2", ">= 3"]


@given(st.lists(st.tuples(*[st.sampled_from(CELLS)] * 2), min_size=1, max_size=5))
def test_what_is_said_beforehand_is_what_trying_every_case_shows(rules: list[tuple[str, str]]) -> None:
    drawn = table(["a", "b"], *([*cells, str(n)] for n, cells in enumerate(rules)))
    cases = list(product(range(-1, 5), repeat=2))
    meeting = [{n for n, r in enumerate(drawn.rules, 1) if r.cells[0].meets(a) and r.cells[1].meets(b)} for a, b in cases]
    both = {(x, y) for found in meeting for x in found for y in found if x < y}
    assert set(examined(drawn).overlapping()) == both
    assert (examined(drawn).gap() is None) == all(meeting)


def test_a_large_table_is_examined_in_bounded_work() -> None:
    """Eight inputs of six values each are 1.7 million cases; sets of rules are looked at instead, and at most so many."""
    rules = [["-"] * n + [f'"v{value}"'] + ["-"] * (7 - n) + ["x"] for n in range(8) for value in range(5)]
    drawn = table([f"i{n}" for n in range(8)], *rules, policy=HitPolicy.ANY)
    assert examined(drawn).gap() == tuple(f"i{n} = '…'" for n in range(8))
