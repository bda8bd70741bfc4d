"""The task list: what is within a person's reach, its counters, and its lines for a table program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.cases.office import Office
from app.cases.viewing.rows import PAGE_SIZE, Runs, item_row
from app.domain.inbox import MOST_DAYS, Moments, Part, SortKey, Wish
from app.domain.people import Actor
from app.domain.permissions import Action, require
from app.domain.views import InboxPage, WorkItemRow
from app.store.inbox import Found

CHUNK = 200


def inbox(
    office: Office, actor: Actor, *, view: str = "all", query: str = "", page: int = 1, wish: Wish | None = None
) -> InboxPage:
    """A page of the list: by `wish`, or by the name of a part and words to look for."""
    require(actor, Action.OPEN_WORK)
    wish = wish or Wish(part=Part(view), words=query)
    with office.reading() as uow:
        found = uow.inbox.find(actor, wish, moments(office, wish), office.today())
        wanted = found.ids[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        runs = Runs(office, uow)
        rows = [item_row(office, runs.of(case), item, owner, actor) for item, case, owner in uow.inbox.rows(actor, wanted)]
    return InboxPage(tuple(rows), page, PAGE_SIZE, len(found.ids), found.more, found.partly, _begun(found, wish))


def _begun(found: Found, wish: Wish) -> bool:
    first = wish.sorts[0] if wish.sorts else None
    served = first is None or first.key is SortKey.DUE or (first.key is SortKey.PRIORITY and first.descending)
    return found.more and not served


def moments(office: Office, wish: Wish) -> Moments:
    """Now, the end of this civil day, and the end of the wished number of working days from today."""
    today = office.today()
    last = office.calendar.add_working_days(today, min(wish.within, MOST_DAYS)) if wish.within else today
    return Moments(office.clock.now(), office.day_ends(today), office.day_ends(last))


def asked_of(office: Office, actor: Actor) -> tuple[WorkItemRow, ...]:
    """What the applicant is asked to do in his own cases, the earliest due first."""
    return inbox(office, actor, view=Part.ASKED.value).rows


def inbox_counts(office: Office, actor: Actor) -> Mapping[str, int]:
    """How many there are by part and by term; more than the list's end counts as one more than that."""
    require(actor, Action.VIEW_INBOX)
    with office.reading() as uow:
        return uow.inbox.counts(actor, moments(office, Wish()), office.today())


def inbox_lines(office: Office, actor: Actor, wish: Wish) -> Iterator[WorkItemRow]:
    """The whole list in its order, read a little at a time; what has gone meanwhile is left out."""
    require(actor, Action.VIEW_INBOX)
    with office.reading() as uow:
        ids = uow.inbox.find(actor, wish, moments(office, wish), office.today()).ids
    for start in range(0, len(ids), CHUNK):
        with office.reading() as uow:
            runs = Runs(office, uow)
            lines = [
                item_row(office, runs.of(case), item, owner, actor)
                for item, case, owner in uow.inbox.rows(actor, ids[start : start + CHUNK])
            ]
        yield from lines
