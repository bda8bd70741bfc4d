"""A draft on its way to becoming a version: handed over, returned, approved by another person, published."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.cases import viewing
from app.cases.design import approving
from app.domain.errors import Declined, Invalid
from app.domain.permissions import Action
from app.web.design.versions import read_day
from app.web.office import office
from app.web.security import allowed

pages = Blueprint("approval", __name__, url_prefix="/design/drafts")

Answer = Response | tuple[str, int]


@pages.get("/<draft_id>/approval")
@allowed(Action.VIEW_DESIGN)
def page(draft_id: str) -> str:
    return _show(draft_id, {}, None)


@pages.post("/<draft_id>/hand-over")
@allowed(Action.EDIT_DRAFT)
def hand_over(draft_id: str) -> Answer:
    typed = request.form

    def decide() -> None:
        approving.hand_over(
            office(),
            g.actor,
            draft_id,
            digest=typed.get("digest", ""),
            reason=typed.get("reason", ""),
            act=typed.get("act", ""),
            in_place_of=typed.get("in_place_of", type=int),
        )

    return _decide(draft_id, decide, gettext("Handed over: another analyst may approve it now."))


@pages.post("/<draft_id>/return")
@allowed(Action.APPROVE_DRAFT)
def give_back(draft_id: str) -> Answer:
    typed = request.form

    def decide() -> None:
        approving.return_draft(office(), g.actor, draft_id, digest=typed.get("digest", ""), note=typed.get("note", ""))

    return _decide(draft_id, decide, gettext("The draft is returned with your note."))


@pages.post("/<draft_id>/approve")
@allowed(Action.APPROVE_DRAFT)
def approve(draft_id: str) -> Answer:
    typed = request.form

    def decide() -> None:
        approving.approve(office(), g.actor, draft_id, digest=typed.get("digest", ""), note=typed.get("note", ""))

    return _decide(draft_id, decide, gettext("Approved: it may be published as it is now."))


@pages.post("/<draft_id>/publish")
@allowed(Action.PUBLISH)
def publish(draft_id: str) -> Answer:
    typed = request.form

    def decide() -> None:
        approving.publish_draft(office(), g.actor, draft_id, digest=typed.get("digest", ""), day=read_day(typed))

    return _decide(draft_id, decide, gettext("The version is published."))


def _decide(draft_id: str, decide: Callable[[], None], done: str) -> Answer:
    try:
        decide()
    except (Invalid, Declined) as error:
        return _show(draft_id, request.form, error), 422
    flash(done)
    return redirect(url_for(".page", draft_id=draft_id), 303)


def _show(draft_id: str, typed: Mapping[str, str], error: Invalid | Declined | None) -> str:
    view = viewing.approval(office(), g.actor, draft_id)
    return render_template("design/approval.html", view=view, typed=typed, error=error, today=office().today())
