"""All of /api/v1: every resource, the document, and the page that shows it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, json, render_template

from app.web.api import applications, cases, others, services, tasks
from app.web.api.document import openapi
from app.web.api.operations import JSON, Operations
from app.web.security import access_of, csrf, public

VERSION = "1.0"

pages = Blueprint("api", __name__, url_prefix="/api/v1")
csrf.exempt(pages)  # a token is never sent by a browser of its own accord

api = Operations(pages)
for resource in (services, applications, tasks, cases, others):
    resource.tell(api)


def document() -> dict[str, Any]:
    """The OpenAPI document of this application."""
    access = {each.name: access_of(current_app, f"{pages.name}.{each.name}") for each in api.all}
    return openapi(api.all, access, VERSION)


@pages.get("/openapi.json")
@public
def description() -> Response:
    return Response(json.dumps(document()), content_type=JSON)


@pages.get("/")
@public
def reference() -> str:
    """The document as a page, for reading."""
    return render_template("api_reference.html", document=document())
