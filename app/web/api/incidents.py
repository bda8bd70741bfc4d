"""Steps that failed: the list, trying again one or many, and closing what needs no repair."""

from __future__ import annotations

from dataclasses import replace

from flask import g

from app.cases import repairing, viewing
from app.domain.permissions import Action
from app.web.api.incident_shapes import AllRepaired, IncidentRow, IncidentsQuery, Repair, Repaired, Repairs
from app.web.api.operations import Operations, listed
from app.web.api.shapes import Listed
from app.web.api.supervision import TAG
from app.web.language import say, say_sentence
from app.web.office import office
from app.web.security import allowed

repairer = allowed(Action.REPAIR_INCIDENT)
EXAMPLE = {"reason": "Тіркелім қайта қосылды"}


def tell(api: Operations) -> None:
    @api.add("GET", "/incidents", TAG, "What failed", answer=Listed[IncidentRow], query=IncidentsQuery)
    @repairer
    def list_incidents(query: IncidentsQuery) -> Listed[IncidentRow]:
        """Newest first."""
        found = viewing.incidents(
            office(), g.actor, status=query.wanted(), cause=query.cause, service=query.service, page=query.page
        )
        return listed(IncidentRow, replace(found, rows=tuple(replace(row, sentence=say(row.sentence, {})) for row in found.rows)))

    @api.add(
        "POST", "/incidents/<incident_id>/retry", TAG, "Try again", status=204, body=Repair, problems=(409,), example=EXAMPLE
    )
    @repairer
    def retry_incident(incident_id: str, body: Repair) -> None:
        """The failed call or timer is tried again at once; in a case at a halt what its state waits for is opened again."""
        repairing.retry(office(), g.actor, incident_id, body.reason)

    @api.add("POST", "/incidents/<incident_id>/close", TAG, "Close", status=204, body=Repair, problems=(409,), example=EXAMPLE)
    @repairer
    def close_incident(incident_id: str, body: Repair) -> None:
        """Nothing is tried again: it was settled elsewhere, or nothing depends on it."""
        repairing.close(office(), g.actor, incident_id, body.reason)

    @api.add(
        "POST",
        "/incidents/retry",
        TAG,
        "Try many again",
        answer=AllRepaired,
        body=Repairs,
        example={"incidents": ["0" * 32], **EXAMPLE},
    )
    @repairer
    def retry_incidents(body: Repairs) -> AllRepaired:
        """Each on its own: what cannot be tried again is told with its reason, and holds up nothing."""
        results = repairing.retry_many(office(), g.actor, body.incidents, body.reason)
        return AllRepaired(items=[_repaired(each) for each in results])


def _repaired(result: repairing.Repaired) -> Repaired:
    why_not = say_sentence(result.why_not) if result.why_not else None
    return Repaired(incident_id=result.incident_id, number=result.number, why_not=why_not)
