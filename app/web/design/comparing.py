"""Two editions of a service side by side: what they mean differently, in words; the two pictures; and the lines of the files."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import Blueprint, Response, g, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.cases import viewing
from app.cases.design import comparing, exchanging
from app.cases.design.comparing import Comparison, Edition
from app.domain.changes import ChangeKind, Difference
from app.domain.permissions import Action
from app.domain.text import Text
from app.web.language import say_term, say_text
from app.web.office import office
from app.web.security import allowed

pages = Blueprint("comparing", __name__, url_prefix="/design")

KINDS = {
    ChangeKind.ADDED: (_l("added"), "mark-good"),
    ChangeKind.REMOVED: (_l("removed"), "mark-late"),
    ChangeKind.MOVED: (_l("moved"), "mark-calm"),
    ChangeKind.CHANGED: (_l("changed"), "mark-soon"),
}

ELEMENTS = {
    "userTask": _l("step of a person"),
    "serviceTask": _l("automatic step"),
    "businessRuleTask": _l("decision by a table"),
    "callActivity": _l("called process"),
    "subProcess": _l("subprocess"),
    "exclusiveGateway": _l("choice of one way"),
    "parallelGateway": _l("ways side by side"),
    "inclusiveGateway": _l("choice of several ways"),
    "eventBasedGateway": _l("choice by what happens first"),
    "startEvent": _l("beginning"),
    "endEvent": _l("end"),
    "intermediateCatchEvent": _l("waiting for something"),
    "intermediateThrowEvent": _l("telling something"),
    "boundaryEvent": _l("event at a step"),
    "sequenceFlow": _l("way"),
    "lane": _l("lane"),
    "participant": _l("participant"),
    "process": _l("process"),
    "decision": _l("decision table"),
    "rule": _l("rule of a table"),
    "passport": _l("passport"),
}

PROPERTIES = {
    "element": _l("kind"),
    "parent": _l("stands in"),
    "lane": _l("lane"),
    "name": _l("name in Kazakh"),
    "label.kk": _l("name in Kazakh"),
    "label.ru": _l("name in Russian"),
    "label.en": _l("name in English"),
    "paragraph": _l("paragraph of the act"),
    "limit": _l("limit"),
    "from": _l("counted from"),
    "role": _l("role"),
    "form": _l("form"),
    "handler": _l("handler"),
    "inferred": _l("why it is there though the act is silent"),
    "sourceRef": _l("comes from"),
    "targetRef": _l("leads to"),
    "conditionExpression": _l("condition"),
    "default": _l("way when no condition holds"),
    "calledElement": _l("called process"),
    "attachedToRef": _l("stands at"),
    "cancelActivity": _l("ends the step"),
    "timerEventDefinition.timeDuration": _l("waits for"),
    "number": _l("place in the table"),
}

_OUTCOME = re.compile(r"(outcome|ground)\[(.+)\]\.(\w+)")
_TERM = re.compile(r"\d+ (working|calendar)-\w+")


@pages.get("/compare")
@allowed(Action.VIEW_DESIGN)
def page() -> str:
    """Two editions are named as `version:<id>` or `draft:<id>`."""
    found = comparing.compare(office(), g.actor, request.args.get("old", ""), request.args.get("new", ""))
    diagram = request.args.get("diagram", "process.bpmn")
    return render_template(
        "design/compare.html",
        view=found,
        history=viewing.service_history(office(), g.actor, found.new.service),
        diagram=diagram if diagram in found.diagrams else "",
        marks=_marks(found, diagram),
    )


@pages.get("/editions/<edition>/<path:name>")
@allowed(Action.VIEW_DESIGN)
def file(edition: str, name: str) -> Response:
    """The bytes of one file of an edition, never shown as a page."""
    content = comparing.file_of(office(), g.actor, edition, name)
    kind = "application/xml" if name.endswith((".bpmn", ".dmn")) else "text/plain; charset=utf-8"
    return Response(content, content_type=kind, headers={"Content-Disposition": "attachment"})


@pages.get("/editions/<edition>/export")
@allowed(Action.VIEW_DESIGN)
def export(edition: str) -> Response:
    """The whole service as one file."""
    name, content = exchanging.export(office(), g.actor, edition)
    response = Response(content, content_type="application/zip")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _marks(found: Comparison, diagram: str) -> list[dict[str, str]]:
    """What lights up on the pictures: the element, and what became of it; what it means goes before where it is drawn."""
    marks: dict[str, str] = {}
    for each in found.files:
        if each.name == diagram:
            marks |= dict.fromkeys(each.moved_on_paper, "paper")
            marks |= {change.place: change.what.value for change in each.changes}
    return [{"element": element, "mark": mark} for element, mark in marks.items()]


@pages.app_template_filter("edition")
def say_edition(edition: Edition) -> str:
    if edition.number:
        return gettext("version %(number)d", number=edition.number)
    return gettext("draft of %(name)s", name=edition.by)


@pages.app_template_filter("change_kind")
def say_change(kind: ChangeKind) -> str:
    return str(KINDS[kind][0])


@pages.app_template_filter("change_look")
def change_look(kind: ChangeKind) -> str:
    return KINDS[kind][1]


@pages.app_template_filter("element_kind")
def say_element(kind: str) -> str:
    return str(ELEMENTS.get(kind, kind))


@pages.app_template_filter("property")
def say_property(each: Difference) -> str:
    """What a property is called; its own name where there is no word for it."""
    found = _OUTCOME.fullmatch(each.property)
    if found is None:
        return str(PROPERTIES.get(each.property, each.property))
    kind, ref, part = found.groups()
    if kind == "ground":
        return gettext("ground of refusal %(id)s", id=ref)
    return gettext("outcome %(id)s (%(part)s)", id=ref, part=part)


@pages.app_template_filter("property_value")
def say_value(text: str, titles: Mapping[str, Text]) -> str:
    """A term in words, and a part by what it is called."""
    if text in titles:
        return say_text(titles[text])
    return say_term(text) if _TERM.fullmatch(text) else text
