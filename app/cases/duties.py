"""A duty of the provider himself: no applicant asks for it, a member of staff begins it with a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.cases.filing import begin_case
from app.cases.office import Office
from app.domain.answers import check_answers
from app.domain.case import ApplicationStatus
from app.domain.errors import Invalid, NotFound
from app.domain.passport import Opener, Passport
from app.domain.people import Actor, Role
from app.domain.permissions import Action, require
from app.store.bundles import passport_of
from app.store.tables import Application, ProcessVersion
from app.store.unit_of_work import UnitOfWork


def duty(office: Office, actor: Actor, service_id: str) -> Passport:
    """The duty as it is published now, to be begun."""
    require(actor, Action.OPEN_DUTY)
    with office.reading() as uow:
        return _in_force(office, uow, service_id)[1]


def open_duty(office: Office, actor: Actor, service_id: str, variant_id: str, answers: Mapping[str, Any]) -> str:
    """Begins the case of a duty; gives its id. Raises Invalid with every problem of the form at its place."""
    require(actor, Action.OPEN_DUTY)
    with office.unit_of_work() as uow:
        version, passport = _in_force(office, uow, service_id)
        form, variant = passport.application, passport.variant(variant_id)
        checked = check_answers(passport, form, answers, variant=variant.id)
        if checked.problems:
            raise Invalid("The form is not complete yet.", problems=checked.problems)
        application = uow.cases.add_application(
            Application(
                applicant_id=actor.id,
                version_id=version.id,
                service=service_id,
                variant=variant.id,
                channel=passport.channels[0].value,
                answers={form.id: checked.values},
                status=ApplicationStatus.FILED,
                changed_at=office.clock.now(),
            )
        )
        case = begin_case(office, uow, application, actor, _role(actor), {})
        uow.commit()
        return case.id


def _role(actor: Actor) -> Role:
    return Role.ANALYST if Role.ANALYST in actor.roles else Role.HEAD


def _in_force(office: Office, uow: UnitOfWork, service_id: str) -> tuple[ProcessVersion, Passport]:
    version = uow.processes.in_force(service_id, office.clock.now())
    passport = passport_of(uow.processes.bundle(version)) if version else None
    if version is None or passport is None or passport.opened_by is not Opener.STAFF:
        raise NotFound("There is no published duty '%(id)s'.", id=service_id)
    return version, passport
