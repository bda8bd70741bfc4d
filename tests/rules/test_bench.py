"""The benchmark compares like with like and tells when a bar is missed. Nothing here depends on how fast the machine is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, select

from app.cases.office import Office
from app.cases.publishing import check_bundle
from app.engine.lint import read_diagrams
from app.engine.reducing import reduced
from app.gateways.authority import TestAuthority
from app.store.bundles import read_bundle
from bench import report
from bench.comparing import IN_MEMORY, Figures, Key, Plan, compare_in_memory, compare_with_commit, prepare
from bench.databases import NewDatabase, sqlite
from bench.large_diagram import SERVICE, dense_block, large_bundle
from bench.licence import MEASURED, history
from bench.measuring import Samples
from bench.sides import Rasim, Side, Stock
from bench.transaction import CASE, JOURNAL, WORK_ITEM, CaseTable
from bench.use_case import STEPS, TimedDesk, work_through
from handlers import HANDLERS
from tests.clock import HandClock


@pytest.fixture
def new_database() -> Iterator[NewDatabase]:
    with sqlite() as opened:
        yield opened


def nothing() -> None:
    """No progress is shown."""


def test_both_engines_wait_for_the_same_people_after_every_step() -> None:
    stock, rasim = Stock(), Rasim()
    theirs, ours = stock.play([]), rasim.play([])
    for step in [*history(rounds=2), MEASURED, ("sign", None), ("deliver", None)]:
        theirs = stock.complete(theirs.state, theirs.token_at(step[0]), step)
        ours = rasim.complete(ours.state, ours.token_at(step[0]), step)
        assert sorted(task.element for task in ours.open_tasks()) == sorted(task.element for task in theirs.open_tasks())
    assert not ours.open_tasks()


def test_the_histories_have_the_promised_lengths() -> None:
    stock = Stock()
    # Each round adds 19 tasks to the 42 of a case that was never sent back: 42 + 10 * 19 = 232, 42 + 60 * 19 = 1182.
    assert [stock.tasks_of(stock.play(history(rounds)).state) for rounds in (0, 1, 10)] == [42, 61, 232]


def test_both_sides_leave_the_same_rows_behind(new_database: NewDatabase) -> None:
    assert rows_after_a_completion(Stock(), new_database("stock")) == rows_after_a_completion(Rasim(), new_database("rasim"))


def rows_after_a_completion(side: Side, address: str) -> list[list[tuple[object, ...]]]:
    saved = side.play(history(rounds=0))
    table = CaseTable(address, side)
    completed, untouched = table.add(saved, 2)
    table.complete(completed, saved.token_at(MEASURED[0]), MEASURED)
    table.close()
    database = create_engine(address)
    with database.connect() as connection:
        cases = connection.execute(select(CASE.c.id, CASE.c.rev, CASE.c.state == saved.state).order_by(CASE.c.id)).all()
        items = connection.execute(select(WORK_ITEM.c.case_id, WORK_ITEM.c.element).order_by(WORK_ITEM.c.case_id)).all()
        events = connection.execute(select(JOURNAL.c.case_id, JOURNAL.c.event)).all()
    database.dispose()
    assert [tuple(row) for row in cases] == [(completed, 2, False), (untouched, 1, True)]
    assert [tuple(row) for row in items] == [(completed, "sign"), (untouched, "check_legally")]
    return [[tuple(row) for row in rows] for rows in (cases, items, events)]


def test_a_short_run_measures_both_sides_everywhere(new_database: NewDatabase) -> None:
    starts = prepare(Plan({0: 2, 1: 2}, rasim=3), nothing)
    figures = {IN_MEMORY: compare_in_memory(starts, nothing), "SQLite": compare_with_commit(starts, new_database, nothing)}
    for samples in figures.values():
        assert {key: len(each.seconds) for key, each in samples.items()} == {
            Key(42, "stock"): 2,
            Key(42, "Rasim"): 3,
            Key(61, "stock"): 2,
            Key(61, "Rasim"): 3,
        }
    assert len(report.table(figures).splitlines()) == 1 + 4
    assert len(report.bars(figures)) == 4


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_whole_use_case_is_timed_step_by_step(office: Office, clock: HandClock, authority: TestAuthority) -> None:
    desk = TimedDesk(office, clock, authority)
    work_through(desk)
    assert len(desk.seconds) == STEPS


@pytest.mark.parametrize(
    ("place", "stock", "short", "long", "met"),
    [
        (IN_MEMORY, 6.0, 1.0, 1.2, [True, True]),
        (IN_MEMORY, 5.9, 1.0, 1.2, [False, True]),
        ("SQLite", 3.0, 1.0, 1.2, [True, True]),
        ("SQLite", 2.9, 1.0, 1.3, [False, False]),
    ],
)
def test_a_bar_is_missed_by_what_lies_beyond_it(place: str, stock: float, short: float, long: float, met: list[bool]) -> None:
    figures: Figures = {
        place: {
            Key(42, "stock"): Samples((stock, stock)),
            Key(42, "Rasim"): Samples((short, short)),
            Key(1182, "Rasim"): Samples((long, long)),
        }
    }
    assert [bar.met for bar in report.bars(figures)] == met


def test_the_large_diagram_is_clean_and_played_in_few_situations() -> None:
    drawn = large_bundle(300)
    checked = check_bundle(drawn, HANDLERS)
    assert checked.findings == ()
    (situations,) = checked.situations.values()
    assert situations < 2 * 300  # the work of the token game, whatever the machine's speed


def test_a_dense_block_is_reduced_to_the_service_around_it() -> None:
    block, service = (read_diagrams(each)[0].scopes[0] for each in (dense_block(3, 3), read_bundle(SERVICE)))
    assert len(block.nodes) > len(service.nodes) + 40
    assert reduced(block).nodes.keys() <= service.nodes.keys()
