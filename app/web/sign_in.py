"""Signing in and out. In demonstration mode the people of each role stand as buttons."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from flask import Blueprint, current_app, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.cases import people
from app.cases.certificate_sign_in import LIVES, NO_CHALLENGE, Challenge, new_challenge, sign_in_by_certificate
from app.domain.errors import Forbidden, Invalid, NotFound, Sentence, Unavailable
from app.domain.people import Actor
from app.domain.permissions import Action, may
from app.web.errors import page_of
from app.web.office import office
from app.web.security import local_address, public, signed_in
from app.web.signing import read_signatures

CHALLENGE = "challenge"

pages = Blueprint("sign_in", __name__)


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
        actor = people.sign_in(office(), login, request.form.get("password", ""))
    except Forbidden as error:
        return _page(wrong=error.sentence, login=login), 403
    return _begin_session(actor)


def _begin_session(actor: Actor) -> Response:
    chosen_language = session.get("language")
    session.clear()  # nothing a guest's browser brought along lives on
    if chosen_language:
        people.set_language(office(), actor, chosen_language)
    session["person"] = actor.id
    session.permanent = True
    return redirect(local_address(request.form.get("next")) or home_of(actor))


# --- By certificate ------------------------------------------------------------------------------------------------


@pages.get("/sign-in/certificate")
@public
def by_certificate() -> str | Response:
    if g.actor is not None:
        return redirect(home_of(g.actor))
    return _certificate_page()


@pages.get("/sign-in/certificate/challenge")
@public
def challenge() -> Response:
    """The bytes to sign, as this browser was given them."""
    given = _challenge()
    if given is None:
        raise NotFound(NO_CHALLENGE)
    return Response(given.content, mimetype="text/plain")


@pages.post("/sign-in/certificate")
@public
def enter_by_certificate() -> Response | tuple[str, int]:
    """Signs in whom the certificate names. Each challenge can be answered once, rightly or wrongly."""
    given = _challenge()
    session.pop(CHALLENGE, None)
    try:
        signatures = read_signatures(request.form, request.files)
        actor = sign_in_by_certificate(office(), given, signatures[0][1] if signatures else b"")
    except (Invalid, Forbidden, Unavailable) as error:
        return _certificate_page(error.sentence), page_of(error).status
    return _begin_session(actor)


def _challenge() -> Challenge | None:
    kept = session.get(CHALLENGE)
    return Challenge(kept["text"], datetime.fromisoformat(kept["given_at"])) if kept else None


def _certificate_page(wrong: Sentence | None = None) -> str:
    given = new_challenge(office())
    session[CHALLENGE] = {"text": given.text, "given_at": given.given_at.isoformat()}
    known = current_app.jinja_env.globals["demonstration_password"]
    return render_template(
        "sign_in_certificate.html",
        challenge=given,
        digest=sha256(given.content).hexdigest(),
        minutes=LIVES.seconds // 60,
        holders=people.demonstration_people(office()) if known else (),
        wrong=wrong,
        next_address=local_address(request.values.get("next")),
    )


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
    shown = people.demonstration_people(office()) if known else ()
    next_address = local_address(request.values.get("next"))
    return render_template("sign_in.html", people=shown, wrong=wrong, login=login, next_address=next_address)
