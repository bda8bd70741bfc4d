"""The applicant's side: the cabinet, the application's form, its signing and its filing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.cases import drafting, filing, paying, viewing
from app.domain.answers import signed_by_hand
from app.domain.errors import Invalid, Problem, Sentence, Unavailable
from app.domain.fees import PAYMENT, PLACE
from app.domain.passport import Channel
from app.domain.permissions import Action
from app.domain.views import ApplicationView
from app.web import application_form
from app.web.errors import page_of
from app.web.forms import with_row_changed
from app.web.language import say_clock, say_sentence
from app.web.office import office
from app.web.security import allowed, local_address
from app.web.signing import read_signatures

pages = Blueprint("applications", __name__)
applicant = allowed(Action.FILE_APPLICATION)


@pages.app_template_filter("cells_in_words")
def cells_in_words(problems: Mapping[str, Sequence[Sentence]]) -> dict[str, str]:
    """What is wrong in a table, by cell, as the page's script shows it."""
    return {cell: " ".join(map(say_sentence, sentences)) for cell, sentences in problems.items()}


@pages.get("/cabinet")
@applicant
def cabinet() -> str:
    number = max(1, request.args.get("page", 1, type=int))
    return render_template(
        "cabinet.html",
        page=viewing.cabinet(office(), g.actor, page=number),
        asked=viewing.asked_of(office(), g.actor),
        complaint=viewing.complaint_service(office()),
    )


@pages.post("/services/<service_id>/applications")
@applicant
def start(service_id: str) -> Response:
    variant, channel = request.form.get("variant", ""), request.form.get("channel")
    application_id = drafting.start_application(office(), g.actor, service_id, variant, _channel(channel) if channel else None)
    return redirect(url_for(".form", application_id=application_id))


def _channel(wanted: str) -> Channel:
    try:
        return Channel(wanted)
    except ValueError as error:
        raise Invalid("There is no channel '%(channel)s'.", channel=wanted) from error


@pages.get("/applications/<application_id>")
@applicant
def form(application_id: str) -> str | Response:
    view = viewing.application(office(), g.actor, application_id)
    if view.filed_case:
        return redirect(url_for(".filed", application_id=application_id))
    return _form_page(view, blank_row_in=request.args.get("blank"))


@pages.post("/applications/<application_id>")
@applicant
def change(application_id: str) -> Response | tuple[str, int]:
    """Keeps everything sent, chosen files too, and then does what the button pressed says."""
    view = viewing.application(office(), g.actor, application_id)
    action, _, place = request.form.get("action", "save").partition(":")
    answers = with_row_changed(application_form.read(view, request.form), f"{action}:{place}")
    drafting.save_application(office(), g.actor, application_id, answers)
    problems = _attach_chosen(application_id)
    if action == "detach":
        drafting.detach(office(), g.actor, application_id, place)
    if action == "pay":
        problems += _pay(application_id, answers)
    if problems:
        return _form_page(viewing.application(office(), g.actor, application_id), problems), 422
    return _after(action, place, application_id)


def _after(action: str, place: str, application_id: str) -> Response:
    match action:
        case "sign":
            return redirect(url_for(".signing", application_id=application_id))
        case "add-row":
            return redirect(url_for(".form", application_id=application_id, blank=place, _anchor=place))
        case "remove-row" | "raise-row" | "lower-row":
            return redirect(url_for(".form", application_id=application_id, _anchor=place.partition("[")[0]))
        case "detach":
            return redirect(url_for(".form", application_id=application_id, _anchor=f"documents.{place}"))
        case "pay":
            return redirect(url_for(".form", application_id=application_id, _anchor=PLACE))
        case _:
            flash(gettext("The draft is kept. You can go on with it at any time from your cabinet."))
            return redirect(url_for(".form", application_id=application_id))


def _pay(application_id: str, answers: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
    try:
        paying.pay_for_application(office(), g.actor, application_id, stated=answers.get(PAYMENT, {}).get("amount", ""))
    except (Invalid, Unavailable) as error:
        return [Problem(PLACE, error.sentence)]
    return []


@pages.post("/cases/<case_id>/payment")
@applicant
def pay_for_case(case_id: str) -> Response:
    """The fee of a case that runs; back to where it was asked for."""
    paying.pay_for_case(office(), g.actor, case_id, stated=request.form.get("amount", ""))
    flash(gettext("The fee is paid."))
    return redirect(local_address(request.form.get("next")) or url_for("cases.case", case_id=case_id))


def _attach_chosen(application_id: str) -> list[Problem]:
    problems: list[Problem] = []
    for name, file in request.files.items():
        if not file.filename or not name.startswith("documents."):
            continue
        rule_id = name.removeprefix("documents.")
        try:
            _attach(application_id, rule_id)
        except Invalid as error:
            problems.extend(error.problems or [Problem(name, error.sentence)])
    return problems


def _attach(application_id: str, rule_id: str, name: str | None = None) -> None:
    file = request.files[name or f"documents.{rule_id}"]
    drafting.attach(office(), g.actor, application_id, rule_id, file.filename or "", file.mimetype, file.read())


@pages.post("/applications/<application_id>/draft")
@applicant
def keep_draft(application_id: str) -> str:
    """The autosave of the form page; answers with the words to show."""
    view = viewing.application(office(), g.actor, application_id)
    drafting.save_application(office(), g.actor, application_id, application_form.read(view, request.form))
    return gettext("Draft kept at %(time)s", time=say_clock(office().clock.now()))


@pages.post("/applications/<application_id>/documents/<rule_id>")
@applicant
def attachment(application_id: str, rule_id: str) -> str | tuple[str, int]:
    """One file sent with its progress, or removed; answers with the document's new block."""
    problems: Sequence[Problem] = ()
    try:
        if "remove" in request.form:
            drafting.detach(office(), g.actor, application_id, rule_id)
        else:
            _attach(application_id, rule_id, "file")
    except Invalid as error:
        problems = error.problems or (Problem(f"documents.{rule_id}", error.sentence),)
    view = viewing.application(office(), g.actor, application_id)
    block = application_form.attachment(view, rule_id, problems)
    return render_template("application_attachment.html", block=block, application=view), 422 if problems else 200


@pages.post("/applications/<application_id>/discard")
@applicant
def discard(application_id: str) -> Response:
    drafting.discard_application(office(), g.actor, application_id)
    flash(gettext("The draft is deleted."))
    return redirect(url_for(".cabinet"))


@pages.get("/applications/<application_id>/signing")
@applicant
def signing(application_id: str) -> str | Response | tuple[str, int]:
    view = viewing.application(office(), g.actor, application_id)
    if view.filed_case:
        return redirect(url_for(".filed", application_id=application_id))
    return _signing_page(view)


def _signing_page(
    view: ApplicationView, wrong: Invalid | Unavailable | None = None, given: Mapping[str, str] | None = None
) -> str | tuple[str, int]:
    try:
        documents = filing.prepare_application(office(), g.actor, view.id)
        by_hand = signed_by_hand(view.channel)
    except Invalid as error:
        return _form_page(view, error.problems), 422
    page = render_template(
        "application_sign.html", application=view, documents=documents, wrong=wrong, given=given or {}, by_hand=by_hand
    )
    return (page, page_of(wrong).status) if wrong else page


@pages.post("/applications/<application_id>/signing")
@applicant
def file(application_id: str) -> str | Response | tuple[str, int]:
    """Files the application with the signatures given; what does not hold is said on the same page."""
    view = viewing.application(office(), g.actor, application_id)
    try:
        signatures = read_signatures(request.form, request.files)
        filing.file_application(office(), g.actor, application_id, signatures)
    except (Invalid, Unavailable) as error:
        return _signing_page(view, error, _given(request.form))
    return redirect(url_for(".filed", application_id=application_id))


def _given(submitted: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in submitted.items() if name.startswith("cms.")}


@pages.get("/applications/<application_id>/filed")
@applicant
def filed(application_id: str) -> str | Response:
    view = viewing.application(office(), g.actor, application_id)
    if view.filed_case is None:
        return redirect(url_for(".form", application_id=application_id))
    case = viewing.case(office(), g.actor, view.filed_case)
    by_hand = signed_by_hand(view.channel)
    return render_template("application_filed.html", case=case, by_hand=by_hand, to_bring=application_form.to_bring(view))


def _form_page(view: ApplicationView, problems: Sequence[Problem] = (), *, blank_row_in: str | None = None) -> str:
    page = application_form.page(view, problems, blank_row_in=blank_row_in)
    return render_template("application.html", application=view, page=page)
