"""The application's page: the forms its documents are filled in by, the fee, the files to attach, what is to be brought, and the
summary of problems. All of it follows from the passport, for the variant and the channel of the draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from app.domain.answers import ALWAYS, documents_in, forms_for, holds, proves_payment, signed_by_hand
from app.domain.errors import NotFound, Problem, Sentence
from app.domain.fees import ONLINE, PAID_BY_GATEWAY, PAYMENT, PLACE, WAYS, is_due_before_filing
from app.domain.passport import DocumentKind, DocumentRule, Form, Source, Variant
from app.domain.text import Text
from app.domain.views import ApplicationView, DocumentView, FeeView
from app.web.conditions import browser_condition
from app.web.forms import FormView, SummaryLine, read_answers, summary


@dataclass(frozen=True, slots=True)
class Due:
    """Whether something is asked for the answers as they stand, and how the browser decides that anew."""

    now: bool
    when: str  # JSON, see app.web.conditions


@dataclass(frozen=True, slots=True)
class FormBlock:
    view: FormView
    due: Due


@dataclass(frozen=True, slots=True)
class DocumentBlock:
    """One document to attach or to bring: its rule, the file attached so far, and what is wrong with it."""

    rule: DocumentRule
    due: Due
    file: DocumentView | None = None
    problems: tuple[Sentence, ...] = ()

    @property
    def name(self) -> str:
        return f"documents.{self.rule.id}"


@dataclass(frozen=True, slots=True)
class Obtained:
    """What the provider takes from state information systems itself."""

    title: Text
    paragraph: str
    due: Due


@dataclass(frozen=True, slots=True)
class FeeBlock:
    """The fee due before filing. `by` and `stated` are what is chosen and typed so far; `receipts` says whether the act lets a
    bank's receipt stand for the payment."""

    fee: FeeView
    by: str
    stated: str
    receipts: bool
    problems: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class ApplicationPage:
    variant: Variant
    by_hand: bool
    forms: tuple[FormBlock, ...]
    fee: FeeBlock | None  # None: nothing is due before filing
    attachments: tuple[DocumentBlock, ...]
    to_bring: tuple[DocumentBlock, ...]
    obtained: tuple[Obtained, ...]
    summary: tuple[SummaryLine, ...]


def page(view: ApplicationView, problems: Sequence[Problem], *, blank_row_in: str | None = None) -> ApplicationPage:
    rules = _rules(view)
    forms = forms_of(view)
    places = {PLACE, *(f"documents.{rule.id}" for rule in rules)}
    return ApplicationPage(
        variant=_variant(view),
        by_hand=signed_by_hand(view.channel),
        forms=tuple(_form_block(view, form, problems, blank_row_in) for form in forms),
        fee=_fee_block(view, problems),
        attachments=tuple(_block(view, rule, problems) for rule in rules if rule.kind is DocumentKind.FILE),
        to_bring=tuple(_block(view, rule, problems) for rule in rules if rule.kind is DocumentKind.PAPER),
        obtained=_obtained(view),
        summary=summary(problems, forms, places),
    )


def _variant(view: ApplicationView) -> Variant:
    return view.passport.variant(view.variant)


def _rules(view: ApplicationView) -> tuple[DocumentRule, ...]:
    return documents_in(_variant(view), view.channel)


def forms_of(view: ApplicationView) -> tuple[Form, ...]:
    return forms_for(view.passport, _rules(view))


def read(view: ApplicationView, submitted: MultiDict[str, str]) -> dict[str, dict[str, Any]]:
    """What was submitted for every form of the page and for the fee, as typed."""
    answers = {form.id: read_answers(form, submitted) for form in forms_of(view)}
    by = submitted.get(f"{PAYMENT}.by", "")
    if by in WAYS and is_due_before_filing(_variant(view).fee_by(view.channel)):
        answers[PAYMENT] = {"by": by, "amount": submitted.get(f"{PAYMENT}.amount", "")}
    return answers


def to_bring(view: ApplicationView) -> list[DocumentRule]:
    """The papers and things due for a filed application, which are not attached."""
    return [rule for rule in _rules(view) if rule.kind is DocumentKind.PAPER and holds(rule.required, view.names)]


def attachment(view: ApplicationView, rule_id: str, problems: Sequence[Problem]) -> DocumentBlock:
    rule = next((rule for rule in _rules(view) if rule.id == rule_id), None)
    if rule is None:
        raise NotFound("The service asks for no document '%(id)s'.", id=rule_id)
    return _block(view, rule, problems)


def _block(view: ApplicationView, rule: DocumentRule, problems: Sequence[Problem]) -> DocumentBlock:
    wrong = _sentences_at(f"documents.{rule.id}", problems)
    return DocumentBlock(rule, _due(view, rule.required), view.attachments.get(rule.id), wrong)


def _obtained(view: ApplicationView) -> tuple[Obtained, ...]:
    of_systems = (rule for rule in _variant(view).documents if rule.source is Source.STATE_SYSTEM)
    documents = [Obtained(rule.title, rule.paragraph, _due(view, rule.required)) for rule in of_systems]
    lookups = [Obtained(each.title, each.paragraph, _due(view, each.when)) for each in view.passport.lookups]
    return (*documents, *lookups)


def _form_block(view: ApplicationView, form: Form, problems: Sequence[Problem], blank_row_in: str | None) -> FormBlock:
    answers = view.answers.get(form.id, {})
    drawn = FormView(form, answers, problems, view.variant, blank_row_in=blank_row_in)
    asked = [rule.required for rule in _rules(view) if rule.form == form.id]
    if form is view.passport.application or ALWAYS in asked:
        return FormBlock(drawn, _due(view, ALWAYS))
    return FormBlock(drawn, _due(view, " or ".join(f"({condition})" for condition in asked)))


def _fee_block(view: ApplicationView, problems: Sequence[Problem]) -> FeeBlock | None:
    variant = _variant(view)
    if not is_due_before_filing(variant.fee_by(view.channel)):
        return None
    chosen = view.answers.get(PAYMENT, {})
    receipts = any(proves_payment(rule) for rule in _rules(view))
    by = chosen.get("by", ONLINE)
    return FeeBlock(view.fee, by, chosen.get("amount", ""), receipts, _sentences_at(PLACE, problems))


def _sentences_at(place: str, problems: Sequence[Problem]) -> tuple[Sentence, ...]:
    return tuple(problem.sentence for problem in problems if problem.place == place)


def _due(view: ApplicationView, condition: str) -> Due:
    form = view.passport.application
    inputs = {field.id: f"{form.id}.{field.id}" for field in form.fields}
    known = {"variant": view.variant, "channel": view.channel}
    if view.names["paid"] == PAID_BY_GATEWAY or not is_due_before_filing(_variant(view).fee_by(view.channel)):
        known["paid"] = view.names["paid"]
    else:
        inputs["paid"] = f"{PAYMENT}.by"  # of its values only “bank” is one of `paid`: who chooses to pay has not paid yet
    return Due(holds(condition, view.names), browser_condition(condition, inputs, known))
