"""Who has a work item, and since when: what whoever comes second is told."""

from __future__ import annotations

from app.domain.case import AssignedHow
from app.domain.errors import Declined
from app.domain.moves import Element
from app.store.tables import WorkItem
from app.store.unit_of_work import UnitOfWork


def who_has_it(uow: UnitOfWork, item: WorkItem) -> Declined:
    """That another person has the item, with the name and the moment, and who gave it to him."""
    last = uow.work.last_assignment(item.id)
    owner, by = item.owner_id or "", (last.by_id or "") if last else ""
    names = uow.people.names([owner, by])
    since = last.at if last else item.opened_at
    if last is not None and last.how is AssignedHow.ASSIGNED and by not in ("", owner):
        return Declined(
            "%(by)s gave this task to %(name)s, %(when)s.", by=names.get(by, ""), name=names.get(owner, ""), when=since
        )
    return Declined("%(name)s has had this task since %(when)s.", name=names.get(owner, ""), when=since)


def out_of_date(uow: UnitOfWork, item: WorkItem, element: Element) -> Declined:
    """That the item changed after the page was shown, by whom and when."""
    last = uow.work.last_assignment(item.id)
    name = uow.people.names([last.by_id]).get(last.by_id, "") if last is not None and last.by_id else ""
    if last is None or not name:
        return Declined("This page is out of date: “%(step)s” changed meanwhile. Look at it again.", step=element.label)
    return Declined(
        "This page is out of date: %(name)s changed who has “%(step)s”, %(when)s. Look at it again.",
        name=name,
        step=element.label,
        when=last.at,
    )
