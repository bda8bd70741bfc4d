"""Documents, notices, who calls, and in demonstration mode the clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Response, g, request
from pydantic import AwareDatetime, Field

from app.cases import demonstration, viewing
from app.cases.reading import note_document
from app.cases.tokens import Scope
from app.domain.errors import NotFound
from app.domain.permissions import Action
from app.web.api.document_shapes import Document
from app.web.api.operations import Operations, page_of
from app.web.api.shapes import Given, Listed, PageQuery, Told, Words, in_order
from app.web.documents import as_file
from app.web.language import ZONE, say
from app.web.office import office
from app.web.security import allowed, signed_in


class Me(Told):
    """Whom the token acts for, today."""

    id: str
    login: str
    name: str
    position: Words
    organisation: str
    iin: str
    bin: str
    roles: list[str] = Field(description="Held or stood in for.")
    scope: Scope


class Notice(Told):
    id: str
    at: datetime
    case_id: str
    sentence: str = Field(description="In the caller's language.")
    read: bool
    document_id: str | None


class Clock(Told):
    now: datetime
    is_working_day: bool
    holiday: Words | None


class NewMoment(Given):
    to: AwareDatetime = Field(description="The clock moves forward only.")


class Moved(Told):
    now: datetime
    fired: int = Field(description="Terms that fell due on the way.")
    failed: int


def tell(api: Operations) -> None:
    _tell_documents(api)
    _tell_notices(api)
    _tell_clock(api)

    @api.add("GET", "/me", "Caller", "Who I am", answer=Me)
    @signed_in
    def get_caller() -> Me:
        """The person the token acts for, with the roles held or stood in for today."""
        own = {name: getattr(g.actor, name) for name in ("id", "login", "name", "position", "organisation", "iin", "bin")}
        return Me.model_validate({**own, "roles": in_order(g.actor.roles), "scope": g.scope})


def _tell_documents(api: Operations) -> None:
    tag = "Documents"

    @api.add("GET", "/documents/<document_id>", tag, "A document", answer=Document)
    @signed_in
    def get_document(document_id: str) -> Document:
        """What it is, its digest, and the signatures under it with their verdicts."""
        return Document.model_validate(viewing.document(office(), g.actor, document_id)[0])

    @api.add("GET", "/documents/<document_id>/content", tag, "A document's bytes", media_types=("*/*",))
    @signed_in
    def get_content(document_id: str) -> Response:
        """Exactly as they were attached, or printed and signed. That it was opened is kept."""
        view, content = viewing.document(office(), g.actor, document_id)
        if request.method == "GET":
            note_document(office(), g.actor, document_id, view.sha256)
        return as_file(content, view.media_type, "attachment", view.filename)

    @api.add("GET", "/documents/<document_id>/to-sign", tag, "The bytes to sign", media_types=("application/octet-stream",))
    @signed_in
    def get_bytes_to_sign(document_id: str) -> Response:
        """What a signature under the document covers: the file, or of a PDF all but the place of the signature."""
        content = viewing.bytes_to_sign(office(), g.actor, document_id)
        return as_file(content, "application/octet-stream", "attachment", f"{document_id}.bin")

    @api.add(
        "GET",
        "/documents/<document_id>/signatures/<int:number>",
        tag,
        "A signature",
        media_types=("application/pkcs7-signature",),
    )
    @signed_in
    def get_signature(document_id: str, number: int) -> Response:
        """The detached CMS; signatures are counted from 1."""
        filename, content = viewing.signature_of(office(), g.actor, document_id, number)
        return as_file(content, "application/pkcs7-signature", "attachment", filename)


def _tell_notices(api: Operations) -> None:
    tag = "Notices"

    @api.add("GET", "/notices", tag, "Notices", answer=Listed[Notice], query=PageQuery)
    @signed_in
    def list_notices(query: PageQuery) -> Listed[Notice]:
        """What the system told the caller, newest first."""
        found = viewing.notices(office(), g.actor, page=query.page)
        names = ("id", "at", "case_id", "read", "document_id")
        rows: list[dict[str, Any]] = [
            {**{name: getattr(each, name) for name in names}, "sentence": say(each.sentence, each.values)} for each in found.rows
        ]
        return Listed[Notice](items=[Notice.model_validate(row) for row in rows], **page_of(found))

    @api.add("POST", "/notices/<notice_id>/read", tag, "Mark a notice as read", status=204)
    @signed_in
    def read_notice(notice_id: str) -> None:
        """Of the caller's own; anything else changes nothing."""
        viewing.read_notice(office(), g.actor, notice_id)


def _tell_clock(api: Operations) -> None:
    tag = "Clock of the demonstration"

    @api.add("GET", "/clock", tag, "Where the clock stands", answer=Clock, problems=(404,))
    @allowed(Action.SET_CLOCK)
    def get_clock() -> Clock:
        """Only in demonstration mode."""
        _require_demonstration()
        now, calendar = office().clock.now(), office().calendar
        day = now.astimezone(ZONE).date()
        return Clock.model_validate(
            {"now": now, "is_working_day": calendar.is_working(day), "holiday": calendar.holiday_name(day)}
        )

    @api.add(
        "POST",
        "/clock",
        tag,
        "Move the clock forward",
        answer=Moved,
        body=NewMoment,
        problems=(404,),
        example={"to": "2026-03-27T18:00:00+05:00"},
    )
    @allowed(Action.SET_CLOCK)
    def move_clock(body: NewMoment) -> Moved:
        """Every term on the way falls due at its own moment. Only in demonstration mode."""
        _require_demonstration()
        swept = demonstration.move_clock(office(), g.actor, body.to.astimezone(UTC))
        return Moved(now=office().clock.now(), fired=swept.fired, failed=swept.failed)


def _require_demonstration() -> None:
    if not office().settings.demonstration:
        raise NotFound("The clock can be set in demonstration mode only.")
