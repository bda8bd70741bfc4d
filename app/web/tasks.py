"""The page of one task: its form beside the dossier, its outcomes, its signature."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask import Response as AnyResponse
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.cases import declining, paying, step_drafts, viewing, working
from app.cases.reading import note_reading
from app.cases.restricting import restrict_reply
from app.cases.talking import note_messages_read
from app.domain.appointing import PHRASES
from app.domain.case import DeclineReason, WorkStatus
from app.domain.errors import Declined, Forbidden, Invalid, NotFound, Problem, RasimError, Sentence, Unavailable
from app.domain.moves import Outcome
from app.domain.passport import SIGN
from app.domain.people import Role
from app.domain.permissions import Action, Sight
from app.domain.views import FeeView, WorkItemRow, WorkItemView
from app.web.forms import FormView, read_answers, summary, with_row_changed
from app.web.language import say_clock, say_sentence
from app.web.office import office
from app.web.security import allowed, local_address
from app.web.signing import read_signatures

CONFIRM_PAYMENT = "confirm_payment"  # the handler of the step at which a fee is paid

pages = Blueprint("tasks", __name__)


# --- Taking and giving back ----------------------------------------------------------------------------------------


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
def claim(item_id: str) -> Response | tuple[str, int]:
    """From the list, or from the task's page with whatever has been typed there."""
    if "rev" not in request.form:
        working.claim(office(), g.actor, item_id)
        return redirect(_back_to(item_id))
    view = viewing.work_item(office(), g.actor, item_id)
    typed, chosen = _typed(view), _chosen(view)
    _keep(item_id, typed, chosen)
    try:
        working.claim(office(), g.actor, item_id)
    except (Declined, Forbidden) as error:
        return _show_anew(item_id, typed, chosen, error), 409
    return redirect(_back_to(item_id))


@pages.post("/tasks/<item_id>/release")
@allowed(Action.VIEW_INBOX)
def release(item_id: str) -> Response:
    working.release(office(), g.actor, item_id)
    return redirect(_back_to(item_id))


def _back_to(item_id: str) -> str:
    return local_address(request.form.get("next")) or url_for("tasks.work_item", item_id=item_id)


# --- One task ------------------------------------------------------------------------------------------------------


@pages.get("/tasks/<item_id>")
@allowed(Action.OPEN_WORK)
def work_item(item_id: str) -> str:
    """The task; with `?from=` a colleague's draft stands in the form, kept as one's own as soon as something is typed."""
    page = max(1, request.args.get("earlier", 1, type=int))
    view = viewing.work_item(office(), g.actor, item_id, earlier_page=page)
    note_reading(office(), g.actor, view.case.id, work_item_id=item_id)
    if view.conversation.has_new:
        note_messages_read(office(), g.actor, view.case.id)
    begun = next((each for each in view.drafts if each.person_id == request.args.get("from")), None)
    if begun is not None:
        return _show(view, begun.answers, chosen=_outcome(view, begun.outcome))
    return _show(view, view.draft, chosen=_outcome(view, view.own_draft.outcome) if view.own_draft else None)


@pages.post("/tasks/<item_id>/draft")
@allowed(Action.OPEN_WORK)
def draft(item_id: str) -> AnyResponse:
    """What a script keeps while the person types; the header gives the revision to send along next time."""
    view = viewing.work_item(office(), g.actor, item_id)
    _with_the_mark(view)
    kept = _keep(item_id, _typed(view), _chosen(view))
    answer = current_app.make_response(_said_of(kept))
    answer.headers["X-Draft-Revision"] = str(kept.rev)
    return answer


def _keep(item_id: str, typed: Mapping[str, Any], chosen: Outcome | None) -> step_drafts.Kept:
    rev = request.form.get("draft_rev", type=int)
    return step_drafts.keep_draft(office(), g.actor, item_id, typed, chosen.id if chosen else "", rev)


def _said_of(kept: step_drafts.Kept) -> str:
    words = gettext("Kept at %(time)s, version %(number)s.", time=say_clock(kept.at), number=kept.rev)
    if kept.replaced is not None:
        words += " " + gettext("Another window of yours had kept version %(number)s; it can be taken back.", number=kept.replaced)
    if kept.held_by is not None:
        words += " " + gettext("Kept as your own draft: %(who)s", who=say_sentence(kept.held_by))
    return words


@pages.post("/tasks/<item_id>/draft/discard")
@allowed(Action.OPEN_WORK)
def discard_draft(item_id: str) -> Response:
    step_drafts.discard_draft(office(), g.actor, item_id)
    return redirect(url_for("tasks.work_item", item_id=item_id))


@pages.post("/tasks/<item_id>/draft/take-back")
@allowed(Action.OPEN_WORK)
def take_back_draft(item_id: str) -> Response:
    step_drafts.take_back_draft(office(), g.actor, item_id)
    return redirect(url_for("tasks.work_item", item_id=item_id))


@pages.post("/tasks/<item_id>/decline")
@allowed(Action.VIEW_INBOX)
def decline(item_id: str) -> Response | tuple[str, int]:
    """Refuses to act, with a reason; what was written stays when it is declined in turn."""
    view = viewing.work_item(office(), g.actor, item_id)
    given = request.form.get("why", "")
    why = next((each for each in DeclineReason if each.value == given), None)
    if why is None:
        return _show(view, view.draft, sentence=Sentence(gettext("Choose why you refuse to act."))), 422
    try:
        declining.decline(office(), g.actor, item_id, why=why, words=request.form.get("words", ""))
    except Invalid as error:
        return _show(view, view.draft, sentence=error.sentence), 422
    return redirect(url_for("tasks.inbox"))


@pages.post("/tasks/<item_id>/prepare")
@allowed(Action.OPEN_WORK)
def prepare(item_id: str) -> Response:
    """Prints the document with the signatory's name, so that the page can show the very bytes to be signed."""
    working.prepare_signing(office(), g.actor, item_id, plain="plain" in request.form)
    return redirect(url_for("tasks.work_item", item_id=item_id, _anchor="signing"))


@pages.post("/tasks/<item_id>/complete")
@allowed(Action.OPEN_WORK)
def complete(item_id: str) -> Response | tuple[str, int]:
    """Finishes the task. Whatever stands in the way, the page comes back with everything that was typed."""
    view = viewing.work_item(office(), g.actor, item_id)
    typed = _typed(view)
    try:
        view = _with_the_mark(view)
    except (Declined, Forbidden) as error:
        return _show_anew(item_id, typed, None, error), 409
    if action := request.form.get("action"):
        return _change_rows(view, typed, action)
    wanted = request.form.get("confirmed") or request.form.get("outcome")
    chosen = _outcome(view, wanted)
    if chosen is None:
        return _show(view, typed, sentence=Sentence(gettext("Choose how the step ends."))), 422
    if chosen.id == SIGN:  # the signing form holds no field; what was typed beside it is the draft
        typed = {**typed, **view.draft}
    if chosen.tone == "negative" and request.form.get("confirmed") != chosen.id:
        return _show(view, typed, chosen=chosen, confirming=True), 200
    try:
        working.complete(
            office(),
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
        _keep_for_oneself(item_id, typed, chosen)
        return _show_anew(item_id, typed, chosen, error), 409
    except Unavailable as error:
        return _show(view, typed, chosen=chosen, sentence=error.sentence), 503
    return redirect(url_for("tasks.done", item_id=item_id))


@pages.get("/tasks/<item_id>/done")
@allowed(Action.OPEN_WORK)
def done(item_id: str) -> str:
    """What has been done, and what waits next for the same person."""
    view = viewing.work_item(office(), g.actor, item_id)
    following = viewing.inbox(office(), g.actor, view="mine").rows if g.actor.is_staff else viewing.asked_of(office(), g.actor)
    return render_template("work_item_done.html", view=view, following=following[:5])


def _with_the_mark(view: WorkItemView) -> WorkItemView:
    """A consulted body says with its reply whether its words are for the cleared only: kept like the draft, so that the mark
    stands before the words do. Gives the page as it then is."""
    if not request.form.get("restriction"):
        return view
    restrict_reply(office(), g.actor, view.row.id, "restricted" in request.form)
    return viewing.work_item(office(), g.actor, view.row.id)


def _change_rows(view: WorkItemView, typed: dict[str, Any], action: str) -> tuple[str, int]:
    """Without scripts a table's row is added or removed, and a suggested person chosen, by the server; what was typed is kept as
    the draft."""
    kind, _, place = action.partition(":")
    if kind == "choose" and view.form:
        field, _, person = place.removeprefix(f"{view.form.id}.").partition("=")
        typed = {**typed, field: person}
    elif view.form:
        typed = with_row_changed({view.form.id: typed}, action)[view.form.id]
    _keep(view.row.id, typed, _chosen(view))
    return _show(view, typed, blank_row_in=place if kind == "add-row" else None), 200


def _keep_for_oneself(item_id: str, typed: Mapping[str, Any], chosen: Outcome | None) -> None:
    """What somebody typed whom another was quicker than stays his own draft; who may no longer do the work at all has none."""
    with suppress(Forbidden, NotFound):
        _keep(item_id, typed, chosen)


def _outcome(view: WorkItemView, outcome: str | None) -> Outcome | None:
    return next((each for each in view.element.outcomes if each.id == outcome), None)


def _chosen(view: WorkItemView) -> Outcome | None:
    return _outcome(view, request.form.get("outcome"))


def _typed(view: WorkItemView) -> dict[str, Any]:
    return read_answers(view.form, request.form) if view.form else {}


def _show_anew(item_id: str, typed: Mapping[str, Any], chosen: Outcome | None, error: RasimError) -> str:
    """The page as it is now, with what was typed on the stale one."""
    try:
        fresh = viewing.work_item(office(), g.actor, item_id)
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
            checklist=view.checklist,
            blank_row_in=blank_row_in,
        )
    return render_template(
        "request.html" if view.case.sight is Sight.ASKED else "work_item.html",
        view=view,
        row=view.row,
        case=view.case,
        form=form,
        phrases=PHRASES,
        people={person.id: person for person in view.people},
        grounds={ground.id: ground for ground in passport.grounds},
        chosen=chosen,
        confirming=confirming,
        sentence=sentence,
        lines=summary(problems, [view.form], _documents_of(form)) if view.form else (),
        declined=declined,
        acting_for=view.acting_for,
        picks_first=_picks_first(view),
        sign=SIGN,
        fee=_fee_to_pay(view),
        declines=tuple(DeclineReason),
        typed_in_vain=declined and not view.may_act,
    )


def _documents_of(form: FormView | None) -> set[str]:
    """The places of a checklist's documents, whose sentences name them."""
    return {line.name for asked in form.inputs for line in asked.lines} if form else set()


def _fee_to_pay(view: WorkItemView) -> FeeView | None:
    """The applicant's step that ends once the fee is paid shows the fee with the button that pays it."""
    pays = view.element.handler == CONFIRM_PAYMENT and view.may_act
    return paying.fee_of(office(), g.actor, view.case.id) if pays else None


def _only_other(view: WorkItemView) -> str | None:
    """At a signing step the form belongs to the one outcome that does not sign: its fields show at once."""
    others = [outcome.id for outcome in view.element.outcomes if outcome.id != SIGN]
    return others[0] if view.signs and len(others) == 1 else None


def _picks_first(view: WorkItemView) -> bool:
    """Whether the outcome is chosen before the form is filled in, because fields depend on it."""
    fields = view.form.fields if view.form else ()
    return len(view.element.outcomes) > 1 and any("outcome" in (f.visible_when or "") for f in fields)
