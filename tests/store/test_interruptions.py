"""A command cut off before any of its statements has changed nothing: the systematic half of what `kill -9` shows at random."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Engine, event

from app.cases import filing, jobs, repairing, timing, working
from app.cases.office import Office
from app.domain.case import JobStatus
from app.domain.ports import Register
from app.gateways.authority import TestAuthority
from app.store.tables import Incident, Job
from tests.clock import HandClock, astana
from tests.desk import Desk
from tests.press import with_short_letters
from tests.rows import all_rows

Command = Callable[[], object]


class Cut(BaseException):
    """Nobody catches it, as nobody catches a kill."""


@contextmanager
def cut_off_before(statement: int) -> Iterator[None]:
    """The program ends when it is about to send this statement, counted from 1."""
    sent = count(1)

    def cut(*_call: Any) -> None:
        if next(sent) == statement:
            raise Cut

    event.listen(Engine, "before_cursor_execute", cut)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", cut)


@pytest.fixture
def desk(office: Office, clock: HandClock, authority: TestAuthority) -> Desk:
    return Desk(with_short_letters(office), clock, authority)


def filing_an_application(desk: Desk) -> Command:
    application, company = desk.draft(), desk.actor("company")
    signatures = [
        (document.id, desk.signature(document, company, iin=want.iin, bin=want.bin))
        for document in filing.prepare_application(desk.office, company, application)
        for want in document.wanted
    ]
    return partial(filing.file_application, desk.office, company, application, signatures)


def completing_a_step(desk: Desk) -> Command:
    item, clerk = desk.item(desk.file(), "clerk"), desk.actor("clerk")
    return partial(working.complete, desk.office, clerk, item.row.id, rev=item.rev, outcome="registered", answers={})


def signing_the_result(desk: Desk) -> Command:
    case = desk.file()
    desk.register(case)
    desk.appoint(case)
    desk.find_complete(case)
    desk.find_compliant(case)
    desk.draw_up(case)
    item, head = desk.item(case, "head"), desk.actor("head")
    document = working.prepare_signing(desk.office, head, item.row.id)
    signed = [(document.id, desk.signature(document, head, iin=head.iin, bin=head.bin))]
    rev = desk.item(case, "head").rev
    return partial(working.complete, desk.office, head, item.row.id, rev=rev, outcome="sign", answers={}, signatures=signed)


def firing_a_deadline(desk: Desk) -> Command:
    desk.file()
    desk.clock.move_to(astana(2026, 3, 2, 18, 30))
    with desk.office.reading() as uow:
        timer, case = uow.timing.due(desk.clock.now(), limit=2)[1]
    return partial(timing.fire, desk.office, timer, case)


def answering_a_job(desk: Desk) -> Command:
    case = desk.file()
    desk.register(case)
    desk.appoint(case)
    executor, item = desk.actor("executor"), desk.item(case, "executor")
    working.complete(desk.office, executor, item.row.id, rev=item.rev, outcome="complete", answers=item.draft)
    with desk.office.unit_of_work() as uow:
        job = uow.timing.take_job(desk.clock.now())
    assert job is not None
    replies = (desk.office.registers.ask(Register.LEGAL_ENTITY, desk.actor("company").bin, message_id="1"),)
    return partial(jobs.answer, desk.office, job.id, case, replies)


def resolving_an_incident(desk: Desk) -> Command:
    case = desk.file()
    with desk.office.unit_of_work() as uow:
        job = uow.timing.add_job(
            Job(
                case_id=case,
                token="none",
                element="register_application",
                name="ask-registers",
                request={},
                run_at=desk.clock.now(),
                status=JobStatus.FAILED,
            )
        )
        fault = Incident(case_id=case, element="", sentence="A made-up fault.", opened_at=desk.clock.now(), job_id=job.id)
        incident = uow.cases.add_incident(fault).id
        uow.commit()
    return partial(repairing.retry, desk.office, desk.actor("deputy"), incident, "The cause is gone.")


@pytest.mark.parametrize(
    "command",
    [
        filing_an_application,
        completing_a_step,
        signing_the_result,
        firing_a_deadline,
        answering_a_job,
        resolving_an_incident,
    ],
)
def test_a_command_cut_off_before_any_statement_changes_nothing_and_can_be_given_again(
    desk: Desk, database: str, command: Callable[[Desk], Command]
) -> None:
    call = command(desk)
    before = all_rows(database)
    for statement in count(1):
        try:
            with cut_off_before(statement):
                call()
            break
        except Cut:
            assert all_rows(database) == before, f"cut off before statement {statement}"
    assert statement > 5
    assert all_rows(database) != before
