"""What administrators, heads and the chancellery keep by programs: absences, orders, units, the journal; signing many at once."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from typing import Any

from tests.desk import SERVICE, Desk
from tests.web.api.program import Program
from tests.web.test_signing_desk import to_the_signature

Programs = Callable[..., Program]
NAME = {"kk": "Заң бөлімі", "ru": "Юридический отдел", "en": "Legal unit"}


def test_an_absence_is_entered_once_and_ended(program: Programs, desk: Desk) -> None:
    head, executor = program("head"), desk.actor("executor").id
    assert executor in {each["id"] for each in head.gets("/staff")["items"]}
    body = {"person": executor, "kind": "leave", "first_day": "2026-03-10", "last_day": "2026-03-20", "order_number": "5-к"}
    first = head.posts("/absences", body, 201, Idempotency_Key="a-1")
    assert head.posts("/absences", body, 201, Idempotency_Key="a-1") == first
    (entry,) = first["items"]
    assert (entry["person_id"], entry["kind"], entry["last_day"]) == (executor, "leave", "2026-03-20")
    head.posts("/absences", body, 422)  # entered already
    head.posts("/absences", {**body, "last_day": "2026-03-09"}, 422)
    head.posts("/absences", {**body, "person": "0" * 32}, 404)
    told = head.posts("/absences", {**body, "first_day": "10.03.2026"}, 422)
    assert told["errors"] == [{"pointer": "#/first_day", "detail": "A date is expected, such as 2026-03-02."}]
    program("clerk").posts("/absences", body, 403)
    assert head.asks("DELETE", f"/absences/{entry['id']}").status_code == 204
    assert head.gets("/absences")["items"] == []


def test_a_substitute_is_appointed_by_an_order_and_the_order_is_ended(program: Programs, desk: Desk) -> None:
    admin = program("admin")
    body = {
        "absent": desk.actor("executor").id,
        "substitute": desk.actor("executor2").id,
        "role": "executor",
        "order_number": "17-ж",
        "order_date": "2026-03-02",
        "first_day": "2026-03-02",
        "last_day": "2026-03-20",
        "services": [SERVICE],
    }
    (entry,) = admin.posts("/substitutions", body, 201)["items"]
    assert (entry["substitute"], entry["services"], entry["in_force"]) == (desk.actor("executor2").name, [SERVICE], True)
    assert desk.actor("executor2").substitutions[0].order_number == "17-ж"
    admin.posts("/substitutions", body, 422)
    program("head").posts("/substitutions", body, 403)
    assert admin.asks("DELETE", f"/substitutions/{entry['id']}").status_code == 204
    assert desk.actor("executor2").substitutions == ()


def test_a_unit_is_entered_renamed_and_given_the_work_of_a_role(program: Programs, desk: Desk) -> None:
    admin = program("admin")
    units = admin.posts("/units", {"code": "legal", "name": NAME}, 201)["items"]
    unit = next(each for each in units if each["code"] == "legal")
    assert unit["name"] == NAME
    admin.posts("/units", {"code": "legal", "name": NAME}, 422)
    admin.posts("/units", {"code": "other", "name": {**NAME, "ru": " "}}, 422)
    admin.posts("/units", {"code": "other", "name": NAME, "parent": "0" * 32}, 404)
    renamed = admin.puts(f"/units/{unit['id']}/name", {"name": {**NAME, "en": "Legal department"}})["items"]
    assert next(each for each in renamed if each["id"] == unit["id"])["name"]["en"] == "Legal department"

    def rule(role: str) -> dict[str, Any]:
        rows = admin.gets(f"/jurisdiction/{SERVICE}")["items"]
        return next(row for row in rows if (row["role"], row["body"]) == (role, ""))

    admin.puts(f"/jurisdiction/{SERVICE}", {"rules": [{"role": "chancellery", "unit": unit["id"]}]})
    assert (rule("chancellery")["unit_id"], rule("chancellery")["somebody"]) == (unit["id"], False)
    admin.puts(f"/jurisdiction/{SERVICE}", {"rules": [{"role": "analyst", "unit": unit["id"]}]}, 422)
    admin.puts(f"/jurisdiction/{SERVICE}", {"rules": [{"role": "chancellery", "unit": None}]})
    assert rule("chancellery")["unit_id"] == ""
    program("head").puts(f"/jurisdiction/{SERVICE}", {"rules": [{"role": "chancellery", "unit": None}]}, 403)


def test_the_journal_is_listed_with_its_totals_and_printed(program: Programs, desk: Desk) -> None:
    registered = desk.file()
    desk.register(registered)
    desk.file("applicant")
    clerk = program("clerk")
    journal = clerk.gets("/journal", first="2026-03-01", last="2026-03-31")
    assert [(row["case_id"], row["number"]) for row in journal["items"]] == [(registered, desk.case(registered).number)]
    assert journal["totals"] == {"open": 1}
    assert clerk.gets("/journal", first="2026-02-01", last="2026-02-28")["items"] == []
    assert clerk.asks("GET", "/journal?status=issued").get_json()["items"] == []
    assert len(clerk.gets("/journal", body="common")["items"]) == 1
    clerk.gets("/journal", 422, first="2026-03-31", last="2026-03-01")
    clerk.gets("/journal", 422, first="2026-02-30")
    printed = clerk.asks("GET", "/journal/print?first=2026-03-01")
    assert (printed.mimetype, printed.data[:5]) == ("application/pdf", b"%PDF-")
    program("executor").gets("/journal", 403)


def test_the_control_card_is_the_pages_own(program: Programs, desk: Desk) -> None:
    case = desk.file()
    desk.register(case)
    card = program("executor").asks("GET", f"/cases/{case}/control-card")
    assert (card.status_code, card.mimetype, card.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert desk.case(case).number.replace("/", "-") in card.headers["Content-Disposition"]
    program("company").gets(f"/cases/{case}/control-card", 403)
    program("executor").gets(f"/cases/{'0' * 32}/control-card", 404)


def test_many_documents_are_signed_by_one_request_each_with_a_result_of_its_own(program: Programs, desk: Desk) -> None:
    first, second = to_the_signature(desk), to_the_signature(desk, "applicant")
    head = program("head")
    assert head.gets("/signing")["total"] == 2
    tasks = {row["task"]["case_id"]: row["task"]["id"] for row in head.gets("/signing", service=SERVICE)["items"]}
    documents = {case: head.posts(f"/tasks/{task}/prepare") for case, task in tasks.items()}
    head.asks("GET", f"/documents/{documents[first]['id']}/content")  # the second is not opened
    desk_rows = {row["task"]["case_id"]: row for row in head.gets("/signing")["items"]}
    assert desk_rows[first]["opened_at"] is not None and desk_rows[second]["opened_at"] is None
    signatures = [
        {
            "task": tasks[case],
            "rev": desk_rows[case]["rev"],
            "document": document["id"],
            "cms": head.signed(b64decode(document["content"]), document["wanted"][0]),
        }
        for case, document in documents.items()
    ]
    done = {each["task"]: each["why_not"] for each in head.posts("/signing", {"signatures": signatures})["items"]}
    assert done[tasks[first]] is None
    assert done[tasks[second]]
    assert (desk.case(first).status.value, desk.case(second).status.value) == ("issued", "open")  # type: ignore[union-attr]
    head.asks("GET", f"/documents/{documents[second]['id']}/content")
    again = {each["task"]: each["why_not"] for each in head.posts("/signing", {"signatures": signatures})["items"]}
    assert again[tasks[second]] is None and again[tasks[first]]  # signed already
    head.posts("/signing", {"signatures": [{**signatures[0], "cms": "no CMS"}]}, 422)
    head.posts("/signing", {"signatures": [signatures[0]] * 2}, 422)
    program("executor").posts("/signing", {"signatures": signatures}, 403)


def test_who_is_away_beyond_the_years_of_the_calendar_spoils_no_list(program: Programs, desk: Desk) -> None:
    case = desk.file()
    desk.register(case)
    desk.appoint(case)
    body = {"person": desk.actor("executor").id, "kind": "other", "first_day": "2026-03-03", "last_day": "9999-12-31"}
    head = program("head")
    head.posts("/absences", body, 201)
    (row,) = head.gets("/supervision")["items"]
    assert row["away"] == {"first": "2026-03-03", "last": "9999-12-31", "back": None, "by": ""}
    load = {each["id"]: each["away"] for each in head.gets("/supervision/load")["people"]}
    assert load[body["person"]] == row["away"]
