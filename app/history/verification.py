"""Checks that the history is what was written: no event changed, removed, reordered or cut off.

The measure is the head that each case's own row names: who rewrites the row together with the whole chain is not found out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.errors import Sentence
from app.history.recording import digest_of
from app.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Breach:
    """Where a chain is broken: the case, the event's number, and what is wrong with it."""

    case_id: str
    number: int
    sentence: Sentence


def breaches_of(uow: UnitOfWork, case_id: str, length: int, head: str) -> Iterator[Breach]:
    """Walks one case's chain from its first event to the head its case row names."""
    previous, expected = "", 0
    for event in uow.history.of(case_id):
        expected += 1
        if event.number != expected:
            yield Breach(case_id, expected, Sentence("Event %(number)s is missing.", {"number": expected}))
            expected = event.number
        if event.previous != previous:
            yield Breach(case_id, event.number, Sentence("The event does not follow the one before it."))
        if event.digest != digest_of(event):
            yield Breach(case_id, event.number, Sentence("The event's content was changed."))
        previous = event.digest
    if expected != length or previous != head:
        yield Breach(
            case_id,
            expected,
            Sentence("The history ends at event %(found)s, the case names %(wanted)s.", {"found": expected, "wanted": length}),
        )


def verify(uow: UnitOfWork) -> Iterator[tuple[str, int, list[Breach]]]:
    """Every case with the number of its events and what is wrong with them."""
    for case_id, length, head in list(uow.history.chains()):
        yield case_id, length, list(breaches_of(uow, case_id, length, head))
