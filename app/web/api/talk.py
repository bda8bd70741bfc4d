"""Comments among the provider's people, and messages between the office and the applicant."""

from __future__ import annotations

from flask import g

from app.cases import talking, viewing
from app.cases.reading import note_reading
from app.domain.permissions import Action
from app.web.api.cases import TAG
from app.web.api.headers import IDEMPOTENCY_KEY, once_by_key
from app.web.api.operations import Operations
from app.web.api.talk_shapes import Comments, Messages, NewComment, NewMessage
from app.web.office import office
from app.web.security import allowed, signed_in


def tell(api: Operations) -> None:
    @api.add("GET", "/cases/<case_id>/comments", TAG, "Comments on a case", answer=Comments)
    @allowed(Action.COMMENT)
    def list_comments(case_id: str) -> Comments:
        """What the provider's people say of the case among themselves."""
        return _comments(case_id)

    @api.add(
        "POST",
        "/cases/<case_id>/comments",
        TAG,
        "Comment on a case",
        answer=Comments,
        status=201,
        body=NewComment,
        headers=(IDEMPOTENCY_KEY,),
        example={"text": "@executor шартты тағы бір қараңыз"},
    )
    @allowed(Action.VIEW_INBOX)
    def write_comment(case_id: str, body: NewComment) -> Comments:
        """Gives all comments, the new one among them."""
        once_by_key(lambda here: talking.comment(here, g.actor, case_id, body.text, work_item_id=body.task))
        return _comments(case_id)

    @api.add("GET", "/cases/<case_id>/messages", TAG, "Messages of a case", answer=Messages)
    @signed_in
    def list_messages(case_id: str) -> Messages:
        """Between the office and the applicant. Those of the other side are read now, and their writers see it."""
        return _messages(case_id)

    @api.add(
        "POST",
        "/cases/<case_id>/messages",
        TAG,
        "Write a message",
        answer=Messages,
        status=201,
        body=NewMessage,
        headers=(IDEMPOTENCY_KEY,),
        problems=(409,),
        example={"text": "Шарттың көшірмесін қоса беріңіз"},
    )
    @signed_in
    def write_message(case_id: str, body: NewMessage) -> Messages:
        """To the other side: of the office to the applicant, of the applicant to the office. Gives all messages, the new one
        among them."""
        once_by_key(lambda here: talking.write(here, g.actor, case_id, body.text))
        return _messages(case_id)


def _comments(case_id: str) -> Comments:
    said = viewing.conversation(office(), g.actor, case_id)
    note_reading(office(), g.actor, case_id)
    return Comments.model_validate(said)


def _messages(case_id: str) -> Messages:
    said = viewing.conversation(office(), g.actor, case_id)
    note_reading(office(), g.actor, case_id)
    if said.has_new:
        talking.note_messages_read(office(), g.actor, case_id)
    return Messages.model_validate(said)
