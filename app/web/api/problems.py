"""Errors as problem details (RFC 9457), in the caller's language. The table from errors to status and title is the pages' own,
in `app/web/errors.py`; here are the words that speak of requests instead of pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from flask import Response, request
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException

from app.domain.errors import Problem, Sentence
from app.web.api.bearer import challenge
from app.web.language import language, say_sentence, say_size

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:rasim:problem:"

HTTP = {
    400: ("unreadable", _l("The request could not be read"), _l("The body of the request is not what its type promises.")),
    404: ("not-found", _l("Nothing found here"), _l("There is nothing at this address.")),
    405: (
        "method-not-allowed",
        _l("Not done here"),
        _l("This address does not take such a request; “Allow” names those it takes."),
    ),
    413: ("too-large", _l("The request is too large"), _l("At most %(limit)s can be sent at once.")),
    415: ("unsupported-media-type", _l("Not such a type"), _l("This address does not take a body of this type.")),
}
"""What the server itself refuses: name of the type, title, sentence."""


def problem_details(status: int, name: str, title: str, sentence: Sentence | str, problems: Iterable[Problem] = ()) -> Response:
    """`problems` stand under `errors`, each at its place in the body (`pointer`) or among the parameters (`parameter`)."""
    detail = say_sentence(sentence) if isinstance(sentence, Sentence) else str(sentence)
    told = {"type": TYPE + name, "title": str(title), "status": status, "detail": detail, "instance": request.path}
    if errors := [_error(each) for each in problems]:
        told["errors"] = errors
    response = Response(json.dumps(told, ensure_ascii=False), status, content_type=MEDIA_TYPE)
    response.headers["Content-Language"] = language()
    if status == 401:
        response.headers["WWW-Authenticate"] = challenge()
    return response


def http_problem(error: HTTPException) -> Response:
    status = error.code if error.code in HTTP else 400
    name, title, words = HTTP[status]
    if status == 413:
        words = words % {"limit": say_size(request.max_content_length or 0)}
    response = problem_details(status, name, title, words)
    allowed = getattr(error, "valid_methods", None)
    if status == 405 and allowed:
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def _error(problem: Problem) -> dict[str, str]:
    where = {"parameter": problem.place[1:]} if problem.place.startswith("?") else {"pointer": pointer(problem.place)}
    return {**where, "detail": say_sentence(problem.sentence)}


def pointer(place: str) -> str:
    """A place in the words of the forms, `form.table[row].column`, as a JSON pointer in a URI fragment (RFC 6901, 6). What is
    one already stays as it is."""
    if place.startswith("#"):
        return place
    return "#/" + "/".join(re.sub(r"\[(\d+)\]", r".\1", place).split("."))
