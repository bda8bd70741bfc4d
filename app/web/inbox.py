"""The task list: its page, its lines as CSV and on paper, acts over many tasks, kept filters, columns, and live changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from app.cases import arranging, handing, list_settings, supervising, viewing, working
from app.cases.arranging import Wake
from app.domain.errors import Invalid
from app.domain.inbox import Part, SortKey, Wish
from app.domain.permissions import Action, may
from app.domain.views import WorkItemRow
from app.web import tasks
from app.web.language import say_moment, say_text, say_worktime
from app.web.live import Pulse, stream
from app.web.office import office
from app.web.security import allowed
from app.web.sheets import csv_file
from app.web.wishes import address_of, read_wish, sorted_by

pages = tasks.pages

VIEWS = {
    Part.ALL.value: _l("All of my roles"),
    Part.MINE.value: _l("Mine"),
    Part.ROLE.value: _l("Nobody’s yet"),
    Part.UNIT.value: _l("My unit’s"),
    Part.BEHALF.value: _l("On behalf of others"),
    Part.SNOOZED.value: _l("Snoozed"),
}
PRIORITIES = {2: _l("urgent"), 1: _l("high"), 0: _l("usual"), -1: _l("low")}
COLUMNS = {
    "applicant": _l("Applicant"),
    "due": _l("Due"),
    "priority": _l("Priority"),
    "follow-up": _l("Come back on"),
    "opened": _l("Waits since"),
    "who": _l("Who does it"),
}
SORTS = {
    SortKey.DUE: _l("Due"),
    SortKey.OPENED: _l("Waits since"),
    SortKey.PRIORITY: _l("Priority"),
    SortKey.FOLLOW_UP: _l("Come back on"),
    SortKey.SERVICE: _l("Service"),
    SortKey.NUMBER: _l("Number"),
    SortKey.APPLICANT: _l("Applicant"),
}
TITLES = (
    _l("Number"),
    _l("Step"),
    _l("Service"),
    _l("Applicant"),
    _l("Due"),
    _l("Working time left"),
    _l("Priority"),
    _l("Who does it"),
    _l("Waits since"),
)


@pages.app_template_filter("capped")
def capped(number: int) -> str:
    """A counter; beyond 999 it only says so."""
    return str(number) if number < 1000 else "999+"


@pages.app_template_filter("priority")
def priority_words(level: int) -> str:
    return str(PRIORITIES[level])


# --- The list ------------------------------------------------------------------------------------------------------


@pages.get("/tasks")
@allowed(Action.VIEW_INBOX)
def inbox() -> str:
    wish = read_wish(request.args)
    return render_template(
        "inbox.html",
        counts=viewing.inbox_counts(office(), g.actor),
        views=VIEWS,
        services=viewing.catalogue(office()),
        roles=sorted(role.value for role in g.actor.roles),
        priorities=PRIORITIES,
        all_columns=COLUMNS,
        colleagues=supervising.candidates(office(), g.actor) if may(g.actor, Action.ASSIGN_WORK) else (),
        may_assign=may(g.actor, Action.ASSIGN_WORK),
        narrowed=bool(set(address_of(wish)) - {"view", "sort"}),
        **_listed(wish),
    )


@pages.get("/tasks/part")
@allowed(Action.VIEW_INBOX)
def inbox_part() -> str:
    """The lines alone, put in the place of the older ones when something has changed."""
    return render_template("_inbox_rows.html", **_listed(read_wish(request.args)))


def _listed(wish: Wish) -> dict[str, object]:
    page = max(1, request.args.get("page", 1, type=int))
    settings = list_settings.list_settings(office(), g.actor)
    return {
        "found": viewing.inbox(office(), g.actor, wish=wish, page=page),
        "wish": wish,
        "said": address_of(wish),
        "columns": settings.columns,
        "filters": settings.filters,
        "sorts": {key.value: words for key, words in SORTS.items()},
        "sort_link": lambda key, beside: _address(replace(wish, sorts=sorted_by(wish, SortKey(key), beside=beside))),
        "sorted_now": {sort.key.value: sort.descending for sort in wish.sorts},
        "view": wish.part.value,
        "query": wish.words,
    }


def _address(wish: Wish) -> str:
    said = urlencode(address_of(wish))
    return url_for("tasks.inbox") + (f"?{said}" if said else "")


@pages.get("/tasks/csv")
@allowed(Action.VIEW_INBOX)
def inbox_csv() -> Response:
    """The lines of the list as the page shows them, for a table program."""
    lines = viewing.inbox_lines(office(), g.actor, read_wish(request.args))
    return csv_file("tasks.csv", [str(title) for title in TITLES], (_cells(row) for row in lines))


def _cells(row: WorkItemRow) -> list[str]:
    return [
        row.number,
        say_text(row.step),
        say_text(row.service),
        row.applicant,
        say_moment(row.due_at),
        ("−" if row.left and row.left.total_seconds() < 0 else "") + say_worktime(row.left),
        priority_words(row.priority),
        row.owner,
        say_moment(row.opened_at),
    ]


@pages.get("/tasks/print")
@allowed(Action.VIEW_INBOX)
def inbox_print() -> str:
    """The chosen tasks on paper."""
    ids = request.args.getlist("id")[: handing.MOST_AT_ONCE]
    return render_template("inbox_print.html", rows=viewing.chosen_rows(office(), g.actor, ids))


# --- Many at once --------------------------------------------------------------------------------------------------


@pages.post("/tasks/bulk")
@allowed(Action.VIEW_INBOX)
def bulk() -> str | AnyResponse:
    """Does one thing with all chosen tasks, and says of each what came of it."""
    ids, action = request.form.getlist("id"), request.form.get("action", "")
    if action == "print":
        return redirect(f"{url_for('tasks.inbox_print')}?{urlencode([('id', each) for each in ids[: handing.MOST_AT_ONCE]])}")
    rows = {row.id: row for row in viewing.chosen_rows(office(), g.actor, ids[: handing.MOST_AT_ONCE])}
    done = handing.each(ids, _act(action))
    return render_template("inbox_done.html", done=done, rows=rows, back=request.form.get("next", ""))


def _act(action: str) -> Callable[[str], None]:
    here, actor, form = office(), g.actor, request.form
    acts: dict[str, Callable[[str], None]] = {
        "claim": lambda item: working.claim(here, actor, item),
        "assign": lambda item: _assign(item, form.get("to", ""), form.get("reason", "")),
        "priority": lambda item: arranging.set_priority(here, actor, item, form.get("priority", 0, type=int)),
        "follow-up": lambda item: arranging.set_follow_up(here, actor, item, _day("follow_up_on")),
        "snooze": lambda item: arranging.snooze(here, actor, item, _wake(), _day("wake_on")),
        "wake": lambda item: arranging.wake(here, actor, item),
    }
    if action not in acts:
        raise Invalid("Choose what is to be done with the tasks.")
    return acts[action]


def _assign(item_id: str, to_id: str, reason: str) -> None:
    if not to_id:
        raise Invalid("Choose to whom the work is given.")
    supervising.assign_one(office(), g.actor, item_id, to_id, reason)


def _wake() -> Wake:
    wanted = request.form.get("wake", "")
    return next((each for each in Wake if each.value == wanted), Wake.NEXT_WORKING_DAY)


def _day(name: str) -> date | None:
    given = request.form.get(name, "")
    try:
        return date.fromisoformat(given) if given else None
    except ValueError as error:
        raise Invalid("This is not a date: %(found)s.", found=given) from error


# --- How a person has it -------------------------------------------------------------------------------------------


@pages.post("/tasks/columns")
@allowed(Action.VIEW_INBOX)
def choose_columns() -> AnyResponse:
    list_settings.choose_columns(office(), g.actor, request.form.getlist("column"))
    return redirect(_back())


@pages.post("/tasks/filters")
@allowed(Action.VIEW_INBOX)
def keep_filter() -> AnyResponse:
    said = urlencode(address_of(read_wish(request.form)))
    shared_with = request.form.get("shared_with", "")
    list_settings.keep_filter(office(), g.actor, request.form.get("name", ""), said, shared_with)
    flash(gettext("The filter is kept."))
    return redirect(f"{url_for('tasks.inbox')}?{said}")


@pages.post("/tasks/filters/<filter_id>")
@allowed(Action.VIEW_INBOX)
def change_filter(filter_id: str) -> AnyResponse:
    name, shared_with = request.form.get("name", ""), request.form.get("shared_with", "")
    list_settings.change_filter(office(), g.actor, filter_id, name, shared_with)
    return redirect(_back())


@pages.post("/tasks/filters/<filter_id>/remove")
@allowed(Action.VIEW_INBOX)
def remove_filter(filter_id: str) -> AnyResponse:
    list_settings.remove_filter(office(), g.actor, filter_id)
    return redirect(_back())


def _back() -> str:
    return _address(read_wish(request.form))


# --- Live ----------------------------------------------------------------------------------------------------------


@pages.get("/tasks/events")
@allowed(Action.VIEW_INBOX)
def events() -> Response:
    """Tells an open list when it has changed (server-sent events)."""
    here, actor, wish = office(), g.actor, read_wish(request.args)
    pulse = Pulse(
        beat=lambda: viewing.pulse(here),
        look=lambda: (viewing.inbox(here, actor, wish=wish).rows, viewing.inbox_counts(here, actor)),
    )
    return stream(pulse, seen=request.headers.get("Last-Event-ID", ""))
