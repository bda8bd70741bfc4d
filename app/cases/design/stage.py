"""A rehearsal being played: the case as it goes through the scratch office, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.cases import drafting, duties, filing, paying, working
from app.cases.advancing import Running, running
from app.cases.completeness import lines_of
from app.cases.demonstration import move_clock, work_off
from app.cases.design.scratch import Scratch, applicant_id, holder_ids
from app.cases.letters import prefilled
from app.cases.reading import note_document
from app.cases.separating import facts_of
from app.domain.answers import application_names, documents_in, forms_for, holds
from app.domain.checklist import checklist_field
from app.domain.errors import Forbidden, Invalid
from app.domain.fees import ONLINE, PAYMENT, how_paid, is_due_before_filing
from app.domain.made_up import COPIES, filled, found_by
from app.domain.moves import Bundle
from app.domain.passport import SIGN, DocumentKind, FieldType, Form, Opener, PaymentTime
from app.domain.people import Actor, Role
from app.domain.permissions import Action, may
from app.domain.rehearsal import NEXT_DUE, Doing, Passing, Rehearsal, Step
from app.domain.terms import Term, Unit
from app.domain.views import DocumentToSign
from app.gateways.rehearsed import rehearsed_signature
from app.store.bundles import passport_of
from app.store.tables import Case, WorkItem
from app.store.unit_of_work import UnitOfWork

SUM = "10000"
"""What the applicant states where the act names no amount, in tenge."""


class Stage:
    """One case in its scratch office. Whatever is tried goes through the same use cases as every real case."""

    def __init__(self, scratch: Scratch, bundle: Bundle, rehearsal: Rehearsal, case_id: str = "") -> None:
        self.scratch, self.bundle, self.rehearsal, self.case_id = scratch, bundle, rehearsal, case_id
        self.office = scratch.office
        self.passport = passport_of(bundle)

    # The application

    def begin(self) -> None:
        """Files the application, or begins the provider's duty. Raises Invalid with every problem of it."""
        if self.passport.opened_by is Opener.STAFF:
            self._begin_duty()
        else:
            self._apply()
        work_off(self.office)

    def _begin_duty(self) -> None:
        actor = self.scratch.actor(holder_ids(Role.ANALYST)[0])
        form, variant = self.passport.application, self._variant()
        answers = filled(self.passport, form, variant=variant, known=self._known(actor), given=self.rehearsal.application)
        self.case_id = duties.open_duty(self.office, actor, self.bundle.service, variant, answers)

    def _variant(self) -> str:
        known = [each.id for each in self.passport.variants]
        if self.rehearsal.variant not in known:
            raise Invalid(
                "The passport has no variant '%(variant)s'; it has %(known)s.",
                variant=self.rehearsal.variant,
                known=", ".join(known),
            )
        return self.rehearsal.variant

    def _apply(self) -> None:
        office, passport, actor = self.office, self.passport, self._applicant()
        application = drafting.start_application(office, actor, self.bundle.service, self._variant(), self.rehearsal.channel)
        with office.reading() as uow:
            draft = uow.cases.application(application)
            assert draft is not None
            channel = draft.channel
        variant = passport.variant(self.rehearsal.variant)
        fee = variant.fee_by(channel)
        before_filing = is_due_before_filing(fee)
        answers = self._application_answers(actor, channel)
        drafting.save_application(office, actor, application, answers)
        if before_filing:
            paying.pay_for_application(office, actor, application, stated=SUM)
        paid = how_paid(fee, answers, by_gateway=before_filing)
        names = application_names(passport, answers, variant=variant.id, channel=channel, paid=paid)
        for rule in documents_in(variant, channel):
            if rule.kind is DocumentKind.FILE and holds(rule.required, names):
                name, content = COPIES[rule.media_types[0]]
                drafting.attach(office, actor, application, rule.id, name, rule.media_types[0], content)
        documents = filing.prepare_application(office, actor, application)
        signatures = [(d.id, self._sign(actor, d, iin=want.iin, bin=want.bin)) for d in documents for want in d.wanted]
        self.case_id = filing.file_application(office, actor, application, signatures)

    def _application_answers(self, actor: Actor, channel: str) -> dict[str, dict[str, Any]]:
        """The application and every other form that is due for it."""
        passport, known = self.passport, self._known(actor)
        variant = passport.variant(self.rehearsal.variant)

        def fill(form: Form) -> dict[str, Any]:
            return filled(passport, form, variant=variant.id, known=known, given=self.rehearsal.application)

        answers = {passport.application.id: fill(passport.application)}
        fee = variant.fee_by(channel)
        paid = how_paid(fee, {PAYMENT: {"by": ONLINE}}, by_gateway=is_due_before_filing(fee))
        names = application_names(passport, answers, variant=variant.id, channel=channel, paid=paid)
        due = [rule for rule in documents_in(variant, channel) if holds(rule.required, names)]
        for form in forms_for(passport, due):
            answers.setdefault(form.id, fill(form))
        return answers

    def _applicant(self) -> Actor:
        return self.scratch.actor(applicant_id(self.rehearsal.applicant))

    def _known(self, actor: Actor) -> dict[str, str]:
        return {
            "applicant.name": actor.name,
            "applicant.iin": actor.iin,
            "applicant.bin": actor.bin,
            "applicant.organisation": actor.organisation,
            "today": self.office.today().isoformat(),
        }

    # The steps

    def take(self, step: Step) -> None:
        """Raises Invalid, or whatever else the use case would raise, where the step cannot be taken."""
        if isinstance(step, Passing):
            self._pass(step)
        else:
            self._do(step)
            work_off(self.office)

    def _pass(self, step: Passing) -> None:
        if self.case().status.is_final:
            raise Invalid("The case has ended: no more time passes.")
        clock = self.scratch.clock
        if step.term == NEXT_DUE:
            with self.office.reading() as uow:
                moment = uow.timing.next_due()
            if moment is None:
                raise Invalid("Nothing falls due any more.")
        else:
            moment = self._later(Term.parse(step.term))
        move_clock(self.office, self.scratch.actor(holder_ids(Role.ADMINISTRATOR)[0]), max(moment, clock.now()))

    def _later(self, term: Term) -> Any:
        """The moment that much later. So many working days later it is the same time of the day: people come in the morning."""
        terms, now = self.office.terms(self.passport), self.scratch.clock.now()
        if term.unit is not Unit.WORKING_DAYS:
            return terms.deadline(str(term), now)
        day = terms.schedule.day_of(now)
        later = terms.schedule.calendar(terms.calendar).add_working_days(day, term.value)
        return terms.schedule.midnight(later) + (now - terms.schedule.midnight(day))

    def _do(self, step: Doing) -> None:
        with self.office.reading() as uow:
            this = self.running(uow)
            item = self._open(uow, this, step)
            actor = self._holder(uow, this, item)
            answers = self._answers(uow, this, item, step)
            element = this.process.elements[item.process, item.element]
        if item.role == Role.APPLICANT.value:
            self._pay_if_due(actor)
        signatures = []
        if step.outcome == SIGN and self.passport.result_signed_at(element.id):
            document = working.prepare_signing(self.office, actor, item.id)
            signatures = [(document.id, self._sign(actor, document, iin=actor.iin, bin=actor.bin))]
        with self.office.reading() as uow:
            now = uow.work.get(item.id)
            assert now is not None
            rev = now.rev
        working.complete(self.office, actor, item.id, rev=rev, outcome=step.outcome, answers=answers, signatures=signatures)

    def _open(self, uow: UnitOfWork, this: Running, step: Doing) -> WorkItem:
        """The open item the step is about. Raises Invalid saying what is open instead, and whose it is."""
        items = uow.work.open_of(self.case_id)
        here = [i for i in items if i.element == step.element and step.instance in (None, i.instance)]
        if not here:
            found = sorted({i.element for i in items})
            raise Invalid(
                "Expected the step '%(expected)s' to be open; found %(found)s.",
                expected=step.element,
                found=", ".join(found) or "—",
            )
        item = min(here, key=lambda each: each.instance or 0)
        if item.role != step.role:
            raise Invalid(
                "Expected the step '%(step)s' to be done by the role %(expected)s; found %(found)s.",
                step=step.element,
                expected=step.role,
                found=item.role,
            )
        return item

    def _holder(self, uow: UnitOfWork, this: Running, item: WorkItem) -> Actor:
        """Whoever may do it: its owner, or the first of the role's holders whom no other part in the decision keeps from it."""
        if item.role == Role.APPLICANT.value:
            return self.scratch.actor(this.case.applicant_id, uow)
        ids = [item.owner_id] if item.owner_id else holder_ids(Role(item.role))
        facts = facts_of(this.case, item)
        found = next((a for a in (self.scratch.actor(each, uow) for each in ids) if may(a, Action.WORK_ITEM, facts)), None)
        if found is None:
            raise Forbidden("Nobody is left who may do the step '%(step)s'.", step=item.element)
        return found

    def _answers(self, uow: UnitOfWork, this: Running, item: WorkItem, step: Doing) -> Mapping[str, Any]:
        element = this.process.elements[item.process, item.element]
        if element.form is None:
            return {}
        form, passport = self.passport.form(element.form), self.passport
        given: dict[str, Any] = {**prefilled(self.office, uow, this, item)}
        asked = checklist_field(form)
        if asked is not None:
            given[asked.id] = found_by(asked, lines_of(uow, this), step.outcome)
        person = next((f for f in form.fields if f.type is FieldType.PERSON and f.role), None)
        people = holder_ids(Role(person.role)) if person and person.role else ()
        return filled(
            passport,
            form,
            variant=this.case.variant,
            known=self._known(self.scratch.actor(this.case.applicant_id, uow)),
            given={**given, **step.answers},
            outcome=step.outcome,
            people=people,
        )

    def _pay_if_due(self, actor: Actor) -> None:
        """What the applicant is asked for while the case runs may be the fee."""
        case = self.case()
        fee = self.passport.variant(case.variant).fee_by(case.channel)
        with self.office.reading() as uow:
            paid = uow.cases.payment(case.application_id) is not None
        if not fee.is_free and fee.due is PaymentTime.IN_PROCESS and not paid:
            paying.pay_for_case(self.office, actor, case.id, stated=SUM)

    def _sign(self, actor: Actor, document: DocumentToSign, *, iin: str, bin: str) -> bytes:
        with self.office.reading() as uow:
            found = uow.documents.get(document.id)
            assert found is not None
            sha256 = found.sha256
        note_document(self.office, actor, document.id, sha256)
        return rehearsed_signature(name=actor.name, iin=iin, bin=bin)

    # What is there

    def case(self) -> Case:
        with self.office.reading() as uow:
            found = uow.cases.get(self.case_id)
            assert found is not None
            return found

    def running(self, uow: UnitOfWork) -> Running:
        found = uow.cases.get(self.case_id)
        assert found is not None
        return running(self.office, uow, found)
