"""Standard 5 of Government resolution No 600 of 2014 (permits for encryption means), paragraph by paragraph."""

from __future__ import annotations

import pytest

from app.domain.errors import Invalid
from tests import filling
from tests.scenarios.act001 import Service001
from tests.scenarios.permits001 import PermitScenarios


class TestEncryptionMeans(PermitScenarios):
    id = "knb-permit-encryption-means-import-export"

    @pytest.mark.parametrize(
        ("login", "kind", "registers"),
        [
            ("company", "legal-entity", {"legal-entity"}),
            ("trader", "individual-entrepreneur", {"individual-entrepreneur", "identity-document"}),
            ("applicant", "individual", {"identity-document"}),
        ],
    )
    def test_para_9_part_6_the_provider_draws_the_data_itself_and_no_licence(
        self, service: Service001, login: str, kind: str, registers: set[str]
    ) -> None:
        actor = service.desk.actor(login)
        numbers = {"iin": actor.iin} if kind != "legal-entity" else {}
        case_id = service.file(login, applicant_kind=kind, **numbers)
        service.register(case_id)
        assert {lookup.register for lookup in service.case(case_id, "head").lookups} == registers

    @pytest.mark.parametrize("starred", ["legal_address", "actual_address", "address", "country", "movement"])
    def test_annex_1_starred_lines_must_be_filled_in(self, service: Service001, starred: str) -> None:
        application = service.draft(**{starred: ""})
        with pytest.raises(Invalid) as refused:
            filling.sign_and_file(service.desk, application)
        assert f"application.{starred}" in [problem.place for problem in refused.value.problems]

    def test_para_9_declining_to_give_source_codes_is_no_ground_and_both_sides_are_told_so(self, service: Service001) -> None:
        documents = {rule.id: rule for rule in service.passport.variant("issue").documents}
        for rule in ("technical_documentation", "technical_documentation_paper"):
            hint = documents[rule].hint
            assert hint is not None
            assert "Бастапқы кодтарды ұсыну міндетті емес" in hint.kk
        told = service.passport.form("study").field("source_codes").fixed
        assert told is not None
        assert "бас тартуға негіз болмайды" in told.kk
        assert len(service.passport.grounds) == 3
