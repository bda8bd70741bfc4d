"""A scratch office: the real use cases over a database in memory, with the draft published in it and a clock moved by hand.

A rehearsal could also ask the engine alone and take recorded answers for the rest. Then work items, limits, terms, separation of
duties, consultations and letters would each need an imitation, and an imitation shows what it was written to show. The real
thing costs some 30 to 70 ms a step here, and a signature twice that, so there is no reason for less.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Protocol

from app.cases.office import Office, Settings
from app.domain.calendar import WorkingCalendar
from app.domain.errors import NotFound
from app.domain.handling import Handler, OutsideCall
from app.domain.made_up import BIN
from app.domain.moves import Bundle
from app.domain.numbers import with_check_digit
from app.domain.people import Actor, Role
from app.domain.rehearsal import Applicant
from app.engine import Engine
from app.gateways.payments import SimulatedPayments
from app.gateways.rehearsed import DryPress, RehearsedSignatures, StandingClock
from app.gateways.state_registers import SimulatedRegisters
from app.store.processes import pack
from app.store.scratch import ScratchDatabase
from app.store.tables import ProcessVersion, User
from app.store.unit_of_work import UnitOfWork, units_of_work

HOLDERS = 2
"""So many people hold each role: whoever prepared a decision may not sign it, and somebody else has to."""

_PRESS = DryPress()


@dataclass(frozen=True, slots=True)
class Scratch:
    """The office, its clock, and what is to be kept of it."""

    office: Office
    clock: StandingClock
    database: ScratchDatabase

    def actor(self, user_id: str, uow: UnitOfWork | None = None) -> Actor:
        """One of the office's people; within the transaction that is open, since there is but one connection."""
        if uow is None:
            with self.office.reading() as own:
                return self.actor(user_id, own)
        user = uow.people.get(user_id)
        if user is None:
            raise NotFound("There is no person '%(id)s'.", id=user_id)
        return uow.people.actor(user, self.office.today())

    def close(self) -> None:
        self.database.close()


class Means(Protocol):
    """What a rehearsal takes from the office it is held in: how cases are run, and nothing of what is kept there."""

    @property
    def engine(self) -> Engine: ...
    @property
    def calendar(self) -> WorkingCalendar: ...
    @property
    def handlers(self) -> Mapping[str, Handler]: ...
    @property
    def outside_calls(self) -> Mapping[str, OutsideCall]: ...


@dataclass(frozen=True, slots=True)
class Workshop:
    """These means without an office, for the command line: rehearsals need no database."""

    calendar: WorkingCalendar
    handlers: Mapping[str, Handler]
    outside_calls: Mapping[str, OutsideCall]
    engine: Engine = field(default_factory=Engine)


def open_scratch(means: Means, bundle: Bundle, at: datetime) -> Scratch:
    """A fresh office at this moment in which the bundle is published, whatever the checks say of it."""
    scratch = reopen_scratch(means, _furnished(), at)
    with scratch.office.unit_of_work() as uow:
        version = ProcessVersion(
            service=bundle.service,
            number=1,
            digest=bundle.digest,
            bundle=pack(bundle),
            published_at=at,
            published_by="",
            in_force_from=at,
        )
        version.id = bundle.digest[:32]  # of the content: what the program remembers of versions by their ids then holds
        uow.processes.add(version)
        uow.commit()
    return scratch


def reopen_scratch(means: Means, content: bytes, at: datetime) -> Scratch:
    """The office as it was kept."""
    database, clock = ScratchDatabase(content), StandingClock(at)
    writing, reading = units_of_work(database.engine)
    office = Office(
        unit_of_work=writing,
        reading=reading,
        engine=means.engine,
        clock=clock,
        calendar=means.calendar,
        registers=SimulatedRegisters(clock),
        payments=SimulatedPayments(clock),
        signatures=RehearsedSignatures(),
        letters=_PRESS,
        handlers=means.handlers,
        outside_calls=means.outside_calls,
        acts=dict,  # no page is shown of it
        settings=Settings(database="", secret_key="", public_url="", demonstration=True),
        close=database.close,
    )
    return Scratch(office, clock, database)


def holder_ids(role: Role) -> Sequence[str]:
    return [f"{role.value}-{n}" for n in range(1, HOLDERS + 1)]


def applicant_id(applicant: Applicant) -> str:
    return f"applicant-{applicant.value}"


@lru_cache(maxsize=1)
def _furnished() -> bytes:
    """The office with its people, made once in a process."""
    database = ScratchDatabase()
    writing, _ = units_of_work(database.engine)
    with writing() as uow:
        for serial, (user_id, role) in enumerate(_people(), start=101):
            uow.people.add(_person(user_id, role, serial), [role])
        uow.commit()
    content = database.content()
    database.close()
    return content


def _people() -> list[tuple[str, Role]]:
    staff = [(user_id, role) for role in Role if role is not Role.APPLICANT for user_id in holder_ids(role)]
    return [*staff, *((applicant_id(each), Role.APPLICANT) for each in Applicant)]


def _person(user_id: str, role: Role, serial: int) -> User:
    organisation = user_id == applicant_id(Applicant.ORGANISATION)
    user = User(
        login=user_id,
        name=user_id,
        password_hash="",  # nobody signs in here
        iin=with_check_digit(f"9912315{serial:04d}"),
        bin=BIN if organisation else "",
        organisation=user_id if organisation else "",
        cleared_until=date.max,
    )
    user.id = user_id
    return user
