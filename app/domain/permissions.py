"""Who may do what: one table of small named predicates. Pages, commands and the interface for programs ask here only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from app.domain.errors import Forbidden
from app.domain.people import OUTSIDE, Actor, Role


class Action(Enum):
    FILE_APPLICATION = "file-application"
    PAY_FEE = "pay-fee"  # of one's own case
    WITHDRAW = "withdraw"  # one's own application
    VIEW_CASE = "view-case"
    SEARCH_CASES = "search-cases"
    OPEN_DUTY = "open-duty"  # a case of the provider's own
    COMPLAIN = "complain"  # about how one's own case was handled
    VIEW_INBOX = "view-inbox"
    OPEN_WORK = "open-work"  # the page of a task
    WORK_ITEM = "work-item"  # claim, release, keep a draft, complete
    VIEW_DEADLINES = "view-deadlines"
    REPAIR_INCIDENT = "repair-incident"
    PUBLISH = "publish"
    MANAGE_PEOPLE = "manage-people"
    SET_CLOCK = "set-clock"


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What a decision about a case needs to know of it."""

    applicant_iin: str
    applicant_bin: str
    asked_of: frozenset[tuple[str, str | None]] = frozenset()  # other bodies with work in it: role and unit, None: every unit
    begun_by: str = ""  # the person who filed it, or began a duty of the provider's


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """What a decision about a work item needs to know of it: whose work it is by role, unit and service, and its owner once it
    was claimed, assigned or given with an appointment."""

    role: str
    owner_id: str | None
    service: str = ""
    unit_id: str | None = None  # None: every unit's
    applicant_iin: str = ""  # of the person who filed the application
    applicant_bin: str = ""  # of the organisation in whose name it was filed


Subject = CaseFacts | WorkFacts | None
Predicate = Callable[[Actor, Subject], bool]


def has(*roles: Role) -> Predicate:
    wanted = frozenset(roles)
    return lambda actor, _subject: bool(actor.roles & wanted)


def is_staff(actor: Actor, _subject: Subject) -> bool:
    return actor.is_staff


def is_inside(actor: Actor, _subject: Subject) -> bool:
    return actor.is_inside


def is_the_applicant(actor: Actor, subject: Subject) -> bool:
    """The person who applied, or anyone acting for the organisation that applied."""
    if not isinstance(subject, CaseFacts) or Role.APPLICANT not in actor.own_roles:
        return False
    if subject.applicant_bin:
        return actor.bin == subject.applicant_bin
    return bool(actor.iin) and actor.iin == subject.applicant_iin


def has_begun_it(actor: Actor, subject: Subject) -> bool:
    """A member of staff who began this duty of the provider's, whatever else he may see."""
    return isinstance(subject, CaseFacts) and actor.is_staff and subject.begun_by == actor.id


def is_of_a_body_asked(actor: Actor, subject: Subject) -> bool:
    """Somebody of another body, whose work in this case it was or is to reply."""
    if not isinstance(subject, CaseFacts):
        return False
    held = {(role.value, unit) for role in actor.own_roles & OUTSIDE for unit in (None, actor.unit_id)}
    held |= {(s.role.value, unit) for s in actor.substitutions if s.role in OUTSIDE for unit in (None, s.absent_unit_id)}
    return bool(held & subject.asked_of)


def may_take_the_work(actor: Actor, subject: Subject) -> bool:
    """The role is held (or stood in for, within the order's scope) in the unit whose work it is, and the item is nobody's, one's
    own, or that of whom one stands in for.

    Nobody works on his own application, whatever roles he holds; but what is asked of the applicant, only he does, or whoever
    acts for the organisation that applied.
    """
    if not isinstance(subject, WorkFacts):
        return False
    if subject.role == Role.APPLICANT.value:
        return is_the_applicant(actor, CaseFacts(subject.applicant_iin, subject.applicant_bin))
    if actor.iin and actor.iin == subject.applicant_iin:
        return False
    holds = subject.role in {role.value for role in actor.own_roles}
    standing_in = [s for s in actor.substitutions if s.covers(subject.role, subject.service)]
    if subject.owner_id is None:
        units = [actor.unit_id] * holds + [s.absent_unit_id for s in standing_in]
        return bool(units) and (subject.unit_id is None or subject.unit_id in units)
    return (subject.owner_id == actor.id and (holds or bool(standing_in))) or subject.owner_id in {
        s.absent_id for s in standing_in
    }


def any_of(*predicates: Predicate) -> Predicate:
    return lambda actor, subject: any(holds(actor, subject) for holds in predicates)


PERMISSIONS: dict[Action, Predicate] = {
    Action.FILE_APPLICATION: has(Role.APPLICANT),
    Action.PAY_FEE: is_the_applicant,
    Action.WITHDRAW: is_the_applicant,
    Action.VIEW_CASE: any_of(is_inside, is_the_applicant, is_of_a_body_asked, has_begun_it),
    Action.SEARCH_CASES: any_of(is_inside, has(Role.ANALYST, *OUTSIDE)),
    Action.OPEN_DUTY: has(Role.ANALYST, Role.HEAD),
    Action.COMPLAIN: is_the_applicant,
    Action.VIEW_INBOX: is_staff,
    Action.OPEN_WORK: any_of(is_staff, has(Role.APPLICANT)),
    Action.WORK_ITEM: may_take_the_work,
    Action.VIEW_DEADLINES: is_staff,
    Action.REPAIR_INCIDENT: has(Role.SUPERVISOR, Role.ADMINISTRATOR),
    Action.PUBLISH: has(Role.ANALYST, Role.ADMINISTRATOR),
    Action.MANAGE_PEOPLE: has(Role.ADMINISTRATOR),
    Action.SET_CLOCK: has(Role.ADMINISTRATOR, Role.SUPERVISOR, Role.HEAD, Role.EXECUTOR, Role.CHANCELLERY),
}


def may(actor: Actor, action: Action, subject: Subject = None) -> bool:
    return PERMISSIONS[action](actor, subject)


def require(actor: Actor, action: Action, subject: Subject = None) -> None:
    """Raises Forbidden, naming the person and the act."""
    if not may(actor, action, subject):
        raise Forbidden("%(name)s may not do this: %(action)s.", name=actor.name, action=action.value)
