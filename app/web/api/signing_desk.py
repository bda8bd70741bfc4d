"""The signing desk: many prepared documents signed by one request, each with a result of its own."""

from __future__ import annotations

from flask import g

from app.cases import viewing, working
from app.cases.handing import Done, each
from app.domain.errors import Invalid, problem
from app.domain.passport import SIGN
from app.domain.permissions import Action
from app.web.api.faults import MISSHAPEN, OTHERWISE
from app.web.api.operations import Operations
from app.web.api.signatures import given_signatures
from app.web.api.signing_shapes import AllSigned, Signed, SigningDesk, SigningQuery, TaskSignatures
from app.web.language import say_sentence
from app.web.office import office
from app.web.security import allowed

TAG = "Signing"


def tell(api: Operations) -> None:
    @api.add("GET", "/signing", TAG, "What waits for one's signature", answer=SigningDesk, query=SigningQuery)
    @allowed(Action.VIEW_SIGNING)
    def get_signing_desk(query: SigningQuery) -> SigningDesk:
        """The most urgent signing tasks within reach. Each is prepared by `/tasks/{item_id}/prepare` and opened by
        `/documents/{document_id}/content`."""
        return SigningDesk.model_validate(viewing.signing_desk(office(), g.actor, service=query.service))

    @api.add(
        "POST",
        "/signing",
        TAG,
        "Sign many documents",
        answer=AllSigned,
        body=TaskSignatures,
        example={"signatures": [{"task": "0" * 32, "rev": 1, "document": "1" * 32, "cms": "MIIB"}]},
    )
    @allowed(Action.VIEW_SIGNING)
    def sign_tasks(body: TaskSignatures) -> AllSigned:
        """Each task is finished by its signature in a transaction of its own: what cannot be taken is told with its reason, and
        holds up nothing. What was signed already is not signed twice."""
        signatures = {
            sent.task: (sent.rev, given) for sent, given in zip(body.signatures, given_signatures(body.signatures), strict=True)
        }
        if len(signatures) < len(body.signatures):  # a task named twice
            raise Invalid(MISSHAPEN, problems=[problem("#/signatures", OTHERWISE)])

        def sign(task: str) -> None:
            rev, given = signatures[task]
            working.complete(office(), g.actor, task, rev=rev, outcome=SIGN, answers={}, signatures=[given])

        return AllSigned(items=[_signed(done) for done in each(list(signatures), sign)])


def _signed(done: Done) -> Signed:
    return Signed(task=done.item_id, why_not=say_sentence(done.why_not) if done.why_not else None)
