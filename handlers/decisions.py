"""Choices that follow from the application alone, by the passport's decision tables."""

from __future__ import annotations

from app.domain.deciding import decided, table_at
from app.domain.handling import HandlerContext
from app.domain.moves import Flag
from handlers.registry import handler


@handler("decide")
def decide(context: HandlerContext) -> Flag:
    """Sets the step's flag to what the passport's table for this step gives."""
    return Flag(decided(table_at(context.passport, context.element.id), context.names))
