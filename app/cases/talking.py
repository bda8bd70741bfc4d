"""Comments among the provider's people with mentions, and messages between the office and the applicant."""

from __future__ import annotations

import re
from hashlib import sha256

from app.cases.office import Office
from app.cases.refusals import refusals_are_told
from app.domain.errors import Declined, Hidden, Invalid, NotFound
from app.domain.events import EventKind
from app.domain.people import Actor, Role
from app.domain.permissions import Action, CaseFacts, may, require
from app.history.recording import record
from app.store.tables import Case, Comment, Message, Notice, User
from app.store.unit_of_work import UnitOfWork

LONGEST = 4000  # characters of one comment or message
MENTION = re.compile(r"@([\w.-]*\w)")


@refusals_are_told
def comment(office: Office, actor: Actor, case_id: str, text: str, *, work_item_id: str | None = None) -> None:
    """Says something of a case to colleagues; whoever is named in it as `@login` is told."""
    text = _checked(text)
    with office.unit_of_work() as uow:
        case = _case(uow, actor, case_id)
        require(actor, Action.COMMENT, facts_of_case(case))
        item = uow.work.get(work_item_id) if work_item_id else None
        if work_item_id and (item is None or item.case_id != case.id):
            raise NotFound("There is no work item '%(id)s'.", id=work_item_id)
        mentioned = mentioned_in(text, uow.talk.colleagues())
        said = uow.talk.add_comment(
            Comment(
                case_id=case.id,
                work_item_id=work_item_id,
                author_id=actor.id,
                at=office.clock.now(),
                text=text,
                mentions=[user.id for user in mentioned],
            )
        )
        _tell_of_it(office, uow, case, actor, EventKind.COMMENT_WRITTEN, said)
        template = "%(name)s names you in a comment on case %(number)s."
        _notify(office, uow, case, [user.id for user in mentioned if user.id != actor.id], template, {"name": actor.name})
        uow.commit()


def mentioned_in(text: str, people: list[User]) -> list[User]:
    """Those of the people who are named in the text as `@login`."""
    logins = {found.lower() for found in MENTION.findall(text)}
    return [user for user in people if user.login.lower() in logins]


@refusals_are_told
def write(office: Office, actor: Actor, case_id: str, text: str) -> None:
    """Writes to the other side: staff to the applicant, the applicant to the office. Raises Declined once the case has ended."""
    text = _checked(text)
    with office.unit_of_work() as uow:
        case = _case(uow, actor, case_id)
        require(actor, Action.MESSAGE, facts_of_case(case))
        if case.status.is_final:
            raise Declined("This case has ended; messages are no longer taken.")
        by_applicant = speaks_for_the_applicant(actor, case)
        message = uow.talk.add_message(
            Message(case_id=case.id, author_id=actor.id, from_applicant=by_applicant, at=office.clock.now(), text=text)
        )
        _tell_of_it(office, uow, case, actor, EventKind.MESSAGE_WRITTEN, message)
        if by_applicant:
            template = "The applicant has written a message in case %(number)s."
            _notify(office, uow, case, _in_charge(office, uow, case), template)
        else:
            _notify(office, uow, case, [case.applicant_id], "You have a message in case %(number)s.")
        uow.commit()


def note_messages_read(office: Office, actor: Actor, case_id: str) -> None:
    """The messages of the other side, if there are any, are read now. For a page that has just shown them."""
    with office.unit_of_work() as uow:
        case = _case(uow, actor, case_id)
        if may(actor, Action.MESSAGE, facts_of_case(case)):
            uow.talk.read(case.id, from_applicant=not speaks_for_the_applicant(actor, case), at=office.clock.now())
            uow.commit()


def facts_of_case(case: Case) -> CaseFacts:
    return CaseFacts(case.applicant_iin, case.applicant_bin)


def speaks_for_the_applicant(actor: Actor, case: Case) -> bool:
    """Whether what this person writes comes from the applicant's side."""
    return not may(actor, Action.COMMENT, facts_of_case(case))


def _checked(text: str) -> str:
    text = text.strip().replace("\r\n", "\n")
    if not text:
        raise Invalid("Write something first.")
    if len(text) > LONGEST:
        raise Invalid("The text is too long: at most %(most)s characters, found %(found)s.", most=LONGEST, found=len(text))
    return text


def _case(uow: UnitOfWork, actor: Actor, case_id: str) -> Case:
    case = uow.cases.lock(case_id)
    if case is None:
        raise NotFound("There is no case '%(id)s'.", id=case_id)
    if not (may(actor, Action.MESSAGE, facts_of_case(case)) or actor.is_staff):
        raise Hidden("There is no case '%(id)s'.", id=case_id)
    return case


def _tell_of_it(office: Office, uow: UnitOfWork, case: Case, actor: Actor, kind: EventKind, said: Comment | Message) -> None:
    """That it was said, with a digest of the words: what people write may name people, and the history is never changed."""
    details = {"id": said.id, "sha256": sha256(f"{said.id}{said.text}".encode()).hexdigest()}
    role = Role.APPLICANT if speaks_for_the_applicant(actor, case) else actor.first_role
    record(uow, case, kind, at=office.clock.now(), actor=actor, role=role, details=details)


def _in_charge(office: Office, uow: UnitOfWork, case: Case) -> list[str]:
    """Who has the case in hand: owners of its open work, else its executor, else the heads."""
    owners = [item.owner_id for item in uow.work.open_of(case.id) if item.owner_id and item.role != Role.APPLICANT.value]
    if not owners and case.executor_id:
        owners = [case.executor_id]
    return owners or uow.people.acting_in(Role.HEAD, office.today())


def _notify(
    office: Office, uow: UnitOfWork, case: Case, told: list[str], template: str, values: dict[str, str] | None = None
) -> None:
    values = {"number": case.number or case.id[:8], **(values or {})}
    for user_id in dict.fromkeys(told):
        uow.notices.add(Notice(user_id=user_id, case_id=case.id, at=office.clock.now(), template=template, values=values))
