"""Agreement with other bodies: how many are asked, and what their replies come to."""

from __future__ import annotations

from app.domain.deciding import agreement
from app.domain.handling import HandlerContext
from app.domain.moves import Flag
from handlers.registry import handler


@handler("count_bodies")
def count_bodies(context: HandlerContext) -> Flag:
    """Stands before a repeated task in which bodies reply; its flag says how often the task is repeated."""
    return Flag(len(context.bodies_to_ask()))


@handler("sum_up_replies")
def sum_up_replies(context: HandlerContext) -> Flag:
    """Stands after the tasks in which bodies reply; its flag is positive, negative or silent."""
    return Flag(agreement(context.replies()).value)
