"""Appends to the history of a service's drafts and versions."""

from __future__ import annotations

from typing import Any

from app.cases.office import Office
from app.domain.design import DesignEventKind
from app.domain.people import Actor
from app.store.tables import DesignEvent
from app.store.unit_of_work import UnitOfWork


def tell(
    office: Office,
    uow: UnitOfWork,
    actor: Actor,
    kind: DesignEventKind,
    service: str,
    *,
    draft_id: str | None = None,
    version_id: str | None = None,
    **details: Any,
) -> None:
    """One event, in the caller's transaction. `details` are JSON values."""
    uow.design.append(
        DesignEvent(
            service=service,
            at=office.clock.now(),
            kind=kind.value,
            actor_id=actor.id,
            actor_name=actor.name,
            draft_id=draft_id,
            version_id=version_id,
            details=details,
        )
    )
