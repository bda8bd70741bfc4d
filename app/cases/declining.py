"""A person refuses to act on a task that is his: it goes back, with the reason, and whoever assigns is told."""

from __future__ import annotations

from app.cases.assigning import belongs_by_appointment, give
from app.cases.office import Office
from app.cases.refusals import refusals_are_told
from app.cases.working import Held, hold
from app.domain.case import AssignedHow, DeclineReason
from app.domain.errors import Declined, Forbidden, Invalid
from app.domain.people import Actor, Role
from app.store.tables import Notice
from app.store.unit_of_work import UnitOfWork

LONGEST_REASON = 2000  # characters


@refusals_are_told
def decline(office: Office, actor: Actor, item_id: str, *, why: DeclineReason, words: str = "") -> None:
    """Gives one's own task back, refusing to act on it.

    It goes back to its role; what a substitute took, to the executor stood in for. An executor the head appointed is
    executor no longer, and head and supervisors are told, so that they assign another. Raises Declined when the task is not
    one's own, Forbidden for what is asked of the applicant, Invalid without a reason in words where none of the list fits.
    """
    words = words.strip()
    if why is DeclineReason.OTHER and not words:
        raise Invalid("Say in words why you refuse to act.")
    if len(words) > LONGEST_REASON:
        raise Invalid("The reason is too long: at most %(most)s characters.", most=LONGEST_REASON)
    with office.unit_of_work() as uow:
        held = hold(office, uow, actor, item_id)
        if held.role is Role.APPLICANT:
            raise Forbidden("This is asked of %(name)s alone.", name=actor.name)
        if held.item.owner_id != actor.id:
            raise Declined("This task is not yours, so there is nothing to refuse.")
        this, item = held.running, held.item
        appointed = belongs_by_appointment(this, item, actor.id)
        back_to = this.case.executor_id if held.role is Role.EXECUTOR and not appointed else None
        give(
            uow,
            this,
            item,
            back_to,
            AssignedHow.DECLINED,
            by=actor,
            at=office.clock.now(),
            responsible_id=held.responsible_id,
            reason=words,
            why=why,
        )
        if appointed:
            this.case.executor_id = None
        _tell(office, uow, held, actor)
        uow.commit()


def _tell(office: Office, uow: UnitOfWork, held: Held, actor: Actor) -> None:
    """Head and supervisors: one of them assigns another."""
    today, case, label = office.today(), held.running.case, held.element.label
    told = [*uow.people.acting_in(Role.HEAD, today), *uow.people.acting_in(Role.SUPERVISOR, today)]
    values = {
        "name": actor.name,
        "step": {"kk": label.kk, "ru": label.ru, "en": label.en},
        "number": case.number or case.id[:8],
    }
    template = "%(name)s refuses to act on “%(step)s” of case %(number)s. Somebody else has to be assigned."
    for user_id in dict.fromkeys(told):
        if user_id != actor.id:
            uow.notices.add(Notice(user_id=user_id, case_id=case.id, at=office.clock.now(), template=template, values=values))
