"""The people of act 001 (Government resolution No 600 of 2014) at work, on any of its services."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from pypdf import PdfReader

from app.cases import viewing
from app.domain.passport import Channel
from app.domain.views import CaseView, NoticeView
from tests import filling
from tests.desk import Desk

LOGINS = {"chancellery": "clerk", "executor": "executor", "expert": "expert", "head": "head"}


class Service001:
    """One service of the act: filing it by any channel, and doing its steps by role. A test names only what matters to it."""

    def __init__(self, desk: Desk, service: str, variant: str) -> None:
        self.desk, self.service, self.variant = desk, service, variant
        self.passport = filling.passport_for(desk, service)

    # The applicant

    def draft(self, login: str = "company", channel: Channel = Channel.PORTAL, **given: Any) -> str:
        """A whole draft of an organisation, or of whoever `applicant_kind` says."""
        given = {"applicant_kind": "legal-entity", **given}
        return filling.draft(self.desk, self.service, self.variant, login=login, channel=channel.value, **given)

    def file(self, login: str = "company", channel: Channel = Channel.PORTAL, **given: Any) -> str:
        """Files a whole application; gives the case id. At the office nobody signs electronically."""
        return filling.sign_and_file(self.desk, self.draft(login, channel, **given), login)

    # The provider's people

    def step(self, case_id: str, role: str, outcome: str, **given: Any) -> None:
        """Does the one open step of this role, its form filled in."""
        filling.work(self.desk, case_id, LOGINS[role], outcome, **given)

    def register(self, case_id: str) -> None:
        """Takes in what came by a portal; the registers the passport names answer."""
        self.step(case_id, "chancellery", "registered")
        self.desk.answer_jobs()

    def accept(self, case_id: str, **given: Any) -> None:
        """Takes in what was brought to the office, with the mark on the copy."""
        self.step(case_id, "chancellery", "accepted", **given)
        self.desk.answer_jobs()

    # What is seen

    def case(self, case_id: str, login: str = "company") -> CaseView:
        return self.desk.case(case_id, login)

    def letter(self, case_id: str, kind: str, login: str = "company") -> str:
        """The text of a letter of the case, as the applicant reads it; its signature is valid."""
        found = next(d for d in self.case(case_id, login).documents if d.kind == kind)
        assert [signature.verdict.value for signature in found.signatures] == ["valid"]
        _, content = viewing.document(self.desk.office, self.desk.actor(login), found.id)
        return " ".join("\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())

    def demand(self, login: str = "company") -> str:
        """What the provider asks of the applicant, as the cabinet says it in English."""
        sentence = "The provider asks of you in the case %(number)s: %(asked)s."
        return str(next(n for n in self.notices(login) if n.sentence == sentence).values["asked"]["en"])

    def notices(self, login: str = "company") -> list[NoticeView]:
        return list(viewing.notices(self.desk.office, self.desk.actor(login)).rows)
