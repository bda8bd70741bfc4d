"""Units, their names and the people in them, and whose a role's work is in which service."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.cases import jurisdiction as whose_work
from app.cases import units, viewing
from app.domain.errors import Invalid, Sentence
from app.domain.permissions import Action
from app.domain.text import Text
from app.web.office import office
from app.web.security import allowed

pages = Blueprint("units", __name__)

Answer = Response | tuple[str, int]


@pages.get("/units")
@allowed(Action.MANAGE_PEOPLE)
def page() -> str:
    return _show({})


@pages.post("/units")
@allowed(Action.MANAGE_PEOPLE)
def add() -> Answer:
    typed = request.form
    return _change(
        gettext("The unit is added."),
        lambda: units.enter_unit(
            office(),
            g.actor,
            code=typed.get("code", "").strip(),
            name=_name(typed),
            bin=typed.get("bin", "").strip(),
            parent_id=typed.get("parent", ""),
        ),
    )


@pages.post("/units/<unit_id>/rename")
@allowed(Action.MANAGE_PEOPLE)
def rename(unit_id: str) -> Answer:
    return _change(gettext("The unit is renamed."), lambda: units.rename_unit(office(), g.actor, unit_id, _name(request.form)))


def _name(typed: Mapping[str, str]) -> Text:
    return Text(*(typed.get(f"name_{language}", "").strip() for language in ("kk", "ru", "en")))


def _change(done: str, change: Callable[[], None]) -> Answer:
    try:
        change()
    except Invalid as error:
        return _show(request.form, error.sentence), 422
    flash(done)
    return redirect(url_for("units.page"))


def _show(typed: Mapping[str, str], sentence: Sentence | None = None) -> str:
    found = units.units(office(), g.actor)
    return render_template(
        "units.html",
        units=found,
        names={unit.id: unit.name for unit in found},
        typed=typed,
        sentence=sentence,
        services=viewing.catalogue(office()),
    )


@pages.get("/units/jurisdiction/<service_id>")
@allowed(Action.MANAGE_PEOPLE)
def jurisdiction(service_id: str) -> str:
    return render_template(
        "jurisdiction.html",
        passport=viewing.passport_of(office(), service_id),
        rows=whose_work.jurisdiction(office(), g.actor, service_id),
        units=units.units(office(), g.actor),
    )


@pages.post("/units/jurisdiction/<service_id>")
@allowed(Action.MANAGE_PEOPLE)
def set_jurisdiction(service_id: str) -> Response:
    chosen = {}
    for name, unit_id in request.form.items():
        role, colon, body = name.partition(":")
        if colon:
            chosen[role, body] = unit_id
    whose_work.set_jurisdiction(office(), g.actor, service_id, chosen)
    flash(gettext("The jurisdiction is set. It holds for steps that begin from now on."))
    return redirect(url_for("units.jurisdiction", service_id=service_id))
