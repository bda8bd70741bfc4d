"""How a person has the work in hand: its priority, the day to come back to it, and what is out of the list till its moment."""

from __future__ import annotations

from flask import g

from app.cases import arranging
from app.domain.permissions import Action
from app.web.api.headers import ETAG
from app.web.api.operations import Operations, Reply
from app.web.api.task_shapes import FollowUp, Priority, Snooze, Task
from app.web.api.tasks import TAG, told
from app.web.office import office
from app.web.security import allowed

staff = allowed(Action.VIEW_INBOX)


def tell(api: Operations) -> None:
    @api.add(
        "PUT",
        "/tasks/<item_id>/priority",
        TAG,
        "Set the priority",
        answer=Task,
        body=Priority,
        answer_headers=ETAG,
        problems=(409,),
        example={"priority": 1},
    )
    @staff
    def set_priority(item_id: str, body: Priority) -> Reply:
        """Orders the list where it is sorted so; terms stay as they are."""
        arranging.set_priority(office(), g.actor, item_id, body.priority)
        return told(item_id)

    @api.add(
        "PUT",
        "/tasks/<item_id>/follow-up",
        TAG,
        "Set the day to come back",
        answer=Task,
        body=FollowUp,
        answer_headers=ETAG,
        problems=(409,),
        example={"day": "2026-03-04"},
    )
    @staff
    def set_follow_up(item_id: str, body: FollowUp) -> Reply:
        """Of a task one has oneself."""
        arranging.set_follow_up(office(), g.actor, item_id, body.day)
        return told(item_id)

    @api.add(
        "PUT",
        "/tasks/<item_id>/snooze",
        TAG,
        "Snooze a task",
        answer=Task,
        body=Snooze,
        answer_headers=ETAG,
        problems=(409,),
        example={"wake": "next-working-day"},
    )
    @staff
    def snooze_task(item_id: str, body: Snooze) -> Reply:
        """Takes a task one has oneself out of the list until the provider opens on a day. Its terms run on."""
        arranging.snooze(office(), g.actor, item_id, body.wake, body.day)
        return told(item_id)

    @api.add("DELETE", "/tasks/<item_id>/snooze", TAG, "Wake a task", answer=Task, answer_headers=ETAG, problems=(409,))
    @staff
    def wake_task(item_id: str) -> Reply:
        """Back into the list, now."""
        arranging.wake(office(), g.actor, item_id)
        return told(item_id)
