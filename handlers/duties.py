"""Duties of the provider himself, for which nobody applies."""

from __future__ import annotations

from app.domain.handling import HandlerContext
from app.domain.moves import Flag
from handlers.registry import handler


@handler("number_duty")
def number_duty(context: HandlerContext) -> Flag:
    """Numbers the case among the provider's own."""
    context.number_case()
    return Flag()
