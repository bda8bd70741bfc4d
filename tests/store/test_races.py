"""Several people, pages and sweeps at one moment: one of them wins, the others are declined calmly, and nothing is done twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from app.cases import drafting, filing, repairing, timing, viewing, working
from app.cases.office import Office
from app.cases.people import add_person
from app.domain.case import WorkStatus
from app.domain.errors import Declined, RasimError
from app.domain.events import EventKind
from app.domain.moves import Bundle
from app.domain.people import Actor, Role
from app.domain.ports import KeyPurpose, SignatureCheck
from app.engine import Engine, Process
from app.gateways.authority import TestAuthority
from app.history.verification import verify
from app.store.tables import Incident
from tests.clock import HandClock, astana
from tests.desk import PDF, Desk
from tests.press import with_short_letters
from tests.rows import all_rows
from tests.threads import at_once

MANY = 16
PDF_TYPE = "application/pdf"


@pytest.fixture
def desk(office: Office, clock: HandClock, authority: TestAuthority) -> Desk:
    return Desk(with_short_letters(office), clock, authority)


@pytest.fixture
def offices(desk: Desk, open_another: Callable[[], Office]) -> tuple[Office, Office]:
    """Two processes over one database."""
    return desk.office, with_short_letters(open_another())


def kinds(results: list[Any]) -> Counter[str]:
    return Counter(type(result).__name__ for result in results)


def require_whole_history(office: Office) -> None:
    with office.reading() as uow:
        assert [breaches for _, _, breaches in verify(uow) if breaches] == []


def test_of_sixteen_who_complete_one_item_exactly_one_wins(desk: Desk, offices: tuple[Office, Office], database: str) -> None:
    alone, raced = desk.file(), desk.file()
    desk.register(alone)
    clerk, item = desk.actor("clerk"), desk.item(raced, "clerk")

    def complete(office: Office) -> None:
        working.complete(office, clerk, item.row.id, rev=item.rev, outcome="registered", answers={})

    results = at_once([partial(complete, offices[i % 2]) for i in range(MANY)])

    assert kinds(results) == {"NoneType": 1, "Declined": MANY - 1}
    assert {r.sentence.template for r in results if r} == {"“%(step)s” is done already: %(name)s, %(when)s."}
    # Neither a second number nor a second anything: the history is that of a case nobody raced for.
    assert desk.events(raced) == desk.events(alone)
    assert desk.case(raced).number == "2026-00002"
    require_whole_history(desk.office)

    before = all_rows(database)
    with pytest.raises(Declined, match="is done already: Тіркеуова Күнсұлу"):
        complete(offices[0])
    assert all_rows(database) == before


def test_of_two_who_claim_one_item_one_has_it_and_the_other_is_told_who(desk: Desk, offices: tuple[Office, Office]) -> None:
    add_person(desk.office, login="clerk2", name="Екінші Кеңсе", password="-", roles=[Role.CHANCELLERY])
    item = desk.item(desk.file(), "clerk").row.id
    clerks = desk.actor("clerk"), desk.actor("clerk2")

    results = at_once([partial(working.claim, offices[i % 2], clerks[i % 2], item) for i in range(MANY)])

    assert kinds(results) == {"NoneType": MANY // 2, "Declined": MANY // 2}
    view = viewing.work_item(desk.office, clerks[0], item)
    assert {str(r) for r in results if r} == {f"{view.row.owner} has had this task since {desk.clock.now()}."}
    assert view.rev == 1
    assert desk.events(view.row.case_id).count("work-claimed") == 1


def test_a_page_opened_before_the_item_changed_is_declined_and_changes_nothing(desk: Desk, database: str) -> None:
    item = desk.item(desk.file(), "clerk")
    clerk = desk.actor("clerk")
    working.claim(desk.office, clerk, item.row.id)
    before = all_rows(database)
    with pytest.raises(Declined, match="out of date"):
        working.complete(desk.office, clerk, item.row.id, rev=item.rev, outcome="registered", answers={})
    assert all_rows(database) == before


def shown_and_signed(desk: Desk, application: str) -> list[tuple[str, bytes]]:
    company = desk.actor("company")
    return [
        (document.id, desk.signature(document, company, iin=want.iin, bin=want.bin))
        for document in filing.prepare_application(desk.office, company, application)
        for want in document.wanted
    ]


def test_a_second_click_on_filing_is_declined_and_opens_no_second_case(desk: Desk, offices: tuple[Office, Office]) -> None:
    application, company = desk.draft(), desk.actor("company")
    signatures = shown_and_signed(desk, application)
    results = at_once([partial(filing.file_application, offices[i % 2], company, application, signatures) for i in range(8)])
    assert kinds(results) == {"str": 1, "Declined": 7}
    assert {str(r) for r in results if isinstance(r, Declined)} == {
        "This application is filed already; it can no longer be changed."
    }
    assert viewing.cabinet(desk.office, company).total == 1
    require_whole_history(desk.office)


class Interrupted:
    """A verifier in whose time, before the filing's transaction, another window does something."""

    def __init__(self, office: Office, call: Callable[[], object]) -> None:
        self._office, self._calls = office, [call]

    def verify(self, content: bytes, cms: bytes, *, at: datetime, purpose: KeyPurpose = KeyPurpose.SIGNING) -> SignatureCheck:
        while self._calls:
            self._calls.pop()()
        return self._office.signatures.verify(content, cms, at=at, purpose=purpose)


class InterruptedEngine(Engine):
    """An engine that lets another window try something while the filing's transaction is open."""

    def __init__(self, call: Callable[[], object], threads: ThreadPoolExecutor) -> None:
        super().__init__()
        self._call, self._threads = call, threads
        self.other_window: Future[object] | None = None

    def load(self, bundle: Bundle) -> Process:
        if self.other_window is None:
            self.other_window = self._threads.submit(self._call)
            with pytest.raises(TimeoutError):
                self.other_window.result(timeout=0.2)  # it waits for the filing to end
        return super().load(bundle)


def other_windows(office: Office, company: Actor, application: str) -> dict[str, Callable[[], object]]:
    return {
        "save": partial(drafting.save_application, office, company, application, {"application": {"address": "elsewhere"}}),
        "attach": partial(drafting.attach, office, company, application, "foreign_trade_contract", "b.pdf", PDF_TYPE, PDF),
        "discard": partial(drafting.discard_application, office, company, application),
    }


@pytest.mark.parametrize("what", ["save", "attach", "discard"])
def test_what_comes_from_another_window_during_the_filing_changes_nothing_of_it(
    desk: Desk, offices: tuple[Office, Office], what: str
) -> None:
    company, application = desk.actor("company"), desk.draft()
    signatures = shown_and_signed(desk, application)
    with ThreadPoolExecutor(1) as threads:
        engine = InterruptedEngine(other_windows(offices[1], company, application)[what], threads)
        case = filing.file_application(replace(offices[0], engine=engine), company, application, signatures)
        assert engine.other_window is not None
        with pytest.raises(Declined, match="filed already"):
            engine.other_window.result()
    view = viewing.case(desk.office, company, case)
    assert view.answers["application"]["address"] == desk.answers()["application"]["address"]
    assert "contract.pdf" in {document.filename for document in view.documents}


@pytest.mark.parametrize("what", ["save", "attach", "discard"])
def test_what_changes_while_the_signatures_are_checked_is_not_filed_unseen(
    desk: Desk, offices: tuple[Office, Office], what: str
) -> None:
    """Authorities are asked before the transaction, so that nobody waits for them; the bytes are looked at again in it."""
    company, application = desk.actor("company"), desk.draft()
    signatures = shown_and_signed(desk, application)
    checking = Interrupted(offices[0], other_windows(offices[1], company, application)[what])
    with pytest.raises(RasimError):
        filing.file_application(replace(offices[0], signatures=checking), company, application, signatures)
    with desk.office.reading() as uow:
        assert uow.cases.of_application(application) is None


def test_the_first_cases_of_a_year_registered_at_one_moment_get_numbers_one_after_another(
    desk: Desk, offices: tuple[Office, Office]
) -> None:
    cases = [desk.file() for _ in range(6)]
    clerk = desk.actor("clerk")
    items = [desk.item(case, "clerk").row.id for case in cases]
    results = at_once(
        [
            partial(working.complete, offices[i % 2], clerk, item, rev=0, outcome="registered", answers={})
            for i, item in enumerate(items)
        ]
    )
    assert results == [None] * 6
    assert sorted(desk.case(case).number for case in cases) == [f"2026-{n:05d}" for n in range(1, 7)]


def test_one_file_attached_to_many_applications_at_one_moment_is_kept_once(
    desk: Desk, offices: tuple[Office, Office], database: str
) -> None:
    company = desk.actor("company")
    drafts = [desk.draft(attach=False) for _ in range(8)]
    content = b"%PDF-1.7\n% the same contract in every one\n"
    results = at_once(
        [
            partial(drafting.attach, offices[i % 2], company, draft, "foreign_trade_contract", "c.pdf", PDF_TYPE, content)
            for i, draft in enumerate(drafts)
        ]
    )
    assert results == [None] * 8
    assert [kept for _, kept in all_rows(database)["content"]].count(content) == 1


def overdue(desk: Desk, clock: HandClock) -> list[str]:
    """Five cases whose registration is late: a reminder and a deadline of the step wait to fire in each."""
    cases = [desk.file() for _ in range(5)]
    clock.move_to(astana(2026, 3, 2, 19))
    return cases


def test_two_sweeps_fire_each_timer_once(desk: Desk, offices: tuple[Office, Office], clock: HandClock) -> None:
    cases = overdue(desk, clock)
    with desk.office.reading() as uow:
        due = uow.timing.due(clock.now(), limit=100)

    results = at_once([partial(timing.sweep, offices[i % 2]) for i in range(8)])

    assert sum(swept.fired for swept in results) == len(due) == 10
    assert sum(swept.failed for swept in results) == 0
    for case in cases:
        assert desk.events(case).count("reminded") == 1
        assert desk.events(case).count("deadline-passed") == 1
        assert desk.events(case).count("escalated") == 1
    require_whole_history(desk.office)


def test_a_timer_fired_again_does_nothing(desk: Desk, offices: tuple[Office, Office], clock: HandClock, database: str) -> None:
    overdue(desk, clock)
    with desk.office.reading() as uow:
        timer, case = uow.timing.due(clock.now(), limit=1)[0]
    assert sorted(at_once([partial(timing.fire, offices[i % 2], timer, case) for i in range(8)])) == [False] * 7 + [True]
    before = all_rows(database)
    assert timing.fire(desk.office, timer, case) is False
    assert all_rows(database) == before


def test_a_late_timer_of_an_item_that_is_done_does_nothing(desk: Desk, clock: HandClock, database: str) -> None:
    cases = overdue(desk, clock)
    with desk.office.reading() as uow:
        late = [(timer, case) for timer, case in uow.timing.due(clock.now(), limit=100) if case == cases[0]]
    assert len(late) == 2
    desk.register(cases[0])  # between the sweep's look at the table and its turn for this case
    before = all_rows(database)
    assert [timing.fire(desk.office, timer, case) for timer, case in late] == [False, False]
    assert all_rows(database) == before


def test_a_deadline_and_the_work_it_watches_at_one_moment_leave_a_whole_case(
    desk: Desk, offices: tuple[Office, Office], clock: HandClock
) -> None:
    cases = overdue(desk, clock)
    clerk = desk.actor("clerk")
    items = [desk.item(case, "clerk") for case in cases]
    work = [partial(working.complete, offices[0], clerk, item.row.id, rev=0, outcome="registered", answers={}) for item in items]
    results = at_once([*work, *[partial(timing.sweep, offices[1])] * 5])
    assert results[:5] == [None] * 5
    for case, item in zip(cases, items, strict=True):
        events = desk.events(case)
        assert events.count("work-completed") == 1
        assert events.count("escalated") <= 1
        with desk.office.reading() as uow:
            done = uow.work.get(item.row.id)
        assert done is not None
        assert done.status is WorkStatus.COMPLETED
    require_whole_history(desk.office)


def test_an_incident_is_resolved_once(desk: Desk, offices: tuple[Office, Office]) -> None:
    case = desk.file()
    with desk.office.unit_of_work() as uow:
        incident = uow.cases.add_incident(
            Incident(case_id=case, element="", sentence="A made-up fault.", opened_at=desk.clock.now())
        ).id
        uow.commit()
    deputy = desk.actor("deputy")
    results = at_once([partial(repairing.retry, offices[i % 2], deputy, incident, "The cause is gone.") for i in range(8)])
    assert kinds(results) == {"NoneType": 1, "Declined": 7}
    assert desk.events(case).count(EventKind.INCIDENT_RESOLVED.value) == 1
