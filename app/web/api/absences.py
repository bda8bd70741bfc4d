"""Who is away, and who stands in for whom by which order."""

from __future__ import annotations

from flask import g

from app.cases import absences, substituting
from app.domain.permissions import Action
from app.web.api.headers import IDEMPOTENCY_KEY, once_by_key
from app.web.api.operations import Operations
from app.web.api.staff_shapes import (
    AbsenceEntry,
    Absences,
    Member,
    NewAbsence,
    NewSubstitution,
    Staff,
    SubstitutionEntry,
    Substitutions,
)
from app.web.office import office
from app.web.security import allowed

TAG = "Absences"


def tell(api: Operations) -> None:
    _tell_substitutions(api)

    @api.add("GET", "/absences", TAG, "Who is away", answer=Absences)
    @allowed(Action.ENTER_ABSENCE)
    def list_absences() -> Absences:
        """From today on, the earliest first."""
        return _absences()

    @api.add(
        "POST",
        "/absences",
        TAG,
        "Enter an absence",
        answer=Absences,
        status=201,
        body=NewAbsence,
        headers=(IDEMPOTENCY_KEY,),
        problems=(404,),
        example={"person": "0" * 32, "kind": "leave", "first_day": "2026-03-10", "last_day": "2026-03-20"},
    )
    @allowed(Action.ENTER_ABSENCE)
    def enter_absence(body: NewAbsence) -> Absences:
        """Gives all absences, the new one among them. Who is away already on one of these days is not entered twice."""
        once_by_key(
            lambda here: absences.enter_absence(
                here,
                g.actor,
                person_id=body.person,
                kind=body.kind,
                first_day=body.first_day,
                last_day=body.last_day,
                order_number=body.order_number,
            )
        )
        return _absences()

    @api.add("DELETE", "/absences/<absence_id>", TAG, "End an absence", status=204, problems=(409,))
    @allowed(Action.ENTER_ABSENCE)
    def end_absence(absence_id: str) -> None:
        """One that has begun ends yesterday, one still to come is taken away."""
        absences.end_absence(office(), g.actor, absence_id)

    @api.add("GET", "/staff", TAG, "The staff", answer=Staff)
    @allowed(Action.ENTER_ABSENCE)
    def list_staff() -> Staff:
        """Whose absence may be entered: id and name."""
        found = absences.people_to_choose(office(), g.actor)
        return Staff(items=[Member(id=person_id, name=name) for person_id, name in found])


def _tell_substitutions(api: Operations) -> None:
    @api.add("GET", "/substitutions", TAG, "Who stands in for whom", answer=Substitutions)
    @allowed(Action.MANAGE_PEOPLE)
    def list_substitutions() -> Substitutions:
        """Orders in force today or later."""
        return _substitutions()

    @api.add(
        "POST",
        "/substitutions",
        TAG,
        "Appoint a substitute",
        answer=Substitutions,
        status=201,
        body=NewSubstitution,
        headers=(IDEMPOTENCY_KEY,),
        problems=(404,),
        example={
            "absent": "0" * 32,
            "substitute": "1" * 32,
            "role": "executor",
            "order_number": "17-ж",
            "order_date": "2026-03-06",
            "first_day": "2026-03-10",
            "last_day": "2026-03-20",
        },
    )
    @allowed(Action.MANAGE_PEOPLE)
    def appoint_substitute(body: NewSubstitution) -> Substitutions:
        """By an order, in one role. Gives all orders, the new one among them."""
        once_by_key(
            lambda here: substituting.appoint_substitute(
                here,
                g.actor,
                absent_id=body.absent,
                substitute_id=body.substitute,
                role=body.role,
                order_number=body.order_number,
                order_date=body.order_date,
                first_day=body.first_day,
                last_day=body.last_day,
                services=body.services,
            )
        )
        return _substitutions()

    @api.add("DELETE", "/substitutions/<substitution_id>", TAG, "End a substitution", status=204, problems=(409,))
    @allowed(Action.MANAGE_PEOPLE)
    def end_substitution(substitution_id: str) -> None:
        """At once: what was signed under it stays, what was taken under it goes back."""
        substituting.end_substitution(office(), g.actor, substitution_id)


def _absences() -> Absences:
    return Absences(items=[AbsenceEntry.model_validate(each) for each in absences.absences(office(), g.actor)])


def _substitutions() -> Substitutions:
    found = substituting.substitutions(office(), g.actor)
    return Substitutions(items=[SubstitutionEntry.model_validate(each) for each in found])
