"""What a handler sees. A handler is a plain function of a `HandlerContext`; a test simply calls it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from app.domain.moves import Element, HandlerResult, Later
from app.domain.passport import Consultation, Passport, Result
from app.domain.ports import RegisterAnswer, StateRegisters


@dataclass(frozen=True, slots=True)
class CaseInHand:
    """The facts of the case a handler works for."""

    id: str
    number: str
    service: str
    variant: str
    applicant_name: str
    applicant_iin: str
    applicant_bin: str
    received_at: datetime
    registered_on: date
    result_due: datetime | None  # None: no term runs, or it stands still


class HandlerContext(Protocol):
    """The case, the element, the passport and what was applied for; and the few things a handler may do."""

    @property
    def case(self) -> CaseInHand: ...
    @property
    def element(self) -> Element: ...
    @property
    def passport(self) -> Passport: ...
    @property
    def answers(self) -> Mapping[str, Mapping[str, Any]]:
        """The application: form id → field id → value."""
        ...

    @property
    def names(self) -> Mapping[str, Any]:
        """What the passport's expressions may name: the application's fields, `variant`, `channel`, `paid`."""
        ...

    @property
    def step_answers(self) -> Mapping[str, Any]:
        """What the person filled in who finishes this user task; empty for a service task."""
        ...

    def answered(self, form: str) -> Mapping[str, Any]:
        """What was filled in last in this form of a step done before; empty if none was."""
        ...

    def last_day(self, term: str) -> date:
        """The last day of a term that begins today, by the provider's calendar."""
        ...

    def working_days_until(self, day: date) -> int:
        """How many working days come after today up to and including this day, by the provider's calendar."""
        ...

    def bodies_to_ask(self) -> tuple[Consultation, ...]:
        """The bodies that reply at the task repeated by the flag of this step, as far as they apply to the application."""
        ...

    def replies(self) -> tuple[str, ...]:
        """The newest reply of every body asked at the tasks that lead to this step; empty for one that did not reply."""
        ...

    def is_signed_validly(self) -> bool:
        """Whether the application carries signatures and all of them were found valid."""
        ...

    def last_hand_holds_role(self) -> bool:
        """Whether the person who finished a user task of this case last still holds its role."""
        ...

    def registers_know_applicant(self) -> bool:
        """Whether every state register that was asked found what it was asked for."""
        ...

    def now(self) -> datetime: ...

    def number_case(self) -> str:
        """Gives the case the next registration number of the year, once; a second call gives the same number."""
        ...

    def signed_result(self) -> Result:
        """The result whose letter was signed last. Raises Invalid when nothing is signed yet."""
        ...

    def tell_applicant(self, template: str, values: Mapping[str, Any], *, letter: str | None = None) -> None:
        """Puts a notice into the applicant's cabinet, with the case's signed letter of that kind when one is named."""
        ...

    def request(self, job: str, payload: Mapping[str, Any]) -> Later:
        """Writes a job for the outside in this transaction; the service task stays started until it is answered."""
        ...


Handler = Callable[[HandlerContext], HandlerResult]


class JobContext(Protocol):
    """What a job's outside call sees: its request and the ports. No transaction is open while it runs."""

    @property
    def id(self) -> str:
        """The idempotency key: the same for every attempt."""
        ...

    @property
    def request(self) -> Mapping[str, Any]: ...
    @property
    def registers(self) -> StateRegisters: ...


OutsideCall = Callable[[JobContext], tuple[RegisterAnswer, ...]]
