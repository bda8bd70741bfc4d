"""Data the provider takes itself from state information systems, through the e-government gateway."""

from __future__ import annotations

from app.domain.answers import holds
from app.domain.handling import HandlerContext, JobContext
from app.domain.moves import Flag, Later
from app.domain.ports import Register, RegisterAnswer
from handlers.registry import handler, outside_call

ASK_REGISTERS = "ask-registers"


@handler("request_registry_data")
def request_registry_data(context: HandlerContext) -> Flag | Later:
    """Asks every register the passport names for this applicant; the step ends when all have answered."""
    application, names = context.answers[context.passport.application.id], context.names
    questions = [
        {"register": lookup.register.value, "number": str(application[lookup.number])}
        for lookup in context.passport.lookups
        if holds(lookup.when, names)
    ]
    if not questions:
        return Flag()
    return context.request(ASK_REGISTERS, {"questions": questions})


@outside_call(ASK_REGISTERS)
def ask_registers(context: JobContext) -> tuple[RegisterAnswer, ...]:
    """One message a question; repeating the job repeats the same message ids, which the gateway takes as one."""
    return tuple(
        context.registers.ask(Register(question["register"]), question["number"], message_id=f"{context.id}-{place}")
        for place, question in enumerate(context.request["questions"], start=1)
    )
