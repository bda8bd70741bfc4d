"""Where the cases of a service stand, drawn on its diagram and told in a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from math import ceil

from flask import Blueprint, Response, g, render_template, request
from flask_babel import lazy_gettext as _l

from app.cases import viewing
from app.cases.viewing.standing import StandingView, StepStanding
from app.domain.errors import Invalid
from app.domain.permissions import Action
from app.web.language import say_worktime
from app.web.office import office
from app.web.security import allowed

pages = Blueprint("standing", __name__, url_prefix="/design/<service>/standing")

LEVELS = 5


class Measure(Enum):
    """What the colours and numbers on the diagram are of."""

    OPEN = "open"
    TIME = "time"
    MISSED = "missed"
    REFUSED = "refused"


WORDS = {
    Measure.OPEN: _l("Open now"),
    Measure.TIME: _l("Working time, nine of ten"),
    Measure.MISSED: _l("Terms not kept"),
    Measure.REFUSED: _l("Refusals drawn up"),
}
_OF: dict[Measure, Callable[[StepStanding], float]] = {
    Measure.OPEN: lambda step: step.open,
    Measure.TIME: lambda step: step.ninth.total_seconds() if step.ninth else 0,
    Measure.MISSED: lambda step: step.missed,
    Measure.REFUSED: lambda step: step.refusals,
}


@dataclass(frozen=True, slots=True)
class Heat:
    """A step on the diagram: its number, and how dark it is, 1 to `LEVELS`; 0: nothing."""

    element: str
    level: int
    says: str


@dataclass(frozen=True, slots=True)
class Band:
    """One colour of the legend, and up to what it stands for."""

    level: int
    upto: str


@pages.get("")
@allowed(Action.VIEW_DESIGN)
def page(service: str) -> str:
    asked = request.args
    view = viewing.standing(
        office(),
        g.actor,
        service,
        version_id=asked.get("version") or None,
        since=_day(asked.get("since", "")),
        until=_day(asked.get("until", "")),
    )
    measure = next((each for each in Measure if each.value == asked.get("by")), Measure.OPEN)
    query = {"version": view.version_id, "since": view.since.isoformat(), "until": view.until.isoformat()}
    return render_template(
        "design/standing.html",
        view=view,
        measure=measure,
        measures=WORDS,
        heat=_heat(view, measure),
        bands=_bands(view, measure),
        query=query,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid("A date is expected (year-month-day); found “%(found)s”.", found=text) from error


def _most(view: StandingView, measure: Measure) -> float:
    return max((_OF[measure](step) for step in view.steps), default=0)


def _heat(view: StandingView, measure: Measure) -> list[Heat]:
    most, value_of = _most(view, measure), _OF[measure]
    found = ((step, value_of(step)) for step in view.steps if step.in_main)
    return [Heat(step.element, ceil(LEVELS * value / most) if value else 0, _said(measure, value)) for step, value in found]


def _said(measure: Measure, value: float) -> str:
    if measure is not Measure.TIME:
        return str(round(value))
    return say_worktime(timedelta(seconds=value)) if value else "—"


def _bands(view: StandingView, measure: Measure) -> list[Band]:
    """The legend: each colour with the most it stands for. Where counts are small, some colours stand for nothing."""
    most = _most(view, measure)
    bands: list[Band] = []
    for level in range(1, LEVELS + 1):
        upto = most * level / LEVELS
        said = _said(measure, upto if measure is Measure.TIME else int(upto))
        if said not in ("0", "—", *(band.upto for band in bands)):
            bands.append(Band(level, said))
    return bands


@pages.get("/<version_id>/process.bpmn")
@allowed(Action.VIEW_DESIGN)
def diagram(service: str, version_id: str) -> Response:
    content = viewing.version_diagram(office(), g.actor, service, version_id)
    return Response(content, content_type="application/xml", headers={"Content-Disposition": "attachment"})
