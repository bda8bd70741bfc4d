"""One transaction for one command: rolled back unless the use case says `commit`."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self

from sqlalchemy import Engine
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from app.domain.errors import Declined, Invalid, Unavailable
from app.store.cases import Cases
from app.store.database import for_reading, is_taken
from app.store.design import Design
from app.store.disclosures import Disclosures
from app.store.documents import Documents
from app.store.filters import Filters
from app.store.history_log import HistoryLog
from app.store.inbox import Inbox
from app.store.incidents import Incidents
from app.store.journal import Journal
from app.store.moving import Moving
from app.store.notices import Notices
from app.store.people import People
from app.store.processes import Processes
from app.store.programs import Programs
from app.store.rehearsed import Rehearsed
from app.store.replays import Replays
from app.store.settings import Settings
from app.store.standings import Standings
from app.store.supervision import Supervision
from app.store.talk import Talk
from app.store.timing import Timing
from app.store.to_sign import ToSign
from app.store.work import Work


class UnitOfWork:
    """The stores over one session. Use as a context manager; without `commit` nothing stays."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.people = People(session)
        self.processes = Processes(session)
        self.design = Design(session)
        self.moving = Moving(session)
        self.rehearsed = Rehearsed(session)
        self.replays = Replays(session)
        self.standings = Standings(session)
        self.cases = Cases(session)
        self.work = Work(session)
        self.incidents = Incidents(session)
        self.supervision = Supervision(session)
        self.to_sign = ToSign(session)
        self.inbox = Inbox(session)
        self.filters = Filters(session)
        self.timing = Timing(session)
        self.documents = Documents(session)
        self.disclosures = Disclosures(session)
        self.notices = Notices(session)
        self.journal = Journal(session)
        self.history = HistoryLog(session)
        self.settings = Settings(session)
        self.programs = Programs(session)
        self.talk = Talk(session)

    def flush(self) -> None:
        self._session.flush()

    def commit(self) -> None:
        self._session.commit()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._session.close()
        # A handler that met a database away is wrapped once; the cause is the database all the same.
        if isinstance(error, OperationalError) or (error and isinstance(error.__cause__, OperationalError)):
            raise Unavailable("The database does not answer now; nothing was changed. Try again shortly.") from error
        if isinstance(error, IntegrityError) and is_taken(error):
            raise Declined("Somebody did the same at this moment; nothing was changed. Look at it again.") from error
        if isinstance(error, DataError):
            raise Invalid("Something given is too long, or holds a character that cannot be kept.") from error


UnitOfWorkFactory = Callable[[], UnitOfWork]


def units_of_work(engine: Engine) -> tuple[UnitOfWorkFactory, UnitOfWorkFactory]:
    """Two factories: one for commands (takes the write lock at once on SQLite), one for reading (see `for_reading`)."""
    writing = sessionmaker(engine, expire_on_commit=False)
    reading = sessionmaker(for_reading(engine), expire_on_commit=False, autoflush=False)
    return (lambda: UnitOfWork(writing())), (lambda: UnitOfWork(reading()))


__all__ = ["UnitOfWork", "UnitOfWorkFactory", "units_of_work"]
