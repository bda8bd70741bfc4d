"""Tokens by which a person's programs act for the person: made, shown once, used, revoked.

A token is the person: the same roles and substitutions of the day, the same permission table. Only its sha-256 is kept; it is
random and long, so that no slow hash is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from hashlib import sha256
from secrets import token_urlsafe

from app.cases.office import Office
from app.cases.people import actor_by_id
from app.domain.errors import Invalid, NotFound
from app.domain.people import Actor
from app.domain.permissions import Action, require
from app.store.tables import ApiToken

PREFIX = "rasim_"  # so that a token left in a file is found by those who look for secrets
LONGEST_DAYS = 366
LONGEST_NAME = 100


class Scope(Enum):
    READ = "read"  # changes nothing
    WRITE = "write"  # whatever the person may do


@dataclass(frozen=True, slots=True)
class TokenView:
    id: str
    name: str
    scope: Scope
    made_at: datetime
    expires_at: datetime
    last_used_on: date | None
    revoked_at: datetime | None
    works: bool  # neither expired nor revoked


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who calls, and what the token lets the program do."""

    actor: Actor
    scope: Scope


def make_token(office: Office, actor: Actor, *, name: str, scope: Scope, days: int) -> str:
    """Makes a token that works for so many days, and gives it, this once. Raises Invalid for a name or a term out of bounds."""
    require(actor, Action.MAKE_TOKEN)
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Invalid("A token needs a name of at most %(most)s characters.", most=LONGEST_NAME)
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid("A token works for 1 to %(most)s days; asked for %(days)s.", most=LONGEST_DAYS, days=days)
    token, now = PREFIX + token_urlsafe(32), office.clock.now()
    with office.unit_of_work() as uow:
        uow.programs.add_token(
            ApiToken(
                user_id=actor.id,
                name=name,
                scope=scope.value,
                digest=_digest(token),
                made_at=now,
                expires_at=now + timedelta(days=days),
            )
        )
        uow.commit()
    return token


def tokens_of(office: Office, actor: Actor) -> Sequence[TokenView]:
    """One's own tokens, newest first."""
    require(actor, Action.MAKE_TOKEN)
    now = office.clock.now()
    with office.reading() as uow:
        return [_view(token, now) for token in uow.programs.tokens_of(actor.id)]


def revoke_token(office: Office, actor: Actor, token_id: str) -> None:
    """From now on the token does not work. Revoking it again changes nothing."""
    require(actor, Action.MAKE_TOKEN)
    with office.unit_of_work() as uow:
        token = uow.programs.token(token_id)
        if token is None or token.user_id != actor.id:
            raise NotFound("There is no token '%(id)s' of yours.", id=token_id)
        uow.programs.revoke(token, office.clock.now())
        uow.commit()


def bearer_of(office: Office, token: str) -> Bearer | None:
    """Whom this token acts for at this moment; None for one that is wrong, expired or revoked, or whose person is inactive.

    The day of its last use is kept: at most one writing a day.
    """
    with office.reading() as uow:
        found = uow.programs.token_by_digest(_digest(token))
        if found is None or not _works(found, office.clock.now()):
            return None
    actor, today = actor_by_id(office, found.user_id), office.today()
    if actor is None:
        return None
    if found.last_used_on != today:
        with office.unit_of_work() as uow:
            uow.programs.used(found.id, today)
            uow.commit()
    return Bearer(actor, Scope(found.scope))


def _works(token: ApiToken, now: datetime) -> bool:
    return token.revoked_at is None and now < token.expires_at


def _view(token: ApiToken, now: datetime) -> TokenView:
    return TokenView(
        token.id,
        token.name,
        Scope(token.scope),
        token.made_at,
        token.expires_at,
        token.last_used_on,
        token.revoked_at,
        _works(token, now),
    )


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
