"""Staff find a case however its applicant's name is typed."""

from __future__ import annotations

import pytest

from app.cases import viewing
from app.cases.office import Office
from app.gateways.authority import TestAuthority
from tests.clock import HandClock
from tests.desk import Desk
from tests.press import with_short_letters


@pytest.fixture
def desk(office: Office, clock: HandClock, authority: TestAuthority) -> Desk:
    return Desk(with_short_letters(office), clock, authority)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Үлгі", 2),  # «Үлгі» ЖШС and Үлгібаев Әділ
        ("үлгі", 2),
        ("ҮЛГІ", 2),
        ("әділ", 1),
        (" жшс ", 1),
        ("2026-00001", 1),
        ("991240000013", 1),  # the company's BIN, whole
        ("99124000001", 0),  # a part of a number says nothing about whose it is
        ("%", 0),
        ("2026_00001", 0),
    ],
)
def test_a_search_knows_kazakh_letters_large_and_small_and_takes_signs_for_signs(desk: Desk, typed: str, found: int) -> None:
    desk.register(desk.file("company"))
    desk.file("applicant")
    head = desk.actor("head")
    assert viewing.cases(desk.office, head, query=typed).total == found
    clerk_and_head = viewing.inbox(desk.office, desk.actor("clerk"), query=typed).total
    assert clerk_and_head + viewing.inbox(desk.office, head, query=typed).total == found
