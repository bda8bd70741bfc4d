"""Rehearsals of a draft: which there are and how they went, and one tried out step by step."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.cases.design import rehearsals
from app.cases.design.rehearsals import InHand
from app.cases.design.standing import OpenStep
from app.domain.errors import Invalid, RasimError
from app.domain.passport import Channel, FieldType, Form, Passport
from app.domain.permissions import Action, may
from app.domain.rehearsal import NEXT_DUE, SERVICE, Applicant, Doing, Passing, Rehearsal
from app.web.errors import page_of
from app.web.forms import FormView, Input, read_answers
from app.web.language import local_datetime, read_local_datetime
from app.web.office import office
from app.web.security import allowed

pages = Blueprint("rehearsals", __name__, url_prefix="/design/drafts/<draft_id>/rehearsals")

Page = str | Response | tuple[str, int]

PASSES = (
    ("1 working-days", _l("One working day")),
    ("2 working-days", _l("Two working days")),
    ("1 working-hours", _l("One working hour")),
    (NEXT_DUE, _l("Until something falls due")),
)
APPLICANTS = {Applicant.ORGANISATION: _l("an organisation"), Applicant.PERSON: _l("a person")}
UNITS = {
    "working-days": _l("working days"),
    "working-hours": _l("working hours"),
    "working-minutes": _l("working minutes"),
    "calendar-days": _l("calendar days"),
}
_TYPED = frozenset(FieldType) - {FieldType.STATEMENT, FieldType.TABLE, FieldType.CHECKLIST, FieldType.PERSON}
"""Fields an analyst may fill in; what is left empty is made up, and the rest always is."""
_NAME = re.compile(r"[\w-]{1,60}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Mark:
    """How an element is shown on the diagram, as `_diagram.html` takes it."""

    element: str
    mark: str


# --- The list --------------------------------------------------------------------------------------------------------


@pages.get("")
@allowed(Action.VIEW_DESIGN)
def listed(draft_id: str) -> str:
    view = rehearsals.rehearsals_of(office(), g.actor, draft_id)
    return render_template("design/rehearsals.html", view=view, may_edit=may(g.actor, Action.EDIT_DRAFT))


@pages.post("/run")
@allowed(Action.EDIT_DRAFT)
def run(draft_id: str) -> Response:
    rehearsals.run_rehearsals(office(), g.actor, draft_id)
    return redirect(url_for("rehearsals.listed", draft_id=draft_id), 303)


@pages.post("/<name>/take")
@allowed(Action.EDIT_DRAFT)
def take(draft_id: str, name: str) -> Response:
    rehearsals.take_rehearsal(office(), g.actor, draft_id, name)
    return _to_hand(draft_id)


@pages.post("/<name>/remove")
@allowed(Action.EDIT_DRAFT)
def remove(draft_id: str, name: str) -> Response:
    rehearsals.remove_rehearsal(office(), g.actor, draft_id, name, rev=request.form.get("rev", -1, type=int))
    return redirect(url_for("rehearsals.listed", draft_id=draft_id), 303)


def _to_hand(draft_id: str) -> Response:
    return redirect(url_for("rehearsals.in_hand", draft_id=draft_id), 303)


# --- A new one -------------------------------------------------------------------------------------------------------


@pages.get("/new")
@allowed(Action.EDIT_DRAFT)
def new(draft_id: str) -> Page:
    return _begin_page(draft_id)


@pages.post("/new")
@allowed(Action.EDIT_DRAFT)
def begin(draft_id: str) -> Page:
    passport = rehearsals.passport_to_rehearse(office(), g.actor, draft_id)
    try:
        rehearsals.begin_rehearsal(office(), g.actor, draft_id, _begun(passport))
    except Invalid as wrong:
        return _begin_page(draft_id, wrong), 422
    return _to_hand(draft_id)


def _begun(passport: Passport) -> Rehearsal:
    sent = request.form
    variant = next((v for v in passport.variants if v.id == sent.get("variant")), passport.variants[0])
    try:
        starts = read_local_datetime(sent.get("starts", ""))
    except ValueError as error:
        raise Invalid("A day and a time are expected; found “%(found)s”.", found=sent.get("starts", "")) from error
    return Rehearsal(
        title=sent.get("title", "").strip() or variant.title.kk,
        variant=variant.id,
        starts=starts,
        channel=next((each for each in Channel if each.value == sent.get("channel")), None),
        applicant=next((each for each in Applicant if each.value == sent.get("applicant")), Applicant.ORGANISATION),
        application=_typed(passport.application, {}),
    )


def _begin_page(draft_id: str, wrong: Invalid | None = None) -> str:
    passport = rehearsals.passport_to_rehearse(office(), g.actor, draft_id)
    typed = _typed(passport.application, {}) if request.method == "POST" else {}
    return render_template(
        "design/rehearsal_new.html",
        draft_id=draft_id,
        passport=passport,
        starts=request.form.get("starts") or local_datetime(rehearsals.usual_start(office())),
        applicants=APPLICANTS,
        inputs=_inputs(passport, passport.application, typed, variant=passport.variants[0].id),
        wrong=wrong,
    )


# --- The one in hand -------------------------------------------------------------------------------------------------


@pages.get("/in-hand")
@allowed(Action.EDIT_DRAFT)
def in_hand(draft_id: str) -> Page:
    return _show(draft_id)


def _show(draft_id: str, wrong: RasimError | None = None) -> Page:
    found = rehearsals.rehearsal_in_hand(office(), g.actor, draft_id)
    if found is None:
        return redirect(url_for("rehearsals.new", draft_id=draft_id), 303)
    standing = found.played.standing
    chosen = _chosen(standing.open) if standing else None
    inputs: tuple[Input, ...] = ()
    if chosen is not None and chosen.form is not None:
        inputs = _inputs(found.passport, chosen.form, chosen.given, variant=found.rehearsal.variant)
    return render_template(
        "design/rehearsal.html",
        found=found,
        standing=standing,
        chosen=chosen,
        inputs=inputs,
        marks=_marks(found),
        passes=PASSES,
        units=UNITS,
        service=SERVICE,
        wrong=wrong,
    )


def _chosen(steps: tuple[OpenStep, ...]) -> OpenStep | None:
    """The open step the page is about: as the address says, else the first."""
    wanted = request.values.get("step", ""), request.values.get("instance", type=int)
    return next((each for each in steps if (each.element.id, each.instance) == wanted), steps[0] if steps else None)


def _marks(found: InHand) -> tuple[Mark, ...]:
    standing = found.played.standing
    if standing is None:
        return ()
    late = {each.element.id for each in standing.open if each.is_late}
    done = (Mark(each, "done") for each in standing.passed if each not in standing.current)
    now = (Mark(each, "overdue" if each in late else "waiting") for each in standing.current)
    return (*now, *done)


@pages.post("/in-hand/step")
@allowed(Action.EDIT_DRAFT)
def step(draft_id: str) -> Page:
    found = rehearsals.rehearsal_in_hand(office(), g.actor, draft_id)
    standing = found.played.standing if found else None
    chosen = _chosen(standing.open) if standing else None
    if chosen is None:
        return _to_hand(draft_id)
    answers = _typed(chosen.form, chosen.given) if chosen.form else {}
    doing = Doing(chosen.element.id, chosen.role_id, request.form.get("outcome", ""), chosen.instance, answers)
    return _going_on(draft_id, doing)


@pages.post("/in-hand/pass")
@allowed(Action.EDIT_DRAFT)
def wait(draft_id: str) -> Page:
    term = request.form.get("term") or f"{request.form.get('amount', '').strip()} {request.form.get('unit', '')}"
    return _going_on(draft_id, Passing(term))


def _going_on(draft_id: str, taken: Doing | Passing) -> Page:
    try:
        rehearsals.go_on(office(), g.actor, draft_id, taken)
    except Invalid as wrong:
        page = _show(draft_id, wrong)
        return (page, 422) if isinstance(page, str) else page
    return _to_hand(draft_id)


@pages.post("/in-hand/back")
@allowed(Action.EDIT_DRAFT)
def back(draft_id: str) -> Response:
    rehearsals.go_back(office(), g.actor, draft_id)
    return _to_hand(draft_id)


@pages.post("/in-hand/lay-down")
@allowed(Action.EDIT_DRAFT)
def lay_down(draft_id: str) -> Response:
    rehearsals.lay_down(office(), g.actor, draft_id)
    return redirect(url_for("rehearsals.listed", draft_id=draft_id), 303)


@pages.post("/in-hand/keep")
@allowed(Action.EDIT_DRAFT)
def keep(draft_id: str) -> Page:
    name, rev = request.form.get("name", "").strip(), request.form.get("rev", -1, type=int)
    try:
        if not _NAME.fullmatch(name):
            raise Invalid("A name of Latin letters, digits and hyphens is expected; found “%(found)s”.", found=name)
        rehearsals.keep_rehearsal(office(), g.actor, draft_id, name, title=request.form.get("title", ""), rev=rev)
    except RasimError as wrong:
        page = _show(draft_id, wrong)
        return (page, page_of(wrong).status) if isinstance(page, str) else page
    return redirect(url_for("rehearsals.listed", draft_id=draft_id), 303)


# --- What is typed ---------------------------------------------------------------------------------------------------


def _inputs(passport: Passport, form: Form, given: Mapping[str, Any], *, variant: str) -> tuple[Input, ...]:
    grounds = tuple(ground for ground in passport.grounds if variant in ground.variants)
    view = FormView(form, given, variant=variant, grounds=grounds)
    return tuple(each for each in view.inputs if each.asked.type in _TYPED)


def _typed(form: Form, given: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in by hand: not what stood there before, and nothing that was left empty."""
    types = {field.id: field.type for field in form.fields}
    answers = read_answers(form, request.form)
    return {
        name: value
        for name, value in answers.items()
        if types[name] in _TYPED and value not in ("", [], False) and value != given.get(name)
    }
