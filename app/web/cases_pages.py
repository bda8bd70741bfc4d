"""The page of a case with its live diagram and history, and the staff's search for cases."""

from __future__ import annotations

from flask import Blueprint, Response, g, render_template, request
from flask_babel import lazy_gettext as _l

from app.cases import viewing
from app.cases.reading import note_reading
from app.cases.talking import note_messages_read
from app.domain.case import CaseStatus
from app.domain.people import OUTSIDE
from app.domain.permissions import Action, Sight
from app.web.office import office
from app.web.security import allowed, signed_in

STATUSES = {
    CaseStatus.OPEN: _l("In progress"),
    CaseStatus.ISSUED: _l("Issued"),
    CaseStatus.REFUSED: _l("Refused"),
    CaseStatus.DISCONTINUED: _l("Not considered further"),
    CaseStatus.NOT_ACCEPTED: _l("Not accepted"),
    CaseStatus.WITHDRAWN: _l("Withdrawn"),
}

pages = Blueprint("cases", __name__)


@pages.get("/cases")
@allowed(Action.SEARCH_CASES)
def search() -> str:
    query = request.args.get("q", "").strip()
    wanted = request.args.get("status", "")
    status = next((each for each in CaseStatus if each.value == wanted), None)
    page = max(1, request.args.get("page", 1, type=int))
    found = viewing.cases(office(), g.actor, query=query, status=status, page=page)
    template = "requests.html" if not g.actor.is_inside and g.actor.roles & OUTSIDE else "cases.html"
    return render_template(template, found=found, query=query, status=status, statuses=STATUSES)


@pages.get("/cases/<case_id>")
@signed_in
def case(case_id: str) -> str:
    found = viewing.case(office(), g.actor, case_id)
    note_reading(office(), g.actor, case_id)
    if found.sight is Sight.ASKED:
        return render_template("request_case.html", case=found)
    said = viewing.conversation(office(), g.actor, case_id)
    if said.has_new:
        note_messages_read(office(), g.actor, case_id)
    complaint = viewing.complaint_service(office()) if found.own else None
    return render_template("case.html", case=found, said=said, complaint=complaint)


@pages.get("/cases/<case_id>/diagram")
@signed_in
def diagram(case_id: str) -> Response:
    return Response(viewing.diagram(office(), g.actor, case_id), mimetype="application/xml")
