"""The numbered processes and conditions of the interaction of information systems (act 003, Regulation paras 7-9).

What the applicant does on a portal, signing in, filling in, paying, signing, he has done before the case begins: those steps are
written into the history. The conditions ask for facts that are there to be asked.
"""

from __future__ import annotations

from app.domain.fees import PAID_BY_GATEWAY
from app.domain.handling import HandlerContext
from app.domain.moves import Flag
from handlers.registry import handler

YES, NO = "yes", "no"


@handler("record_act")
def record_act(context: HandlerContext) -> Flag:
    """An act done before or elsewhere; that the step is passed is what the history needs."""
    return Flag("done")


@handler("form_message")
def form_message(context: HandlerContext) -> Flag:
    """Forms the message this step is named after, in the applicant's cabinet."""
    label = context.element.label
    message = {"kk": label.kk, "ru": label.ru, "en": label.en}
    context.tell_applicant("%(message)s", {"message": message})
    return Flag("done")


@handler("check_applicant")
def check_applicant(context: HandlerContext) -> Flag:
    """Whether the IIN or BIN of the application is that of the person or organisation who signed in."""
    form = context.passport.application
    own = {"applicant.iin": context.case.applicant_iin, "applicant.bin": context.case.applicant_bin}
    stated = context.answers[form.id]
    numbers = ((stated[field.id], own[field.prefill]) for field in form.fields if field.prefill in own and field.id in stated)
    return _answer(all(number == known for number, known in numbers))


@handler("check_payment")
def check_payment(context: HandlerContext) -> Flag:
    """Whether the payment gateway has confirmed the fee."""
    return _answer(context.names["paid"] == PAID_BY_GATEWAY)


@handler("check_signatures")
def check_signatures(context: HandlerContext) -> Flag:
    """Whether every signature under the application was found valid: by its term, its certificate, its IIN and BIN."""
    return _answer(context.is_signed_validly())


@handler("check_employee")
def check_employee(context: HandlerContext) -> Flag:
    """Whether whoever signed in for the provider holds the role in which he did."""
    return _answer(context.last_hand_holds_role())


@handler("check_registry_data")
def check_registry_data(context: HandlerContext) -> Flag:
    """Whether the state databases that were asked know the applicant."""
    return _answer(context.registers_know_applicant())


def _answer(holds: bool) -> Flag:
    return Flag(YES if holds else NO)
