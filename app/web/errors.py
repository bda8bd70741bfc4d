"""One table from errors to pages, and to the problem details that programs get: status, title, name."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import Flask, Response, g, render_template, request
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from app.domain.errors import (
    Declined,
    Forbidden,
    HandlerFailed,
    Hidden,
    Invalid,
    Misconfigured,
    NotFound,
    Problem,
    ProcessFailed,
    RasimError,
    Sentence,
    Stale,
    Unavailable,
    Unknown,
)
from app.web.api.bearer import is_for_programs
from app.web.api.problems import http_problem, problem_details
from app.web.language import say_size

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ErrorPage:
    status: int
    title: str
    name: str = "failed"  # of the problem's type, for programs


PAGES: dict[type[RasimError], ErrorPage] = {
    Hidden: ErrorPage(404, _l("Nothing found here"), "not-found"),
    NotFound: ErrorPage(404, _l("Nothing found here"), "not-found"),
    Unknown: ErrorPage(401, _l("Nobody is known to ask"), "unknown-caller"),
    Forbidden: ErrorPage(403, _l("You may not do this"), "forbidden"),
    Stale: ErrorPage(412, _l("Nothing was changed"), "stale"),
    Declined: ErrorPage(409, _l("Nothing was changed"), "declined"),
    Invalid: ErrorPage(422, _l("Something is not right"), "invalid"),
    Unavailable: ErrorPage(503, _l("Not available just now"), "unavailable"),
    HandlerFailed: ErrorPage(500, _l("The system met an error")),
    ProcessFailed: ErrorPage(500, _l("The system met an error")),
    Misconfigured: ErrorPage(500, _l("The system met an error")),
}

SENTENCES = {
    400: _l("The request could not be read. Go back, reload the page and try again."),
    403: _l("You may not open this page."),
    404: _l("There is no page at this address. It may have been mistyped, or the page has moved."),
    405: _l("This address does not take such a request. Go back and use the buttons of the page."),
}


def explain_errors(app: Flask) -> None:
    app.register_error_handler(RasimError, _rasim_error)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unforeseen)


def page_of(error: RasimError) -> ErrorPage:
    return next(page for kind, page in PAGES.items() if isinstance(error, kind))


Shown = tuple[str, int] | Response


def _show(page: ErrorPage, sentence: Sentence | str, problems: tuple[Problem, ...] = ()) -> Shown:
    if is_for_programs() or request.accept_mimetypes.best == "application/json":  # a script of our own pages
        return problem_details(page.status, page.name, page.title, sentence, problems)
    g.setdefault("actor", None)
    g.failed = True  # the frame asks the database nothing more
    return render_template("error.html", page=page, sentence=sentence, problems=problems), page.status


def _rasim_error(error: RasimError) -> Shown:
    page = page_of(error)
    if page.status >= 500:
        log.error("page failed", exc_info=error, extra={"action": request.endpoint})
    return _show(page, error.sentence, getattr(error, "problems", ()))


def _stale_form(error: CSRFError) -> Shown:
    return _show(ErrorPage(400, _l("The page is out of date")), _l("Go back, reload the page and send it again."))


def _too_large(error: RequestEntityTooLarge) -> Shown:
    if is_for_programs():
        return http_problem(error)
    limit = say_size(request.max_content_length or 0)
    words = _l("At most %(limit)s can be sent at once. What you typed before is kept: go back and choose a smaller file.")
    return _show(ErrorPage(413, _l("The file is too large")), words % {"limit": limit})


def _http_error(error: HTTPException) -> Shown:
    if is_for_programs():
        return http_problem(error)
    status = error.code or 500
    title = PAGES[NotFound].title if status == 404 else _l("The page cannot be shown")
    return _show(ErrorPage(status, title), SENTENCES.get(status, SENTENCES[400]))


def _unforeseen(error: Exception) -> Shown:
    log.error("page failed", exc_info=error, extra={"action": request.endpoint})
    words = _l("What you did may not have been kept. The people who run the system see the details in its log.")
    return _show(ErrorPage(500, PAGES[HandlerFailed].title), words)
