"""Who is away, the units people sit in, and whose a role's work is."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from app.domain.people import AbsenceKind, Role
from app.domain.text import Text
from app.web.api.shapes import NO_NUL, Day, Given, Id, Line, Name, Told, Words

OrderNumber = Annotated[str, StringConstraints(max_length=64, pattern=NO_NUL)]


class AbsenceEntry(Told):
    id: str
    person_id: str
    person: str
    kind: AbsenceKind
    order_number: str
    first_day: date
    last_day: date = Field(description="Included.")
    stands_in: list[str] = Field(description="Names of those who stand in on some of these days.")
    open_items: int = Field(description="Tasks the person has.")


class Absences(Told):
    """Of today or later, the earliest first."""

    items: list[AbsenceEntry]


class NewAbsence(Given):
    person: Id
    kind: AbsenceKind
    first_day: Day
    last_day: Day = Field(description="Included.")
    order_number: OrderNumber = ""


class Member(Told):
    id: str
    name: str


class Staff(Told):
    items: list[Member]


class SubstitutionEntry(Told):
    id: str
    absent: str
    substitute: str
    role: Role
    order_number: str
    order_date: date
    first_day: date
    last_day: date = Field(description="Included.")
    services: list[str] = Field(description="None: all.")
    in_force: bool


class Substitutions(Told):
    """In force today or later."""

    items: list[SubstitutionEntry]


class NewSubstitution(Given):
    absent: Id
    substitute: Id
    role: Role
    order_number: Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=NO_NUL)]
    order_date: Day
    first_day: Day
    last_day: Day = Field(description="Included.")
    services: Annotated[list[Name], Field(max_length=100)] = Field(default_factory=list, description="None: all.")


class Unit(Told):
    id: str
    code: str
    name: Words
    bin: str
    parent_id: str = Field(description="Empty: none above it.")
    people: list[str] = Field(description="Names of those who sit there.")


class Units(Told):
    items: list[Unit]


class GivenWords(Given):
    kk: Line
    ru: Line
    en: Line

    def text(self) -> Text:
        return Text(self.kk.strip(), self.ru.strip(), self.en.strip())


class NewUnit(Given):
    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,62}$")]
    name: GivenWords
    bin: Annotated[str, StringConstraints(max_length=20)] = ""
    parent: Id | None = Field(default=None, description="The unit above it.")


class UnitName(Given):
    name: GivenWords


class JurisdictionRow(Told):
    """Whose work a role's is in the service; with `body`, whose reply that consulted body's is."""

    role: str
    body: str
    title: Words
    about: Words
    unit_id: str = Field(description="Empty: every unit's.")
    somebody: bool = Field(description="Somebody there holds the role.")


class Jurisdictions(Told):
    items: list[JurisdictionRow]


class JurisdictionRule(Given):
    role: Name
    body: Annotated[str, StringConstraints(max_length=64)] = ""
    unit: Id | None = Field(description="Null: every unit's.")


class JurisdictionRules(Given):
    rules: Annotated[list[JurisdictionRule], Field(min_length=1, max_length=100)]
