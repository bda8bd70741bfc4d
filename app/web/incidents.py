"""Steps that failed: the real error with its cause, trying again one or many, and closing what needs no repair."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.cases import repairing, viewing
from app.domain.case import IncidentStatus
from app.domain.permissions import Action
from app.domain.views import IncidentCause
from app.web.language import say, say_sentence
from app.web.office import office
from app.web.security import allowed

CAUSES = {
    IncidentCause.JOB: _l("A call to the outside was not answered"),
    IncidentCause.TIMER: _l("What a term does when it ends went wrong"),
    IncidentCause.STUCK: _l("The case came to a halt"),
}
STATUSES = {"open": _l("Unresolved"), "resolved": _l("Resolved"), "all": _l("All")}

pages = Blueprint("incidents", __name__)


@pages.get("/incidents")
@allowed(Action.REPAIR_INCIDENT)
def page() -> str:
    asked = request.args
    wanted = asked.get("status", "open") if asked.get("status", "open") in STATUSES else "open"
    cause = next((each for each in IncidentCause if each.value == asked.get("cause")), None)
    service = asked.get("service", "")
    found = viewing.incidents(
        office(),
        g.actor,
        status=next((each for each in IncidentStatus if each.value == wanted), None),
        cause=cause,
        service=service,
        page=max(1, asked.get("page", 1, type=int)),
    )
    query = {"status": wanted, "cause": cause.value if cause else None, "service": service or None}
    return render_template(
        "incidents.html",
        found=found,
        query=query,
        wanted=wanted,
        cause=cause,
        service=service,
        causes=CAUSES,
        statuses=STATUSES,
        services=[(card.id, card.title) for card in viewing.catalogue(office())],
    )


@pages.post("/incidents/<incident_id>/retry")
@allowed(Action.REPAIR_INCIDENT)
def retry(incident_id: str) -> Response:
    repairing.retry(office(), g.actor, incident_id, request.form.get("reason", ""))
    flash(gettext("The step is tried again."))
    return redirect(url_for("incidents.page"))


@pages.post("/incidents/<incident_id>/close")
@allowed(Action.REPAIR_INCIDENT)
def close(incident_id: str) -> Response:
    repairing.close(office(), g.actor, incident_id, request.form.get("reason", ""))
    flash(gettext("The incident is closed; nothing is tried again."))
    return redirect(url_for("incidents.page"))


@pages.post("/incidents/retry")
@allowed(Action.REPAIR_INCIDENT)
def retry_many() -> Response:
    results = repairing.retry_many(office(), g.actor, request.form.getlist("incident"), request.form.get("reason", ""))
    done = sum(each.why_not is None for each in results)
    flash(ngettext("%(num)s step is tried again.", "%(num)s steps are tried again.", done))
    for each in results:
        if each.why_not is not None:
            flash(gettext("Case No. %(number)s: %(why)s", number=each.number or "—", why=say_sentence(each.why_not)))
    return redirect(url_for("incidents.page"))


pages.add_app_template_filter(lambda sentence: say(sentence, {}), "told")
