"""The analysts' pages of services, versions, and of a draft's way to being one, as two analysts meet them."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from app.cases.design import drafts
from app.cases.office import Office
from app.web import create_app
from tests.desk import SERVICE, Desk
from tests.scenarios.design.test_publishing import approve, changed_draft, hand_over, in_force, publish, published
from tests.web.visitor import Visitor

# One database is enough here: pages know none, and what lies below them is tested on both.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

Sit = Callable[[str], Visitor]


@pytest.fixture
def app(office: Office) -> Flask:
    return create_app(office, signer_url=None)


@pytest.fixture
def sit(app: Flask) -> Sit:
    return lambda login: Visitor(app, login)


@pytest.mark.parametrize(
    ("login", "status"), [("analyst", 200), ("compliance", 200), ("deputy", 200), ("executor", 403), ("company", 403)]
)
def test_who_may_see_versions_sees_these_pages(desk: Desk, app: Flask, login: str, status: int) -> None:
    draft = changed_draft(desk)
    client = Visitor(app, login).client
    for address in ("/design", f"/design/{SERVICE}", f"/design/drafts/{draft}/approval"):
        assert client.get(address).status_code == status, address


def test_a_draft_goes_its_whole_way_through_two_pairs_of_hands(desk: Desk, sit: Sit) -> None:
    draft = changed_draft(desk)
    first, second = sit("analyst"), sit("analyst2")
    first.opens(f"/design/drafts/{draft}/approval")
    first.sends("/hand-over", act="Бұйрық № 12, 3-тармақ", reason=" ")
    assert first.status == 422
    assert first.page.xpath("//input[@name='act']/@value") == ["Бұйрық № 12, 3-тармақ"], "what was typed is kept"
    first.sends("/hand-over", act="Бұйрық № 12, 3-тармақ", reason="Мерзім өзгерді")
    assert "checked, waits for approval" in first.text
    assert not [f for f in first.page.forms if f.get("action", "").endswith("/approve")], "nobody approves his own"
    second.opens(f"/design/drafts/{draft}/approval")
    second.sends("/approve", note="Дұрыс")
    second.sends("/publish", day="")
    second.opens(f"/design/{SERVICE}")
    assert "version 2 in force" in second.text
    for words in (
        "Бұйрық № 12, 3-тармақ",
        "Мерзім өзгерді",
        f"approved by {desk.actor('analyst2').name}",
        "The draft was approved",
    ):
        assert words in second.text
    assert in_force(desk) == 2


def test_a_returned_draft_shows_the_note(desk: Desk, sit: Sit) -> None:
    draft = changed_draft(desk)
    hand_over(desk, draft)
    second = sit("analyst2")
    second.opens(f"/design/drafts/{draft}/approval")
    form = next(f for f in second.page.forms if f.get("action", "").endswith("/approve"))
    values = {**dict(form.form_values()), "note": "4-тармақты қараңыз"}
    second._sees(second.client.post(f"/design/drafts/{draft}/return", data=values, follow_redirects=True))
    assert "4-тармақты қараңыз" in second.text
    assert "being drawn" in second.text


def test_who_began_before_another_version_confirms_that_he_knows_it(desk: Desk, sit: Sit) -> None:
    late = changed_draft(desk, "late")
    published(desk, "first")
    first = sit("analyst")
    first.opens(f"/design/drafts/{late}/approval")
    assert "Versions were published since this draft was begun" in first.text
    first.sends("/hand-over", act="№ 1", reason="—")
    assert first.status == 422
    assert "has published version 2" in first.text
    first.sends("/hand-over", act="№ 1", reason="—", in_place_of="2")
    assert "checked, waits for approval" in first.text
    assert "in place of version 2, published meanwhile" in first.opens(f"/design/{SERVICE}").text_content()


def test_a_version_is_retired_with_a_reason_and_the_page_says_what_follows(desk: Desk, sit: Sit) -> None:
    second = published(desk)
    first = sit("analyst")
    first.opens(f"/design/versions/{second}")
    assert "applications are filed by version 1" in first.text
    first.sends("/retire", reason="Қате табылды", day="2026-03-01")
    assert first.status == 422
    first.sends("/retire", reason="Қате табылды", day="")
    assert "Қате табылды" in first.text
    assert in_force(desk) == 1
    first.opens(f"/design/{SERVICE}")
    assert "version 1 in force" in first.text


def test_the_list_of_services_is_narrowed_by_words_and_state(desk: Desk, sit: Sit) -> None:
    draft = changed_draft(desk)
    visitor = sit("compliance")

    def listed(query: str) -> list[str]:
        page = visitor.opens(f"/design?{query}")
        return [row.strip() for row in page.xpath("//tbody//th/div/text()")]

    assert SERVICE in listed("")
    assert listed("words=кепілдік") == [SERVICE]
    assert listed("state=drawn") == [SERVICE]
    assert listed("state=waiting") == []
    assert "No such service" in visitor.text
    hand_over(desk, draft)
    assert listed("state=waiting&words=guarantee") == [SERVICE]


def test_the_list_and_a_history_take_as_many_queries_whatever_there_is(desk: Desk, sit: Sit) -> None:
    visitor = sit("analyst")
    addresses = ("/design", f"/design/{SERVICE}")

    def cost() -> list[int]:
        for address in addresses:
            visitor.opens(address)  # bundles are read once a process
        return [queries(address) for address in addresses]

    def queries(address: str) -> int:
        asked: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            asked.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        visitor.opens(address)
        event.remove(Engine, "before_cursor_execute", note)
        return len(asked)

    before = cost()
    for remark in ("2", "3", "4"):
        published(desk, remark)
    for login in ("analyst", "analyst2", "admin"):
        changed_draft(desk, "open", login)
    after = cost()
    assert [b - a for a, b in zip(before, after, strict=True)] == [1, 1], "the names of those who draw, all at once"


def test_the_version_page_tells_which_shared_parts_are_older_than_elsewhere(desk: Desk, sit: Sit) -> None:
    visitor = sit("analyst")
    with desk.office.reading() as uow:
        version = uow.processes.newest("knb-licence-cryptographic-means")
        assert version is not None
    visitor.opens(f"/design/versions/{version.id}")
    assert "shared/" in visitor.text
    assert "differs" not in visitor.text
    draft = _with_other_shared_letter(desk)
    hand_over(desk, draft)
    approve(desk, draft)
    publish(desk, draft)
    visitor.opens(f"/design/versions/{version.id}")
    assert "differs" in visitor.text


def _with_other_shared_letter(desk: Desk) -> str:
    actor, service = desk.actor("analyst"), "poisons-licence"
    draft = drafts.open_draft(desk.office, actor, service)
    files = drafts.draft_files(desk.office, actor, draft).bundle.files
    name = "shared/letters/result.html"
    drafts.save_files(desk.office, actor, draft, {name: files[name] + b"<!-- other -->"}, rev=0)
    return draft


def test_a_comparison_says_the_changed_limit_in_words_and_by_lines(desk: Desk, sit: Sit) -> None:
    actor = desk.actor("analyst")
    draft = drafts.open_draft(desk.office, actor, SERVICE)
    view = drafts.draft_files(desk.office, actor, draft)
    diagram = view.bundle.files["process.bpmn"].replace(
        b'limit="2 working-days" from="registered"', b'limit="1 working-days" from="registered"'
    )
    drafts.save_files(desk.office, actor, draft, {"process.bpmn": diagram, "letters/x.html": b"<script>alert(1)</script>"}, rev=0)
    visitor = sit("compliance")
    visitor.opens(f"/design/compare?old=version:{view.base_version_id}&new=draft:{draft}")
    assert "limit2 working days→ 1 working day" in visitor.text.replace(" →", "→").replace("limit ", "limit")
    assert "Check that the documents are complete" in visitor.text
    assert "<script>alert(1)</script>" in visitor.text, "shown as text"
    assert not visitor.page.xpath("//main//script")
    marks = visitor.page.xpath("string(//@data-marks)")
    assert '"check_completeness"' in marks
    for address in visitor.page.xpath("//@data-diagram"):
        answer = visitor.client.get(address)
        assert (answer.status_code, answer.mimetype) == (200, "application/xml")
        assert answer.headers["Content-Disposition"] == "attachment"
    assert visitor.client.get(f"/design/compare?old=draft:{draft}&new=version:none").status_code == 404


def test_an_exported_version_is_brought_in_by_the_page_and_what_is_no_zip_is_told(desk: Desk, sit: Sit) -> None:
    visitor = sit("analyst")
    with desk.office.reading() as uow:
        version = uow.processes.newest(SERVICE)
        assert version is not None
    answer = visitor.client.get(f"/design/editions/version:{version.id}/export")
    assert answer.headers["Content-Disposition"] == f"attachment; filename={SERVICE}-1.zip"
    visitor.opens("/design")
    visitor.sends("/design/import", file=(BytesIO(b"no zip"), "x.zip"))
    assert (visitor.status, "no zip that can be read" in visitor.text) == (422, True)
    visitor.sends("/design/import", file=(BytesIO(answer.data), "x.zip"))
    assert visitor.path.endswith("/approval")
    assert "being drawn" in visitor.text
