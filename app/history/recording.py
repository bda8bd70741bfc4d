"""Appends events to a case's history, each chained to the one before it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import orjson

from app.domain.events import EventKind
from app.domain.moves import Element
from app.domain.people import Actor, Role
from app.store.tables import Case, HistoryEvent
from app.store.unit_of_work import UnitOfWork

HASHED = ("case_id", "number", "kind", "actor_id", "role", "element", "paragraph", "details", "previous")


def digest_of(event: HistoryEvent) -> str:
    """sha-256 over the event's canonical JSON (keys sorted, the moment in UTC with microseconds).

    People stand in it by id (the absent person of a substitution in `details`), so that a name may later be erased without
    breaking the chain.
    """
    facts: dict[str, Any] = {name: getattr(event, name) for name in HASHED}
    facts["at"] = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    return sha256(orjson.dumps(facts, option=orjson.OPT_SORT_KEYS)).hexdigest()


def on_behalf_of(actor: Actor, role: Role | None, responsible_id: str | None = None, *, service: str) -> str:
    """For whom the actor stands in, with the order; empty when he acts for himself (see `Actor.acting_for`)."""
    substitution = actor.acting_for(role, responsible_id, service=service) if role else None
    if substitution is None:
        return ""
    order = f"№ {substitution.order_number}, {substitution.order_date.isoformat()}"
    return f"{substitution.absent_name} ({order})"


def record(
    uow: UnitOfWork,
    case: Case,
    kind: EventKind,
    *,
    at: datetime,
    actor: Actor,
    role: Role | None = None,
    responsible_id: str | None = None,
    element: Element | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """One event. The case is locked by the caller, so the number is the next one and the chain cannot fork."""
    case.history_length += 1
    substitution = actor.acting_for(role, responsible_id, service=case.service) if role else None
    facts = dict(details or {})
    if substitution is not None:
        facts["acting_for"] = {"person": substitution.absent_id, "order": substitution.order_number}
    event = HistoryEvent(
        case_id=case.id,
        number=case.history_length,
        at=at,
        kind=kind.value,
        actor_id=actor.id,
        actor_name=actor.name,
        role=role.value if role else "",
        on_behalf_of=on_behalf_of(actor, role, responsible_id, service=case.service),
        element=element.id if element else "",
        paragraph=(element.paragraph or "") if element else "",
        details=facts,
        previous=case.history_head,
        digest="",
    )
    event.digest = digest_of(event)
    case.history_head = event.digest
    uow.history.append(event)
