"""For those who answer for the work of others: what happens if nobody acts, the load, giving work to others, what falls due."""

from __future__ import annotations

from flask import g

from app.cases import supervising, viewing
from app.domain.permissions import Action
from app.web.api.operations import Operations, listed
from app.web.api.shapes import Listed, PageQuery
from app.web.api.supervision_shapes import (
    AllAssigned,
    Assigned,
    Assignment,
    Assignments,
    Candidate,
    Candidates,
    Deadline,
    LoadQuery,
    Loads,
    Spreading,
    SupervisedTask,
    SupervisionQuery,
    assigned,
)
from app.web.office import office
from app.web.security import allowed

TAG = "Supervision"


def tell(api: Operations) -> None:
    _tell_work(api)
    _tell_assigning(api)

    @api.add("GET", "/deadlines", TAG, "What falls due", answer=Listed[Deadline], query=PageQuery)
    @allowed(Action.VIEW_DEADLINES)
    def list_deadlines(query: PageQuery) -> Listed[Deadline]:
        """Steps, services and reminders of cases the caller may see, the earliest first."""
        return listed(Deadline, viewing.deadlines(office(), g.actor, page=query.page))


def _tell_work(api: Operations) -> None:
    @api.add("GET", "/supervision", TAG, "Work of others", answer=Listed[SupervisedTask], query=SupervisionQuery)
    @allowed(Action.SUPERVISE)
    def list_supervised(query: SupervisionQuery) -> Listed[SupervisedTask]:
        """Open tasks the caller answers for with their forecast, what is breached first before all others."""
        return listed(SupervisedTask, viewing.supervised(office(), g.actor, query.narrowed(), page=query.page))

    @api.add("GET", "/supervision/load", TAG, "The load", answer=Loads, query=LoadQuery)
    @allowed(Action.SUPERVISE)
    def get_load(query: LoadQuery) -> Loads:
        """Of people and of units."""
        return Loads.model_validate(viewing.loads(office(), g.actor, query.narrowed()))

    @api.add("GET", "/supervision/people", TAG, "To whom work can be given", answer=Candidates)
    @allowed(Action.ASSIGN_WORK)
    def list_candidates() -> Candidates:
        """The people whose work the caller answers for; those with least first, who is away last."""
        found = supervising.candidates(office(), g.actor)
        return Candidates(items=[Candidate.model_validate(each) for each in found])


def _tell_assigning(api: Operations) -> None:
    @api.add(
        "POST",
        "/tasks/<item_id>/assign",
        TAG,
        "Give a task to another",
        answer=Assigned,
        body=Assignment,
        problems=(409,),
        example={"to": "0" * 32, "reason": "Жүктеме көп"},
    )
    @allowed(Action.ASSIGN_WORK)
    def assign_task(item_id: str, body: Assignment) -> Assigned:
        """Whoever has it. An executor's task goes with the appointment; both people are told the reason."""
        return assigned(supervising.assign_one(office(), g.actor, item_id, body.to, body.reason))

    @api.add(
        "POST",
        "/supervision/assignments",
        TAG,
        "Give many tasks to others",
        answer=AllAssigned,
        body=Assignments,
        example={"give": [{"task": "0" * 32, "to": "1" * 32}], "reason": "Жүктеме көп"},
    )
    @allowed(Action.ASSIGN_WORK)
    def assign_tasks(body: Assignments) -> AllAssigned:
        """Each on its own: what cannot be given is told with its reason, and holds up nothing."""
        proposals = [(each.task, each.to) for each in body.give]
        return _all(supervising.assign(office(), g.actor, proposals, body.reason))

    @api.add(
        "POST",
        "/supervision/plan",
        TAG,
        "Spread tasks among people",
        answer=AllAssigned,
        body=Spreading,
        example={"tasks": ["0" * 32], "to": ["1" * 32, "2" * 32]},
    )
    @allowed(Action.ASSIGN_WORK)
    def plan_assignments(body: Spreading) -> AllAssigned:
        """What giving these tasks to these people would do, each to whoever has least. Nothing is changed."""
        return _all(supervising.spread(office(), g.actor, body.tasks, body.to))


def _all(results: tuple[supervising.Given, ...]) -> AllAssigned:
    return AllAssigned(items=[assigned(each) for each in results])
