"""What the applicant is told with each kind of result."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from app.domain.case import CaseStatus
from handlers.delivery import deliver_result

RESULTS = [status for status in CaseStatus if status not in (CaseStatus.OPEN, CaseStatus.WITHDRAWN)]


@pytest.mark.parametrize("status", RESULTS, ids=lambda status: status.value)
def test_every_result_a_passport_may_have_is_told_in_words_of_its_own(status: CaseStatus) -> None:
    told: list[tuple[str, str]] = []

    def tell(template: str, values: dict[str, Any], *, letter: str) -> None:
        told.append((template % values, letter))

    result = SimpleNamespace(id="any-result-at-all", status=status)
    context = SimpleNamespace(signed_result=lambda: result, tell_applicant=tell, case=SimpleNamespace(number="2026-00001"))
    deliver_result(context)  # type: ignore[arg-type]
    ((sentence, letter),) = told
    assert letter == "any-result-at-all"
    wanted = {
        "issued": "is ready",
        "refused": "was refused",
        "discontinued": "considered further",
        "not-accepted": "not accepted",
    }
    assert wanted[status.value] in sentence
    assert ("2026-00001" in sentence) is (status is not CaseStatus.NOT_ACCEPTED)  # refused before it had a number
