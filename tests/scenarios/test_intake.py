"""From the chancellery to the executor: registration, appointment, the check of completeness, drafts of refusal, papers."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from app.cases import numbering, viewing, working
from app.cases.office import Office
from app.cases.people import add_person
from app.domain.case import CaseStatus
from app.domain.errors import Forbidden, Invalid, NotFound
from app.domain.journal import JournalFilter
from app.domain.people import Role
from app.domain.schedule import Arrival
from app.store.database import open_database
from app.store.tables import Absence
from tests.clock import HandClock, astana
from tests.desk import Desk
from tests.store.test_constant_cost import count

YEAR = JournalFilter(date(2026, 1, 1), date(2026, 12, 31))


def words(pdf: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def at_the_check(desk: Desk) -> str:
    case_id = desk.file()
    desk.register(case_id)
    desk.appoint(case_id)
    return case_id


# --- Registration --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("came", "arrival", "day"),
    [
        (astana(2026, 3, 2, 18, 29), Arrival.IN_HOURS, date(2026, 3, 2)),
        (astana(2026, 3, 2, 18, 30), Arrival.AFTER_HOURS, date(2026, 3, 3)),  # an office that closes at 18:30 is closed then
        (astana(2026, 3, 3, 8), Arrival.BEFORE_OPENING, date(2026, 3, 3)),
        (astana(2026, 3, 7, 12), Arrival.DAY_OFF, date(2026, 3, 10)),  # Saturday; Monday 9 March is off for 8 March
    ],
)
def test_rules_para_7_part_2_the_chancellery_sees_the_day_of_registration_and_why_it_is_that_day(
    desk: Desk, clock: HandClock, came: object, arrival: Arrival, day: date
) -> None:
    clock.move_to(came)  # type: ignore[arg-type]
    facts = desk.item(desk.file(), "clerk").registration
    assert facts is not None
    assert (facts.received_at, facts.arrival, facts.registered_on) == (came, arrival, day)


def test_nobody_but_the_chancellery_is_told_and_only_until_the_number_is_given(desk: Desk) -> None:
    case_id = desk.file()
    desk.register(case_id)
    assert desk.item(case_id, "head").registration is None


# --- Appointment ---------------------------------------------------------------------------------------------------


def test_rules_para_7_the_head_sees_each_executors_work_and_absence_and_a_suggestion(
    desk: Desk, clock: HandClock, database: str
) -> None:
    done, busy = at_the_check(desk), at_the_check(desk)
    desk.work(done, "executor", "incomplete", desk.documents(done, foreign_trade_contract="absent"))
    desk.work(done, "executor", "drafted")
    desk.sign(done)
    # The check has two working days: of Monday 2 March it is due on Wednesday 4 March, within that week.
    case_id = desk.file()
    desk.register(case_id)
    first, second = desk.item(case_id, "head").people
    assert (first.name, first.open_items, first.overdue, first.due_this_week, first.done_lately) == (
        "Орындаушиев Нұрлан", 1, 0, 1, 1
    )  # fmt: skip
    assert (second.open_items, second.done_lately, second.suggested) == (0, 0, True)
    assert first.unit.kk

    engine = open_database(database)
    with Session(engine) as session:
        session.add(Absence(user_id=second.id, kind="leave", first_day=date(2026, 3, 2), last_day=date(2026, 3, 20)))
        session.commit()
    engine.dispose()
    clock.move_to(astana(2026, 3, 5, 10))
    first, second = desk.item(case_id, "head").people
    assert (first.overdue, first.due_this_week, first.suggested) == (1, 0, True)
    assert second.absence is not None
    assert (second.absence.last_day, second.absence.substitute, second.suggested) == (date(2026, 3, 20), "", False)
    desk.substitute(absent="executor2", by="executor", role=Role.EXECUTOR, first=date(2026, 3, 5), last=date(2026, 3, 6))
    _, second = desk.item(case_id, "head").people
    assert second.absence is not None
    assert (second.absence.substitute, second.absence.substitute_until) == ("Орындаушиев Нұрлан", date(2026, 3, 6))
    assert desk.case(busy).status is CaseStatus.OPEN


def test_how_many_queries_the_appointing_page_takes_does_not_depend_on_how_many_executors_there_are(desk: Desk) -> None:
    case_id = desk.file()
    desk.register(case_id)
    item = desk.item(case_id, "head").row.id

    head = desk.actor("head")
    before = count(lambda: viewing.work_item(desk.office, head, item))
    for number in range(5):
        add_person(desk.office, login=f"e{number}", name=f"Е {number}", password="x" * 12, roles=[Role.EXECUTOR], unit="provider")
    assert count(lambda: viewing.work_item(desk.office, head, item)) == before
    assert len(desk.item(case_id, "head").people) == 7


def test_rules_para_7_the_executor_sees_the_resolution_and_the_history_proves_it(desk: Desk) -> None:
    case_id = desk.file()
    desk.register(case_id)
    executor = desk.actor("executor").id
    desk.work(case_id, "head", "appointed", {"executor": executor, "instruction": "Жеке бақылауға алыңыз."})
    (resolution,) = desk.item(case_id, "executor").resolutions
    assert (resolution.text, resolution.author) == ("Жеке бақылауға алыңыз.", "Басшыбеков Ғани")
    with desk.office.reading() as uow:
        (appointed,) = [e for e in uow.history.of(case_id) if e.kind == "work-assigned"]
    assert len(appointed.details["resolution"]) == 64
    assert "бақылауға" not in str(appointed.details), "the words themselves are not in the chain"


# --- The check of completeness and what follows from it --------------------------------------------------------------


def test_rules_para_8_a_set_with_something_absent_cannot_be_found_complete_nor_a_whole_one_incomplete(desk: Desk) -> None:
    case_id = at_the_check(desk)
    item, executor = desk.item(case_id, "executor"), desk.actor("executor")

    def problems(outcome: str, **found: str) -> list[str]:
        answers = desk.documents(case_id, **found)
        with pytest.raises(Invalid) as raised:
            working.complete(desk.office, executor, item.row.id, rev=item.rev, outcome=outcome, answers=answers)
        return [problem.place for problem in raised.value.problems]

    assert problems("complete", foreign_trade_contract="absent") == ["completeness.documents[foreign_trade_contract]"]
    assert problems("incomplete") == ["completeness.documents"]
    desk.find_complete(case_id)


def test_rules_para_8_the_refusal_names_each_missing_and_expired_document_with_its_place(desk: Desk) -> None:
    case_id = at_the_check(desk)
    found = desk.documents(case_id, foreign_trade_contract="2026-02-27", importer_guarantee="absent")
    desk.work(case_id, "executor", "incomplete", found)
    item = desk.item(case_id, "executor")
    assert item.draft["grounds"] == ["incomplete-set"]
    assert [(each.rule.id, each.expires_on) for each in item.lacking] == [
        ("importer_guarantee", ""),
        ("foreign_trade_contract", "2026-02-27"),
    ]
    with pytest.raises(Invalid, match="Choose at least one ground"):
        desk.work(case_id, "executor", "drafted", {"grounds": []})
    desk.work(case_id, "executor", "drafted")
    desk.sign(case_id)
    case = desk.case(case_id, "company")
    letter = next(document for document in case.documents if document.kind == "discontinuation")
    said = words(viewing.document(desk.office, desk.actor("company"), letter.id)[1])
    assert "Стандарттың 8-тармағының 2) тармақшасы; Стандартқа 2-қосымша) — ұсынылмаған немесе толық ұсынылмаған" in said
    assert "қолданылу мерзімі өткен, соңғы күні — 2026 жылғы 27 ақпан" in said
    assert "срок действия истёк, последний день — 27 февраля 2026 года" in said


def test_standard_row_9_the_draft_of_a_refusal_in_substance_names_the_grounds_that_were_found(desk: Desk) -> None:
    case_id = at_the_check(desk)
    desk.find_complete(case_id)
    checks = {"data_true": "no", "requirements_met": "yes", "no_court_ban": "no", "special_right_kept": "yes"}
    desk.work(case_id, "executor", "does_not_meet", {**checks, "findings": "Шот-фактура жалған"})
    draft = desk.item(case_id, "executor").draft
    assert draft["grounds"] == ["false-data", "court-ban"]
    assert draft["rationale"] == "Шот-фактура жалған"


# --- Papers --------------------------------------------------------------------------------------------------------


def test_the_control_card_tells_the_whole_course_of_a_case(desk: Desk, clock: HandClock) -> None:
    today = clock.now().date()
    case_id = desk.file()
    desk.register(case_id)
    desk.substitute(absent="head", by="deputy", role=Role.HEAD, first=today, last=today)
    answers = {"executor": desk.actor("executor").id, "instruction": "Мерзімінен бұрын орындаңыз."}
    desk.work(case_id, "deputy", "appointed", answers)
    desk.find_complete(case_id)
    number, pdf = viewing.control_card(desk.office, desk.actor("clerk"), case_id, "kk")
    said = words(pdf)
    assert number == "2026-00001"
    for each in (
        "БАҚЫЛАУ ПАРАҒЫ",
        "№ 2026-00001",
        "02.03.2026 10:00",
        "«Үлгі» ЖШС",
        "Мерзімінен бұрын орындаңыз.",
        "Басшыбеков Ғани",  # in whose place the deputy acted
        "Орындаушиев Нұрлан",
        "contract.pdf",
        "2 жұмыс күні ішінде",
        "04.03.2026 18:30",  # two working days after Monday 2 March
        "Орындалуда",
    ):
        assert each in said, each
    assert "КОНТРОЛЬНЫЙ ЛИСТ" in words(viewing.control_card(desk.office, desk.actor("clerk"), case_id, "ru")[1])


def test_the_control_card_is_for_the_providers_own_people_alone(desk: Desk) -> None:
    case_id = desk.file()
    for login in ("company", "agency", "admin"):
        with pytest.raises(Forbidden):
            viewing.control_card(desk.office, desk.actor(login), case_id, "kk")
    with pytest.raises(NotFound):
        viewing.control_card(desk.office, desk.actor("clerk"), "nothing", "kk")


def test_the_journal_holds_every_registered_case_in_the_order_of_numbers_and_totals(desk: Desk, office: Office) -> None:
    numbering.set_numbering(office, desk.actor("admin"), "provider", "ЖТ-{serial}/{year}")
    cases = [desk.file() for _ in range(11)]
    for case_id in cases:
        desk.register(case_id)
    unregistered = desk.file()
    desk.appoint(cases[0])
    desk.work(cases[0], "executor", "incomplete", desk.documents(cases[0], foreign_trade_contract="absent"))
    desk.work(cases[0], "executor", "drafted")
    desk.sign(cases[0])
    rows = list(viewing.journal_lines(office, desk.actor("clerk"), YEAR))
    assert [row.number for row in rows] == [f"ЖТ-{n}/2026" for n in range(1, 12)], "10 comes after 9, not after 1"
    assert unregistered not in {row.case_id for row in rows}
    assert (rows[0].status, rows[0].documents, rows[0].executor) == (CaseStatus.DISCONTINUED, 3, "Орындаушиев Нұрлан")
    view = viewing.journal(office, desk.actor("head"), YEAR)
    assert (view.rows.total, dict(view.totals)) == (11, {CaseStatus.DISCONTINUED: 1, CaseStatus.OPEN: 10})
    (body,) = view.bodies
    only = JournalFilter(YEAR.first, YEAR.last, series=body[0], status=CaseStatus.DISCONTINUED)
    assert [row.number for row in viewing.journal_lines(office, desk.actor("head"), only)] == ["ЖТ-1/2026"]
    assert not list(viewing.journal_lines(office, desk.actor("head"), JournalFilter(date(2026, 3, 3), date(2026, 3, 4))))
    said = words(viewing.printed_journal(office, desk.actor("compliance"), YEAR, "kk"))
    assert "ЖТ-11/2026" in said
    assert "Одан әрі қараудан бас тартылды 1" in said


def test_the_journal_is_open_to_those_who_keep_and_supervise_it(desk: Desk, office: Office) -> None:
    for login in ("clerk", "head", "deputy", "compliance"):
        viewing.journal(office, desk.actor(login), YEAR)
    for login in ("executor", "company", "agency", "admin"):
        with pytest.raises(Forbidden):
            viewing.journal_lines(office, desk.actor(login), YEAR)
    with pytest.raises(Invalid, match="lies before"):
        viewing.journal(office, desk.actor("clerk"), JournalFilter(YEAR.last, YEAR.first))
