"""The task list, and the page of one task: its form beside the dossier, its outcomes, its signature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.cases import paying, viewing, working
from app.cases.office import Office
from app.domain.case import WorkStatus
from app.domain.errors import Declined, Forbidden, Invalid, NotFound, Problem, RasimError, Sentence, Unavailable
from app.domain.moves import Outcome
from app.domain.passport import SIGN
from app.domain.people import Role
from app.domain.permissions import Action
from app.domain.views import FeeView, WorkItemRow, WorkItemView
from app.web.forms import FormView, read_answers, summary, with_row_changed
from app.web.language import say_clock
from app.web.security import allowed, local_address
from app.web.signing import read_signatures

VIEWS = {"all": _l("All of my roles"), "mine": _l("Mine"), "role": _l("Nobody’s yet")}

CONFIRM_PAYMENT = "confirm_payment"  # the handler of the step at which a fee is paid

pages = Blueprint("tasks", __name__)


def _office() -> Office:
    office: Office = current_app.extensions["office"]
    return office


# --- The list ------------------------------------------------------------------------------------------------------


@pages.get("/tasks")
@allowed(Action.VIEW_INBOX)
def inbox() -> str:
    view = request.args.get("view", "")
    view = view if view in VIEWS else "all"
    query = request.args.get("q", "").strip()
    page = max(1, request.args.get("page", 1, type=int))
    return render_template(
        "inbox.html",
        found=viewing.inbox(_office(), g.actor, view=view, query=query, page=page),
        counts=viewing.inbox_counts(_office(), g.actor),
        view=view,
        views=VIEWS,
        query=query,
    )


@pages.app_template_filter("claimable")
def claimable(row: WorkItemRow) -> bool:
    """Whether this person may take the item: it is nobody's, and within reach."""
    return row.status is WorkStatus.READY and row.may_act


@pages.app_template_filter("releasable")
def releasable(row: WorkItemRow) -> bool:
    """Whether the item may be given back: it was taken, not assigned. An executor's items come with the appointment, and what is
    asked of an applicant is nobody else's."""
    if row.status is not WorkStatus.RESERVED or not row.mine or row.role == Role.APPLICANT.value:
        return False
    return row.role != Role.EXECUTOR.value or bool(row.on_behalf_of)


@pages.post("/tasks/<item_id>/claim")
@allowed(Action.VIEW_INBOX)
def claim(item_id: str) -> Response:
    working.claim(_office(), g.actor, item_id)
    return redirect(_back_to(item_id))


@pages.post("/tasks/<item_id>/release")
@allowed(Action.VIEW_INBOX)
def release(item_id: str) -> Response:
    working.release(_office(), g.actor, item_id)
    return redirect(_back_to(item_id))


def _back_to(item_id: str) -> str:
    return local_address(request.form.get("next")) or url_for("tasks.work_item", item_id=item_id)


# --- One task ------------------------------------------------------------------------------------------------------


@pages.get("/tasks/<item_id>")
@allowed(Action.OPEN_WORK)
def work_item(item_id: str) -> str:
    view = viewing.work_item(_office(), g.actor, item_id)
    return _show(view, view.draft)


@pages.post("/tasks/<item_id>/draft")
@allowed(Action.OPEN_WORK)
def draft(item_id: str) -> str:
    view = viewing.work_item(_office(), g.actor, item_id)
    working.keep_draft(_office(), g.actor, item_id, _typed(view))
    return gettext("Kept at %(time)s", time=say_clock(_office().clock.now()))


@pages.post("/tasks/<item_id>/prepare")
@allowed(Action.OPEN_WORK)
def prepare(item_id: str) -> Response:
    """Prints the document with the signatory's name, so that the page can show the very bytes to be signed."""
    working.prepare_signing(_office(), g.actor, item_id, plain="plain" in request.form)
    return redirect(url_for("tasks.work_item", item_id=item_id, _anchor="signing"))


@pages.post("/tasks/<item_id>/complete")
@allowed(Action.OPEN_WORK)
def complete(item_id: str) -> Response | tuple[str, int]:
    """Finishes the task. Whatever stands in the way, the page comes back with everything that was typed."""
    view = viewing.work_item(_office(), g.actor, item_id)
    typed = _typed(view)
    if action := request.form.get("action"):
        return _change_rows(view, typed, action)
    wanted = request.form.get("confirmed") or request.form.get("outcome")
    chosen = next((each for each in view.element.outcomes if each.id == wanted), None)
    if chosen is None:
        return _show(view, typed, sentence=Sentence("Choose how the step ends.")), 422
    if chosen.id == SIGN:  # the signing form holds no field; what was typed beside it is the draft
        typed = {**typed, **view.draft}
    if chosen.tone == "negative" and request.form.get("confirmed") != chosen.id:
        return _show(view, typed, chosen=chosen, confirming=True), 200
    try:
        working.complete(
            _office(),
            g.actor,
            item_id,
            rev=request.form.get("rev", -1, type=int),
            outcome=chosen.id,
            answers=typed,
            signatures=read_signatures(request.form, request.files),
        )
    except Invalid as error:
        return _show(view, typed, chosen=chosen, sentence=error.sentence, problems=error.problems), 422
    except (Declined, Forbidden) as error:
        return _show_anew(item_id, typed, chosen, error), 409
    except Unavailable as error:
        return _show(view, typed, chosen=chosen, sentence=error.sentence), 503
    return redirect(url_for("tasks.done", item_id=item_id))


@pages.get("/tasks/<item_id>/done")
@allowed(Action.OPEN_WORK)
def done(item_id: str) -> str:
    """What has been done, and what waits next for the same person."""
    view = viewing.work_item(_office(), g.actor, item_id)
    following = viewing.inbox(_office(), g.actor, view="mine").rows if g.actor.is_staff else viewing.asked_of(_office(), g.actor)
    return render_template("work_item_done.html", view=view, following=following[:5])


def _change_rows(view: WorkItemView, typed: dict[str, Any], action: str) -> tuple[str, int]:
    """Without scripts a table's row is added or removed by the server; what was typed is kept as the draft."""
    kind, _, place = action.partition(":")
    if view.form:
        typed = with_row_changed({view.form.id: typed}, action)[view.form.id]
    working.keep_draft(_office(), g.actor, view.row.id, typed)
    return _show(view, typed, blank_row_in=place if kind == "add-row" else None), 200


def _typed(view: WorkItemView) -> dict[str, Any]:
    return read_answers(view.form, request.form) if view.form else {}


def _show_anew(item_id: str, typed: Mapping[str, Any], chosen: Outcome, error: RasimError) -> str:
    """The page as it is now, with what was typed on the stale one."""
    try:
        fresh = viewing.work_item(_office(), g.actor, item_id)
    except (NotFound, Forbidden):
        raise error from None
    return _show(fresh, typed, chosen=chosen, sentence=error.sentence, declined=True)


def _show(
    view: WorkItemView,
    answers: Mapping[str, Any],
    *,
    chosen: Outcome | None = None,
    confirming: bool = False,
    sentence: Sentence | None = None,
    problems: tuple[Problem, ...] = (),
    declined: bool = False,
    blank_row_in: str | None = None,
) -> str:
    passport = view.case.passport
    form = None
    if view.form is not None:
        form = FormView(
            form=view.form,
            answers=answers,
            problems=problems,
            variant=next(v.id for v in passport.variants if v.title == view.case.variant),
            outcome=chosen.id if chosen and chosen.id != SIGN else _only_other(view),
            grounds=passport.grounds,
            people=view.people,
            blank_row_in=blank_row_in,
        )
    return render_template(
        "work_item.html",
        view=view,
        row=view.row,
        case=view.case,
        form=form,
        people={person.id: person for person in view.people},
        grounds={ground.id: ground for ground in passport.grounds},
        chosen=chosen,
        confirming=confirming,
        sentence=sentence,
        lines=summary(problems, [view.form], {}) if view.form else (),
        declined=declined,
        acting_for=view.acting_for,
        picks_first=_picks_first(view),
        sign=SIGN,
        fee=_fee_to_pay(view),
    )


def _fee_to_pay(view: WorkItemView) -> FeeView | None:
    """The applicant's step that ends once the fee is paid shows the fee with the button that pays it."""
    pays = view.element.handler == CONFIRM_PAYMENT and view.may_act
    return paying.fee_of(_office(), g.actor, view.case.id) if pays else None


def _only_other(view: WorkItemView) -> str | None:
    """At a signing step the form belongs to the one outcome that does not sign: its fields show at once."""
    others = [outcome.id for outcome in view.element.outcomes if outcome.id != SIGN]
    return others[0] if view.signs and len(others) == 1 else None


def _picks_first(view: WorkItemView) -> bool:
    """Whether the outcome is chosen before the form is filled in, because fields depend on it."""
    fields = view.form.fields if view.form else ()
    return len(view.element.outcomes) > 1 and any("outcome" in (f.visible_when or "") for f in fields)
