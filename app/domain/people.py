"""Who acts: a person with the roles held, and for whom a person stands in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from app.domain.text import Text


class Role(Enum):
    """Roles Rasim knows. A passport's roles are those down to the departments; the rest run the system."""

    APPLICANT = "applicant"
    CHANCELLERY = "chancellery"
    HEAD = "head"  # or whom the act names to sign: a deputy, an authorised person
    DEPARTMENT_HEAD = "department_head"
    EXECUTOR = "executor"
    EXPERT = "expert"  # examines: persons for a qualification, goods by their sample
    AGREEING_BODY = "agreeing_body"  # another state body that is consulted
    INTERIOR_DEPARTMENT = "interior_department"
    SECURITY_DEPARTMENT = "security_department"
    SUPERVISOR = "supervisor"  # sees every case of the provider, escalations and incidents
    COMPLIANCE = "compliance"  # reads history and verifies it; changes nothing
    ANALYST = "analyst"  # checks and publishes processes
    ADMINISTRATOR = "administrator"  # people, substitutions, calendar; in demonstration mode the clock


@dataclass(frozen=True, slots=True)
class Substitution:
    """A person stands in for another, by an order, on these civil dates (both included)."""

    absent_id: str
    absent_name: str
    absent_position: Text
    role: Role
    order_number: str
    order_date: date
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person at this moment: own roles, and the substitutions in force today."""

    id: str
    login: str
    name: str
    iin: str = ""
    bin: str = ""  # the organisation acted for; empty for a person acting for himself and for staff
    organisation: str = ""
    position: Text = field(default_factory=Text.empty)
    language: str = "kk"
    own_roles: frozenset[Role] = frozenset()
    substitutions: tuple[Substitution, ...] = ()

    @property
    def roles(self) -> frozenset[Role]:
        return self.own_roles | {s.role for s in self.substitutions}

    @property
    def is_staff(self) -> bool:
        return bool(self.roles - {Role.APPLICANT})

    def acting_for(self, role: Role, responsible_id: str | None = None) -> Substitution | None:
        """The substitution by which one acts in a role, or None where one acts for oneself.

        Who holds the role himself acts for another only in that other's own work: `responsible_id` says whose work it is.
        """
        substitutions = [s for s in self.substitutions if s.role is role]
        theirs = next((s for s in substitutions if s.absent_id == responsible_id), None)
        if theirs is not None or role in self.own_roles:
            return theirs
        return next(iter(substitutions), None)


SYSTEM = Actor(id="system", login="system", name="Rasim")
"""The system itself: timers, registrations by rule, deliveries."""
