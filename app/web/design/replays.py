"""Last year's cases replayed through a draft: how far it has come, what would have been missed, how the load moves."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, g, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from app.cases.design import drafts, replaying
from app.cases.design.replaying import Load, Missed, ReplayView
from app.domain.errors import NotFound
from app.domain.permissions import Action, may
from app.web.language import say_sentence, say_text
from app.web.office import office
from app.web.security import allowed
from app.web.sheets import Cells, csv_file
from app.web.staff_words import say_role

pages = Blueprint("replays", __name__, url_prefix="/design/drafts/<draft_id>/replay")

HEADS = (_l("What"), _l("Of what"), _l("Before"), _l("After"))
BAR = 100  # units of the drawing in which the longest bar of a table is drawn


@pages.get("")
@allowed(Action.VIEW_DESIGN)
def page(draft_id: str) -> str:
    view = replaying.replay_of(office(), g.actor, draft_id)
    draft = view.draft if view else drafts.draft_files(office(), g.actor, draft_id)
    return render_template(
        "design/replay.html",
        draft=draft,
        view=view,
        may_edit=may(g.actor, Action.EDIT_DRAFT),
        most_missed=_most(view.missed) if view else 1,
        most_hours=_most_hours(view.load) if view else 1,
        bar=BAR,
    )


def _most(rows: tuple[Missed, ...]) -> int:
    return max((1, *(max(row.before, row.after) for row in rows)))


def _most_hours(rows: tuple[Load, ...]) -> float:
    return max((0.1, *(max(row.hours_before, row.hours_after) for row in rows)))


@pages.post("/begin")
@allowed(Action.EDIT_DRAFT)
def begin(draft_id: str) -> AnyResponse:
    replaying.begin_replay(office(), g.actor, draft_id)
    return redirect(url_for("replays.page", draft_id=draft_id), 303)


@pages.post("/go-on")
@allowed(Action.EDIT_DRAFT)
def go_on(draft_id: str) -> AnyResponse:
    replaying.go_on_replaying(office(), g.actor, draft_id)
    return redirect(url_for("replays.page", draft_id=draft_id), 303)


@pages.get("/replay.csv")
@allowed(Action.VIEW_DESIGN)
def sheet(draft_id: str) -> Response:
    view = replaying.replay_of(office(), g.actor, draft_id)
    if view is None:
        raise NotFound("Nothing is being replayed on this draft.")
    heads = [str(word) for word in HEADS]
    return csv_file(f"replay-{view.draft.service}.csv", heads, _cells(view))


def _cells(view: ReplayView) -> Iterator[Cells]:
    for row in view.missed:
        step = say_text(row.label) if row.label else gettext("Term of the service")
        yield gettext("terms not kept"), step, row.before, row.after
    for each in view.load:
        role = say_text(each.title) or say_role(each.role)
        yield gettext("steps a month"), role, f"{each.steps_before:.1f}", f"{each.steps_after:.1f}"
        yield gettext("working hours a month"), role, f"{each.hours_before:.1f}", f"{each.hours_after:.1f}"
    for failed in view.failed:
        yield gettext("not replayed"), say_sentence(failed.why), failed.cases, ""
