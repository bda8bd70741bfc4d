"""What every use case is handed: the stores, the engine, the clock and the ports, wired once by `app.bootstrap`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain import terms
from app.domain.calendar import WorkingCalendar
from app.domain.coverage import ActParagraphs
from app.domain.handling import Handler, OutsideCall
from app.domain.passport import Passport
from app.domain.ports import Clock, LetterPress, PaymentGateway, SignatureVerifier, StateRegisters
from app.domain.schedule import Arrival, LegalRegistration, Schedule, arrival, register_legally
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
    revocation_required: bool = False
    responders: tuple[str, ...] = ()
    revocation_lists: tuple[str, ...] = ()
    signature_gateway: str = ""
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
    acts: Callable[[], Mapping[str, ActParagraphs]]  # the lists of the acts' paragraphs, by file name
    close: Callable[[], None]  # gives the database connections back

    def terms(self, passport: Passport) -> ProviderTerms:
        return ProviderTerms(passport.schedule.schedule(), self.calendar)

    def today(self) -> date:
        """The civil date at the providers' seat."""
        return self.civil_day(self.clock.now())

    def local(self, moment: datetime) -> datetime:
        """The moment on the country's clock, for paper."""
        return _COUNTRY.local(moment)

    def civil_day(self, moment: datetime) -> date:
        return civil_day(moment)

    def week(self) -> WorkingCalendar:
        """The country's five-day week, where no provider's own schedule is at hand."""
        return _COUNTRY.calendar(self.calendar)

    def end_of_day(self, day: date) -> datetime:
        """The last moment (UTC) of a civil day."""
        return _COUNTRY.opening(day) + timedelta(hours=15, microseconds=-1)  # opened at nine

    def end_of_week(self, day: date) -> datetime:
        """The last moment (UTC) of the Sunday of this day's week."""
        return self.end_of_day(day + timedelta(days=6 - day.weekday()))

    def end_of_working_days(self, n: int) -> datetime:
        """The last moment (UTC) of the n-th working day after today."""
        return self.end_of_day(self.week().add_working_days(self.today(), n))

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

    def arrival(self, received: datetime) -> Arrival:
        return arrival(received, self.schedule, self.calendar)

    def deadline(self, term: str, counted_from: datetime) -> datetime:
        return terms.deadline(Term.parse(term), counted_from, self.schedule, self.calendar)

    def reminder(self, opened: datetime, due: datetime) -> datetime:
        return terms.reminder_moment(opened, due, self.schedule, self.calendar)

    def left(self, now: datetime, due: datetime) -> timedelta:
        return terms.working_time_left(now, due, self.schedule, self.calendar)


# Substitutions hold on civil days; all of Kazakhstan keeps one time since 1 March 2024.
_COUNTRY = Schedule(opens=time(9), closes=time(18))


def civil_day(moment: datetime) -> date:
    """The civil date at the providers' seat."""
    return _COUNTRY.day_of(moment)
