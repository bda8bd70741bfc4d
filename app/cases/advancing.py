"""The one way a case moves.

The caller holds the case row's lock and commits. Here: run the engine on the loaded state → save the pruned state → make work
items and timers equal to what the engine waits for → append history. All in the caller's one transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from app.cases.handler_context import handlers_of
from app.cases.office import Office, ProviderTerms
from app.cases.opening import close_work, counted_from, open_work, prescribed
from app.domain.case import CaseStatus, TimerKind, TimerStatus
from app.domain.errors import Invalid, NotFound
from app.domain.events import EventKind
from app.domain.moves import CallHandler, Element, ElementKind, Move, PassedHow, Wait, WaitKind
from app.domain.passport import Ending, Passport
from app.domain.people import SYSTEM, Role
from app.engine import Process
from app.history.recording import record
from app.store.bundles import passport_of
from app.store.tables import Case, Incident, Notice, Timer
from app.store.unit_of_work import UnitOfWork

Run = Callable[[Process, CallHandler], Move]

_STEP_TIMERS = (TimerKind.STEP_REMINDER, TimerKind.STEP_DEADLINE)
_TOLD_BY_THE_USE_CASE = (ElementKind.USER_TASK, ElementKind.GATEWAY)


@dataclass(frozen=True, slots=True)
class Running:
    """A locked case with the version it is pinned to."""

    case: Case
    process: Process
    passport: Passport

    def element(self, process: str, element_id: str) -> Element:
        """What is known of an element; a step of a called process has its limit, and where the diagram names none its paragraph,
        from the passport."""
        drawn, entry = self.process.elements[process, element_id], self.passport.limit_at(element_id)
        limit, origin = prescribed(self, drawn)
        paragraph = drawn.paragraph or (entry.paragraph if entry else None)
        return replace(drawn, limit=limit, counted_from=origin if limit else drawn.counted_from, paragraph=paragraph)

    def element_named(self, element_id: str) -> Element:
        """The element of this id in the main process or one it calls. Raises NotFound when there is none."""
        found = next((e for (_, name), e in self.process.elements.items() if name == element_id), None)
        if found is None:
            raise NotFound("The diagram of case '%(case)s' has no element '%(id)s'.", case=self.case.id, id=element_id)
        return found


def running(office: Office, uow: UnitOfWork, case: Case) -> Running:
    """The case with its process and passport, both from the version it began with."""
    version = uow.processes.get(case.version_id)
    if version is None:
        raise NotFound("The process version '%(id)s' of case '%(case)s' is not stored.", id=case.version_id, case=case.id)
    bundle = uow.processes.bundle(version)
    return Running(case, office.engine.load(bundle), passport_of(bundle))


def locked(office: Office, uow: UnitOfWork, case_id: str) -> Running:
    case = uow.cases.lock(case_id)
    if case is None:
        raise NotFound("There is no case '%(id)s'.", id=case_id)
    return running(office, uow, case)


def advance(office: Office, uow: UnitOfWork, this: Running, run: Run) -> Move:
    """Moves the case by one run of the engine and writes down everything that follows from it."""
    case, now = this.case, office.clock.now()
    if case.status.is_final:
        raise Invalid("Case '%(case)s' has ended; it moves no more.", case=case.id)
    move = run(this.process, handlers_of(office, uow, this))
    case.state = move.state
    case.rev += 1
    _tell_what_passed(uow, this, move, now)
    follow_waits(office, uow, this, move, now)
    if move.finished:
        _end(uow, this, move, now)
    elif move.stuck:
        _report_stuck(uow, this, now)
    return move


def _tell_what_passed(uow: UnitOfWork, this: Running, move: Move, now: datetime) -> None:
    for passed in move.passed:
        element = this.process.elements.get((passed.process, passed.element))
        if element is None or element.kind in _TOLD_BY_THE_USE_CASE or passed.how is not PassedHow.COMPLETED:
            continue
        record(uow, this.case, EventKind.STEP_PASSED, at=now, actor=SYSTEM, element=element)


def follow_waits(office: Office, uow: UnitOfWork, this: Running, move: Move, now: datetime) -> None:
    """Rows follow from what the engine waits for: new waits get rows, rows without a wait are closed."""
    case = this.case
    waits = {wait.token: wait for wait in move.waits}
    open_items = {item.token: item for item in uow.work.open_of(case.id)}
    timers = uow.timing.running_of(case.id)
    terms = office.terms(this.passport)
    for token, item in open_items.items():
        if token not in waits:
            close_work(uow, this, item, terms, now)
    for timer in timers:
        if timer.token and timer.token not in waits:
            timer.status = TimerStatus.CANCELLED
    known = {timer.token for timer in timers if timer.kind is TimerKind.PROCESS}
    for wait in move.waits:
        if wait.kind is WaitKind.USER_TASK and wait.token not in open_items:
            open_work(uow, this, wait, terms, now)
        elif wait.kind is WaitKind.TIMER and wait.token not in known:
            _start_timer(uow, this, wait, terms, now)
    _until_taken_away(uow, case, move)


def _until_taken_away(uow: UnitOfWork, case: Case, move: Move) -> None:
    """What an applicant may do and a timer takes away again can be done until then: he is shown until when."""
    interrupting = [wait for wait in move.waits if wait.interrupts]
    if not interrupting:
        return
    due = {timer.token: timer.due_at for timer in uow.timing.running_of(case.id)}
    watched = {wait.attached_to: due[wait.token] for wait in interrupting if wait.token in due}
    for item in uow.work.open_of(case.id):
        if item.role == Role.APPLICANT.value and item.due_at is None and item.token in watched:
            item.due_at = watched[item.token]


def _start_timer(uow: UnitOfWork, this: Running, wait: Wait, terms: ProviderTerms, now: datetime) -> None:
    term, start = timer_term(uow, this, wait, now)
    uow.timing.add(
        Timer(
            case_id=this.case.id,
            kind=TimerKind.PROCESS,
            due_at=terms.deadline(term, start),
            term=term,
            counted_from=start,
            calendar_edition=terms.calendar.edition,
            token=wait.token,
            element=wait.element,
        )
    )


def timer_term(uow: UnitOfWork, this: Running, wait: Wait, came: datetime) -> tuple[str, datetime]:
    """A timer's term and the moment it is counted from.

    A timer of a called process, drawn once for many services, runs by the passport's limit where there is one. A timer counts
    from the moment the case came to it, unless the passport names another event.
    """
    limit = this.passport.limit_at(wait.element)
    term, start = wait.term, came
    if limit is not None:
        term = limit.limit if wait.process != this.process.main else wait.term
        start = counted_from(uow, this.case, wait.element, limit.counted_from, came)
    if term is None:
        raise Invalid("The timer '%(element)s' says no term.", element=wait.element)
    return term, start


def _end(uow: UnitOfWork, this: Running, move: Move, now: datetime) -> None:
    case = this.case
    passport = this.passport
    known = [passport.result_ending_at(passed.element) or passport.ending_at(passed.element) for passed in move.passed]
    ending = next((each for each in reversed(known) if each is not None), None)
    if ending is None:
        raise Invalid("Case '%(case)s' ended at no end event the passport knows.", case=case.id)
    if isinstance(ending, Ending):
        message = {"kk": ending.message.kk, "ru": ending.message.ru, "en": ending.message.en}
        uow.notices.add(
            Notice(user_id=case.applicant_id, case_id=case.id, at=now, template="%(message)s", values={"message": message})
        )
    end_case(uow, case, ending.status, now)


def end_case(uow: UnitOfWork, case: Case, status: CaseStatus, now: datetime) -> None:
    """Nothing moves the case from here on."""
    case.status, case.ended_at = status, now
    for stop in uow.work.suspensions(case.id):
        stop.resumed_at = stop.resumed_at or now  # a term stopped by decision stands still no longer than its case
    for timer in uow.timing.running_of(case.id):
        timer.status = TimerStatus.CANCELLED
    details = {"status": case.status.value, "in_time": case.result_due is None or now <= case.result_due}
    record(uow, case, EventKind.CASE_ENDED, at=now, actor=SYSTEM, details=details)


def _report_stuck(uow: UnitOfWork, this: Running, now: datetime) -> None:
    case = this.case
    sentence = "The case is unfinished, yet waits for nothing: its diagram has a dead end."
    uow.cases.add_incident(Incident(case_id=case.id, element="", sentence=sentence, opened_at=now))
    record(uow, case, EventKind.INCIDENT_OPENED, at=now, actor=SYSTEM, details={"sentence": sentence})
