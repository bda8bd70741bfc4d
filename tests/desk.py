"""Drives a case as its people would, through the use cases: file, work, sign, let time pass."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.bootstrap.demonstration import PEOPLE
from app.cases import drafting, filing, jobs, reading, substituting, timing, viewing, working
from app.cases.demonstration import move_clock
from app.cases.office import Office
from app.domain.people import Actor, Role
from app.domain.views import CaseView, DocumentToSign, WorkItemView
from app.gateways.authority import TestAuthority
from app.store.tables import ConsultationRow, WorkItem
from tests.checking import checked
from tests.clock import HandClock

SERVICE = "guarantee-obligation-end-user-certificate"
PDF = b"%PDF-1.7\n% a contract\n"
MADE_UP = {person.login: person for person in PEOPLE}


def whole_application(login: str, today: str, **changes: Any) -> dict[str, dict[str, Any]]:
    """Every field of both forms; `changes` name fields of either."""
    person = MADE_UP[login]
    kind = "legal-entity" if person.bin else "individual"
    application: dict[str, Any] = {
        "applicant_kind": kind,
        "address": "010000, Астана қ., Мәңгілік Ел даңғылы, 8, тел. 8 7172 000000",
        "acts_as_intermediary": "no",
        "sheets": "12",
        "decl_secrets": True,
        "decl_no_court_ban": True,
        "decl_docs_true": True,
        "applicant_name": person.name,
        "filled_on": today,
    }
    if person.bin:
        application |= {
            "entity_name": person.organisation,
            "bin": person.bin,
            "entity_certificate_no": "1234-1910-01-ЖШС",
        }
    else:
        application |= {"person_name": person.name, "iin": person.iin}
    own = person.bin or person.iin
    guarantee: dict[str, Any] = {
        "f1_importer": "Қазақстан, Астана қ., Мәңгілік Ел даңғылы, 8",
        "f1_importer_bin": own,
        "f2_end_user": "Қазақстан, Қарағанды қ., Өнеркәсіп көшесі, 1",
        "f2_end_user_bin": own,
        "f3_exporter": "Германия, Гамбург",
        "f4_place": "Қарағанды қ., Өнеркәсіп көшесі, 1",
        "f5_purpose": "Зертханалық өлшеу",
        "products": "one",
        "f6_product": "Осциллограф, 4 арналы",
        "f7_tnved": "9030201000",
        "f8_control_code": "3A002",
        "f9_contract": "№ 15, 01.02.2026",
        "f10_unit": "дана",
        "f11_quantity": "3",
        "f13_importer_name": person.name,
        "f13_importer_position": "Директор",
        "f13_importer_date": today,
        "f14_end_user_name": person.name,
        "f14_end_user_position": "Директор",
        "f14_end_user_date": today,
    }
    for name, value in changes.items():
        (guarantee if name in guarantee or name == "annex_table" else application)[name] = value
    return {"application": application, "importer_guarantee": guarantee}


class Desk:
    def __init__(self, office: Office, clock: HandClock, authority: TestAuthority) -> None:
        self.office, self.clock, self.authority = office, clock, authority

    # People

    def actor(self, login: str) -> Actor:
        with self.office.reading() as uow:
            user = uow.people.by_login(login)
            assert user is not None, login
            return uow.people.actor(user, self.office.today())

    def substitute(self, *, absent: str, by: str, role: Role, first: date, last: date, order: str = "17-ж") -> str:
        return substituting.appoint_substitute(
            self.office,
            self.actor("admin"),
            absent_id=self.actor(absent).id,
            substitute_id=self.actor(by).id,
            role=role,
            order_number=order,
            order_date=first,
            first_day=first,
            last_day=last,
        )

    # The applicant

    def answers(self, login: str = "company", **changes: Any) -> dict[str, dict[str, Any]]:
        return whole_application(login, self.office.today().isoformat(), **changes)

    def draft(self, login: str = "company", *, variant: str = "issue", attach: bool = True, **changes: Any) -> str:
        actor = self.actor(login)
        application = drafting.start_application(self.office, actor, SERVICE, variant)
        if variant == "reissue":
            changes = {"former_certificate_no": "2025-00007", "changed_terms": "Жеткізу мерзімі", **changes}
        drafting.save_application(self.office, actor, application, self.answers(login, **changes))
        if attach:
            drafting.attach(self.office, actor, application, "foreign_trade_contract", "contract.pdf", "application/pdf", PDF)
        return application

    def file(self, login: str = "company", **options: Any) -> str:
        """A whole application, signed and filed now; gives the case id."""
        return self.sign_and_file(self.draft(login, **options), login)

    def sign_and_file(self, application: str, login: str = "company") -> str:
        actor = self.actor(login)
        documents = filing.prepare_application(self.office, actor, application)
        signatures = [
            (document.id, self.signature(document, actor, iin=want.iin, bin=want.bin))
            for document in documents
            for want in document.wanted
        ]
        return filing.file_application(self.office, actor, application, signatures)

    def signature(self, document: DocumentToSign, actor: Actor, *, iin: str, bin: str) -> bytes:
        """A CMS over the exact bytes the actor is shown, by the key of the wanted person."""
        content = viewing.bytes_to_sign(self.office, actor, document.id)
        view, _ = viewing.document(self.office, actor, document.id)
        reading.note_document(self.office, actor, document.id, view.sha256)
        return self.key(iin, bin).sign(content, self.clock.now())

    def key(self, iin: str, bin: str) -> Any:
        found = self.authority.find(iin, bin)
        assert found is not None, (iin, bin)
        return found

    # Staff

    def item(self, case_id: str, login: str) -> WorkItemView:
        """The one open work item of the case within this person's reach."""
        actor = self.actor(login)
        found = viewing.inbox(self.office, actor, page=1).rows if actor.is_staff else viewing.asked_of(self.office, actor)
        rows = [row for row in found if row.case_id == case_id]
        assert len(rows) == 1, [row.step.en for row in rows]
        return viewing.work_item(self.office, actor, rows[0].id)

    def work(self, case_id: str, login: str, outcome: str, answers: Mapping[str, Any] | None = None) -> None:
        """Does the case's open step as this person; a signing step is printed, seen and signed."""
        actor, item = self.actor(login), self.item(case_id, login)
        signatures = []
        rev = item.rev
        if item.signs and outcome == "sign":
            document = working.prepare_signing(self.office, actor, item.row.id)
            signatures = [(document.id, self.signature(document, actor, iin=actor.iin, bin=actor.bin))]
            rev = viewing.work_item(self.office, actor, item.row.id).rev
        working.complete(
            self.office,
            actor,
            item.row.id,
            rev=rev,
            outcome=outcome,
            answers={**item.draft, **(answers or {})},
            signatures=signatures,
        )

    def register(self, case_id: str) -> None:
        self.work(case_id, "clerk", "registered")

    def appoint(self, case_id: str, executor: str = "executor", by: str = "head") -> None:
        self.work(case_id, by, "appointed", {"executor": self.actor(executor).id})

    def find_complete(self, case_id: str, executor: str = "executor") -> None:
        self.work(case_id, executor, "complete")
        self.answer_jobs()

    def documents(self, case_id: str, login: str = "executor", **found: str) -> dict[str, Any]:
        """The check of the documents of the step this person has, with what is found of some by their ids."""
        return checked(self.item(case_id, login), given=found)

    def find_compliant(self, case_id: str, executor: str = "executor") -> None:
        checks = dict.fromkeys(("data_true", "requirements_met", "no_court_ban", "special_right_kept"), "yes")
        self.work(case_id, executor, "meets", checks)

    def draw_up(self, case_id: str, executor: str = "executor") -> None:
        self.work(case_id, executor, "drawn_up")

    def sign(self, case_id: str, login: str = "head") -> None:
        self.work(case_id, login, "sign")

    def to_the_certificate(self, case_id: str) -> None:
        self.register(case_id)
        self.appoint(case_id)
        self.find_complete(case_id)
        self.find_compliant(case_id)
        self.draw_up(case_id)
        self.sign(case_id)

    # Time and sight

    def answer_jobs(self) -> int:
        return jobs.run_jobs(self.office)

    def sweep(self) -> timing.Swept:
        return timing.sweep(self.office)

    def wait_until(self, moment: datetime) -> timing.Swept:
        """Lets time pass, every deadline on the way firing at its own moment."""
        return move_clock(self.office, self.actor("admin"), moment)

    def case(self, case_id: str, login: str = "head") -> CaseView:
        return viewing.case(self.office, self.actor(login), case_id)

    def events(self, case_id: str) -> list[str]:
        with self.office.reading() as uow:
            return [event.kind for event in uow.history.of(case_id)]

    def open_items(self, case_id: str) -> list[WorkItem]:
        with self.office.reading() as uow:
            return uow.work.open_of(case_id)

    def reply(self, case_id: str, outcome: str, login: str = "agency") -> None:
        """The next of the bodies that are asked replies."""
        actor = self.actor(login)
        item = min((i for i in self.open_items(case_id) if i.role == "agreeing_body"), key=lambda i: i.instance or 0)
        view = viewing.work_item(self.office, actor, item.id)
        answers = {"number": "1", "reasons": "Келісілмейді"} if outcome == "disagree" else {"number": "1"}
        working.complete(self.office, actor, item.id, rev=view.rev, outcome=outcome, answers=answers)

    def consultations(self, case_id: str) -> list[ConsultationRow]:
        with self.office.reading() as uow:
            return uow.work.consultations(case_id)
