"""The people and things of the access matrix, and the rules, written plainly once more, that say who may do what.

People of every role and unit, substitutes in every state of their order; a work item in every state, each in a case of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from app.domain.case import WorkStatus

SERVICE = "border-strip-entry-pass"  # it asks bodies, lists a ground to make its term longer, and the head signs
TODAY = date(2026, 3, 2)  # the clock of the tests stands on this Monday
OTHER_SERVICE = "poisons-licence"
INSIDE = ("chancellery", "head", "department_head", "executor", "expert")
OUTSIDE = ("agreeing_body", "interior_department", "security_department")
WORKING = INSIDE + OUTSIDE
WATCHING = ("supervisor", "compliance", "analyst", "administrator")
HOME = dict.fromkeys(INSIDE, "provider") | {
    "agreeing_body": "agency",
    "interior_department": "interior",
    "security_department": "security",
}
AWAY = dict.fromkeys(INSIDE, "department") | {
    "agreeing_body": "agency2",
    "interior_department": "agency",
    "security_department": "agency",
}
SEES_ALL = (*INSIDE, "supervisor", "compliance")


@dataclass(frozen=True)
class Order:
    """That somebody stands in for a person, as the paper says it."""

    absent: str
    role: str
    first: date
    last: date
    services: tuple[str, ...] = ()

    def holds(self, role: str) -> bool:
        in_force = self.first <= TODAY <= self.last
        return in_force and self.role == role and (not self.services or SERVICE in self.services)


@dataclass(frozen=True)
class Person:
    login: str
    roles: tuple[str, ...]
    unit: str | None
    order: Order | None = None
    cleared_until: date | None = None

    @property
    def of_the_provider(self) -> bool:
        """Holds one of its roles, or stands in for a holder, whatever the services: an order's scope narrows the work alone."""
        roles = set(self.roles)
        if self.order is not None and self.order.first <= TODAY <= self.order.last:
            roles.add(self.order.role)
        return bool(roles & set(SEES_ALL))

    @property
    def cleared(self) -> bool:
        return self.cleared_until is not None and self.cleared_until >= TODAY


@dataclass(frozen=True)
class Thing:
    """A work item, and the case it stands in."""

    name: str
    role: str
    unit: str | None
    owner: str | None = None
    taken_for: str | None = None
    excluded: dict[str, str] = field(default_factory=dict)  # login → the part he had
    applicant: str | None = None  # login of the member of staff who applied; None: the company
    status: WorkStatus = WorkStatus.READY
    restricted: bool = False  # what the body replies is for the cleared only
    shown: bool = True  # the document the applicant filed, to the body
    id: str = ""
    case_id: str = ""
    number: str = ""
    filed: str = ""  # the document the applicant filed
    printed: str = ""  # what was printed at the item for whoever has it; signed once the item is done

    @property
    def is_open(self) -> bool:
        return self.status in (WorkStatus.READY, WorkStatus.RESERVED)

    @property
    def ended(self) -> bool:
        """The case: the applicant withdrew it."""
        return self.status is WorkStatus.OBSOLETE

    @property
    def answered(self) -> bool:
        return self.status is WorkStatus.COMPLETED

    @property
    def executor(self) -> str | None:
        """Of the case: whoever has its executor's item, or in whose place he has it; where a body is asked, one who waits."""
        if self.role == "executor":
            return self.taken_for or self.owner
        return "executor-home" if self.role in OUTSIDE else None


ORDERS = {
    "on": (date(2026, 3, 2), date(2026, 3, 6), ()),
    "in-this-service": (date(2026, 2, 2), date(2026, 3, 2), (SERVICE,)),
    "in-another-service": (date(2026, 3, 2), date(2026, 3, 6), (OTHER_SERVICE,)),
    "over": (date(2026, 2, 2), date(2026, 3, 1), ()),
    "not-begun": (date(2026, 3, 3), date(2026, 3, 6), ()),
}


def people() -> list[Person]:
    found = [
        Person("universal", WORKING, "provider"),
        Person("citizen", ("applicant",), None),
        Person("nobody", (), "provider"),
        Person("cleared", ("executor",), "provider", cleared_until=TODAY),
        Person("cleared-before", ("executor",), "provider", cleared_until=date(2026, 3, 1)),
        Person("analyst-applicant", ("analyst", "applicant"), "provider"),
        Person("head-applicant", ("head", "applicant"), "department"),
        Person("agreeing_body-applicant", ("agreeing_body", "applicant"), "agency"),
        Person("agreeing_body-cleared", ("agreeing_body",), "agency2", cleared_until=TODAY),
    ]
    for role in WORKING:
        absent = f"{role}-home"
        found += [Person(absent, (role,), HOME[role]), Person(f"{role}-away", (role,), AWAY[role])]
        found.append(Person(f"{role}-nowhere", (role,), None))
        for state, (first, last, services) in ORDERS.items():
            found.append(Person(f"{role}-{state}", (), HOME[role], Order(absent, role, first, last, services)))
        on = Order(absent, role, *ORDERS["on"])
        found.append(Person(f"{role}-peer", (role,), AWAY[role], on))  # holds the role himself, and stands in besides
        found.append(Person(f"{role}-watcher", ("compliance",), "department", on))
    return found + [Person(role, (role,), "provider") for role in WATCHING]


def things() -> list[Thing]:
    return [each for role in WORKING for unit in (None, HOME[role], AWAY[role]) for each in _states(role, unit)] + [
        each for role in WORKING for each in _further_states(role)
    ]


def _states(role: str, unit: str | None) -> list[Thing]:
    home, away, substitute = f"{role}-home", f"{role}-away", f"{role}-on"
    base = Thing("nobody's", role, unit)
    return [
        base,
        replace(base, name="the holder's, whom another stands in for", owner=home),
        replace(base, name="another holder's", owner=away),
        replace(base, name="taken by the substitute", owner=substitute, taken_for=home),
        replace(base, name="prepared by the holder", excluded={home: "prepares"}),
        replace(base, name="prepared by the substitute", excluded={home: "prepares", substitute: "prepares"}),
        replace(base, name="prepared by another", excluded={away: "prepares", f"{role}-peer": "prepares"}),
        replace(base, name="agreed by the holder", owner=f"{role}-peer", excluded={home: "approves"}),
        replace(base, name="prepared by one of all roles", excluded={"universal": "prepares"}),
        replace(base, name="applied for by the holder", applicant=home),
        replace(base, name="applied for by the substitute", applicant=substitute),
        replace(base, name="applied for by one of all roles", applicant="universal"),
        replace(base, name="done", owner=home, status=WorkStatus.COMPLETED),
        replace(base, name="no longer needed", owner=home, status=WorkStatus.OBSOLETE),
    ]


def _further_states(role: str) -> list[Thing]:
    """What does not go by unit, once: whose application it is, what a body is shown and how it replied."""
    base = Thing("nobody's", role, HOME[role])
    applicants = ["citizen", "analyst-applicant"]
    if role in ("head", "agreeing_body"):
        applicants.append(f"{role}-applicant")
    if role in OUTSIDE:
        applicants.append("executor-home")
    found = [replace(base, name=f"applied for by {each}", applicant=each) for each in applicants]
    if role in OUTSIDE:
        done = replace(base, owner=f"{role}-home", status=WorkStatus.COMPLETED)
        found.append(replace(base, name="with its document withdrawn", shown=False))
        found.append(replace(done, name="replied for the cleared only", restricted=True))
        found.append(replace(done, name="replied for the cleared only, by every unit's", unit=None, restricted=True))
    return found


# The rules, in the words of the office


@dataclass(frozen=True)
class Rules:
    people: dict[str, Person]

    def hats(self, person: Person, thing: Thing) -> list[tuple[str, str | None]]:
        """In whose place the person may act in the item's role, himself among them, and in which unit."""
        found = [(person.login, person.unit)] if thing.role in person.roles else []
        order = person.order
        if order is not None and order.holds(thing.role) and order.absent not in thing.excluded:
            found.append((order.absent, self.people[order.absent].unit))
        return found

    def may_work(self, person: Person, thing: Thing) -> bool:
        if thing.status not in (WorkStatus.READY, WorkStatus.RESERVED):
            return False  # what is done, or was taken away, is nobody's to do
        if thing.applicant == person.login or person.login in thing.excluded:
            return False  # not his own application; not what he prepared or agreed
        hats = self.hats(person, thing)
        if thing.role in OUTSIDE:  # what a body was asked stays with that body
            hats = [(login, unit) for login, unit in hats if thing.unit in (None, unit)]
        if thing.owner is None:
            return any(thing.unit in (None, unit) for _, unit in hats)
        if thing.owner == person.login:
            return bool(hats)
        return thing.owner in [login for login, _ in hats]

    def may_see(self, person: Person, thing: Thing) -> bool:
        """The case: all of them the provider's people; another body those in which it was asked; an applicant his own."""
        return person.of_the_provider or self.of_the_body(person, thing) or self.applied(person, thing)

    def of_the_body(self, person: Person, thing: Thing) -> bool:
        """Of the body that is asked, or standing in for one of it within the order's scope."""
        if thing.role not in OUTSIDE:
            return False
        units = [person.unit] if thing.role in person.roles else []
        if person.order is not None and person.order.holds(thing.role):
            units.append(self.people[person.order.absent].unit)
        body = self.body_of(thing)
        return bool(units) and (body is None or body in units)

    def body_of(self, thing: Thing) -> str | None:
        """Whose a request is: the unit's it went to, else that of whoever has it or did it, or in whose place he did; while it is
        nobody's, every holder's."""
        holder = thing.taken_for or thing.owner
        return thing.unit or (self.people[holder].unit if holder else None)

    def applied(self, person: Person, thing: Thing) -> bool:
        """Signs in as the applicant himself: a member of staff only where the account is an applicant's as well."""
        return self.is_his_own(person, thing) and "applicant" in person.roles

    def is_his_own(self, person: Person, thing: Thing) -> bool:
        """His number stands on the application, in whatever account he sits now."""
        return thing.applicant == person.login

    # One item

    def may_open_task(self, person: Person, thing: Thing) -> bool:
        """The page of a step: who sees the case from within; an applicant is shown what is asked of him alone, and here is
        nothing of it."""
        return person.of_the_provider or (self.of_the_body(person, thing) and not self.applied(person, thing))

    def may_draft(self, person: Person, thing: Thing) -> bool:
        """Type and keep it for oneself: whoever could do the step if others did not have it or had not done it, which for what a
        body has taken are that body's people."""
        unit = self.body_of(thing) if thing.role in OUTSIDE else thing.unit
        waiting = replace(thing, status=WorkStatus.READY)
        return self.may_work(person, waiting) or self.may_work(person, replace(waiting, owner=None, taken_for=None, unit=unit))

    def may_decline(self, person: Person, thing: Thing) -> bool:
        """Refuse to act: on one's own task alone."""
        return thing.owner == person.login and self.may_work(person, thing)

    def may_release(self, person: Person, thing: Thing) -> bool:
        """Give back: one's own or the absent person's, but an appointed executor's; of what nobody has nothing is changed."""
        appointed = thing.role == "executor" and thing.owner is not None and thing.owner == thing.executor
        return self.may_work(person, thing) and not appointed

    def may_sit_at_the_desk(self, person: Person) -> bool:
        """The signing desk is open to those who sign by their role, or in the place of one who does."""
        signing = {"head", "department_head"}
        order = person.order
        in_force = order is not None and order.role in signing and order.first <= TODAY <= order.last
        return in_force or bool(set(person.roles) & signing)

    def may_sign(self, person: Person, thing: Thing) -> bool:
        return self.may_sit_at_the_desk(person) and self.may_work(person, thing)

    # The office's own talk, and with the applicant

    def may_comment(self, person: Person, thing: Thing) -> bool:
        """Read and write: the provider's people among themselves, but on one's own application."""
        return person.of_the_provider and not self.is_his_own(person, thing)

    def may_read_messages(self, person: Person, thing: Thing) -> bool:
        return person.of_the_provider or self.applied(person, thing)

    def may_write_message(self, person: Person, thing: Thing) -> bool:
        return self.may_read_messages(person, thing) and not thing.ended

    # What bodies are shown, and what they reply

    def considers(self, person: Person, thing: Thing) -> bool:
        """Its executor and who finished a step of it (the chancellery's and the bodies' aside), or who stands in for one of them;
        nobody his own application."""
        people = {thing.executor}
        if thing.status is WorkStatus.COMPLETED and thing.role in set(INSIDE) - {"chancellery"}:
            people.add(thing.owner)
        order = person.order
        stands_in = order is not None and order.absent in people and order.holds(order.role)
        return person.of_the_provider and (person.login in people or stands_in) and not self.is_his_own(person, thing)

    def may_disclose(self, person: Person, thing: Thing) -> bool:
        """Show the body a document or withdraw it: while its reply is waited for."""
        return thing.role in OUTSIDE and thing.is_open and self.considers(person, thing)

    def may_keep_inside(self, person: Person, thing: Thing) -> bool:
        """What bodies still to be asked are shown: while the case runs."""
        return not thing.ended and self.considers(person, thing)

    def may_read_reply(self, person: Person, thing: Thing) -> bool:
        if thing.role not in OUTSIDE:
            return False
        return self.of_the_body(person, thing) or (person.of_the_provider and (person.cleared or not thing.restricted))

    def may_open_filed(self, person: Person, thing: Thing) -> bool:
        """What the applicant filed: a body as far as it is shown."""
        return person.of_the_provider or self.applied(person, thing) or (self.of_the_body(person, thing) and thing.shown)

    def may_open_printed(self, person: Person, thing: Thing) -> bool:
        """What was printed at the item: the provider's people, of a reply as far as they may read it; of the body, before it is
        signed, whom it is prepared for alone; no applicant, since it was not delivered."""
        if person.of_the_provider:
            return thing.role not in OUTSIDE or self.may_read_reply(person, thing)
        if self.applied(person, thing):
            return False
        return self.of_the_body(person, thing) and (thing.status is WorkStatus.COMPLETED or thing.owner == person.login)

    # Those who answer for the work of others

    def answers_for(self, person: Person, thing: Thing) -> bool:
        """Head and supervisor for all, a head of department for what his unit's people have and what waits for his unit, a
        substitute within the order's scope; nobody for the handling of his own application."""
        if self.is_his_own(person, thing):
            return False
        units = {person.unit} if "department_head" in person.roles else set()
        everywhere = bool({"head", "supervisor"} & set(person.roles))
        if person.order is not None and person.order.holds(person.order.role):
            everywhere = everywhere or person.order.role == "head"
            if person.order.role == "department_head":
                units.add(self.people[person.order.absent].unit)
        place = self.people[thing.owner].unit if thing.owner else thing.unit
        return everywhere or (place is not None and place in units)

    def may_assign(self, person: Person, thing: Thing) -> bool:
        return thing.is_open and self.answers_for(person, thing)

    def may_be_given(self, person: Person, thing: Thing) -> bool:
        """To whom an open item may be given: who has it already, or who could do it were it nobody's and is there today."""
        fits = self.may_work(person, replace(thing, owner=None)) and not self.is_away(person)
        return thing.is_open and (thing.owner == person.login or fits)

    def is_away(self, person: Person) -> bool:
        orders = [each.order for each in self.people.values() if each.order is not None and each.order.absent == person.login]
        return any(order.first <= TODAY <= order.last for order in orders)

    def may_change_term(self, person: Person, thing: Thing) -> bool:
        """By the service's one ground head and supervisor make its term longer, while the case runs; not of one's own."""
        by = {"head", "supervisor"}
        order = person.order
        decides = bool(by & set(person.roles)) or (order is not None and order.role in by and order.holds(order.role))
        return decides and not thing.ended and not self.is_his_own(person, thing)

    def may_print_card(self, person: Person, thing: Thing) -> bool:
        return person.of_the_provider

    def may_see_in_journal(self, person: Person, thing: Thing) -> bool:
        roles = {"chancellery", "head", "supervisor", "compliance"}
        order = person.order
        in_force = order is not None and order.role in roles and order.first <= TODAY <= order.last
        return in_force or bool(roles & set(person.roles))
