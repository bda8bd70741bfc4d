"""What will fall due."""

from __future__ import annotations

from app.cases.office import Office
from app.cases.viewing.rows import PAGE_SIZE, Runs
from app.domain.people import Actor
from app.domain.permissions import Action, require
from app.domain.views import (
    DeadlineRow,
    Page,
)


def deadlines(office: Office, actor: Actor, *, page: int = 1) -> Page[DeadlineRow]:
    require(actor, Action.VIEW_DEADLINES)
    now = office.clock.now()
    with office.reading() as uow:
        found, total = uow.timing.upcoming(offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
        runs = Runs(office, uow)
        rows = []
        for timer, row, _item, owner in found:
            this = runs.of(row)
            element = next((e for (_, name), e in this.process.elements.items() if name == timer.element), None)
            rows.append(
                DeadlineRow(
                    timer.due_at,
                    timer.kind,
                    row.id,
                    row.number,
                    row.applicant_name,
                    element.label if element else this.passport.title,
                    owner.name if owner else "",
                    office.terms(this.passport).left(now, timer.due_at),
                )
            )
    return Page(tuple(rows), page, PAGE_SIZE, total)
