"""The step at which the applicant pays a fee that is due while the case runs."""

from __future__ import annotations

from app.domain.errors import Declined
from app.domain.fees import PAID_BY_GATEWAY
from app.domain.handling import HandlerContext
from app.domain.moves import Flag
from handlers.registry import handler


@handler("confirm_payment")
def confirm_payment(context: HandlerContext) -> Flag:
    """Lets the step end once the payment gateway has confirmed the payment: what the applicant says is no proof."""
    if context.names["paid"] != PAID_BY_GATEWAY:
        raise Declined("The fee is not paid yet: pay it first, then finish the step.")
    return Flag()
