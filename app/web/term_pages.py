"""The term of a case: its ledger, and the decisions to stop it, to let it run on and to make it longer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.cases import changing_term, viewing
from app.domain.errors import Declined, Invalid, Sentence
from app.domain.permissions import Action
from app.domain.terms import Term
from app.web.office import office
from app.web.security import allowed, signed_in

pages = Blueprint("term", __name__)

Answer = Response | tuple[str, int]


@pages.get("/cases/<case_id>/term")
@signed_in
def page(case_id: str) -> str:
    return _show(case_id)


@pages.post("/cases/<case_id>/term/stop")
@allowed(Action.CHANGE_TERM)
def stop(case_id: str) -> Answer:
    typed = request.form
    return _decide(
        case_id,
        gettext("The term stands still from now on; the applicant is told."),
        lambda: changing_term.stop_term(
            office(), g.actor, case_id, ground=typed.get("ground", ""), reason=typed.get("reason", "")
        ),
    )


@pages.post("/cases/<case_id>/term/run-on")
@allowed(Action.CHANGE_TERM)
def run_on(case_id: str) -> Answer:
    return _decide(
        case_id,
        gettext("The term runs on; the applicant is told."),
        lambda: changing_term.run_term_on(office(), g.actor, case_id, reason=request.form.get("reason", "")),
    )


@pages.post("/cases/<case_id>/term/extend")
@allowed(Action.CHANGE_TERM)
def extend(case_id: str) -> Answer:
    typed = request.form
    return _decide(
        case_id,
        gettext("The term is made longer; the applicant is told."),
        lambda: changing_term.extend_term(
            office(),
            g.actor,
            case_id,
            ground=typed.get("ground", ""),
            by=_so_much(case_id, typed.get("days", "")),
            reason=typed.get("reason", ""),
        ),
    )


def _so_much(case_id: str, days: str) -> str:
    """A number of days in the unit in which the term runs, in the words of the law."""
    running = viewing.term(office(), g.actor, case_id).term
    if not days.isascii() or not days.isdigit():
        raise Invalid("Say by how many days the term is made longer.")
    return f"{int(days)} {Term.parse(running).unit.value}" if running else days


def _decide(case_id: str, done: str, decide: Callable[[], None]) -> Answer:
    try:
        decide()
    except (Invalid, Declined) as error:
        return _show(case_id, request.form, error.sentence), 422
    flash(done)
    return redirect(url_for("term.page", case_id=case_id))


def _show(case_id: str, typed: Mapping[str, str] | None = None, sentence: Sentence | None = None) -> str:
    found = viewing.term(office(), g.actor, case_id)
    unit = Term.parse(found.term).unit.value if found.term else ""
    return render_template("term.html", found=found, unit=unit, typed=typed or {}, sentence=sentence)
