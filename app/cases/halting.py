"""Cases that came to a halt unnoticed: open, and nothing waits in them. A sweep finds them and opens one incident each."""

from __future__ import annotations

from app.cases.advancing import Running, follow_waits, locked
from app.cases.office import Office
from app.domain.errors import Declined, RasimError
from app.domain.events import EventKind
from app.domain.moves import Move, WaitKind
from app.domain.people import SYSTEM
from app.history.recording import record
from app.store.tables import Incident
from app.store.unit_of_work import UnitOfWork

HALTED = "The case is open, yet nothing waits in it: no step, no timer and no call to the outside."


def find_halted(office: Office, *, limit: int = 100) -> int:
    """Opens an incident for each open case in which nothing waits; gives how many. Doing it twice opens none twice."""
    with office.reading() as uow:
        found = uow.incidents.at_a_halt(limit=limit)
    return sum(_report(office, case_id) for case_id in found)


def _report(office: Office, case_id: str) -> bool:
    with office.unit_of_work() as uow:
        case = uow.cases.lock(case_id)  # the row alone: it may be the process that cannot be loaded
        if case is None or case_id not in uow.incidents.at_a_halt(limit=1, case_id=case_id):
            return False
        now = office.clock.now()
        uow.cases.add_incident(Incident(case_id=case_id, element="", sentence=HALTED, opened_at=now))
        record(uow, case, EventKind.INCIDENT_OPENED, at=now, actor=SYSTEM, details={"sentence": HALTED})
        uow.commit()
        return True


def restore_waits(office: Office, uow: UnitOfWork, case_id: str) -> None:
    """Steps and timers are made equal to what the case's state waits for. Raises Declined where it waits for nothing a row could
    stand for: such a case has a dead end in its diagram, or a lost call to the outside."""
    this = _loaded(office, uow, case_id)
    waits = office.engine.waits(this.process, this.case.state)
    if not any(wait.kind in (WaitKind.USER_TASK, WaitKind.TIMER) for wait in waits):
        raise Declined("The case waits for nothing that could be tried again: mend its diagram, or withdraw the case.")
    follow_waits(office, uow, this, Move(this.case.state, waits, (), False), office.clock.now())


def _loaded(office: Office, uow: UnitOfWork, case_id: str) -> Running:
    try:
        return locked(office, uow, case_id)
    except RasimError as error:
        raise Declined("The case cannot be loaded: %(reason)s", reason=error.sentence) from error
