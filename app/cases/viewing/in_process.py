"""What came up while a case ran: the bodies asked and their replies, and when its term stood still."""

from __future__ import annotations

from collections.abc import Iterator

from app.cases.advancing import Running
from app.domain.text import Text
from app.domain.views import ConsultationView, StopView
from app.store.unit_of_work import UnitOfWork


def consultations(uow: UnitOfWork, this: Running) -> Iterator[ConsultationView]:
    rows = uow.work.consultations(this.case.id)
    if not rows:
        return
    bodies = {body.id: body for body in this.passport.consultations}
    waiting = {item.id for item in uow.work.open_of(this.case.id)}
    for row in rows:
        body = bodies[row.consultation]
        labels = {each.id: each.label for each in this.element_named(body.at).outcomes}
        yield ConsultationView(
            item=row.work_item_id,
            body=body.body,
            about=body.about,
            paragraph=body.paragraph,
            asked_at=row.asked_at,
            due_at=row.due_at,
            reply=labels.get(row.reply, Text(row.reply)) if row.reply else None,
            replied_at=row.replied_at,
            waits=row.work_item_id in waiting,
        )


def stops(uow: UnitOfWork, this: Running) -> Iterator[StopView]:
    if not this.passport.suspensions:
        return
    suspensions = {each.id: each for each in this.passport.suspensions}
    for row in uow.work.suspensions(this.case.id):
        why = suspensions[row.suspension]
        yield StopView(why.title, why.paragraph, row.stopped_at, row.due_before, row.resumed_at, row.due_after)
