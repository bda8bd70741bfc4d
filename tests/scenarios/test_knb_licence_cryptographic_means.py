"""Standard 2 of Government resolution No 600 of 2014: the licence for cryptographic means, on both databases."""

from __future__ import annotations

from typing import ClassVar

import pytest

from app.domain.case import CaseStatus
from tests.desk import Desk
from tests.scenarios.act001_licences import LicenceScenarios

COPIES = ("diplomas", "premises_documents")


class TestCryptographicMeans(LicenceScenarios):
    service = "knb-licence-cryptographic-means"
    # 9, 0.9 and 9 indices of 4325 tenge (para 7).
    fees: ClassVar[dict[str, str]] = {"issue": "38925.00", "reissue": "3892.50", "duplicate": "38925.00"}
    activity = "криптографиялық қорғау құралдарын әзірлеу және өткізу (оның ішінде өзге де беру) жөніндегі қызмет"
    everything: ClassVar[dict[str, str]] = {"subtypes": "both"}
    copies = tuple(f"{copy}_{section}" for section in ("development", "sale") for copy in COPIES)

    @pytest.mark.parametrize("subtypes", ["development", "sale"])
    def test_annex_3_each_section_is_due_for_its_own_subtype(self, desk: Desk, subtypes: str) -> None:
        """Annex 3 section 1: development; section 2: sale, including other transfer."""
        this = self.licence(desk)
        due = this.due_documents(this.draft(subtypes=subtypes))
        assert set(due) == {"application", f"qualification_{subtypes}"} | {f"{copy}_{subtypes}" for copy in COPIES}

    @pytest.mark.parametrize(
        ("subtypes", "step"), [("development", "hold_examination"), ("both", "hold_examination"), ("sale", "check_grounds")]
    )
    def test_annex_3_only_who_applies_for_development_is_examined(self, desk: Desk, subtypes: str, step: str) -> None:
        """Annex 3, note: the examination is for the subtype "development"."""
        this = self.licence(desk)
        case_id = this.file(subtypes=subtypes)
        this.register(case_id)
        this.step(case_id, "executor", "complete")
        assert this.waits_for(case_id) == [step]

    def test_a_licence_to_sell_is_issued_without_an_examination(self, desk: Desk) -> None:
        """Annex 3, note; paras 4 (1) and 6."""
        this = self.licence(desk)
        case_id = this.file(subtypes="sale")
        this.register(case_id)
        this.to_the_licence(case_id)
        assert this.case(case_id).status is CaseStatus.ISSUED
