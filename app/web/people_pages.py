"""People with their roles, and who stands in for whom by which order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.cases import people
from app.cases.office import Office
from app.domain.errors import Invalid, Sentence
from app.domain.people import Role
from app.domain.permissions import Action
from app.web.security import allowed

SUBSTITUTED = (Role.CHANCELLERY, Role.HEAD, Role.EXECUTOR)

pages = Blueprint("people", __name__)


def _office() -> Office:
    office: Office = current_app.extensions["office"]
    return office


@pages.get("/people")
@allowed(Action.MANAGE_PEOPLE)
def page() -> str:
    return _show({})


@pages.post("/people/substitutions")
@allowed(Action.MANAGE_PEOPLE)
def appoint() -> Response | tuple[str, int]:
    typed = request.form
    try:
        people.appoint_substitute(
            _office(),
            g.actor,
            absent_id=typed.get("absent", ""),
            substitute_id=typed.get("substitute", ""),
            role=_role(typed.get("role", "")),
            order_number=typed.get("order_number", ""),
            order_date=_day(typed.get("order_date", "")),
            first_day=_day(typed.get("first_day", "")),
            last_day=_day(typed.get("last_day", "")),
        )
    except Invalid as error:
        return _show(typed, error.sentence), 422
    flash(gettext("The substitution is entered."))
    return redirect(url_for("people.page"))


@pages.post("/people/substitutions/<substitution_id>/end")
@allowed(Action.MANAGE_PEOPLE)
def end(substitution_id: str) -> Response:
    people.end_substitution(_office(), g.actor, substitution_id)
    flash(gettext("The substitution has ended."))
    return redirect(url_for("people.page"))


def _show(typed: Mapping[str, str], sentence: Sentence | None = None) -> str:
    return render_template(
        "people.html",
        people=people.people_list(_office(), g.actor),
        substitutions=people.substitutions(_office(), g.actor),
        roles=SUBSTITUTED,
        typed=typed,
        sentence=sentence,
    )


def _role(text: str) -> Role:
    found = next((role for role in SUBSTITUTED if role.value == text), None)
    if found is None:
        raise Invalid("Choose the role in which the person is replaced.")
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("A date was expected; found “%(text)s”.", text=text) from error
