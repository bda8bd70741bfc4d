"""What the applicant may do with his own case besides following it: take the application back, complain."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.cases.complaining import complain
from app.cases.withdrawing import withdraw
from app.domain.permissions import Action
from app.web.office import office
from app.web.security import allowed

pages = Blueprint("cabinet", __name__)
applicant = allowed(Action.FILE_APPLICATION)


@pages.post("/cases/<case_id>/withdrawal")
@applicant
def withdrawal(case_id: str) -> Response:
    withdraw(office(), g.actor, case_id, request.form.get("reason", ""))
    flash(gettext("The application is withdrawn."))
    return redirect(url_for("cases.case", case_id=case_id))


@pages.post("/cases/<case_id>/complaints")
@applicant
def complaint(case_id: str) -> Response:
    """Begins a complaint, already filled in with what is known of the case."""
    application_id = complain(office(), g.actor, case_id, request.form.get("variant", ""))
    return redirect(url_for("applications.form", application_id=application_id))
