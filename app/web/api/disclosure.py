"""What of a case the bodies asked are shown, and the changes of it by those who consider the case."""

from __future__ import annotations

from flask import g

from app.cases import viewing
from app.cases.disclosing import change_disclosure, keep_inside
from app.cases.reading import note_reading
from app.cases.restricting import restrict_reply
from app.domain.errors import NotFound
from app.domain.permissions import Action
from app.web.api.cases import TAG
from app.web.api.disclosure_shapes import Disclosure, DisclosureChange, Restriction
from app.web.api.operations import Operations
from app.web.api.tasks import TAG as TASKS
from app.web.office import office
from app.web.security import allowed

EXAMPLE = {"show": ["0" * 32], "withdraw": [], "reason": "Тауардың сипаттамасы сұралды"}


def tell(api: Operations) -> None:
    @api.add("GET", "/cases/<case_id>/disclosure", TAG, "What bodies are shown", answer=Disclosure)
    @allowed(Action.VIEW_INBOX)
    def get_disclosure(case_id: str) -> Disclosure:
        """The bodies asked, and which documents each is shown, since when, by whom and why."""
        return _told(case_id)

    @api.add(
        "POST",
        "/cases/<case_id>/disclosure",
        TAG,
        "Change what bodies will be shown",
        answer=Disclosure,
        body=DisclosureChange,
        problems=(409,),
        example=EXAMPLE,
    )
    @allowed(Action.VIEW_INBOX)
    def change_rule(case_id: str, body: DisclosureChange) -> Disclosure:
        """Which of what the applicant filed the bodies still to be asked are shown. What bodies already asked are shown stays."""
        keep_inside(office(), g.actor, case_id, keep=body.withdraw, let_out=body.show, reason=body.reason)
        return _told(case_id)

    @api.add(
        "POST",
        "/cases/<case_id>/requests/<item_id>/disclosure",
        TAG,
        "Change what a body is shown",
        answer=Disclosure,
        body=DisclosureChange,
        problems=(409,),
        example=EXAMPLE,
    )
    @allowed(Action.VIEW_INBOX)
    def change_what_is_shown(case_id: str, item_id: str, body: DisclosureChange) -> Disclosure:
        """While its reply is waited for. What was seen before it was withdrawn, readings tell."""
        if item_id not in {each.item for each in viewing.case(office(), g.actor, case_id).consultations}:
            raise NotFound("There is no request for a reply at the work item '%(id)s'.", id=item_id)
        change_disclosure(office(), g.actor, item_id, show=body.show, withdraw=body.withdraw, reason=body.reason)
        return _told(case_id)

    @api.add(
        "PUT",
        "/tasks/<item_id>/restriction",
        TASKS,
        "Mark a reply as restricted",
        status=204,
        body=Restriction,
        problems=(409,),
        example={"restricted": True},
    )
    @allowed(Action.OPEN_WORK)
    def restrict_task(item_id: str, body: Restriction) -> None:
        """Of a consulted body's own reply, before it is given: whether its words are for the cleared only."""
        restrict_reply(office(), g.actor, item_id, body.restricted)


def _told(case_id: str) -> Disclosure:
    found = viewing.case(office(), g.actor, case_id)
    note_reading(office(), g.actor, case_id)
    return Disclosure.model_validate(found)
