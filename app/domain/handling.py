"""What a handler sees. A handler is a plain function of a `HandlerContext`; a test simply calls it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from app.domain.moves import Element, HandlerResult, Later
from app.domain.passport import Passport, Result
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
    result_due: datetime


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
