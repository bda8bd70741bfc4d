"""Comments among colleagues and messages to and from the applicant, sent from the pages of a case and of a task."""

from __future__ import annotations

from flask import Blueprint, g, jsonify, redirect, render_template, request, url_for
from flask import Response as AnyResponse
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from app.cases import talking, viewing
from app.domain.errors import Declined, Invalid
from app.domain.permissions import Action
from app.domain.task_views import CommentView
from app.web.office import office
from app.web.security import allowed, local_address, signed_in

pages = Blueprint("talk", __name__)


@pages.post("/cases/<case_id>/comments")
@allowed(Action.VIEW_INBOX)
def comment(case_id: str) -> Response | tuple[str, int]:
    text, item_id = request.form.get("text", ""), request.form.get("item") or None
    try:
        talking.comment(office(), g.actor, case_id, text, work_item_id=item_id)
    except Invalid as error:
        return _once_more(error, case_id, "comments", text), 422
    return redirect(_back(case_id, "comments"))


@pages.post("/cases/<case_id>/messages")
@signed_in
def message(case_id: str) -> Response | tuple[str, int]:
    text = request.form.get("text", "")
    try:
        talking.write(office(), g.actor, case_id, text)
    except Invalid as error:
        return _once_more(error, case_id, "messages", text), 422
    except Declined as error:
        return _once_more(error, case_id, "messages", text), 409
    return redirect(_back(case_id, "messages"))


def _back(case_id: str, anchor: str) -> str:
    return f"{local_address(request.form.get('next')) or url_for('cases.case', case_id=case_id)}#{anchor}"


def _once_more(error: Invalid | Declined, case_id: str, kind: str, text: str) -> str:
    """What was written is not lost with the refusal of it."""
    return render_template("talk.html", sentence=error.sentence, kind=kind, text=text, case_id=case_id, back=_back(case_id, kind))


@pages.get("/colleagues")
@allowed(Action.COMMENT)
def colleagues() -> AnyResponse:
    """Whom a comment can name, for the list under the text that is being typed."""
    found = viewing.colleagues(office(), g.actor, request.args.get("q", ""))
    return jsonify([{"login": each.login, "name": each.name} for each in found])


@pages.app_template_filter("with_names")
def with_names(comment: CommentView) -> Markup:
    """A comment's words, its mentions said by name."""
    by_login = {login.lower(): name for login, name in comment.names.items()}
    parts: list[Markup] = []
    end = 0
    for found in talking.MENTION.finditer(comment.text):
        if name := by_login.get(found[1].lower()):
            parts += [escape(comment.text[end : found.start()]), Markup('<span class="mention">{}</span>').format(name)]
            end = found.end()
    return Markup().join([*parts, escape(comment.text[end:])])
