"""What the provider asks of the applicant in the middle of a case: samples, originals."""

from __future__ import annotations

from app.domain.errors import Misconfigured
from app.domain.handling import HandlerContext
from app.domain.moves import Flag
from handlers.registry import handler


@handler("tell_of_demand")
def tell_of_demand(context: HandlerContext) -> Flag:
    """Tells the applicant's cabinet what is asked for: the text of the passport's notification named as this step is."""
    named = context.element.id.replace("_", "-")
    notification = next((each for each in context.passport.notifications if each.id == named), None)
    if notification is None:
        raise Misconfigured(
            "The passport has no notification '%(id)s' for the step '%(element)s'.", id=named, element=context.element.id
        )
    asked = {"kk": notification.text.kk, "ru": notification.text.ru, "en": notification.text.en}
    context.tell_applicant(
        "The provider asks of you in the case %(number)s: %(asked)s.", {"number": context.case.number, "asked": asked}
    )
    return Flag()
