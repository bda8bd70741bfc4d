"""Applications and cases, and what stands in a case's dossier besides documents."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session, defer

from app.domain.case import ApplicationStatus, CaseStatus
from app.domain.people import Actor
from app.store.locking import add_unless_there, for_update
from app.store.tables import Application, Case, Decision, Incident, Payment, RegisterReply, RegistrationCounter


def _of_the_same(case: Case) -> ColumnElement[bool]:
    """The cases of the person who filed this one, or of the organisation in whose name it was filed."""
    if case.applicant_bin:
        return Case.applicant_bin == case.applicant_bin
    return (Case.applicant_bin == "") & (Case.applicant_iin == case.applicant_iin)


def belongs_to(actor: Actor) -> ColumnElement[bool]:
    """The cases of the person, or of the organisation the person acts for."""
    if actor.bin:
        return Case.applicant_bin == actor.bin
    return (Case.applicant_bin == "") & (Case.applicant_iin == actor.iin)


class Cases:
    def __init__(self, session: Session) -> None:
        self._session = session

    # Applications

    def add_application(self, application: Application) -> Application:
        self._session.add(application)
        self._session.flush()
        return application

    def application(self, application_id: str, *, lock: bool = False) -> Application | None:
        query = select(Application).where(Application.id == application_id)
        return self._session.scalar(for_update(query) if lock else query)

    def remove_application(self, application: Application) -> None:
        self._session.delete(application)

    def drafts(self, user_id: str) -> list[Application]:
        return list(
            self._session.scalars(
                select(Application)
                .where(Application.applicant_id == user_id, Application.status == ApplicationStatus.DRAFT)
                .order_by(Application.changed_at.desc())
            )
        )

    def add_payment(self, payment: Payment) -> None:
        self._session.add(payment)

    def payment(self, application_id: str) -> Payment | None:
        """Of the application's fee, which is paid once."""
        return self._session.scalar(select(Payment).where(Payment.application_id == application_id))

    # Cases

    def add(self, case: Case) -> Case:
        self._session.add(case)
        self._session.flush()
        return case

    def get(self, case_id: str) -> Case | None:
        """For reading: without the engine's state."""
        return self._session.scalar(select(Case).options(defer(Case.state)).where(Case.id == case_id))

    def lock(self, case_id: str) -> Case | None:
        """For a move: nobody else moves this case until the transaction ends."""
        return self._session.scalar(for_update(select(Case).where(Case.id == case_id)))

    def of_application(self, application_id: str) -> Case | None:
        return self._session.scalar(select(Case).options(defer(Case.state)).where(Case.application_id == application_id))

    def owned_by(self, actor: Actor, *, offset: int, limit: int) -> tuple[list[Case], int]:
        query = select(Case).options(defer(Case.state)).where(belongs_to(actor))
        total = self._session.scalar(select(func.count()).select_from(Case).where(belongs_to(actor))) or 0
        rows = self._session.scalars(query.order_by(Case.received_at.desc()).offset(offset).limit(limit))
        return list(rows), total

    def of_applicant(self, case: Case, service: str | None = None) -> list[tuple[Case, Application]]:
        """The cases of whoever filed this one, this one among them, with what was applied for; newest first."""
        query = (
            select(Case, Application)
            .options(defer(Case.state))
            .join(Application, Application.id == Case.application_id)
            .where(_of_the_same(case))
            .order_by(Case.received_at.desc())
        )
        if service is not None:
            query = query.where(Case.service == service)
        return [(found, application) for found, application in self._session.execute(query)]

    def search(self, *, words: str, status: CaseStatus | None, offset: int, limit: int) -> tuple[list[Case], int]:
        query = select(Case).options(defer(Case.state))
        if status is not None:
            query = query.where(Case.status == status)
        if words:
            query = query.where(matching(words))
        total = self._session.scalar(select(func.count()).select_from(query.subquery())) or 0
        return list(self._session.scalars(query.order_by(Case.received_at.desc()).offset(offset).limit(limit))), total

    def next_number(self, year: int) -> int:
        """The next registration number of the year. The counter's row is held until the transaction ends."""
        take = (
            update(RegistrationCounter)
            .where(RegistrationCounter.year == year)
            .values(last=RegistrationCounter.last + 1)
            .returning(RegistrationCounter.last)
        )
        taken = self._session.scalar(take)
        if taken is None:
            add_unless_there(self._session, RegistrationCounter(year=year, last=0))
            taken = self._session.scalars(take).one()
        return taken

    # The dossier

    def add_decision(self, decision: Decision) -> None:
        self._session.add(decision)

    def last_decision(self, case_id: str) -> Decision | None:
        return self._session.scalar(
            select(Decision).where(Decision.case_id == case_id).order_by(Decision.decided_at.desc()).limit(1)
        )

    def add_reply(self, reply: RegisterReply) -> None:
        self._session.add(reply)

    def replies(self, case_id: str) -> list[RegisterReply]:
        return list(
            self._session.scalars(
                select(RegisterReply).where(RegisterReply.case_id == case_id).order_by(RegisterReply.answered_at)
            )
        )

    # Incidents

    def add_incident(self, incident: Incident) -> Incident:
        self._session.add(incident)
        self._session.flush()
        return incident

    def incident(self, incident_id: str) -> Incident | None:
        """For repairing: nobody else repairs it until the transaction ends."""
        return self._session.scalar(for_update(select(Incident).where(Incident.id == incident_id)))

    def incidents(self, case_id: str | None = None, *, limit: int = 200) -> list[tuple[Incident, str]]:
        """Incidents with the number of their case, open ones first."""
        query = select(Incident, Case.number).join(Case, Case.id == Incident.case_id)
        if case_id is not None:
            query = query.where(Incident.case_id == case_id)
        # "open" sorts before "resolved"
        query = query.order_by(Incident.status, Incident.opened_at.desc()).limit(limit)
        return [(incident, number) for incident, number in self._session.execute(query)]


def matching(words: str) -> ColumnElement[bool]:
    """A case by its number, its applicant's name, IIN or BIN."""
    words = words.strip()
    return or_(
        Case.number.icontains(words, autoescape=True),
        Case.applicant_name.icontains(words, autoescape=True),
        Case.applicant_iin == words,
        Case.applicant_bin == words,
    )
