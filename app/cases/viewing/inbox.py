"""The task list: what is within a person's reach, its counters, and its lines for a table program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from app.cases.office import Office
from app.cases.viewing.rows import PAGE_SIZE, Runs, item_row
from app.domain.inbox import LIST_END, MOST_DAYS, Moments, Part, SortKey, Wish
from app.domain.people import Actor
from app.domain.permissions import Action, require
from app.domain.views import InboxPage, WorkItemRow
from app.store.unit_of_work import UnitOfWork

CHUNK = 200


def inbox(
    office: Office, actor: Actor, *, view: str = "all", query: str = "", page: int = 1, wish: Wish | None = None
) -> InboxPage:
    """A page of the list: by `wish`, or by the name of a part and words to look for."""
    require(actor, Action.OPEN_WORK)
    wish = wish or Wish(part=Part(view), words=query)
    with office.reading() as uow:
        found = uow.inbox.find(actor, wish, moments(office, wish), offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
        rows = _rows(office, uow, actor, found.ids)
    more = found.counted > LIST_END
    total = min(found.counted, LIST_END)
    return InboxPage(rows, page, PAGE_SIZE, total, more, found.partly, more and not _holds_for_all(wish))


def _rows(office: Office, uow: UnitOfWork, actor: Actor, ids: Sequence[str]) -> tuple[WorkItemRow, ...]:
    found = uow.inbox.rows(actor, ids)
    uow.processes.meet({case.version_id for _, case, _ in found})
    runs = Runs(office, uow)
    return tuple(item_row(office, runs.of(case), item, owner, actor) for item, case, owner in found)


def _holds_for_all(wish: Wish) -> bool:
    """Whether the first sort puts the whole list in order, however long it is, and not only its most urgent."""
    first = wish.sorts[0] if wish.sorts else None
    return first is None or first.key is SortKey.DUE or (first.key is SortKey.PRIORITY and first.descending)


def moments(office: Office, wish: Wish) -> Moments:
    """Now, the end of this civil day, and the end of the wished number of working days from today."""
    today = office.today()
    last = office.calendar.add_working_days(today, min(wish.within, MOST_DAYS)) if wish.within else today
    return Moments(office.clock.now(), today, office.day_ends(today), office.day_ends(last))


def asked_of(office: Office, actor: Actor) -> tuple[WorkItemRow, ...]:
    """What the applicant is asked to do in his own cases, the earliest due first."""
    return inbox(office, actor, view=Part.ASKED.value).rows


def inbox_counts(office: Office, actor: Actor) -> Mapping[str, int]:
    """How many there are by part and by term; more than the list's end counts as one more than that."""
    require(actor, Action.VIEW_INBOX)
    with office.reading() as uow:
        return uow.inbox.counts(actor, moments(office, Wish()))


def inbox_lines(office: Office, actor: Actor, wish: Wish) -> Iterator[WorkItemRow]:
    """The whole list in its order, read a little at a time; what has gone meanwhile is left out."""
    require(actor, Action.VIEW_INBOX)
    with office.reading() as uow:
        ids = uow.inbox.find(actor, wish, moments(office, wish)).ids
    for start in range(0, len(ids), CHUNK):
        with office.reading() as uow:
            lines = _rows(office, uow, actor, ids[start : start + CHUNK])
        yield from lines
