"""The provider's side of consultations: what of a case each body asked is shown, and a body asked again."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.cases.asking_again import ask_again
from app.cases.disclosing import change_disclosure, keep_inside
from app.domain.permissions import Action
from app.web.office import office
from app.web.security import allowed

pages = Blueprint("consultations", __name__)


@pages.post("/cases/<case_id>/requests/<item_id>/disclosure")
@allowed(Action.VIEW_INBOX)
def disclose(case_id: str, item_id: str) -> Response:
    """What one body is shown while its reply is waited for."""
    show, withdraw = _changes()
    if show or withdraw:
        reason = request.form.get("reason", "")
        change_disclosure(office(), g.actor, item_id, show=show, withdraw=withdraw, reason=reason)
        flash(gettext("What the body is shown was changed."))
    return redirect(url_for("cases.case", case_id=case_id, _anchor="consultations"))


@pages.post("/cases/<case_id>/disclosure")
@allowed(Action.VIEW_INBOX)
def by_rule(case_id: str) -> Response:
    """What bodies still to be asked are shown."""
    show, withdraw = _changes()
    if show or withdraw:
        keep_inside(office(), g.actor, case_id, keep=withdraw, let_out=show, reason=request.form.get("reason", ""))
        flash(gettext("What bodies will be shown was changed."))
    return redirect(url_for("cases.case", case_id=case_id, _anchor="consultations"))


@pages.post("/cases/<case_id>/requests/<item_id>/again")
@allowed(Action.VIEW_INBOX)
def again(case_id: str, item_id: str) -> Response:
    """A body whose reply is waited for is asked once more."""
    ask_again(office(), g.actor, item_id)
    flash(gettext("The body is asked again."))
    return redirect(url_for("cases.case", case_id=case_id, _anchor="consultations"))


def _changes() -> tuple[list[str], list[str]]:
    """What was ticked and what was unticked on the page: what another person changed meanwhile stays as it is."""
    were, are = set(request.form.getlist("were")), set(request.form.getlist("shown"))
    return sorted(are - were), sorted(were - are)
