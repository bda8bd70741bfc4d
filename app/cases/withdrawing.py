"""The applicant takes an application back: whatever the case waits for falls away, and nothing that comes later moves it."""

from __future__ import annotations

from hashlib import sha256

from app.cases.advancing import Running, end_case, locked
from app.cases.office import Office
from app.cases.opening import close_work
from app.cases.timing import holders, step_facts
from app.domain.case import CaseStatus, JobStatus
from app.domain.errors import Declined, Invalid, NotFound
from app.domain.events import EventKind
from app.domain.people import Actor, Role
from app.domain.permissions import Action, CaseFacts, may, require
from app.history.recording import record
from app.store.tables import Decision, Notice, WorkItem
from app.store.unit_of_work import UnitOfWork

OUTCOME = "withdrawn"


def withdraw(office: Office, actor: Actor, case_id: str, reason: str) -> None:
    """Ends an open case at its applicant's wish.

    Raises NotFound for who may not even see the case, Forbidden for staff, Invalid without a reason, Declined when it has ended.
    """
    with office.unit_of_work() as uow:
        this = locked(office, uow, case_id)
        case, now = this.case, office.clock.now()
        facts = CaseFacts(case.applicant_iin, case.applicant_bin)
        if not may(actor, Action.VIEW_CASE, facts):
            raise NotFound("There is no case '%(id)s'.", id=case_id)
        require(actor, Action.WITHDRAW, facts)
        if case.status.is_final:
            raise Declined("This case has ended already; there is nothing to withdraw.")
        if not reason.strip():
            raise Invalid("Say why you withdraw the application.")
        decision = Decision(
            case_id=case.id, outcome=OUTCOME, grounds=[], rationale=reason.strip(), decided_by=actor.id, decided_at=now
        )
        uow.cases.add_decision(decision)
        # The history proves the reason without holding it; the decision's random id is the salt.
        details = {"reason_sha256": sha256(decision.id.encode() + decision.rationale.encode()).hexdigest()}
        record(uow, case, EventKind.CASE_WITHDRAWN, at=now, actor=actor, role=Role.APPLICANT, details=details)
        case.status = CaseStatus.WITHDRAWN  # first: a body that is no longer asked has not kept silent
        terms = office.terms(this.passport)
        for item in uow.work.open_of(case.id):
            _tell_holders(office, uow, this, item, actor)
            close_work(uow, this, item, terms, now)
        for job in uow.timing.open_jobs_of(case.id):
            job.status = JobStatus.CANCELLED
        end_case(uow, case, CaseStatus.WITHDRAWN, now)
        uow.commit()


def _tell_holders(office: Office, uow: UnitOfWork, this: Running, item: WorkItem, actor: Actor) -> None:
    """Whoever has the task, or might take it, is told that it is not needed any more."""
    template = "The applicant has withdrawn case %(number)s; “%(step)s” is no longer needed."
    values = step_facts(this.case, this.process.elements[item.process, item.element])
    for user_id in dict.fromkeys(holders(office, uow, item)):
        if user_id != actor.id:
            notice = Notice(user_id=user_id, case_id=this.case.id, at=office.clock.now(), template=template, values=values)
            uow.notices.add(notice)
