"""Stored documents and their detached signatures, as the exact bytes that were kept."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, g, redirect, request, url_for
from werkzeug.http import dump_options_header
from werkzeug.wrappers import Response as AnyResponse

from app.cases import reading, viewing
from app.domain.errors import NotFound
from app.domain.views import CaseView, DocumentView
from app.web.office import office
from app.web.security import signed_in

SHOWN_IN_PLACE = frozenset({"application/pdf", "image/png", "image/jpeg"})

FETCHED_BY_A_SCRIPT = "empty"
"""What a browser says of a request whose answer it shows to nobody (Fetch Metadata): such bytes count as not opened."""

pages = Blueprint("documents", __name__)


@pages.get("/documents/<document_id>")
@signed_in
def show(document_id: str) -> Response:
    view, content = viewing.document(office(), g.actor, document_id)
    if request.method == "GET" and request.headers.get("Sec-Fetch-Dest") != FETCHED_BY_A_SCRIPT:
        reading.note_document(office(), g.actor, document_id, view.sha256)
    how = "inline" if view.media_type in SHOWN_IN_PLACE else "attachment"
    return as_file(content, view.media_type, how, view.filename)


@pages.get("/documents/<document_id>/signatures/<int:number>")
@signed_in
def signature(document_id: str, number: int) -> Response:
    filename, content = viewing.signature_of(office(), g.actor, document_id, number)
    return as_file(content, "application/pkcs7-signature", "attachment", filename)


@pages.get("/documents/<document_id>/to-sign")
@signed_in
def to_sign(document_id: str) -> Response:
    """The bytes that a signature under the document covers: the file, or of a PDF all but the place of the signature."""
    content = viewing.bytes_to_sign(office(), g.actor, document_id)
    return as_file(content, "application/octet-stream", "attachment", f"{document_id}.bin")


@pages.get("/documents/<document_id>/signatures/<int:number>/revocation")
@signed_in
def revocation(document_id: str, number: int) -> Response:
    """What authorities answered on revocation when the signature came in."""
    filename, content = viewing.revocation_evidence(office(), g.actor, document_id, number)
    return as_file(content, "application/zip", "attachment", filename)


@pages.get("/cases/<case_id>/result")
@signed_in
def result(case_id: str) -> AnyResponse:
    """The signed result of a case: the certificate or the refusal."""
    found = _result_of(viewing.case(office(), g.actor, case_id))
    return redirect(url_for(".show", document_id=found.id))


@pages.get("/cases/<case_id>/result/signature")
@signed_in
def result_signature(case_id: str) -> AnyResponse:
    found = _result_of(viewing.case(office(), g.actor, case_id))
    return redirect(url_for(".signature", document_id=found.id, number=1))


def _result_of(case: CaseView) -> DocumentView:
    results = {result.id for result in case.passport.results}
    found = next((d for d in case.documents if d.kind in results and d.signatures), None)
    if found is None:
        raise NotFound("The case %(number)s has no signed result yet.", number=case.number or case.id)
    return found


def as_file(content: bytes, media_type: str, how: str, filename: str) -> Response:
    """A response that is a file; `how` is inline or attachment. A header holds Latin letters only, so the name stands in it
    encoded as well (RFC 6266)."""
    name = "".join(sign for sign in filename if sign.isprintable()) or "document"
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = dump_options_header(how, {"filename": plain, "filename*": f"UTF-8''{quote(name)}"})
    return response
