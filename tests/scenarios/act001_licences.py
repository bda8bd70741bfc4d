"""What holds of each of the three licences of act 001 (standards 1-3 of Government resolution No 600 of 2014).

A service's own module inherits these scenarios and says what is particular to it. Every scenario begins on Monday 2 March 2026,
10:00 in Astana, unless it says otherwise; the office works from 9 to 19 with lunch from 13 to 15. Days off near it: Saturdays and
Sundays, Monday 9 March (8 March is a Sunday), and 23-25 March (Nauryz, two of its days on a weekend). The index is 4325 tenge
in 2026.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

import pytest

from app.bootstrap.demonstration import COMPANY_BIN
from app.cases import drafting, filing, paying, viewing
from app.domain.answers import documents_in, holds
from app.domain.case import CaseStatus
from app.domain.errors import Forbidden, Invalid
from app.domain.fees import BANK
from app.domain.passport import Channel, StandingStatus
from app.domain.terms import Term
from tests.clock import HandClock, astana
from tests.desk import PDF, Desk
from tests.scenarios.act001 import Service001

OFFICE, PORTAL, E_LICENSING = Channel.PROVIDER_OFFICE, Channel.PORTAL, Channel.E_LICENSING
GROUNDS = ("activity-prohibited", "fee-not-paid", "qualification-not-met", "court-sentence", "court-ban")
QUESTIONS = dict(zip(GROUNDS, ("prohibited", "unpaid", "unqualified", "sentenced", "banned"), strict=True))


class Licence(Service001):
    """One of the three services."""

    def draft(self, login: str = "company", channel: Channel = PORTAL, **given: Any) -> str:
        """A whole draft of an organisation or an entrepreneur; its fee is paid `by` the gateway, or at a bank with its proof."""
        kind = "individual-entrepreneur" if login == "trader" else "legal-entity"
        return super().draft(login, channel, **{"applicant_kind": kind, **given})

    def due_documents(self, application: str, login: str = "company") -> list[str]:
        """What is asked for, by the answers of the draft."""
        view = viewing.application(self.desk.office, self.desk.actor(login), application)
        rules = documents_in(self.passport.variant(self.variant), view.channel)
        return [rule.id for rule in rules if holds(rule.required, view.names)]

    def waits_for(self, case_id: str) -> list[str]:
        """The elements the case waits at."""
        return [mark.element for mark in self.case(case_id, "head").marks if mark.mark != "done"]

    def to_the_grounds(self, case_id: str) -> None:
        """From the number to the responsible officer's check of the grounds, by whatever steps the application needs."""
        if self.variant == "issue":
            self.step(case_id, "executor", "complete")
        if self.waits_for(case_id) == ["hold_examination"]:
            self.step(case_id, "expert", "passed")

    def to_the_signature(self, case_id: str) -> None:
        self.to_the_grounds(case_id)
        self.step(case_id, "executor", "none")
        self.step(case_id, "executor", "drawn_up")

    def to_the_licence(self, case_id: str) -> None:
        self.to_the_signature(case_id)
        self.step(case_id, "head", "sign")


class LicenceScenarios:
    """Inherited by the module of each service."""

    service: ClassVar[str]
    fees: ClassVar[dict[str, str]]  # by variant, in tenge of 2026
    activity: ClassVar[str]  # as the licence prints it
    copies: ClassVar[tuple[str, ...]]  # annexed to the data of annex 3 by who applies for everything
    everything: ClassVar[dict[str, str]]  # the answers that apply for the whole activity

    def licence(self, desk: Desk, variant: str = "issue") -> Licence:
        return Licence(desk, self.service, variant)

    # Paragraph 4: the terms; paragraphs 6 and 9: the way of each variant

    def test_para_4_1_a_licence_is_issued_through_the_portal_in_fifteen_working_days(self, desk: Desk) -> None:
        """Paras 4 (1), 6, 9 part 2 (1), 10 (6): receipt, number, completeness, examination, grounds, licence."""
        this = self.licence(desk)
        case_id = this.file(**self.everything)
        # 3, 4, 5, 6, (7-8 weekend, 9 off) 10-13, 16-20, (21-25 weekend and Nauryz) 26, 27 → the 15th is Friday 27 March.
        assert this.case(case_id).result_due == astana(2026, 3, 27, 19)
        assert this.notices()[0].values == {"due": "2026-03-27T14:00:00+00:00"}  # 19:00 in Astana, in the report of para 9 part 4

        this.register(case_id)
        this.step(case_id, "executor", "complete")
        this.step(case_id, "expert", "passed")
        this.step(case_id, "executor", "none")
        this.step(case_id, "executor", "drawn_up")
        this.step(case_id, "head", "sign")

        assert this.case(case_id).status is CaseStatus.ISSUED
        printed = this.letter(case_id, "licence")
        assert self.activity in printed
        assert "Лицензия" in printed
        assert "ТЕЛНҰСҚА" not in printed

    def test_para_4_1_a_licence_is_reissued_in_ten_working_days_without_a_completeness_check(self, desk: Desk) -> None:
        """Paras 4 (1), 9 part 2 (2), 10 (6): the two days are written for an application for issue only."""
        this = self.licence(desk, "reissue")
        case_id = this.file(reissue_reason="Атауы өзгерді", licence_number="13-77")
        # 3-6, 10-13, 16, 17 → the tenth is Tuesday 17 March.
        assert this.case(case_id).result_due == astana(2026, 3, 17, 19)
        this.register(case_id)
        assert this.waits_for(case_id) == ["check_grounds"]
        this.to_the_licence(case_id)
        assert this.case(case_id).status is CaseStatus.ISSUED
        printed = this.letter(case_id, "licence")
        assert "қайта ресімделді" in printed
        assert "13-77" in printed
        assert "Атауы өзгерді" in printed

    def test_para_4_1_a_duplicate_of_a_lost_licence_is_issued_in_two_working_days(self, desk: Desk) -> None:
        """Paras 4 (1), 9 part 2 (3); nothing is to be returned, for the licence is lost."""
        this = self.licence(desk, "duplicate")
        case_id = this.file(duplicate_reason="lost", licence_number="13-77")
        # 3, 4 → Wednesday 4 March.
        assert this.case(case_id).result_due == astana(2026, 3, 4, 19)
        this.register(case_id)
        this.to_the_licence(case_id)
        assert this.case(case_id).status is CaseStatus.ISSUED
        printed = this.letter(case_id, "licence")
        assert "ТЕЛНҰСҚА" in printed
        assert "13-77" in printed

    def test_para_9_part_3_at_the_office_the_package_is_marked_and_a_paper_licence_handed_over(self, desk: Desk) -> None:
        """Paras 3 part 2, 6 part 2, 7 part 3, 9 part 1 (1) and part 3: paper in, the bank's proof, paper with seal out."""
        this = self.licence(desk)
        case_id = this.file(channel=OFFICE, by=BANK, paper_licence=True, **self.everything)
        assert this.waits_for(case_id) == ["accept_package"]
        this.accept(case_id, accepted_at="10:20")
        assert next(r for r in this.case(case_id, "head").records if "accepted_at" in r.answers).answers["accepted_at"] == "10:20"
        this.to_the_licence(case_id)
        assert this.waits_for(case_id) == ["hand_over_paper_copy"]
        this.step(case_id, "chancellery", "handed_over", handed_to="Мысалова Іңкәр")
        assert this.case(case_id).status is CaseStatus.ISSUED

    def test_para_3_part_2_both_portals_take_in_an_entrepreneurs_application(self, desk: Desk) -> None:
        """Paras 3 part 2, 9 part 5; annex 2: the entrepreneur's form, and the registers asked by the IIN."""
        this = self.licence(desk)
        case_id = this.file("trader", channel=E_LICENSING, **self.everything)
        this.register(case_id)
        asked = {lookup.register for lookup in this.case(case_id, "head").lookups}
        assert asked == {"individual-entrepreneur", "tax-registration", "identity-document", "payment"}
        this.to_the_licence(case_id)
        assert this.case(case_id, "trader").status is CaseStatus.ISSUED

    def test_para_9_part_5_the_provider_draws_an_organisations_data_itself(self, desk: Desk) -> None:
        """Para 9 part 5: payment is asked after only when it went through the gateway."""
        this = self.licence(desk, "reissue")
        case_id = this.file(by=BANK)
        this.register(case_id)
        lookups = this.case(case_id, "head").lookups
        assert {lookup.register for lookup in lookups} == {"charter", "legal-entity", "tax-registration"}
        assert {lookup.number for lookup in lookups} == {COMPANY_BIN}
        assert all(lookup.found and lookup.simulated for lookup in lookups)

    @pytest.mark.parametrize(
        ("filed", "registered_on", "due"),
        [
            # Friday 13 March, 19:30 is after closing: Monday 16 March; two working days after it are 17 and 18 March.
            (astana(2026, 3, 13, 19, 30), date(2026, 3, 16), astana(2026, 3, 18, 19)),
            # 14:00 is lunch at the office, and a working day: 6 March; then 10 March (9 March off) and 11 March.
            (astana(2026, 3, 6, 14), date(2026, 3, 6), astana(2026, 3, 11, 19)),
        ],
        ids=["friday-19:30", "lunch"],
    )
    def test_para_8_what_comes_after_the_providers_hours_counts_from_the_next_working_day(
        self, desk: Desk, clock: HandClock, filed: datetime, registered_on: date, due: datetime
    ) -> None:
        """Para 8 (1) gives the hours, (2) has the portal round the clock; the day is Rasim's reading of the silence."""
        clock.move_to(filed)
        this = self.licence(desk, "duplicate")
        case = this.case(this.file(duplicate_reason="lost"))
        assert case.registered_on == registered_on
        assert case.result_due == due

    # Paragraph 7: the fee

    @pytest.mark.parametrize("variant", ["issue", "reissue", "duplicate"])
    def test_para_7_the_fee_of_each_variant_is_paid_through_the_gateway_before_filing(self, desk: Desk, variant: str) -> None:
        """Para 7 (1)-(3) and part 4: so many indices of 4325 tenge; without it nothing is filed."""
        this = self.licence(desk, variant)
        actor, application = desk.actor("company"), this.draft(by="")
        with pytest.raises(Invalid) as refused:
            filing.prepare_application(desk.office, actor, application)
        assert {problem.place for problem in refused.value.problems} == {"payment"}

        paying.pay_for_application(desk.office, actor, application)
        payment = viewing.application(desk.office, actor, application).fee.payment
        assert payment is not None
        assert payment.amount == Decimal(self.fees[variant])
        case_id = desk.sign_and_file(application)
        assert "fee-paid" in desk.events(case_id)

    def test_para_9_part_2_the_scan_of_a_banks_proof_stands_for_the_payment(self, desk: Desk) -> None:
        """Paras 7 part 3, 9 part 2 (1): attached to the request unless the gateway was used."""
        this = self.licence(desk, "reissue")
        application = this.draft(by=BANK, without=["fee_receipt"])
        with pytest.raises(Invalid) as refused:
            filing.prepare_application(desk.office, desk.actor("company"), application)
        assert {problem.place for problem in refused.value.problems} == {"documents.fee_receipt"}
        drafting.attach(desk.office, desk.actor("company"), application, "fee_receipt", "t.pdf", "application/pdf", PDF)
        assert this.case(desk.sign_and_file(application)).status is CaseStatus.OPEN

    # Paragraph 9: the documents

    def test_para_9_part_2_1_annex_3_asks_for_copies_on_the_portal(self, desk: Desk) -> None:
        """Para 9 part 2 (1); annex 3: each copy is asked for by its name."""
        this = self.licence(desk)
        application = this.draft(without=self.copies, **self.everything)
        with pytest.raises(Invalid) as refused:
            filing.prepare_application(desk.office, desk.actor("company"), application)
        assert {problem.place for problem in refused.value.problems} == {f"documents.{copy}" for copy in self.copies}

    def test_para_9_part_1_1_at_the_office_the_same_copies_are_brought_on_paper(self, desk: Desk) -> None:
        """Para 9 part 1 (1); annex 3."""
        this = self.licence(desk)
        application = this.draft(channel=OFFICE, by=BANK, **self.everything)
        assert {f"{copy}_paper" for copy in self.copies} | {"fee_receipt_paper"} <= set(this.due_documents(application))

    # Paragraph 10 (6): the check of completeness

    def test_para_10_6_an_incomplete_package_is_answered_within_the_two_working_days(self, desk: Desk, clock: HandClock) -> None:
        """Para 10 (6): checked and answered in two working days from filing."""
        this = self.licence(desk)
        case_id = this.file(**self.everything)
        this.register(case_id)
        # Two working days after Monday 2 March: Wednesday 4 March, for the check, the draft and the signature alike.
        limit = astana(2026, 3, 4, 19)
        assert desk.item(case_id, "executor").row.due_at == limit
        clock.move_to(astana(2026, 3, 3, 11))
        this.step(case_id, "executor", "incomplete", missing="Диплом көшірмесі жоқ")
        assert desk.item(case_id, "executor").row.due_at == limit
        this.step(case_id, "executor", "drawn_up", grounds=["incomplete-documents"])
        assert desk.item(case_id, "head").row.due_at == limit
        this.step(case_id, "head", "sign")
        assert this.case(case_id).status is CaseStatus.DISCONTINUED
        printed = this.letter(case_id, "discontinuation")
        assert "Диплом көшірмесі жоқ" in printed
        assert "ұсынылған құжаттардың толық болмау" in printed

    def test_para_10_6_a_check_past_its_two_days_goes_to_the_superior(self, desk: Desk) -> None:
        """Para 10 (6): the limit of the step is watched to the minute."""
        this = self.licence(desk)
        case_id = this.file(**self.everything)
        this.register(case_id)
        desk.wait_until(astana(2026, 3, 4, 18, 59))
        assert "escalated" not in desk.events(case_id)
        desk.wait_until(astana(2026, 3, 4, 19, 1))
        assert desk.events(case_id).count("escalated") == 1

    def test_para_10_6_a_reissue_with_missing_documents_is_refused_in_substance(self, desk: Desk) -> None:
        """Para 10 (6): without a check of its own, the ground stands with the others."""
        this = self.licence(desk, "reissue")
        case_id = this.file()
        this.register(case_id)
        this.step(case_id, "executor", "found", incomplete="yes", findings="Лицензияның деректері жоқ")
        this.step(case_id, "executor", "drawn_up", grounds=["documents-found-incomplete"])
        this.step(case_id, "head", "sign")
        assert this.case(case_id).status is CaseStatus.REFUSED
        assert "Лицензияның деректері жоқ" in this.letter(case_id, "refusal")

    # Annex 3: the qualification examination

    def test_annex_3_who_does_not_pass_the_examination_does_not_meet_the_requirements(self, desk: Desk) -> None:
        """Annex 3, note; para 10 (3): the examiner's "not passed" leads to the draft of a refusal."""
        this = self.licence(desk)
        case_id = this.file(**self.everything)
        this.register(case_id)
        this.step(case_id, "executor", "complete")
        assert this.waits_for(case_id) == ["hold_examination"]
        this.step(case_id, "expert", "failed", conclusion="Жауаптар жеткіліксіз")
        this.step(case_id, "executor", "drawn_up", grounds=["qualification-not-met"], rationale="Сынақ тапсырылмады")
        this.step(case_id, "head", "sign")
        case = this.case(case_id)
        assert case.status is CaseStatus.REFUSED
        assert case.decision is not None
        assert case.decision.grounds == ("qualification-not-met",)

    # Paragraph 10: the grounds

    @pytest.mark.parametrize("ground", GROUNDS)
    def test_para_10_the_service_is_refused_on_each_ground(self, desk: Desk, ground: str) -> None:
        """Para 10 (1)-(5): the ground's own words and the finding stand in the signed letter."""
        this = self.licence(desk, "duplicate")
        case_id = this.file(duplicate_reason="lost")
        this.register(case_id)
        this.step(case_id, "executor", "found", **{QUESTIONS[ground]: "yes"}, findings="Тексеру нәтижесі")
        this.step(case_id, "executor", "drawn_up", grounds=[ground])
        this.step(case_id, "head", "sign")
        case = this.case(case_id)
        assert case.status is CaseStatus.REFUSED
        assert case.decision is not None
        assert case.decision.grounds == (ground,)
        printed = this.letter(case_id, "refusal")
        assert this.passport.ground(ground).wording.kk[:40] in printed
        assert "Тексеру нәтижесі" in printed

    def test_para_6_part_2_a_refusal_too_is_handed_over_on_paper_to_who_asks(self, desk: Desk) -> None:
        """Para 6 part 2: the result on paper is any result, and a reasoned refusal is one."""
        this = self.licence(desk, "reissue")
        case_id = this.file(paper_licence=True)
        this.register(case_id)
        this.step(case_id, "executor", "found", unpaid="yes")
        this.step(case_id, "executor", "drawn_up", grounds=["fee-not-paid"])
        this.step(case_id, "head", "sign")
        this.step(case_id, "chancellery", "handed_over")
        assert this.case(case_id).status is CaseStatus.REFUSED

    def test_a_draft_licence_goes_back_for_rework_and_is_signed_the_second_time(self, desk: Desk) -> None:
        """Inferred: para 6 knows certifying only."""
        this = self.licence(desk, "reissue")
        case_id = this.file()
        this.register(case_id)
        this.to_the_signature(case_id)
        this.step(case_id, "head", "return_for_rework", remarks="Мекенжайды түзетіңіз")
        this.step(case_id, "executor", "drawn_up", address="Алматы қ., Абай даңғылы, 1")
        this.step(case_id, "head", "sign")
        assert "Абай даңғылы" in this.letter(case_id, "licence")

    # Paragraph 9 part 1 (3): the duplicate of a damaged licence

    def test_para_9_part_1_3_the_damaged_original_comes_back_before_the_duplicate_is_received(self, desk: Desk) -> None:
        """Para 9 part 1 (3): the signed duplicate waits for the original."""
        this = self.licence(desk, "duplicate")
        application = this.draft(channel=OFFICE, duplicate_reason="damaged", licence_medium="paper", licence_number="13-77")
        assert "damaged_licence" in this.due_documents(application)
        filing.prepare_application(desk.office, desk.actor("company"), application)
        case_id = filing.file_application(desk.office, desk.actor("company"), application, [])
        this.accept(case_id, accepted_at="10:20", data_on_portal="not-available")
        this.to_the_licence(case_id)
        assert this.waits_for(case_id) == ["take_back_original"]
        assert "letter-delivered" not in desk.events(case_id)
        assert desk.item(case_id, "clerk").draft["original_number"] == "13-77"
        this.step(case_id, "chancellery", "returned")
        assert "letter-delivered" in desk.events(case_id)
        assert this.case(case_id).status is CaseStatus.ISSUED

    @pytest.mark.parametrize(
        ("channel", "medium"), [(OFFICE, "electronic"), (PORTAL, "paper")], ids=["electronic-licence", "on-the-portal"]
    )
    def test_para_9_part_1_3_nothing_comes_back_where_the_act_does_not_ask_for_it(
        self, desk: Desk, channel: Channel, medium: str
    ) -> None:
        """Para 9 part 1 (3) speaks of a licence on paper, in the list for the office; part 2 (3) is silent."""
        this = self.licence(desk, "duplicate")
        case_id = this.file(channel=channel, duplicate_reason="damaged", licence_medium=medium)
        if channel is OFFICE:
            this.accept(case_id, accepted_at="10:20")
        else:
            this.register(case_id)
        this.to_the_licence(case_id)
        assert this.case(case_id).status is CaseStatus.ISSUED

    # The act's standing

    def test_a_repealed_service_takes_applications_in_demonstration_mode_only(self, desk: Desk) -> None:
        """Resolution No 600 was repealed by resolution No 589 of 27 July 2015."""
        this = self.licence(desk)
        assert this.passport.standing.status is StandingStatus.REPEALED
        real = replace(desk.office, settings=replace(desk.office.settings, demonstration=False))
        with pytest.raises(Forbidden):
            drafting.start_application(real, desk.actor("company"), self.service, "issue")

    def test_para_11_complaints_have_five_and_fifteen_working_days(self, desk: Desk) -> None:
        """Para 11: to the head of the provider, then to the body that controls the quality of services; no extension."""
        complaints = self.licence(desk).passport.complaints
        assert [Term.parse(each.limit or "") for each in complaints.addressees] == [
            Term.parse("5 working-days"),
            Term.parse("15 working-days"),
        ]
        assert complaints.extension is None
