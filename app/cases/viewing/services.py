"""The catalogue of services and what their passports say."""

from __future__ import annotations

from app.cases.office import Office
from app.domain.errors import NotFound
from app.domain.passport import Passport, StandingStatus
from app.domain.views import (
    ServiceCard,
)
from app.store.bundles import passport_of as bundle_passport
from app.store.tables import ProcessVersion
from app.store.unit_of_work import UnitOfWork


def catalogue(office: Office) -> tuple[ServiceCard, ...]:
    with office.reading() as uow:
        passports = [bundle_passport(uow.processes.bundle(v)) for v in uow.processes.newest_of_each()]
    return tuple(
        ServiceCard(p.id, p.title, p.provider.name, in_force := _in_force(p), in_force or office.settings.demonstration)
        for p in passports
    )


def _in_force(passport: Passport) -> bool:
    return passport.standing.status is StandingStatus.IN_FORCE


def passport_of(office: Office, service_id: str) -> Passport:
    with office.reading() as uow:
        return bundle_passport(uow.processes.bundle(_newest(uow, service_id)))


def diagram_of_service(office: Office, service_id: str) -> bytes:
    with office.reading() as uow:
        return uow.processes.bundle(_newest(uow, service_id)).files["process.bpmn"]


def _newest(uow: UnitOfWork, service_id: str) -> ProcessVersion:
    version = uow.processes.newest(service_id)
    if version is None:
        raise NotFound("There is no published service '%(id)s'.", id=service_id)
    return version
