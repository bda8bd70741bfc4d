"""Cases that ended, as replays ask for them, and how far replays have come."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session, defer

from app.domain.case import CaseStatus, WorkStatus
from app.domain.replay import RecordedCase, RecordedStep
from app.store.tables import Application, Case, Payment, RegisterReply, Replay, WorkItem

TAKEN = (WorkStatus.COMPLETED, WorkStatus.OBSOLETE)


class Replays:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, draft_id: str, *, lock: bool = False) -> Replay | None:
        return self._session.get(Replay, draft_id, with_for_update=lock or None)

    def begin(self, replay: Replay) -> None:
        """In place of the one before."""
        self._session.merge(replay)

    def cases(self, service: str, since: datetime, until: datetime) -> int:
        """How many cases of the service ended in this time."""
        return self._session.scalar(select(func.count()).where(*_ended(service, since, until))) or 0

    def ended_before_the_newest(self, service: str, number: int) -> datetime | None:
        """When the case ended before which this many ended later; None: there are not so many."""
        ended = (Case.service == service, Case.ended_at.is_not(None))
        return self._session.scalar(select(Case.ended_at).where(*ended).order_by(Case.ended_at.desc()).offset(number).limit(1))

    def steps_lately(
        self, service: str, since: datetime, until: datetime, *, limit: int
    ) -> list[tuple[str, str, str, datetime, datetime]]:
        """Element, role, outcome, opening and end of steps that were done in these cases, of the newest cases first."""
        rows = self._session.execute(
            select(WorkItem.element, WorkItem.role, WorkItem.outcome, WorkItem.opened_at, WorkItem.completed_at)
            .join(Case, Case.id == WorkItem.case_id)
            .where(*_ended(service, since, until), WorkItem.status == WorkStatus.COMPLETED)
            .order_by(Case.ended_at.desc())
            .limit(limit)
        )
        return [(element, role, outcome, opened, done) for element, role, outcome, opened, done in rows if done is not None]

    def next_cases(self, service: str, replay: Replay, *, limit: int) -> list[tuple[RecordedCase, CaseStatus]]:
        """The next cases of the replay, in the order in which they ended, with everything a walk asks for."""
        after = () if replay.last_ended_at is None else (tuple_(Case.ended_at, Case.id) > (replay.last_ended_at, replay.last_id),)
        cases = self._session.scalars(
            select(Case)
            .options(defer(Case.state))
            .where(*_ended(service, replay.since, replay.until), *after)
            .order_by(Case.ended_at, Case.id)
            .limit(limit)
        ).all()
        ids, applications = [case.id for case in cases], [case.application_id for case in cases]
        answers: dict[str, dict[str, dict[str, Any]]] = dict(
            self._session.execute(select(Application.id, Application.answers).where(Application.id.in_(applications))).all()
        )
        paid = set(self._session.scalars(select(Payment.application_id).where(Payment.application_id.in_(applications))))
        unknown = set(
            self._session.scalars(
                select(RegisterReply.case_id).where(RegisterReply.case_id.in_(ids), RegisterReply.found.is_(False))
            )
        )
        steps: dict[str, list[RecordedStep]] = {}
        for item in self._session.scalars(
            select(WorkItem).where(WorkItem.case_id.in_(ids), WorkItem.status.in_(TAKEN)).order_by(WorkItem.opened_at)
        ):
            steps.setdefault(item.case_id, []).append(_step(item))
        return [
            (
                RecordedCase(
                    id=case.id,
                    number=case.number,
                    variant=case.variant,
                    channel=case.channel,
                    applicant_name=case.applicant_name,
                    applicant_iin=case.applicant_iin,
                    applicant_bin=case.applicant_bin,
                    received_at=case.received_at,
                    registered_at=case.registered_at,
                    ended_at=case.ended_at or replay.until,
                    result_due=case.result_due,
                    paid=case.application_id in paid,
                    registers_found=case.id not in unknown,
                    answers=answers.get(case.application_id, {}),
                    steps=tuple(steps.get(case.id, ())),
                ),
                case.status,
            )
            for case in cases
        ]


def _ended(service: str, since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Case.service == service, Case.ended_at >= since, Case.ended_at <= until)


def _step(item: WorkItem) -> RecordedStep:
    return RecordedStep(
        element=item.element,
        instance=item.instance,
        role=item.role,
        outcome=item.outcome,
        opened_at=item.opened_at,
        completed_at=item.completed_at if item.status is WorkStatus.COMPLETED else None,
        due_at=item.due_at,
        answers=item.answers or {},
    )
