"""The people of act 002 (order No 321 of 2021, Industrial Development Committee) at work, on any of its services."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from app.cases import viewing, working
from app.domain.case import CaseStatus
from app.domain.fees import ONLINE
from app.domain.views import CaseView, TimelineEntry
from tests import filling
from tests.desk import Desk

HEARD_ON = date(2026, 3, 5)
"""Invited on Monday 2 March 2026, the applicant is heard three working days later at the earliest: 3, 4, Thursday 5 March."""


class CommitteeCase:
    """One case of one of the services, from filing on, step by step."""

    def __init__(self, desk: Desk, service: str, variant: str, *, login: str = "company", by: str = ONLINE, **given: Any) -> None:
        self.desk, self.login = desk, login
        kind = "individual" if login == "applicant" else "legal-entity"
        self.id = filling.file(desk, service, variant, login=login, by=by, **{"applicant_kind": kind, **given})

    def step(self, login: str, outcome: str, **given: Any) -> None:
        filling.work(self.desk, self.id, login, outcome, **given)

    def open_steps(self) -> list[str]:
        return [item.element for item in self.desk.open_items(self.id)]

    @property
    def view(self) -> CaseView:
        return self.desk.case(self.id, self.login)

    def to_the_executor(self) -> CommitteeCase:
        """Registered, an executor appointed, the registers asked."""
        self.step("clerk", "registered")
        self.step("head", "appointed", executor=self.desk.actor("executor").id)
        self.desk.answer_jobs()
        return self

    def ask_for_agreement(self) -> None:
        self.step("executor", "agreement_needed", agreeing_body="Уәкілетті орган")

    def reply(self, outcome: str, login: str = "agency") -> None:
        """The next of the bodies asked replies in the words of the form."""
        item = min((i for i in self.desk.open_items(self.id) if i.role == "agreeing_body"), key=lambda i: i.instance or 0)
        actor = self.desk.actor(login)
        view = viewing.work_item(self.desk.office, actor, item.id)
        answers = {**view.draft, "reply_number": "15-3/7"} | ({"reply": "Талаптар орындалмаған"} if outcome == "disagree" else {})
        working.complete(self.desk.office, actor, item.id, rev=view.rev, outcome=outcome, answers=answers)

    def invite(self, day: date = HEARD_ON) -> None:
        self.step(
            "executor", "invited", hearing_day=day.isoformat(), hearing_place="Астана, 10:00", preliminary_decision="Бас тарту"
        )

    def hear(self, outcome: str) -> None:
        """The applicant is invited, gives objections in writing, and the hearing is recorded."""
        self.invite()
        self.step(self.login, "given", position="Бас тартумен келіспеймін")
        self.step("executor", outcome)

    def refuse(self, ground: str) -> None:
        self.step("executor", "drawn_up", grounds=[ground])
        self.step("head", "sign")

    def grant(self, **given: Any) -> None:
        self.step("executor", "drawn_up", **given)
        self.step("head", "sign")

    def letter(self, kind: str) -> str:
        """The text of a delivered letter, its white space as single spaces; the head's signature is valid."""
        found = next(document for document in self.view.documents if document.kind == kind)
        assert [signature.verdict.value for signature in found.signatures] == ["valid"]
        _, content = viewing.document(self.desk.office, self.desk.actor(self.login), found.id)
        return " ".join("\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())

    def assert_refused(self, ground: str) -> None:
        case = self.view
        assert case.status is CaseStatus.REFUSED
        assert case.decision is not None
        assert case.decision.grounds == (ground,)
        assert " ".join(case.passport.ground(ground).wording.kk.split())[:40] in self.letter("refusal")

    def told(self, kind: str) -> TimelineEntry:
        """The one event of this kind in the case's history, as staff see it."""
        (event,) = (event for event in self.desk.case(self.id).timeline if event.kind.value == kind)
        return event

    @property
    def replies(self) -> list[str]:
        return [row.reply for row in self.desk.consultations(self.id)]
