"""The whole use case, for information: one step of a real service through `app.cases.working.complete`.

Permissions, forms, terms, timers, the history's chain: all that the stock engine has no counterpart for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

from app.bootstrap import open_office
from app.bootstrap.demonstration import seed_people
from app.cases import publishing, working
from app.cases.office import Office, Settings
from app.cli import OPERATOR
from app.gateways.authority import TestAuthority
from app.gateways.signatures import CmsVerifier
from app.gateways.state_registers import SimulatedRegisters
from bench.measuring import Samples
from handlers import HANDLERS
from tests.clock import HandClock, astana
from tests.desk import Desk

PROCESSES = Path(__file__).resolve().parents[1] / "processes"
STEPS = 5
"""Steps a case is worked through here: registered, appointed, found complete, found compliant, drawn up."""


class TimedDesk(Desk):
    """Keeps how long each completion took; looking the work item up beforehand is not counted."""

    def __init__(self, office: Office, clock: HandClock, authority: TestAuthority) -> None:
        super().__init__(office, clock, authority)
        self.seconds: list[float] = []

    def work(self, case_id: str, login: str, outcome: str, answers: Mapping[str, Any] | None = None) -> None:
        actor, item = self.actor(login), self.item(case_id, login)
        given = {**item.draft, **(answers or {})}
        begun = perf_counter()
        working.complete(self.office, actor, item.row.id, rev=item.rev, outcome=outcome, answers=given)
        self.seconds.append(perf_counter() - begun)


def measure_use_case(address: str, authority_folder: Path, cases: int, tick: Callable[[], object]) -> Samples:
    """Times all completions of so many cases on a new database; one more goes before them to warm up."""
    clock = HandClock(astana(2026, 3, 2))
    authority = TestAuthority(authority_folder)
    office = new_office(address, clock, authority)
    try:
        seed_people(office, authority)
        for checked in publishing.check_all(PROCESSES, HANDLERS):
            publishing.publish(office, OPERATOR, checked)
        desk = TimedDesk(office, clock, authority)
        for _ in range(1 + cases):
            work_through(desk)
            tick()
        return Samples(tuple(desk.seconds[STEPS:]))
    finally:
        office.close()


def new_office(address: str, clock: HandClock, authority: TestAuthority) -> Office:
    settings = Settings(database=address, secret_key="a key for the bench", public_url="http://localhost", demonstration=True)
    return open_office(
        settings,
        clock=clock,
        registers=SimulatedRegisters(clock),
        signatures=CmsVerifier([authority.root_certificate]),
        create=True,
    )


def work_through(desk: Desk) -> None:
    """One case from filing to the drawn-up result."""
    case_id = desk.file()
    desk.register(case_id)
    desk.appoint(case_id)
    desk.find_complete(case_id)
    desk.find_compliant(case_id)
    desk.draw_up(case_id)
