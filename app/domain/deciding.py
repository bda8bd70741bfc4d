"""What a passport's own rules decide for one application: its decision tables, the bodies it is agreed with, their replies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from app.domain.answers import Names, holds
from app.domain.errors import Invalid
from app.domain.passport import Consultation, DecisionTable, Passport, Stage

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


def grounds_found(
    passport: Passport, variant: str, stage: Stage, answers: Mapping[str, Mapping[str, Any]], replies: Mapping[str, str]
) -> list[str]:
    """The grounds in force that a draft of refusal should name: by what was answered (form → field → value) when the case was
    examined, and by the bodies that did not agree (`replies`: consultation → reply). In the act's order."""
    made = {
        ground
        for form in passport.forms
        for field in form.fields
        if field.finds is not None and answers.get(form.id, {}).get(field.id) == field.finds.answer
        for ground in field.finds.grounds
    }
    made |= {body.ground for body in passport.consultations if body.ground and replies.get(body.id) == DISAGREES}
    return [ground.id for ground in passport.grounds_for(variant, stage) if ground.id in made]


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
