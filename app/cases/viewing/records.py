"""What was answered at the steps finished so far, for those who work the next ones."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from app.cases.advancing import Running
from app.cases.replies import without_words
from app.domain.case import WorkStatus
from app.domain.text import Text
from app.domain.views import StepRecord
from app.store.tables import User, WorkItem


def records(this: Running, items: Sequence[tuple[WorkItem, User | None]], hidden: Container[str]) -> Iterable[StepRecord]:
    """The finished steps; of the replies among them that are `hidden` from the reader, no word."""
    for item, person in items:
        if item.status is not WorkStatus.COMPLETED or item.completed_at is None:
            continue
        element = this.process.elements[item.process, item.element]
        outcome = next((each.label for each in element.outcomes if each.id == item.outcome), Text(item.outcome))
        form = this.passport.form(element.form) if element.form else None
        withheld = item.id in hidden
        answers = without_words(form, item.answers) if withheld else item.answers or {}
        yield StepRecord(element.label, person.name if person else "", item.completed_at, outcome, form, answers, withheld)
