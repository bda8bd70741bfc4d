"""Stored documents and their detached signatures, as the exact bytes that were kept."""

from __future__ import annotations

from hashlib import sha256

from flask import Blueprint, Response, current_app, g, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.cases import viewing
from app.cases.reading import note_reading
from app.domain.errors import NotFound
from app.domain.views import CaseView, DocumentView
from app.web.security import signed_in

SHOWN_IN_PLACE = frozenset({"application/pdf", "image/png", "image/jpeg"})

pages = Blueprint("documents", __name__)


@pages.get("/documents/<document_id>")
@signed_in
def show(document_id: str) -> Response:
    office = current_app.extensions["office"]
    view, content = viewing.document(office, g.actor, document_id)
    if view.case_id is not None:
        note_reading(office, g.actor, view.case_id, document_id=document_id, sha256=sha256(content).hexdigest())
    how = "inline" if view.media_type in SHOWN_IN_PLACE else "attachment"
    return _file(content, view.media_type, how, view.filename)


@pages.get("/documents/<document_id>/signatures/<int:number>")
@signed_in
def signature(document_id: str, number: int) -> Response:
    filename, content = viewing.signature_of(current_app.extensions["office"], g.actor, document_id, number)
    return _file(content, "application/pkcs7-signature", "attachment", filename)


@pages.get("/cases/<case_id>/result")
@signed_in
def result(case_id: str) -> AnyResponse:
    """The signed result of a case: the certificate or the refusal."""
    found = _result_of(viewing.case(current_app.extensions["office"], g.actor, case_id))
    return redirect(url_for(".show", document_id=found.id))


@pages.get("/cases/<case_id>/result/signature")
@signed_in
def result_signature(case_id: str) -> AnyResponse:
    found = _result_of(viewing.case(current_app.extensions["office"], g.actor, case_id))
    return redirect(url_for(".signature", document_id=found.id, number=1))


def _result_of(case: CaseView) -> DocumentView:
    results = {result.id for result in case.passport.results}
    found = next((d for d in case.documents if d.kind in results and d.signatures), None)
    if found is None:
        raise NotFound("The case %(number)s has no signed result yet.", number=case.number or case.id)
    return found


def _file(content: bytes, media_type: str, how: str, filename: str) -> Response:
    response = Response(content, mimetype=media_type)
    response.headers.set("Content-Disposition", how, filename=filename)
    return response
