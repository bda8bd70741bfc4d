"""Who may do what: one table of small named predicates. Pages, commands and the interface for programs ask here only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from app.domain.errors import Forbidden
from app.domain.people import Actor, Role


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
    MAKE_TOKEN = "make-token"  # one's own, by which a program acts for one


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What a decision about a case needs to know of it."""

    applicant_iin: str
    applicant_bin: str


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """What a decision about a work item needs to know of it: its role and, once claimed or appointed, its owner.

    An owner who no longer holds the role is none: work must not stay with who may not do it.
    """

    role: str
    owner_id: str | None
    applicant_iin: str = ""  # of the person who filed the application
    applicant_bin: str = ""  # of the organisation in whose name it was filed


Subject = CaseFacts | WorkFacts | None
Predicate = Callable[[Actor, Subject], bool]


def has(*roles: Role) -> Predicate:
    wanted = frozenset(roles)
    return lambda actor, _subject: bool(actor.roles & wanted)


def is_staff(actor: Actor, _subject: Subject) -> bool:
    return actor.is_staff


def is_the_applicant(actor: Actor, subject: Subject) -> bool:
    """The person who applied, or anyone acting for the organisation that applied."""
    if not isinstance(subject, CaseFacts) or Role.APPLICANT not in actor.own_roles:
        return False
    if subject.applicant_bin:
        return actor.bin == subject.applicant_bin
    return bool(actor.iin) and actor.iin == subject.applicant_iin


def may_take_the_work(actor: Actor, subject: Subject) -> bool:
    """The role is held (or stood in for), and the item is nobody's, one's own, or that of whom one stands in for in this role.

    Nobody works on his own application, whatever roles he holds; but what is asked of the applicant, only he does, or whoever
    acts for the organisation that applied.
    """
    if not isinstance(subject, WorkFacts) or subject.role not in {role.value for role in actor.roles}:
        return False
    if subject.role == Role.APPLICANT.value:
        return is_the_applicant(actor, CaseFacts(subject.applicant_iin, subject.applicant_bin))
    if actor.iin and actor.iin == subject.applicant_iin:
        return False
    owners = {actor.id, *(s.absent_id for s in actor.substitutions if s.role.value == subject.role)}
    return subject.owner_id is None or subject.owner_id in owners


def anyone(_actor: Actor, _subject: Subject) -> bool:
    return True


def any_of(*predicates: Predicate) -> Predicate:
    return lambda actor, subject: any(holds(actor, subject) for holds in predicates)


PERMISSIONS: dict[Action, Predicate] = {
    Action.FILE_APPLICATION: has(Role.APPLICANT),
    Action.PAY_FEE: is_the_applicant,
    Action.WITHDRAW: is_the_applicant,
    Action.VIEW_CASE: any_of(is_staff, is_the_applicant),
    Action.SEARCH_CASES: is_staff,
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
    Action.MAKE_TOKEN: anyone,
}


def may(actor: Actor, action: Action, subject: Subject = None) -> bool:
    return PERMISSIONS[action](actor, subject)


def require(actor: Actor, action: Action, subject: Subject = None) -> None:
    """Raises Forbidden, naming the person and the act."""
    if not may(actor, action, subject):
        raise Forbidden("%(name)s may not do this: %(action)s.", name=actor.name, action=action.value)
