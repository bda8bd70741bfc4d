"""Standard 6 of Government resolution No 600 of 2014 (technical examination of goods), paragraph by paragraph, on both databases.

Every scenario begins on Monday 2 March 2026, 10:00 in Astana. Days off near it: Saturdays and Sundays, Monday 9 March
(8 March is a Sunday), and 23-25 March (Nauryz). The provider closes at 19:00.
"""

from __future__ import annotations

from datetime import date

import pytest

from app.cases import viewing
from app.domain.case import CaseStatus
from app.domain.errors import Invalid
from app.domain.passport import Channel
from tests import filling
from tests.clock import HandClock, astana
from tests.desk import Desk
from tests.scenarios.act001 import Service001


@pytest.fixture
def service(desk: Desk) -> Service001:
    return Service001(desk, "knb-technical-examination-of-goods", "examination")


def ask_for_a_sample(service: Service001, case_id: str) -> None:
    service.step(case_id, "expert", "sample_needed", sample="Бір дана", difficulty="Алгоритм көрсетілмеген")


def conclude(service: Service001, case_id: str, basis: str = "documents", **findings: str) -> None:
    service.step(case_id, "expert", "drawn_up", basis=basis, cryptographic_means="yes", special_means="no", **findings)
    service.step(case_id, "head", "sign")


@pytest.mark.parametrize("channel", [Channel.PORTAL, Channel.E_LICENSING])
def test_paras_4_and_6_a_conclusion_on_the_documents_in_five_working_days(service: Service001, channel: Channel) -> None:
    case_id = service.file(channel=channel)
    case = service.case(case_id)
    assert case.registered_on == date(2026, 3, 2)
    # Five working days after Monday 2 March: 3, 4, 5, 6, (7, 8 weekend, 9 off) 10 → Tuesday 10 March, 19:00.
    assert case.result_due == astana(2026, 3, 10, 19)
    service.register(case_id)
    assert service.case(case_id).number == "2026-00001"
    service.step(case_id, "expert", "clear", findings="AES-256 іске асырылған")
    conclude(service, case_id)

    case = service.case(case_id)
    assert case.status is CaseStatus.ISSUED
    text = service.letter(case_id, "conclusion")
    assert "AES-256 іске асырылған" in text
    assert "Басшыбеков Ғани" in text


def test_para_9_part_4_the_cabinet_gets_the_report_with_day_and_time_of_the_result(service: Service001) -> None:
    service.file()
    notice = service.notices()[0]
    assert notice.sentence == "Your application was accepted. The result is due by %(due)s."
    assert notice.values == {"due": "2026-03-10T14:00:00+00:00"}  # Tuesday 10 March, 19:00 in Astana


def test_para_9_part_3_at_the_office_the_copy_is_marked_and_no_electronic_signature_is_asked(service: Service001) -> None:
    case_id = service.file(channel=Channel.PROVIDER_OFFICE)
    assert service.notices() == []  # the mark on the copy is the receipt
    service.accept(case_id, accepted_at="10:20")
    mark = next(r for r in service.case(case_id, "head").records if r.form is not None and r.form.id == "acceptance")
    assert (mark.answers["accepted_on"], mark.answers["accepted_at"]) == ("2026-03-02", "10:20")
    assert service.case(case_id).number == "2026-00001"
    service.step(case_id, "expert", "clear")
    conclude(service, case_id)
    assert service.case(case_id).status is CaseStatus.ISSUED


def test_para_9_the_applicant_answers_for_a_whole_package(service: Service001) -> None:
    application = service.draft(without=["technical_documentation"])
    with pytest.raises(Invalid) as refused:
        filling.sign_and_file(service.desk, application)
    assert [p.place for p in refused.value.problems] == ["documents.technical_documentation"]


def test_para_9_contracts_are_due_only_when_there_are_any(service: Service001) -> None:
    application = service.draft(has_supply_contract="yes", without=["supply_contracts"])
    with pytest.raises(Invalid) as refused:
        filling.sign_and_file(service.desk, application)
    assert [p.place for p in refused.value.problems] == ["documents.supply_contracts"]


def test_para_4_the_term_becomes_thirty_calendar_days_from_the_sample(service: Service001, clock: HandClock) -> None:
    case_id = service.file()
    service.register(case_id)
    ask_for_a_sample(service, case_id)
    assert service.demand() == "A sample of the goods is to be presented within 5 working days of this notice"
    # Five working days to present it, from the notice of Monday 2 March: 3, 4, 5, 6, 10 March.
    assert service.desk.item(case_id, "clerk").row.due_at == astana(2026, 3, 10, 19)

    clock.move_to(astana(2026, 3, 4, 12))
    service.step(case_id, "chancellery", "presented")
    # Thirty calendar days from Wednesday 4 March: 27 to the end of March (31st), 3 more → Friday 3 April, 19:00.
    assert service.case(case_id).result_due == astana(2026, 4, 3, 19)
    changed = next(e for e in service.case(case_id, "head").timeline if e.kind.value == "term-changed")
    assert changed.paragraph == "Standard para 4 (1) part 2"

    service.step(case_id, "expert", "examined", findings="Үлгіде кілт генераторы бар")
    conclude(service, case_id, "sample")
    assert "Үлгіде кілт генераторы бар" in service.letter(case_id, "conclusion")


def test_para_4_thirty_calendar_days_that_end_on_a_day_off_end_on_the_next_working_day(
    service: Service001, clock: HandClock
) -> None:
    case_id = service.file()
    service.register(case_id)
    ask_for_a_sample(service, case_id)
    clock.move_to(astana(2026, 3, 5, 12))
    service.step(case_id, "chancellery", "presented")
    # Thirty calendar days from Thursday 5 March: Saturday 4 April → Monday 6 April.
    assert service.case(case_id).result_due == astana(2026, 4, 6, 19)


def test_para_4_at_the_office_the_five_days_run_from_the_receipt_of_the_written_notice(
    service: Service001, clock: HandClock
) -> None:
    case_id = service.file(channel=Channel.PROVIDER_OFFICE)
    service.accept(case_id)
    ask_for_a_sample(service, case_id)
    clock.move_to(astana(2026, 3, 4, 12))
    service.step(case_id, "chancellery", "received", received_by="Мысалова Іңкәр")
    # From Wednesday 4 March: 5, 6, (7, 8 weekend, 9 off) 10, 11, 12 → Thursday 12 March.
    assert service.desk.item(case_id, "clerk").row.due_at == astana(2026, 3, 12, 19)


def test_para_4_without_a_sample_in_five_working_days_what_was_left_of_the_term_runs_on(
    service: Service001, clock: HandClock
) -> None:
    case_id = service.file()
    service.register(case_id)
    clock.move_to(astana(2026, 3, 4, 12))
    ask_for_a_sample(service, case_id)
    # From Wednesday 4 March: 5, 6, 10, 11, 12 → Thursday 12 March, 19:00.
    service.desk.wait_until(astana(2026, 3, 12, 18, 59))
    assert service.desk.item(case_id, "clerk").element.id == "receive_sample"
    service.desk.wait_until(astana(2026, 3, 12, 19, 1))
    assert service.desk.item(case_id, "expert").element.id == "draw_up_conclusion"
    # Of the five days 3 and 4 March were used when the sample was asked for; three are left after 12 March: 13, 16, 17.
    assert service.case(case_id).result_due == astana(2026, 3, 17, 19)
    conclude(service, case_id, "sample-not-presented")
    case = service.case(case_id)
    assert case.status is CaseStatus.ISSUED
    assert "сұралған үлгі ұсынылмаған" in service.letter(case_id, "conclusion")


def test_para_4_the_term_stands_still_while_the_sample_is_awaited(service: Service001) -> None:
    case_id = service.file()
    service.register(case_id)
    ask_for_a_sample(service, case_id)
    service.desk.wait_until(astana(2026, 3, 10, 18))  # the day on which the five days of the service would have ended
    assert "term-stopped" in service.desk.events(case_id)
    assert "deadline-passed" not in service.desk.events(case_id)


def test_para_6_part_2_the_result_is_printed_and_sealed_for_who_asks_for_paper(service: Service001) -> None:
    case_id = service.file(paper_wanted="yes")
    service.register(case_id)
    service.step(case_id, "expert", "clear")
    conclude(service, case_id)
    assert service.case(case_id).status is CaseStatus.OPEN
    assert service.letter(case_id, "conclusion")  # it is in the cabinet already (part 3)
    service.step(case_id, "chancellery", "handed_over")
    assert service.case(case_id).status is CaseStatus.ISSUED


def test_para_6_the_authorised_person_may_return_a_draft(service: Service001) -> None:
    case_id = service.file()
    service.register(case_id)
    service.step(case_id, "expert", "clear")
    service.step(case_id, "expert", "drawn_up")
    service.step(case_id, "head", "return_for_rework", remarks="Негіздемені нақтылаңыз")
    conclude(service, case_id, document_findings="Нақтыланған тұжырым")
    assert "Нақтыланған тұжырым" in service.letter(case_id, "conclusion")


def test_the_act_is_repealed_and_runs_as_a_historical_edition_only(service: Service001) -> None:
    passport = viewing.passport_of(service.desk.office, service.service)
    assert (passport.standing.status.value, passport.standing.until) == ("repealed", None)
    assert "№ 589" in passport.standing.reason.kk
