"""The decision tables of a draft: the list, and one table to edit or to read."""

from __future__ import annotations

from functools import reduce

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.cases.design import decisions
from app.domain.decisions import HitPolicy
from app.domain.errors import Invalid
from app.domain.permissions import Action, may
from app.domain.unary_tests import Equal, Range, Value, read_cell
from app.web.office import office
from app.web.security import allowed

pages = Blueprint("decisions", __name__, url_prefix="/design/drafts/<draft_id>/decisions")

POLICIES = {
    HitPolicy.UNIQUE.value: _l("exactly one rule is meant for each case"),
    HitPolicy.ANY.value: _l("several rules may be meant for a case if they say the same"),
    HitPolicy.FIRST.value: _l("the first rule meant for the case decides"),
}
BOOLEANS = {True: _l("yes"), False: _l("no")}


@pages.get("")
@allowed(Action.VIEW_DESIGN)
def listed(draft_id: str) -> str:
    return _list(draft_id)


def _list(draft_id: str, wrong: Invalid | None = None) -> str:
    view = decisions.draft_decisions(office(), g.actor, draft_id)
    may_edit = view.draft.status.is_open and may(g.actor, Action.EDIT_DRAFT)
    chosen = request.form.getlist("inputs")
    return render_template("design/decisions.html", view=view, may_edit=may_edit, wrong=wrong, chosen=chosen)


@pages.post("")
@allowed(Action.EDIT_DRAFT)
def add(draft_id: str) -> Response | tuple[str, int]:
    sent = request.form
    try:
        file = decisions.add_decision(
            office(),
            g.actor,
            draft_id,
            id=sent.get("id", "").strip(),
            name=sent.get("name", "").strip(),
            inputs=sent.getlist("inputs"),
            output=sent.get("output", "").strip(),
            rev=sent.get("rev", -1, type=int),
        )
    except Invalid as wrong:
        return _list(draft_id, wrong), 422
    return redirect(url_for("decisions.table", draft_id=draft_id, file=file), 303)


@pages.post("/remove")
@allowed(Action.EDIT_DRAFT)
def remove(draft_id: str) -> Response:
    sent = request.form
    rev = sent.get("rev", -1, type=int)
    decisions.remove_decisions(office(), g.actor, draft_id, sent.get("file", ""), rev=rev)
    return redirect(url_for("decisions.listed", draft_id=draft_id), 303)


@pages.get("/<path:file>")
@allowed(Action.VIEW_DESIGN)
def table(draft_id: str, file: str) -> str:
    """The editor, for who may edit the draft and while nobody else does; without scripts, and for others, the table in words."""
    view = decisions.draft_decisions(office(), g.actor, draft_id)
    may_edit = view.draft.status.is_open and may(g.actor, Action.EDIT_DRAFT)
    return render_template(
        "design/decision.html",
        view=view.draft,
        title=view.title,
        file=decisions.decision_file(view, file),
        flags=view.flags,
        may_edit=may_edit,
        policies=[each.value for each in HitPolicy],
    )


@pages.app_template_filter("hit_policy")
def say_hit_policy(policy: str) -> str:
    return str(POLICIES.get(policy, policy))


@pages.app_template_filter("decision_cell")
def say_cell(text: str) -> str:
    """For which values a rule is meant; what cannot be read is said as it is written."""
    try:
        cell = read_cell(text)
    except Invalid:
        return text
    if not cell.tests:
        return _("any")
    words = reduce(lambda first, second: _("%(first)s or %(second)s", first=first, second=second), map(_test, cell.tests))
    return _("anything but %(values)s", values=words) if cell.negated else words


@pages.app_template_filter("decision_value")
def say_value(value: Value) -> str:
    return str(BOOLEANS[value]) if isinstance(value, bool) else str(value)


def _test(test: Equal | Range) -> str:
    if isinstance(test, Equal):
        return say_value(test.value)
    bounds = []
    if test.low is not None:
        low = say_value(test.low)
        bounds.append(_("%(number)s or more", number=low) if test.with_low else _("more than %(number)s", number=low))
    if test.high is not None:
        high = say_value(test.high)
        bounds.append(_("%(number)s or less", number=high) if test.with_high else _("less than %(number)s", number=high))
    return reduce(lambda first, second: _("%(first)s and %(second)s", first=first, second=second), bounds)
