"""Under a signature given in another's place: by which order, and whether that order covered the day and the service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.cases.office import Office
from app.domain.views import Acting
from app.store.tables import Signature, SubstitutionRow
from app.store.unit_of_work import UnitOfWork


def acting_of(office: Office, uow: UnitOfWork, signatures: Iterable[Signature], service: str) -> Mapping[str, tuple[Acting, ...]]:
    """By signature id; the orders of that number under which the signer stood in for whom the signature names. Empty where he
    signed in his own place; a signature in another's place without any such order has an empty list too, and is told so."""
    given = [each for each in signatures if each.on_behalf_of and each.signer_id]
    if not given:
        return {}
    orders = uow.people.orders_of([each.signer_id for each in given if each.signer_id])
    return {
        each.id: tuple(
            _acting(office, each, row, service)
            for row, absent_name in orders
            if row.substitute_id == each.signer_id and each.on_behalf_of == f"{absent_name} ({order_in_words(row)})"
        )
        for each in given
    }


def order_in_words(row: SubstitutionRow) -> str:
    """As `app.history.recording.on_behalf_of` names an order."""
    return f"№ {row.order_number}, {row.order_date.isoformat()}"


def _acting(office: Office, signature: Signature, row: SubstitutionRow, service: str) -> Acting:
    day = office.civil_day(signature.signed_at)
    before_its_end = row.ended_at is not None and signature.signed_at < row.ended_at and day == office.civil_day(row.ended_at)
    return Acting(
        order_number=row.order_number,
        order_date=row.order_date,
        first_day=row.first_day,
        last_day=row.last_day,
        covers_day=row.first_day <= day and (day <= row.last_day or before_its_end),
        covers_service=not row.services or service in row.services,
    )
