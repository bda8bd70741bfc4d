"""The clock of the demonstration: where it stands, and moving it forward so that terms run out before one's eyes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.cases import demonstration, viewing
from app.cases.office import Office
from app.domain.case import TimerKind
from app.domain.errors import Invalid, NotFound
from app.domain.permissions import Action, may
from app.domain.text import Text
from app.domain.views import DeadlineRow
from app.web.language import ZONE, local_datetime, read_local_datetime
from app.web.office import office
from app.web.security import allowed

SHOWN_AHEAD = 6
MOST_TOLD = 12  # terms named after a jump: they travel in the session's cookie

pages = Blueprint("clock", __name__)


@pages.app_template_global("may_set_clock")
def may_set_clock() -> bool:
    """Whether the frame of the page offers the clock to this person."""
    actor = g.get("actor")
    return actor is not None and may(actor, Action.SET_CLOCK)


@pages.get("/clock")
@allowed(Action.SET_CLOCK)
def page() -> str:
    if not office().settings.demonstration:
        raise NotFound("The clock can be set in demonstration mode only.")
    now = office().clock.now()
    day = now.astimezone(ZONE).date()
    return render_template(
        "clock.html",
        now=now,
        works=office().calendar.is_working(day),
        holiday=office().calendar.holiday_name(day),
        ahead=viewing.deadlines(office(), g.actor).rows[:SHOWN_AHEAD],
        chosen=local_datetime(now),
        fired=_fired(),
    )


@pages.post("/clock")
@allowed(Action.SET_CLOCK)
def move() -> Response:
    here = office()
    before = here.clock.now()
    to = _wanted(here, before)
    fell_due = [row for row in viewing.deadlines(here, g.actor).rows if row.due_at <= to]
    swept = demonstration.move_clock(here, g.actor, to)
    session["clock_fired"] = {
        "from": before.isoformat(),
        "count": swept.fired,
        "failed": swept.failed,
        "rows": [_remembered(row) for row in fell_due[:MOST_TOLD]],
    }
    return redirect(url_for("clock.page"))


def _remembered(row: DeadlineRow) -> dict[str, Any]:
    due, what = row.due_at.isoformat(), row.what
    return {"due": due, "kind": row.kind.value, "number": row.number, "what": [what.kk, what.ru, what.en]}


def _fired() -> dict[str, Any] | None:
    """What the last jump made fall due, told once."""
    told = session.pop("clock_fired", None)
    if told is None:
        return None
    rows = [
        {"due_at": row["due"], "kind": TimerKind(row["kind"]), "number": row["number"], "what": Text(*row["what"])}
        for row in told["rows"]
    ]
    return {**told, "rows": rows}


def _wanted(office: Office, now: datetime) -> datetime:
    """The moment asked for by one of the buttons, or chosen by hand."""
    match request.form.get("jump"):
        case "hour":
            return now + timedelta(hours=1)
        case "working-day":
            local = now.astimezone(ZONE)
            return datetime.combine(office.calendar.next_working(local.date()), local.timetz())
        case "next":
            ahead = viewing.deadlines(office, g.actor).rows
            if not ahead:
                raise Invalid("Nothing will fall due: no case is open.")
            return max(now, ahead[0].due_at)
    try:
        return read_local_datetime(request.form.get("to", ""))
    except ValueError as error:
        raise Invalid("A date and time was expected; found “%(text)s”.", text=request.form.get("to", "")) from error
