"""Results go to the applicant's cabinet."""

from __future__ import annotations

from app.domain.case import CaseStatus
from app.domain.handling import HandlerContext
from app.domain.moves import Flag
from handlers.registry import handler

TOLD = {
    CaseStatus.ISSUED: "The result of your application %(number)s is ready: it is in your cabinet, signed electronically.",
    CaseStatus.REFUSED: "Your application %(number)s was refused; the reasoned refusal is in your cabinet.",
    CaseStatus.DISCONTINUED: (
        "Your application %(number)s will not be considered further; the reasoned refusal is in your cabinet."
    ),
    CaseStatus.NOT_ACCEPTED: "Your application was not accepted; the reasoned refusal is in your cabinet.",  # it has no number
}


@handler("deliver_result")
def deliver_result(context: HandlerContext) -> Flag:
    """Puts the letter signed last into the applicant's cabinet and keeps it there."""
    result = context.signed_result()
    context.tell_applicant(TOLD[result.status], {"number": context.case.number}, letter=result.id)
    return Flag()
