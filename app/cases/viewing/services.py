"""The catalogue of services and what their passports say."""

from __future__ import annotations

from collections.abc import Iterator

from app.cases.complaining import COMPLAINT
from app.cases.office import Office
from app.cases.paying import fee_view
from app.domain.errors import NotFound
from app.domain.passport import Passport, StandingStatus
from app.domain.text import Text
from app.domain.views import ServiceCard, ServiceView
from app.store.bundles import passport_of as bundle_passport
from app.store.tables import ProcessVersion
from app.store.unit_of_work import UnitOfWork


def catalogue(office: Office, *, words: str = "", in_force: bool = False) -> tuple[ServiceCard, ...]:
    """The services in which every one of these words stands, in whichever language; on wish, only those in force."""
    with office.reading() as uow:
        passports = [bundle_passport(uow.processes.bundle(v)) for v in uow.processes.in_force_of_each(office.clock.now())]
    wanted = words.casefold().split()
    cards = [_card(office, p) for p in passports if _speaks_of(p, wanted)]
    return tuple(card for card in cards if card.in_force or not in_force)


def _card(office: Office, passport: Passport) -> ServiceCard:
    in_force = passport.standing.status is StandingStatus.IN_FORCE
    return ServiceCard(
        id=passport.id,
        title=passport.title,
        provider=passport.provider.name,
        in_force=in_force,
        accepts_applications=in_force or office.settings.demonstration,
        act=passport.act,
        variants=tuple(variant.title for variant in passport.variants),
    )


def _speaks_of(passport: Passport, wanted: list[str]) -> bool:
    said = "\n".join(f"{text.kk}\n{text.ru}\n{text.en}" for text in _told(passport)).casefold()
    return all(word in said or word == passport.act.number for word in wanted)


def _told(passport: Passport) -> Iterator[Text]:
    yield from (passport.title, passport.provider.name, passport.provider.short, passport.act.title, passport.act.issuer)
    yield from (variant.title for variant in passport.variants)
    yield from (result.title for result in passport.results)


def service(office: Office, service_id: str) -> ServiceView:
    with office.reading() as uow:
        bundle = uow.processes.bundle(_in_force(office, uow, service_id))
    passport = bundle_passport(bundle)
    elements = office.engine.load(bundle).elements
    return ServiceView(
        card=_card(office, passport),
        passport=passport,
        fees={variant.id: fee_view(office, variant.fee) for variant in passport.variants},
        steps={element_id: element.label for (_, element_id), element in elements.items()},
    )


def passport_of(office: Office, service_id: str) -> Passport:
    """Of the newest version, which need not be in force yet: whose work it will be is settled before."""
    with office.reading() as uow:
        version = uow.processes.newest(service_id)
        if version is None:
            raise NotFound("There is no published service '%(id)s'.", id=service_id)
        return bundle_passport(uow.processes.bundle(version))


def complaint_service(office: Office) -> Passport | None:
    """The service by which people complain; None where it is not published."""
    with office.reading() as uow:
        version = uow.processes.in_force(COMPLAINT, office.clock.now())
        return bundle_passport(uow.processes.bundle(version)) if version else None


def diagram_of_service(office: Office, service_id: str) -> bytes:
    with office.reading() as uow:
        return uow.processes.bundle(_in_force(office, uow, service_id)).files["process.bpmn"]


def _in_force(office: Office, uow: UnitOfWork, service_id: str) -> ProcessVersion:
    version = uow.processes.in_force(service_id, office.clock.now())
    if version is None:
        raise NotFound("There is no published service '%(id)s'.", id=service_id)
    return version
