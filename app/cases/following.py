"""An application is filed by the version in force at that moment, whichever it was begun by."""

from __future__ import annotations

from app.cases.drafting import attached, changed
from app.cases.office import Office
from app.domain.answers import documents_in
from app.domain.errors import Declined
from app.domain.passport import Passport
from app.store.bundles import passport_of
from app.store.tables import Application
from app.store.unit_of_work import UnitOfWork


def follow_version_in_force(office: Office, uow: UnitOfWork, application: Application) -> bool:
    """Puts a draft on the version in force now, with what was typed; says whether it was on another.

    Files the version asks for no more are taken out, so that nothing goes into the case unseen, and what was printed has to be
    printed anew. Raises Declined where the service takes no applications any more, or has no such variant.
    """
    version = uow.processes.in_force(application.service, office.clock.now())
    if version is None:
        raise Declined("This service takes no applications any more.")
    if version.id == application.version_id:
        return False
    passport = passport_of(uow.processes.bundle(version))
    _require_variant(passport, application.variant)
    kinds = {rule.id for rule in documents_in(passport.variant(application.variant), application.channel)}
    for document in attached(uow, application):
        if document.kind not in kinds:
            uow.documents.remove(document)
    application.version_id = version.id
    changed(office, uow, application)
    return True


def _require_variant(passport: Passport, variant: str) -> None:
    if variant not in {each.id for each in passport.variants}:
        raise Declined("The rules of this service have changed and know no such application any more: begin a new one.")
