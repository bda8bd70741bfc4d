"""What came up while a case ran: the bodies asked and their replies, and when its term stood still or was made longer."""

from __future__ import annotations

from collections.abc import Iterator

from app.cases.advancing import Running
from app.domain.text import Text
from app.domain.views import ConsultationView, ExtensionView, StopView
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
    if not this.passport.suspensions and not this.passport.stops:
        return
    rows = uow.work.suspensions(this.case.id)
    names = uow.people.names([row.by_id for row in rows if row.by_id])
    for row in rows:
        why = this.passport.why_stopped(row.suspension)
        by, reason = names.get(row.by_id or "", ""), row.reason or ""
        yield StopView(why.title, why.paragraph, row.stopped_at, row.due_before, row.resumed_at, row.due_after, by, reason)


def extensions(uow: UnitOfWork, this: Running) -> Iterator[ExtensionView]:
    if not this.passport.extensions:
        return
    rows = uow.work.extensions(this.case.id)
    names = uow.people.names([row.by_id for row in rows])
    grounds = {each.id: each for each in this.passport.extensions}
    for row in rows:
        why = grounds[row.ground]
        by = names.get(row.by_id, "")
        yield ExtensionView(why.title, why.paragraph, row.term, row.at, row.due_before, row.due_after, by, row.reason)
