"""Standard 1 of Government resolution No 600 of 2014: the licence for special technical means, on both databases."""

from __future__ import annotations

from typing import ClassVar

import pytest

from tests.desk import Desk
from tests.scenarios.act001_licences import LicenceScenarios

MAKING = ("diplomas", "secrets_permit", "equipment_ownership", "production_premises_documents", "storage_premises_documents")
SERVICING = ("diplomas", "secrets_permit", "equipment_ownership", "premises_documents")


class TestSpecialTechnicalMeans(LicenceScenarios):
    service = "knb-licence-special-technical-means"
    # 20, 2 and 20 indices of 4325 tenge (para 7).
    fees: ClassVar[dict[str, str]] = {"issue": "86500.00", "reissue": "8650.00", "duplicate": "86500.00"}
    activity = "арнайы техникалық құралдарды әзірлеу, өндіру, жөндеу және өткізу жөніндегі қызмет"
    everything: ClassVar[dict[str, str]] = {"subtypes": "both"}
    copies = (*(f"{copy}_making" for copy in MAKING), *(f"{copy}_servicing" for copy in SERVICING))

    @pytest.mark.parametrize(
        ("subtypes", "form", "copies"),
        [
            ("making", "qualification_making", {f"{copy}_making" for copy in MAKING}),
            ("servicing", "qualification_servicing", {f"{copy}_servicing" for copy in SERVICING}),
        ],
    )
    def test_annex_3_each_section_is_due_for_its_own_subtypes(
        self, desk: Desk, subtypes: str, form: str, copies: set[str]
    ) -> None:
        """Annex 3 section 1: development and production; section 2: repair and sale."""
        this = self.licence(desk)
        due = this.due_documents(this.draft(subtypes=subtypes))
        assert set(due) == {"application", form} | copies

    @pytest.mark.parametrize("subtypes", ["making", "servicing"])
    def test_annex_3_every_subtype_is_examined(self, desk: Desk, subtypes: str) -> None:
        """Annex 3, note: the examination is for development, production, repair and sale."""
        this = self.licence(desk)
        case_id = this.file(subtypes=subtypes)
        this.register(case_id)
        this.step(case_id, "executor", "complete")
        assert this.waits_for(case_id) == ["hold_examination"]
