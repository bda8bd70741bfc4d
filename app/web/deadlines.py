"""What will fall due: steps, services and reminders, the earliest first."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request

from app.cases import viewing
from app.domain.permissions import Action
from app.web.office import office
from app.web.security import allowed

pages = Blueprint("deadlines", __name__)


@pages.get("/deadlines")
@allowed(Action.VIEW_DEADLINES)
def page() -> str:
    number = max(1, request.args.get("page", 1, type=int))
    found = viewing.deadlines(office(), g.actor, page=number)
    return render_template("deadlines.html", found=found)
