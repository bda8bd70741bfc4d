"""What a body that is asked sees of a case, and who reads its reply: through use cases and pages, on both databases.

Every case is filed on Monday 2 March 2026, 10:00.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import fields
from datetime import date, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import update

from app.bootstrap.demonstration import seed_jurisdictions
from app.cases import step_drafts, viewing, working
from app.cases.disclosing import change_disclosure, keep_inside
from app.cases.jurisdiction import set_jurisdiction
from app.cases.restricting import restrict_reply
from app.cases.units import units as units_of
from app.cli import OPERATOR
from app.domain.errors import Declined, Forbidden, Invalid, NotFound
from app.domain.people import Role
from app.domain.permissions import Sight
from app.domain.views import CaseView, ConsultationView
from app.store.tables import User
from tests.clock import astana
from tests.desk import Desk
from tests.filling import file, work

STRIP = "border-strip-entry-pass"  # two agencies at one repeated task
ZONE = "border-zone-pass-for-foreigners"  # the interior and the security department, one after the other
WORDS = "Құпия себеп: шекаралық режим"


def to_the_bodies(desk: Desk, case_id: str) -> None:
    work(desk, case_id, "clerk", "registered")
    work(desk, case_id, "depthead", "appointed", executor=desk.actor("executor").id)
    work(desk, case_id, "executor", "accept")
    desk.answer_jobs()
    work(desk, case_id, "executor", "needed")


def to_the_security_department(desk: Desk) -> str:
    seed_jurisdictions(desk.office, OPERATOR)
    case_id = file(desk, ZONE, "issue", login="applicant", channel="provider-office")
    work(desk, case_id, "clerk", "complete")
    work(desk, case_id, "executor", "drawn_up")
    work(desk, case_id, "head", "signed")
    work(desk, case_id, "interior", "agree")
    work(desk, case_id, "interior", "signed")
    return case_id


class Strip:
    """A case in which two agencies are asked at once; each is another unit."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        seed_jurisdictions(desk.office, OPERATOR)
        self.id = file(desk, STRIP, "activity-or-event")
        to_the_bodies(desk, self.id)

    def view(self, login: str) -> CaseView:
        return self.desk.case(self.id, login)

    def request(self, login: str) -> str:
        return self.desk.item(self.id, login).row.id

    def filed(self) -> set[str]:
        return {document.id for document in self.view("head").documents}

    def shown(self, login: str) -> set[str]:
        return {document.id for document in self.view(login).documents}

    def reply(self, login: str, outcome: str, *, restricted: bool = False, words: str = WORDS) -> str:
        item = self.desk.item(self.id, login)
        actor = self.desk.actor(login)
        restrict_reply(self.desk.office, actor, item.row.id, restricted)
        answers = {"number": "15-3/7"} | ({"reasons": words} if outcome == "disagree" else {})
        working.complete(self.desk.office, actor, item.row.id, rev=item.rev, outcome=outcome, answers=answers)
        return item.row.id


@pytest.fixture
def strip(desk: Desk) -> Strip:
    return Strip(desk)


class TestSightOfAnotherBody:
    def test_each_body_has_its_own_request_alone(self, strip: Strip) -> None:
        for login, body in (("agency", "Authorised state body"), ("agency2", "Body that makes the expertise, study or check")):
            (asked,) = strip.view(login).consultations
            assert asked.body.en == body
            assert [item.id for item in strip.view(login).items] == [asked.item] == [strip.request(login)]

    def test_nothing_but_what_was_disclosed_is_in_the_view(self, strip: Strip) -> None:
        view = strip.view("agency")
        assert view.sight is Sight.ASKED
        empty = {field.name: getattr(view, field.name) for field in fields(CaseView)}
        for name in ("lookups", "incidents", "stops", "linked", "records"):
            assert empty[name] == (), name
        for name in ("status", "decision", "result_due", "left", "ended_at"):
            assert empty[name] is None, name
        assert {mark.element for mark in view.marks} == {"give_reply"}

    def test_the_history_is_its_own_part_numbered_by_itself_and_without_the_providers_names(self, strip: Strip) -> None:
        change_disclosure(
            strip.desk.office,
            strip.desk.actor("executor"),
            strip.request("agency"),
            withdraw=[min(strip.filed())],
            reason="Қажет емес",
        )
        entries = strip.view("agency").timeline
        assert [entry.number for entry in entries] == [1, 2]
        assert [entry.kind.value for entry in entries] == ["work-opened", "disclosure-withdrawn"]
        assert [entry.actor for entry in entries] == ["", ""]
        assert [entry.kind.value for entry in strip.view("agency2").timeline] == ["work-opened"]

    def test_another_bodys_request_is_no_task_of_ones_own(self, strip: Strip) -> None:
        with pytest.raises(NotFound, match="There is no work item"):
            viewing.work_item(strip.desk.office, strip.desk.actor("agency"), strip.request("agency2"))

    def test_the_providers_own_step_is_no_task_of_a_body(self, strip: Strip) -> None:
        done = next(item for item in strip.view("head").items if item.role == "executor")
        with pytest.raises(NotFound, match="There is no work item"):
            viewing.work_item(strip.desk.office, strip.desk.actor("agency"), done.id)

    @pytest.mark.parametrize("login", ["interior", "security"])
    def test_a_body_that_was_not_asked_finds_no_such_case(self, strip: Strip, login: str) -> None:
        with pytest.raises(NotFound, match="There is no case"):
            strip.view(login)
        assert viewing.cases(strip.desk.office, strip.desk.actor(login)).rows == ()

    def test_the_search_tells_what_was_asked_and_not_how_the_case_stands(self, strip: Strip) -> None:
        (row,) = viewing.cases(strip.desk.office, strip.desk.actor("agency")).rows
        assert (row.status, row.result_due, row.overdue) == (None, None, False)
        assert row.request is not None
        assert row.request.id == strip.request("agency")

    def test_the_search_finds_exactly_the_cases_that_open(self, strip: Strip) -> None:
        """The query and the permission table say the same of everybody, standing in for a body's officer among them."""
        days = {"first": date(2026, 3, 2), "last": date(2026, 3, 3)}
        strip.desk.substitute(absent="agency", by="interior", role=Role.AGREEING_BODY, **days)
        cases = {strip.id, to_the_security_department(strip.desk)}
        for login in ("agency", "agency2", "interior", "security", "executor", "compliance"):
            found = {row.id for row in viewing.cases(strip.desk.office, strip.desk.actor(login)).rows}
            opened = set()
            for case_id in cases:
                with suppress(NotFound):
                    opened.add(strip.desk.case(case_id, login).id)
            assert found == opened, login
        assert len(viewing.cases(strip.desk.office, strip.desk.actor("interior")).rows) == 2

    def test_the_diagram_of_the_case_is_not_shown(self, strip: Strip) -> None:
        with pytest.raises(NotFound):
            viewing.diagram(strip.desk.office, strip.desk.actor("agency"), strip.id)

    def test_the_page_of_deadlines_is_not_for_other_bodies(self, strip: Strip) -> None:
        with pytest.raises(Forbidden):
            viewing.deadlines(strip.desk.office, strip.desk.actor("agency"))

    def test_an_officer_who_applied_himself_sees_his_case_as_an_applicant(self, desk: Desk) -> None:
        Strip(desk)
        with desk.office.unit_of_work() as uow:
            person = desk.actor("agency")
            uow._session.execute(update(User).where(User.id == person.id).values(bin="", iin=desk.actor("applicant").iin))
            from app.store.tables import RoleGrant

            uow._session.add(RoleGrant(user_id=person.id, role=Role.APPLICANT.value))
            uow.commit()
        own = file(desk, STRIP, "individual-entry", login="applicant")
        assert desk.case(own, "agency").sight is Sight.OWN


class TestDisclosure:
    def test_by_rule_a_body_is_shown_what_the_applicant_filed(self, strip: Strip) -> None:
        assert strip.shown("agency") == strip.shown("agency2") == strip.filed()
        assert set(strip.view("agency").answers) == {"application", "persons"}

    def test_every_document_and_body_in_a_matrix_of_what_is_disclosed(self, strip: Strip) -> None:
        """Each body is shown another half of the dossier: lists, documents, signatures and answers hold exactly that half."""
        office, dossier = strip.desk.office, sorted(strip.filed())
        asked = {login: strip.request(login) for login in ("agency", "agency2")}
        kept = {"agency": set(dossier[::2]), "agency2": set(dossier[1::2])}
        for login, item in asked.items():
            change_disclosure(
                office, strip.desk.actor("executor"), item, withdraw=sorted(set(dossier) - kept[login]), reason="Артық"
            )
        for login in asked:
            actor = strip.desk.actor(login)
            assert strip.shown(login) == kept[login]
            kinds = {document.kind for document in strip.view("head").documents if document.id in kept[login]}
            forms = {"application": "submission", "persons": "persons"}
            assert set(strip.view(login).answers) == {form for form, kind in forms.items() if kind in kinds}
            for document in dossier:
                if document in kept[login]:
                    assert viewing.document(office, actor, document)[0].id == document
                    continue
                with pytest.raises(NotFound, match=f"There is no document '{document}'"):
                    viewing.document(office, actor, document)
                with pytest.raises(NotFound, match=f"There is no document '{document}'"):
                    viewing.signature_of(office, actor, document, 1)

    def test_what_is_withdrawn_may_be_shown_again_and_the_history_tells_both(self, strip: Strip) -> None:
        office, executor, item = strip.desk.office, strip.desk.actor("executor"), strip.request("agency")
        document = min(strip.filed())
        change_disclosure(office, executor, item, withdraw=[document], reason="Қажет емес")
        assert document not in strip.shown("agency")
        change_disclosure(office, executor, item, show=[document], reason="Сұралды")
        assert document in strip.shown("agency")
        told = [entry for entry in strip.view("head").timeline if entry.kind.value.startswith(("document-disc", "disclosure"))]
        assert [entry.kind.value for entry in told] == ["disclosure-withdrawn", "document-disclosed"]
        assert all("Қажет" not in str(entry.details) and "Сұралды" not in str(entry.details) for entry in told)

    def test_changing_what_is_so_already_leaves_no_trace(self, strip: Strip) -> None:
        before = strip.desk.events(strip.id)
        document = min(strip.filed())
        change_disclosure(strip.desk.office, strip.desk.actor("executor"), strip.request("agency"), show=[document], reason="Иә")
        assert strip.desk.events(strip.id) == before

    @pytest.mark.parametrize("login", ["executor2", "compliance", "agency", "clerk"])
    def test_only_those_who_consider_the_case_change_what_is_shown(self, strip: Strip, login: str) -> None:
        with pytest.raises((Forbidden, NotFound)):
            change_disclosure(
                strip.desk.office, strip.desk.actor(login), strip.request("agency"), withdraw=[min(strip.filed())], reason="Жоқ"
            )
        assert strip.shown("agency") == strip.filed()

    def test_who_stands_in_for_the_executor_changes_it_in_his_place(self, strip: Strip) -> None:
        strip.desk.substitute(
            absent="executor", by="executor2", role=Role.EXECUTOR, first=date(2026, 3, 2), last=date(2026, 3, 3)
        )
        change_disclosure(
            strip.desk.office,
            strip.desk.actor("executor2"),
            strip.request("agency"),
            withdraw=[min(strip.filed())],
            reason="Артық",
        )
        assert strip.view("head").timeline[-1].on_behalf_of.startswith(strip.desk.actor("executor").name)

    def test_what_is_kept_inside_beforehand_is_not_shown_by_rule(self, desk: Desk) -> None:
        case_id = file(desk, STRIP, "activity-or-event")
        work(desk, case_id, "clerk", "registered")
        work(desk, case_id, "depthead", "appointed", executor=desk.actor("executor").id)
        work(desk, case_id, "executor", "accept")
        desk.answer_jobs()
        first, second, *_ = (document.id for document in desk.case(case_id, "executor").documents)
        executor = desk.actor("executor")
        with pytest.raises(Forbidden):
            keep_inside(desk.office, desk.actor("executor2"), case_id, keep=[first], reason="Артық")
        keep_inside(desk.office, executor, case_id, keep=[first, second], reason="Артық")
        keep_inside(desk.office, executor, case_id, let_out=[second], reason="Керек")
        work(desk, case_id, "executor", "needed")
        shown = {document.id for document in desk.case(case_id, "agency").documents}
        assert first not in shown
        assert second in shown
        assert "Артық" not in str(desk.case(case_id, "agency"))

    def test_a_reason_is_wanted(self, strip: Strip) -> None:
        with pytest.raises(Invalid, match="Say why"):
            change_disclosure(
                strip.desk.office,
                strip.desk.actor("executor"),
                strip.request("agency"),
                withdraw=[min(strip.filed())],
                reason=" ",
            )

    def test_once_the_body_has_replied_what_it_was_shown_stays(self, strip: Strip) -> None:
        item = strip.reply("agency", "agree")
        with pytest.raises(Declined, match="no longer asked"):
            change_disclosure(strip.desk.office, strip.desk.actor("executor"), item, withdraw=[min(strip.filed())], reason="Кеш")
        assert strip.shown("agency") == strip.filed()


class TestReplies:
    def test_the_executor_reads_a_reply_that_is_not_restricted(self, strip: Strip) -> None:
        item = strip.reply("agency", "disagree")
        assert WORDS in str(strip.view("executor").records)
        assert viewing.work_item(strip.desk.office, strip.desk.actor("executor"), item).draft["reasons"] == WORDS

    @pytest.mark.parametrize("login", ["executor", "clerk", "compliance", "deputy", "depthead"])
    def test_of_a_restricted_reply_others_see_verdict_number_day_and_body(self, strip: Strip, login: str) -> None:
        item = strip.reply("agency", "disagree", restricted=True)
        view = strip.view(login)
        assert WORDS not in str(view)
        asked = next(each for each in view.consultations if each.item == item)
        assert (asked.tone, asked.number, asked.replied_at, asked.restricted) == ("negative", "15-3/7", astana(2026, 3, 2), True)
        work_item = viewing.work_item(strip.desk.office, strip.desk.actor(login), item)
        assert (dict(work_item.draft), work_item.withheld) == ({"number": "15-3/7"}, True)
        assert WORDS not in str(work_item)

    @pytest.mark.parametrize("login", ["head", "agency"])
    def test_the_cleared_and_the_replying_body_read_it(self, strip: Strip, login: str) -> None:
        item = strip.reply("agency", "disagree", restricted=True)
        assert WORDS in str(strip.view(login).records)
        assert viewing.work_item(strip.desk.office, strip.desk.actor(login), item).draft["reasons"] == WORDS

    def test_a_clearance_that_is_over_reads_nothing(self, strip: Strip) -> None:
        strip.reply("agency", "disagree", restricted=True)
        with strip.desk.office.unit_of_work() as uow:
            yesterday = strip.desk.office.today() - timedelta(days=1)
            uow._session.execute(update(User).where(User.login == "head").values(cleared_until=yesterday))
            uow.commit()
        assert WORDS not in str(strip.view("head"))

    def test_another_body_sees_neither_words_nor_verdict(self, strip: Strip) -> None:
        strip.reply("agency", "disagree")
        view = strip.view("agency2")
        assert WORDS not in str(view)
        assert "negative" not in str(view.consultations)
        assert all(record.outcome.en != "Does not agree" for record in view.records)

    def test_history_and_notices_hold_no_word_of_it(self, strip: Strip) -> None:
        strip.reply("agency", "disagree", restricted=True)
        with strip.desk.office.reading() as uow:
            assert WORDS not in str([event.details for event in uow.history.of(strip.id)])
        told = viewing.notices(strip.desk.office, strip.desk.actor("executor")).rows[0]
        assert told.sentence == "%(body)s replied negatively in case %(number)s: %(reply)s."
        assert WORDS not in str(told)

    def test_what_a_body_typed_and_did_not_send_is_nobody_elses(self, strip: Strip) -> None:
        office, item = strip.desk.office, strip.request("agency")
        step_drafts.keep_draft(office, strip.desk.actor("agency"), item, {"number": "1", "reasons": WORDS})
        for login in ("head", "executor", "compliance"):
            assert WORDS not in str(viewing.work_item(office, strip.desk.actor(login), item)), login
        assert viewing.work_item(office, strip.desk.actor("agency"), item).draft["reasons"] == WORDS

    def test_a_mark_stands_once_the_reply_is_given(self, strip: Strip) -> None:
        item = strip.reply("agency", "disagree", restricted=True)
        with pytest.raises(Declined):
            restrict_reply(strip.desk.office, strip.desk.actor("agency"), item, False)

    def test_only_whoever_replies_marks_the_reply(self, strip: Strip) -> None:
        for login in ("agency2", "executor", "head"):
            with pytest.raises(Forbidden):
                restrict_reply(strip.desk.office, strip.desk.actor(login), strip.request("agency"), True)


class TestARefusalByANegativeReply:
    def test_it_names_the_ground_and_the_body_and_not_a_word_of_the_reply(self, strip: Strip) -> None:
        strip.reply("agency", "disagree", restricted=True)
        strip.reply("agency2", "agree")
        work(strip.desk, strip.id, "executor", "does_not_meet", findings="Теріс жауап алынды", replies_positive="no")
        # Three working days after Monday 2 March: Thursday 5 March is the first day of a hearing.
        work(strip.desk, strip.id, "executor", "invited", hearing_day="2026-03-05", hearing_place="Астана, 10:00")
        work(strip.desk, strip.id, "company", "given", position="Келіспеймін")
        strip.desk.wait_until(astana(2026, 3, 5, 10))
        work(strip.desk, strip.id, "executor", "upheld")
        assert strip.desk.item(strip.id, "executor").draft["grounds"] == ["negative-reply-or-expertise"]
        work(strip.desk, strip.id, "executor", "drawn_up")
        work(strip.desk, strip.id, "head", "sign")
        found = next(d for d in strip.view("company").documents if d.kind == "refusal")
        _, content = viewing.document(strip.desk.office, strip.desk.actor("company"), found.id)
        text = " ".join("\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())
        assert "теріс жауап берген: Уәкілетті мемлекеттік орган" in text
        assert "отрицательный ответ дал: Уполномоченный государственный орган" in text
        assert "Сараптама, зерттеу" not in text.partition("теріс жауап берген")[2][:60]
        assert WORDS not in text


class TestTheSecurityDepartment:
    """Its reply is for the cleared only, unless it says otherwise."""

    @pytest.fixture
    def case_id(self, desk: Desk) -> str:
        return to_the_security_department(desk)

    def asked(self, desk: Desk, case_id: str, login: str = "executor") -> ConsultationView:
        return desk.case(case_id, login).consultations[-1]

    def test_by_default_its_words_reach_no_page_draft_or_letter(self, desk: Desk, case_id: str) -> None:
        work(desk, case_id, "security", "disagree", reasons=WORDS)
        assert self.asked(desk, case_id).restricted
        assert WORDS not in str(desk.case(case_id, "executor"))
        work(desk, case_id, "executor", "refuse", findings="Департаменттің жауабы теріс")
        assert WORDS not in str(desk.item(case_id, "executor").draft)
        work(desk, case_id, "executor", "drawn_up")
        work(desk, case_id, "head", "sign")  # the head is cleared: what he signs goes to the applicant all the same
        work(desk, case_id, "clerk", "handed_over")
        decision = desk.case(case_id, "executor").decision
        assert decision is not None
        assert WORDS not in decision.rationale
        assert WORDS not in str(desk.case(case_id, "applicant"))

    def test_it_may_let_its_words_be_read(self, desk: Desk, case_id: str) -> None:
        item = desk.item(case_id, "security").row.id
        restrict_reply(desk.office, desk.actor("security"), item, False)
        work(desk, case_id, "security", "disagree", reasons=WORDS)
        assert WORDS in str(desk.case(case_id, "executor").records)

    def test_the_department_before_it_does_not_learn_what_it_said(self, desk: Desk, case_id: str) -> None:
        work(desk, case_id, "security", "disagree", reasons=WORDS)
        view = desk.case(case_id, "interior")
        assert [each.body.en for each in view.consultations] == ["Internal Affairs Department"]
        assert {item.role for item in view.items} == {"interior_department"}
        assert WORDS not in str(view)


class TestJurisdiction:
    def test_a_request_goes_to_the_unit_that_replies_for_the_body(self, strip: Strip) -> None:
        assert strip.request("agency") != strip.request("agency2")
        with pytest.raises(Forbidden):
            working.claim(strip.desk.office, strip.desk.actor("agency"), strip.request("agency2"))

    def test_without_a_rule_any_holder_takes_it_and_then_it_is_his_units(self, desk: Desk) -> None:
        case_id = file(desk, STRIP, "individual-entry", login="applicant")
        to_the_bodies(desk, case_id)
        assert len(desk.case(case_id, "agency").items) == len(desk.case(case_id, "agency2").items) == 2
        working.claim(desk.office, desk.actor("agency"), desk.open_items(case_id)[0].id)
        assert len(desk.case(case_id, "agency2").items) == 1

    def test_a_rule_for_the_role_holds_for_bodies_without_one_of_their_own(self, desk: Desk) -> None:
        admin = desk.actor("admin")
        units = {unit.code: unit.id for unit in units_of(desk.office, admin)}
        chosen = {("agreeing_body", ""): units["agency"], ("agreeing_body", "expertise"): units["agency2"]}
        set_jurisdiction(desk.office, admin, STRIP, chosen)
        with desk.office.reading() as uow:
            found = [uow.people.jurisdiction(STRIP, "agreeing_body", body) for body in ("authorised-body", "expertise")]
        assert found == [units["agency"], units["agency2"]]

    @pytest.mark.parametrize(
        ("service", "role", "body", "unit", "error"),
        [
            ("no-such", "agreeing_body", "expertise", "", "There is no published service"),
            (STRIP, "interior_department", "", "", "has no work in the service"),
            (STRIP, "agreeing_body", "nobody", "", "No body 'nobody' replies"),
            (STRIP, "agreeing_body", "expertise", "nowhere", "There is no unit"),
        ],
    )
    def test_a_wrong_rule_is_told(self, desk: Desk, service: str, role: str, body: str, unit: str, error: str) -> None:
        with pytest.raises((Invalid, NotFound), match=error):
            set_jurisdiction(desk.office, desk.actor("admin"), service, {(role, body): unit})

    def test_only_an_administrator_sets_it(self, desk: Desk) -> None:
        with pytest.raises(Forbidden):
            set_jurisdiction(desk.office, desk.actor("head"), STRIP, {("agreeing_body", ""): ""})


class TestReminders:
    """The security department has two working days after Monday 2 March: 3, 4, Wednesday 4 March, 18:30."""

    def notices(self, desk: Desk, login: str) -> list[str]:
        return [notice.sentence for notice in viewing.notices(desk.office, desk.actor(login)).rows]

    def test_a_body_is_reminded_before_its_term_and_the_executor_told_of_its_silence(self, desk: Desk) -> None:
        case_id = to_the_security_department(desk)
        desk.wait_until(astana(2026, 3, 4, 18, 0))
        assert "“%(step)s” of case %(number)s is due %(due)s." in self.notices(desk, "security")
        silent = "%(body)s has not replied in case %(number)s; the term ended %(due)s."
        assert silent not in self.notices(desk, "executor")
        desk.wait_until(astana(2026, 3, 4, 18, 31))
        assert silent in self.notices(desk, "executor")
        assert silent in self.notices(desk, "head")  # no executor is appointed in this service: all who considered it
        assert silent not in self.notices(desk, "security")
        assert case_id in {notice.case_id for notice in viewing.notices(desk.office, desk.actor("executor")).rows}

    def test_only_the_unit_that_replies_is_reminded(self, desk: Desk) -> None:
        to_the_security_department(desk)
        desk.wait_until(astana(2026, 3, 4, 18, 31))
        assert self.notices(desk, "agency") == self.notices(desk, "interior") == []
