"""Who may do what, as one table."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.errors import Forbidden
from app.domain.people import Actor, Role, Substitution
from app.domain.permissions import PERMISSIONS, Action, CaseFacts, HandlingFacts, Sight, WorkFacts, may, require, sight_of
from app.domain.text import Text


def someone(*roles: Role, id: str = "me", **facts: str) -> Actor:
    return Actor(id=id, login=id, name=id, own_roles=frozenset(roles), **facts)


def standing_in(role: Role, absent: str) -> Actor:
    substitution = Substitution(
        absent, absent, Text("Төраға"), role, "17-ж", date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 6)
    )
    return Actor(id="deputy", login="deputy", name="deputy", substitutions=(substitution,))


def test_every_action_has_a_rule() -> None:
    assert set(PERMISSIONS) == set(Action)


def test_an_organisations_case_is_seen_by_those_who_act_for_it_and_by_nobody_elses_applicant() -> None:
    facts = CaseFacts("991231500014", "991240000013")
    assert may(someone(Role.APPLICANT, iin="1", bin="991240000013"), Action.VIEW_CASE, facts)
    assert not may(someone(Role.APPLICANT, iin="991231500014"), Action.VIEW_CASE, facts)  # himself, not the organisation
    assert not may(someone(Role.APPLICANT, iin="2", bin="991240000099"), Action.VIEW_CASE, facts)


def test_a_persons_case_is_not_seen_by_somebody_without_a_number() -> None:
    assert not may(someone(Role.APPLICANT), Action.VIEW_CASE, CaseFacts("", ""))


@pytest.mark.parametrize("role", [Role.COMPLIANCE, Role.CHANCELLERY, Role.EXECUTOR])
def test_staff_see_cases_and_applicants_see_no_inbox(role: Role) -> None:
    assert may(someone(role), Action.VIEW_CASE, CaseFacts("1", ""))
    assert not may(someone(Role.APPLICANT), Action.VIEW_INBOX)


def test_work_of_another_role_or_of_another_person_is_out_of_reach() -> None:
    executor = someone(Role.EXECUTOR)
    assert may(executor, Action.WORK_ITEM, WorkFacts("executor", None))
    assert may(executor, Action.WORK_ITEM, WorkFacts("executor", "me"))
    assert not may(executor, Action.WORK_ITEM, WorkFacts("executor", "another"))
    assert not may(executor, Action.WORK_ITEM, WorkFacts("head", None))


def test_a_substitute_reaches_the_absent_persons_work_in_that_role_only() -> None:
    deputy = standing_in(Role.HEAD, "head")
    assert may(deputy, Action.WORK_ITEM, WorkFacts("head", "head"))
    assert not may(deputy, Action.WORK_ITEM, WorkFacts("head", "another"))
    assert not may(deputy, Action.WORK_ITEM, WorkFacts("executor", "head"))


def test_the_refusal_names_the_person_and_the_act() -> None:
    with pytest.raises(Forbidden, match=r"me may not do this: publish\."):
        require(someone(Role.EXECUTOR), Action.PUBLISH)


def test_what_is_begun_in_the_name_of_ones_organisation_is_not_ones_own_application() -> None:
    head = someone(Role.HEAD, iin="991231500014", bin="991240000099")
    duty, own = CaseFacts(head.iin, head.bin), CaseFacts(head.iin, "")
    assert may(head, Action.COMMENT, duty)
    assert not may(head, Action.COMMENT, own)
    for facts, decides in ((duty, True), (own, False)):
        handling = HandlingFacts("a-service", frozenset({"me"}), facts.applicant_iin, facts.applicant_bin)
        assert may(head, Action.DISCLOSE, handling) is decides


def test_an_applicant_who_is_of_the_staff_besides_sees_his_application_as_every_applicant_does() -> None:
    analyst = someone(Role.ANALYST, Role.APPLICANT, iin="991231500014")
    assert sight_of(analyst, CaseFacts(analyst.iin, "", begun_by="me")) is Sight.OWN
    assert sight_of(someone(Role.ANALYST), CaseFacts("", "", begun_by="me")) is Sight.WHOLE
