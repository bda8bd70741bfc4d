"""Words of the staff's pages: events, roles, terms and places of the acts, in the page's language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any

from flask import Blueprint
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.domain.case import DeclineReason, TimerKind
from app.domain.citations import cite
from app.domain.errors import Invalid, Sentence
from app.domain.events import EventKind
from app.domain.passport import DocumentRule, Passport
from app.domain.people import Role
from app.domain.ports import Register
from app.domain.schedule import Arrival
from app.domain.views import TimelineEntry
from app.web.language import say, say_day, say_moment, say_sentence, say_text

pages = Blueprint("staff_words", __name__)

EVENTS = {
    EventKind.APPLICATION_FILED: _l("The application was filed"),
    EventKind.FEE_PAID: _l("The fee was paid"),
    EventKind.CASE_REGISTERED: _l("The application was registered"),
    EventKind.WORK_OPENED: _l("A step began"),
    EventKind.WORK_CLAIMED: _l("The step was taken"),
    EventKind.WORK_RELEASED: _l("The step was given back"),
    EventKind.WORK_ASSIGNED: _l("The executor was appointed"),
    EventKind.WORK_DECLINED: _l("The task was declined by its holder"),
    EventKind.ACTION_REFUSED: _l("Somebody tried what he may not do"),
    EventKind.EXECUTOR_CHANGED: _l("Another executor was appointed"),
    EventKind.PRIORITY_SET: _l("The step’s priority was changed"),
    EventKind.WORK_COMPLETED: _l("The step was completed"),
    EventKind.WORK_OBSOLETED: _l("The step fell away"),
    EventKind.STEP_PASSED: _l("The system did a step"),
    EventKind.DOCUMENT_DISCLOSED: _l("A document may be seen by another body"),
    EventKind.DISCLOSURE_WITHDRAWN: _l("A document is kept from another body"),
    EventKind.BODY_ASKED_AGAIN: _l("A body was asked again"),
    EventKind.CONSULTATION_SILENT: _l("A body did not reply"),
    EventKind.TERM_CHANGED: _l("Another term runs from here"),
    EventKind.TERM_STOPPED: _l("The term stands still"),
    EventKind.TERM_RESUMED: _l("The term runs on"),
    EventKind.TERM_EXTENDED: _l("The term was made longer"),
    EventKind.JOB_REQUESTED: _l("An outside system was asked"),
    EventKind.JOB_ANSWERED: _l("The outside system answered"),
    EventKind.JOB_FAILED: _l("The outside system did not answer"),
    EventKind.REMINDED: _l("A reminder was sent"),
    EventKind.DEADLINE_PASSED: _l("A deadline passed"),
    EventKind.ESCALATED: _l("The superior was told of the delay"),
    EventKind.TIMER_FIRED: _l("A term ran out"),
    EventKind.DOCUMENT_SIGNED: _l("A document was signed"),
    EventKind.LETTER_DELIVERED: _l("The result was delivered to the cabinet"),
    EventKind.INCIDENT_OPENED: _l("A step failed"),
    EventKind.INCIDENT_RESOLVED: _l("The failed step is tried again"),
    EventKind.COMMENT_WRITTEN: _l("A comment was written"),
    EventKind.MESSAGE_WRITTEN: _l("A message was written"),
    EventKind.CASE_WITHDRAWN: _l("The applicant withdrew the application"),
    EventKind.CASE_MIGRATED: _l("The case was moved to another version of the service"),
    EventKind.MIGRATION_REVERTED: _l("The case was moved back to the version before"),
    EventKind.CASE_ENDED: _l("The case ended"),
}

ROLES = {
    Role.APPLICANT.value: _l("Applicant"),
    Role.CHANCELLERY.value: _l("Chancellery clerk"),
    Role.HEAD.value: _l("Head of the provider"),
    Role.DEPARTMENT_HEAD.value: _l("Head of department"),
    Role.EXECUTOR.value: _l("Executor"),
    Role.EXPERT.value: _l("Expert"),
    Role.AGREEING_BODY.value: _l("Agreeing body"),
    Role.INTERIOR_DEPARTMENT.value: _l("Interior department"),
    Role.SECURITY_DEPARTMENT.value: _l("Security department"),
    Role.SUPERVISOR.value: _l("Supervisor"),
    Role.COMPLIANCE.value: _l("Compliance officer"),
    Role.ANALYST.value: _l("Analyst"),
    Role.ADMINISTRATOR.value: _l("Administrator"),
}

TIMERS = {
    TimerKind.PROCESS: _l("Term of the process"),
    TimerKind.STEP_REMINDER: _l("Reminder of a step"),
    TimerKind.STEP_DEADLINE: _l("Deadline of a step"),
    TimerKind.SERVICE_REMINDER: _l("Reminder of the service"),
    TimerKind.SERVICE_DEADLINE: _l("Deadline of the service"),
}

REGISTERS = {
    Register.IDENTITY_DOCUMENT.value: _l("Identity documents"),
    Register.LEGAL_ENTITY.value: _l("Legal entities"),
    Register.INDIVIDUAL_ENTREPRENEUR.value: _l("Individual entrepreneurs"),
    Register.TAX_REGISTRATION.value: _l("Tax registration"),
    Register.CHARTER.value: _l("Charters"),
    Register.LICENCE.value: _l("Licences"),
    Register.PAYMENT.value: _l("Payments to the budget"),
}

PLACES = {
    ("Rules", "para"): _l("Rules, para %(number)s"),
    ("Rules", "paras"): _l("Rules, paras %(number)s"),
    ("Rules", "annex"): _l("Rules, annex %(number)s"),
    ("Standard", "row"): _l("Standard, row %(number)s"),
    ("Standard", "rows"): _l("Standard, rows %(number)s"),
    ("Standard", "annex"): _l("Standard, annex %(number)s"),
}
PARTS = {
    "part": _l("part %(number)s"),
    "parts": _l("parts %(number)s"),
    "item": _l("item %(number)s"),
    "items": _l("items %(number)s"),
}
_NUMBERS = r"(\d+(?: and \d+|-\d+)?)"
_PLACE = re.compile(rf"(Rules|Standard) (paras?|annex|rows?) {_NUMBERS}(?: (parts?|items?) {_NUMBERS})?(?: \((\d+)\))?")


def say_place(paragraph: str | None) -> str:
    """A place in the act ("Rules para 9 part 1; Standard row 9 (2)") in words; whatever else stands there as it is."""
    return "; ".join(_one_place(place) for place in (paragraph or "").split("; "))


def _one_place(place: str) -> str:
    found = _PLACE.fullmatch(place)
    if found is None or (found[1], found[2]) not in PLACES:
        return _cited(place)
    act, kind, numbers, part, part_numbers, point = found.groups()
    words = [str(PLACES[act, kind]) % {"number": _numbers(numbers)}]
    if part:
        words.append(str(PARTS[part]) % {"number": _numbers(part_numbers)})
    if point:
        words.append(f"{point})")
    return ", ".join(words)


def _cited(place: str) -> str:
    try:
        return say_text(cite(place))
    except Invalid:
        return place


def _numbers(numbers: str) -> str:
    first, _, second = numbers.partition(" and ")
    return gettext("%(first)s and %(second)s", first=first, second=second) if second else first


def say_role(role: str) -> str:
    return str(ROLES.get(role, role))


def say_register(register: str) -> str:
    return str(REGISTERS.get(register, register))


REGISTER_FACTS = {
    "document": _l("Document"),
    "number": _l("Number"),
    "status": _l("Status"),
    "registered_on": _l("Registered on"),
    "adopted_on": _l("Adopted on"),
    "valid_until": _l("Valid until"),
}


REGISTER_ANSWERS = {
    "registered": _l("entered in the register"),
    "identity card": _l("identity card"),
    "valid": _l("valid"),
    "in force": _l("in force"),
    "paid": _l("paid"),
}
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def say_register_answer(said: object) -> object:
    """A register's word of its own, and a day, as the reader says them; numbers as they came."""
    if not isinstance(said, str):
        return said
    if said in REGISTER_ANSWERS:
        return str(REGISTER_ANSWERS[said])
    return say_iso_day(said) if _ISO_DAY.fullmatch(said) else said  # a number of eight digits is no day


def say_register_fact(name: str) -> str:
    return str(REGISTER_FACTS.get(name, name))


ARRIVALS = {
    Arrival.IN_HOURS: _l("It came within working hours and is registered at that moment."),
    Arrival.BEFORE_OPENING: _l("It came before opening and is registered as the working day begins."),
    Arrival.AFTER_CUTOFF: _l("It came after the hour up to which applications are registered: the next working day."),
    Arrival.AFTER_HOURS: _l("It came after working hours: the next working day."),
    Arrival.DAY_OFF: _l("It came on a day off: the next working day."),
}


def document_rule(passport: Passport, document: str) -> Iterator[DocumentRule]:
    """The rule of this id, from whichever variant has it first; nothing where none has."""
    rules = (rule for variant in passport.variants for rule in variant.documents if rule.id == document)
    yield from islice(rules, 1)


def say_iso_day(text: str) -> str:
    """A date as forms keep it; what is no date stands as it was typed."""
    try:
        return say_day(date.fromisoformat(text))
    except ValueError:
        return text


WHY_DECLINED: dict[str, Any] = {
    DeclineReason.CONFLICT_OF_INTEREST.value: _l("conflict of interest"),
    DeclineReason.ABSENCE.value: _l("absence"),
    DeclineReason.NOT_MY_JURISDICTION.value: _l("not my jurisdiction"),
    DeclineReason.OTHER.value: _l("another reason"),
}

# Names of the use cases about a task or a case, as an attempt at them stands in the history.
ATTEMPTS: dict[str, Any] = {
    "claim": _l("take the task"),
    "release": _l("give the task back"),
    "decline": _l("refuse to act"),
    "keep_draft": _l("write a draft"),
    "prepare_signing": _l("print the document to sign"),
    "complete": _l("finish the step"),
    "comment": _l("write a comment"),
    "write": _l("write a message"),
    "case": _l("open the case"),
    "work_item": _l("open the task"),
    "document": _l("open a document"),
    "ask_again": _l("ask a body again"),
}

# What of an event's details people are told, in this order; the rest is evidence for the history's own tools.
FACTS: dict[str, Callable[[Any], str]] = {
    "outcome": lambda outcome: gettext("outcome: %(outcome)s", outcome=say_text(outcome)),
    "consultation": say_text,
    "shown": say_text,
    "executor": str,
    "number": lambda number: gettext("No. %(number)s", number=number),
    "to": say_role,
    "due": lambda due: gettext("due %(moment)s", moment=say_moment(due)),
    "in_time": lambda in_time: gettext("in time") if in_time else gettext("late"),
    "sentence": lambda sentence: say_sentence(sentence) if isinstance(sentence, Sentence) else say(sentence, {}),
    "error": str,
    "reason": str,
    "why": lambda why: str(WHY_DECLINED.get(why, why)),
    "action": lambda action: gettext("tried: %(action)s", action=ATTEMPTS.get(action, action)),
    "version_before": lambda number: gettext("from version %(number)d", number=number),
    "version_after": lambda number: gettext("to version %(number)d", number=number),
    "ground": lambda ground: gettext("legal ground: %(ground)s", ground=ground),
    "stood_before": lambda steps: gettext("open before: %(steps)s", steps=_steps(steps)),
    "stood_after": lambda steps: gettext("open after: %(steps)s", steps=_steps(steps)),
}


def _steps(steps: list[dict[str, Any]]) -> str:
    """Open steps with their limits."""
    return ", ".join(f"{say_text(each['step'])} ({_limit(each['due'])})" for each in steps) or "—"


def _limit(due: str | None) -> str:
    return gettext("due %(moment)s", moment=say_moment(due)) if due else gettext("no limit")


def facts(entry: TimelineEntry) -> Iterator[str]:
    details: Mapping[str, Any] = entry.details
    for name, said in FACTS.items():
        if details.get(name) not in (None, ""):
            yield said(details[name])


pages.add_app_template_filter(say_place, "place")
pages.add_app_template_filter(say_role, "role")
pages.add_app_template_filter(say_register, "register")
pages.add_app_template_filter(say_register_fact, "register_fact")
pages.add_app_template_filter(say_register_answer, "register_answer")
pages.add_app_template_filter(say_iso_day, "iso_day")
pages.add_app_template_filter(ARRIVALS.__getitem__, "arrival")
pages.add_app_template_filter(document_rule, "document_rule")
pages.add_app_template_filter(EVENTS.__getitem__, "event")
pages.add_app_template_filter(TIMERS.__getitem__, "timer")
pages.add_app_template_filter(facts, "facts")
pages.add_app_template_filter(WHY_DECLINED.__getitem__, "why_declined")
