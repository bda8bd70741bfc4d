"""The page on which a person makes tokens for programs, and revokes them."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.cases import tokens
from app.cases.tokens import Scope
from app.domain.errors import Invalid, Sentence
from app.domain.permissions import Action
from app.web.office import office
from app.web.security import allowed

SCOPES = {
    Scope.READ: _l("Read only"),
    Scope.WRITE: _l("Whatever I may do"),
}
TERMS = (1, 7, 30, 90, 365)  # days offered

pages = Blueprint("tokens", __name__)


@pages.get("/tokens")
@allowed(Action.MAKE_TOKEN)
def page() -> str:
    return _show({})


@pages.post("/tokens")
@allowed(Action.MAKE_TOKEN)
def make() -> str | tuple[str, int]:
    """The token stands on this answer alone."""
    typed = request.form
    try:
        scope = next((each for each in Scope if each.value == typed.get("scope")), Scope.READ)
        made = tokens.make_token(office(), g.actor, name=typed.get("name", ""), scope=scope, days=typed.get("days", 0, type=int))
    except Invalid as error:
        return _show(typed, sentence=error.sentence), 422
    return _show({}, made=made)


@pages.post("/tokens/<token_id>/revoke")
@allowed(Action.MAKE_TOKEN)
def revoke(token_id: str) -> Response:
    tokens.revoke_token(office(), g.actor, token_id)
    flash(gettext("The token is revoked."))
    return redirect(url_for(".page"))


def _show(typed: Mapping[str, str], *, made: str = "", sentence: Sentence | None = None) -> str:
    return render_template(
        "tokens.html",
        tokens=tokens.tokens_of(office(), g.actor),
        scopes=SCOPES,
        terms=TERMS,
        typed=typed,
        made=made,
        sentence=sentence,
    )
