"""The administrator's page of registration numbers: what holds for each unit, what a rule would give, and setting it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.cases.numbering import numberings
from app.cases.office import Office
from app.web import create_app
from tests.desk import Desk
from tests.web.visitor import Visitor

# One database is enough here: pages know none, and what lies below them is tested on both.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

Sit = Callable[[str], Visitor]


@pytest.fixture
def sit(office: Office) -> Sit:
    app = create_app(office, signer_url=None)
    return lambda login: Visitor(app, login)


def told(visitor: Visitor, code: str) -> str:
    return " ".join(" ".join(visitor.page.get_element_by_id(f"unit-{code}").itertext()).split())


def test_each_unit_is_listed_with_the_rule_that_holds_and_its_next_number(desk: Desk, sit: Sit) -> None:
    desk.register(desk.file())
    admin = sit("admin")
    admin.opens("/units")
    admin.opens(admin.page.xpath("string(//main//a[text()='Registration numbers']/@href)"))
    assert "{year}-{serial:05d} no rule is set Next number 2026-00002" in told(admin, "provider")
    admin.sends("/units/numbering/provider", rule="ЖТ-{serial}/{year}")
    assert "The rule is set." in admin.text
    assert "ЖТ-{serial}/{year} its own rule Next number ЖТ-1/2026" in told(admin, "provider")
    assert "ЖТ-{serial}/{year} the rule of: Provider Next number ЖТ-1/2026" in told(admin, "department"), "a part of it"
    assert "{year}-{serial:05d} no rule is set Next number 2026-00002" in told(admin, "security"), "another body"
    case_id = desk.file()
    desk.register(case_id)
    assert desk.case(case_id).number == "ЖТ-1/2026"
    admin.opens("/units/numbering")
    assert "Next number ЖТ-2/2026" in told(admin, "department")


def test_a_rule_is_tried_without_being_set(desk: Desk, sit: Sit) -> None:
    admin = sit("admin")
    admin.opens("/units/numbering")
    admin.sends("/units/numbering/provider", {"rule": "{year}.№{serial:03d}", "try": "yes"})
    assert "By this rule the next number would be 2026.№001." in told(admin, "provider")
    assert admin.page.get_element_by_id("rule-provider").value == "{year}.№{serial:03d}"
    assert {each.rule for each in numberings(desk.office, desk.actor("admin"))} == {""}


def test_a_wrong_rule_is_told_at_its_unit_and_what_was_typed_stays(desk: Desk, sit: Sit) -> None:
    admin = sit("admin")
    admin.opens("/units/numbering")
    for button in ({"try": "yes"}, {}):
        admin.sends("/units/numbering/provider", {"rule": "ЖТ-{serial}", **button})
        assert admin.status == 422
        assert "A rule of numbers has {year} and {serial}, each once" in told(admin, "provider")
        assert admin.page.get_element_by_id("rule-provider").value == "ЖТ-{serial}"
    admin.sends("/units/numbering/provider", rule="ЖТ-{serial}/{year}")
    admin.sends("/units/numbering/security", {"rule": "ЖТ-{serial:03d}/{year}", "try": "yes"})
    assert "The unit 'provider' numbers by “ЖТ-{serial}/{year}” already." in told(admin, "security")


def test_an_emptied_rule_gives_the_unit_its_parents_again(desk: Desk, sit: Sit) -> None:
    admin = sit("admin")
    admin.opens("/units/numbering")
    admin.sends("/units/numbering/provider", rule="ЖТ-{serial}/{year}")
    admin.sends("/units/numbering/department", rule="Б-{serial}/{year}")
    assert "Next number Б-1/2026" in told(admin, "department")
    admin.sends("/units/numbering/department", {"rule": "", "try": "yes"})
    assert "By this rule the next number would be ЖТ-1/2026." in told(admin, "department")
    admin.sends("/units/numbering/department", rule="")
    assert "Next number ЖТ-1/2026" in told(admin, "department")


def test_nobody_but_the_administrator_opens_the_page(sit: Sit) -> None:
    head = sit("head")
    head.opens("/units/numbering")
    assert head.status == 403
