"""The signing desk: many documents prepared, opened one after another, and signed with one call of the signer's program.

Each request prepares or signs one document, so that the page says what has become of every one, and whatever breaks off is
taken up where it stopped.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.cases import viewing, working
from app.domain.errors import Declined, Forbidden, Invalid, NotFound, RasimError, Unavailable
from app.domain.passport import SIGN
from app.domain.permissions import Action
from app.domain.views import DocumentToSign
from app.web.errors import page_of
from app.web.language import say_sentence
from app.web.office import office
from app.web.security import allowed
from app.web.signing import read_signatures

pages = Blueprint("signing_desk", __name__)

_TOLD_IN_ITS_ROW = (Declined, Forbidden, Invalid, NotFound, Unavailable)


@pages.get("/signing")
@allowed(Action.VIEW_SIGNING)
def page() -> str:
    service = request.args.get("service", "")
    desk = viewing.signing_desk(office(), g.actor, service=service)
    return render_template("signing_desk.html", desk=desk, at_once=viewing.AT_ONCE)


@pages.post("/signing/<item_id>/prepare")
@allowed(Action.VIEW_SIGNING)
def prepare(item_id: str) -> Response | tuple[Response, int]:
    """Prints one document for this signatory. A script gets what it needs to show and sign it; a form leads back."""
    try:
        document = working.prepare_signing(office(), g.actor, item_id)
    except _TOLD_IN_ITS_ROW as error:
        return _refused(error)
    if not _by_script():
        return redirect(url_for(".page", service=request.form.get("service") or None, _anchor=f"row-{item_id}"))
    rev = viewing.work_item(office(), g.actor, item_id).rev
    return jsonify(_as_json(document) | {"rev": rev})


@pages.post("/signing/<item_id>/sign")
@allowed(Action.VIEW_SIGNING)
def sign(item_id: str) -> Response | tuple[Response, int]:
    """Takes the signature over one document and finishes its step; nobody else's document is touched by what goes wrong."""
    try:
        working.complete(
            office(),
            g.actor,
            item_id,
            rev=request.form.get("rev", -1, type=int),
            outcome=SIGN,
            answers={},
            signatures=read_signatures(request.form, request.files),
        )
    except _TOLD_IN_ITS_ROW as error:
        return _refused(error)
    return jsonify({"words": gettext("Signed; the case has moved on.")})


def _refused(error: RasimError) -> tuple[Response, int]:
    if not _by_script():
        raise error
    return jsonify({"words": say_sentence(error.sentence)}), page_of(error).status


def _by_script() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _as_json(document: DocumentToSign) -> dict[str, Any]:
    want = document.wanted[0]
    return {
        "document": document.id,
        "shown": url_for("documents.show", document_id=document.id),
        "bytes": bytes_to_sign(document),
        "sha256": document.sha256,
        "iin": want.iin,
        "bin": want.bin,
    }


@pages.app_template_filter("bytes_to_sign")
def bytes_to_sign(document: DocumentToSign) -> str:
    """Where the very bytes stand that a signature covers."""
    return url_for("documents.to_sign", document_id=document.id)
