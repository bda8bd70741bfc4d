"""Standard 3 of Government resolution No 600 of 2014: the licence to detect channels of leakage, on both databases."""

from __future__ import annotations

from typing import ClassVar

from tests.desk import Desk
from tests.scenarios.act001_licences import LicenceScenarios


class TestLeakChannelDetection(LicenceScenarios):
    service = "knb-licence-leak-channel-detection"
    # 20, 2 and 20 indices of 4325 tenge (para 7).
    fees: ClassVar[dict[str, str]] = {"issue": "86500.00", "reissue": "8650.00", "duplicate": "86500.00"}
    activity = "арнайы техникалық құралдарды анықтау бойынша қызмет көрсету"
    everything: ClassVar[dict[str, str]] = {}
    copies = ("diplomas", "equipment_ownership", "premises_documents")

    def test_annex_3_one_set_of_data_is_due_for_the_whole_activity(self, desk: Desk) -> None:
        """Annex 3 items 1-4: the standard tells no subtypes apart."""
        this = self.licence(desk)
        due = this.due_documents(this.draft(subtypes=""))
        assert set(due) == {"application", "qualification", *self.copies}

    def test_annex_3_every_applicant_for_issue_is_examined(self, desk: Desk) -> None:
        """Annex 3, note: the declared kind of activity is examined, and it is one."""
        this = self.licence(desk)
        case_id = this.file()
        this.register(case_id)
        this.step(case_id, "executor", "complete")
        assert this.waits_for(case_id) == ["hold_examination"]
