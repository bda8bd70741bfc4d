"""Annex 7 of order No 321 (guarantee obligation, end-user certificate), paragraph by paragraph, on both databases.

Every scenario begins on Monday 2 March 2026, 10:00 in Astana, unless it says otherwise. Days off near it: Saturdays and
Sundays, Monday 9 March (8 March is a Sunday), and 23-25 March (Nauryz, two of its days on a weekend).
"""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from app.cases import viewing
from app.domain.case import CaseStatus
from app.domain.people import Role
from app.domain.ports import Verdict
from tests.clock import HandClock, astana
from tests.desk import Desk

SUBSTANCE_GROUNDS = ("false-data", "not-meeting-requirements", "court-ban", "special-right-lost")


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def test_rules_paras_6_to_9_an_application_becomes_a_signed_certificate(desk: Desk) -> None:
    case_id = desk.file()
    case = desk.case(case_id)
    assert case.status is CaseStatus.OPEN
    assert case.registered_on == date(2026, 3, 2)
    # Seven working days after Monday 2 March: 3, 4, 5, 6, (7, 8 weekend, 9 off) 10, 11, 12 → Thursday 12 March, 18:30.
    assert case.result_due == astana(2026, 3, 12, 18, 30)

    desk.register(case_id)
    assert desk.case(case_id).number == "2026-00001"
    desk.appoint(case_id)
    desk.find_complete(case_id)
    desk.find_compliant(case_id)
    desk.draw_up(case_id)
    desk.sign(case_id)

    case = desk.case(case_id, "company")
    assert case.status is CaseStatus.ISSUED
    certificate = next(d for d in case.documents if d.kind == "certificate")
    assert [s.verdict for s in certificate.signatures] == [Verdict.VALID]
    assert certificate.signatures[0].name == "Басшыбеков Ғани"
    _, content = viewing.document(desk.office, desk.actor("company"), certificate.id)
    text = text_of(content)
    assert "Осциллограф" in text
    assert "Басшыбеков Ғани" in text


def test_rules_para_6_part_3_the_cabinet_shows_acceptance_with_the_day_of_the_result(desk: Desk) -> None:
    desk.file()
    notice = viewing.notices(desk.office, desk.actor("company")).rows[0]
    assert notice.sentence == "Your application was accepted. The result is due by %(due)s."
    assert notice.values == {"due": "2026-03-12T13:30:00+00:00"}  # 18:30 in Astana


def test_rules_para_7_documents_are_registered_on_the_day_they_come(desk: Desk) -> None:
    case_id = desk.file()
    # "On the day": the clerk's limit is the close of Monday 2 March, 18:30.
    assert desk.item(case_id, "clerk").row.due_at == astana(2026, 3, 2, 18, 30)


@pytest.mark.parametrize(
    ("filed", "registered_on", "due"),
    [
        # Friday 22 May 2026, 19:00 is after 18:30 → Monday 25 May. Seven working days: 26, (27 Kurban Ait) 28, 29,
        # 1, 2, 3, 4 June → Thursday 4 June.
        (astana(2026, 5, 22, 19), date(2026, 5, 25), astana(2026, 6, 4, 18, 30)),
        # Monday 9 March 2026 is off for Women's Day on Sunday → Tuesday 10 March. 11, 12, 13, 16, 17, 18, 19 March.
        (astana(2026, 3, 9, 11), date(2026, 3, 10), astana(2026, 3, 19, 18, 30)),
        # Before opening on a working day: the same day, Tuesday 3 March. 4, 5, 6, 10, 11, 12, 13 March.
        (astana(2026, 3, 3, 7), date(2026, 3, 3), astana(2026, 3, 13, 18, 30)),
    ],
    ids=["friday-19:00", "holiday", "before-opening"],
)
def test_rules_para_7_part_2_what_comes_after_hours_is_registered_on_the_next_working_day(
    desk: Desk, clock: HandClock, filed: object, registered_on: date, due: object
) -> None:
    clock.move_to(filed)  # type: ignore[arg-type]
    case = desk.case(desk.file())
    assert case.received_at == filed
    assert case.registered_on == registered_on
    assert case.result_due == due


class TestMovedWorkingSaturday:
    """Saturday 4 May 2024 was worked in place of Wednesday 8 May (order of the labour minister)."""

    @pytest.fixture
    def clock(self) -> HandClock:
        return HandClock(astana(2024, 5, 3, 19))  # Friday evening, after hours

    def test_rules_para_7_part_2_a_moved_saturday_is_the_next_working_day(self, desk: Desk) -> None:
        case = desk.case(desk.file())
        assert case.registered_on == date(2024, 5, 4)
        # From Saturday 4 May: 6, (7, 8, 9 off) 10, 13, 14, 15, 16, 17 May → Friday 17 May.
        assert case.result_due == astana(2024, 5, 17, 18, 30)


def incomplete(desk: Desk) -> str:
    """A case whose executor found the set incomplete and drafted the refusal of further consideration."""
    case_id = desk.file()
    desk.register(case_id)
    desk.appoint(case_id)
    found = desk.documents(case_id, foreign_trade_contract="absent")
    desk.work(case_id, "executor", "incomplete", {**found, "missing": "Сыртқы сауда шарты ұсынылмаған"})
    return case_id


def test_rules_para_8_an_incomplete_set_is_refused_further_consideration_in_two_working_days(desk: Desk) -> None:
    case_id = incomplete(desk)
    # Two working days after Monday 2 March: Wednesday 4 March, 18:30; the refusal is part of the check.
    assert desk.item(case_id, "executor").row.due_at == astana(2026, 3, 4, 18, 30)
    desk.work(case_id, "executor", "drafted", {"grounds": ["incomplete-set"]})
    desk.sign(case_id)

    case = desk.case(case_id, "company")
    assert case.status is CaseStatus.DISCONTINUED
    assert case.ended_at is not None
    assert case.ended_at <= astana(2026, 3, 4, 18, 30)
    letter = next(d for d in case.documents if d.kind == "discontinuation")
    _, content = viewing.document(desk.office, desk.actor("company"), letter.id)
    assert "Сыртқы сауда шарты ұсынылмаған" in text_of(content)
    assert [s.verdict for s in letter.signatures] == [Verdict.VALID]


@pytest.mark.parametrize("ground", SUBSTANCE_GROUNDS)
def test_standard_row_9_the_service_is_refused_on_each_ground(desk: Desk, ground: str) -> None:
    case_id = desk.file()
    desk.register(case_id)
    desk.appoint(case_id)
    desk.find_complete(case_id)
    checks = dict.fromkeys(("data_true", "requirements_met", "no_court_ban", "special_right_kept"), "yes")
    failed = dict(zip(SUBSTANCE_GROUNDS, checks, strict=True))[ground]
    desk.work(case_id, "executor", "does_not_meet", {**checks, failed: "no", "findings": "Тексеру нәтижесі"})
    desk.work(case_id, "executor", "drawn_up", {"grounds": [ground]})
    desk.sign(case_id)

    case = desk.case(case_id, "company")
    assert case.status is CaseStatus.REFUSED
    assert case.decision is not None
    assert case.decision.grounds == (ground,)
    letter = next(d for d in case.documents if d.kind == "refusal")
    _, content = viewing.document(desk.office, desk.actor("company"), letter.id)
    wording = case.passport.ground(ground).wording.kk
    printed = " ".join(text_of(content).split())
    assert " ".join(wording.split())[:40] in printed


def test_rules_para_8_part_2_registers_are_asked_through_the_gateway(desk: Desk) -> None:
    case_id = desk.file()
    desk.register(case_id)
    desk.appoint(case_id)
    desk.find_complete(case_id)
    lookups = desk.case(case_id).lookups
    assert lookups
    assert all(lookup.found and lookup.simulated for lookup in lookups)
    assert {lookup.register for lookup in lookups} >= {"legal-entity"}


def test_rules_para_9_four_days_for_compliance_and_one_for_the_result(desk: Desk, clock: HandClock) -> None:
    case_id = desk.file()
    desk.register(case_id)
    desk.appoint(case_id)
    clock.move_to(astana(2026, 3, 4, 12))
    desk.find_complete(case_id)
    # Four working days from Wednesday 4 March, the day of the check: 5, 6, (7-9 off) 10, 11 → Wednesday 11 March.
    assert desk.item(case_id, "executor").row.due_at == astana(2026, 3, 11, 18, 30)
    clock.move_to(astana(2026, 3, 11, 15))
    desk.find_compliant(case_id)
    # One working day from Wednesday 11 March: Thursday 12 March, the very end of the seven days of para 6.
    assert desk.item(case_id, "executor").row.due_at == astana(2026, 3, 12, 18, 30)
    assert desk.case(case_id).result_due == astana(2026, 3, 12, 18, 30)


def test_rules_para_9_part_3_the_person_replacing_the_head_signs_by_order(desk: Desk) -> None:
    case_id = desk.file()
    desk.register(case_id)
    desk.appoint(case_id)
    desk.find_complete(case_id)
    desk.find_compliant(case_id)
    desk.draw_up(case_id)
    desk.substitute(absent="head", by="deputy", role=Role.HEAD, first=date(2026, 3, 2), last=date(2026, 3, 6))
    desk.sign(case_id, "deputy")

    case = desk.case(case_id)
    assert case.status is CaseStatus.ISSUED
    certificate = next(d for d in case.documents if d.kind == "certificate")
    assert certificate.signatures[0].name == "Орынбаев Өмір"
    assert certificate.signatures[0].on_behalf_of == "Басшыбеков Ғани (№ 17-ж, 2026-03-02)"
    signed = next(e for e in case.timeline if e.kind.value == "document-signed")
    assert (signed.actor, signed.on_behalf_of) == ("Орынбаев Өмір", "Басшыбеков Ғани (№ 17-ж, 2026-03-02)")
    _, content = viewing.document(desk.office, desk.actor("head"), certificate.id)
    assert "17-ж" in text_of(content)


def test_rules_para_9_part_3_a_substitution_that_has_ended_opens_nothing(desk: Desk, clock: HandClock) -> None:
    desk.substitute(absent="head", by="deputy", role=Role.HEAD, first=date(2026, 3, 2), last=date(2026, 3, 3))
    clock.move_to(astana(2026, 3, 4))
    case_id = desk.file()
    desk.register(case_id)
    assert [r for r in viewing.inbox(desk.office, desk.actor("deputy")).rows if r.case_id == case_id] == []
    assert desk.item(case_id, "head").row.step.en == "Appoint the responsible executor"


def test_rules_para_10_reissue_on_changed_contract_terms_goes_the_way_of_issue(desk: Desk) -> None:
    case_id = desk.file(variant="reissue")
    case = desk.case(case_id)
    assert case.variant.en.startswith("Reissue")
    assert case.answers["application"]["former_certificate_no"] == "2025-00007"
    desk.to_the_certificate(case_id)
    assert desk.case(case_id).status is CaseStatus.ISSUED


def test_standard_row_8_2_the_end_user_signs_the_guarantee_too(desk: Desk) -> None:
    from app.bootstrap.demonstration import END_USER, END_USER_BIN

    case_id = desk.file(f2_end_user=END_USER, f2_end_user_bin=END_USER_BIN)
    guarantee = next(d for d in desk.case(case_id).documents if d.kind == "importer_guarantee")
    assert [s.name for s in guarantee.signatures] == ["Мысалова Іңкәр", "Пайдаланушиев Әлі"]


def test_a_step_past_its_limit_goes_to_the_superior(desk: Desk) -> None:
    case_id = desk.file()
    desk.register(case_id)
    desk.appoint(case_id)
    desk.wait_until(astana(2026, 3, 4, 18, 29))  # a minute before the limit of para 8
    assert "escalated" not in desk.events(case_id)
    assert desk.events(case_id).count("reminded") == 1  # at opening on the last day, Wednesday 4 March 09:00

    desk.wait_until(astana(2026, 3, 4, 18, 31))
    assert desk.events(case_id).count("escalated") == 1
    assert desk.item(case_id, "executor").row.escalated
    told = [n.sentence for n in viewing.notices(desk.office, desk.actor("head")).rows]
    assert "“%(step)s” of case %(number)s is overdue since %(due)s." in told


def test_the_head_sends_a_draft_back_and_signs_the_better_one(desk: Desk) -> None:
    case_id = desk.file()
    desk.register(case_id)
    desk.appoint(case_id)
    desk.find_complete(case_id)
    desk.find_compliant(case_id)
    desk.draw_up(case_id)
    desk.work(case_id, "head", "return_for_rework", {"remarks": "4-тармақты нақтылаңыз"})
    again = desk.item(case_id, "executor")
    assert again.draft["f1_importer"] == "Қазақстан, Астана қ., Мәңгілік Ел даңғылы, 8"  # what was drawn up is kept
    assert again.case.records[-1].answers == {"remarks": "4-тармақты нақтылаңыз"}
    desk.draw_up(case_id)
    desk.sign(case_id)
    assert desk.case(case_id).status is CaseStatus.ISSUED


def test_the_term_of_the_whole_service_is_watched_to_its_end(desk: Desk) -> None:
    case_id = desk.file()
    desk.wait_until(astana(2026, 3, 12, 18, 31))
    kinds = [(e.kind.value, e.details.get("timer")) for e in desk.case(case_id).timeline if e.details.get("timer")]
    assert ("reminded", "service-reminder") in kinds
    assert ("deadline-passed", "service-deadline") in kinds
