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


INSIDE = frozenset(
    {
        Role.CHANCELLERY,
        Role.HEAD,
        Role.DEPARTMENT_HEAD,
        Role.EXECUTOR,
        Role.EXPERT,
        Role.SUPERVISOR,
        Role.COMPLIANCE,
    }
)
"""Roles of the provider's own people, who see its cases whole."""

OUTSIDE = frozenset({Role.AGREEING_BODY, Role.INTERIOR_DEPARTMENT, Role.SECURITY_DEPARTMENT})
"""Roles of other bodies, who see of a case what was disclosed to them when they were asked."""


@dataclass(frozen=True, slots=True)
class Substitution:
    """A person stands in for another, by an order, on these civil dates (both included), in these services (none named: all)."""

    absent_id: str
    absent_name: str
    absent_position: Text
    role: Role
    order_number: str
    order_date: date
    first_day: date
    last_day: date
    services: tuple[str, ...] = ()
    absent_unit_id: str | None = None

    def covers(self, role: str, service: str) -> bool:
        """Whether the order lets the person act in this role in this service."""
        return self.role.value == role and (not self.services or not service or service in self.services)


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
    unit_id: str | None = None
    cleared: bool = False  # may read what a consulted body restricted

    @property
    def roles(self) -> frozenset[Role]:
        return self.own_roles | {s.role for s in self.substitutions}

    @property
    def is_staff(self) -> bool:
        return bool(self.roles - {Role.APPLICANT})

    @property
    def is_inside(self) -> bool:
        """Of the provider's own people, who see its cases whole."""
        return bool(self.roles & INSIDE)

    def acting_for(self, role: Role, responsible_id: str | None = None, *, service: str = "") -> Substitution | None:
        """The substitution by which one acts in a role, or None where one acts for oneself.

        Who holds the role himself acts for another only in that other's own work: `responsible_id` says whose work it is.
        """
        substitutions = [s for s in self.substitutions if s.covers(role.value, service)]
        theirs = next((s for s in substitutions if s.absent_id == responsible_id), None)
        if theirs is not None or role in self.own_roles:
            return theirs
        return next(iter(substitutions), None)


SYSTEM = Actor(id="system", login="system", name="Rasim")
"""The system itself: timers, registrations by rule, deliveries."""
