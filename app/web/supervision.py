"""What those see who answer for the work of others: each open step with its forecast, and the load of people and units."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.cases import supervising, viewing
from app.cases.viewing.supervision import SOON_WORKING_DAYS
from app.domain.permissions import Action
from app.domain.views import Load, Narrowed, SupervisedRow
from app.web.language import say_day, say_moment, say_text, say_worktime
from app.web.office import office
from app.web.security import allowed
from app.web.sheets import csv_file
from app.web.staff_words import say_role

VIEWS = {"all": _l("All open"), "overdue": _l("Overdue"), "soon": _l("Due soon")}
MOST_ROWS = 10_000

pages = Blueprint("supervision", __name__)


def narrowed() -> Narrowed:
    """What the address asks for."""
    asked = request.args
    view = asked.get("view", "all")
    return Narrowed(
        unit=asked.get("unit", ""),
        person=asked.get("person", ""),
        service=asked.get("service", ""),
        view=view if view in VIEWS else "all",
    )


def address_of(wanted: Narrowed) -> dict[str, str]:
    """The same as parts of an address; what is not asked for is left out."""
    parts = {"unit": wanted.unit, "person": wanted.person, "service": wanted.service, "view": wanted.view}
    return {name: value for name, value in parts.items() if value and (name, value) != ("view", "all")}


@pages.get("/supervision")
@allowed(Action.SUPERVISE)
def work() -> str:
    wanted = narrowed()
    number = max(1, request.args.get("page", 1, type=int))
    return render_template(
        "supervision.html",
        found=viewing.supervised(office(), g.actor, wanted, page=number),
        soon_days=SOON_WORKING_DAYS,
        **_around(wanted),
    )


@pages.get("/supervision/load")
@allowed(Action.SUPERVISE)
def load() -> str:
    wanted = narrowed()
    return render_template("supervision_load.html", found=viewing.loads(office(), g.actor, wanted), **_around(wanted))


def _around(wanted: Narrowed) -> dict[str, Any]:
    return {
        "wanted": wanted,
        "query": address_of(wanted),
        "views": VIEWS,
        "choices": viewing.choices(office(), g.actor),
        "candidates": supervising.candidates(office(), g.actor),
    }


@pages.get("/supervision.csv")
@allowed(Action.SUPERVISE)
def work_csv() -> Response:
    found = viewing.supervised(office(), g.actor, narrowed(), size=MOST_ROWS)
    header = [
        gettext("Case"),
        gettext("Service"),
        gettext("Step"),
        gettext("Applicant"),
        gettext("Role"),
        gettext("Who does it"),
        gettext("Unit"),
        gettext("The step is due"),
        gettext("Result due"),
        gettext("If nobody acts, breached on"),
        gettext("Last day with somebody there"),
        gettext("Term missed by, working days"),
    ]
    return csv_file("supervision.csv", header, (_cells(row) for row in found.rows))


def _cells(row: SupervisedRow) -> list[str]:
    return [
        row.number,
        say_text(row.service),
        say_text(row.step),
        row.applicant,
        say_role(row.role),
        row.owner,
        say_text(row.unit),
        say_moment(row.due_at) if row.due_at else "",
        say_moment(row.result_due) if row.result_due else "",
        say_moment(row.breach.at) if row.breach else "",
        say_day(row.last_day) if row.last_day else "",
        str(row.missed_by or ""),
    ]


@pages.get("/supervision/load.csv")
@allowed(Action.SUPERVISE)
def load_csv() -> Response:
    found = viewing.loads(office(), g.actor, narrowed())
    header = [
        gettext("Name"),
        gettext("Unit"),
        gettext("Open"),
        gettext("Overdue"),
        gettext("Due today"),
        gettext("Due this week"),
        gettext("Oldest, since"),
        gettext("Average working time"),
        gettext("Away until"),
    ]
    return csv_file("load.csv", header, (_load_cells(each) for each in found.people))


def _load_cells(load: Load) -> list[str | int]:
    return [
        load.name or gettext("nobody yet"),
        say_text(load.unit),
        load.open,
        load.overdue,
        load.today,
        load.this_week,
        say_moment(load.oldest) if load.oldest else "",
        say_worktime(load.average) if load.average else "",
        say_day(load.away.last) if load.away else "",
    ]
