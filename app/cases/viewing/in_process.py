"""What came up while a case ran: the bodies asked and their replies, and when its term stood still or was made longer."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from app.cases.advancing import Running
from app.cases.office import Office
from app.cases.opening import prescribed
from app.cases.replies import documents_to_show, handling_of, without_words
from app.cases.viewing.rows import left
from app.domain.case import WorkStatus
from app.domain.events import EventKind
from app.domain.moves import Element, ElementKind
from app.domain.people import OUTSIDE, Actor
from app.domain.permissions import Action, may
from app.domain.text import Text
from app.domain.views import ConsultationView, ExtensionView, ShownDocument, SilenceView, StopView
from app.store.tables import ConsultationRow, Document, HistoryEvent
from app.store.unit_of_work import UnitOfWork


def consultations(
    office: Office,
    uow: UnitOfWork,
    this: Running,
    actor: Actor,
    events: Iterable[HistoryEvent],
    *,
    only: Container[str] | None = None,
) -> Iterator[ConsultationView]:
    """The bodies asked; `only` those at these work items, for a reader who is of one of them. Words of replies are not here."""
    if not this.passport.consultations:
        return
    rows = [row for row in uow.work.consultations(this.case.id) if only is None or row.work_item_id in only]
    if not rows:
        return
    items = {item.id: item for item, _ in uow.work.all_of(this.case.id)}
    units = {unit.id: Text(**unit.name) for unit in uow.people.units()}
    replying = uow.work.replying_units(this.case.id)
    shown = {} if only is not None else shown_to_each(uow, this, rows)
    facts = handling_of(uow, this)
    discloses, asks_again = (only is None and may(actor, action, facts) for action in (Action.DISCLOSE, Action.ASK_AGAIN))
    again = {event.details["item"]: event.at for event in events if event.kind == EventKind.BODY_ASKED_AGAIN.value}
    now, terms = office.clock.now(), office.terms(this.passport)
    for row in rows:
        item, body = items[row.work_item_id], this.passport.consultation(row.consultation)
        element = this.element_named(body.at)
        outcome = next((each for each in element.outcomes if each.id == row.reply), None)
        waits = item.status in (WorkStatus.READY, WorkStatus.RESERVED)
        form = this.passport.form(element.form) if element.form else None
        has_workplace, last = item.role in _BODIES, again.get(row.work_item_id)
        yield ConsultationView(
            item=row.work_item_id,
            body=body.body,
            about=body.about,
            paragraph=body.paragraph,
            asked_at=row.asked_at,
            due_at=row.due_at,
            reply=(outcome.label if outcome else Text(row.reply)) if row.reply else None,
            replied_at=row.replied_at,
            waits=waits,
            unit=units.get(replying[row.work_item_id] or ""),
            limit=prescribed(this, element)[0],
            silence=_silence(this, element),
            left=left(terms, now, row.due_at) if waits else None,
            tone=outcome.tone if outcome else "",
            number="".join(str(each) for each in without_words(form, item.answers).values()),
            restricted=row.restricted,
            documents=shown.get(row.id, ()),
            may_disclose=discloses and waits and has_workplace,
            asked_again_at=last,
            may_ask_again=asks_again and waits and has_workplace and (last is None or office.civil_day(last) < office.today()),
        )


_BODIES = frozenset(role.value for role in OUTSIDE)


def _silence(this: Running, element: Element) -> SilenceView | None:
    """The timer that takes the request away; the act's words for it are the diagram's."""
    for (process, name), timer in this.process.elements.items():
        if timer.kind is ElementKind.BOUNDARY_EVENT and element.id in this.process.follows.get((process, name), ()):
            return SilenceView(timer.label, timer.paragraph or "")
    return None


def to_disclose(uow: UnitOfWork, this: Running, actor: Actor) -> Iterator[ShownDocument]:
    """What the applicant filed and bodies still to be asked are shown by rule, or not; for those who decide it."""
    if this.case.status.is_final or not this.passport.consultations:
        return
    if not may(actor, Action.DISCLOSE, handling_of(uow, this)):
        return
    for document in documents_to_show(uow, this):
        if document.work_item_id is None:
            kept = document.kept_inside
            yield ShownDocument(document.id, Text(**document.title), shown=kept is None, reason=kept or "")


def shown_to_each(uow: UnitOfWork, this: Running, rows: Sequence[ConsultationRow]) -> dict[str, tuple[ShownDocument, ...]]:
    """Consultation → every document that may be shown to its body, and how it stands with each."""
    documents = documents_to_show(uow, this)
    known = {(row.consultation_id, row.document_id): row for row in uow.disclosures.of_case(this.case.id)}
    names = uow.people.names([row.by_id for row in known.values() if row.by_id])
    seen = uow.disclosures.seen(this.case.id, [document.id for document in documents])

    def one(asked: ConsultationRow, document: Document) -> ShownDocument:
        row, title = known.get((asked.id, document.id)), Text(**document.title)
        opened = seen.get((asked.work_item_id, document.id))
        if row is None:
            return ShownDocument(document.id, title, shown=False, seen_at=opened)
        at = row.withdrawn_at or row.at
        by = names.get(row.by_id or "", "")
        return ShownDocument(document.id, title, row.withdrawn_at is None, by, at, row.reason, opened)

    return {row.id: tuple(one(row, document) for document in documents) for row in rows}


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
