"""What every use case is handed: the stores, the engine, the clock and the ports, wired once by `app.bootstrap`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain import terms
from app.domain.calendar import WorkingCalendar
from app.domain.handling import Handler, OutsideCall
from app.domain.passport import Passport
from app.domain.ports import Clock, LetterPress, PaymentGateway, SignatureVerifier, StateRegisters
from app.domain.schedule import LegalRegistration, Schedule, register_legally
from app.domain.terms import Term
from app.engine import Engine
from app.store.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True, slots=True)
class Settings:
    """Read once at the start by `app.bootstrap`; every name is documented in README.md."""

    database: str
    secret_key: str
    public_url: str
    demonstration: bool
    signature_roots: str = ""
    max_upload_bytes: int = 25 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Office:
    unit_of_work: UnitOfWorkFactory
    reading: UnitOfWorkFactory
    engine: Engine
    clock: Clock
    calendar: WorkingCalendar
    registers: StateRegisters
    payments: PaymentGateway
    signatures: SignatureVerifier
    letters: LetterPress
    handlers: Mapping[str, Handler]
    outside_calls: Mapping[str, OutsideCall]
    settings: Settings
    close: Callable[[], None]  # gives the database connections back

    def terms(self, passport: Passport) -> ProviderTerms:
        return ProviderTerms(passport.schedule.schedule(), self.calendar)

    def today(self) -> date:
        """The civil date at the providers' seat."""
        return self.civil_day(self.clock.now())

    def civil_day(self, moment: datetime) -> date:
        return _COUNTRY.day_of(moment)

    def day_ends(self, day: date) -> datetime:
        """Midnight after this civil day."""
        return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(_COUNTRY.zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class ProviderTerms:
    """Terms as one provider's working hours make them."""

    schedule: Schedule
    calendar: WorkingCalendar

    def register(self, received: datetime) -> LegalRegistration:
        return register_legally(received, self.schedule, self.calendar)

    def deadline(self, term: str, counted_from: datetime) -> datetime:
        return terms.deadline(Term.parse(term), counted_from, self.schedule, self.calendar)

    def reminder(self, opened: datetime, due: datetime) -> datetime:
        return terms.reminder_moment(opened, due, self.schedule, self.calendar)

    def left(self, now: datetime, due: datetime) -> timedelta:
        return terms.working_time_left(now, due, self.schedule, self.calendar)


# Substitutions hold on civil days; all of Kazakhstan keeps one time since 1 March 2024.
_COUNTRY = Schedule(opens=time(9), closes=time(18))
