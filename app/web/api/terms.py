"""The term of a case: its ledger, and the decisions to stop it, to let it run on and to make it longer."""

from __future__ import annotations

from flask import g

from app.cases import changing_term, viewing
from app.domain.permissions import Action
from app.web.api.cases import TAG
from app.web.api.headers import IDEMPOTENCY_KEY, once_by_key
from app.web.api.operations import Operations
from app.web.api.term_shapes import CaseTerm, TermExtension, TermResumption, TermStop
from app.web.office import office
from app.web.security import allowed, signed_in

decider = allowed(Action.CHANGE_TERM)


def tell(api: Operations) -> None:
    @api.add("GET", "/cases/<case_id>/term", TAG, "A case's term", answer=CaseTerm)
    @signed_in
    def get_term(case_id: str) -> CaseTerm:
        """When it ran, when it stood still and why, and when it was made longer."""
        return _told(case_id)

    @api.add(
        "POST",
        "/cases/<case_id>/term/stop",
        TAG,
        "Stop the term",
        answer=CaseTerm,
        body=TermStop,
        headers=(IDEMPOTENCY_KEY,),
        problems=(409,),
        example={"ground": "court", "reason": "Сот шешімі күтілуде"},
    )
    @decider
    def stop_term(case_id: str, body: TermStop) -> CaseTerm:
        """It stands still from now on, on a ground the service lists; the applicant is told."""
        once_by_key(lambda here: changing_term.stop_term(here, g.actor, case_id, ground=body.ground, reason=body.reason))
        return _told(case_id)

    @api.add(
        "POST",
        "/cases/<case_id>/term/run-on",
        TAG,
        "Let the term run on",
        answer=CaseTerm,
        body=TermResumption,
        headers=(IDEMPOTENCY_KEY,),
        problems=(409,),
        example={"reason": "Шешім келді"},
    )
    @decider
    def run_term_on(case_id: str, body: TermResumption) -> CaseTerm:
        """What was left of a term stopped by decision runs on."""
        once_by_key(lambda here: changing_term.run_term_on(here, g.actor, case_id, reason=body.reason))
        return _told(case_id)

    @api.add(
        "POST",
        "/cases/<case_id>/term/extend",
        TAG,
        "Make the term longer",
        answer=CaseTerm,
        body=TermExtension,
        headers=(IDEMPOTENCY_KEY,),
        problems=(409,),
        example={"ground": "facts", "by": "5 working-days", "reason": "Қосымша зерттеу керек"},
    )
    @decider
    def extend_term(case_id: str, body: TermExtension) -> CaseTerm:
        """On a ground the service lists, by as much at most as the ground allows. Sent twice without a key it counts twice."""
        once_by_key(
            lambda here: changing_term.extend_term(here, g.actor, case_id, ground=body.ground, by=body.by, reason=body.reason)
        )
        return _told(case_id)


def _told(case_id: str) -> CaseTerm:
    return CaseTerm.model_validate(viewing.term(office(), g.actor, case_id))
