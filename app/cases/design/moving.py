"""One case goes to another version, or back, in the caller's transaction. The caller holds the case's lock and commits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.cases.advancing import follow_waits
from app.cases.design.carried_terms import CarriedTerms
from app.cases.design.fitting import Fitted, Plan, fit, running_by
from app.cases.office import Office
from app.cases.service_term import said
from app.domain.case import TimerStatus
from app.domain.design import MovedStatus
from app.domain.errors import RasimError, Sentence
from app.domain.events import EventKind
from app.domain.moves import Move
from app.domain.people import Actor
from app.history.recording import record
from app.store.tables import Case, MigratedCase, WorkItem
from app.store.unit_of_work import UnitOfWork

GONE_ON = "The case has gone on since it was moved."
TERM_DECIDED = "Since the case was moved, a decision on its term was taken."


def move(office: Office, uow: UnitOfWork, actor: Actor, plan: Plan, case: Case, row: MigratedCase) -> tuple[Sentence, ...]:
    """Moves the case and keeps in the row what it was before. Gives the reasons where it cannot go; then nothing is changed."""
    fitted = fit(office, uow, plan, case)
    if fitted.move is None:
        return fitted.reasons
    now = office.clock.now()
    before = _standing(fitted)
    state, rows = case.state, _rows(plan, fitted)
    olds = {token: (item.process, item.element) for token, item in fitted.items.items()}
    _rename(plan, fitted)
    case.state, case.version_id, case.rev = fitted.move.state, plan.new.id, case.rev + 1
    this = running_by(plan.new, case)
    terms = office.terms(plan.new.passport)
    CarriedTerms(uow, plan, fitted, terms, now).carry(olds)
    follow_waits(office, uow, this, fitted.move, now)
    row.before, row.rows_before, row.rev, row.moved_at = state, rows, case.rev, now
    details = {
        "migration": plan.id,
        "ground": plan.ground,
        "reason": plan.reason,
        "version_before": plan.old.number,
        "version_after": plan.new.number,
        "stood_before": before,
        "stood_after": _standing(fitted),
        "former_labels": plan.labels_left,
    }
    record(uow, case, EventKind.CASE_MIGRATED, at=now, actor=actor, details=details)
    return ()


def attempt(office: Office, uow: UnitOfWork, actor: Actor, plan: Plan, case: Case) -> tuple[Sentence, ...]:
    """What moving the case would say, done and taken back."""
    scratch = MigratedCase(migration_id=plan.id, case_id=case.id, status=MovedStatus.READY)
    with uow.moving.trying():
        try:
            return move(office, uow, actor, plan, case, scratch)
        except RasimError as error:
            return (error.sentence,)


def take_back(office: Office, uow: UnitOfWork, actor: Actor, plan: Plan, case: Case, row: MigratedCase) -> Sentence | None:
    """Puts the case back where it was. Gives the reason where it has gone on since; then nothing is changed."""
    if case.rev != row.rev or case.status.is_final or row.before is None or row.moved_at is None:
        return Sentence(GONE_ON)
    if _was_decided_on(uow, case, row.moved_at):
        return Sentence(TERM_DECIDED)
    now = office.clock.now()
    items = {item.token: item for item in uow.work.open_of(case.id)}
    before = [_step(item) for item in items.values()]
    _restore(uow, plan, case, row.rows_before)
    case.state, case.version_id, case.rev = row.before, plan.old.id, case.rev + 1
    this = running_by(plan.old, case)
    waits = office.engine.waits(plan.old.process, case.state)
    follow_waits(office, uow, this, Move(case.state, waits, (), False), now)
    details = {
        "migration": plan.id,
        "version_before": plan.new.number,
        "version_after": plan.old.number,
        "stood_before": {"open": before},
        "stood_after": {"open": [_step(item) for item in items.values()]},
        "former_labels": plan.labels_left_on_return,
    }
    record(uow, case, EventKind.MIGRATION_REVERTED, at=now, actor=actor, details=details)
    return None


def _standing(fitted: Fitted) -> dict[str, Any]:
    """What the history says of a case before and after: its open steps with their limits, and the service's term."""
    case = fitted.case
    return {"open": [_step(item) for item in fitted.items.values()], "term": case.term, "due": said(case.result_due)}


def _step(item: WorkItem) -> dict[str, Any]:
    return {"item": item.id, "step": item.element, "due": said(item.due_at)}


# What the rows said before, so that they can say it again


def _rows(plan: Plan, fitted: Fitted) -> dict[str, Any]:
    renamed = [item for item in fitted.done if plan.place(item.process, item.element) != (item.process, item.element)]
    return {
        "items": {
            item.id: [item.process, item.element, said(item.due_at), said(item.escalated_at)]
            for item in (*fitted.items.values(), *renamed)
        },
        "timers": {timer.id: [timer.element, timer.term, said(timer.due_at)] for timer in fitted.timers},
    }


def _rename(plan: Plan, fitted: Fitted) -> None:
    """Rows that name an element name the new version's, those of finished steps too: what comes later counts from them."""
    for item in (*fitted.items.values(), *fitted.done):
        item.process, item.element = plan.place(item.process, item.element)
    for timer in fitted.timers:
        timer.element = plan.element_named(timer.element)
    for job in fitted.jobs:
        job.element = plan.element_named(job.element)


def _restore(uow: UnitOfWork, plan: Plan, case: Case, rows: dict[str, Any]) -> None:
    old_names = {new: old for old, new in plan.engine.renamed.items()}
    for item, _ in uow.work.all_of(case.id):
        if item.id in rows["items"]:
            item.process, item.element, due, escalated = rows["items"][item.id]
            item.due_at, item.escalated_at = _moment(due), _moment(escalated)
    for job in uow.timing.open_jobs_of(case.id):
        job.element = old_names.get(job.element, job.element)
    for timer in uow.timing.running_of(case.id):
        if timer.id not in rows["timers"]:
            timer.status = TimerStatus.CANCELLED
    for timer_id, (element, term, due) in rows["timers"].items():
        before = uow.timing.timer(timer_id)
        if before is not None and before.status is not TimerStatus.FIRED:
            before.element, before.term, before.due_at = element, term, datetime.fromisoformat(due)
            before.status = TimerStatus.FAILED if before.status is TimerStatus.FAILED else TimerStatus.WAITING


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _was_decided_on(uow: UnitOfWork, case: Case, since: datetime) -> bool:
    stops = (row for row in uow.work.suspensions(case.id) if row.work_item_id is None)
    moments = [*(m for row in stops for m in (row.stopped_at, row.resumed_at)), *(row.at for row in uow.work.extensions(case.id))]
    return any(moment is not None and moment >= since for moment in moments)
