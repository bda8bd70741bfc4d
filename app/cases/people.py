"""People: signing in, and who is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from app.cases.office import Office
from app.cases.signing import text_as_json
from app.cases.viewing.away import away_days
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.numbers import check_bin, check_iin
from app.domain.people import Actor, Role
from app.domain.permissions import Action, require
from app.domain.text import LANGUAGES, Text
from app.store.tables import Unit, User

HASHER = PasswordHasher()


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A made-up person of the demonstration. The password is shown on the sign-in page, in demonstration mode only."""

    login: str
    name: str
    position: Text
    roles: tuple[Role, ...]
    iin: str
    bin: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    id: str
    login: str
    name: str
    position: Text
    organisation: str
    roles: tuple[Role, ...]
    active: bool
    away_until: date | None  # the last day of an absence that is today


def sign_in(office: Office, login: str, password: str) -> Actor:
    """The person of this login and password. The same calm sentence whichever of the two is wrong."""
    with office.reading() as uow:
        user = uow.people.by_login(login.strip())
        try:
            HASHER.verify(user.password_hash if user else _NOBODY, password)
        except VerificationError:
            user = None
        if user is None:
            raise Forbidden("The login or the password is not right.")
        return uow.people.actor(user, office.today())


# Checked in place of an unknown person's password, so that the answer takes as long as for a known one.
_NOBODY = HASHER.hash("nobody")


def actor_by_id(office: Office, user_id: str) -> Actor | None:
    with office.reading() as uow:
        user = uow.people.get(user_id)
        return uow.people.actor(user, office.today()) if user is not None and user.active else None


def actor_by_login(office: Office, login: str) -> Actor:
    with office.reading() as uow:
        user = uow.people.by_login(login)
        if user is None:
            raise NotFound("There is no person '%(id)s'.", id=login)
        return uow.people.actor(user, office.today())


def add_person(
    office: Office,
    *,
    login: str,
    name: str,
    password: str,
    roles: Sequence[Role],
    iin: str = "",
    bin: str = "",
    organisation: str = "",
    position: Text | None = None,
    unit: str = "",
    cleared_until: date | None = None,
) -> str:
    """Adds a person who signs in; gives the id. `unit` is the code of the unit he sits in, `cleared_until` the last day of his
    clearance. Raises Invalid when the login is taken or a number is wrong, NotFound when there is no such unit."""
    with office.unit_of_work() as uow:
        if uow.people.by_login(login):
            raise Invalid("The login “%(login)s” is taken.", login=login)
        place = uow.people.unit(unit) if unit else None
        if unit and place is None:
            raise NotFound("There is no unit '%(code)s'.", code=unit)
        user = uow.people.add(
            User(
                login=login,
                name=name,
                password_hash=HASHER.hash(password),
                iin=check_iin(iin) if iin else "",
                bin=check_bin(bin) if bin else "",
                organisation=organisation,
                position=text_as_json(position) if position else {},
                unit_id=place.id if place else None,
                cleared_until=cleared_until,
            ),
            roles,
        )
        uow.commit()
        return user.id


def add_unit(office: Office, *, code: str, name: Text, bin: str = "", parent: str = "") -> None:
    """Adds an organisation or a part of one; one of that code which is there already stays as it is."""
    with office.unit_of_work() as uow:
        if uow.people.unit(code) is not None:
            return
        above = uow.people.unit(parent) if parent else None
        if parent and above is None:
            raise NotFound("There is no unit '%(code)s'.", code=parent)
        uow.people.add_unit(
            Unit(code=code, name=text_as_json(name), bin=check_bin(bin) if bin else "", parent_id=above.id if above else None)
        )
        uow.commit()


def set_language(office: Office, actor: Actor, language: str) -> None:
    if language not in LANGUAGES:
        raise Invalid("There is no language '%(language)s'.", language=language)
    with office.unit_of_work() as uow:
        user = uow.people.get(actor.id)
        if user is not None:
            user.language = language
        uow.commit()


def demonstration_people(office: Office) -> tuple[DemoPerson, ...]:
    """Whom the sign-in page offers in demonstration mode, applicants first."""
    if not office.settings.demonstration:
        return ()
    with office.reading() as uow:
        people = [
            DemoPerson(
                user.login,
                user.name,
                Text(**user.position) if user.position else Text(""),
                tuple(roles),
                user.iin,
                user.bin,
            )
            for user, roles in uow.people.everyone()
            if user.active
        ]
    order = list(Role)
    return tuple(sorted(people, key=lambda p: (min(order.index(role) for role in p.roles) if p.roles else 99, p.login)))


def people_list(office: Office, actor: Actor) -> tuple[PersonRow, ...]:
    require(actor, Action.MANAGE_PEOPLE)
    today = office.today()
    with office.reading() as uow:
        everyone = uow.people.everyone()
        away = away_days(uow, [user.id for user, _ in everyone], today, today)
        return tuple(
            PersonRow(
                user.id,
                user.login,
                user.name,
                Text(**user.position) if user.position else Text(""),
                user.organisation,
                tuple(roles),
                user.active,
                away[user.id].until if user.id in away else None,
            )
            for user, roles in everyone
        )
