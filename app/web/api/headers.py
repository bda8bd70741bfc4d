"""Headers by which a program says what it builds upon, and that it asks once more for the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256

from flask import g, request

from app.cases.office import Office
from app.cases.repeating import once
from app.domain.errors import Invalid, problem
from app.web.api.faults import MISSHAPEN, OTHERWISE
from app.web.api.operations import Header
from app.web.office import office

KEY = r"[A-Za-z0-9._:-]{1,200}"

IF_MATCH = Header(
    "If-Match",
    "The `ETag` of the answer that the change builds upon. When another stands there now, nothing is changed (412).",
    {"type": "string", "pattern": '^"[0-9a-f]{1,64}"$'},
)
IDEMPOTENCY_KEY = Header(
    "Idempotency-Key",
    "Chosen by the program, new for each thing to be done. The same request with the same key is carried out once and answered"
    " alike; another request with it is refused (422). A key is remembered for 30 days.",
    {"type": "string", "pattern": f"^{KEY}$"},
)
ETAG = {"ETag": "The edition of what is told, for `If-Match`."}
LOCATION = {"Location": "Address of what was made."}


def required_edition() -> str | None:
    """The edition named by If-Match; None: whatever stands there."""
    if "*" in request.if_match or not request.if_match:
        return None
    return next(iter(request.if_match.as_set()), None)


def once_by_key(do: Callable[[Office], object]) -> None:
    """Calls a use case with the office, unless this very request was carried out before with its key."""
    once(office(), g.actor, _idempotency_key(), _request_digest(), do)


def _idempotency_key() -> str:
    """ "" where none is given. Raises Invalid for one of another form."""
    key = request.headers.get("Idempotency-Key", "")
    if key and not re.fullmatch(KEY, key):
        raise Invalid(MISSHAPEN, problems=[problem("?Idempotency-Key", OTHERWISE)])
    return key


def _request_digest() -> str:
    """What makes two requests the same: method, address and body."""
    total = sha256(f"{request.method} {request.path}\0".encode())
    total.update(request.get_data())
    return total.hexdigest()
