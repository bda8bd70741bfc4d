"""The work of the staff, and what is asked of an applicant while a case runs."""

from __future__ import annotations

from flask import g

from app.cases import declining, step_drafts, viewing, working
from app.cases.reading import note_reading
from app.domain.errors import Invalid, Problem, Sentence
from app.domain.permissions import Action
from app.domain.views import WorkItemView
from app.web.api.answers import check_form, places_in_the_body
from app.web.api.applications import prepared
from app.web.api.document_shapes import PreparedDocument
from app.web.api.faults import MISSHAPEN
from app.web.api.headers import ETAG, IDEMPOTENCY_KEY, once_by_key
from app.web.api.operations import Operations, Reply, listed
from app.web.api.shapes import Listed
from app.web.api.signatures import given_signatures
from app.web.api.task_shapes import Completed, Completion, Draft, Refusal, Task, TaskCounts, TaskRow, TasksQuery
from app.web.office import office
from app.web.security import allowed

TAG = "Tasks"


def tell(api: Operations) -> None:
    @api.add("GET", "/tasks", TAG, "The task list", answer=Listed[TaskRow], query=TasksQuery)
    @allowed(Action.OPEN_WORK)
    def list_tasks(query: TasksQuery) -> Listed[TaskRow]:
        """Open tasks within the caller's reach, the earliest due first: exactly those of the page."""
        return listed(TaskRow, viewing.inbox(office(), g.actor, page=query.page, wish=query.wish()))

    @api.add("GET", "/tasks/counts", TAG, "How many tasks", answer=TaskCounts)
    @allowed(Action.VIEW_INBOX)
    def count_tasks() -> TaskCounts:
        """All, one's own, nobody's, overdue."""
        return TaskCounts(counts=dict(viewing.inbox_counts(office(), g.actor)))

    @api.add("GET", "/tasks/<item_id>", TAG, "A task", answer=Task, answer_headers=ETAG)
    @allowed(Action.OPEN_WORK)
    def get_task(item_id: str) -> Reply:
        """Its form, what was typed so far, its outcomes, and `rev`, with which it is completed. That it was opened is kept."""
        view = viewing.work_item(office(), g.actor, item_id)
        note_reading(office(), g.actor, view.row.case_id, work_item_id=item_id)
        return _reply(view)

    @api.add("POST", "/tasks/<item_id>/claim", TAG, "Take a task", answer=Task, answer_headers=ETAG, problems=(409,))
    @allowed(Action.OPEN_WORK)
    def claim_task(item_id: str) -> Reply:
        """Taking what is one's own changes nothing."""
        working.claim(office(), g.actor, item_id)
        return told(item_id)

    @api.add("POST", "/tasks/<item_id>/release", TAG, "Give a task back", answer=Task, answer_headers=ETAG, problems=(409,))
    @allowed(Action.OPEN_WORK)
    def release_task(item_id: str) -> Reply:
        """To its role, or to the executor stood in for."""
        working.release(office(), g.actor, item_id)
        return told(item_id)

    @api.add(
        "POST",
        "/tasks/<item_id>/decline",
        TAG,
        "Refuse to act",
        status=204,
        body=Refusal,
        problems=(409,),
        example={"why": "conflict-of-interest"},
    )
    @allowed(Action.OPEN_WORK)
    def decline_task(item_id: str, body: Refusal) -> None:
        """With a reason; the task goes back to its role, or to the executor stood in for."""
        declining.decline(office(), g.actor, item_id, why=body.why, words=body.words)

    @api.add(
        "PUT",
        "/tasks/<item_id>/draft",
        TAG,
        "Keep a draft",
        answer=Task,
        body=Draft,
        answer_headers=ETAG,
        problems=(409,),
        example={"answers": {"remarks": "…"}},
    )
    @allowed(Action.OPEN_WORK)
    def keep_draft(item_id: str, body: Draft) -> Reply:
        """Keeps what was typed so far, right or wrong, as the caller's own draft."""
        view = viewing.work_item(office(), g.actor, item_id)
        check_form(view.form, body.answers)
        if body.outcome and body.outcome not in {each.id for each in view.element.outcomes}:
            sentence = Sentence("“%(step)s” has no outcome '%(outcome)s'.", {"step": view.element.label, "outcome": body.outcome})
            raise Invalid(MISSHAPEN, problems=[Problem("#/outcome", sentence)])
        step_drafts.keep_draft(office(), g.actor, item_id, body.answers, body.outcome)
        return told(item_id)

    @api.add("POST", "/tasks/<item_id>/prepare", TAG, "Prepare for signing", answer=PreparedDocument, problems=(409,))
    @allowed(Action.OPEN_WORK)
    def prepare_task(item_id: str) -> PreparedDocument:
        """Prints the result with the caller's name and position, and gives the exact bytes to be signed. The task becomes the
        caller's, so `rev` is to be read anew. A signature is taken once the document itself was fetched, as one opens it."""
        return prepared(working.prepare_signing(office(), g.actor, item_id))

    @api.add(
        "POST",
        "/tasks/<item_id>/complete",
        TAG,
        "Complete a task",
        answer=Completed,
        body=Completion,
        headers=(IDEMPOTENCY_KEY,),
        problems=(409,),
        example={"rev": 0, "outcome": "registered", "answers": {}},
    )
    @allowed(Action.OPEN_WORK)
    def complete_task(item_id: str, body: Completion) -> Completed:
        """With one of its outcomes, the answers of its form (a person field assigns), and signatures where it signs. The case
        moves on at once."""
        view = viewing.work_item(office(), g.actor, item_id)
        check_form(view.form, body.answers)
        signatures = given_signatures(body.signatures)
        with places_in_the_body():
            once_by_key(
                lambda here: working.complete(
                    here,
                    g.actor,
                    item_id,
                    rev=body.rev,
                    outcome=body.outcome,
                    answers=body.answers,
                    signatures=signatures,
                ),
            )
        return Completed(id=item_id, case=view.row.case_id, outcome=body.outcome)


def told(item_id: str) -> Reply:
    """The task as it stands now."""
    return _reply(viewing.work_item(office(), g.actor, item_id))


def _reply(view: WorkItemView) -> Reply:
    return Reply(task(view), {"ETag": f'"{view.rev}"'})


def task(view: WorkItemView) -> Task:
    names = ("row", "form", "people", "draft", "rev", "may_act", "acting_for", "signs", "to_sign")
    passport = view.case.passport
    variant = next((each.id for each in passport.variants if each.title == view.case.variant), "")
    own = {
        "element": view.element.id,
        "draft_outcome": view.own_draft.outcome if view.own_draft else "",
        "outcomes": view.element.outcomes,
        "grounds": [ground for ground in passport.grounds if variant in ground.variants],
    }
    return Task.model_validate({**{name: getattr(view, name) for name in names}, **own})
