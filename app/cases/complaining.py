"""A complaint is a service of its own. It begins from the case complained of, and the number of that case links the two."""

from __future__ import annotations

from app.cases.drafting import start_application
from app.cases.office import Office
from app.domain.errors import NotFound
from app.domain.people import Actor
from app.domain.permissions import Action, CaseFacts, require
from app.store.bundles import passport_of
from app.store.tables import Application, Case
from app.store.unit_of_work import UnitOfWork

COMPLAINT = "complaint"
"""The id of the service, and of the form the complaint is written in."""

ABOUT = "about_number"
"""The field of that form with the number of the case complained of."""


def complain(office: Office, actor: Actor, case_id: str, variant_id: str) -> str:
    """A draft complaint about one's own case, to the addressee this variant of the service means; gives the draft's id."""
    with office.reading() as uow:
        known = _known_of(uow, actor, case_id)
    return start_application(office, actor, COMPLAINT, variant_id, known=known)


def _known_of(uow: UnitOfWork, actor: Actor, case_id: str) -> dict[str, str]:
    case = uow.cases.get(case_id)
    if case is None:
        raise NotFound("There is no case '%(id)s'.", id=case_id)
    require(actor, Action.COMPLAIN, CaseFacts(case.applicant_iin, case.applicant_bin))
    version = uow.processes.get(case.version_id)
    if version is None:
        raise NotFound("The process version '%(id)s' is not stored.", id=case.version_id)
    title = passport_of(uow.processes.bundle(version)).title
    return {"complained.number": case.number, "complained.service": title.in_language(actor.language)}


def linked_to(uow: UnitOfWork, case: Case) -> list[Case]:
    """The complaints about a case; of a complaint, the case complained of. Only the same applicant's: a number is but typed."""
    if case.service != COMPLAINT:
        complaints = uow.cases.of_applicant(case, COMPLAINT) if case.number else []
        return [complaint for complaint, application in complaints if _about(application) == case.number]
    filed = uow.cases.of_applicant(case)
    number = next(_about(application) for complaint, application in filed if complaint.id == case.id)
    return [other for other, _ in filed if number and other.number == number]


def _about(application: Application) -> str:
    return str(application.answers.get(COMPLAINT, {}).get(ABOUT, "")).strip()
