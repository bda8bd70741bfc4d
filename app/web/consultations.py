"""The provider's side of consultations: what of a case each body asked is shown."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.cases.disclosing import change_disclosure
from app.domain.permissions import Action
from app.web.security import allowed

pages = Blueprint("consultations", __name__)


@pages.post("/cases/<case_id>/requests/<item_id>/disclosure")
@allowed(Action.VIEW_INBOX)
def disclose(case_id: str, item_id: str) -> Response:
    """Applies what was ticked and unticked on the page: what another person changed meanwhile stays as it is."""
    were, are = set(request.form.getlist("were")), set(request.form.getlist("shown"))
    if were != are:
        reason = request.form.get("reason", "")
        change_disclosure(
            current_app.extensions["office"],
            g.actor,
            item_id,
            show=sorted(are - were),
            withdraw=sorted(were - are),
            reason=reason,
        )
        flash(gettext("What the body is shown was changed."))
    return redirect(url_for("cases.case", case_id=case_id, _anchor="consultations"))
