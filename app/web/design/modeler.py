"""What the modeler asks for beside the files of a draft: what may be picked, the act's text, a copy, and the draft itself when
somebody else has it open."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.cases.design import drafts, regulation
from app.domain.citations import cite
from app.domain.errors import Invalid
from app.domain.passport import StepLimit
from app.domain.permissions import Action
from app.web.design.sent import sent_files, sent_object
from app.web.language import say_term, say_text
from app.web.office import office
from app.web.security import allowed

pages = Blueprint("modeler", __name__, url_prefix="/design/drafts")


@pages.get("/<draft_id>/choices")
@allowed(Action.VIEW_DESIGN)
def choices(draft_id: str) -> AnyResponse:
    """What the Regulation panel offers, in the reader's words."""
    found = regulation.choices(office(), g.actor, draft_id)
    return jsonify(
        roles=[{"id": id, "title": say_text(title), "unit": say_text(unit)} for id, title, unit in found.roles],
        forms=[{"id": id, "title": say_text(title)} for id, title in found.forms],
        grounds=[{"id": id, "label": say_text(label), "said": _cited(paragraph)} for id, label, paragraph in found.grounds],
        limits={element: _limit(limit) for element, limit in found.limits.items()},
        handlers=[{"name": name, "doc": doc} for name, doc in found.handlers],
        paragraphs=[{"id": each.id, "said": _cited(each.id), "gist": each.gist} for each in found.paragraphs],
        called=list(found.called),
        decisions=list(found.decisions),
    )


def _limit(limit: StepLimit) -> dict[str, str]:
    return {"limit": say_term(limit.limit), "from": limit.counted_from, "paragraph": _cited(limit.paragraph)}


def _cited(citation: str) -> str:
    """The citation in the reader's language; as it is written where it does not follow the grammar."""
    try:
        return say_text(cite(citation))
    except Invalid:
        return citation


@pages.get("/<draft_id>/paragraph")
@allowed(Action.VIEW_DESIGN)
def paragraph(draft_id: str) -> AnyResponse:
    citation = request.args.get("citation", "")
    found = regulation.act_text(office(), g.actor, draft_id, citation)
    return jsonify(said=_cited(citation), paragraphs=[_text(each) for each in found])


def _text(each: regulation.ActText) -> dict[str, Any]:
    return {"id": each.paragraph.id, "said": _cited(each.paragraph.id), "gist": each.paragraph.gist, "words": list(each.words)}


@pages.post("/<draft_id>/copy")
@allowed(Action.EDIT_DRAFT)
def copy(draft_id: str) -> AnyResponse:
    """Takes unsaved files as the saving does, answers `{"address": "…"}` of a new draft with them."""
    new = drafts.copy_draft(office(), g.actor, draft_id, sent_files(sent_object()))
    return jsonify(address=url_for("design.draft", draft_id=new))


@pages.post("/<draft_id>/take-over")
@allowed(Action.EDIT_DRAFT)
def take_over(draft_id: str) -> AnyResponse:
    drafts.hold_draft(office(), g.actor, draft_id, take_over=True)
    return redirect(url_for("design.draft", draft_id=draft_id), 303)
