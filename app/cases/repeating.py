"""A program that got no answer asks again with the same idempotency key: what was asked is done once, and answered alike.

The receipt is written in the transaction that does what is asked. So there is no moment at which the one is kept without the
other; a request that failed leaves no receipt and may be sent again, mended.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from app.cases.office import Office
from app.domain.errors import Declined, Invalid
from app.domain.people import Actor
from app.store.tables import ApiReceipt
from app.store.unit_of_work import UnitOfWork

KEPT_FOR = timedelta(days=30)
"""A program that asks again does so within hours; after this a key may come anew."""

AT_ONCE = 500  # receipts deleted in one transaction


def once(office: Office, actor: Actor, key: str, request: str, do: Callable[[Office], object]) -> None:
    """Calls the use case unless this person's request with this key was carried out before; `request` is its digest.

    Raises Invalid when the key came with another request, and whatever the use case raises.
    """
    if not key:
        do(office)
        return
    if _done(office, actor, key, request):
        return
    try:
        do(_with_receipt(office, ApiReceipt(user_id=actor.id, key=key, request=request, at=office.clock.now())))
    except Declined:
        if not _done(office, actor, key, request):  # the same request came twice at the same moment
            raise


def _done(office: Office, actor: Actor, key: str, request: str) -> bool:
    with office.reading() as uow:
        receipt = uow.programs.receipt(actor.id, key)
    if receipt is not None and receipt.request != request:
        raise Invalid("The idempotency key “%(key)s” was used for another request.", key=key)
    return receipt is not None


def _with_receipt(office: Office, receipt: ApiReceipt) -> Office:
    """The office whose next transaction for a change keeps the receipt too."""
    waiting = [receipt]

    def unit_of_work() -> UnitOfWork:
        uow = office.unit_of_work()
        if waiting:
            uow.programs.add_receipt(waiting.pop())
        return uow

    return replace(office, unit_of_work=unit_of_work)


def forget_receipts(office: Office) -> int:
    """Deletes the receipts older than `KEPT_FOR`, so many at once that no transaction is long. Gives how many."""
    before, forgotten = office.clock.now() - KEPT_FOR, 0
    while True:
        with office.unit_of_work() as uow:
            deleted = uow.programs.delete_receipts(before, limit=AT_ONCE)
            uow.commit()
        forgotten += deleted
        if deleted < AT_ONCE:
            return forgotten
