"""All of /api/v1: every resource, the document, and the page that shows it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, current_app, render_template
from markupsafe import Markup, escape

from app.web.api import (
    absences,
    applications,
    arranging,
    cases,
    disclosure,
    incidents,
    journal,
    others,
    services,
    signing_desk,
    supervision,
    talk,
    tasks,
    terms,
    units,
)
from app.web.api.document import ROOT, openapi
from app.web.api.operations import JSON, Operations
from app.web.security import access_of, csrf, public

VERSION = "1.0"

pages = Blueprint("api", __name__, url_prefix=ROOT)
csrf.exempt(pages)  # a token is never sent by a browser of its own accord

api = Operations(pages)
for resource in (services, applications, tasks, arranging, signing_desk, cases, talk, terms, disclosure):
    resource.tell(api)
for resource in (journal, supervision, incidents, absences, units, others):
    resource.tell(api)


def document() -> dict[str, Any]:
    """The OpenAPI document of this application."""
    access = {each.name: access_of(current_app, f"{pages.name}.{each.name}") for each in api.all}
    return openapi(api.all, access, VERSION)


@pages.get("/openapi.json", provide_automatic_options=False)
@public
def description() -> Response:
    return Response(json.dumps(document(), ensure_ascii=False), content_type=JSON)


@pages.get("/")
@public
def reference() -> str:
    """The document as a page, for reading."""
    return render_template("api_reference.html", document=document(), root=ROOT)


@pages.app_template_filter("coded")
def say_coded(text: str) -> Markup:
    """Prose of the document, in which code stands between backquotes."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


@pages.app_template_filter("shape")
def say_shape(schema: Mapping[str, Any]) -> Markup:
    """A schema in a few words: the name of a shape as a link, or the type with its limits."""
    if reference := schema.get("$ref"):
        name = reference.rpartition("/")[2]
        return Markup('<a href="#shape-{0}">{0}</a>').format(name)
    if kinds := schema.get("anyOf"):
        return Markup(" | ").join(say_shape(kind) for kind in kinds)
    if values := schema.get("enum"):
        return Markup(" | ").join(Markup("{}").format(value) for value in values)
    limits = ("format", "pattern", "minimum", "maximum", "minLength", "maxLength")
    told = [str(schema.get("type", "")), *(f"{name} {schema[name]}" for name in limits if name in schema)]
    return Markup("{}").format(", ".join(told))
