"""Complaints about how a case was handled (Law on public services, art. 25)."""

from __future__ import annotations

from app.domain.handling import HandlerContext
from app.domain.moves import Flag
from handlers.registry import handler


@handler("tell_of_extension")
def tell_of_extension(context: HandlerContext) -> Flag:
    """Tells the complainant that the term was prolonged, until when and why."""
    due, reasons = context.case.result_due, context.step_answers["extension_reasons"]
    context.tell_applicant(
        "The term of your complaint %(number)s is prolonged until %(due)s: %(reasons)s",
        {"number": context.case.number, "due": due.isoformat() if due else "—", "reasons": reasons},
    )
    return Flag()
