"""The units people sit in, and whose a role's work is in which service."""

from __future__ import annotations

from flask import g

from app.cases import jurisdiction, units
from app.domain.permissions import Action
from app.web.api.headers import IDEMPOTENCY_KEY, once_by_key
from app.web.api.operations import Operations
from app.web.api.staff_shapes import JurisdictionRow, JurisdictionRules, Jurisdictions, NewUnit, Unit, UnitName, Units
from app.web.office import office
from app.web.security import allowed

TAG = "Units"
NAME = {"kk": "Заң бөлімі", "ru": "Юридический отдел", "en": "Legal unit"}

administrator = allowed(Action.MANAGE_PEOPLE)


def tell(api: Operations) -> None:
    _tell_jurisdiction(api)

    @api.add("GET", "/units", TAG, "The units", answer=Units)
    @administrator
    def list_units() -> Units:
        """Of the provider and of the bodies it asks, with the people who sit there."""
        return _units()

    @api.add(
        "POST",
        "/units",
        TAG,
        "Enter a unit",
        answer=Units,
        status=201,
        body=NewUnit,
        headers=(IDEMPOTENCY_KEY,),
        problems=(404,),
        example={"code": "legal", "name": NAME},
    )
    @administrator
    def enter_unit(body: NewUnit) -> Units:
        """Gives all units, the new one among them."""
        once_by_key(
            lambda here: units.enter_unit(
                here, g.actor, code=body.code, name=body.name.text(), bin=body.bin.strip(), parent_id=body.parent or ""
            )
        )
        return _units()

    @api.add("PUT", "/units/<unit_id>/name", TAG, "Rename a unit", answer=Units, body=UnitName, example={"name": NAME})
    @administrator
    def rename_unit(unit_id: str, body: UnitName) -> Units:
        """What was signed and recorded under the former name keeps it."""
        units.rename_unit(office(), g.actor, unit_id, body.name.text())
        return _units()


def _tell_jurisdiction(api: Operations) -> None:
    @api.add("GET", "/jurisdiction/<service_id>", TAG, "Whose the work is", answer=Jurisdictions)
    @administrator
    def get_jurisdiction(service_id: str) -> Jurisdictions:
        """Each role of the service, and each body it consults, with the unit whose work that is."""
        return _jurisdiction(service_id)

    @api.add(
        "PUT",
        "/jurisdiction/<service_id>",
        TAG,
        "Set whose the work is",
        answer=Jurisdictions,
        body=JurisdictionRules,
        example={"rules": [{"role": "chancellery", "unit": None}]},
    )
    @administrator
    def set_jurisdiction(service_id: str, body: JurisdictionRules) -> Jurisdictions:
        """Of the roles and bodies named; others stay as they are. It holds for steps that begin from now on."""
        chosen = {(rule.role, rule.body): rule.unit or "" for rule in body.rules}
        jurisdiction.set_jurisdiction(office(), g.actor, service_id, chosen)
        return _jurisdiction(service_id)


def _units() -> Units:
    return Units(items=[Unit.model_validate(each) for each in units.units(office(), g.actor)])


def _jurisdiction(service_id: str) -> Jurisdictions:
    rows = jurisdiction.jurisdiction(office(), g.actor, service_id)
    return Jurisdictions(items=[JurisdictionRow.model_validate(row) for row in rows])
