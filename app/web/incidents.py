"""Steps that failed: the real error, and trying again with a reason."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.cases import repairing, viewing
from app.domain.permissions import Action
from app.web.security import allowed

pages = Blueprint("incidents", __name__)


@pages.get("/incidents")
@allowed(Action.REPAIR_INCIDENT)
def page() -> str:
    return render_template("incidents.html", incidents=viewing.incidents(current_app.extensions["office"], g.actor))


@pages.post("/incidents/<incident_id>/retry")
@allowed(Action.REPAIR_INCIDENT)
def retry(incident_id: str) -> Response:
    repairing.retry(current_app.extensions["office"], g.actor, incident_id, request.form.get("reason", ""))
    flash(gettext("The step is tried again."))
    return redirect(url_for("incidents.page"))
