"""The application's form page: the forms its variant asks for, the files to attach, and the summary of problems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from app.domain.answers import names_of
from app.domain.errors import Problem, Sentence
from app.domain.expressions import compile_expression
from app.domain.passport import DocumentKind, DocumentRule, Form, Source, Variant
from app.domain.views import ApplicationView, DocumentView
from app.web.forms import FormView, SummaryLine, browser_condition, read_answers, summary


@dataclass(frozen=True, slots=True)
class AttachmentBlock:
    """One document to attach: its rule, the file attached so far, and what is wrong with it."""

    rule: DocumentRule
    file: DocumentView | None
    needed: bool  # for the answers as they stand
    needed_when: str  # JSON for the browser, see forms.browser_condition
    problems: tuple[Sentence, ...] = ()

    @property
    def name(self) -> str:
        return f"documents.{self.rule.id}"


@dataclass(frozen=True, slots=True)
class ApplicationPage:
    variant: Variant
    forms: tuple[FormView, ...]
    attachments: tuple[AttachmentBlock, ...]
    from_state_systems: tuple[DocumentRule, ...]
    summary: tuple[SummaryLine, ...]


def page(view: ApplicationView, problems: Sequence[Problem], *, blank_row_in: str | None = None) -> ApplicationPage:
    variant = view.passport.variant(view.variant)
    forms = forms_of(view)
    rules = variant.documents
    return ApplicationPage(
        variant=variant,
        forms=tuple(
            FormView(form, view.answers.get(form.id, {}), problems, view.variant, blank_row_in=blank_row_in) for form in forms
        ),
        attachments=tuple(attachment(view, rule.id, problems) for rule in rules if rule.kind is DocumentKind.FILE),
        from_state_systems=tuple(rule for rule in rules if rule.source is Source.STATE_SYSTEM),
        summary=summary(problems, forms, {f"documents.{rule.id}" for rule in rules}),
    )


def forms_of(view: ApplicationView) -> tuple[Form, ...]:
    """The request itself first, then the other forms the variant's documents are filled in by."""
    passport = view.passport
    wanted = [rule.form for rule in passport.variant(view.variant).documents if rule.form is not None]
    ids = dict.fromkeys((passport.application.id, *wanted))
    return tuple(passport.form(form_id) for form_id in ids)


def read(view: ApplicationView, submitted: MultiDict[str, str]) -> dict[str, dict[str, Any]]:
    """What was submitted for every form of the page, as typed."""
    return {form.id: read_answers(form, submitted) for form in forms_of(view)}


def attachment(view: ApplicationView, rule_id: str, problems: Sequence[Problem]) -> AttachmentBlock:
    rule = next(rule for rule in view.passport.variant(view.variant).documents if rule.id == rule_id)
    name = f"documents.{rule.id}"
    return AttachmentBlock(
        rule=rule,
        file=view.attachments.get(rule.id),
        needed=rule.always or _needed(view, rule),
        needed_when="" if rule.always else browser_condition(rule.required, view.passport.application),
        problems=tuple(problem.sentence for problem in problems if problem.place == name),
    )


def _needed(view: ApplicationView, rule: DocumentRule) -> bool:
    form = view.passport.application
    names = names_of(form, view.answers.get(form.id, {}), variant=view.variant)
    return bool(compile_expression(rule.required).evaluate(names))
