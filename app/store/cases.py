"""Applications and cases, and what stands in a case's dossier besides documents."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, func, select, update
from sqlalchemy.orm import Session, defer

from app.domain.case import ApplicationStatus, CaseStatus
from app.domain.people import Actor
from app.domain.words import typed_words, words_of
from app.store.locking import add_unless_there, for_update
from app.store.reach import belongs_to, within_sight_of
from app.store.tables import (
    Application,
    Case,
    CaseWord,
    Decision,
    Extension,
    Incident,
    Payment,
    ProcessVersion,
    RegisterReply,
    RegistrationCounter,
)


def _of_the_same(case: Case) -> ColumnElement[bool]:
    """The cases of the person who filed this one, or of the organisation in whose name it was filed."""
    if case.applicant_bin:
        return Case.applicant_bin == case.applicant_bin
    return (Case.applicant_bin == "") & (Case.applicant_iin == case.applicant_iin)


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
        self._keep_words(case, _words_of_applicant(case))
        return case

    def find_by_number(self, case: Case) -> None:
        """Keeps the words of the number a case was just given, so that it is found by them too."""
        self._keep_words(case, words_of(case.number) - _words_of_applicant(case))

    def _keep_words(self, case: Case, words: frozenset[str]) -> None:
        self._session.add_all(CaseWord(case_id=case.id, word=word) for word in sorted(words))

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

    def earlier_of(self, case: Case, actor: Actor, *, offset: int, limit: int) -> tuple[list[tuple[Case, ProcessVersion]], int]:
        """The other cases of whoever filed this one that this person may see, the newest first, and how many there are."""
        wanted = (_of_the_same(case), Case.id != case.id, within_sight_of(actor))
        rows = self._session.execute(
            select(Case, ProcessVersion, func.count().over())
            .options(defer(Case.state), defer(ProcessVersion.bundle))
            .join(ProcessVersion, ProcessVersion.id == Case.version_id)
            .where(*wanted)
            .order_by(Case.received_at.desc(), Case.id)
            .offset(offset)
            .limit(limit)
        ).all()
        return [(found, version) for found, version, _ in rows], rows[0][2] if rows else 0

    def search(self, actor: Actor, *, words: str, status: CaseStatus | None, offset: int, limit: int) -> tuple[list[Case], int]:
        query = select(Case).options(defer(Case.state)).where(within_sight_of(actor))
        if status is not None:
            query = query.where(Case.status == status)
        if words:
            query = query.where(matching(words))
        total = self._session.scalar(select(func.count()).select_from(query.subquery())) or 0
        return list(self._session.scalars(query.order_by(Case.received_at.desc()).offset(offset).limit(limit))), total

    def next_number(self, series: str, year: int) -> int:
        """The next registration number of a series in a year. The counter's row is held until the transaction ends."""
        take = (
            update(RegistrationCounter)
            .where(RegistrationCounter.series == series, RegistrationCounter.year == year)
            .values(last=RegistrationCounter.last + 1)
            .returning(RegistrationCounter.last)
        )
        taken = self._session.scalar(take)
        if taken is None:
            add_unless_there(self._session, RegistrationCounter(series=series, year=year, last=0))
            taken = self._session.scalars(take).one()
        return taken

    def last_numbers(self, year: int) -> dict[str, int]:
        """Series → the last number given in it this year; a series without one is not named."""
        rows = select(RegistrationCounter.series, RegistrationCounter.last).where(RegistrationCounter.year == year)
        return dict(self._session.execute(rows).all())

    # The dossier

    def add_decision(self, decision: Decision) -> None:
        self._session.add(decision)

    def last_decision(self, case_id: str) -> Decision | None:
        return self._session.scalar(
            select(Decision).where(Decision.case_id == case_id).order_by(Decision.decided_at.desc()).limit(1)
        )

    def extensions(self, case_id: str) -> list[Extension]:
        return list(self._session.scalars(select(Extension).where(Extension.case_id == case_id).order_by(Extension.at)))

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


def _words_of_applicant(case: Case) -> frozenset[str]:
    return words_of(case.applicant_name, case.applicant_iin, case.applicant_bin)


def matching(typed: str) -> ColumnElement[bool]:
    """Cases by the beginnings of the words of their number and applicant's name, or by a whole IIN or BIN."""
    found = [Case.id.in_(select(CaseWord.case_id).where(having(beginning))) for beginning in typed_words(typed)]
    return and_(*found) if found else false()


def having(beginning: str) -> ColumnElement[bool]:
    """Words that begin so: they are compared by code points, and the last of those ends the range."""
    return and_(CaseWord.word >= beginning, CaseWord.word < beginning + "\U0010ffff")
