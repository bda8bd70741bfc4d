"""What an outcome leads to is read out of the diagram: surely, or depending on what the outcome does not say."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.diagrams import ROOT
from app.domain.moves import ElementKind
from app.engine import Engine, Process
from app.store.bundles import passport_of, read_bundle, services_in

SERVICES = services_in(ROOT / "processes")


def process_of(service: str) -> Process:
    return Engine().load(read_bundle(ROOT / "processes" / service))


def ahead(process: Process, element: str, outcome: str, variant: str = "issue-export") -> list[tuple[str, bool, bool]]:
    found = process.ahead((process.main, element), outcome, variant)
    return [(each.element.id, each.certain, each.after_others) for each in found]


def test_an_outcome_that_settles_the_next_choice_leads_one_way() -> None:
    process = process_of("goods-import-export-licence")
    assert ahead(process, "examine_application", "meets") == [("draw_up_licence", True, False)]
    # Automatic choices by the variant are passed over: the export has its own body.
    assert ahead(process, "examine_application", "agreement_needed") == [("reply_on_export", True, False)]
    # Into a process that is called.
    assert ahead(process, "examine_application", "does_not_meet") == [("invite_to_hearing", True, False)]


def test_what_depends_on_more_than_the_outcome_is_said_as_possible() -> None:
    process = process_of("goods-import-export-licence")
    assert ahead(process, "reply_on_export", "disagree") == [
        ("draw_up_licence", False, False),
        ("invite_to_hearing", False, False),
    ]


def test_a_called_process_leads_back_into_the_one_that_calls_it() -> None:
    process = process_of("goods-import-export-licence")
    hearing = next(name for name, element in process.elements if element == "record_hearing")
    upheld = process.ahead((hearing, "record_hearing"), "upheld", "issue-export")
    assert [(each.element.id, each.certain) for each in upheld] == [("draw_up_refusal", True)]


def test_a_signature_leads_to_the_end_by_way_of_the_delivery() -> None:
    process = process_of("goods-import-export-licence")
    (end,) = process.ahead((process.main, "sign_licence"), "sign", "issue-export")
    assert (end.element.id, end.element.kind, end.certain) == ("licence_issued", ElementKind.END_EVENT, True)
    assert ahead(process, "sign_licence", "return_for_rework") == [("draw_up_licence", True, False)]


@pytest.mark.parametrize("service", SERVICES, ids=lambda folder: folder.name)
def test_every_outcome_of_every_service_leads_somewhere(service: Path) -> None:
    bundle = read_bundle(service)
    process, passport = Engine().load(bundle), passport_of(bundle)
    nowhere = [
        (element.id, outcome.id, variant.id)
        for where, element in process.elements.items()
        for outcome in element.outcomes
        for variant in passport.variants
        if not process.ahead(where, outcome.id, variant.id)
    ]
    assert nowhere == []
