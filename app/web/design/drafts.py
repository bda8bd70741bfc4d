"""Services as an analyst sees them, and a draft of one: its files, its checks, who has it open."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from app.cases import viewing
from app.cases.design import drafts, exchanging, regulation
from app.cases.viewing.design import ServiceState
from app.domain.citations import cite
from app.domain.design import DraftStatus
from app.domain.errors import Invalid, NotFound, Sentence
from app.domain.moves import Finding
from app.domain.permissions import Action, may
from app.domain.terms import Term
from app.store.bundles import PROCESS
from app.web.design.sent import sent_files, sent_object
from app.web.language import say_sentence
from app.web.office import office
from app.web.security import allowed

pages = Blueprint("design", __name__, url_prefix="/design")


STATUSES = {
    DraftStatus.DRAFT: _l("being drawn"),
    DraftStatus.CHECKED: _l("checked, waits for approval"),
    DraftStatus.APPROVED: _l("approved"),
    DraftStatus.PUBLISHED: _l("published"),
    DraftStatus.DISCARDED: _l("discarded"),
}


STATES = {
    ServiceState.IN_FORCE: _l("applications are filed"),
    ServiceState.CLOSED: _l("nobody can apply"),
    ServiceState.COMING: _l("a version comes into force later"),
    ServiceState.DRAWN: _l("being drawn"),
    ServiceState.WAITING: _l("waits for approval"),
}


@pages.get("")
@allowed(Action.VIEW_DESIGN)
def services() -> str:
    return _list(None)


def _list(sentence: Sentence | None) -> str:
    words = request.args.get("words", "").strip()
    state = next((each for each in ServiceState if each.value == request.args.get("state")), None)
    rows = viewing.designed_services(office(), g.actor, words=words, state=state)
    return render_template(
        "design/services.html",
        rows=rows,
        words=words,
        state=state,
        states=STATES,
        sentence=sentence,
        may_edit=may(g.actor, Action.EDIT_DRAFT),
    )


@pages.post("/import")
@allowed(Action.EDIT_DRAFT)
def bring_in() -> AnyResponse | tuple[str, int]:
    """A zip that was exported, here or elsewhere, becomes a draft."""
    sent = request.files.get("file")
    try:
        draft_id = exchanging.import_archive(office(), g.actor, sent.read() if sent else b"")
    except Invalid as error:
        return _list(error.sentence), 422
    return redirect(url_for("approval.page", draft_id=draft_id), 303)


@pages.post("/<service>/drafts")
@allowed(Action.EDIT_DRAFT)
def open_draft(service: str) -> AnyResponse:
    draft_id = drafts.open_draft(office(), g.actor, service, version_id=request.form.get("version") or None)
    return redirect(url_for("design.draft", draft_id=draft_id), 303)


@pages.get("/drafts/<draft_id>")
@allowed(Action.VIEW_DESIGN)
def draft(draft_id: str) -> str:
    """The modeler, for who may edit the draft and while nobody else does; else the diagram to look at."""
    view = drafts.draft_files(office(), g.actor, draft_id)
    diagrams = sorted((name for name in view.bundle.files if name.endswith(".bpmn")), key=lambda name: (name != PROCESS, name))
    file = request.args.get("file", PROCESS)
    if file not in diagrams:
        raise NotFound("The draft has no file '%(name)s'.", name=file)
    may_edit = view.status.is_open and may(g.actor, Action.EDIT_DRAFT)
    passport = regulation.readable_passport(view.bundle)
    title = passport.title if passport else None
    return render_template("design/draft.html", view=view, title=title, file=file, diagrams=diagrams, may_edit=may_edit)


@pages.post("/drafts/<draft_id>/discard")
@allowed(Action.EDIT_DRAFT)
def discard(draft_id: str) -> AnyResponse:
    drafts.discard_draft(office(), g.actor, draft_id)
    return redirect(url_for("design.services"), 303)


@pages.get("/drafts/<draft_id>/files/<path:name>")
@allowed(Action.VIEW_DESIGN)
def file(draft_id: str, name: str) -> Response:
    """The bytes of one file, never shown as a page."""
    files = drafts.draft_files(office(), g.actor, draft_id).bundle.files
    if name not in files:
        raise NotFound("The draft has no file '%(name)s'.", name=name)
    kind = "application/xml" if name.endswith((".bpmn", ".dmn")) else "text/plain; charset=utf-8"
    return Response(files[name], content_type=kind, headers={"Content-Disposition": "attachment"})


# --- What the modeler's script asks for ------------------------------------------------------------------------------


@pages.post("/drafts/<draft_id>/hold")
@allowed(Action.EDIT_DRAFT)
def hold(draft_id: str) -> AnyResponse:
    drafts.hold_draft(office(), g.actor, draft_id, take_over=bool(sent_object().get("take_over")))
    return Response(status=204)


@pages.post("/drafts/<draft_id>/files")
@allowed(Action.EDIT_DRAFT)
def save(draft_id: str) -> AnyResponse:
    """Takes `{"rev": 3, "files": {"process.bpmn": "base64…" | null}}`, answers `{"rev": 4}`."""
    sent = sent_object()
    rev = sent.get("rev")
    if not isinstance(rev, int):
        raise Invalid("The revision the change was made upon is missing.")
    return jsonify(rev=drafts.save_files(office(), g.actor, draft_id, sent_files(sent), rev=rev))


@pages.post("/drafts/<draft_id>/check")
@allowed(Action.VIEW_DESIGN)
def check(draft_id: str) -> AnyResponse:
    """Takes unsaved files as `save` does (none: the draft as it is saved); answers with every finding in the reader's words."""
    checked = drafts.check_draft(office(), g.actor, draft_id, sent_files(sent_object()))
    return jsonify(publishable=checked.is_publishable, findings=[_finding(each) for each in checked.findings])


def _finding(each: Finding) -> dict[str, Any]:
    return {
        "file": each.file,
        "line": each.line,
        "place": each.place,
        "sentence": say_finding(each),
        "severity": each.severity.value,
        "code": each.code,
    }


@pages.app_template_filter("draft_status")
def say_draft_status(status: DraftStatus) -> str:
    return str(STATUSES[status])


@pages.app_template_filter("finding")
def say_finding(each: Finding) -> str:
    """Citations and terms among its values as the reader's language says them."""
    return say_sentence(Sentence(each.template, {name: _said(name, value) for name, value in each.values.items()}))


def _said(name: str, value: object) -> object:
    try:
        if name == "paragraph" and isinstance(value, str):
            return cite(value)
        return Term.parse(value) if isinstance(value, str) else value
    except Invalid:
        return value
