"""The portal's receipt and the chancellery's number."""

from __future__ import annotations

from app.domain.handling import HandlerContext
from app.domain.moves import Flag
from handlers.registry import handler


@handler("acknowledge_receipt")
def acknowledge_receipt(context: HandlerContext) -> Flag:
    """Shows in the applicant's cabinet that the request is accepted, with the day the result can be had."""
    due = context.case.result_due
    if due is None:
        context.tell_applicant("Your application was accepted.", {})
    else:
        context.tell_applicant("Your application was accepted. The result is due by %(due)s.", {"due": due.isoformat()})
    return Flag()


@handler("number_case")
def number_case(context: HandlerContext) -> Flag:
    """Registers the case: the incoming number is given when the clerk registers the documents."""
    number = context.number_case()
    context.tell_applicant("Your application is registered under number %(number)s.", {"number": number})
    return Flag()
