"""Giving work to others: what it would do is shown first, what it did is told item by item, and it can be undone from there."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, g, render_template, request

from app.cases import supervising
from app.cases.supervising import Given, Proposal
from app.domain.errors import Invalid, Sentence
from app.domain.permissions import Action
from app.web.office import office
from app.web.security import allowed, local_address

AT_ONCE = 25
"""So many items are given in one request; with more the page goes on by itself, and says how far it has come."""

pages = Blueprint("assigning", __name__)


@pages.post("/supervision/assign/preview")
@allowed(Action.ASSIGN_WORK)
def preview() -> str | tuple[str, int]:
    items, people = request.form.getlist("item"), request.form.getlist("to")
    if not items:
        return _refused(Sentence("Tick the steps that are to be given to others."))
    try:
        planned = supervising.spread(office(), g.actor, items, people)
    except Invalid as error:
        return _refused(error.sentence)
    return render_template("assign_preview.html", planned=planned, reason=request.form.get("reason", ""), back=_back())


@pages.post("/supervision/assign")
@allowed(Action.ASSIGN_WORK)
def assign() -> str | tuple[str, int]:
    """Gives the first items and hands the rest on to the next request."""
    reason = request.form.get("reason", "")
    if not reason.strip():
        return _refused(Sentence("Say why the work is given to another: the reason stands in the assignment."))
    waiting = [_proposal(pair) for pair in request.form.getlist("give")]
    results = supervising.assign(office(), g.actor, waiting[:AT_ONCE], reason)
    done = [_proposal(pair) for pair in request.form.getlist("done")] + [
        (each.item_id, each.before_id) for each in results if each.why_not is None
    ]
    return render_template(
        "assign_done.html",
        results=results,
        rest=[_pair(*each) for each in waiting[AT_ONCE:]],
        done=[_pair(*each) for each in done],
        failed=request.form.get("failed", 0, type=int) + sum(each.why_not is not None for each in results),
        reason=reason,
        back=_back(),
        undone=request.form.get("undone") == "yes",
    )


def _proposal(pair: str) -> Proposal:
    """A work item and to whom, as they stand in a form: "item:person", or "item:" for back to the role."""
    item_id, _, to_id = pair.partition(":")
    return item_id, to_id or None


def _pair(item_id: str, to_id: str | None) -> str:
    return f"{item_id}:{to_id or ''}"


def pairs(planned: Sequence[Given]) -> list[str]:
    """What of a plan changes something and can be done, as it stands in a form."""
    return [_pair(each.item_id, each.to_id) for each in planned if each.why_not is None and each.to_id != each.before_id]


def _back() -> str:
    return local_address(request.form.get("next")) or "/supervision"


def _refused(sentence: Sentence) -> tuple[str, int]:
    return render_template("assign_preview.html", planned=(), sentence=sentence, reason="", back=_back()), 422


pages.add_app_template_filter(pairs, "pairs")
