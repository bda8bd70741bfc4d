"""Rehearsals: a draft played on the real use cases, its record held against what is expected of it, and hostile files refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from app.cases.design.rehearsing import as_played, failing_rehearsals, play
from app.cases.design.scratch import Workshop
from app.domain.calendar import load_kazakhstan
from app.domain.case import CaseStatus
from app.domain.errors import Invalid
from app.domain.moves import Bundle
from app.domain.rehearsal import NEXT_DUE, SERVICE, Applicant, Doing, Passing, Rehearsal
from app.store.bundles import PROCESS, passport_of, read_bundle
from app.store.rehearsals import file_of, read_rehearsal, rehearsal_names, write_rehearsal
from handlers import HANDLERS, OUTSIDE_CALLS
from tests.clock import astana
from tests.conftest import PROCESSES
from tests.desk import SERVICE as GUARANTEE
from tests.desk import Desk

MONDAY = astana(2026, 3, 2, 10)

REGISTER = Doing("register_application", "chancellery", "registered")
APPOINT = Doing("appoint_executor", "head", "appointed")
COMPLETE = Doing("check_completeness", "executor", "complete")
MEETS = Doing("check_compliance", "executor", "meets")
DRAW_UP = Doing("draw_up_certificate", "executor", "drawn_up")
SIGN = Doing("sign_certificate", "head", "sign")
TO_THE_CERTIFICATE = (REGISTER, APPOINT, COMPLETE, MEETS, DRAW_UP, SIGN)


@pytest.fixture(scope="module")
def workshop() -> Workshop:
    return Workshop(load_kazakhstan(), HANDLERS, OUTSIDE_CALLS)


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return read_bundle(PROCESSES / GUARANTEE)


def rehearsal(*steps: Doing | Passing, starts: datetime = MONDAY) -> Rehearsal:
    return Rehearsal("Тәжірибе", "issue", starts, steps=steps)


def changed(bundle: Bundle, before: str, after: str, file: str = PROCESS) -> Bundle:
    text = bundle.files[file].decode()
    assert before in text, before
    return Bundle(bundle.service, {**bundle.files, file: text.replace(before, after).encode()})


def said(workshop: Workshop, bundle: Bundle) -> list[str]:
    return [str(each) for each in failing_rehearsals(workshop, bundle)]


def test_a_rehearsal_gives_the_deadlines_and_the_end_of_a_real_case(workshop: Workshop, bundle: Bundle, desk: Desk) -> None:
    case_id = desk.file()
    desk.to_the_certificate(case_id)
    with desk.office.reading() as uow:
        real = [(item.element, item.due_at, item.outcome) for item, _ in uow.work.all_of(case_id)]
        status = uow.cases.get(case_id).status  # type: ignore[union-attr]
    played = play(workshop, bundle, rehearsal(*TO_THE_CERTIFICATE))
    assert [(t.step.element, t.due, t.step.outcome) for t in played.taken if isinstance(t.step, Doing)] == real
    assert played.standing is not None
    assert (played.standing.status, played.standing.end) == (status, "certificate_issued")


def test_after_every_step_it_shows_what_is_open_for_whom_until_when_and_the_term_of_the_service(
    workshop: Workshop, bundle: Bundle
) -> None:
    standing = play(workshop, bundle, rehearsal(REGISTER, APPOINT, Passing("3 working-hours"))).standing
    assert standing is not None
    (step,) = standing.open
    # Registered on Monday 2 March: two working days end on Wednesday 4 March, seven on Thursday 12 March (Monday 9 March is off).
    assert (step.element.id, step.role_id, step.limit, step.due) == (
        "check_completeness",
        "executor",
        "2 working-days",
        astana(2026, 3, 4, 18, 30),
    )
    assert standing.service_due == astana(2026, 3, 12, 18, 30)
    assert standing.now == astana(2026, 3, 2, 13)  # three hours from ten, the lunch begins
    assert standing.current == ("check_completeness",)
    assert "acknowledge_receipt" in standing.passed and "check_completeness" not in standing.passed


def test_time_that_passes_fires_what_falls_due_and_a_term_that_is_missed_is_a_breach(workshop: Workshop, bundle: Bundle) -> None:
    # The executor does nothing; the service's seven working days end on 12 March at 18:30.
    standing = play(workshop, bundle, rehearsal(REGISTER, APPOINT, Passing("9 working-days"))).standing
    assert standing is not None
    assert [(each.of, each.due) for each in standing.breaches] == [
        ("check_completeness", astana(2026, 3, 4, 18, 30)),
        (SERVICE, astana(2026, 3, 12, 18, 30)),
    ]
    assert standing.open[0].is_late


def test_the_clock_goes_on_to_the_next_moment_at_which_something_falls_due(workshop: Workshop, bundle: Bundle) -> None:
    # The reminder of the two days for completeness comes when the office opens on their last day.
    standing = play(workshop, bundle, rehearsal(REGISTER, APPOINT, Passing(NEXT_DUE))).standing
    assert standing is not None
    assert standing.now == astana(2026, 3, 4, 9)


def test_one_step_back_gives_the_same_as_never_having_taken_it(workshop: Workshop, bundle: Bundle) -> None:
    before = play(workshop, bundle, rehearsal(REGISTER, APPOINT))
    play(workshop, bundle, rehearsal(REGISTER, APPOINT, COMPLETE))
    assert play(workshop, bundle, rehearsal(REGISTER, APPOINT)) == before


def test_a_step_that_is_not_open_or_not_that_roles_is_refused_with_what_was_found(workshop: Workshop, bundle: Bundle) -> None:
    early = play(workshop, bundle, rehearsal(REGISTER, COMPLETE))
    assert str(early.problem) == "steps[1]: Expected the step 'check_completeness' to be open; found appoint_executor."
    assert early.standing is not None and early.standing.open[0].element.id == "appoint_executor"
    wrong = play(workshop, bundle, rehearsal(replace(REGISTER, role="head")))
    assert "to be done by the role head; found chancellery" in str(wrong.problem)
    unknown = play(workshop, bundle, rehearsal(replace(REGISTER, outcome="burnt")))
    assert unknown.problem is not None and "has no outcome 'burnt'" in str(unknown.problem)


def test_answers_that_the_form_refuses_are_told_with_their_place(workshop: Workshop) -> None:
    poisons = read_bundle(PROCESSES / "poisons-licence")
    record = read_rehearsal(poisons.files[file_of("refused-after-hearing")], "x")
    at = next(n for n, step in enumerate(record.steps) if isinstance(step, Doing) and step.element == "invite_to_hearing")
    # Invited on 2 March with a notice of three working days: 5 March is the earliest day of the hearing.
    steps = (*record.steps[:at], replace(record.steps[at], answers={"hearing_day": "2026-03-04"}))
    found = play(workshop, poisons, replace(record, steps=steps)).problem
    assert found is not None and "2026-03-05 at the earliest" in str(found) and "hearing_invitation.hearing_day" in str(found)


def test_a_saved_rehearsal_says_what_it_found_and_holds_when_it_is_played_again(workshop: Workshop, bundle: Bundle) -> None:
    record = rehearsal(REGISTER, APPOINT, Passing("3 working-days"), replace(COMPLETE, outcome="incomplete"))
    kept = write_rehearsal(as_played(record, play(workshop, bundle, record)))
    with_it = Bundle(bundle.service, {**bundle.files, file_of("late"): kept})
    assert said(workshop, with_it) == []
    again = read_rehearsal(kept, "late.yaml")
    assert again.expected is not None
    assert (again.expected.status, again.expected.breaches) == (
        CaseStatus.OPEN,
        ("check_completeness", "draft_discontinuation"),
    )
    assert write_rehearsal(again) == kept


def test_a_draft_with_another_limit_fails_the_rehearsal_that_expects_the_old_one(workshop: Workshop, bundle: Bundle) -> None:
    slower = changed(bundle, 'limit="4 working-days"', 'limit="5 working-days"')
    # Four working days after 4 March end on 11 March (the 9th is off), five on 12 March.
    assert said(workshop, slower) == [
        "rehearsals/issued-in-time.yaml: steps[5]: "
        "“Құжаттар мен мәліметтердің талаптарға сәйкестігін тексеру” was expected to be "
        f"due {astana(2026, 3, 11, 18, 30)}; found {astana(2026, 3, 12, 18, 30)}."
    ]


def test_a_draft_whose_step_is_another_roles_fails_the_rehearsal_at_that_step(workshop: Workshop, bundle: Bundle) -> None:
    text = bundle.files[PROCESS].decode()
    at = text.index('<bpmn:userTask id="appoint_executor"')
    other = text[:at] + text[at:].replace('<rasim:role name="head" />', '<rasim:role name="department_head" />', 1)
    found = said(workshop, Bundle(bundle.service, {**bundle.files, PROCESS: other.encode()}))
    assert len(found) == 2 and all(
        "steps[1]: Expected the step 'appoint_executor' to be done by the role head" in f for f in found
    )


def test_a_letter_that_asks_for_what_is_not_there_fails_where_it_is_signed(workshop: Workshop, bundle: Bundle) -> None:
    letter = passport_of(bundle).result_signed_at("sign_certificate")
    assert letter is not None
    broken = Bundle(bundle.service, {**bundle.files, letter.letter: b"{{ case.colour }}"})
    (found,) = (each for each in said(workshop, broken) if "issued-in-time" in each)
    assert "steps[8]" in found and "cannot be printed" in found


def test_every_service_can_be_applied_for_in_a_rehearsal(workshop: Workshop) -> None:
    for folder in sorted(PROCESSES.iterdir()):
        if not (folder / PROCESS).is_file():
            continue
        service = read_bundle(folder)
        who = Applicant.PERSON if service.service == "border-strip-entry-pass" else Applicant.ORGANISATION
        variant = passport_of(service).variants[0].id
        played = play(workshop, service, Rehearsal("x", variant, MONDAY, applicant=who))
        assert played.problem is None, (service.service, str(played.problem))
        assert played.standing is not None and played.standing.open, service.service


HOSTILE = {
    "an alias": b"title: &a x\nvariant: *a\n",
    "a tag": b"title: !!python/object/apply:os.system ['true']\n",
    "a bomb": b"a: &a [1,1]\nb: &b [*a,*a]\nc: [*b,*b]\n",
    "a deep nest": b"[" * 5_000 + b"]" * 5_000,
    "too many bytes": b"title: " + b"x" * 70_000,
    "no text": b"\xff\xfe\x00",
    "no mapping": b"- 1\n",
    "a key given twice": b"title: a\ntitle: b\n",
    "nothing": b"",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_refused_with_its_name(content: bytes, workshop: Workshop, bundle: Bundle) -> None:
    with pytest.raises(Invalid, match=r"x\.yaml"):
        read_rehearsal(content, "x.yaml")
    alone = {name: each for name, each in bundle.files.items() if not name.startswith("rehearsals/")}
    (found, *_) = said(workshop, Bundle(bundle.service, {**alone, "rehearsals/x.yaml": content}))
    assert found.startswith("rehearsals/x.yaml")


def test_every_mistake_of_a_record_is_named_with_its_place() -> None:
    wrong = b"""
title: ''
starts: tomorrow
colour: red
steps:
- {do: register, outcome: x, answers: [1]}
- {pass: two days}
- {pass: next-due, do: x}
expected: {status: burnt, breaches: none}
"""
    with pytest.raises(Invalid) as found:
        read_rehearsal(wrong, "x.yaml")
    assert [each.place for each in found.value.problems] == [
        "colour",
        "title",
        "variant",
        "starts",
        "steps[0].as",
        "steps[0].answers",
        "steps[1].pass",
        "steps[2].do",
        "expected.breaches",
        "expected.status",
    ]


def test_the_rehearsals_of_a_folder_belong_to_the_bundle(bundle: Bundle) -> None:
    assert rehearsal_names(bundle) == ["incomplete-set-late", "issued-in-time"]
