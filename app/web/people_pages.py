"""People with their roles and units, who stands in for whom by which order, and who is away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.cases import absences, people, staffing, substituting, units, viewing
from app.cases.substituting import SUBSTITUTED
from app.domain.errors import Declined, Invalid, NotFound, Sentence
from app.domain.people import AbsenceKind, Role
from app.domain.permissions import Action
from app.web.language import say_sentence
from app.web.office import office
from app.web.security import allowed

KINDS = {
    AbsenceKind.LEAVE: _l("Leave"),
    AbsenceKind.ILLNESS: _l("Illness"),
    AbsenceKind.BUSINESS_TRIP: _l("Business trip"),
    AbsenceKind.TRAINING: _l("Training"),
    AbsenceKind.OTHER: _l("Other"),
}

pages = Blueprint("people", __name__)

Answer = Response | tuple[str, int]


@pages.get("/people")
@allowed(Action.MANAGE_PEOPLE)
def page() -> str:
    return _show({})


@pages.post("/people/substitutions")
@allowed(Action.MANAGE_PEOPLE)
def appoint() -> Answer:
    typed = request.form
    try:
        substitution_id = substituting.appoint_substitute(
            office(),
            g.actor,
            absent_id=typed.get("absent", ""),
            substitute_id=typed.get("substitute", ""),
            role=_role(typed.get("role", "")),
            order_number=typed.get("order_number", ""),
            order_date=_day(typed.get("order_date", "")),
            first_day=_day(typed.get("first_day", "")),
            last_day=_day(typed.get("last_day", "")),
            services=typed.getlist("services"),
        )
    except Invalid as error:
        return _show(typed, error.sentence), 422
    flash(gettext("The substitution is entered."))
    if warning := substituting.not_handed_on(office(), substitution_id):
        flash(say_sentence(warning))
    return redirect(url_for("people.page"))


@pages.post("/people/substitutions/<substitution_id>/end")
@allowed(Action.MANAGE_PEOPLE)
def end(substitution_id: str) -> Response:
    substituting.end_substitution(office(), g.actor, substitution_id)
    flash(gettext("The substitution has ended; what was taken under it has gone back."))
    return redirect(url_for("people.page"))


def _show(typed: Mapping[str, str], sentence: Sentence | None = None) -> str:
    return render_template(
        "people.html",
        people=people.people_list(office(), g.actor),
        substitutions=substituting.substitutions(office(), g.actor),
        roles=SUBSTITUTED,
        services=_services(),
        chosen_services=request.form.getlist("services"),
        typed=typed,
        sentence=sentence,
    )


def _services() -> dict[str, object]:
    return {card.id: card.title for card in viewing.catalogue(office())}


# --- One person -------------------------------------------------------------------------------------------------------


@pages.get("/people/<user_id>")
@allowed(Action.MANAGE_PEOPLE)
def person(user_id: str) -> str:
    return _show_person(user_id)


@pages.post("/people/<user_id>")
@allowed(Action.MANAGE_PEOPLE)
def change(user_id: str) -> Answer:
    typed = request.form
    wanted = set(typed.getlist("roles"))
    try:
        touched = staffing.change_person(
            office(),
            g.actor,
            user_id,
            unit_id=typed.get("unit", ""),
            roles=[role for role in Role if role.value in wanted],
            active=typed.get("active") == "yes",
            cleared_until=_day(typed["cleared_until"]) if typed.get("cleared_until") else None,
        )
    except (Invalid, Declined) as error:
        return _show_person(user_id, error.sentence), 422
    flash(gettext("The person is changed."))
    if touched:
        flash(ngettext("Work of %(num)s case was released.", "Work of %(num)s cases was released.", touched))
    return redirect(url_for("people.person", user_id=user_id))


def _show_person(user_id: str, sentence: Sentence | None = None) -> str:
    return render_template(
        "person.html",
        person=staffing.person(office(), g.actor, user_id),
        units=units.units(office(), g.actor),
        roles=tuple(Role),
        sentence=sentence,
    )


# --- Absences ---------------------------------------------------------------------------------------------------------


@pages.get("/absences")
@allowed(Action.ENTER_ABSENCE)
def away() -> str:
    return _show_absences({})


@pages.post("/absences")
@allowed(Action.ENTER_ABSENCE)
def enter_absence() -> Answer:
    typed = request.form
    try:
        kind = next((each for each in AbsenceKind if each.value == typed.get("kind")), None)
        if kind is None:
            raise Invalid("Choose why the person is away.")
        absences.enter_absence(
            office(),
            g.actor,
            person_id=typed.get("person", ""),
            kind=kind,
            first_day=_day(typed.get("first_day", "")),
            last_day=_day(typed.get("last_day", "")),
            order_number=typed.get("order_number", ""),
        )
    except (Invalid, NotFound) as error:
        return _show_absences(typed, error.sentence), 422
    flash(gettext("The absence is entered."))
    return redirect(url_for("people.away"))


@pages.post("/absences/<absence_id>/end")
@allowed(Action.ENTER_ABSENCE)
def end_absence(absence_id: str) -> Response:
    absences.end_absence(office(), g.actor, absence_id)
    flash(gettext("The absence is over."))
    return redirect(url_for("people.away"))


def _show_absences(typed: Mapping[str, str], sentence: Sentence | None = None) -> str:
    return render_template(
        "absences.html",
        absences=absences.absences(office(), g.actor),
        people=absences.people_to_choose(office(), g.actor),
        kinds=KINDS,
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
