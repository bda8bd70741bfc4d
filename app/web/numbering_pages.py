"""By which rule each unit numbers what it registers: shown, tried and set."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.cases import numbering
from app.domain.errors import Invalid, Sentence
from app.domain.numbering import DEFAULT
from app.domain.permissions import Action
from app.web.office import office
from app.web.security import allowed

pages = Blueprint("numbering", __name__)

Answer = str | Response | tuple[str, int]


@pages.get("/units/numbering")
@allowed(Action.MANAGE_PEOPLE)
def page() -> str:
    return _show()


@pages.post("/units/numbering/<code>")
@allowed(Action.MANAGE_PEOPLE)
def change(code: str) -> Answer:
    """Sets a unit's rule, or shows what number it would give next by the typed one."""
    rule = request.form.get("rule", "")
    try:
        if "try" in request.form:
            return _show(code, rule, tried=numbering.next_number_by(office(), g.actor, code, rule))
        numbering.set_numbering(office(), g.actor, code, rule)
    except Invalid as error:
        return _show(code, rule, sentence=error.sentence), 422
    flash(gettext("The rule is set. It holds for numbers given from now on."))
    return redirect(url_for("numbering.page"))


def _show(code: str = "", rule: str = "", *, tried: str = "", sentence: Sentence | None = None) -> str:
    return render_template(
        "numbering.html",
        rows=numbering.numberings(office(), g.actor),
        default=DEFAULT,
        code=code,
        rule=rule,
        tried=tried,
        sentence=sentence,
    )
