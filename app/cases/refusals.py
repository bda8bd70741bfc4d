"""An attempt at what a person may not do stands in the history of the case it was made at."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from app.cases.office import Office
from app.domain.errors import Forbidden, Hidden
from app.domain.events import EventKind
from app.domain.people import Actor
from app.history.recording import record

Rest = ParamSpec("Rest")
Result = TypeVar("Result")
UseCase = Callable[Concatenate[Office, Actor, str, Rest], Result]


def refusals_are_told(use_case: UseCase[Rest, Result]) -> UseCase[Rest, Result]:
    """Of a use case about a work item, a document or a case, the third argument: what is forbidden is told, and raised on."""

    @wraps(use_case)
    def told(office: Office, actor: Actor, thing_id: str, /, *rest: Rest.args, **named: Rest.kwargs) -> Result:
        try:
            return use_case(office, actor, thing_id, *rest, **named)
        except (Forbidden, Hidden):
            note_refused(office, actor, thing_id, use_case.__name__)
            raise

    return told


def note_refused(office: Office, actor: Actor, thing_id: str, action: str) -> None:
    """One event for a person, a thing and an action a day, in a transaction of its own: what was attempted has been undone.

    The bound keeps a person from filling a case's history by pressing a button."""
    details = {"action": action, "thing": thing_id}
    with office.unit_of_work() as uow:
        thing = uow.work.get(thing_id) or uow.documents.get(thing_id)
        case = uow.cases.lock((thing.case_id or "") if thing is not None else thing_id)
        if case is None or details in uow.history.refused(case.id, actor.id, office.today(), office.civil_day):
            return
        record(uow, case, EventKind.ACTION_REFUSED, at=office.clock.now(), actor=actor, details=details)
        uow.commit()
