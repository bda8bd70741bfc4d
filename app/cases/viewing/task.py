"""The parts of the task page beside the form: rule, drafts, what follows each outcome, what was said, the applicant's past."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.cases.advancing import Running
from app.cases.office import Office
from app.cases.opening import prescribed
from app.cases.talking import facts_of_case, mentioned_in, speaks_for_the_applicant
from app.cases.viewing.cases import sighted_case
from app.domain.case import AssignedHow
from app.domain.moves import Ahead, Element, ElementKind
from app.domain.people import Actor
from app.domain.permissions import Action, may, require
from app.domain.task_views import (
    Colleague,
    CommentView,
    Conversation,
    DraftView,
    HeldSince,
    MessageView,
    NextStep,
    StepRule,
)
from app.domain.text import Text
from app.domain.views import CaseRow, Page
from app.store.bundles import passport_of
from app.store.tables import Case, WorkDraft, WorkItem
from app.store.unit_of_work import UnitOfWork

EARLIER_CASES = 5  # of the applicant, on one page
COLLEAGUES = 8  # offered while a name is being typed


def drafts_of(uow: UnitOfWork, item: WorkItem, actor: Actor) -> tuple[DraftView | None, tuple[DraftView, ...]]:
    """The person's own draft, and those of others in which something stands."""
    rows = uow.work.drafts(item.id)
    own = next((_draft(row, name) for row, name in rows if row.user_id == actor.id), None)
    return own, tuple(_draft(row, name) for row, name in rows if row.user_id != actor.id and row.answers)


def _draft(row: WorkDraft, name: str) -> DraftView:
    return DraftView(row.user_id, name, row.rev, row.at, row.answers, row.outcome, row.before is not None)


def rule_of(uow: UnitOfWork, this: Running, item: WorkItem, element: Element) -> StepRule:
    limit, origin = prescribed(this, element)
    said = this.passport.limit_at(element.id)
    timer = uow.timing.deadline_of(item.token) if limit else None
    kind, _, earlier = origin.partition(":")
    after = this.process.elements.get((item.process, earlier))
    return StepRule(
        paragraph=(said.paragraph if said else element.paragraph) or "",
        says=said.says if said else None,
        limit=limit,
        counted_from=kind,
        after=after.label if after else Text(earlier),
        counted_at=timer.counted_from if timer else None,
    )


def ahead_of(this: Running, item: WorkItem, element: Element) -> Mapping[str, tuple[NextStep, ...]]:
    """What the case comes to by each outcome, as the diagram says."""
    where = (item.process, element.id)
    return {
        outcome.id: tuple(_next(this, each) for each in this.process.ahead(where, outcome.id, this.case.variant))
        for outcome in element.outcomes
    }


def _next(this: Running, ahead: Ahead) -> NextStep:
    element = ahead.element
    ends = element.kind is ElementKind.END_EVENT
    result = this.passport.result_ending_at(element.id) if ends else None
    limit, _ = prescribed(this, element) if element.kind is ElementKind.USER_TASK else (None, "")
    return NextStep(
        label=result.title if result else element.label,
        role=element.role or "",
        limit=limit,
        ends=ends,
        certain=ahead.certain,
        after_others=ahead.after_others,
    )


def held_since(uow: UnitOfWork, item: WorkItem) -> HeldSince | None:
    last = uow.work.last_assignment(item.id) if item.owner_id else None
    if last is None or last.to_id != item.owner_id:
        return None
    by = last.by_id if last.how is AssignedHow.ASSIGNED and last.by_id else ""
    return HeldSince(last.at, uow.people.names([by]).get(by, "") if by else "", last.reason)


def conversation_of(uow: UnitOfWork, actor: Actor, case: Case, item_id: str | None = None) -> Conversation:
    facts = facts_of_case(case)
    may_comment, may_read = may(actor, Action.COMMENT, facts), may(actor, Action.MESSAGE, facts)
    return Conversation(
        comments=tuple(_comments(uow, case, item_id)) if may_comment else (),
        messages=tuple(_messages(uow, actor, case)) if may_read else (),
        may_comment=may_comment,
        may_write=may_read and not case.status.is_final,
    )


def _comments(uow: UnitOfWork, case: Case, item_id: str | None) -> Iterator[CommentView]:
    rows = uow.talk.comments(case.id)
    people = uow.talk.people({each for row in rows for each in (row.author_id, *row.mentions)})
    for row in rows:
        mentioned = mentioned_in(row.text, [people[each] for each in row.mentions if each in people])
        names = {user.login: user.name for user in mentioned}
        author = people[row.author_id].name if row.author_id in people else ""
        yield CommentView(author, row.at, row.text, names, row.work_item_id == item_id)


def _messages(uow: UnitOfWork, actor: Actor, case: Case) -> Iterator[MessageView]:
    """The applicant is not told who in the office writes, as everywhere in a case."""
    applicants_side = speaks_for_the_applicant(actor, case)
    for row, author in uow.talk.messages(case.id):
        new = row.read_at is None and row.from_applicant != applicants_side
        named = row.from_applicant or not applicants_side
        yield MessageView(author.name if named else "", row.from_applicant, row.at, row.text, new)


def earlier_of(office: Office, uow: UnitOfWork, actor: Actor, case: Case, page: int) -> Page[CaseRow] | None:
    """The applicant's other cases that this member of staff may see; nothing for the applicant himself."""
    if speaks_for_the_applicant(actor, case):
        return None
    found, total = uow.cases.earlier_of(case, actor, offset=(page - 1) * EARLIER_CASES, limit=EARLIER_CASES)
    now = office.clock.now()
    rows = tuple(
        CaseRow(
            id=each.id,
            number=each.number,
            title=passport_of(uow.processes.bundle(version)).title,
            applicant=each.applicant_name,
            status=each.status,
            received_at=each.received_at,
            result_due=each.result_due,
            overdue=each.result_due is not None and (each.ended_at or now) > each.result_due,
        )
        for each, version in found
    )
    return Page(rows, page, EARLIER_CASES, total)


def conversation(office: Office, actor: Actor, case_id: str) -> Conversation:
    """What was said of a case. For whoever may see the case; the parts he may not know of are left out."""
    with office.reading() as uow:
        return conversation_of(uow, actor, sighted_case(uow, actor, case_id)[0])


def colleagues(office: Office, actor: Actor, words: str) -> tuple[Colleague, ...]:
    """Whom a comment can name: a few of the provider's people whose login, or a word of whose name, begins so."""
    require(actor, Action.COMMENT)
    wanted = words.strip().lower()
    with office.reading() as uow:
        found = [
            user
            for user in uow.talk.colleagues()
            if user.id != actor.id and any(each.startswith(wanted) for each in (user.login, *user.name.lower().split()))
        ]
    return tuple(
        Colleague(user.login, user.name, Text(**user.position) if user.position else Text("")) for user in found[:COLLEAGUES]
    )
