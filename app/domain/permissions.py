"""Who may do what: one table of small named predicates. Pages, commands and the interface for programs ask here only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from app.domain.errors import Forbidden
from app.domain.people import OUTSIDE, Actor, Role, Substitution


class Action(Enum):
    FILE_APPLICATION = "file-application"
    PAY_FEE = "pay-fee"  # of one's own case
    WITHDRAW = "withdraw"  # one's own application
    VIEW_CASE = "view-case"
    READ_REPLY = "read-reply"  # the words of a consulted body's reply
    DISCLOSE = "disclose"  # show a consulted body a document of the case, or withdraw it
    ASK_AGAIN = "ask-again"  # a consulted body whose reply is waited for
    SEARCH_CASES = "search-cases"
    VIEW_JOURNAL = "view-journal"  # of registration
    PRINT_CONTROL_CARD = "print-control-card"  # of a case one may see
    OPEN_DUTY = "open-duty"  # a case of the provider's own
    COMPLAIN = "complain"  # about how one's own case was handled
    VIEW_INBOX = "view-inbox"
    OPEN_WORK = "open-work"  # the page of a task
    WORK_ITEM = "work-item"  # claim, release, keep a draft, complete
    VIEW_SIGNING = "view-signing"  # what waits for one's signature
    COMMENT = "comment"  # read and write what the provider's people say of a case among themselves
    MESSAGE = "message"  # read and write the messages between the office and the applicant
    VIEW_DEADLINES = "view-deadlines"
    SUPERVISE = "supervise"  # the load of people and units, forecasts; a head of department of his own unit's
    ASSIGN_WORK = "assign-work"  # from one person to another, with a reason; a head of department within his own unit
    CHANGE_TERM = "change-term"  # stop, run on, extend: on the grounds and by the roles the passport lists
    ENTER_ABSENCE = "enter-absence"
    REPAIR_INCIDENT = "repair-incident"
    VIEW_DESIGN = "view-design"  # drafts, versions and comparisons of services, and where their cases stand
    EDIT_DRAFT = "edit-draft"  # draw, check, rehearse, hand over for approval
    APPROVE_DRAFT = "approve-draft"  # of others: four eyes
    PUBLISH = "publish"
    MIGRATE_CASES = "migrate-cases"  # from one version of a service to another
    MANAGE_PEOPLE = "manage-people"
    SET_CLOCK = "set-clock"
    MAKE_TOKEN = "make-token"  # one's own, by which a program acts for one


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What a decision about a case needs to know of it."""

    applicant_iin: str
    applicant_bin: str
    asked_of: frozenset[tuple[str, str | None]] = frozenset()  # other bodies with work in it: role and unit, None: every unit
    begun_by: str = ""  # the person who filed it, or began a duty of the provider's
    service: str = ""


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
    excluded: frozenset[str] = frozenset()  # who had another part in the same decision: separation of duties


@dataclass(frozen=True, slots=True)
class ReplyFacts:
    """What a decision about reading a consulted body's reply needs to know of it."""

    role: str
    unit_id: str | None  # the replying unit; None: nobody has taken it, and it is every unit's
    service: str
    restricted: bool


@dataclass(frozen=True, slots=True)
class HandlingFacts:
    """By whom of the provider's people a case is considered: its executor, and who finished the steps of its consideration."""

    service: str
    people: frozenset[str]
    applicant_iin: str = ""
    applicant_bin: str = ""


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """What a decision about a draft of a service needs to know of it: the ids of all who changed a file of it."""

    authors: frozenset[str]


Subject = CaseFacts | WorkFacts | ReplyFacts | HandlingFacts | DraftFacts | None
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
    if actor.bin or subject.applicant_bin:  # who acts for an organisation acts for it alone
        return actor.bin == subject.applicant_bin
    return bool(actor.iin) and actor.iin == subject.applicant_iin


def is_ones_own_application(actor: Actor, subject: CaseFacts | HandlingFacts) -> bool:
    """Whether the person's number stands on the application, from whatever account it was filed; what he began in the name of
    the organisation he works in is nobody's own."""
    in_its_name = bool(actor.bin) and actor.bin == subject.applicant_bin
    return bool(actor.iin) and actor.iin == subject.applicant_iin and not in_its_name


def has_begun_it(actor: Actor, subject: Subject) -> bool:
    """A member of staff who began this duty of the provider's, whatever else he may see."""
    return isinstance(subject, CaseFacts) and actor.is_staff and subject.begun_by == actor.id


def is_of_a_body_asked(actor: Actor, subject: Subject) -> bool:
    """Somebody of another body, whose work in this case it was or is to reply."""
    if not isinstance(subject, CaseFacts):
        return False
    return bool(_asked_as(actor, subject.service) & subject.asked_of)


def _asked_as(actor: Actor, service: str) -> set[tuple[str, str | None]]:
    """The roles of other bodies a person acts in, each with the units whose requests are then his."""
    held = {(role.value, unit) for role in actor.own_roles & OUTSIDE for unit in (None, actor.unit_id)}
    stood_in = [s for s in actor.substitutions if s.role in OUTSIDE and s.covers(s.role.value, service)]
    return held | {(s.role.value, unit) for s in stood_in for unit in (None, s.absent_unit_id)}


class Sight(Enum):
    """How much of a case a person is shown."""

    WHOLE = "whole"  # the provider's own people
    OWN = "own"  # the applicant, or who began a duty: the application, what was asked of him and what was delivered
    ASKED = "asked"  # another body: what was disclosed to it, and its own reply


def sight_of(actor: Actor, facts: CaseFacts) -> Sight | None:
    """None where the case is not to be seen at all."""
    if is_inside(actor, facts):
        return Sight.WHOLE
    if is_the_applicant(actor, facts):  # a member of staff too, of what he applied for
        return Sight.OWN
    if has_begun_it(actor, facts):
        return Sight.WHOLE
    return Sight.ASKED if is_of_a_body_asked(actor, facts) else None


def may_read_the_reply(actor: Actor, subject: Subject) -> bool:
    """The replying unit reads its own reply; the provider's people do, unless it is for the cleared only and they are not."""
    if not isinstance(subject, ReplyFacts):
        return False
    if (subject.role, subject.unit_id) in _asked_as(actor, subject.service):
        return True
    return actor.is_inside and (actor.cleared or not subject.restricted)


def considers_the_case(actor: Actor, subject: Subject) -> bool:
    """One of those by whom the case is considered, or who stands in for one of them; nobody his own application."""
    if not isinstance(subject, HandlingFacts) or not actor.is_inside or is_ones_own_application(actor, subject):
        return False
    absent = {s.absent_id for s in actor.substitutions if s.covers(s.role.value, subject.service)}
    return bool(({actor.id} | absent) & subject.people)


def may_take_the_work(actor: Actor, subject: Subject) -> bool:
    """The role is held (or stood in for, within the order's scope) in the unit whose work it is, and the item is nobody's, one's
    own, or that of whom one stands in for.

    Nobody works on his own application, whatever roles he holds, and nobody does or has done in his name what another part in
    the same decision keeps him from; but what is asked of the applicant, only he does, or whoever
    acts for the organisation that applied.
    """
    if not isinstance(subject, WorkFacts):
        return False
    if subject.role == Role.APPLICANT.value:
        return is_the_applicant(actor, CaseFacts(subject.applicant_iin, subject.applicant_bin))
    if (actor.iin and actor.iin == subject.applicant_iin) or actor.id in subject.excluded:
        return False
    holds = subject.role in {role.value for role in actor.own_roles}
    standing_in = _standing_in(actor, subject)
    if subject.role in _OTHER_BODIES:  # what a body was asked stays with that body, whoever has it
        holds = holds and subject.unit_id in (None, actor.unit_id)
        standing_in = [s for s in standing_in if subject.unit_id in (None, s.absent_unit_id)]
    if subject.owner_id is None:
        units = [actor.unit_id] * holds + [s.absent_unit_id for s in standing_in]
        return bool(units) and (subject.unit_id is None or subject.unit_id in units)
    return (subject.owner_id == actor.id and (holds or bool(standing_in))) or subject.owner_id in {
        s.absent_id for s in standing_in
    }


def approves_drafts_of_others(actor: Actor, subject: Subject) -> bool:
    """An analyst, for a draft he has not touched himself."""
    return Role.ANALYST in actor.own_roles and (not isinstance(subject, DraftFacts) or actor.id not in subject.authors)


def anyone(_actor: Actor, _subject: Subject) -> bool:
    return True


_OTHER_BODIES = frozenset(role.value for role in OUTSIDE)


def _standing_in(actor: Actor, work: WorkFacts) -> list[Substitution]:
    return [s for s in actor.substitutions if s.covers(work.role, work.service) and s.absent_id not in work.excluded]


def stood_in_for(actor: Actor, work: WorkFacts) -> str | None:
    """In whose place a person takes an item that is nobody's; None where his own role and unit open it to him."""
    holds = work.role in {role.value for role in actor.own_roles}
    if work.owner_id is not None or (holds and work.unit_id in (None, actor.unit_id)):
        return None
    standing_in = _standing_in(actor, work)
    return next((s.absent_id for s in standing_in if work.unit_id in (None, s.absent_unit_id)), None)


def is_inside_and_not_the_applicant(actor: Actor, subject: Subject) -> bool:
    """One of the provider's people, unless the case is his own, from whatever account he applied."""
    own = isinstance(subject, CaseFacts) and is_ones_own_application(actor, subject)
    return actor.is_inside and not own and not is_the_applicant(actor, subject)


def any_of(*predicates: Predicate) -> Predicate:
    return lambda actor, subject: any(holds(actor, subject) for holds in predicates)


PERMISSIONS: dict[Action, Predicate] = {
    Action.FILE_APPLICATION: has(Role.APPLICANT),
    Action.PAY_FEE: is_the_applicant,
    Action.WITHDRAW: is_the_applicant,
    Action.VIEW_CASE: any_of(is_inside, is_the_applicant, is_of_a_body_asked, has_begun_it),
    Action.SEARCH_CASES: any_of(is_inside, has(Role.ANALYST, *OUTSIDE)),
    Action.READ_REPLY: may_read_the_reply,
    Action.DISCLOSE: considers_the_case,
    Action.ASK_AGAIN: considers_the_case,
    Action.VIEW_JOURNAL: has(Role.CHANCELLERY, Role.HEAD, Role.SUPERVISOR, Role.COMPLIANCE),
    Action.PRINT_CONTROL_CARD: is_inside,
    Action.OPEN_DUTY: has(Role.ANALYST, Role.HEAD),
    Action.COMPLAIN: is_the_applicant,
    Action.VIEW_INBOX: is_staff,
    Action.OPEN_WORK: any_of(is_staff, has(Role.APPLICANT)),
    Action.WORK_ITEM: may_take_the_work,
    Action.VIEW_SIGNING: has(Role.HEAD, Role.DEPARTMENT_HEAD),
    Action.SUPERVISE: has(Role.SUPERVISOR, Role.HEAD, Role.DEPARTMENT_HEAD),
    Action.ASSIGN_WORK: has(Role.SUPERVISOR, Role.HEAD, Role.DEPARTMENT_HEAD),
    Action.CHANGE_TERM: has(Role.HEAD, Role.SUPERVISOR),
    Action.ENTER_ABSENCE: has(Role.ADMINISTRATOR, Role.HEAD, Role.SUPERVISOR),
    Action.VIEW_DEADLINES: any_of(is_inside, has(Role.ADMINISTRATOR)),
    Action.COMMENT: is_inside_and_not_the_applicant,
    Action.MESSAGE: any_of(is_inside, is_the_applicant),
    Action.REPAIR_INCIDENT: has(Role.SUPERVISOR, Role.ADMINISTRATOR),
    Action.VIEW_DESIGN: has(Role.ANALYST, Role.COMPLIANCE, Role.SUPERVISOR),
    Action.EDIT_DRAFT: has(Role.ANALYST),
    Action.APPROVE_DRAFT: approves_drafts_of_others,
    Action.PUBLISH: has(Role.ANALYST, Role.ADMINISTRATOR),
    Action.MIGRATE_CASES: has(Role.ANALYST),
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
