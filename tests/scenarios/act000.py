"""The people of act 000 (order No 110/ҚЕ of 2023, Border Service) at work, on any of its three services."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from pypdf import PdfReader

from app.cases import viewing
from app.domain.views import CaseView
from tests.desk import Desk
from tests.filling import file, work

SUBSTANCE = {
    "untrue-documents": "data_true",
    "requirements-not-met": "requirements_met",
    "negative-reply-or-expertise": "replies_positive",
    "court-ban": "no_court_ban",
    "special-right-withdrawn": "special_right_kept",
    "no-personal-data-consent": "consent_given",
}
"""Each ground of refusal in substance, with the question of the check that finds it."""


class BorderCase:
    """One case of one of the services, from filing on, step by step."""

    def __init__(self, desk: Desk, service: str, variant: str, login: str = "company", **given: object) -> None:
        self.desk, self.login = desk, login
        self.id = file(desk, service, variant, login=login, **given)

    def step(self, login: str, outcome: str, **given: object) -> None:
        work(self.desk, self.id, login, outcome, **given)

    @property
    def view(self) -> CaseView:
        return self.desk.case(self.id, self.login)

    def to_the_executor(self) -> None:
        self.step("clerk", "registered")
        self.step("depthead", "appointed", executor=self.desk.actor("executor").id)

    def accepted(self) -> None:
        self.to_the_executor()
        self.step("executor", "accept")
        self.desk.answer_jobs()

    def without_agreement(self) -> None:
        self.accepted()
        self.step("executor", "not_needed")

    def to_be_refused(self, hearing_day: date, **answers: str) -> None:
        """The requirements are not met, and the applicant is invited to a hearing on that day."""
        self.step("executor", "does_not_meet", findings="Талаптарға сай емес", **answers)
        self.step("executor", "invited", hearing_day=hearing_day.isoformat(), hearing_place="Астана, 10:00")

    def heard(self, outcome: str = "upheld") -> None:
        self.step(self.login, "given", position="Келіспеймін")
        self.step("executor", outcome)

    def signed(self) -> None:
        self.step("executor", "drawn_up")
        self.step("head", "sign")

    def letter(self, kind: str) -> str:
        """The text of a delivered letter, its white space as single spaces; its signature is valid."""
        found = next(d for d in self.view.documents if d.kind == kind)
        assert [signature.verdict.value for signature in found.signatures] == ["valid"]
        _, content = viewing.document(self.desk.office, self.desk.actor(self.login), found.id)
        return " ".join("\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())
