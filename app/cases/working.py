"""Staff work their items: claim, see what is to be signed, complete."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from app.cases import service_term
from app.cases.advancing import Running, advance, locked
from app.cases.assigning import give
from app.cases.completeness import check_documents
from app.cases.consulting import take_reply
from app.cases.handler_context import run_on_completion
from app.cases.holders import out_of_date, who_has_it
from app.cases.letters import letter_values
from app.cases.office import Office
from app.cases.refusals import refusals_are_told
from app.cases.separating import exclusion_of, facts_as_nobodys, facts_of
from app.cases.signing import (
    Given,
    Judged,
    Letter,
    judge,
    keep_printed,
    own_signature,
    printed_today,
    take_signatures,
    to_sign,
)
from app.domain.answers import check_answers
from app.domain.appointing import resolutions_in
from app.domain.case import AssignedHow, WorkStatus
from app.domain.errors import Declined, Forbidden, Invalid, NotFound
from app.domain.events import EventKind
from app.domain.moves import Element, Outcome
from app.domain.passport import SIGN, FieldType, Form, Result
from app.domain.people import Actor, Role, Substitution
from app.domain.permissions import Action, may, require, stood_in_for
from app.domain.ports import SignatureBlock
from app.domain.text import Text
from app.domain.views import DocumentToSign
from app.history.recording import on_behalf_of, record
from app.store.tables import Case, Decision, Document, WorkItem
from app.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Held:
    """A work item under its case's lock, with what the diagram says of it."""

    item: WorkItem
    running: Running
    element: Element
    responsible_id: str | None  # whose work it is, whoever stands in for him

    @property
    def role(self) -> Role:
        return Role(self.item.role)

    @property
    def title(self) -> Text:
        return self.running.passport.role(self.item.role).title

    @property
    def form(self) -> Form | None:
        return self.running.passport.form(self.element.form) if self.element.form else None


def hold(office: Office, uow: UnitOfWork, actor: Actor, item_id: str) -> Held:
    """Does it exist, is it still open, may this person: in this order, under the case's lock."""
    found = uow.work.get(item_id)
    if found is None:
        raise NotFound("There is no work item '%(id)s'.", id=item_id)
    this = locked(office, uow, found.case_id)
    item = uow.work.get(item_id, lock=True)
    if item is None:
        raise NotFound("There is no work item '%(id)s'.", id=item_id)
    element = this.process.elements[item.process, item.element]
    _require_open(uow, item, element)
    excluded = exclusion_of(item, actor, element)
    if excluded is not None:
        raise Forbidden(excluded.template, **excluded.values)
    _require_reach(uow, actor, this.case, item)
    responsible = responsible_of(this.case, item) or stood_in_for(actor, facts_of(this.case, item))
    return Held(item, this, element, responsible)


def responsible_of(case: Case, item: WorkItem) -> str | None:
    """Whose work it is: the executor's whom the head appointed, else the absent person's in whose place it was taken, else of who
    has it."""
    return case.executor_id if item.role == Role.EXECUTOR.value else item.taken_for or item.owner_id


def _require_reach(uow: UnitOfWork, actor: Actor, case: Case, item: WorkItem) -> None:
    facts = facts_of(case, item)
    if may(actor, Action.WORK_ITEM, facts):
        return
    if item.owner_id not in (None, actor.id) and may(actor, Action.WORK_ITEM, facts_as_nobodys(uow, case, item)):
        raise who_has_it(uow, item)
    require(actor, Action.WORK_ITEM, facts)


def _require_open(uow: UnitOfWork, item: WorkItem, element: Element) -> None:
    if item.status is WorkStatus.COMPLETED:
        name = uow.people.names([item.completed_by or ""]).get(item.completed_by or "", "")
        raise Declined("“%(step)s” is done already: %(name)s, %(when)s.", step=element.label, name=name, when=item.completed_at)
    if item.status is WorkStatus.OBSOLETE:
        raise Declined("“%(step)s” is no longer needed: the case has moved on.", step=element.label)


@refusals_are_told
def claim(office: Office, actor: Actor, item_id: str) -> None:
    """Takes an item that is nobody's (or the absent person's). Claiming what is one's own changes nothing."""
    with office.unit_of_work() as uow:
        held = hold(office, uow, actor, item_id)
        if held.item.owner_id == actor.id:
            return
        _reserve(office, uow, held, actor)
        uow.commit()


def _reserve(office: Office, uow: UnitOfWork, held: Held, actor: Actor) -> None:
    behalf = _acting_for(held, actor)
    give(
        uow,
        held.running,
        held.item,
        actor.id,
        AssignedHow.CLAIMED,
        by=actor,
        at=office.clock.now(),
        taken_for=behalf.absent_id if behalf else None,
        responsible_id=held.responsible_id,
    )


@refusals_are_told
def release(office: Office, actor: Actor, item_id: str) -> None:
    """Gives a claimed item back to its role, or to the executor stood in for. The executor himself cannot give it back: the
    head appointed him."""
    with office.unit_of_work() as uow:
        held = hold(office, uow, actor, item_id)
        item = held.item
        if item.owner_id is None:
            return
        if held.role is Role.APPLICANT:
            raise Forbidden("This is asked of %(name)s alone.", name=actor.name)
        executor = held.running.case.executor_id if held.role is Role.EXECUTOR else None
        if item.owner_id == executor:
            raise Forbidden("%(name)s was appointed the executor of this case; only the head can change that.", name=actor.name)
        give(
            uow,
            held.running,
            item,
            executor,
            AssignedHow.RELEASED,
            by=actor,
            at=office.clock.now(),
            responsible_id=held.responsible_id,
        )
        uow.commit()


@refusals_are_told
def prepare_signing(office: Office, actor: Actor, item_id: str, *, plain: bool = False) -> DocumentToSign:
    """Prints the result with this signatory's name and position and a place for the signature, to be shown and signed.

    Whoever asks again is shown the same document, unless what it says has changed: the day, or the order by which the person
    stands in for another. `plain` is for a signing program whose CMS a PAdES document may not hold.
    """
    with office.unit_of_work() as uow:
        held = hold(office, uow, actor, item_id)
        wanted = own_signature(held.title, actor)
        letter = _letter(office, uow, held, actor)
        block = SignatureBlock(actor.name, actor.position, _acting_for(held, actor), office.today())
        before = _printed_for(uow, item_id, actor)
        at = before.added_at if before and printed_today(office, before) else office.clock.now()
        if held.item.owner_id != actor.id:
            _reserve(office, uow, held, actor)
        uow.commit()
    prepared = office.letters.with_place_for_signature(letter.printed(office), block, at=at, plain=plain)
    with office.unit_of_work() as uow:
        held = hold(office, uow, actor, item_id)
        case = held.running.case
        document = keep_printed(
            office,
            uow,
            letter,
            prepared.content,
            in_place_of=_printed_for(uow, item_id, actor),
            application_id=case.application_id,
            case_id=case.id,
            work_item_id=item_id,
            prepared_for=actor.id,
            hole=prepared.hole,
        )
        uow.commit()
        return to_sign(document, [wanted])


def _acting_for(held: Held, actor: Actor) -> Substitution | None:
    return actor.acting_for(held.role, held.responsible_id, service=held.running.case.service)


def _printed_for(uow: UnitOfWork, item_id: str, actor: Actor) -> Document | None:
    """The newest print for this very person at this very item."""
    return next(iter(uow.documents.of_work_item(item_id, actor.id)), None)


def _letter(office: Office, uow: UnitOfWork, held: Held, actor: Actor) -> Letter:
    """The letter signed at this step, as this person signs it."""
    this = held.running
    result = this.passport.result_signed_at(held.element.id)
    if result is None:
        raise Invalid("Nothing is signed at “%(step)s”.", step=held.element.label)
    version = uow.processes.get(this.case.version_id)
    if version is None:
        raise NotFound("The process version '%(id)s' is not stored.", id=this.case.version_id)
    template = uow.processes.bundle(version).files[result.letter]
    return Letter(result.id, result.title, template, letter_values(office, uow, this, result, actor, held.role))


@refusals_are_told
def complete(
    office: Office,
    actor: Actor,
    item_id: str,
    *,
    rev: int,
    outcome: str,
    answers: Mapping[str, Any],
    signatures: Given = (),
) -> None:
    """Finishes a work item with one of its outcomes; the case moves on in the same transaction.

    Raises Declined for a stale page or work already done, Invalid with the problems of the form, nothing being changed.
    """
    judged = judge(office, signatures)
    with office.unit_of_work() as uow:
        held = hold(office, uow, actor, item_id)
        item, element, this = held.item, held.element, held.running
        if item.rev != rev:
            raise out_of_date(uow, item, element)
        chosen = _outcome(element, outcome)
        clean = _check(office, uow, held, answers, chosen.id)
        now = office.clock.now()
        result = this.passport.result_signed_at(element.id)
        if result is not None and outcome == SIGN:
            _sign(office, uow, held, result, signatures, judged, actor)
        _take_effects(office, uow, held, clean, chosen, actor)
        item.status, item.answers, item.outcome = WorkStatus.COMPLETED, clean, chosen.id
        item.owner_id = item.owner_id or actor.id
        item.completed_by, item.completed_at = actor.id, now
        behalf = actor.acting_for(held.role, held.responsible_id, service=this.case.service)
        item.completed_for = behalf.absent_id if behalf else None
        item.on_behalf_of = on_behalf_of(actor, held.role, held.responsible_id, service=this.case.service)
        item.rev += 1
        uow.work.drop_draft(item.id, actor.id)
        in_time = item.due_at is None or now <= item.due_at
        _tell(
            office, uow, held, EventKind.WORK_COMPLETED, actor, outcome=chosen.id, in_time=in_time, answers=_digest(item, clean)
        )
        take_reply(uow, this, element, item, now)
        terms = office.terms(this.passport)
        service_term.resume(uow, this, element, item, terms, now)  # before a switch: the rest of the old term is told too
        service_term.switch(uow, this, element, item, terms, now)
        run_on_completion(office, uow, this, element, clean)
        advance(
            office,
            uow,
            this,
            lambda process, call: office.engine.complete(process, this.case.state, item.token, chosen.id, call_handler=call),
        )
        uow.commit()


def _digest(item: WorkItem, answers: Mapping[str, Any]) -> str:
    """What was answered, as a digest: the history proves it without holding it. The item's random id is the salt."""
    return _digest_of(item, json.dumps(answers, sort_keys=True))


def _digest_of(item: WorkItem, text: str) -> str:
    return sha256(item.id.encode() + text.encode()).hexdigest()


def _outcome(element: Element, outcome: str) -> Outcome:
    found = next((each for each in element.outcomes if each.id == outcome), None)
    if found is None:
        raise Invalid("“%(step)s” has no outcome '%(outcome)s'.", step=element.label, outcome=outcome)
    return found


def _check(office: Office, uow: UnitOfWork, held: Held, answers: Mapping[str, Any], outcome: str) -> dict[str, Any]:
    form = held.form
    if form is None:
        return {}
    passport = held.running.passport
    checked = check_answers(passport, form, answers, variant=held.running.case.variant, outcome=outcome)
    problems = (*checked.problems, *check_documents(uow, held.running, form, checked.values, outcome))
    if problems:
        raise Invalid("This step is not complete yet.", problems=problems)
    for field in form.fields:
        if field.type is FieldType.PERSON and field.id in checked.values:
            _require_holder(uow, checked.values[field.id], Role(field.role))
    return checked.values


def _require_holder(uow: UnitOfWork, user_id: str, role: Role) -> None:
    if user_id not in {user.id for user in uow.people.with_role(role)}:
        raise Invalid("The person '%(id)s' does not hold the role %(role)s.", id=user_id, role=role.value)


def _sign(
    office: Office,
    uow: UnitOfWork,
    held: Held,
    result: Result,
    signatures: Given,
    judged: Sequence[Judged],
    actor: Actor,
) -> None:
    """Takes the signature over the newest print prepared for this very person at this very item."""
    document = _printed_for(uow, held.item.id, actor)
    if document is None:
        raise Invalid("“%(document)s” was not shown for signing yet.", document=result.title)
    if not printed_today(office, document):
        raise Declined("The document was printed on another day. Print it anew, look at it and sign.")
    if any(document_id != document.id for document_id, _ in signatures):
        raise Declined("The document was printed anew after it was shown. Look at it again and sign.")
    opened_at = uow.history.documents_opened(actor.id, [document.id]).get((document.id, document.sha256))
    if opened_at is None:
        raise Invalid("“%(document)s” was not opened yet: open it, read it, then sign.", document=result.title)
    behalf = on_behalf_of(actor, held.role, held.responsible_id, service=held.running.case.service)
    taken = take_signatures(office, uow, document, [own_signature(held.title, actor)], judged, actor=actor, on_behalf_of=behalf)
    for signature in taken:
        _tell(
            office,
            uow,
            held,
            EventKind.DOCUMENT_SIGNED,
            actor,
            document=document.id,
            kind=document.kind,
            sha256=document.sha256,
            covered=_covered(document),
            opened_at=opened_at.isoformat(),
            serial=signature.serial,
            verdict=signature.verdict,
        )


def _covered(document: Document) -> str:
    """sha-256 of the bytes that were shown and signed."""
    return document.signature_place["sha256"] if document.signature_place else document.sha256


def _take_effects(
    office: Office, uow: UnitOfWork, held: Held, answers: Mapping[str, Any], outcome: Outcome, actor: Actor
) -> None:
    """What a form's answers mean beyond themselves: the executor appointed, the decision with its grounds."""
    form, case, item = held.form, held.running.case, held.item
    if form is None:
        return
    for field in form.fields:
        if field.id not in answers:
            continue
        if field.type is FieldType.PERSON and field.role == Role.EXECUTOR.value:
            case.executor_id = answers[field.id]
            written = {"resolution": _digest_of(item, "\n".join(texts))} if (texts := resolutions_in(form, answers)) else {}
            _tell(office, uow, held, EventKind.WORK_ASSIGNED, actor, executor=case.executor_id, **written)
        elif field.type is FieldType.GROUNDS:
            uow.cases.add_decision(
                Decision(
                    case_id=case.id,
                    outcome=outcome.id,
                    grounds=answers[field.id],
                    rationale=_rationale(form, answers),
                    decided_by=actor.id,
                    decided_at=office.clock.now(),
                )
            )


def _rationale(form: Form, answers: Mapping[str, Any]) -> str:
    texts: Sequence[str] = [
        answers[field.id] for field in form.fields if field.type is FieldType.MULTILINE and field.id in answers
    ]
    return "\n\n".join(texts)


def _tell(office: Office, uow: UnitOfWork, held: Held, event: EventKind, actor: Actor, **details: Any) -> None:
    record(
        uow,
        held.running.case,
        event,
        at=office.clock.now(),
        actor=actor,
        role=held.role,
        responsible_id=held.responsible_id,
        element=held.element,
        details={"item": held.item.id, **details},
    )
