"""How a person has the task list: its columns, and filters kept under a name and shared with a role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.cases.office import Office
from app.domain.errors import Invalid, NotFound
from app.domain.people import Actor
from app.domain.permissions import Action, require
from app.store.tables import SavedFilter
from app.store.unit_of_work import UnitOfWork

COLUMNS = ("applicant", "due", "priority", "follow-up", "opened", "who")
"""What may stand beside the step, in this order."""

USUAL_COLUMNS = ("applicant", "due", "priority", "who")
LONGEST_NAME, LONGEST_QUERY = 64, 300


@dataclass(frozen=True, slots=True)
class KeptFilter:
    id: str
    name: str
    query: str  # as in the list's address
    shared_with: str  # a role, or empty
    owner: str  # the name of whose it is; empty: one's own


@dataclass(frozen=True, slots=True)
class ListSettings:
    columns: tuple[str, ...]
    filters: tuple[KeptFilter, ...]


def list_settings(office: Office, actor: Actor) -> ListSettings:
    require(actor, Action.VIEW_INBOX)
    with office.reading() as uow:
        user = uow.people.get(actor.id)
        chosen = user.preferences.get("columns") if user else None
        kept = uow.filters.of(actor.id, [role.value for role in actor.roles])
        filters = tuple(
            KeptFilter(each.id, each.name, each.query, each.shared_with, "" if each.owner_id == actor.id else owner)
            for each, owner in kept
        )
    return ListSettings(tuple(c for c in COLUMNS if c in (USUAL_COLUMNS if chosen is None else chosen)), filters)


def choose_columns(office: Office, actor: Actor, columns: Sequence[str]) -> None:
    require(actor, Action.VIEW_INBOX)
    with office.unit_of_work() as uow:
        user = uow.people.get(actor.id)
        if user is not None:
            user.preferences = {**user.preferences, "columns": [each for each in COLUMNS if each in columns]}
        uow.commit()


def keep_filter(office: Office, actor: Actor, name: str, query: str, shared_with: str = "") -> None:
    """Keeps a filter under a name; one of the same name is replaced."""
    require(actor, Action.VIEW_INBOX)
    name = _checked(actor, name, shared_with)
    if len(query) > LONGEST_QUERY:
        raise Invalid("The filter is too long to be kept.")
    with office.unit_of_work() as uow:
        kept = uow.filters.named(actor.id, name)
        if kept is None:
            uow.filters.add(SavedFilter(owner_id=actor.id, name=name, query=query, shared_with=shared_with))
        else:
            kept.query, kept.shared_with = query, shared_with
        uow.commit()


def change_filter(office: Office, actor: Actor, filter_id: str, name: str, shared_with: str) -> None:
    """Gives one's own filter another name, or shares it with another role or with none."""
    name = _checked(actor, name, shared_with)
    with office.unit_of_work() as uow:
        kept = _own(uow, actor, filter_id)
        other = uow.filters.named(actor.id, name)
        if other is not None and other.id != kept.id:
            raise Invalid("You have a filter of this name already.")
        kept.name, kept.shared_with = name, shared_with
        uow.commit()


def remove_filter(office: Office, actor: Actor, filter_id: str) -> None:
    with office.unit_of_work() as uow:
        uow.filters.remove(_own(uow, actor, filter_id))
        uow.commit()


def _checked(actor: Actor, name: str, shared_with: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid("A filter needs a name of at most %(number)s letters.", number=LONGEST_NAME)
    if shared_with and shared_with not in {role.value for role in actor.roles}:
        raise Invalid("A filter can be shared with a role you have.")
    return name


def _own(uow: UnitOfWork, actor: Actor, filter_id: str) -> SavedFilter:
    kept = uow.filters.get(filter_id)
    if kept is None or kept.owner_id != actor.id:
        raise NotFound("There is no filter '%(id)s' of yours.", id=filter_id)
    return kept
