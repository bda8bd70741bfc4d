"""Signing in and out. In demonstration mode the people of each role stand as buttons."""

from __future__ import annotations

from flask import Blueprint, current_app, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.cases import people
from app.cases.office import Office
from app.domain.errors import Forbidden, Sentence
from app.domain.people import Actor
from app.domain.permissions import Action, may
from app.web.security import local_address, public, signed_in

pages = Blueprint("sign_in", __name__)


def _office() -> Office:
    office: Office = current_app.extensions["office"]
    return office


@pages.get("/sign-in")
@public
def form() -> str | Response:
    if g.actor is not None:
        return redirect(home_of(g.actor))
    return _page(wrong=None, login="")


@pages.post("/sign-in")
@public
def enter() -> Response | tuple[str, int]:
    login = request.form.get("login", "").strip()
    try:
        actor = people.sign_in(_office(), login, request.form.get("password", ""))
    except Forbidden as error:
        return _page(wrong=error.sentence, login=login), 403
    chosen_language = session.get("language")
    session.clear()  # nothing a guest's browser brought along lives on
    if chosen_language:
        people.set_language(_office(), actor, chosen_language)
    session["person"] = actor.id
    session.permanent = True
    return redirect(local_address(request.form.get("next")) or home_of(actor))


@pages.post("/sign-out")
@signed_in
def leave() -> Response:
    session.clear()
    return redirect(url_for("catalogue.services"))


def home_of(actor: Actor) -> str:
    """Where a person begins the day."""
    return url_for("applications.cabinet" if may(actor, Action.FILE_APPLICATION) else "tasks.inbox")


def _page(*, wrong: Sentence | None, login: str) -> str:
    known = current_app.jinja_env.globals["demonstration_password"]
    shown = people.demonstration_people(_office()) if known else ()
    next_address = local_address(request.values.get("next"))
    return render_template("sign_in.html", people=shown, wrong=wrong, login=login, next_address=next_address)
