"""What waits for a person's signature: prepared, opened, ready to be signed together."""

from __future__ import annotations

from app.cases.office import Office
from app.cases.signing import own_signature, printed_today, to_sign
from app.cases.viewing.rows import Passports, Runs, item_row, left
from app.domain.people import Actor
from app.domain.permissions import Action, require
from app.domain.views import SigningDesk, SigningRow
from app.store.tables import Document

AT_ONCE = 50
"""So many documents stand on the page: what one person reads and signs in a sitting."""


def signing_desk(office: Office, actor: Actor, *, service: str = "") -> SigningDesk:
    """The most urgent signing steps within this person's reach; of one service, or ("") of all."""
    require(actor, Action.VIEW_SIGNING)
    now = office.clock.now()
    with office.reading() as uow:
        counts = uow.to_sign.counts(actor)
        found = uow.to_sign.items(actor, service=service, limit=AT_ONCE)
        prints = uow.to_sign.prints(actor.id, [item.id for item, _, _ in found])
        opened = uow.history.documents_opened(actor.id, [document.id for document in prints.values()])
        runs, passports = Runs(office, uow), Passports(uow)
        newest = {id: uow.processes.newest(id) for id in counts}
        titles = {id: passports.of(version.id).title for id, version in newest.items() if version is not None}
        rows = []
        for item, case, owner in found:
            this = runs.of(case)
            due = item.due_at or case.result_due
            result = this.passport.result_signed_at(item.element)
            document = _of_today(office, prints.get(item.id))
            rows.append(
                SigningRow(
                    item=item_row(office, this, item, owner, actor),
                    rev=item.rev,
                    due_at=due,
                    left=left(office.terms(this.passport), now, due),
                    result=result.title if result else this.passport.title,
                    document=to_sign(document, [own_signature(this.passport.role(item.role).title, actor)]) if document else None,
                    opened_at=opened.get((document.id, document.sha256)) if document else None,
                )
            )
    return SigningDesk(tuple(rows), counts, titles, service)


def _of_today(office: Office, document: Document | None) -> Document | None:
    """A print says the day it is signed on: yesterday's is none."""
    return document if document is not None and printed_today(office, document) else None
