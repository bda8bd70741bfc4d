"""When a substitution is over, what was taken under it goes back."""

from __future__ import annotations

from app.cases.advancing import locked
from app.cases.assigning import belongs_by_appointment, give
from app.cases.office import Office
from app.domain.case import AssignedHow
from app.domain.people import SYSTEM


def settle_substitutions(office: Office) -> int:
    """What was taken under a substitution goes back when its last day is over: to whom it was taken for where he still has it by
    appointment, else to the role. Gives how many substitutions were settled; doing it twice changes nothing."""
    with office.reading() as uow:
        over = [(row.id, uow.work.taken_under(row)) for row in uow.people.unsettled_substitutions(office.today())]
    for substitution_id, items in over:
        for item_id, case_id in items:
            _take_back(office, substitution_id, item_id, case_id)
        with office.unit_of_work() as uow:
            row = uow.people.substitution(substitution_id)
            if row is not None and not uow.work.taken_under(row):
                row.settled_at = office.clock.now()
                uow.commit()
    return len(over)


def _take_back(office: Office, substitution_id: str, item_id: str, case_id: str) -> None:
    with office.unit_of_work() as uow:
        this = locked(office, uow, case_id)
        row, item = uow.people.substitution(substitution_id), uow.work.get(item_id, lock=True)
        if row is None or item is None or (item_id, case_id) not in uow.work.taken_under(row):
            return
        back = row.absent_id if belongs_by_appointment(this, item, row.absent_id) else None
        reason = f"№ {row.order_number}"
        give(uow, this, item, back, AssignedHow.RETURNED, by=SYSTEM, at=office.clock.now(), reason=reason)
        uow.commit()
