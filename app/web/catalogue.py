"""The services: what each is, who gives it, what it takes, and on what grounds it may be refused."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, render_template

from app.cases import viewing
from app.domain.passport import Stage
from app.web.security import public

pages = Blueprint("catalogue", __name__)


@pages.get("/")
@public
def services() -> str:
    return render_template("catalogue.html", cards=viewing.catalogue(current_app.extensions["office"]))


@pages.get("/services/<service_id>")
@public
def service(service_id: str) -> str:
    office = current_app.extensions["office"]
    passport = viewing.passport_of(office, service_id)
    card = next(card for card in viewing.catalogue(office) if card.id == service_id)
    return render_template("service.html", passport=passport, card=card, stages=Stage)


@pages.get("/services/<service_id>/diagram")
@public
def diagram(service_id: str) -> Response:
    return Response(viewing.diagram_of_service(current_app.extensions["office"], service_id), mimetype="application/xml")
