"""Who may open a page, and what a browser may do with it: guards, session, CSRF, headers.

A program's request is known by its token, a person's by the session. Every view says who may open it by one of three
decorators; a view without one is not served at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from app.cases import people
from app.domain.errors import Misconfigured
from app.domain.permissions import Action, require
from app.web.api.bearer import caller, is_for_programs, require_token
from app.web.office import office

View = TypeVar("View", bound=Callable[..., Any])

SESSION_LENGTH = timedelta(hours=12)
FORM_TEXT_BYTES = 4 * 1024 * 1024  # typed text of one form, a table of some thousand rows included
FORM_PARTS = 20_000  # cells of such a table
UPLOAD_FRAME_BYTES = 1024 * 1024  # what stands round a file in its request

csrf = CSRFProtect()


@dataclass(frozen=True, slots=True)
class Access:
    """Who may open a view: anyone, anyone signed in, or whom the permission table allows an action."""

    signed_in: bool
    action: Action | None = None


def _with(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Open to guests."""
    return _with(view, Access(signed_in=False))


def signed_in(view: View) -> View:
    """Open to anyone signed in; the use case decides about the thing asked for."""
    return _with(view, Access(signed_in=True))


def allowed(action: Action) -> Callable[[View], View]:
    """Open to those the permission table allows this action, whatever the subject."""
    return lambda view: _with(view, Access(signed_in=True, action=action))


def secure(app: Flask, *, signer_url: str | None) -> None:
    """Adds session settings, CSRF, guards and headers to the application."""
    settings = app.extensions["office"].settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="rasim",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https://"),
        PERMANENT_SESSION_LIFETIME=SESSION_LENGTH,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form left open over lunch is not lost
        MAX_CONTENT_LENGTH=settings.max_upload_bytes + UPLOAD_FRAME_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_TEXT_BYTES,
        MAX_FORM_PARTS=FORM_PARTS,
    )
    app.before_request(_know_the_person)
    csrf.init_app(app)
    app.before_request(_guard)
    policy = content_policy(signer_url)
    app.after_request(lambda response: _add_headers(response, policy))


def content_policy(signer_url: str | None) -> str:
    """No inline script and nothing from other hosts; the signer's own program is the one address pages may speak to."""
    connect = "'self'" if signer_url is None else f"'self' {_origin(signer_url)}"
    return "; ".join(
        (
            "default-src 'self'",
            "img-src 'self' data:",  # Bootstrap draws its marks as data: pictures
            "font-src 'self' data:",  # bpmn-js carries its small font inside its style sheet
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'self'",
            f"connect-src {connect}",
        )
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _know_the_person() -> None:
    g.actor = None
    if is_for_programs():
        g.actor = caller()
        return
    person = session.get("person")
    if person is not None and request.endpoint != "assets.file":
        g.actor = people.actor_by_id(office(), person)
        if g.actor is None:
            session.clear()


def access_of(app: Flask, endpoint: str) -> Access:
    """Raises Misconfigured for a view that does not say who may open it."""
    access = getattr(app.view_functions[endpoint], "access", None)
    if not isinstance(access, Access):
        raise Misconfigured("The page %(endpoint)s does not say who may open it.", endpoint=endpoint)
    return access


def _guard() -> AnyResponse | None:
    if request.endpoint is None:
        return None  # no such page: said as a page of its own
    access = access_of(current_app, request.endpoint)
    if not access.signed_in:
        return None
    if is_for_programs():
        require_token()
    if g.actor is None:
        return redirect(url_for("sign_in.form", next=_return_address()))
    if access.action is not None:
        require(g.actor, access.action)
    return None


def _return_address() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" else None


def local_address(address: str | None) -> str | None:
    """The address if it stays on this site, else None: nobody is sent elsewhere by a forged link."""
    if not address or not address.startswith("/") or address[1:2] in ("/", "\\"):
        return None
    return address if "\\" not in address and "\n" not in address and "\r" not in address else None


def _add_headers(response: Response, policy: str) -> Response:
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "assets.file":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
