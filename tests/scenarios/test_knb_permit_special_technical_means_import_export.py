"""Standard 4 of Government resolution No 600 of 2014 (permits for special technical means), paragraph by paragraph."""

from __future__ import annotations

import pytest

from tests.scenarios.act001 import Service001
from tests.scenarios.permits001 import PermitScenarios


class TestSpecialTechnicalMeans(PermitScenarios):
    id = "knb-permit-special-technical-means-import-export"

    @pytest.mark.parametrize(
        ("login", "kind", "registers"),
        [
            ("company", "legal-entity", {"legal-entity", "licence"}),
            ("trader", "individual-entrepreneur", {"individual-entrepreneur", "identity-document", "licence"}),
            ("applicant", "individual", {"identity-document", "licence"}),
        ],
    )
    def test_para_9_part_6_the_provider_draws_the_data_itself(
        self, service: Service001, login: str, kind: str, registers: set[str]
    ) -> None:
        actor = service.desk.actor(login)
        numbers = {"iin": actor.iin} if kind != "legal-entity" else {}
        case_id = service.file(login, applicant_kind=kind, **numbers)
        service.register(case_id)
        lookups = service.case(case_id, "head").lookups
        assert {lookup.register for lookup in lookups} == registers
        assert all(lookup.found and lookup.simulated for lookup in lookups)

    def test_annex_1_address_and_country_without_a_star_may_be_left_empty(self, service: Service001) -> None:
        assert service.file(legal_address="", country="", transit_country="")
