"""Live lists by server-sent events, bounded so that they never starve the pages.

A stream holds one of the server's threads while it lasts. So there are at most `STREAMS` in a process, fewer than its threads,
and each ends after `BEATS` looks; the browser comes back by itself. Who finds no place is answered at once, is told what has
changed since, and is asked to come back later: the list is then a little less live, and every page still opens.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from threading import BoundedSemaphore, Event

import orjson
from flask import Response

from app.domain.views import WorkItemRow

STREAMS = 12
BEATS = 25
PAUSE = 1.0  # seconds between two looks
AGAIN = 10  # after so many looks the list itself is looked at whatever happened: time passes, and terms with it
SOON, LATER = 2_000, 15_000  # milliseconds until the browser comes back: after a stream's end, and without a place

_places = BoundedSemaphore(STREAMS)

Look = Callable[[], tuple[tuple[WorkItemRow, ...], Mapping[str, int]]]


@dataclass(frozen=True, slots=True)
class Pulse:
    """`beat` is cheap and changes with anything that happens anywhere; only then is the person's own list looked at."""

    beat: Callable[[], str]
    look: Look


def stream(pulse: Pulse, *, seen: str) -> Response:
    """Events for a list last seen in the state named `seen` (the browser sends the id of the last event it had)."""
    has_place = _places.acquire(blocking=False)
    body = _while_there_is_a_place(pulse, seen) if has_place else _at_once(pulse, seen)
    response = Response(body, mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})
    if has_place:
        response.call_on_close(_places.release)
    return response


def _at_once(pulse: Pulse, seen: str) -> Iterator[str]:
    yield f"retry: {LATER}\n\n"
    yield _event(*_state(pulse), seen)


def _while_there_is_a_place(pulse: Pulse, seen: str) -> Iterator[str]:
    yield f"retry: {SOON}\n\n"
    beat = ""
    for number in range(BEATS):
        now = pulse.beat()
        if now != beat or number % AGAIN == 0:
            beat = now
            state, told = _state(pulse)
            yield _event(state, told, seen)
            seen = state
        else:
            yield ":\n\n"  # a comment: it shows whether the browser is still there
        _pause()


def _pause() -> None:
    Event().wait(PAUSE)


def _state(pulse: Pulse) -> tuple[str, bytes]:
    rows, counts = pulse.look()
    lines = [[row.id, row.owner, str(row.due_at), row.priority, str(row.follow_up_on)] for row in rows]
    digest = hashlib.sha256(orjson.dumps([lines, dict(counts)])).hexdigest()[:16]
    return digest, orjson.dumps({"counts": dict(counts)})


def _event(state: str, told: bytes, seen: str) -> str:
    """The first event of a page that has seen nothing yet only names the state; a later one says that it changed."""
    if state == seen:
        return ":\n\n"
    return f"event: {'change' if seen else 'state'}\nid: {state}\ndata: {told.decode()}\n\n"
