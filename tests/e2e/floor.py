"""An office with work for everybody, served over a database of its own, a signer beside it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

from sqlalchemy import select

from app.bootstrap.demonstration import seed_jurisdictions
from app.cases import talking
from app.cases.halting import find_halted
from app.cli import OPERATOR
from app.domain.people import Role
from app.gateways.authority import TestAuthority
from app.store.tables import Assignment, Reading
from tests.clock import HandClock
from tests.conftest import MONDAY_MORNING, new_office
from tests.desk import Desk
from tests.filling import file, work
from tests.press import with_short_letters
from tests.scenarios.act001 import Service001
from tests.scenarios.test_same_moment import served

STRIP = "border-strip-entry-pass"
ZONE = "border-zone-pass-for-foreigners"
LONGEST_ANSWER = 30  # seconds
EXAMINATION = "knb-technical-examination-of-goods"


class Floor:
    """What was done before the day begins, by use cases: each name is a case that waits for one role."""

    address = ""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.halted = self._halted()
        self.filed = desk.file()
        self.registered = self._guarantee("clerk")
        self.appointed = self._guarantee("head")
        self.to_reassign = self._guarantee("head")
        self.to_sign = [self._guarantee("executor"), self._guarantee("executor", "applicant"), self._guarantee("executor")]
        self.to_the_department = self._strip("clerk")
        self.to_ask = self._strip("executor")
        self.asked = self._strip("asked")
        self.interior = self._zone("interior")
        self.security = self._zone("security")
        self.issued = self._guarantee("issued")
        self.examined = self._examination()
        talking.write(desk.office, desk.actor("executor"), self.appointed, "Шарттың көшірмесі қайда?")
        desk.substitute(absent="head", by="deputy", role=Role.HEAD, first=date(2026, 3, 2), last=date(2026, 3, 6))

    def at(self, address: str) -> Floor:
        self.address = address
        return self

    def item(self, case_id: str, login: str) -> str:
        """Id of the one task of the case that this person may do."""
        return self.desk.item(case_id, login).row.id

    def wait_for_item(self, case_id: str, login: str) -> str:
        """The next task of this person; the state registers answer the server in the background first."""
        deadline = time.monotonic() + LONGEST_ANSWER
        while time.monotonic() < deadline:
            with suppress(AssertionError):
                return self.item(case_id, login)
        return self.item(case_id, login)

    def status(self, case_id: str) -> str:
        return self.desk.case(case_id).status.value

    def readers(self, case_id: str) -> set[str]:
        """In which roles the case was read, as the readings tell."""
        with self.desk.office.reading() as uow:
            return set(uow._session.scalars(select(Reading.role).where(Reading.case_id == case_id)))

    def _halted(self) -> str:
        """A case whose open step is gone, as after a crash of a former program."""
        case_id = self.desk.file()
        with self.desk.office.unit_of_work() as uow:
            for item in uow.work.open_of(case_id):
                for row in uow._session.query(Assignment).filter_by(work_item_id=item.id):
                    uow._session.delete(row)
                uow._session.flush()
                uow._session.delete(item)
            uow.commit()
        assert find_halted(self.desk.office) == 1
        return case_id

    def _guarantee(self, done_by: str, login: str = "company") -> str:
        case_id = self.desk.file(login)
        self.desk.register(case_id)
        if done_by == "clerk":
            return case_id
        self.desk.appoint(case_id)
        if done_by == "head":
            return case_id
        self.desk.find_complete(case_id)
        self.desk.find_compliant(case_id)
        self.desk.draw_up(case_id)
        if done_by == "issued":
            self.desk.sign(case_id)
        return case_id

    def _strip(self, until: str) -> str:
        case_id = file(self.desk, STRIP, "activity-or-event")
        work(self.desk, case_id, "clerk", "registered")
        if until != "clerk":
            work(self.desk, case_id, "depthead", "appointed", executor=self.desk.actor("executor").id)
            work(self.desk, case_id, "executor", "accept")
            self.desk.answer_jobs()
        if until == "asked":
            work(self.desk, case_id, "executor", "needed")
        return case_id

    def _zone(self, whose: str) -> str:
        case_id = file(self.desk, ZONE, "issue", login="applicant", channel="provider-office")
        for login, outcome in (("clerk", "complete"), ("executor", "drawn_up"), ("head", "signed")):
            work(self.desk, case_id, login, outcome)
        if whose == "security":
            work(self.desk, case_id, "interior", "agree")
            work(self.desk, case_id, "interior", "signed")
        return case_id

    def _examination(self) -> str:
        examination = Service001(self.desk, EXAMINATION, "examination")
        case_id = examination.file()
        examination.register(case_id)
        return case_id


@contextmanager
def opened(template: Path, authority: TestAuthority, folder: Path) -> Iterator[Floor]:
    shutil.copy(template, folder / "rasim.db")
    clock = HandClock(MONDAY_MORNING)
    database = f"sqlite:///{folder / 'rasim.db'}"
    office = with_short_letters(new_office(database, clock, authority))
    desk = Desk(office, clock, authority)
    seed_jurisdictions(office, OPERATOR)
    try:
        floor = Floor(desk)
        with served(database, desk, authority, folder) as port:
            yield floor.at(f"http://127.0.0.1:{port}")
    finally:
        office.close()
