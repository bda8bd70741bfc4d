"""Sixteen people at sixteen browsers press at the same moment, over HTTP against a real server: one wins, the others are told
who it was and when, and everything they typed comes back and is kept."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from html import unescape
from pathlib import Path
from urllib.request import urlopen

from app.bootstrap.demonstration import PASSWORD
from app.cases.people import add_person, set_language
from app.domain.case import WorkStatus
from app.domain.people import Role
from app.gateways.authority import TestAuthority
from app.history.verification import verify
from app.store.tables import WorkItem
from tests.clock import ASTANA, HandClock
from tests.conftest import new_office
from tests.desk import Desk
from tests.press import with_short_letters
from tests.scenarios.serving import Fields, Servers, Visitor
from tests.scenarios.test_crash import as_typed
from tests.threads import at_once

MANY = 16
LONGEST_START = 60  # seconds


@contextmanager
def served(database: str, desk: Desk, authority: TestAuthority, folder: Path) -> Iterator[int]:
    """A real server over this database; gives its port."""
    home = folder / "home"
    home.mkdir()
    (home / "authority").symlink_to(authority._directory)
    servers = Servers({"RASIM_HOME": str(home), "RASIM_DATABASE": database}, folder / "server.log")
    try:
        servers.start("--clock", desk.clock.now().astimezone(ASTANA).isoformat(timespec="seconds"))
        try:
            wait_for(servers.port)
            yield servers.port
        finally:
            servers.kill()
    finally:
        servers.close()


def wait_for(port: int) -> None:
    """Returns once the server answers; a refused connection is asked again, since nothing tells when it begins to listen."""
    deadline = time.monotonic() + LONGEST_START
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=LONGEST_START):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise


def heads(desk: Desk) -> list[str]:
    """Logins of sixteen people who may all do the head's work."""
    logins = [f"head{n}" for n in range(MANY)]
    for n, login in enumerate(logins):
        add_person(desk.office, login=login, name=f"Басшы {n}-ші", password=PASSWORD, roles=[Role.HEAD], unit="provider")
        set_language(desk.office, desk.actor(login), "en")
    return logins


def item_row(desk: Desk, item_id: str) -> WorkItem:
    with desk.office.reading() as uow:
        found = uow.work.get(item_id)
        assert found is not None
        return found


def name_of(desk: Desk, user_id: str | None) -> str:
    with desk.office.reading() as uow:
        return uow.people.names([user_id or ""])[user_id or ""]


def as_said(moment: datetime | None) -> str:
    assert moment is not None
    there = moment.astimezone(ASTANA)
    return f"{there.day} {there:%B} {there.year}, {there:%H:%M}"


def all_at_once(visitors: list[Visitor], address: str, typed: list[Fields]) -> list[tuple[int, str]]:
    answers = at_once([partial(visitor.submit, address, fields) for visitor, fields in zip(visitors, typed, strict=True)])
    errors = [answer for answer in answers if isinstance(answer, Exception)]
    assert errors == []
    return [(status, unescape(page)) for status, page in answers]


def require_one_winner(answers: list[tuple[int, str]], sentence: str, texts: list[str]) -> None:
    assert Counter(status for status, _ in answers) == {302: 1, 409: MANY - 1}
    for (status, page), text in zip(answers, texts, strict=True):
        if status == 409:
            assert sentence in page
            assert text in page, "what was typed comes back"


def test_of_sixteen_at_one_moment_one_wins_and_the_others_keep_their_words(
    database: str, clock: HandClock, authority: TestAuthority, tmp_path: Path
) -> None:
    desk = Desk(with_short_letters(new_office(database, clock, authority)), clock, authority)
    logins = heads(desk)
    set_language(desk.office, desk.actor("executor"), "en")
    claimed, completed, drawn_up = desk.file(), desk.file(), desk.file()
    for case_id in (claimed, completed, drawn_up):
        desk.register(case_id)
    desk.appoint(drawn_up)
    desk.find_complete(drawn_up)
    desk.find_compliant(drawn_up)
    with served(database, desk, authority, tmp_path) as port:
        visitors = [Visitor(port, login, PASSWORD) for login in logins]
        claim_one_task(desk, claimed, logins, visitors)
        complete_one_task(desk, completed, logins, visitors)
        complete_one_task_in_many_windows(desk, drawn_up, [Visitor(port, "executor", PASSWORD) for _ in range(MANY)])
    with desk.office.reading() as uow:
        assert [breaches for _, _, breaches in verify(uow) if breaches] == []
    desk.office.close()


def claim_one_task(desk: Desk, case_id: str, logins: list[str], visitors: list[Visitor]) -> None:
    item = desk.item(case_id, logins[0]).row.id
    texts = [f"алатын басшының сөзі {n}-{n}" for n in range(MANY)]
    typed: list[Fields] = [[("rev", "0"), ("appointment.instruction", text)] for text in texts]
    answers = all_at_once(visitors, f"/tasks/{item}/claim", typed)
    with desk.office.reading() as uow:
        last, drafts = uow.work.last_assignment(item), uow.work.drafts(item)
    assert last is not None
    owner = item_row(desk, item).owner_id
    require_one_winner(answers, f"{name_of(desk, owner)} has had this task since {as_said(last.at)}.", texts)
    assert {draft.user_id: draft.answers["instruction"] for draft, _ in drafts} == {
        desk.actor(login).id: text for login, text in zip(logins, texts, strict=True)
    }, "each has a draft of his own"
    assert desk.events(case_id).count("work-claimed") == 1


def complete_one_task(desk: Desk, case_id: str, logins: list[str], visitors: list[Visitor]) -> None:
    view = desk.item(case_id, logins[0])
    item, outcome = view.row.id, view.element.outcomes[0]
    texts = [f"нұсқау {n}-{n}" for n in range(MANY)]
    executor = desk.actor("executor").id
    typed: list[Fields] = [
        [("rev", "0"), ("outcome", outcome.id), ("appointment.executor", executor), ("appointment.instruction", text)]
        for text in texts
    ]
    answers = all_at_once(visitors, f"/tasks/{item}/complete", typed)
    done = item_row(desk, item)
    sentence = f"is done already: {name_of(desk, done.completed_by)}, {as_said(done.completed_at)}."
    require_one_winner(answers, sentence, texts)
    assert all(f"You had chosen: {outcome.label.en}" in page for status, page in answers if status == 409)
    winner = next(n for n, (status, _) in enumerate(answers) if status == 302)
    assert (done.status, done.completed_by) == (WorkStatus.COMPLETED, desk.actor(logins[winner]).id)
    assert done.answers is not None
    assert done.answers["instruction"] == texts[winner]
    with desk.office.reading() as uow:
        kept = {draft.user_id: draft.answers["instruction"] for draft, _ in uow.work.drafts(item)}
    assert kept == {desk.actor(logins[n]).id: text for n, text in enumerate(texts) if n != winner}
    assert desk.events(case_id).count("work-completed") == 2  # the registration before, and this one


def complete_one_task_in_many_windows(desk: Desk, case_id: str, windows: list[Visitor]) -> None:
    """One person who pressed in sixteen windows: the rows of tables come back too."""
    view = desk.item(case_id, "executor")
    texts = [f"Осциллограф {n}-{n}" for n in range(MANY)]
    typed: list[Fields] = [
        [
            ("rev", str(view.rev)),
            ("outcome", "drawn_up"),
            *as_typed(view.form, dict(view.draft)),
            ("certificate.annex_table[0].product", text),
        ]
        for text in texts
    ]
    answers = all_at_once(windows, f"/tasks/{view.row.id}/complete", typed)
    done = item_row(desk, view.row.id)
    require_one_winner(answers, f"is done already: {name_of(desk, done.completed_by)}, {as_said(done.completed_at)}.", texts)
