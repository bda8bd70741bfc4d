"""What standards 4 and 5 of Government resolution No 600 of 2014 (permits to bring in and take out) prescribe alike.

Every scenario begins on Monday 2 March 2026, 10:00 in Astana. Days off near it: Saturdays and Sundays, Monday 9 March
(8 March is a Sunday), and 23-25 March (Nauryz). The provider closes at 19:00.
"""

from __future__ import annotations

from datetime import date, datetime

import pytest

from app.cases import viewing
from app.domain.case import CaseStatus
from app.domain.errors import Invalid
from app.domain.passport import Channel
from tests import filling
from tests.clock import HandClock, astana
from tests.desk import Desk
from tests.scenarios.act001 import Service001

GROUNDS = ("documents-not-submitted", "third-country-restriction", "harm-to-security")


class PermitScenarios:
    """The scenarios of one of the two services, by its id."""

    id: str

    @pytest.fixture
    def service(self, desk: Desk) -> Service001:
        return Service001(desk, self.id, "issue")

    @pytest.mark.parametrize("channel", [Channel.PORTAL, Channel.E_LICENSING])
    def test_paras_4_and_6_a_permit_in_fifteen_calendar_days(self, service: Service001, channel: Channel) -> None:
        case_id = service.file(channel=channel, movement="export", country="Германия")
        case = service.case(case_id)
        assert case.registered_on == date(2026, 3, 2)
        # Fifteen calendar days after Monday 2 March: Tuesday 17 March, 19:00.
        assert case.result_due == astana(2026, 3, 17, 19)
        service.register(case_id)
        service.step(case_id, "executor", "examine")
        service.step(case_id, "executor", "no_obstacle")
        service.step(case_id, "executor", "drawn_up")
        service.step(case_id, "head", "sign")
        assert service.case(case_id).status is CaseStatus.ISSUED
        text = service.letter(case_id, "permit")
        assert "Германия" in text
        assert "Басшыбеков Ғани" in text

    def test_para_9_part_5_the_cabinet_gets_the_report_with_day_and_time_of_the_result(self, service: Service001) -> None:
        service.file()
        assert service.notices()[0].values == {"due": "2026-03-17T14:00:00+00:00"}  # Tuesday 17 March, 19:00 in Astana

    def test_para_9_part_4_at_the_office_the_copy_is_marked(self, service: Service001) -> None:
        case_id = service.file(channel=Channel.PROVIDER_OFFICE)
        assert service.notices() == []
        service.accept(case_id, accepted_at="10:20")
        mark = next(r for r in service.case(case_id, "head").records if r.form is not None and r.form.id == "acceptance")
        assert mark.answers["accepted_at"] == "10:20"
        service.step(case_id, "executor", "examine")
        assert service.case(case_id).number == "2026-00001"

    @pytest.mark.parametrize("missing", ["contract", "technical_documentation"])
    def test_para_9_part_2_a_request_without_its_documents_is_not_sent(self, service: Service001, missing: str) -> None:
        application = service.draft(without=[missing])
        with pytest.raises(Invalid) as refused:
            filling.sign_and_file(service.desk, application)
        assert [problem.place for problem in refused.value.problems] == [f"documents.{missing}"]

    # Samples

    def demand(self, service: Service001, channel: Channel = Channel.PORTAL) -> str:
        case_id = service.file(channel=channel)
        (service.accept if channel is Channel.PROVIDER_OFFICE else service.register)(case_id)
        service.step(case_id, "executor", "samples_needed", samples="Екі дана")
        return case_id

    @pytest.mark.parametrize(
        ("presented", "due"),
        [
            # Wednesday 4 March: two days did not count, so Tuesday 17 March becomes Thursday 19 March.
            (astana(2026, 3, 4, 12), astana(2026, 3, 19, 19)),
            # Friday 6 March: four days; Saturday 21 March, then Sunday and Nauryz on 23-25 → Thursday 26 March.
            (astana(2026, 3, 6, 12), astana(2026, 3, 26, 19)),
        ],
        ids=["two-days", "four-days-to-a-day-off"],
    )
    def test_para_4_the_days_for_presenting_samples_do_not_count(
        self, service: Service001, clock: HandClock, presented: datetime, due: datetime
    ) -> None:
        case_id = self.demand(service)
        assert service.demand() == "Samples are to be presented within 5 calendar days of this notice"
        # Five calendar days from the notice of Monday 2 March: Saturday 7 March; Sunday, Monday 9 off → Tuesday 10 March.
        item = service.desk.item(case_id, "clerk")
        assert (item.element.id, item.row.due_at) == ("receive_samples", astana(2026, 3, 10, 19))
        clock.move_to(presented)
        service.step(case_id, "chancellery", "presented")
        assert service.case(case_id).result_due == due
        service.step(case_id, "executor", "no_obstacle", samples_state="presented")
        assert {"term-stopped", "term-resumed"} <= set(service.desk.events(case_id))

    def test_para_4_at_the_office_the_five_days_run_from_the_receipt_of_the_written_notice(
        self, service: Service001, clock: HandClock
    ) -> None:
        case_id = self.demand(service, Channel.PROVIDER_OFFICE)
        clock.move_to(astana(2026, 3, 4, 12))
        service.step(case_id, "chancellery", "received", received_by="Мысалова Іңкәр")
        # From Wednesday 4 March: Monday 9 March is off → Tuesday 10 March.
        assert service.desk.item(case_id, "clerk").row.due_at == astana(2026, 3, 10, 19)
        clock.move_to(astana(2026, 3, 6, 12))
        service.step(case_id, "chancellery", "presented")
        # 2-4 March for the notice and 4-6 March for the samples did not count: 17 + 4 = Saturday 21 → Thursday 26 March.
        assert service.case(case_id).result_due == astana(2026, 3, 26, 19)

    def test_para_10_1_samples_that_do_not_come_may_be_a_ground_of_refusal(self, service: Service001) -> None:
        case_id = self.demand(service)
        service.desk.wait_until(astana(2026, 3, 10, 18, 59))
        assert service.desk.item(case_id, "clerk").element.id == "receive_samples"
        service.desk.wait_until(astana(2026, 3, 10, 19, 1))
        assert service.desk.item(case_id, "executor").element.id == "examine_means"
        # 2-10 March, eight days, did not count: 17 + 8 = Wednesday 25 March, Nauryz → Thursday 26 March.
        assert service.case(case_id).result_due == astana(2026, 3, 26, 19)
        service.step(case_id, "executor", "obstacle", samples_state="not-presented", findings="Үлгілер ұсынылмады")
        service.step(case_id, "executor", "drawn_up", grounds=["documents-not-submitted"])
        service.step(case_id, "head", "sign")
        assert "Үлгілер ұсынылмады" in service.letter(case_id, "refusal")

    # Refusal

    @pytest.mark.parametrize("ground", GROUNDS)
    def test_para_10_each_ground_leads_to_a_reasoned_refusal(self, service: Service001, ground: str) -> None:
        case_id = service.file()
        service.register(case_id)
        if ground == "documents-not-submitted":
            service.step(case_id, "executor", "not_submitted", documentation_present="absent", missing="Құжаттама жоқ")
        else:
            found = {"third-country-restriction": "third_country_restriction", "harm-to-security": "harm_possible"}[ground]
            service.step(case_id, "executor", "examine")
            service.step(case_id, "executor", "obstacle", **{found: "yes"})
        service.step(case_id, "executor", "drawn_up", grounds=[ground], rationale="Негіздеме")
        service.step(case_id, "head", "sign")

        case = service.case(case_id)
        assert case.status is CaseStatus.REFUSED
        assert case.decision is not None
        assert case.decision.grounds == (ground,)
        assert case.passport.ground(ground).wording.kk[:40] in service.letter(case_id, "refusal")

    def test_para_6_the_authorised_person_may_return_either_draft(self, service: Service001) -> None:
        for found, result in (("no_obstacle", CaseStatus.ISSUED), ("obstacle", CaseStatus.REFUSED)):
            case_id = service.file()
            service.register(case_id)
            service.step(case_id, "executor", "examine")
            service.step(case_id, "executor", found)
            service.step(case_id, "executor", "drawn_up")
            service.step(case_id, "head", "return_for_rework", remarks="Нақтылаңыз")
            service.step(case_id, "executor", "drawn_up")
            service.step(case_id, "head", "sign")
            assert service.case(case_id).status is result

    def test_para_6_part_2_the_result_is_printed_and_sealed_for_who_asks_for_paper(self, service: Service001) -> None:
        case_id = service.file(paper_wanted="yes")
        service.register(case_id)
        service.step(case_id, "executor", "not_submitted")
        service.step(case_id, "executor", "drawn_up")
        service.step(case_id, "head", "sign")
        assert service.letter(case_id, "refusal")  # it is in the cabinet already (part 3)
        assert service.case(case_id).status is CaseStatus.OPEN
        service.step(case_id, "chancellery", "handed_over")
        assert service.case(case_id).status is CaseStatus.REFUSED

    def test_the_act_is_repealed_and_runs_as_a_historical_edition_only(self, service: Service001) -> None:
        passport = viewing.passport_of(service.desk.office, service.service)
        assert passport.standing.status.value == "repealed"
        assert "№ 589" in passport.standing.reason.kk
