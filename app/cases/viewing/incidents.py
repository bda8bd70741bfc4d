"""What failed: each incident with its cause, its step and how often it was tried."""

from __future__ import annotations

from dataclasses import replace

from app.cases.office import Office
from app.cases.viewing.rows import PAGE_SIZE, Passports, Runs, incident_view
from app.domain.case import IncidentStatus
from app.domain.errors import RasimError
from app.domain.people import Actor
from app.domain.permissions import Action, require
from app.domain.text import Text
from app.domain.views import IncidentCause, IncidentView, Page
from app.store.tables import Case, Incident, Job
from app.store.unit_of_work import UnitOfWork


def incidents(
    office: Office,
    actor: Actor,
    *,
    status: IncidentStatus | None = None,
    cause: IncidentCause | None = None,
    service: str = "",
    page: int = 1,
) -> Page[IncidentView]:
    require(actor, Action.REPAIR_INCIDENT)
    with office.reading() as uow:
        found, total = uow.incidents.page(
            status=status, cause=cause, service=service, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE
        )
        steps = _Steps(office, uow)
        rows = tuple(steps.row(incident, case, job) for incident, case, job in found)
    return Page(rows, page, PAGE_SIZE, total)


class _Steps:
    """The words of steps and services, looked up once a version. A process that cannot be loaded any more has none: it may be
    just what failed."""

    def __init__(self, office: Office, uow: UnitOfWork) -> None:
        self._office, self._passports = office, Passports(uow)
        self._runs = Runs(office, uow)

    def row(self, incident: Incident, case: Case, job: Job | None) -> IncidentView:
        return replace(
            incident_view(incident, case.number),
            step=self._step(case, incident.element),
            service=self._passports.of(case.version_id).title,
            tries=job.attempts if job else 0,
        )

    def _step(self, case: Case, element_id: str) -> Text:
        try:
            return self._runs.of(case).element_named(element_id).label
        except RasimError:
            return Text(element_id)
