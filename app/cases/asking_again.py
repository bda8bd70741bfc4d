"""A body whose reply is waited for is asked once more; its term stays as it was."""

from __future__ import annotations

from app.cases.disclosing import acts_as, open_request
from app.cases.office import Office
from app.cases.refusals import refusals_are_told
from app.cases.replies import considering
from app.cases.timing import holders
from app.domain.errors import Declined
from app.domain.events import EventKind
from app.domain.people import OUTSIDE, Actor
from app.domain.permissions import Action
from app.history.recording import record
from app.store.tables import Notice


@refusals_are_told
def ask_again(office: Office, actor: Actor, item_id: str) -> None:
    """Whoever in the body has the request, or may take it, is told that the reply is waited for.

    Once a day at most. Raises Declined when that was done today, once the body is no longer asked, and for a body that has no
    workplace here: its reply the executor writes down himself.
    """
    with office.unit_of_work() as uow:
        this, asked, item = open_request(office, uow, actor, item_id, Action.ASK_AGAIN)
        if item.role not in {role.value for role in OUTSIDE}:
            raise Declined("This body has no workplace here, so nobody can be told.")
        now, today = office.clock.now(), office.today()
        for event in uow.history.of(this.case.id):
            again = event.kind == EventKind.BODY_ASKED_AGAIN.value and event.details["item"] == item.id
            if again and office.civil_day(event.at) == today:
                raise Declined("This body was asked again today already.")
        role, absent = acts_as(actor, this.case, considering(uow, this))
        record(
            uow,
            this.case,
            EventKind.BODY_ASKED_AGAIN,
            at=now,
            actor=actor,
            role=role,
            responsible_id=absent,
            element=this.process.elements[item.process, item.element],
            details={"item": item.id, "consultation": asked.consultation},
        )
        about = this.passport.consultation(asked.consultation).about
        values = {"number": this.case.number or this.case.id[:8], "about": {"kk": about.kk, "ru": about.ru, "en": about.en}}
        template = "You are asked again to reply in case %(number)s: %(about)s."
        if item.due_at is not None:
            template = "You are asked again to reply in case %(number)s: %(about)s. The term ends %(due)s."
            values["due"] = item.due_at.isoformat()
        for user_id in dict.fromkeys(holders(office, uow, item)):
            uow.notices.add(Notice(user_id=user_id, case_id=this.case.id, at=now, template=template, values=values))
        uow.commit()
