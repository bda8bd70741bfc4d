"""Notices: what the system told a person, newest first."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.cases import viewing
from app.web.language import say
from app.web.office import office
from app.web.security import signed_in

pages = Blueprint("notices", __name__)


@pages.get("/notices")
@signed_in
def page() -> str:
    number = max(1, request.args.get("page", 1, type=int))
    notices = viewing.notices(office(), g.actor, page=number)
    return render_template("notices.html", notices=notices, say=say)


@pages.post("/notices/<notice_id>/read")
@signed_in
def read(notice_id: str) -> Response:
    viewing.read_notice(office(), g.actor, notice_id)
    return redirect(url_for(".page", page=request.form.get("page", 1, type=int)))
