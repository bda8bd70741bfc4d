"""The journal of registration: cases in the order of their numbers, as far as a person may see them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased, defer

from app.domain.case import CaseStatus
from app.domain.journal import JournalFilter
from app.domain.people import Actor
from app.store.reach import within_sight_of
from app.store.tables import Case, Document, User

CHUNK = 500  # rows held at a time


Entry = tuple[Case, str, int]
"""A case, its executor's name, and how many documents came with its application."""


class Journal:
    def __init__(self, session: Session) -> None:
        self._session = session

    def rows(self, actor: Actor, wanted: JournalFilter, *, offset: int = 0, limit: int | None = None) -> Iterator[Entry]:
        """Read in chunks, so that a whole year does not have to fit into memory."""
        executor = aliased(User)
        documents = (
            select(func.count())
            .select_from(Document)
            .where(Document.application_id == Case.application_id, Document.work_item_id.is_(None))
            .correlate(Case)
            .scalar_subquery()
        )
        query = (
            select(Case, executor.name, documents)
            .options(defer(Case.state))
            .outerjoin(executor, executor.id == Case.executor_id)
            .where(*_conditions(actor, wanted))
            .order_by(Case.numbered_in, Case.series, Case.serial)
            .offset(offset)
            .limit(limit)
            .execution_options(yield_per=CHUNK)
        )
        for case, name, count in self._session.execute(query):
            yield case, name or "", count

    def totals(self, actor: Actor, wanted: JournalFilter) -> dict[CaseStatus, int]:
        query = select(Case.status, func.count()).where(*_conditions(actor, wanted)).group_by(Case.status)
        return dict(self._session.execute(query).all())

    def series(self, actor: Actor) -> list[str]:
        """The series in which something this person may see was numbered."""
        query = select(Case.series).where(Case.numbered_in > 0, within_sight_of(actor)).distinct().order_by(Case.series)
        return list(self._session.scalars(query))


def _conditions(actor: Actor, wanted: JournalFilter) -> Sequence[ColumnElement[bool]]:
    conditions = [
        Case.numbered_in.between(wanted.first.year, wanted.last.year),
        Case.registered_on.between(wanted.first, wanted.last),
        within_sight_of(actor),
    ]
    if wanted.series is not None:
        conditions.append(Case.series == wanted.series)
    if wanted.service:
        conditions.append(Case.service == wanted.service)
    if wanted.status is not None:
        conditions.append(Case.status == wanted.status)
    return conditions
