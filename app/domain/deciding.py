"""What a passport's own rules decide for one application: its decision tables, the bodies it is agreed with, their replies."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from app.domain.answers import Names, holds
from app.domain.errors import Invalid
from app.domain.passport import Consultation, DecisionTable, Passport

AGREES = "agree"
DISAGREES = "disagree"
"""The outcomes of a task in which a body replies."""


class Agreement(Enum):
    """What the replies of all bodies come to."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    SILENT = "silent"


def table_at(passport: Passport, element: str) -> DecisionTable:
    """Raises Invalid when the passport decides nothing at this step."""
    found = next((table for table in passport.decisions if table.at == element), None)
    if found is None:
        raise Invalid("The passport has no decision table for the step '%(element)s'.", element=element)
    return found


def decided(table: DecisionTable, names: Names) -> str:
    """What the first row gives whose condition holds."""
    return next((row.gives for row in table.rows if holds(row.when, names)), table.otherwise)


def bodies_at(passport: Passport, element: str, names: Names) -> tuple[Consultation, ...]:
    """The bodies that reply at this task for an application with these names, in the passport's order."""
    return tuple(
        body
        for body in passport.consultations
        if body.at == element and (not body.variants or names["variant"] in body.variants) and holds(body.when, names)
    )


def agreement(replies: Iterable[str]) -> Agreement:
    """One negative reply decides; without one, a reply that never came (empty) is silence. With nobody asked all agree."""
    given = set(replies)
    if DISAGREES in given:
        return Agreement.NEGATIVE
    return Agreement.SILENT if "" in given else Agreement.POSITIVE
