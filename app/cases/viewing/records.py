"""What was answered at the steps finished so far, for those who work the next ones."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from app.cases.advancing import Running
from app.cases.replies import without_words
from app.domain.case import WorkStatus
from app.domain.passport import FieldType
from app.domain.text import Text
from app.domain.views import StepRecord
from app.store.tables import User, WorkItem
from app.store.unit_of_work import UnitOfWork


def records(
    uow: UnitOfWork, this: Running, items: Sequence[tuple[WorkItem, User | None]], hidden: Container[str]
) -> Iterable[StepRecord]:
    """The finished steps, people by name; of the replies among them that are `hidden` from the reader, no word."""
    names = uow.people.names([each for item, _ in items for each in _people_named(this, item).values()])
    for item, person in items:
        if item.status is not WorkStatus.COMPLETED or item.completed_at is None:
            continue
        element = this.process.elements[item.process, item.element]
        outcome = next((each.label for each in element.outcomes if each.id == item.outcome), Text(item.outcome))
        form = this.passport.form(element.form) if element.form else None
        withheld = item.id in hidden
        said = {field: names.get(user_id, user_id) for field, user_id in _people_named(this, item).items()}
        answers = without_words(form, item.answers) if withheld else {**(item.answers or {}), **said}
        name = person.name if person else ""
        yield StepRecord(element.label, name, item.completed_at, outcome, form, answers, item.on_behalf_of, withheld)


def _people_named(this: Running, item: WorkItem) -> dict[str, str]:
    """The fields of a finished step that hold a person, with the person's id."""
    element = this.process.elements[item.process, item.element]
    fields = this.passport.form(element.form).fields if element.form and item.answers else ()
    return {f.id: item.answers[f.id] for f in fields if f.type is FieldType.PERSON and item.answers and f.id in item.answers}
