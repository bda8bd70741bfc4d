"""A draft's passport: as text beside its outline, its lists as tables, and its forms as people will see them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from app.cases.design import drafts
from app.cases.design import passport_editing as editing
from app.domain.errors import Declined, Invalid, RasimError, Sentence, Stale
from app.domain.passport import Form, Ground
from app.domain.permissions import Action, may
from app.domain.text import LANGUAGES
from app.store.passport_text import Part
from app.web.design import passport_tables as tables
from app.web.forms import FormView
from app.web.language import language, shown_in
from app.web.office import office
from app.web.security import allowed

pages = Blueprint("passport", __name__, url_prefix="/design/drafts")

Answer = str | AnyResponse | tuple[str, int]

SECTIONS = {
    "id": _l("Id"),
    "title": _l("Title"),
    "act": _l("Act"),
    "standing": _l("Standing of the act"),
    "provider": _l("Provider"),
    "channels": _l("Ways to apply"),
    "form_of_service": _l("Form of the service"),
    "schedule": _l("Working hours"),
    "opened_by": _l("Who begins a case"),
    "roles": _l("Roles"),
    "signers": _l("Signers"),
    "variants": _l("Variants"),
    "term": _l("Term"),
    "fee": _l("Fee"),
    "documents": _l("Documents"),
    "forms": _l("Forms"),
    "grounds": _l("Grounds of refusal"),
    "lookups": _l("Requests to state registers"),
    "consultations": _l("Consultations"),
    "decisions": _l("Decision tables"),
    "limits": _l("Limits of steps"),
    "switches": _l("Changes of the term"),
    "suspensions": _l("Suspensions"),
    "stops": _l("Grounds to stop the term"),
    "extensions": _l("Grounds to extend the term"),
    "hearing": _l("Hearing"),
    "office": _l("Waiting and serving"),
    "results": _l("Results"),
    "endings": _l("Endings without a document"),
    "complaints": _l("Complaints"),
    "notifications": _l("Notifications"),
    "monitoring": _l("Monitoring"),
    "contacts": _l("Contacts"),
    "silent": _l("Where the act is silent"),
    "oddities": _l("Oddities of the print"),
}
_NAMED_BY = ("title", "label", "body", "text", "message", "duty", "id", "element", "about", "place", "at")


# --- As text --------------------------------------------------------------------------------------------------------


@pages.get("/<draft_id>/passport")
@allowed(Action.VIEW_DESIGN)
def page(draft_id: str) -> str:
    return _show_text(draft_id)


@pages.post("/<draft_id>/passport")
@allowed(Action.EDIT_DRAFT)
def save(draft_id: str) -> Answer:
    """Keeps the text; a script is answered with the new revision, and keeps its page."""
    text, rev = request.form.get("text", ""), request.form.get("rev", type=int)
    if rev is None:
        raise Invalid("The revision the change was made upon is missing.")
    by_script = request.accept_mimetypes.best == "application/json"
    try:
        rev = editing.save_text(office(), g.actor, draft_id, text, rev=rev)
    except (Stale, Declined, Invalid) as error:
        if by_script:
            raise
        return _show_text(draft_id, typed=text, rev=rev, error=error), 422
    if by_script:
        return jsonify(rev=rev)
    flash(gettext("The passport is saved."))
    return redirect(url_for(".page", draft_id=draft_id, checked=1), 303)


@pages.post("/<draft_id>/passport/copy")
@allowed(Action.EDIT_DRAFT)
def copy(draft_id: str) -> AnyResponse:
    new = editing.copy_with_text(office(), g.actor, draft_id, request.form.get("text", ""))
    return redirect(url_for(".page", draft_id=new), 303)


def _show_text(draft_id: str, *, typed: str | None = None, rev: int | None = None, error: RasimError | None = None) -> str:
    view = editing.passport_text(office(), g.actor, draft_id)
    return render_template(
        "design/passport.html",
        view=view.draft,
        text=view.text if typed is None else typed,
        rev=view.draft.rev if rev is None else rev,
        error=error,
        parts=view.parts,
        lists=tables.tables_of(view),
        may_edit=_may_edit(view),
        checked=_checked(draft_id),
    )


def _may_edit(view: editing.PassportText) -> bool:
    return view.draft.status.is_open and may(g.actor, Action.EDIT_DRAFT)


def _checked(draft_id: str) -> Any:
    """What the checks say, where the address asks for it: they take a moment."""
    return drafts.check_draft(office(), g.actor, draft_id) if "checked" in request.args else None


@pages.app_template_filter("part_name")
def say_part(part: Part) -> str:
    """What an outline calls a part: the words of its key, or the item's own name in the reader's language."""
    key = part.place.rpartition(".")[2]
    if not key.endswith("]"):
        return str(SECTIONS.get(key, key))
    value = part.value if isinstance(part.value, dict) else {}
    named = next((value[name] for name in _NAMED_BY if value.get(name)), part.value)
    return say_given(named)


@pages.app_template_filter("given_text")
def say_given(value: Any) -> str:
    """A text as an unfinished passport gives it, in the reader's language where it has that."""
    if isinstance(value, dict):
        value = value.get(language()) or next((each for each in value.values() if isinstance(each, str)), "")
    return str(value)


# --- As tables ------------------------------------------------------------------------------------------------------


@pages.get("/<draft_id>/passport/lists/<name>")
@allowed(Action.VIEW_DESIGN)
def listed(draft_id: str, name: str) -> str:
    view = editing.passport_text(office(), g.actor, draft_id)
    return _show_list(view, tables.table_of(view, name))


@pages.post("/<draft_id>/passport/lists/<name>")
@allowed(Action.EDIT_DRAFT)
def change(draft_id: str, name: str) -> Answer:
    """Puts what was typed over into the text, and does what the pressed button says."""
    view = editing.passport_text(office(), g.actor, draft_id)
    table = tables.table_of(view, name)
    rows, typed = tables.rows_of(view, table), tables.read_typed(table, request.form)
    try:
        if request.form.get("rev", type=int) != view.draft.rev:
            raise Stale("%(name)s has saved this draft since you opened it.", name=view.draft.changed_by)
        edit = _both(tables.typed_edit(table, rows, typed), _action_edit(table, rows))
        editing.change_passport(office(), g.actor, draft_id, edit, rev=view.draft.rev)
    except (Stale, Declined, Invalid) as error:
        return _show_list(view, table, tables.merged(rows, typed), error), 412 if isinstance(error, Stale) else 422
    flash(gettext("The passport is saved."))
    return redirect(url_for(".listed", draft_id=draft_id, name=name, checked=1), 303)


def _action_edit(table: tables.Table, rows: tuple[tables.Cells, ...]) -> editing.Edit | None:
    action = request.form.get("action", "")
    if action == "add":
        return tables.added_edit(table, request.form)
    return tables.row_edit(table, rows, action) if action else None


def _both(first: editing.Edit, then: editing.Edit | None) -> editing.Edit:
    return first if then is None else lambda text: then(first(text))


def _show_list(
    view: editing.PassportText,
    table: tables.Table,
    rows: tuple[tables.Cells, ...] | None = None,
    error: RasimError | None = None,
) -> str:
    saved = tables.rows_of(view, table)
    return render_template(
        "design/passport_list.html",
        view=view.draft,
        table=table,
        rows=saved if rows is None else rows,
        was=tables.packed(saved),
        lists=tables.tables_of(view),
        error=error,
        is_stale=isinstance(error, Stale),
        typed=request.form,
        may_edit=_may_edit(view),
        checked=_checked(view.draft.id),
    )


# --- As people will see it ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShownForm:
    """A form in each language, or what is wrong with it."""

    id: str
    form: Form | None
    languages: Mapping[str, str]  # language → drawn fields
    problems: tuple[tuple[str, Sentence], ...] = ()


@pages.get("/<draft_id>/passport/preview")
@allowed(Action.VIEW_DESIGN)
def preview(draft_id: str) -> str:
    view = editing.passport_text(office(), g.actor, draft_id)
    return _show_preview(view, view.text, request.args)


@pages.post("/<draft_id>/passport/preview")
@allowed(Action.VIEW_DESIGN)
def preview_unsaved(draft_id: str) -> str:
    """Of the text as it stands in the editor; nothing is kept."""
    view = editing.passport_text(office(), g.actor, draft_id)
    return _show_preview(view, request.form.get("text", "").replace("\r\n", "\n"), request.form)


def _show_preview(view: editing.PassportText, text: str, chosen: Mapping[str, str]) -> str:
    try:
        found, error = editing.preview(text), None
    except Invalid as wrong:
        found, error = editing.Previewed((), (), ()), wrong
    names = [str(each.get("id", "")) for each in found.variants]
    variant = chosen["variant"] if chosen.get("variant") in names else next(iter(names), "")
    wanted = chosen.get("form", "")
    shown = [_shown(id, form, variant, found.grounds) for id, form in found.forms if wanted in ("", id)]
    return render_template(
        "design/passport_preview.html",
        view=view.draft,
        lists=tables.tables_of(view),
        text=text,
        error=error,
        variants=found.variants,
        variant=variant,
        forms=[id for id, _ in found.forms],
        form=wanted,
        shown=shown,
    )


def _shown(id: str, form: Form | Invalid, variant: str, grounds: tuple[Ground, ...]) -> ShownForm:
    if isinstance(form, Invalid):
        return ShownForm(id, None, {}, tuple((each.place, each.sentence) for each in form.problems))
    in_force = tuple(each for each in grounds if variant in each.variants)
    try:
        return ShownForm(id, form, dict(_in_languages(form, variant, in_force)))
    except Invalid as wrong:  # a condition that names what is not there
        return ShownForm(id, form, {}, (("visible_when", wrong.sentence),))


def _in_languages(form: Form, variant: str, grounds: tuple[Ground, ...]) -> Iterator[tuple[str, str]]:
    for each in LANGUAGES:
        drawn = FormView(replace(form, id=f"{each}-{form.id}"), {}, variant=variant, grounds=grounds)
        with shown_in(each):
            words = render_template("design/_shown_form.html", form=drawn)
        yield each, words
