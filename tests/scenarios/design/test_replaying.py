"""Last year's cases replayed through a draft: what would have been missed, how the load of posts moves, what cannot be told."""

from __future__ import annotations

import pytest

from app.cases import withdrawing
from app.cases.design import drafts
from app.cases.design.replaying import BATCH, ReplayView, begin_replay, go_on_replaying, replay_of
from app.cases.office import Office
from app.domain.errors import Declined, Forbidden
from app.domain.rehearsal import SERVICE as TERM
from app.gateways.authority import TestAuthority
from tests.clock import HandClock, astana
from tests.desk import SERVICE, Desk
from tests.filling import file, work
from tests.press import with_short_letters

NEW_STEP = """<bpmn:userTask id="second_look" name="Екінші қарау">
      <bpmn:extensionElements>
        <rasim:step paragraph="Rules para 9 part 1" limit="3 working-days" from="opened" />
        <rasim:role name="department_head" />
        <rasim:outcome ref="seen" kk="Қаралды" ru="Рассмотрено" en="Seen" tone="positive" />
        <rasim:label lang="ru" text="Второй взгляд" />
        <rasim:label lang="en" text="Second look" />
      </bpmn:extensionElements>
      <bpmn:incoming>to_second_look</bpmn:incoming>
      <bpmn:outgoing>certificate_drawn_up</bpmn:outgoing>
    </bpmn:userTask>
    """


@pytest.fixture
def desk(office: Office, clock: HandClock, authority: TestAuthority) -> Desk:
    return Desk(with_short_letters(office), clock, authority)


@pytest.fixture
def draft(desk: Desk) -> str:
    return drafts.open_draft(desk.office, desk.actor("analyst"), SERVICE)


def ended_case(desk: Desk, *, days_of_compliance: int = 1) -> str:
    """A certificate whose compliance was checked so many days after its completeness; begun and ended at ten."""
    case = desk.file()
    desk.register(case)
    desk.appoint(case)
    desk.find_complete(case)
    desk.clock.pass_by(days=days_of_compliance)
    desk.find_compliant(case)
    desk.draw_up(case)
    desk.sign(case)
    return case


def changed(desk: Desk, draft: str, before: str, after: str) -> None:
    files = drafts.draft_files(desk.office, desk.actor("analyst"), draft)
    text = files.bundle.files["process.bpmn"].decode()
    assert before in text
    drafts.save_files(
        desk.office, desk.actor("analyst"), draft, {"process.bpmn": text.replace(before, after).encode()}, rev=files.rev
    )


def with_a_second_look(desk: Desk, draft: str) -> None:
    """A step of three working days between drawing up and signing."""
    flow, sign = '<bpmn:sequenceFlow id="certificate_drawn_up" sourceRef=', '<bpmn:userTask id="sign_certificate"'
    new_flow = '<bpmn:sequenceFlow id="to_second_look" sourceRef="draw_up_certificate" targetRef="second_look" />'
    changed(desk, draft, "<bpmn:outgoing>certificate_drawn_up<", "<bpmn:outgoing>to_second_look<")
    changed(desk, draft, f'{flow}"draw_up_certificate"', f'{new_flow}{flow}"second_look"')
    changed(desk, draft, sign, NEW_STEP + sign)


def replayed(desk: Desk, draft: str) -> ReplayView:
    analyst = desk.actor("analyst")
    begin_replay(desk.office, analyst, draft)
    for _ in range(50):
        found = replay_of(desk.office, analyst, draft)
        assert found is not None
        if found.is_done:
            return found
        go_on_replaying(desk.office, analyst, draft)
    raise AssertionError("the replay does not end")


def test_an_unchanged_draft_gives_what_was(desk: Desk, draft: str) -> None:
    ended_case(desk)
    # The second is found complete on Tuesday 3 March; four working days more end on 10 March (the 9th is off): the 12th is late.
    ended_case(desk, days_of_compliance=9)
    found = replayed(desk, draft)
    assert (found.cases, found.done, found.replayed, found.failed) == (2, 2, 2, ())
    assert [(row.element, row.before, row.after) for row in found.missed] == [
        (TERM, 0, 0),
        ("check_compliance", 1, 1),
    ]
    assert all((row.steps_before, row.hours_before) == (row.steps_after, row.hours_after) for row in found.load)
    # Two cases, each with six steps of which the head had two: 4 in a year.
    assert [(row.role, round(row.steps_before * 12)) for row in found.load] == [("chancellery", 2), ("head", 4), ("executor", 6)]


def test_a_new_step_takes_its_limit_and_makes_cases_late(desk: Desk, draft: str) -> None:
    # Filed on Monday 2 March at ten, signed on Wednesday 11 March at ten; the term ends on 12 March. Three working days of the
    # second look end on 16 March.
    ended_case(desk, days_of_compliance=9)
    with_a_second_look(desk, draft)
    found = replayed(desk, draft)
    assert (found.replayed, found.failed) == (1, ())
    missed = {row.element: (row.before, row.after) for row in found.missed}
    assert missed == {TERM: (0, 1), "check_compliance": (1, 1)}  # that was due on 6 March
    load = {row.role: (round(row.steps_before * 12), round(row.steps_after * 12)) for row in found.load}
    assert load["department_head"] == (0, 1)
    hours = {row.role: (row.hours_before * 12, row.hours_after * 12) for row in found.load}
    # Wednesday 11 March 10:00 to Monday 16 March 18:30, with lunch from 13:00 to 14:30: 7 + 3 x 8 hours.
    assert hours["department_head"] == (0, pytest.approx(7 + 3 * 8))


def test_a_shorter_limit_is_missed_by_those_who_took_longer(desk: Desk, draft: str) -> None:
    ended_case(desk, days_of_compliance=3)
    ended_case(desk, days_of_compliance=1)
    changed(
        desk,
        draft,
        'limit="4 working-days" from="completed:check_completeness"',
        'limit="1 working-days" from="completed:check_completeness"',
    )
    found = replayed(desk, draft)
    # Monday 2 to Thursday 5 March are three working days; Thursday 5 to Friday 6 March is one.
    assert {row.element: (row.before, row.after) for row in found.missed}["check_compliance"] == (0, 1)


def test_what_cannot_be_replayed_is_told_with_the_reason_and_how_many(desk: Desk, draft: str) -> None:
    case = desk.file()
    withdrawing.withdraw(desk.office, desk.actor("company"), case, "Қажет емес")
    for _ in range(2):
        ended_case(desk)
    changed(desk, draft, '<rasim:outcome ref="meets"', '<rasim:outcome ref="suits"')
    found = replayed(desk, draft)
    assert found.replayed == 0
    assert [(str(each.why), each.cases) for each in found.failed] == [
        (
            "“Құжаттар мен мәліметтердің талаптарға сәйкестігін тексеру” ended with 'meets', which the draft does not offer.",
            2,
        ),
        ("The applicant took the application back.", 1),
    ]


def test_consulted_bodies_are_asked_and_reply_again_as_they_did(desk: Desk) -> None:
    service = "small-vessel-exit-pass"
    draft = drafts.open_draft(desk.office, desk.actor("analyst"), service)
    case = file(desk, service, "issue")
    work(desk, case, "clerk", "registered")
    work(desk, case, "depthead", "appointed")
    work(desk, case, "executor", "accept")
    desk.answer_jobs()
    work(desk, case, "executor", "needed")
    desk.reply(case, "agree")
    desk.clock.pass_by(days=1)
    desk.reply(case, "agree")
    work(desk, case, "executor", "meets")
    work(desk, case, "executor", "drawn_up")
    work(desk, case, "head", "sign")
    found = replayed(desk, draft)
    assert (found.replayed, found.failed) == (1, ())
    assert {row.role: round(row.steps_after * 12) for row in found.load}["agreeing_body"] == 2


def test_batches_go_on_where_the_last_one_ended_and_a_changed_draft_stops_them(desk: Desk, draft: str) -> None:
    ended_case(desk)
    analyst = desk.actor("analyst")
    begin_replay(desk.office, analyst, draft)
    changed(desk, draft, 'limit="4 working-days"', 'limit="3 working-days"')
    with pytest.raises(Declined, match="changed since"):
        go_on_replaying(desk.office, analyst, draft)
    found = replay_of(desk.office, analyst, draft)
    assert found is not None and not found.is_current and not found.is_done and BATCH > 1
    with pytest.raises(Forbidden):
        begin_replay(desk.office, desk.actor("compliance"), draft)


def test_cases_that_ended_more_than_a_year_ago_are_left_out(desk: Desk, draft: str) -> None:
    ended_case(desk)
    desk.clock.move_to(astana(2027, 3, 10))
    assert replayed(desk, draft).cases == 0
