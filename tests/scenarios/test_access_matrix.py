"""Separation of duties and jurisdiction hold in every cell of role × unit × action × state, with substitutions on and off: in the
permission table, in the queries, in the use cases, on the pages, and in the interface for programs.

What is right is said by `tests.scenarios.access.Rules`, which knows nothing of the code it judges. Each way in has its list of
actions in `tests.scenarios.access_ways`; an action more is a row more there.

How the cells are thinned, by what the rules can tell apart and never by chance:

- Table and queries are asked about everybody and everything, on both databases.
- Completing a step, whose guard (`hold`) is that of every other act on a step, is tried by use case in every role, by everybody
  of the role, at everything of the role, on both databases.
- Every other act is tried by use case, on both databases, in one role of each kind: `executor` (the appointment), `head` (signs,
  answers for all), `agreeing_body` (another body); by one person of each kind (`one_of_each_kind`); at the things of one unit in
  every state, and where the unit decides, at what is nobody's in the others.
- Pages and the interface for programs call the same use cases: there `head` and `agreeing_body` are enough. They know no
  database: on PostgreSQL a holder and his substitute try them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from sqlalchemy import select

from app.bootstrap.demonstration import seed_jurisdictions
from app.cases import supervising, tokens, viewing
from app.cases.advancing import running
from app.cases.office import Office
from app.cases.replies import handling_of
from app.cases.separating import facts_of
from app.cases.talking import facts_of_case
from app.cli import OPERATOR
from app.domain.journal import JournalFilter
from app.domain.people import Actor
from app.domain.permissions import Action, ReplyFacts, may
from app.domain.views import Narrowed
from app.store.reach import within_reach_of, within_sight_of
from app.store.supervision import under_supervision_of
from app.store.tables import Case, WorkItem
from app.store.unit_of_work import UnitOfWork
from app.store.work import OPEN
from app.web import create_app
from tests.desk import Desk
from tests.filling import file
from tests.press import with_short_letters
from tests.scenarios.access import HOME, OUTSIDE, SERVICE, TODAY, WORKING, Person, Rules, Thing, people, things
from tests.scenarios.access_office import lay_out, seat
from tests.scenarios.access_ways import BY_API, BY_PAGES, BY_USE_CASES, Browser, Cell, Program, Way, completes

YEAR = JournalFilter(first=TODAY.replace(month=1, day=1), last=TODAY.replace(month=12, day=31))


@dataclass
class Matrix:
    """The office with its people and things; what is done in it is rolled back, so that every cell finds it as it was laid."""

    office: Office
    people: list[Person]
    ids: dict[str, str]
    things: list[Thing]
    rules: Rules
    cells: int = 0
    wrong: list[str] = field(default_factory=list)

    def actor(self, person: Person) -> Actor:
        with self.office.reading() as uow:
            user = uow.people.get(self.ids[person.login])
            assert user is not None
            return uow.people.actor(user, self.office.today())

    def check(self, place: str, person: Person, thing: Thing, *, found: bool, expected: bool) -> None:
        self.cells += 1
        if found is not expected:
            where = f"{place}: {person.login} ({', '.join(person.roles)}; {person.unit}; {person.order})"
            self.wrong.append(f"{where}, {thing.role} of {thing.unit} {thing.name}: {found}, by the rules {expected}")

    def require_agreement(self) -> None:
        """Of each kind of cell a few of those that differ."""
        told = [each for place in dict.fromkeys(each.partition(":")[0] for each in self.wrong) for each in self._of(place)]
        assert not self.wrong, "\n".join([f"{len(self.wrong)} of {self.cells} cells differ from the rules:", *told])

    def _of(self, place: str) -> list[str]:
        return [each for each in self.wrong if each.startswith(f"{place}:")][:5]

    def check_all(self, cells: Iterable[Cell[Any]], way: Way, person: Person, thing: Thing) -> None:
        for cell in cells:
            expected = cell.rule(self.rules, person, thing)
            self.check(cell.name, person, thing, found=cell.tried(way, thing), expected=expected)


@pytest.fixture
def matrix(desk: Desk) -> Iterator[Matrix]:
    everyone = people()
    seed_jurisdictions(desk.office, OPERATOR)
    short = Desk(with_short_letters(desk.office), desk.clock, desk.authority)
    case_id = file(short, SERVICE, "activity-or-event")
    with desk.office.unit_of_work() as uow:
        ids = seat(uow, everyone)
        laid = lay_out(uow, case_id, everyone, ids, things(), desk.clock.now())
        uow.commit()
    office = replace(short.office, unit_of_work=lambda: _rolled_back(desk.office))
    made = Matrix(office, everyone, ids, laid, Rules({person.login: person for person in everyone}))
    yield made
    logging.getLogger("matrix").info("%s cells agree with the rules", made.cells)


def _rolled_back(office: Office) -> UnitOfWork:
    uow = office.unit_of_work()
    uow.commit = uow.flush  # type: ignore[method-assign]
    return uow


# Everybody and everything: the table and the queries

Asked = Callable[[Actor, Thing], bool]


def test_the_permission_table_and_the_queries_agree_with_the_rules_for_everybody_and_everything(matrix: Matrix) -> None:
    rules = matrix.rules
    with matrix.office.reading() as uow:
        table = _table(matrix.office, uow)
        for person in matrix.people:
            actor = matrix.actor(person)
            queries = _queries(uow, actor)
            for thing in matrix.things:
                for name, rule, asked in table:
                    expected = rule(rules, person, thing)
                    matrix.check(f"{name} in the table", person, thing, found=asked(actor, thing), expected=expected)
                for name, rule, found, of in queries:
                    expected = rule(rules, person, thing)
                    matrix.check(f"{name} in the query", person, thing, found=of(thing) in found, expected=expected)
    assert matrix.cells == (len(table) + len(queries)) * len(matrix.people) * len(matrix.things)
    matrix.require_agreement()


def _table(office: Office, uow: UnitOfWork) -> list[tuple[str, Callable[..., bool], Asked]]:
    rows = uow._session.execute(select(WorkItem, Case).join(Case, Case.id == WorkItem.case_id)).all()
    work = {item.id: facts_of(case, item) for item, case in rows}
    talk = {case.id: facts_of_case(case) for _, case in rows}
    handling = {case.id: handling_of(uow, running(office, uow, case)) for _, case in rows}
    replies = _replies(uow, rows)
    return [
        ("work", Rules.may_work, lambda actor, thing: thing.is_open and may(actor, Action.WORK_ITEM, work[thing.id])),
        ("comment", Rules.may_comment, lambda actor, thing: may(actor, Action.COMMENT, talk[thing.case_id])),
        ("message", Rules.may_read_messages, lambda actor, thing: may(actor, Action.MESSAGE, talk[thing.case_id])),
        ("disclose", Rules.considers, lambda actor, thing: may(actor, Action.DISCLOSE, handling[thing.case_id])),
        ("control card", Rules.may_print_card, lambda actor, _: may(actor, Action.PRINT_CONTROL_CARD)),
        (
            "reply",
            Rules.may_read_reply,
            lambda actor, thing: thing.id in replies and may(actor, Action.READ_REPLY, replies[thing.id]),
        ),
        ("desk", lambda rules, person, _: rules.may_sit_at_the_desk(person), lambda actor, _: may(actor, Action.VIEW_SIGNING)),
    ]


def _replies(uow: UnitOfWork, rows: Any) -> dict[str, ReplyFacts]:
    found = {}
    for item, case in rows:
        asked = uow.work.consultation_of(item.id)
        if asked is not None:
            unit = uow.work.replying_units(case.id)[item.id]
            found[item.id] = ReplyFacts(item.role, unit, case.service, asked.restricted)
    return found


def _queries(uow: UnitOfWork, actor: Actor) -> list[tuple[str, Callable[..., bool], set[str], Callable[[Thing], str]]]:
    session, is_open = uow._session, WorkItem.status.in_(OPEN)
    item, case = (lambda thing: thing.id), (lambda thing: thing.case_id)
    listed = set(session.scalars(select(WorkItem.id).where(is_open, within_reach_of(actor))))
    supervised = set(session.scalars(select(WorkItem.id).where(under_supervision_of(actor))))
    seen = set(session.scalars(select(Case.id).where(within_sight_of(actor))))
    to_sign = {found.id for found, _, _ in uow.to_sign.items(actor, service="", limit=1_000)}
    in_journal = {found.id for found, _, _ in uow.journal.rows(actor, YEAR)} if may(actor, Action.VIEW_JOURNAL) else set()
    return [
        ("the list", Rules.may_work, listed, item),
        ("the search", Rules.may_see, seen, case),
        ("to sign", Rules.may_work, to_sign, item),
        ("supervised", Rules.answers_for, supervised, item),
        ("the journal", Rules.may_see_in_journal, in_journal, case),
    ]


# The use cases


def test_completing_by_the_use_case_agrees_with_the_rules(matrix: Matrix) -> None:
    for role in WORKING:
        for person in concerned(matrix, role):
            way = (matrix.office, matrix.actor(person))
            for thing in of_role(matrix, role):
                matrix.check_all([completes], way, person, thing)
    matrix.require_agreement()


def test_the_other_use_cases_agree_with_the_rules(matrix: Matrix) -> None:
    for role in ("executor", "head", "agreeing_body"):
        for person in one_of_each_kind(matrix, role):
            _check_both_kinds(matrix, BY_USE_CASES, (matrix.office, matrix.actor(person)), person, role)
    matrix.require_agreement()


def _check_both_kinds(matrix: Matrix, cells: tuple[Cell[Any], ...], way: Way, person: Person, role: str) -> None:
    """What goes by the item's unit besides in the other units, while the item is nobody's."""
    for thing in of_role(matrix, role):
        if thing.unit == HOME[role]:
            matrix.check_all(cells, way, person, thing)
        elif thing.name == "nobody's" or (role in OUTSIDE and thing.unit is None and thing.owner is not None):
            matrix.check_all([cell for cell in cells if cell.by_unit], way, person, thing)


def test_those_who_answer_for_work_and_nobody_else_give_it_to_others(matrix: Matrix) -> None:
    """One item and many, by everybody who answers for any, and by whoever else has to do with an executor's work."""
    for person in answering(matrix):
        actor = matrix.actor(person)
        if not may(actor, Action.ASSIGN_WORK):
            continue
        everything = [thing for role in ("executor", "agreeing_body") for thing in of_role(matrix, role)]
        given = supervising.assign(matrix.office, actor, [(thing.id, None) for thing in everything], "A reason")
        for thing, result in zip(everything, given, strict=True):
            expected = matrix.rules.may_assign(person, thing)
            matrix.check("give back to the role", person, thing, found=result.why_not is None, expected=expected)
    matrix.require_agreement()


def answering(matrix: Matrix) -> list[Person]:
    roles = ("head", "department_head")
    others = ("supervisor", "universal", "executor-home", "executor-watcher", "citizen")
    return [each for each in matrix.people if each.login.startswith(tuple(f"{r}-" for r in roles)) or each.login in others]


@pytest.mark.parametrize("role", ["executor", "agreeing_body"])
def test_work_is_given_only_to_whom_it_may_be(matrix: Matrix, role: str) -> None:
    supervisor = matrix.actor(matrix.rules.people["supervisor"])
    for person in concerned(matrix, role):
        to_id = matrix.ids[person.login]
        given = supervising.assign(matrix.office, supervisor, [(each.id, to_id) for each in of_role(matrix, role)], "A reason")
        for thing, result in zip(of_role(matrix, role), given, strict=True):
            expected = matrix.rules.may_be_given(person, thing)
            matrix.check("be given", person, thing, found=result.why_not is None, expected=expected)
    matrix.require_agreement()


def test_the_view_of_supervision_holds_what_one_answers_for(matrix: Matrix) -> None:
    for person in answering(matrix):
        actor = matrix.actor(person)
        if not may(actor, Action.SUPERVISE):
            continue
        listed = {row.id for row in viewing.supervised(matrix.office, actor, Narrowed(), size=1_000).rows}
        for thing in matrix.things:
            expected = matrix.rules.may_assign(person, thing)
            matrix.check("the view of supervision", person, thing, found=thing.id in listed, expected=expected)
    matrix.require_agreement()


def concerned(matrix: Matrix, role: str) -> list[Person]:
    """Everybody of the role and its substitutes, and some outside it."""
    others = ("supervisor", "universal", "citizen", "analyst-applicant", next(each for each in WORKING if each != role) + "-home")
    return [
        person
        for person in matrix.people
        if (person.login.startswith(f"{role}-") and not person.login.endswith("-watcher")) or person.login in others
    ]


def one_of_each_kind(matrix: Matrix, role: str) -> list[Person]:
    """A holder, his substitute, one whose order does not reach here, a holder elsewhere who stands in besides; somebody of every
    role, and of none of them; applicants, of the staff and not; where a body is asked, those who consider and read."""
    kinds = [f"{role}-{each}" for each in ("home", "on", "in-another-service", "peer", "applicant")]
    kinds += ["universal", "supervisor", "citizen", "analyst-applicant"]
    if role in OUTSIDE:
        kinds += ["executor-home", "executor-on", "cleared", "agreeing_body-cleared"]
    return [person for person in matrix.people if person.login in kinds]


def of_role(matrix: Matrix, role: str) -> list[Thing]:
    return [thing for thing in matrix.things if thing.role == role]


# The pages, and the interface for programs


@pytest.mark.parametrize("role", ["head", "agreeing_body"])
def test_the_pages_agree_with_the_rules(matrix: Matrix, database: str, role: str) -> None:
    app = create_app(matrix.office, signer_url=None)
    app.config["WTF_CSRF_ENABLED"] = False
    for person in before_a_page(matrix, database, role):
        browser = Browser(app, matrix.ids[person.login])
        _check_lists(matrix, browser, person)
        _check_both_kinds(matrix, BY_PAGES, browser, person, role)
    matrix.require_agreement()


def before_a_page(matrix: Matrix, database: str, role: str) -> list[Person]:
    some = one_of_each_kind(matrix, role)
    if database.startswith("sqlite"):
        return some
    return [person for person in some if person.login in (f"{role}-home", f"{role}-on")]


def _check_lists(matrix: Matrix, browser: Browser, person: Person) -> None:
    rules, listed, at_the_desk = matrix.rules, browser.tasks(), browser.to_sign()
    supervised, in_journal = browser.numbers("/supervision.csv"), browser.numbers("/journal.csv")
    for thing in matrix.things:
        for name, found, rule in (
            ("the list", thing.id in listed, rules.may_work),
            ("the list of supervision", thing.number in supervised, rules.may_assign),
            ("the journal", thing.number in in_journal, rules.may_see_in_journal),
        ):
            matrix.check(name, person, thing, found=found, expected=rule(person, thing))
    to_sign = {thing.id for thing in matrix.things if rules.may_sign(person, thing)}
    assert at_the_desk <= to_sign, person
    assert len(at_the_desk) == min(viewing.AT_ONCE, len(to_sign)), person


@pytest.mark.parametrize("role", ["head", "agreeing_body"])
def test_the_interface_for_programs_agrees_with_the_rules(matrix: Matrix, desk: Desk, database: str, role: str) -> None:
    app = create_app(matrix.office, signer_url=None)
    for person in before_a_page(matrix, database, role):
        token = tokens.make_token(desk.office, matrix.actor(person), name="matrix", scope=tokens.Scope.WRITE, days=1)
        program = Program(app, token)
        listed = program.tasks()
        for thing in matrix.things:
            expected = matrix.rules.may_work(person, thing)
            matrix.check("the list of the API", person, thing, found=thing.id in listed, expected=expected)
        _check_both_kinds(matrix, BY_API, program, person, role)
    matrix.require_agreement()
