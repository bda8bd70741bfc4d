"""What one person does appears in another's open list, over a real server, whose pages open however many lists are open."""

from __future__ import annotations

import http.client
from pathlib import Path
from threading import Event

from app.cases import working
from app.gateways.authority import TestAuthority
from app.web.live import STREAMS
from tests.clock import ASTANA, HandClock
from tests.conftest import new_office
from tests.desk import Desk
from tests.press import with_short_letters
from tests.scenarios.serving import Servers, Visitor


def listen(port: int, visitor: Visitor, seen: str = "") -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=40)
    headers = {"Cookie": visitor._cookie, **({"Last-Event-ID": seen} if seen else {})}
    connection.request("GET", "/tasks/events", headers=headers)
    return connection.getresponse()


def event(stream: http.client.HTTPResponse) -> dict[str, str]:
    """The next event that is no comment."""
    fields: dict[str, str] = {}
    while line := stream.readline().decode():
        name, _, value = line.rstrip("\n").partition(": ")
        if name in ("event", "id", "data", "retry"):
            fields[name] = value
        elif line == "\n" and "event" in fields:
            return fields
    return fields


def sign_in(port: int, login: str) -> Visitor:
    for _ in range(600):  # the server answers some moments after its start
        try:
            return Visitor(port, login, "rasim")
        except OSError:
            Event().wait(0.1)
    raise AssertionError("the server does not answer")


def test_a_step_done_by_one_appears_to_the_other_and_no_number_of_lists_keeps_pages_waiting(
    database: str, clock: HandClock, authority: TestAuthority, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "authority").symlink_to(authority._directory)
    desk = Desk(with_short_letters(new_office(database, clock, authority)), clock, authority)
    case = desk.file()
    servers = Servers({"RASIM_HOME": str(home), "RASIM_DATABASE": database}, tmp_path / "server.log")
    try:
        servers.start("--clock", clock.now().astimezone(ASTANA).isoformat(timespec="seconds"))
        clerk = sign_in(servers.port, "clerk")
        stream = listen(servers.port, clerk)
        first = event(stream)
        assert (first["event"], '"all":1' in first["data"]) == ("state", True)
        working.claim(desk.office, desk.actor("clerk"), desk.item(case, "clerk").row.id)
        changed = event(stream)
        assert (changed["event"], '"mine":1' in changed["data"]) == ("change", True)

        streams = [listen(servers.port, clerk) for _ in range(2 * STREAMS)]
        turned_away = event(listen(servers.port, clerk, seen=first["id"]))
        assert (turned_away["event"], turned_away["retry"]) == ("change", "15000")  # told at once, and asked to come later
        assert sign_in(servers.port, "head")  # pages open all the same
        for each in streams:
            each.close()
        servers.kill()
    finally:
        servers.close()
        desk.office.close()
