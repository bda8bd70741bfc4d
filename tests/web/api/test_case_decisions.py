"""What those who consider a case decide about it by programs: its term, and what consulted bodies are shown.

Every case is filed on Monday 2 March 2026, 10:00, with a term of 7 working days: to Thursday 12 March, 18:30 (13:30 UTC).
"""

from __future__ import annotations

from collections.abc import Callable

from tests.clock import astana
from tests.desk import Desk
from tests.scenarios.test_changing_term import drawn
from tests.scenarios.test_other_bodies import Strip
from tests.web.api.program import Program

Programs = Callable[..., Program]
REASON = "Қосымша зерттеу керек"


def test_a_term_is_extended_stopped_and_runs_on(program: Programs, desk: Desk) -> None:
    case = drawn(desk)
    head, address = program("head"), f"/cases/{case.case_id}/term"
    term = head.gets(address)
    assert (term["term"], term["result_due"]) == ("7 working-days", "2026-03-12T13:30:00Z")
    assert [each["id"] for each in term["extensions_allowed"]] == ["study", "facts"]
    # Three working days after Thursday 12 March: 13, 16, 17.
    longer = head.posts(f"{address}/extend", {"ground": "study", "by": "3 working-days", "reason": REASON})
    assert (longer["result_due"], longer["extensions"][0]["reason"]) == ("2026-03-17T13:30:00Z", REASON)
    desk.wait_until(astana(2026, 3, 3, 12))
    stopped = head.posts(f"{address}/stop", {"ground": "court", "reason": REASON})
    assert (stopped["result_due"], stopped["runs_on"], stopped["ledger"][-1]["runs"]) == (None, True, False)
    head.posts(f"{address}/stop", {"ground": "court", "reason": REASON}, 409)
    assert head.posts(f"{address}/run-on", {"reason": REASON})["result_due"] == "2026-03-17T13:30:00Z"
    head.posts(f"{address}/run-on", {"reason": REASON}, 409)


def test_an_extension_sent_again_with_its_key_counts_once(program: Programs, desk: Desk) -> None:
    case = drawn(desk)
    head, address = program("head"), f"/cases/{case.case_id}/term/extend"
    body = {"ground": "study", "by": "3 working-days", "reason": REASON}
    first = head.posts(address, body, Idempotency_Key="e-1")
    assert head.posts(address, body, Idempotency_Key="e-1")["result_due"] == first["result_due"] == "2026-03-17T13:30:00Z"
    assert len(head.gets(f"/cases/{case.case_id}/term")["extensions"]) == 1


def test_a_term_is_decided_on_only_as_the_passport_says(program: Programs, desk: Desk) -> None:
    case = drawn(desk)
    head, deputy, address = program("head"), program("deputy"), f"/cases/{case.case_id}/term"
    body = {"ground": "study", "by": "3 working-days", "reason": REASON}
    head.posts(f"{address}/extend", {**body, "by": "11 working-days"}, 422)  # 10 at most
    head.posts(f"{address}/extend", {**body, "by": "3 calendar-days"}, 422)  # units are not converted
    head.posts(f"{address}/extend", {**body, "by": "three days"}, 422)
    head.posts(f"{address}/extend", {**body, "ground": "whim"}, 422)
    head.posts(f"{address}/extend", {**body, "reason": " "}, 422)
    deputy.posts(f"{address}/extend", body, 403)  # “study” is the head's
    program("executor").posts(f"{address}/extend", body, 403)
    program("applicant").gets(address, 404)
    assert program("company").gets(address)["extensions_allowed"] == []


def test_a_document_is_withdrawn_from_a_body_and_shown_again(program: Programs, desk: Desk) -> None:
    strip = Strip(desk)
    executor, item, document = program("executor"), strip.request("agency"), min(strip.filed())
    address = f"/cases/{strip.id}/requests/{item}/disclosure"

    def shown(told: dict) -> dict[str, bool]:  # type: ignore[type-arg]
        asked = next(each for each in told["requests"] if each["item"] == item)
        return {each["id"]: each["shown"] for each in asked["documents"]}

    before = shown(executor.gets(f"/cases/{strip.id}/disclosure"))
    assert before[document] and strip.shown("agency") == strip.filed()
    after = shown(executor.posts(address, {"withdraw": [document], "reason": "Қажет емес"}))
    assert after == {**before, document: False}
    assert strip.shown("agency") == strip.filed() - {document}
    assert strip.shown("agency2") == strip.filed()
    assert shown(executor.posts(address, {"show": [document], "reason": "Қажет болды"})) == before


def test_what_bodies_still_to_be_asked_will_see_is_changed_too(program: Programs, desk: Desk) -> None:
    strip = Strip(desk)
    executor, document = program("executor"), min(strip.filed())
    told = executor.posts(f"/cases/{strip.id}/disclosure", {"withdraw": [document], "reason": "Қажет емес"})
    kept = {each["id"]: (each["shown"], each["reason"]) for each in told["to_disclose"]}
    assert kept[document] == (False, "Қажет емес")


def test_only_those_who_consider_the_case_change_what_bodies_are_shown(program: Programs, desk: Desk) -> None:
    strip = Strip(desk)
    item, document = strip.request("agency"), min(strip.filed())
    address, body = f"/cases/{strip.id}/requests/{item}/disclosure", {"withdraw": [document], "reason": "x"}
    program("clerk").posts(address, body, 403)
    program("agency").posts(address, body, 404)
    program("company").posts(address, body, 403)
    executor = program("executor")
    executor.posts(address, {**body, "withdraw": ["0" * 32]}, 404)
    executor.posts(f"/cases/{strip.id}/requests/{'0' * 32}/disclosure", body, 404)
    assert strip.shown("agency") == strip.filed()
    (own,) = program("agency").gets(f"/cases/{strip.id}/disclosure")["requests"]  # a body is told of its own request alone
    assert (own["item"], own["documents"]) == (item, [])


def test_a_body_marks_its_reply_for_the_cleared_only_before_it_gives_it(program: Programs, desk: Desk) -> None:
    strip = Strip(desk)
    agency, item = program("agency"), strip.request("agency")
    agency.puts(f"/tasks/{item}/restriction", {"restricted": True}, 204)
    asked = next(each for each in program("executor").gets(f"/cases/{strip.id}")["consultations"] if each["item"] == item)
    assert asked["restricted"]
    program("executor").puts(f"/tasks/{item}/restriction", {"restricted": False}, 403)
    rev = agency.gets(f"/tasks/{item}")["rev"]
    agency.posts(f"/tasks/{item}/complete", {"rev": rev, "outcome": "agree", "answers": {"number": "7"}})
    agency.puts(f"/tasks/{item}/restriction", {"restricted": False}, 409)
