"""Who calls: the person of the bearer token. Cookies say nothing here, so that no other site's page can call in one's name."""

from __future__ import annotations

from flask import g, request

from app.cases import tokens
from app.cases.tokens import Scope
from app.domain.errors import Forbidden, Unknown
from app.domain.people import Actor
from app.web.office import office

ROOT = "/api/"
READABLE = "/api/v1/"  # the document as a page, for people: with session, language and theme as any other
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def is_for_programs() -> bool:
    """Whether the request at hand is a program's: everything below /api/, what does not exist there too."""
    return request.path.startswith(ROOT) and request.path != READABLE


def caller() -> Actor | None:
    """The token's person; None where no token came. Raises Unknown for a token that does not work."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    bearer = tokens.bearer_of(office(), token.strip())
    if bearer is None:
        g.token_refused = True
        raise Unknown("The token is wrong, has expired or was revoked.")
    g.scope = bearer.scope
    return bearer.actor


def require_token() -> None:
    """Raises Unknown for a guest, and Forbidden for a change by a token that may only read."""
    if g.actor is None:
        raise Unknown("A token is needed: “Authorization: Bearer …”. Signed-in people make tokens on the page /tokens.")
    if request.method not in SAFE and g.scope is not Scope.WRITE:
        raise Forbidden("This token may only read.")


def challenge() -> str:
    """What WWW-Authenticate says with a 401 (RFC 6750)."""
    return 'Bearer realm="Rasim"' + (', error="invalid_token"' if g.get("token_refused") else "")
