"""Versions of services: the history of one service, one version, and its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.cases import viewing
from app.cases.design import approving
from app.cases.viewing.service_versions import DesignEventRow
from app.domain.design import DesignEventKind
from app.domain.errors import Declined, Invalid
from app.domain.permissions import Action, may
from app.domain.versions import Standing
from app.web.language import say_day
from app.web.office import office
from app.web.security import allowed

pages = Blueprint("versions", __name__, url_prefix="/design")

STANDINGS = {
    Standing.IN_FORCE: (_l("in force"), "mark-good"),
    Standing.COMING: (_l("comes into force later"), "mark-soon"),
    Standing.REPLACED: (_l("replaced"), ""),
    Standing.RETIRED: (_l("retired"), "mark-late"),
}

EVENTS = {
    DesignEventKind.DRAFT_OPENED: _l("A draft was begun"),
    DesignEventKind.DRAFT_DISCARDED: _l("The draft was discarded"),
    DesignEventKind.DRAFT_CHECKED: _l("The draft was handed over for approval"),
    DesignEventKind.DRAFT_RETURNED: _l("The draft was returned"),
    DesignEventKind.DRAFT_APPROVED: _l("The draft was approved"),
    DesignEventKind.VERSION_PUBLISHED: _l("A version was published"),
    DesignEventKind.VERSION_RETIRED: _l("A version was retired"),
    DesignEventKind.MIGRATION_PLANNED: _l("Moving running cases was planned"),
    DesignEventKind.MIGRATION_STARTED: _l("Moving running cases began"),
    DesignEventKind.MIGRATION_PAUSED: _l("Moving running cases was paused"),
    DesignEventKind.MIGRATION_DONE: _l("Running cases were moved"),
    DesignEventKind.MIGRATION_REVERTED: _l("Moved cases were taken back"),
}


@pages.get("/<service>")
@allowed(Action.VIEW_DESIGN)
def history(service: str) -> str:
    page = max(1, request.args.get("page", 1, type=int))
    view = viewing.service_history(office(), g.actor, service, page=page)
    return render_template("design/history.html", view=view, may_edit=may(g.actor, Action.EDIT_DRAFT))


@pages.get("/versions/<version_id>")
@allowed(Action.VIEW_DESIGN)
def version(version_id: str) -> str:
    return _version_page(version_id, {}, None)


@pages.post("/versions/<version_id>/retire")
@allowed(Action.PUBLISH)
def retire(version_id: str) -> Response | tuple[str, int]:
    typed = request.form
    try:
        approving.retire(
            office(),
            g.actor,
            version_id,
            reason=typed.get("reason", ""),
            day=read_day(typed),
            with_earlier=typed.get("then") == "none",
        )
    except (Invalid, Declined) as error:
        return _version_page(version_id, typed, error), 422
    flash(gettext("The version is retired. Running cases stay on it."))
    return redirect(url_for(".version", version_id=version_id), 303)


def _version_page(version_id: str, typed: Mapping[str, str], error: Invalid | Declined | None) -> str:
    view = viewing.version_page(office(), g.actor, version_id)
    return render_template(
        "design/version.html",
        view=view,
        typed=typed,
        error=error,
        today=office().today(),
        may_edit=may(g.actor, Action.EDIT_DRAFT),
        may_retire=may(g.actor, Action.PUBLISH),
    )


def read_day(typed: Mapping[str, str]) -> date | None:
    """The day of a form; None where none is typed. Raises Invalid for what is no date."""
    text = typed.get("day", "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid("A date is expected (year-month-day); found “%(found)s”.", found=text) from error


@pages.app_template_filter("standing")
def say_standing(standing: Standing) -> str:
    return str(STANDINGS[standing][0])


@pages.app_template_filter("standing_look")
def standing_look(standing: Standing) -> str:
    return STANDINGS[standing][1]


@pages.app_template_filter("design_event")
def say_event(kind: DesignEventKind) -> str:
    return str(EVENTS[kind])


@pages.app_template_filter("design_details")
def say_details(event: DesignEventRow) -> list[str]:
    """What stands beside an event, a line each."""
    details = event.details
    lines = []
    if details.get("number"):
        lines.append(gettext("version %(number)d", number=details["number"]))
    if details.get("in_force_from"):
        lines.append(gettext("in force from %(day)s", day=_day(details["in_force_from"])))
    if details.get("retired_at"):
        lines.append(gettext("no applications from %(day)s", day=_day(details["retired_at"])))
    if details.get("in_place_of"):
        numbers = ", ".join(str(number) for number in details["in_place_of"])
        lines.append(gettext("in place of version %(numbers)s, published meanwhile", numbers=numbers))
    lines += [str(details[name]) for name in ("act", "reason", "note") if details.get(name)]
    return lines


def _day(moment: str) -> str:
    return say_day(datetime.fromisoformat(moment))
