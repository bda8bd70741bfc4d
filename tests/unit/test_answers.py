"""What people fill in, checked against a form of the passport: every mistake at its place, nothing hidden asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.answers import Checked, check_answers
from app.domain.passport import Passport
from app.store.bundles import passport_of, read_bundle
from tests.desk import SERVICE, whole_application

PROCESSES = Path(__file__).resolve().parents[2] / "processes"


def the_passport() -> Passport:
    return passport_of(read_bundle(PROCESSES / SERVICE))


def check(form: str, answers: dict[str, Any], *, variant: str = "issue", outcome: str = "") -> Checked:
    passport = the_passport()
    return check_answers(passport, passport.form(form), answers, variant=variant, outcome=outcome)


def application(**changes: Any) -> dict[str, Any]:
    return {**whole_application("company", "2026-03-02")["application"], **changes}


def guarantee(**changes: Any) -> dict[str, Any]:
    return {**whole_application("company", "2026-03-02")["importer_guarantee"], **changes}


def said(checked: Checked) -> dict[str, str]:
    return {problem.place: str(problem.sentence) for problem in checked.problems}


def test_a_whole_application_has_no_problems_and_leaves_hidden_fields_out() -> None:
    checked = check("application", application(person_name="must not stay", former_certificate_no="nor this"))
    assert said(checked) == {}
    assert "person_name" not in checked.values  # a legal entity is not asked for a person's name
    assert "former_certificate_no" not in checked.values  # asked on reissue only (para 10)


def test_every_missing_field_is_told_at_once_each_at_its_place() -> None:
    checked = check("application", application(address="", sheets=" ", entity_name=None))
    assert said(checked) == {f"application.{name}": "This has to be filled in." for name in ("entity_name", "address", "sheets")}


def test_a_declaration_has_to_be_confirmed() -> None:
    assert said(check("application", application(decl_secrets=False))) == {
        "application.decl_secrets": "This has to be confirmed."
    }


def test_a_wrong_check_digit_is_told_at_the_number() -> None:
    right = whole_application("company", "2026-03-02")["application"]["bin"]
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    assert list(said(check("application", application(bin=wrong)))) == ["application.bin"]


def test_reissue_asks_for_the_former_certificate() -> None:
    assert set(said(check("application", application(), variant="reissue"))) == {
        "application.former_certificate_no",
        "application.changed_terms",
    }


def test_a_mistake_in_a_table_names_row_and_column() -> None:
    row = {"product": "Осциллограф", "tnved": "9030201000", "control_code": "3A002", "quantity": "3", "unit": "дана"}
    several = guarantee(products="several", annex_table=[row, {**row, "tnved": "12"}, {}])
    assert list(said(check("importer_guarantee", several))) == ["importer_guarantee.annex_table[1].tnved"]


def test_an_empty_table_asks_for_a_row() -> None:
    checked = check("importer_guarantee", guarantee(products="several", annex_table=[{"product": " "}]))
    assert said(checked) == {"importer_guarantee.annex_table": "Fill in at least one row."}


def test_a_ground_of_another_stage_is_no_ground_here() -> None:
    checked = check("reasoned_refusal", {"number": "1", "grounds": ["incomplete-set"], "rationale": "…"})
    assert said(checked) == {
        "reasoned_refusal.grounds": "“incomplete-set” is no ground of refusal in force for this application."
    }


def test_a_field_can_depend_on_the_outcome_chosen() -> None:
    assert said(check("signing", {}, outcome="sign")) == {}
    assert said(check("signing", {}, outcome="return_for_rework")) == {"signing.remarks": "This has to be filled in."}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([f.id for f in the_passport().form("importer_guarantee").fields]), anything))
def test_whatever_is_sent_the_check_ends_in_values_or_problems(answers: dict[str, Any]) -> None:
    check("importer_guarantee", answers)


@given(st.dictionaries(st.sampled_from([f.id for f in the_passport().application.fields]), anything))
def test_clean_values_are_clean_when_checked_again(answers: dict[str, Any]) -> None:
    once = check("application", answers)
    again = check("application", once.values)
    assert again.values == once.values


def checked(**answers: Any) -> Checked:
    return check("application", answers)


def places(found: Checked) -> set[str]:
    return {problem.place for problem in found.problems}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("12", "12"), (" 1 200,5 ", "1200.5"), ("1\u00a0200", "1200"), ("1\u202f200", "1200"), ("0", "0"), ("007", "007")],
)
def test_a_number_is_kept_as_its_digits(typed: str, kept: str) -> None:
    assert checked(sheets=typed).values["sheets"] == kept


@pytest.mark.parametrize("typed", ["-1", "1e999999999", "1e3", "Infinity", "NaN", "1_000", "١٢", "1" * 40, "1.", ".5", "0x10"])
def test_what_is_not_written_out_in_digits_is_no_number(typed: str) -> None:
    found = checked(sheets=typed)
    assert "application.sheets" in places(found)
    assert "sheets" not in found.values


@pytest.mark.parametrize("blank", [" ", "\n", "\u00a0"])
def test_a_blank_beside_a_choice_does_not_hide_the_fields_that_hang_on_it(blank: str) -> None:
    found = checked(applicant_kind=f"individual{blank}")
    assert found.values["applicant_kind"] == "individual"
    assert {"application.person_name", "application.iin"} <= places(found)


def test_a_hidden_field_leaves_no_value() -> None:
    found = checked(applicant_kind="individual", entity_name="«Үлгі» ЖШС")
    assert "entity_name" not in found.values
    assert "application.entity_name" not in places(found)
