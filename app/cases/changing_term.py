"""The service's term is stopped, run on or made longer by a decision: on a ground the service lists, by a role the ground names,
with a reason the applicant is told.

With the service's term, what is open at the provider stands still or gets longer too: the limits of its steps are parts of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from app.cases.advancing import Running, locked
from app.cases.office import Office, ProviderTerms
from app.cases.service_term import cancel_timers, follow, said
from app.cases.step_limits import lengthen, stand_still, step_on
from app.domain.errors import Declined, Forbidden, Invalid
from app.domain.events import EventKind
from app.domain.passport import ExtensionGround, StopGround
from app.domain.people import Actor, Role
from app.domain.permissions import Action, require
from app.domain.terms import Term
from app.history.recording import record
from app.store.tables import Case, Extension, Notice, SuspensionRow
from app.store.unit_of_work import UnitOfWork

Ground = TypeVar("Ground", StopGround, ExtensionGround)


@dataclass(frozen=True, slots=True)
class _Deciding:
    """A case at hand, and in which role a person decides on its term."""

    office: Office
    uow: UnitOfWork
    this: Running
    actor: Actor
    role: Role
    now: datetime
    terms: ProviderTerms

    def tell(self, kind: EventKind, paragraph: str, details: dict[str, Any]) -> None:
        record(
            self.uow,
            self.this.case,
            kind,
            at=self.now,
            actor=self.actor,
            role=self.role,
            paragraph=paragraph,
            details={**details, "calendar": self.terms.calendar.edition},
        )

    def tell_applicant(self, template: str, **values: object) -> None:
        case = self.this.case
        values = {"number": case.number or case.id[:8], **values}
        self.uow.notices.add(Notice(user_id=case.applicant_id, case_id=case.id, at=self.now, template=template, values=values))


def stop_term(office: Office, actor: Actor, case_id: str, *, ground: str, reason: str) -> None:
    """The term stands still from now on. Raises Invalid where the service lists no such ground, Declined where no term runs."""
    with office.unit_of_work() as uow:
        this = _open_case(office, uow, actor, case_id)
        listed = this.passport.stops_for(this.case.variant)
        if not listed:
            raise Invalid(
                "“%(service)s” lists no ground on which its term may be stopped by decision.", service=this.passport.title
            )
        chosen = _chosen(listed, ground)
        deciding = _deciding(office, uow, this, actor, chosen.by)
        why = _reason(reason)
        due = _running_until(deciding)
        case, now = this.case, deciding.now
        uow.work.suspend(
            SuspensionRow(
                case_id=case.id,
                suspension=chosen.id,
                work_item_id=None,
                stopped_at=now,
                due_before=due,
                by_id=actor.id,
                reason=why,
            )
        )
        case.result_due = None
        cancel_timers(uow, case)
        items = stand_still(uow, case, now)
        deciding.tell(EventKind.TERM_STOPPED, chosen.paragraph, {"stop": chosen.id, "due_before": said(due), "items": items})
        deciding.tell_applicant(
            "The term of case %(number)s stands still from now on. Ground: %(ground)s. Reason: %(reason)s",
            ground=_text(chosen),
            reason=why,
        )
        uow.commit()


def run_term_on(office: Office, actor: Actor, case_id: str, *, reason: str) -> None:
    """What was left of a term stopped by decision runs on. Raises Declined when it does not stand still by decision."""
    with office.unit_of_work() as uow:
        this = _open_case(office, uow, actor, case_id)
        row = uow.work.stopped_by_decision(case_id)
        if row is None:
            raise Declined("The term of this case does not stand still by a decision.")
        chosen = _chosen(this.passport.stops, row.suspension)
        deciding = _deciding(office, uow, this, actor, chosen.by)
        _reason(reason)
        case, now, terms = this.case, deciding.now, deciding.terms
        row.resumed_at = now
        follow(uow, case, terms, now)
        row.due_after = case.result_due
        items = step_on(uow, case, terms, now)
        details = {"stop": chosen.id, "stopped_at": said(row.stopped_at), "reason": reason.strip(), "items": items}
        deciding.tell(EventKind.TERM_RESUMED, chosen.paragraph, details | {"due": said(case.result_due)})
        if case.result_due is not None:
            deciding.tell_applicant("The term of case %(number)s runs on and ends %(due)s.", due=said(case.result_due))
        uow.commit()


def extend_term(office: Office, actor: Actor, case_id: str, *, ground: str, by: str, reason: str) -> None:
    """Makes the running term longer by so much (`by` in the words of the law, "5 working-days", in the unit of the term).

    Raises Invalid where the service lists no such ground or it would be more than the ground allows, Declined where no term runs.
    """
    with office.unit_of_work() as uow:
        this = _open_case(office, uow, actor, case_id)
        listed = this.passport.extensions_for(this.case.variant)
        if not listed:
            raise Invalid("“%(service)s” lists no ground on which its term may be made longer.", service=this.passport.title)
        chosen = _chosen(listed, ground)
        deciding = _deciding(office, uow, this, actor, chosen.by)
        why = _reason(reason)
        before = _running_until(deciding)
        case, terms, now = this.case, deciding.terms, deciding.now
        more = _more(by, case.term or "")
        earlier = [row for row in uow.work.extensions(case_id) if row.ground == chosen.id]
        old = case.term
        case.term = str(Term.parse(case.term or "") + more)
        follow(uow, case, terms, now)
        _require_within(chosen, more, earlier, before, case.result_due, terms)
        items = lengthen(uow, case, more, terms, now)
        uow.work.extend(
            Extension(
                case_id=case_id,
                ground=chosen.id,
                term=str(more),
                by_id=actor.id,
                at=now,
                reason=why,
                due_before=before,
                due_after=case.result_due,
            )
        )
        details = {"extension": chosen.id, "by": str(more), "before": {"term": old, "due": said(before)}, "items": items}
        deciding.tell(EventKind.TERM_EXTENDED, chosen.paragraph, details | {"term": case.term, "due": said(case.result_due)})
        deciding.tell_applicant(
            "The term of case %(number)s is made longer and ends %(due)s. Ground: %(ground)s. Reason: %(reason)s",
            due=said(case.result_due),
            ground=_text(chosen),
            reason=why,
        )
        uow.commit()


def may_decide(actor: Actor, by: Iterable[str], case: Case) -> Role | None:
    """In which of these roles the person decides in this case, held or by an order that covers its service; None: in none, and
    of his own application in none at all."""
    if is_his_own(actor, case):
        return None
    service = case.service
    own = {role.value for role in actor.own_roles}
    held = (each for each in by if each in own or any(s.covers(each, service) for s in actor.substitutions))
    return next((Role(each) for each in held), None)


def is_his_own(actor: Actor, case: Case) -> bool:
    """Whether the person's number stands on the application: then he decides nothing on its term."""
    return bool(actor.iin) and actor.iin == case.applicant_iin


def _open_case(office: Office, uow: UnitOfWork, actor: Actor, case_id: str) -> Running:
    require(actor, Action.CHANGE_TERM)
    this = locked(office, uow, case_id)
    if this.case.status.is_final:
        raise Declined("This case has ended; its term is over.")
    return this


def _chosen(grounds: Iterable[Ground], wanted: str) -> Ground:
    found = next((each for each in grounds if each.id == wanted), None)
    if found is None:
        raise Invalid("Choose one of the grounds the service lists.")
    return found


def _deciding(office: Office, uow: UnitOfWork, this: Running, actor: Actor, by: Iterable[str]) -> _Deciding:
    role = may_decide(actor, by, this.case)
    if role is None and is_his_own(actor, this.case):
        raise Forbidden("%(name)s may not decide on his own application.", name=actor.name)
    if role is None:
        raise Forbidden("%(name)s may not decide this: it is for another role.", name=actor.name)
    return _Deciding(office, uow, this, actor, role, office.clock.now(), office.terms(this.passport))


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Invalid("Say the reason: the applicant is told it, and it stands in the ledger.")
    return reason.strip()


def _running_until(deciding: _Deciding) -> datetime:
    """When the term that runs now ends. Raises Declined where none runs."""
    due, case = deciding.this.case.result_due, deciding.this.case
    if case.term is None:
        raise Declined("No term runs in this case.")
    if due is None:
        raise Declined("The term of this case stands still already.")
    if due <= deciding.now:
        raise Declined("The term ended %(due)s; what is over can be neither stopped nor made longer.", due=due)
    return due


def _more(by: str, term: str) -> Term:
    more, running = Term.parse(by), Term.parse(term)
    if more.value < 1:
        raise Invalid("A term is made longer by at least one day.")
    if more.unit is not running.unit:
        raise Invalid("The term runs in other units than these: %(term)s. Units are not converted.", term=running)
    return more


def _require_within(
    ground: ExtensionGround,
    more: Term,
    earlier: list[Extension],
    before: datetime,
    due: datetime | None,
    terms: ProviderTerms,
) -> None:
    """All extensions on one ground together: in the ground's own unit by their sum, in another by the last day it allows."""
    most = Term.parse(ground.limit)
    if most.unit is more.unit:
        total = sum((Term.parse(row.term).value for row in earlier), more.value)
        if total > most.value:
            raise Invalid(
                "On this ground the term is made longer by %(most)s at most, all decisions together; this would be %(found)s.",
                most=most,
                found=Term(total, most.unit),
            )
        return
    first = earlier[0].due_before if earlier else None
    latest = terms.deadline(ground.limit, first or before)
    if due is not None and due > latest:
        raise Invalid(
            "On this ground the term is made longer by %(most)s at most, which is until %(latest)s; this would be until %(due)s.",
            most=most,
            latest=latest,
            due=due,
        )


def _text(ground: StopGround | ExtensionGround) -> dict[str, str]:
    return {"kk": ground.title.kk, "ru": ground.title.ru, "en": ground.title.en}
