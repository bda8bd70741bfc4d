"""The hearing before an adverse decision (Administrative Procedure Code, art. 73)."""

from __future__ import annotations

from datetime import date

from app.domain.errors import Invalid, Misconfigured, problem
from app.domain.handling import HandlerContext
from app.domain.moves import Flag
from handlers.registry import handler


@handler("invite_to_hearing")
def invite_to_hearing(context: HandlerContext) -> Flag:
    """Tells the applicant what is about to be decided and when the hearing is: no sooner than the passport's invitation time."""
    hearing = context.passport.hearing
    if hearing is None:
        raise Misconfigured("The passport of '%(service)s' has no hearing.", service=context.case.service)
    answers = context.step_answers
    day, earliest = date.fromisoformat(answers["hearing_day"]), context.last_day(hearing.invitation)
    if day < earliest:
        found = problem(
            "hearing_invitation.hearing_day",
            "The hearing may be held on %(earliest)s at the earliest: the invitation goes out %(term)s before it.",
            earliest=earliest,
            term=hearing.invitation,
        )
        raise Invalid(found.sentence.template, problems=[found], **found.sentence.values)
    context.tell_applicant(
        "Before application %(number)s is decided you will be heard on %(day)s: %(place)s. About to be decided: %(decision)s",
        {
            "number": context.case.number,
            "day": day.isoformat(),
            "place": answers["hearing_place"],
            "decision": answers["preliminary_decision"],
        },
    )
    return Flag()


@handler("count_days_for_objections")
def count_days_for_objections(context: HandlerContext) -> Flag:
    """The working days until the eve of the hearing: so long explanations are taken in writing."""
    day = date.fromisoformat(context.answered("hearing_invitation")["hearing_day"])
    return Flag(max(0, context.working_days_until(day) - 1))
