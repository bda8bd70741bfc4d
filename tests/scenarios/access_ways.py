"""The ways in to the access matrix: every action as it is tried by use case, on a page and by a program, beside its rule.

Nothing a way tries stays: the office rolls back, and completing is asked for with a revision nobody has, which is declined after
everything else was looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.cases import changing_term, declining, step_drafts, talking, viewing, working
from app.cases.disclosing import change_disclosure, keep_inside
from app.cases.office import Office
from app.cases.restricting import restrict_reply
from app.domain.case import DeclineReason
from app.domain.errors import Declined, Forbidden, Invalid, NotFound
from app.domain.people import Actor
from tests.scenarios.access import OUTSIDE, Person, Rules, Thing
from tests.scenarios.access_office import HALF_TYPED, LETTER, REASONS, REMARK

UNKNOWN_REVISION = 999_999
STALE = "out of date"
BY_A_PROGRAM = ", by the API"
ROLLED_BACK = "There is no document"  # what was printed is read in a transaction of its own, and is gone by then
NO_DAYS = "at least one day"  # said of an extension by no day at all, once everything else was looked at

Way = TypeVar("Way")
Rule = Callable[[Rules, Person, Thing], bool]


@dataclass(frozen=True)
class Cell(Generic[Way]):
    name: str
    rule: Rule
    tried: Callable[[Way, Thing], bool]

    @property
    def by_unit(self) -> bool:
        return self.name.removesuffix(BY_A_PROGRAM) in BY_UNIT


BY_UNIT = frozenset({"claim", "keep a draft", "open the task", "refuse to act", "complete", "sign"})
"""What goes by the item's unit, and not by the case alone."""


def outcome_of(thing: Thing) -> str:
    return "agree" if thing.role in OUTSIDE else "return_for_rework"


# By use case

Signed = tuple[Office, Actor]


def act(name: str, rule: Rule, call: Callable[[Office, Actor, Thing], object], *, reached: str = "") -> Cell[Signed]:
    """A use case that lets the person, or declines for `reached` alone, which is looked at last."""

    def tried(way: Signed, thing: Thing) -> bool:
        try:
            call(*way, thing)
        except (Declined, Invalid) as error:
            return bool(reached) and reached in str(error)
        except (Forbidden, NotFound):
            return False
        return True

    return Cell(name, rule, tried)


def seen(name: str, rule: Rule, look: Callable[[Office, Actor, Thing], object]) -> Cell[Signed]:
    """A view in which the thing stands, or not."""

    def tried(way: Signed, thing: Thing) -> bool:
        try:
            return bool(look(*way, thing))
        except (Forbidden, NotFound):
            return False

    return Cell(name, rule, tried)


completes = act(
    "complete",
    Rules.may_work,
    lambda office, actor, thing: working.complete(
        office, actor, thing.id, rev=UNKNOWN_REVISION, outcome=outcome_of(thing), answers={}
    ),
    reached=STALE,
)


def _withdraws(office: Office, actor: Actor, thing: Thing) -> None:
    change_disclosure(office, actor, thing.id, withdraw=[thing.filed], reason="A reason")


def _shows(office: Office, actor: Actor, thing: Thing) -> None:
    change_disclosure(office, actor, thing.id, show=[thing.filed], reason="A reason")


def _makes_longer(office: Office, actor: Actor, thing: Thing) -> None:
    changing_term.extend_term(
        office, actor, thing.case_id, ground="facts-to-be-established", by="0 working-days", reason="A reason"
    )


def _said(office: Office, actor: Actor, thing: Thing) -> Any:
    viewing.case(office, actor, thing.case_id)
    return viewing.conversation(office, actor, thing.case_id)


def _reads_words(office: Office, actor: Actor, thing: Thing) -> bool:
    return any(REASONS in record.answers.values() for record in viewing.case(office, actor, thing.case_id).records)


def may_read_words(rules: Rules, person: Person, thing: Thing) -> bool:
    """Of a reply that was given, on the case's page, which the applicant has without the steps of it."""
    if rules.applied(person, thing) and not person.of_the_provider:
        return False
    return thing.answered and rules.may_read_reply(person, thing)


def may_prepare(rules: Rules, person: Person, thing: Thing) -> bool:
    """Something is printed where the process signs; a body's reply is not."""
    return thing.role not in OUTSIDE and rules.may_work(person, thing)


def may_prepare_at_the_desk(rules: Rules, person: Person, thing: Thing) -> bool:
    return rules.may_sit_at_the_desk(person) and may_prepare(rules, person, thing)


def may_mark(rules: Rules, person: Person, thing: Thing) -> bool:
    """That the words of a reply are for the cleared only: whoever gives the reply."""
    return thing.role in OUTSIDE and rules.may_work(person, thing)


BY_USE_CASES: tuple[Cell[Signed], ...] = (
    act("claim", Rules.may_work, lambda office, actor, thing: working.claim(office, actor, thing.id)),
    act("release", Rules.may_release, lambda office, actor, thing: working.release(office, actor, thing.id)),
    act(
        "refuse to act",
        Rules.may_decline,
        lambda office, actor, thing: declining.decline(office, actor, thing.id, why=DeclineReason.ABSENCE),
    ),
    act(
        "keep a draft", Rules.may_draft, lambda office, actor, thing: step_drafts.keep_draft(office, actor, thing.id, {"a": "1"})
    ),
    act("prepare to sign", may_prepare, lambda office, actor, thing: working.prepare_signing(office, actor, thing.id)),
    act("mark a reply", may_mark, lambda office, actor, thing: restrict_reply(office, actor, thing.id, True)),
    act("open the task", Rules.may_open_task, lambda office, actor, thing: viewing.work_item(office, actor, thing.id)),
    seen(
        "read drafts of others",
        Rules.may_work,
        lambda office, actor, thing: viewing.work_item(office, actor, thing.id).drafts,
    ),
    act("see the case", Rules.may_see, lambda office, actor, thing: viewing.case(office, actor, thing.case_id)),
    act(
        "write a comment", Rules.may_comment, lambda office, actor, thing: talking.comment(office, actor, thing.case_id, "Words")
    ),
    seen("read comments", Rules.may_comment, lambda office, actor, thing: _said(office, actor, thing).comments),
    act(
        "write a message",
        Rules.may_write_message,
        lambda office, actor, thing: talking.write(office, actor, thing.case_id, "Words"),
    ),
    seen("read messages", Rules.may_read_messages, lambda office, actor, thing: _said(office, actor, thing).messages),
    act("show a document", Rules.may_disclose, _shows),
    act("withdraw a document", Rules.may_disclose, _withdraws),
    act(
        "keep a document inside",
        Rules.may_keep_inside,
        lambda office, actor, thing: keep_inside(office, actor, thing.case_id, keep=[thing.filed], reason="A reason"),
    ),
    seen("read what was replied", may_read_words, _reads_words),
    act("open what was filed", Rules.may_open_filed, lambda office, actor, thing: viewing.document(office, actor, thing.filed)),
    act(
        "open what was printed",
        Rules.may_open_printed,
        lambda office, actor, thing: viewing.document(office, actor, thing.printed),
    ),
    act("make the term longer", Rules.may_change_term, _makes_longer, reached=NO_DAYS),
    seen(
        "be offered to make it longer",
        Rules.may_change_term,
        lambda office, actor, thing: viewing.term(office, actor, thing.case_id).extensions_allowed,
    ),
    act(
        "print the control card",
        Rules.may_print_card,
        lambda office, actor, thing: viewing.control_card(office, actor, thing.case_id, "kk"),
    ),
)


# On the pages


class Browser:
    def __init__(self, app: Flask, user_id: str) -> None:
        self.client: FlaskClient = app.test_client()
        with self.client.session_transaction() as session:
            session["person"] = user_id
        self._known: tuple[str, TestResponse] | None = None

    def tasks(self) -> set[str]:
        """Every task of every page of the list."""
        found: set[str] = set()
        for page in range(1, 100):
            answer = self.client.get(f"/tasks?view=all&page={page}")
            ids = set(re.findall(r'href="/tasks/([0-9a-f]{32})"', answer.text)) - found
            if not ids:
                return found
            found |= ids
        raise AssertionError("the list has no end")

    def to_sign(self) -> set[str]:
        """The signing desk; nothing where it is closed to the person."""
        return set(re.findall(r'data-finish="/signing/([0-9a-f]{32})/sign"', self.client.get("/signing").text))

    def numbers(self, address: str) -> set[str]:
        """The cases of a table; none where it is closed to the person."""
        return set(re.findall(r"\b2026-\d{5}\b", self.client.get(address).text))

    def page(self, address: str) -> TestResponse:
        """The page; the last one is not asked for again."""
        if self._known is None or self._known[0] != address:
            self._known = address, self.client.get(address)
        return self._known[1]


Said = Callable[[TestResponse], bool]


def shows(words: str = "") -> Said:
    return lambda answer: answer.status_code == 200 and words in answer.text


def goes_on(answer: TestResponse) -> bool:
    return answer.status_code == 302


def is_kept(answer: TestResponse) -> bool:
    return answer.status_code == 200


def is_given(answer: TestResponse) -> bool:
    return answer.status_code == 200 and "not given" not in answer.text


def declines(words: str, status: int = 409) -> Said:
    return lambda answer: answer.status_code == status and words in answer.text


def page(name: str, rule: Rule, address: str, said: Said | None = None) -> Cell[Browser]:
    """`address` has the thing's places in braces."""
    is_said = said or shows()
    return Cell(name, rule, lambda browser, thing: is_said(browser.page(address.format(thing=thing))))


def form(name: str, rule: Rule, address: str, said: Said, **fields: Any) -> Cell[Browser]:
    """A form sent; fields have the thing's places in braces."""

    def tried(browser: Browser, thing: Thing) -> bool:
        filled = {key: str(value).format(thing=thing, outcome=outcome_of(thing)) for key, value in fields.items()}
        headers = {"Accept": "application/json"} if address.startswith("/signing") else {}
        return said(browser.client.post(address.format(thing=thing), data=filled, headers=headers))

    return Cell(name, rule, tried)


TASK, CASE, TERM = "/tasks/{thing.id}", "/cases/{thing.case_id}", "/cases/{thing.case_id}/term"


def _form_is_there(browser: Browser, thing: Thing) -> bool:
    return f"/tasks/{thing.id}/complete" in browser.page(f"/tasks/{thing.id}").text


def _draft_is_there(browser: Browser, thing: Thing) -> bool:
    return f">{HALF_TYPED} <" in browser.page(f"/tasks/{thing.id}").text


def _may_read_drafts_here(rules: Rules, person: Person, thing: Thing) -> bool:
    """A body's page shows none of others."""
    return person.of_the_provider and rules.may_work(person, thing)


def _may_see_term(rules: Rules, person: Person, thing: Thing) -> bool:
    return person.of_the_provider or rules.applied(person, thing)


BY_PAGES: tuple[Cell[Browser], ...] = (
    page("open the task", Rules.may_open_task, TASK),
    Cell("have its form", Rules.may_work, _form_is_there),
    Cell("read drafts of others", _may_read_drafts_here, _draft_is_there),
    page("see the case", Rules.may_see, CASE),
    page("read comments", Rules.may_comment, CASE, shows(REMARK)),
    page("read messages", Rules.may_read_messages, CASE, shows(LETTER)),
    page("read what was replied", may_read_words, CASE, shows(REASONS)),
    form("claim", Rules.may_work, TASK + "/claim", goes_on),
    form("release", Rules.may_release, TASK + "/release", goes_on),
    form("refuse to act", Rules.may_decline, TASK + "/decline", goes_on, why="absence"),
    form("keep a draft", Rules.may_draft, TASK + "/draft", is_kept, outcome="{outcome}"),
    form(
        "complete",
        Rules.may_work,
        TASK + "/complete",
        declines(STALE),
        rev=UNKNOWN_REVISION,
        outcome="{outcome}",
        confirmed="{outcome}",
    ),
    form("sign", Rules.may_sign, "/signing/{thing.id}/sign", declines(STALE), rev=UNKNOWN_REVISION),
    form("prepare to sign", may_prepare, TASK + "/prepare", goes_on),
    form("prepare at the desk", may_prepare_at_the_desk, "/signing/{thing.id}/prepare", is_kept),
    form("give back to the role", Rules.may_assign, "/supervision/assign", is_given, give="{thing.id}:", reason="A reason"),
    form("write a comment", Rules.may_comment, CASE + "/comments", goes_on, text="Words"),
    form("write a message", Rules.may_write_message, CASE + "/messages", goes_on, text="Words"),
    form(
        "withdraw a document",
        Rules.may_disclose,
        CASE + "/requests/{thing.id}/disclosure",
        goes_on,
        were="{thing.filed}",
        reason="A reason",
    ),
    form("keep a document inside", Rules.may_keep_inside, CASE + "/disclosure", goes_on, were="{thing.filed}", reason="A reason"),
    page("open what was filed", Rules.may_open_filed, "/documents/{thing.filed}"),
    page("open what was printed", Rules.may_open_printed, "/documents/{thing.printed}"),
    page("see the term", _may_see_term, TERM),
    page("be offered to make it longer", Rules.may_change_term, TERM, shows("/term/extend")),
    form(
        "make the term longer",
        Rules.may_change_term,
        TERM + "/extend",
        declines(NO_DAYS, status=422),
        ground="facts-to-be-established",
        days="0",
        reason="A reason",
    ),
    page("print the control card", Rules.may_print_card, CASE + "/control-card"),
)


# By a program


class Program:
    def __init__(self, app: Flask, token: str) -> None:
        self.client = app.test_client(use_cookies=False)
        self.headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}

    def asks(self, method: str, path: str, **options: Any) -> TestResponse:
        return self.client.open(f"/api/v1{path}", method=method, headers=self.headers, **options)

    def tasks(self) -> set[str]:
        found: set[str] = set()
        for page in range(1, 100):
            items = (self.asks("GET", f"/tasks?view=all&page={page}").get_json() or {}).get("items", [])
            if not items:
                return found
            found |= {each["id"] for each in items}
        raise AssertionError("the list has no end")


def done(answer: TestResponse) -> bool:
    return answer.status_code in (200, 204)


def call(
    name: str, rule: Rule, method: str, path: str, body: dict[str, Any] | None = None, *, said: Said = done
) -> Cell[Program]:
    """`path` has the thing's places in braces, and "outcome" in the body stands for the thing's own."""

    def tried(program: Program, thing: Thing) -> bool:
        sent = body if body is None or "outcome" not in body else {**body, "outcome": outcome_of(thing)}
        options = {} if sent is None else {"json": sent}
        return said(program.asks(method, path.format(thing=thing), **options))

    return Cell(name + BY_A_PROGRAM, rule, tried)


COMPLETION = {"rev": UNKNOWN_REVISION, "outcome": "", "answers": {}}

BY_API: tuple[Cell[Program], ...] = (
    call("open the task", Rules.may_open_task, "GET", TASK),
    call("see the case", Rules.may_see, "GET", CASE),
    call("see the history", Rules.may_see, "GET", CASE + "/history"),
    call("read what was replied", may_read_words, "GET", CASE, said=shows(REASONS)),
    call("claim", Rules.may_work, "POST", TASK + "/claim"),
    call("release", Rules.may_release, "POST", TASK + "/release"),
    call("refuse to act", Rules.may_decline, "POST", TASK + "/decline", {"why": "absence"}),
    call("keep a draft", Rules.may_draft, "PUT", TASK + "/draft", {"answers": {}}),
    call("prepare to sign", may_prepare, "POST", TASK + "/prepare", said=declines(ROLLED_BACK, status=404)),
    call("complete", Rules.may_work, "POST", TASK + "/complete", COMPLETION, said=declines(STALE)),
    call("open what was filed", Rules.may_open_filed, "GET", "/documents/{thing.filed}"),
    call("open what was printed", Rules.may_open_printed, "GET", "/documents/{thing.printed}/content"),
)
