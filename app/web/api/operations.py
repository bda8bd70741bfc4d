"""Turns functions into addresses: reads what is sent by its shape, calls, answers; and keeps what the document says of each.

A function says by a decorator of `app.web.security` who may call it, like a page. It is called with the parts of its address by
name, and with `query` and `body` where shapes are given for them. It returns a shape, a `Reply` where headers belong to it, a
whole response for bytes, or None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from app.domain.errors import Invalid, NotFound
from app.domain.views import Page
from app.web.api.faults import MISSHAPEN, problems_of
from app.web.api.shapes import Given, Listed, Query, Told

JSON = "application/json"
ID = r"[0-9a-f]{32}"
PARTS = {"service_id": r"[a-z0-9][a-z0-9-]{0,63}", "rule_id": r"[A-Za-z0-9_-]{1,64}"}
"""What parts of addresses look like; every other is an id."""

View = TypeVar("View", bound=Callable[..., Any])
Row = TypeVar("Row", bound=Told)


@dataclass(frozen=True, slots=True)
class Reply:
    told: Told
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Header:
    """A header of the request, for the document."""

    name: str
    description: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    rule: str
    tag: str
    summary: str
    view: Callable[..., Any]
    answer: type[Told] | None = None  # None: nothing, or bytes of `media_types`
    status: int = 200
    query: type[Query] = Query
    body: type[Given] | None = None
    takes: Sequence[str] = ()  # media types of a body that is bytes
    media_types: Sequence[str] = ()  # of an answer that is bytes
    headers: Sequence[Header] = ()
    answer_headers: Mapping[str, str] = field(default_factory=dict)  # name → what it says
    problems: Sequence[int] = ()  # statuses besides those that follow from the rest
    example: Any = None  # of the body

    @property
    def name(self) -> str:
        return self.view.__name__

    @property
    def description(self) -> str:
        return " ".join((self.view.__doc__ or "").split())


class Operations:
    """The operations of a blueprint, in the order of the document."""

    def __init__(self, blueprint: Blueprint) -> None:
        self.blueprint = blueprint
        self.all: list[Operation] = []

    def add(self, method: str, rule: str, tag: str, summary: str, **told: Any) -> Callable[[View], View]:
        def decorate(view: View) -> View:
            operation = Operation(method, rule, tag, summary, view, **told)
            self.all.append(operation)
            self.blueprint.add_url_rule(
                rule, view.__name__, _called(operation), methods=[method], provide_automatic_options=False
            )
            return view

        return decorate


def _called(operation: Operation) -> Callable[..., Response]:
    @wraps(operation.view)  # the guard asks the view who may call it
    def call(**parts: Any) -> Response:
        _check_parts(parts)
        given: dict[str, Any] = {}
        if operation.query is not Query:
            given["query"] = _query(operation.query)
        else:
            _query(Query)
        if operation.body is not None:
            given["body"] = _body(operation.body)
        elif operation.takes and request.mimetype not in operation.takes:
            raise UnsupportedMediaType
        return _response(operation, operation.view(**parts, **given))

    return call


def _check_parts(parts: Mapping[str, Any]) -> None:
    for name, value in parts.items():
        if isinstance(value, str) and not re.fullmatch(PARTS.get(name, ID), value):
            raise NotFound("There is nothing at this address.")


def _query(shape: type[Query]) -> Any:
    try:
        return shape.model_validate(request.args.to_dict())
    except ValidationError as error:
        raise Invalid(MISSHAPEN, problems=problems_of(error, "?")) from error


def _body(shape: type[Given]) -> Any:
    if request.mimetype != JSON:
        raise UnsupportedMediaType
    try:
        return shape.model_validate_json(request.get_data(), strict=True)
    except ValidationError as error:
        if error.errors()[0]["type"] == "json_invalid":
            raise BadRequest from error
        raise Invalid(MISSHAPEN, problems=problems_of(error, "#/")) from error


def _response(operation: Operation, result: Any) -> Response:
    if isinstance(result, Response):
        return result
    if result is None:
        return Response(status=204)
    reply = result if isinstance(result, Reply) else Reply(result)
    response = Response(_json(reply.told), operation.status, content_type=JSON)
    response.headers.update(reply.headers)
    response.headers["Vary"] = "Accept-Language, Authorization"
    return response


def _json(told: BaseModel) -> str:
    return told.model_dump_json()


def listed(row: type[Row], found: Page[Any]) -> Listed[Row]:
    """A page of a list, each of its lines in this shape."""
    return Listed[Row](items=[row.model_validate(each) for each in found.rows], **page_of(found))


def page_of(found: Page[Any]) -> dict[str, Any]:
    """Where in its list a page stands, as every list says it."""
    following = _next_page(found.number, found.pages)
    return {"page": found.number, "pages": found.pages, "total": found.total, "next": following}


def _next_page(page: int, pages: int) -> str | None:
    """The address of the next page: this one's, with everything asked for in it."""
    if page >= pages:
        return None
    return f"{request.path}?{urlencode({**request.args.to_dict(), 'page': page + 1})}"
