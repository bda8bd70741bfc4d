"""The page on which a member of staff begins a duty of the provider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.cases import duties
from app.domain.errors import Invalid, Problem
from app.domain.passport import Passport, Variant
from app.domain.permissions import Action, may
from app.web.forms import FormView, read_answers, summary
from app.web.office import office
from app.web.security import allowed

pages = Blueprint("duties", __name__)


@pages.app_template_global()
def may_open_duty() -> bool:
    return g.actor is not None and may(g.actor, Action.OPEN_DUTY)


@pages.get("/duties/<service_id>/<variant_id>")
@allowed(Action.OPEN_DUTY)
def form(service_id: str, variant_id: str) -> str:
    passport = duties.duty(office(), g.actor, service_id)
    return _page(passport, passport.variant(variant_id), {})


@pages.post("/duties/<service_id>/<variant_id>")
@allowed(Action.OPEN_DUTY)
def begin(service_id: str, variant_id: str) -> Response | tuple[str, int]:
    passport = duties.duty(office(), g.actor, service_id)
    typed = read_answers(passport.application, request.form)
    try:
        case_id = duties.open_duty(office(), g.actor, service_id, variant_id, typed)
    except Invalid as wrong:
        return _page(passport, passport.variant(variant_id), typed, wrong.problems), 422
    return redirect(url_for("cases.case", case_id=case_id))


def _page(passport: Passport, variant: Variant, typed: Mapping[str, Any], problems: tuple[Problem, ...] = ()) -> str:
    asked = passport.application
    return render_template(
        "duty.html",
        passport=passport,
        variant=variant,
        form=FormView(asked, typed, problems, variant.id),
        lines=summary(problems, [asked]),
    )
