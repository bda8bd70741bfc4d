"""Standard 7 of Government resolution No 600 of 2014 (registration of notifications), paragraph by paragraph, on both databases.

Every scenario begins on Monday 2 March 2026, 10:00 in Astana. Days off near it: Saturdays and Sundays, Monday 9 March
(8 March is a Sunday). The provider closes at 19:00.
"""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.case import CaseStatus
from app.domain.errors import Invalid
from app.domain.passport import Channel
from tests import filling
from tests.clock import HandClock, astana
from tests.desk import Desk
from tests.scenarios.act001 import Service001

IDENTIFIER = "01000000001"  # categories 2 and 11
ALGORITHMS = [{"algorithm": "AES-256", "category": "2"}, {"algorithm": "ГОСТ 28147-89", "category": "11"}]


@pytest.fixture
def service(desk: Desk) -> Service001:
    return Service001(desk, "knb-encryption-notification-registration", "registration")


def to_the_examination(service: Service001, **given: object) -> str:
    """Filed on the portal, found complete, the originals brought."""
    case_id = service.file(identifier=IDENTIFIER, algorithms=ALGORITHMS, **given)
    service.register(case_id)
    service.step(case_id, "executor", "complete")
    service.step(case_id, "chancellery", "presented")
    return case_id


def decide(service: Service001, case_id: str, **given: object) -> None:
    service.step(case_id, "executor", "drawn_up", **given)
    service.step(case_id, "head", "sign")


@pytest.mark.parametrize("channel", [Channel.PORTAL, Channel.E_LICENSING])
def test_paras_4_and_6_a_notification_is_registered_in_ten_working_days(service: Service001, channel: Channel) -> None:
    case_id = to_the_examination(service, channel=channel, product_name="Шифрланған байланыс модулі")
    case = service.case(case_id)
    assert case.registered_on == date(2026, 3, 2)
    # Ten working days after Monday 2 March: 3, 4, 5, 6, (7, 8 weekend, 9 off) 10, 11, 12, 13, 16, 17 → Tuesday 17 March.
    assert case.result_due == astana(2026, 3, 17, 19)
    service.step(case_id, "executor", "register")
    decide(service, case_id)

    # The decision is electronic and on paper: it is in the cabinet, and the case ends when it is handed over.
    text = service.letter(case_id, "registration")
    for printed in ("Шифрланған байланыс модулі", IDENTIFIER, "ГОСТ 28147-89", "2026-00001"):
        assert printed in text
    assert service.case(case_id).status is CaseStatus.OPEN
    service.step(case_id, "chancellery", "handed_over", handed_to="Мысалова Іңкәр")
    assert service.case(case_id).status is CaseStatus.ISSUED


def test_para_9_part_5_the_cabinet_gets_the_report_with_day_and_time_of_the_result(service: Service001) -> None:
    service.file()
    assert service.notices()[0].values == {"due": "2026-03-17T14:00:00+00:00"}  # Tuesday 17 March, 19:00 in Astana


def test_para_9_part_1_the_office_takes_two_copies_the_medium_and_the_legalised_original(service: Service001) -> None:
    rules = {rule.id for rule in service.passport.variant("registration").documents if Channel.PROVIDER_OFFICE in rule.channels}
    assert rules == {"notification_copies", "notification_medium", "authority_paper", "translation_paper"}
    case_id = service.file(channel=Channel.PROVIDER_OFFICE)
    assert service.notices() == []  # the mark on the copy of the cover letter is the receipt
    service.accept(case_id, copies="2")
    mark = next(r for r in service.case(case_id, "head").records if r.form is not None and r.form.id == "acceptance")
    assert (mark.answers["copies"], mark.answers["authority_present"]) == ("2", "present")
    # Nothing more is to be brought: the notification is examined at once.
    assert service.desk.item(case_id, "executor").element.id == "examine_notification"
    service.step(case_id, "executor", "register")
    decide(service, case_id)
    service.step(case_id, "chancellery", "handed_over")
    assert service.case(case_id).status is CaseStatus.ISSUED


@pytest.mark.parametrize("missing", ["notification_xls", "authority_scan", "translation_scan"])
def test_para_9_part_2_a_request_without_its_documents_is_not_sent(service: Service001, missing: str) -> None:
    application = service.draft(authority_language="foreign", without=[missing])
    with pytest.raises(Invalid) as refused:
        filling.sign_and_file(service.desk, application)
    assert [problem.place for problem in refused.value.problems] == [f"documents.{missing}"]


@pytest.mark.parametrize("identifier", ["0101", "010101010101", "01010101012", "0101010101a"])
def test_annex_2_the_identifier_has_eleven_characters_of_nought_and_one(service: Service001, identifier: str) -> None:
    application = service.draft(identifier=identifier)
    with pytest.raises(Invalid) as refused:
        filling.sign_and_file(service.desk, application)
    assert [problem.place for problem in refused.value.problems] == ["notification.identifier"]


def test_para_9_part_6_the_provider_draws_the_data_itself(service: Service001) -> None:
    company, person = service.file(), service.file("applicant", applicant_kind="individual")
    service.register(company)
    service.register(person)
    assert {lookup.register for lookup in service.case(company, "head").lookups} == {"legal-entity"}
    assert {lookup.register for lookup in service.case(person, "head").lookups} == {"identity-document"}


def test_para_9_part_3_the_originals_are_due_three_working_days_after_the_notice(service: Service001, clock: HandClock) -> None:
    case_id = service.file()
    service.register(case_id)
    clock.move_to(astana(2026, 3, 5, 12))
    service.step(case_id, "executor", "complete")
    assert "within 3 working days of this notice" in service.demand()
    # From Thursday 5 March: 6, (7, 8 weekend, 9 off) 10, 11 → Wednesday 11 March.
    item = service.desk.item(case_id, "clerk")
    assert (item.element.id, item.row.due_at) == ("receive_originals", astana(2026, 3, 11, 19))
    clock.move_to(astana(2026, 3, 10, 12))
    service.step(case_id, "chancellery", "presented", authority_document="original", notification_copies="two-copies")
    # The act does not say that these days do not count: the ten working days run on.
    assert service.case(case_id).result_due == astana(2026, 3, 17, 19)
    assert "term-stopped" not in service.desk.events(case_id)


def test_para_9_part_3_without_originals_the_notification_is_decided_on_as_it_is(service: Service001) -> None:
    case_id = service.file()
    service.register(case_id)
    service.step(case_id, "executor", "complete")
    # From Monday 2 March: 3, 4, 5 → Thursday 5 March, 19:00.
    service.desk.wait_until(astana(2026, 3, 5, 18, 59))
    assert service.desk.item(case_id, "clerk").element.id == "receive_originals"
    service.desk.wait_until(astana(2026, 3, 5, 19, 1))
    assert service.desk.item(case_id, "executor").element.id == "examine_notification"
    service.step(case_id, "executor", "do_not_register", originals="no", findings="Түпнұсқа ұсынылмады")
    decide(service, case_id, grounds=["documents-incomplete"])
    assert "Түпнұсқа ұсынылмады" in service.letter(case_id, "non-registration")


@pytest.mark.parametrize("ground", ["documents-incomplete", "not-drawn-up-by-rules"])
def test_para_6_a_decision_not_to_register_names_what_the_act_required(service: Service001, ground: str) -> None:
    if ground == "documents-incomplete":
        case_id = service.file()
        service.register(case_id)
        service.step(case_id, "executor", "incomplete", xls_present="absent", missing="*.xls жоқ")
    else:
        case_id = to_the_examination(service)
    service.step(case_id, "executor", "do_not_register", drawn_up_by_rules="no", findings="Сәйкес емес")
    decide(service, case_id, grounds=[ground])
    text = service.letter(case_id, "non-registration")
    service.step(case_id, "chancellery", "handed_over")

    case = service.case(case_id)
    assert case.status is CaseStatus.REFUSED
    assert case.decision is not None
    assert case.decision.grounds == (ground,)
    assert case.passport.ground(ground).wording.kk[:40] in text


def test_para_6_the_authorised_person_may_return_either_draft(service: Service001) -> None:
    for found, status in (("register", CaseStatus.ISSUED), ("do_not_register", CaseStatus.REFUSED)):
        case_id = to_the_examination(service)
        service.step(case_id, "executor", found)
        service.step(case_id, "executor", "drawn_up")
        service.step(case_id, "head", "return_for_rework", remarks="Нақтылаңыз")
        decide(service, case_id)
        service.step(case_id, "chancellery", "handed_over")
        assert service.case(case_id).status is status


def test_the_act_is_repealed_and_runs_as_a_historical_edition_only(service: Service001) -> None:
    assert service.passport.standing.status.value == "repealed"
    assert "№ 589" in service.passport.standing.reason.kk
