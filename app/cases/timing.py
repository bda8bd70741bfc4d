"""What happens when a term ends: the sweep takes due timers one by one, each in its own transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from logging import getLogger

from app.cases.advancing import Running, advance, locked
from app.cases.office import Office
from app.cases.settling import settle_substitutions
from app.domain.case import TimerKind, TimerStatus
from app.domain.errors import Unavailable
from app.domain.events import EventKind
from app.domain.moves import Element
from app.domain.people import SYSTEM, Role
from app.history.recording import record
from app.store.tables import Case, Incident, Notice, Timer, WorkItem
from app.store.unit_of_work import UnitOfWork

log = getLogger(__name__)

SUPERIORS = {
    Role.CHANCELLERY: Role.HEAD,
    Role.DEPARTMENT_HEAD: Role.HEAD,
    Role.EXECUTOR: Role.HEAD,
    Role.EXPERT: Role.HEAD,
}
"""To whom an overdue step goes. The acts name no superior of the head, and other bodies have none at the provider: these go to
the supervisor, as everybody else not named here."""


@dataclass(frozen=True, slots=True)
class Swept:
    fired: int
    failed: int


def sweep(office: Office, *, limit: int = 100) -> Swept:
    """Fires what is due, earliest first. Firing twice is harmless, and one bad case never stops the others.

    Before that, what was taken under a substitution that is over goes back: a reminder is for whoever has the work now.
    """
    settle_substitutions(office)
    with office.reading() as uow:
        due = uow.timing.due(office.clock.now(), limit=limit)
    fired = failed = 0
    for timer_id, case_id in due:
        try:
            fired += fire(office, timer_id, case_id)
        except Unavailable as error:  # no fault of this case: the timer waits on, for the next sweep
            log.warning("timer put off", extra={"action": "fire", "case_id": case_id, "timer_id": timer_id}, exc_info=error)
        except Exception as error:  # whatever is wrong with this case, the next one is not held up
            failed += 1
            log.error("timer failed", extra={"action": "fire", "case_id": case_id, "timer_id": timer_id}, exc_info=error)
            _report(office, timer_id, case_id, str(error) or repr(error))
    return Swept(fired, failed)


def fire(office: Office, timer_id: str, case_id: str) -> bool:
    """Fires one timer if it still waits and is due; gives whether it did. A late or second call changes nothing."""
    with office.unit_of_work() as uow:
        this = locked(office, uow, case_id)
        timer = uow.timing.take(timer_id)
        now = office.clock.now()
        if timer is None or timer.due_at > now:
            return False
        timer.status, timer.fired_at = TimerStatus.FIRED, now
        _ACTIONS[timer.kind](office, uow, this, timer)
        uow.commit()
        return True


def _report(office: Office, timer_id: str, case_id: str, sentence: str) -> None:
    """Sets the timer aside with an incident, so that the next sweep is not held up by it again."""
    with office.unit_of_work() as uow:
        case = uow.cases.lock(case_id)  # the row alone: it may be the process that cannot be loaded
        timer = uow.timing.take(timer_id)
        if case is None or timer is None:
            return
        timer.status = TimerStatus.FAILED
        now = office.clock.now()
        uow.cases.add_incident(
            Incident(case_id=case_id, element=timer.element, sentence=sentence, opened_at=now, timer_id=timer_id)
        )
        record(uow, case, EventKind.INCIDENT_OPENED, at=now, actor=SYSTEM, details={"sentence": sentence})
        uow.commit()


def _fire_process_timer(office: Office, uow: UnitOfWork, this: Running, timer: Timer) -> None:
    element = _element(this, timer)
    _tell(office, uow, this, EventKind.TIMER_FIRED, element, timer)
    case = this.case
    advance(office, uow, this, lambda process, call: office.engine.fire(process, case.state, timer.token, call_handler=call))


def _remind_of_step(office: Office, uow: UnitOfWork, this: Running, timer: Timer) -> None:
    item = _item(uow, this, timer)
    if item is None:
        return
    element = _element(this, timer)
    _tell(office, uow, this, EventKind.REMINDED, element, timer)
    _notify(
        uow, this, holders(office, uow, item), "“%(step)s” of case %(number)s is due %(due)s.", office.clock.now(), element, item
    )


def _escalate_step(office: Office, uow: UnitOfWork, this: Running, timer: Timer) -> None:
    """The step's limit has passed: the superior is told, and the item stays with its holder, marked."""
    item = _item(uow, this, timer)
    if item is None:
        return
    now, element = office.clock.now(), _element(this, timer)
    item.escalated_at = now
    superior = SUPERIORS.get(Role(item.role), Role.SUPERVISOR)
    _tell(office, uow, this, EventKind.DEADLINE_PASSED, element, timer)
    record(
        uow,
        this.case,
        EventKind.ESCALATED,
        at=now,
        actor=SYSTEM,
        element=element,
        details={"item": item.id, "to": superior.value},
    )
    told = [*holders(office, uow, item), *uow.people.acting_in(superior, office.today())]
    _notify(uow, this, told, "“%(step)s” of case %(number)s is overdue since %(due)s.", now, element, item)


def _remind_of_service(office: Office, uow: UnitOfWork, this: Running, timer: Timer) -> None:
    _tell(office, uow, this, EventKind.REMINDED, None, timer)
    _notify_service(office, uow, this, "The term of case %(number)s ends %(due)s.")


def _end_service_term(office: Office, uow: UnitOfWork, this: Running, timer: Timer) -> None:
    _tell(office, uow, this, EventKind.DEADLINE_PASSED, None, timer)
    _notify_service(office, uow, this, "The term of case %(number)s ended %(due)s and the case is still open.")


_ACTIONS: dict[TimerKind, Callable[[Office, UnitOfWork, Running, Timer], None]] = {
    TimerKind.PROCESS: _fire_process_timer,
    TimerKind.STEP_REMINDER: _remind_of_step,
    TimerKind.STEP_DEADLINE: _escalate_step,
    TimerKind.SERVICE_REMINDER: _remind_of_service,
    TimerKind.SERVICE_DEADLINE: _end_service_term,
}


def _element(this: Running, timer: Timer) -> Element:
    return this.element_named(timer.element)


def _item(uow: UnitOfWork, this: Running, timer: Timer) -> WorkItem | None:
    return next((item for item in uow.work.open_of(this.case.id) if item.token == timer.token), None)


def holders(office: Office, uow: UnitOfWork, item: WorkItem) -> list[str]:
    """Who has the item, with whoever stands in for him; for an item that is nobody's, everyone who may take it."""
    role, today = Role(item.role), office.today()
    owner = item.owner_id
    if owner:
        return [owner, *uow.people.standing_in_for([owner], role, today)]
    return uow.people.acting_in(role, today, item.unit_id)


def _notify_service(office: Office, uow: UnitOfWork, this: Running, template: str) -> None:
    now = office.clock.now()
    told = uow.people.acting_in(Role.HEAD, office.today())
    if executor := this.case.executor_id:
        told += [executor, *uow.people.standing_in_for([executor], Role.EXECUTOR, office.today())]
    _notify(uow, this, told, template, now, None, None)


def _notify(
    uow: UnitOfWork,
    this: Running,
    user_ids: list[str],
    template: str,
    now: datetime,
    element: Element | None,
    item: WorkItem | None,
) -> None:
    due = item.due_at if item else this.case.result_due
    values = step_facts(this.case, element)
    if due is not None:
        values["due"] = due.isoformat()
    for user_id in dict.fromkeys(user_ids):
        uow.notices.add(Notice(user_id=user_id, case_id=this.case.id, at=now, template=template, values=values))


def step_facts(case: Case, element: Element | None) -> dict[str, object]:
    """What notices to staff say of a case and of one of its steps."""
    values: dict[str, object] = {"number": case.number or case.id[:8]}
    if element is not None:
        values["step"] = {"kk": element.label.kk, "ru": element.label.ru, "en": element.label.en}
    return values


def _tell(office: Office, uow: UnitOfWork, this: Running, kind: EventKind, element: Element | None, timer: Timer) -> None:
    record(
        uow,
        this.case,
        kind,
        at=office.clock.now(),
        actor=SYSTEM,
        element=element,
        details={
            "timer": timer.kind.value,
            "term": timer.term,
            "counted_from": timer.counted_from.isoformat(),
            "due": timer.due_at.isoformat(),
            "calendar": timer.calendar_edition,
        },
    )
