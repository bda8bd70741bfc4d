"""One ended case walked through another diagram: the real engine and the real handlers over recorded facts.

Every step takes as much working time as it took; what is open at one time runs side by side. A step the case never met takes its
own limit, or what its role's steps usually take, and ends well. Nothing is written, and nothing leaves the machine.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from app.cases.consulting import bodies_counted_by, replies_summed_up
from app.cases.office import ProviderTerms
from app.domain.answers import application_names
from app.domain.deciding import bodies_at
from app.domain.errors import Invalid, NotFound
from app.domain.fees import how_paid
from app.domain.handling import CaseInHand, Handler
from app.domain.moves import LATER, Element, Flag, HandlerResult, Later, Move, Outcome, ServiceCall, Wait, WaitKind
from app.domain.passport import Consultation, Passport, Result, TermSwitch
from app.domain.replay import RecordedCase, RecordedStep, Usual, Walked, WalkedStep
from app.domain.stops import deadline_after
from app.domain.terms import Term
from app.engine import Engine, Process

MOST_MOVES = 300
SAME_MOMENT = timedelta(minutes=1)
"""A step that opens as it did ends as it did, after hours too; else it takes as much working time."""
POSITIVE = "positive"


@dataclass(frozen=True, slots=True)
class Course:
    """What is the same for all cases: the draft's diagram and passport, hours and calendar, handlers, and what is usual."""

    engine: Engine
    process: Process
    passport: Passport
    terms: ProviderTerms
    handlers: Mapping[str, Handler]
    usual: Usual

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        return self.terms.schedule.working_time_between(start, end, self.terms.calendar)

    def later(self, start: datetime, time: timedelta) -> datetime:
        return self.terms.schedule.add_working_time(start, max(time, timedelta()), self.terms.calendar)


def as_it_was(course: Course, case: RecordedCase) -> Walked:
    """The course the case really took, in the same measures."""
    steps = tuple(
        WalkedStep(
            step.element,
            step.role,
            course.working_time(step.opened_at, step.completed_at),
            step.due_at is not None and step.completed_at > step.due_at,
        )
        for step in case.steps
        if step.completed_at is not None
    )
    return Walked(steps, case.result_due is not None and case.ended_at > case.result_due)


def walk(course: Course, case: RecordedCase) -> Walked:
    """The course it would have taken. Raises Invalid, or whatever the engine or a handler raises, where it cannot be walked."""
    return _Walk(course, case).walked()


@dataclass
class _Due:
    """Something that waits: when it ends, and what is known of it."""

    wait: Wait
    element: Element
    opened: datetime
    ends: datetime | None  # None: by itself it never does
    outcome: str = ""
    due: datetime | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)


class _Walk:
    def __init__(self, course: Course, case: RecordedCase) -> None:
        self.course, self.case, self.passport, self.process = course, case, course.passport, course.process
        self.now = case.received_at
        self.waiting: dict[str, _Due] = {}
        self.done: list[_Due] = []
        self.completed: dict[str, datetime] = {}
        self.replies: dict[str, str] = {}
        self.stops: list[tuple[str, datetime, datetime | None]] = []  # token, stopped, run again
        self.steps: list[WalkedStep] = []
        self._recorded = _by_element(case.steps)
        fee = self.passport.variant(case.variant).fee_by(case.channel)
        self.names = application_names(
            self.passport,
            case.answers,
            variant=case.variant,
            channel=case.channel,
            paid=how_paid(fee, case.answers, by_gateway=case.paid and not fee.is_free),
        )
        term = self.passport.variant(case.variant).term.limit
        self.term, self.term_from = term, case.registered_at

    def walked(self) -> Walked:
        engine, flags = self.course.engine, {"case_id": self.case.id, "variant": self.case.variant}
        move = engine.start(self.process, flags, call_handler=self._call)
        self._follow(move)
        for _ in range(MOST_MOVES):
            if move.finished:
                return Walked(tuple(self.steps), self._is_late())
            move = self._next(move)
            self._follow(move)
        raise Invalid("The case goes round in the draft and does not end.")

    def _next(self, move: Move) -> Move:
        """Whatever ends first, ends."""
        timed = [each for each in self.waiting.values() if each.ends is not None]
        if not timed:
            timed = [self._by_what_is_usual(each) for each in self.waiting.values() if each.wait.kind is WaitKind.USER_TASK]
        if not timed:
            raise Invalid("The case comes to stand in the draft: nothing that waits would ever happen.")
        first = min(timed, key=lambda each: (each.ends or self.now, each.wait.kind is not WaitKind.TIMER))
        self.now = max(self.now, first.ends or self.now)
        engine, token = self.course.engine, first.wait.token
        if first.wait.kind is WaitKind.TIMER:
            return engine.fire(self.process, move.state, token, call_handler=self._call)
        self._finish(first)
        return engine.complete(self.process, move.state, token, first.outcome, call_handler=self._call)

    def _finish(self, step: _Due) -> None:
        element = step.element
        self.completed[element.id] = self.now
        self.done.append(step)
        time = self.course.working_time(step.opened, self.now)
        self.steps.append(WalkedStep(element.id, element.role or "", time, step.due is not None and self.now > step.due))
        bodies = bodies_at(self.passport, element.id, self.names)
        place = (step.wait.instance or 1) - 1
        if place < len(bodies):
            self.replies[bodies[place].id] = step.outcome
        self._switch(element, step.outcome)

    def _follow(self, move: Move) -> None:
        """What waits follows from the move; a term that stood still for a task runs again when the task is over."""
        open_now = {wait.token: wait for wait in move.waits}
        for token in [token for token in self.waiting if token not in open_now]:
            del self.waiting[token]
        self.stops = [(token, since, until or (None if token in open_now else self.now)) for token, since, until in self.stops]
        for token, wait in open_now.items():
            if token not in self.waiting:
                self.waiting[token] = self._opened(wait)

    # What opens

    def _opened(self, wait: Wait) -> _Due:
        element = self.process.elements[wait.process, wait.element]
        if wait.kind is WaitKind.TIMER:
            return _Due(wait, element, self.now, self._timer(wait))
        if wait.kind is not WaitKind.USER_TASK:
            raise Invalid("At “%(step)s” the draft waits for what no case has ever recorded.", step=element.label)
        if any(each.during == element.id for each in self.passport.suspensions):
            self.stops.append((wait.token, self.now, None))
        opened = _Due(wait, element, self.now, None, due=self._due(element))
        recorded = self._next_recorded(element.id, wait.instance)
        return self._by_what_is_usual(opened) if recorded is None else self._as_recorded(opened, recorded)

    def _next_recorded(self, element: str, instance: int | None) -> RecordedStep | None:
        rounds = self._recorded.get((element, instance)) or self._recorded.get((element, None))
        return rounds.popleft() if rounds else None

    def _as_recorded(self, opened: _Due, recorded: RecordedStep) -> _Due:
        """As long and with the same outcome as then; what the process took away then is not finished by itself."""
        if recorded.completed_at is None:
            return opened
        offered = {each.id for each in opened.element.outcomes}
        if recorded.outcome not in offered:
            raise Invalid(
                "“%(step)s” ended with '%(outcome)s', which the draft does not offer.",
                step=opened.element.label,
                outcome=recorded.outcome,
            )
        ends = recorded.completed_at
        if abs(opened.opened - recorded.opened_at) > SAME_MOMENT:
            ends = self.course.later(opened.opened, self.course.working_time(recorded.opened_at, recorded.completed_at))
        return replace(opened, ends=ends, outcome=recorded.outcome, answers=recorded.answers)

    def _by_what_is_usual(self, opened: _Due) -> _Due:
        element, usual = opened.element, self.course.usual
        if element.id in usual.by_element:
            ends = self.course.later(self.now, usual.by_element[element.id])
        else:
            ends = opened.due or self.course.later(self.now, usual.by_role.get(element.role or "", timedelta()))
        outcome = usual.outcomes.get(element.id, "")
        if outcome not in {each.id for each in element.outcomes}:
            outcome = _ends_well(element.outcomes)
        return replace(opened, ends=max(ends, self.now), outcome=outcome)

    # Terms

    def _due(self, element: Element) -> datetime | None:
        limit, origin = element.limit, element.counted_from or "opened"
        entry = self.passport.limit_at(element.id)
        if limit is None and entry is not None:
            limit, origin = entry.limit, entry.counted_from
        return self.course.terms.deadline(limit, self._counted_from(origin)) if limit else None

    def _counted_from(self, origin: str) -> datetime:
        registered = self.case.registered_at
        if origin == "registered":
            return registered
        if origin.startswith("completed:"):
            earlier = origin.removeprefix("completed:")
            if earlier not in self.completed:
                raise Invalid("A term is counted from the end of '%(step)s', which the case never came to.", step=earlier)
            return max(self.completed[earlier], registered)
        return max(self.now, registered)

    def _timer(self, wait: Wait) -> datetime:
        entry = self.passport.limit_at(wait.element)
        term, start = wait.term, self.now
        if entry is not None:
            term = entry.limit if wait.process != self.process.main else wait.term
            start = self._counted_from(entry.counted_from)
        if term is None:
            raise Invalid("The timer '%(element)s' says no term.", element=wait.element)
        return self.course.terms.deadline(term, start)

    def _switch(self, element: Element, outcome: str) -> None:
        found = next((each for each in self.passport.switches if self._is_switched(each, element, outcome)), None)
        if found is None:
            return
        if not found.extends:
            self.term = found.limit
            self.term_from = self.case.registered_at if found.from_registration else self.now
        elif self.term and found.limit:
            self.term = str(Term.parse(self.term) + Term.parse(found.limit))

    def _is_switched(self, switch: TermSwitch, element: Element, outcome: str) -> bool:
        in_this_variant = not switch.variants or self.case.variant in switch.variants
        return switch.at == element.id and switch.outcome in (None, outcome) and in_this_variant

    def _is_late(self) -> bool:
        if self.term is None:
            return False
        over = [(since, until or self.now) for _, since, until in self.stops]
        terms = self.course.terms
        return self.now > deadline_after(Term.parse(self.term), self.term_from, over, terms.schedule, terms.calendar)

    # Handlers

    def _call(self, call: ServiceCall) -> HandlerResult:
        handler = self.course.handlers.get(call.handler)
        if handler is None:
            raise NotFound(
                "The step '%(element)s' asks for the handler '%(handler)s', which is not registered.",
                element=call.element.id,
                handler=call.handler,
            )
        result = handler(_Context(self, call.element))
        return Flag("found" if self.case.registers_found else "not_found") if result is LATER else result


def _by_element(steps: Sequence[RecordedStep]) -> dict[tuple[str, int | None], deque[RecordedStep]]:
    found: dict[tuple[str, int | None], deque[RecordedStep]] = defaultdict(deque)
    for step in sorted(steps, key=lambda each: each.opened_at):
        found[step.element, step.instance].append(step)
    return found


def _ends_well(outcomes: Sequence[Outcome]) -> str:
    positive = next((each.id for each in outcomes if each.tone == POSITIVE), "")
    return positive or next((each.id for each in outcomes), "")


class _Context:
    """What a handler sees of a case that is only walked: recorded facts, and nobody to tell anything."""

    def __init__(self, walk: _Walk, element: Element) -> None:
        self._walk, self.element, self.passport = walk, element, walk.passport

    @property
    def case(self) -> CaseInHand:
        case, terms = self._walk.case, self._walk.course.terms
        return CaseInHand(
            id=case.id,
            number=case.number,
            service=self.passport.id,
            variant=case.variant,
            applicant_name=case.applicant_name,
            applicant_iin=case.applicant_iin,
            applicant_bin=case.applicant_bin,
            received_at=case.received_at,
            registered_on=terms.schedule.day_of(case.registered_at),
            result_due=case.result_due,
        )

    @property
    def answers(self) -> Mapping[str, Mapping[str, Any]]:
        return self._walk.case.answers

    @property
    def names(self) -> Mapping[str, Any]:
        return self._walk.names

    @property
    def step_answers(self) -> Mapping[str, Any]:
        return MappingProxyType({})

    def answered(self, form: str) -> Mapping[str, Any]:
        return next((each.answers for each in reversed(self._walk.done) if each.element.form == form), MappingProxyType({}))

    def last_day(self, term: str) -> date:
        terms = self._walk.course.terms
        return terms.schedule.day_of(terms.deadline(term, self.now()))

    def working_days_until(self, day: date) -> int:
        terms = self._walk.course.terms
        return terms.schedule.calendar(terms.calendar).working_days_between(terms.schedule.day_of(self.now()), day)

    def bodies_to_ask(self) -> tuple[Consultation, ...]:
        return bodies_counted_by(self._walk.process, self.passport, self.element, self.names)

    def replies(self) -> tuple[str, ...]:
        return replies_summed_up(self._walk.process, self.passport, self.element, self.names, self._walk.replies)

    def is_signed_validly(self) -> bool:
        return True  # it was filed

    def last_hand_holds_role(self) -> bool:
        return True  # it was done

    def registers_know_applicant(self) -> bool:
        return self._walk.case.registers_found

    def now(self) -> datetime:
        return self._walk.now

    def number_case(self) -> str:
        return self._walk.case.number

    def signed_result(self) -> Result:
        signed = (self.passport.result_signed_at(each.element.id) for each in reversed(self._walk.done))
        found = next((each for each in signed if each is not None), None)
        if found is None:
            raise Invalid("Case '%(case)s' has no signed result to deliver.", case=self._walk.case.id)
        return found

    def tell_applicant(self, template: str, values: Mapping[str, Any], *, letter: str | None = None) -> None:
        return

    def request(self, job: str, payload: Mapping[str, Any]) -> Later:
        return LATER
