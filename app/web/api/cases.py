"""Cases: the search, one whole, its history, and what its applicant may do with it."""

from __future__ import annotations

from flask import Response, g

from app.cases import duties, paying, viewing
from app.cases.complaining import complain
from app.cases.reading import note_reading
from app.cases.withdrawing import withdraw
from app.domain.permissions import Action
from app.web.api.answers import check_form, places_in_the_body
from app.web.api.application_shapes import Amount, NewComplaint, NewDuty, Started, Withdrawal
from app.web.api.case_shapes import Case, CaseRow, CasesQuery, Event, History
from app.web.api.headers import LOCATION
from app.web.api.operations import Operations, Reply, listed
from app.web.api.shapes import Listed
from app.web.office import office
from app.web.security import allowed, signed_in

TAG = "Cases"

applicant = allowed(Action.FILE_APPLICATION)


def tell(api: Operations) -> None:
    @api.add("GET", "/cases", TAG, "Search cases", answer=Listed[CaseRow], query=CasesQuery)
    @allowed(Action.SEARCH_CASES)
    def list_cases(query: CasesQuery) -> Listed[CaseRow]:
        """Newest first."""
        return listed(CaseRow, viewing.cases(office(), g.actor, query=query.q.strip(), status=query.status, page=query.page))

    @api.add("GET", "/cases/<case_id>", TAG, "A case", answer=Case)
    @signed_in
    def get_case(case_id: str) -> Case:
        """What of it the caller may see; for who may not see it there is no such case. That it was opened is kept."""
        found = viewing.case(office(), g.actor, case_id)
        note_reading(office(), g.actor, case_id)
        return Case.model_validate(found)

    @api.add("GET", "/cases/<case_id>/history", TAG, "A case's history", answer=History)
    @signed_in
    def get_history(case_id: str) -> History:
        """What happened, in order. The applicant sees roles instead of names, and not how the office divides its work."""
        timeline = viewing.case(office(), g.actor, case_id).timeline
        note_reading(office(), g.actor, case_id)
        return History(items=[Event.model_validate(entry) for entry in timeline])

    @api.add("GET", "/cases/<case_id>/diagram", TAG, "A case's diagram", media_types=("application/xml",))
    @signed_in
    def get_case_diagram(case_id: str) -> Response:
        """The process the case began with, as BPMN 2.0; `marks` of the case say where it stands."""
        return Response(viewing.diagram(office(), g.actor, case_id), content_type="application/xml")

    @api.add(
        "POST",
        "/cases/<case_id>/withdrawal",
        TAG,
        "Withdraw an application",
        answer=Case,
        body=Withdrawal,
        problems=(409,),
        example={"reason": "Қажет емес болды"},
    )
    @applicant
    def withdraw_application(case_id: str, body: Withdrawal) -> Case:
        """Ends one's own open case."""
        withdraw(office(), g.actor, case_id, body.reason)
        return Case.model_validate(viewing.case(office(), g.actor, case_id))

    @api.add(
        "POST",
        "/cases/<case_id>/complaints",
        TAG,
        "Begin a complaint",
        answer=Started,
        status=201,
        body=NewComplaint,
        answer_headers=LOCATION,
        problems=(409,),
        example={"variant": "provider-head"},
    )
    @applicant
    def begin_complaint(case_id: str, body: NewComplaint) -> Reply:
        """A draft of the service “complaint”, already filled in with what is known of the case."""
        application_id = complain(office(), g.actor, case_id, body.variant)
        return Reply(Started(id=application_id), {"Location": f"/api/v1/applications/{application_id}"})

    @api.add(
        "POST",
        "/cases/<case_id>/payment",
        TAG,
        "Pay the fee of a case",
        answer=Case,
        body=Amount,
        problems=(409,),
        example={"amount": "43250"},
    )
    @applicant
    def pay_for_case(case_id: str, body: Amount) -> Case:
        """One's own case, whose fee is due while it runs. A fee is paid once, however often it is asked for."""
        paying.pay_for_case(office(), g.actor, case_id, stated=body.amount)
        return Case.model_validate(viewing.case(office(), g.actor, case_id))

    @api.add(
        "POST",
        "/services/<service_id>/duties",
        TAG,
        "Begin a duty of the provider",
        answer=Started,
        status=201,
        body=NewDuty,
        answer_headers=LOCATION,
        problems=(409,),
        example={
            "variant": "border-strip-entry-pass",
            "answers": {
                "what": "changes",
                "order_number": "110/ҚЕ",
                "published_on": "2026-03-02",
                "summary": "Құжаттар тізбесі өзгерді",
            },
        },
    )
    @allowed(Action.OPEN_DUTY)
    def begin_duty(service_id: str, body: NewDuty) -> Reply:
        """A case nobody applies for, begun by a member of staff with the form of its request; gives the case."""
        check_form(duties.duty(office(), g.actor, service_id).application, body.answers)
        with places_in_the_body():
            case_id = duties.open_duty(office(), g.actor, service_id, body.variant, body.answers)
        return Reply(Started(id=case_id), {"Location": f"/api/v1/cases/{case_id}"})
