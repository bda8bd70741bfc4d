"""The people of act 000 (order No 110/ҚЕ of 2023, Border Service) at work, on any of its three services."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from app.cases import viewing
from app.domain.case import CaseStatus
from app.domain.errors import Invalid
from app.domain.views import CaseView
from tests.clock import HandClock, astana
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


MISSING = "Тізімдегі құжат ұсынылмаған немесе мерзімі өткен"


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

    def not_accepted(self, ground: str) -> None:
        """The executor finds the set wanting, and the application is refused acceptance in a letter that says so."""
        self.to_the_executor()
        wanting = self.desk.item(self.id, "executor").checklist[-1].rule
        # Registered on Monday 2 March; a term whose last day was Sunday 1 March is over.
        self.step("executor", "refuse", missing=MISSING, **{wanting.id: "absent" if ground == "incomplete-set" else "2026-03-01"})
        with pytest.raises(Invalid):
            self.step("executor", "drawn_up", grounds=sorted({"incomplete-set", "expired-documents"} - {ground}))
        assert self.desk.item(self.id, "executor").draft["grounds"] == [ground], "the check has named the ground"
        self.step("executor", "drawn_up")
        self.step("head", "sign")
        assert self.view.status is CaseStatus.NOT_ACCEPTED
        printed = self.letter("non-acceptance")
        assert MISSING in printed
        assert wanting.title.kk in printed
        assert ("2026 жылғы 1 наурыз аяқталған" in printed) == (ground == "expired-documents")

    def refused_after_a_hearing(self, clock: HandClock, ground: str, question: str) -> None:
        """From Monday 2 March on: the check answers with no, the applicant is heard, the notice names the ground."""
        self.without_agreement()
        # Three working days after Monday 2 March: 3, 4, 5 → Thursday 5 March is the first day of a hearing (Code art 73).
        self.to_be_refused(date(2026, 3, 5), **{question: "no"})
        clock.move_to(astana(2026, 3, 5, 10))
        self.heard()
        # Two working days after the hearing of Thursday 5 March: 6, 7 (a Saturday that is worked) → Saturday 7 March, 13:00.
        assert self.desk.item(self.id, "executor").row.due_at == astana(2026, 3, 7, 13)
        self.step("executor", "drawn_up", grounds=[ground])
        self.step("head", "sign")
        assert self.view.status is CaseStatus.REFUSED
        assert self.view.passport.ground(ground).wording.kk[:40] in self.letter("refusal")

    def letter(self, kind: str) -> str:
        """The text of a delivered letter, its white space as single spaces; its signature is valid."""
        found = next(d for d in self.view.documents if d.kind == kind)
        assert [signature.verdict.value for signature in found.signatures] == ["valid"]
        _, content = viewing.document(self.desk.office, self.desk.actor(self.login), found.id)
        return " ".join("\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())
