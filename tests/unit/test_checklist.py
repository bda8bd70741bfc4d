"""The check of completeness as a list: what is needed, what the system sees, what may be found and what follows from it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.domain.answers import application_names
from app.domain.checklist import (
    Found,
    Line,
    Submitted,
    check_grounds,
    check_list,
    checklist,
    checklist_field,
    from_registers,
    grounds_from,
    lacking_by,
    offered_rows,
)
from app.domain.errors import Invalid
from app.domain.passport import DocumentState, Stage
from app.store.bundles import passport_of, read_bundle

PROCESSES = Path(__file__).parents[2] / "processes"
PASSPORT = passport_of(read_bundle(PROCESSES / "guarantee-obligation-end-user-certificate", PROCESSES / "shared"))
BORDER = passport_of(read_bundle(PROCESSES / "border-strip-entry-pass", PROCESSES / "shared"))
ASKED = checklist_field(PASSPORT.form("completeness"))
RULES = PASSPORT.variant("issue").documents
DAY = date(2026, 3, 2)


def lines(intermediary: str = "no", **files: int) -> tuple[Line, ...]:
    """The list of an application with both forms filled in and files of these sizes."""
    answers = {"application": {"acts_as_intermediary": intermediary}, "importer_guarantee": {"f1_importer": "А"}}
    found = Found(
        names=application_names(PASSPORT, answers, variant="issue", channel="portal", paid=""),
        channel="portal",
        files={document: Submitted(document, f"{document}.pdf", size) for document, size in files.items()},
        filled_in=frozenset(answers),
        registered_on=DAY,
    )
    return checklist(RULES, found)


def found(of: tuple[Line, ...], outcome: str, **states: str) -> list[dict[str, str]]:
    assert ASKED is not None
    rows = offered_rows(of)
    for row in rows:
        state, _, until = states.get(row["document"], row["state"]).partition(" ")
        row |= {"state": state, "expires_on": until}
    return check_list(ASKED, "completeness.documents", of, rows, outcome=outcome, registered_on=DAY)


def wrong(of: tuple[Line, ...], outcome: str, **states: str) -> dict[str, str]:
    with pytest.raises(Invalid) as raised:
        found(of, outcome, **states)
    return {problem.place.removeprefix("completeness.documents"): str(problem.sentence) for problem in raised.value.problems}


def test_the_answers_of_the_application_say_which_documents_are_needed() -> None:
    """Standard row 8 (4): a contract with the end user is asked of an intermediary alone."""
    assert [line.rule.id for line in lines("no") if not line.needed] == ["end_user_contract"]
    assert all(line.needed for line in lines("yes"))


def test_the_system_offers_what_it_sees_and_warns_of_what_it_does_not() -> None:
    of = {line.rule.id: line for line in lines(foreign_trade_contract=0)}
    assert of["application"].offered is DocumentState.PRESENT
    assert of["foreign_trade_contract"].offered is DocumentState.ABSENT
    assert [str(each) for each in of["foreign_trade_contract"].warnings] == ["The attached file is empty."]
    assert of["end_user_contract"].offered is DocumentState.NOT_NEEDED
    (missing,) = lines()[2].warnings
    assert str(missing) == "A required document is not there."


def test_a_set_in_which_something_is_absent_or_expired_cannot_be_found_complete() -> None:
    of = lines(foreign_trade_contract=9)
    assert found(of, "complete")[2] == {"document": "foreign_trade_contract", "state": "present"}
    assert list(wrong(of, "complete", foreign_trade_contract="absent")) == ["[foreign_trade_contract]"]
    assert list(wrong(of, "complete", foreign_trade_contract="expired 2026-03-01")) == ["[foreign_trade_contract]"]


def test_a_set_in_which_nothing_is_lacking_cannot_be_found_incomplete() -> None:
    assert list(wrong(lines(foreign_trade_contract=9), "incomplete")) == [""]


def test_a_needed_document_cannot_be_called_needless_and_a_needless_one_may_be_missed() -> None:
    of = lines(foreign_trade_contract=9)
    assert list(wrong(of, "incomplete", foreign_trade_contract="not-needed")) == ["[foreign_trade_contract]"]
    assert found(of, "incomplete", end_user_contract="absent")[3]["state"] == "absent", "the applicant may have answered wrongly"


@pytest.mark.parametrize(
    ("state", "is_right"),
    [
        ("present 2026-03-02", True),  # valid on the day of registration, its last day
        ("present 2026-03-01", False),  # over on that day, and called valid
        ("expired 2026-03-01", True),
        ("expired 2026-03-02", False),
        ("expired", False),  # since when, the letter has to say
        ("present 2026-02-30", False),
        ("", False),
        ("burned", False),
    ],
)
def test_the_expiry_date_is_held_against_the_day_of_registration(state: str, is_right: bool) -> None:
    of, outcome = lines(foreign_trade_contract=9), "incomplete" if state.startswith("expired") else "complete"
    if is_right:
        found(of, outcome, foreign_trade_contract=state)
    else:
        assert list(wrong(of, outcome, foreign_trade_contract=state)) == ["[foreign_trade_contract]"]


@pytest.mark.parametrize("given", [None, "", "x", [1], [{"document": "unknown", "state": "present"}], [{"state": "present"}]])
def test_whatever_is_sent_every_document_is_answered_for(given: Any) -> None:
    assert ASKED is not None
    with pytest.raises(Invalid) as raised:
        check_list(ASKED, "f.documents", lines(), given, outcome="complete", registered_on=DAY)
    assert len(raised.value.problems) == 4


def test_only_the_documents_of_the_channel_are_asked_for() -> None:
    service = passport_of(read_bundle(PROCESSES / "knb-permit-encryption-means-import-export", PROCESSES / "shared"))
    variant = service.variants[0]
    for channel in ("e-licensing", "provider-office"):
        names = application_names(service, {}, variant=variant.id, channel=channel, paid="")
        list_ = checklist(variant.documents, Found(names, channel, {}, frozenset(), DAY))
        kinds = {line.rule.kind.value for line in list_ if line.rule.channels}
        assert kinds == ({"paper"} if channel == "provider-office" else {"file"})


def test_what_is_lacking_makes_the_grounds_and_they_can_be_neither_left_out_nor_added() -> None:
    """Rules para 5 of act 000: an incomplete set and expired documents are grounds apart."""
    (rule,) = (rule for rule in BORDER.variant("activity-or-event").documents if rule.id == "permitting_documents")
    grounds = BORDER.grounds_for("activity-or-event", Stage.INTAKE)
    lacking = lacking_by([rule], [{"document": rule.id, "state": "expired", "expires_on": "2026-03-01"}])
    assert grounds_from(grounds, lacking) == ["expired-documents"]

    def said(chosen: list[str]) -> list[str]:
        return [str(s.values["ground"]) for s in check_grounds(BORDER, "activity-or-event", Stage.INTAKE, chosen, lacking)]

    incomplete, expired = (ground.label.kk for ground in grounds)
    assert said(["expired-documents"]) == []
    assert said([]) == [expired]
    assert said(["incomplete-set", "expired-documents"]) == [incomplete]


def test_a_register_says_until_when_what_it_holds_is_valid() -> None:
    names = {field.id: "" for field in PASSPORT.application.fields} | {"applicant_kind": "individual", "variant": "issue"}
    names |= {"channel": "portal", "paid": ""}
    (asked,) = from_registers(PASSPORT.lookups, names, {}, DAY)
    assert asked.found is None
    (over,) = from_registers(PASSPORT.lookups, names, {"identity-document": {"valid_until": "2026-03-01"}}, DAY)
    assert [str(each) for each in over.warnings] == ["Its term ended before the registration: it has to be renewed."]
    (unknown,) = from_registers(PASSPORT.lookups, names, {"identity-document": None}, DAY)
    assert unknown.found is False
