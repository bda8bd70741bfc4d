"""Comments and messages by programs: who may read them, who is told, and that what is asked twice is said once."""

from __future__ import annotations

from collections.abc import Callable

from tests.clock import astana
from tests.desk import Desk
from tests.web.api.program import Program

Programs = Callable[..., Program]


def test_colleagues_comment_and_whoever_is_named_is_told(program: Programs, desk: Desk) -> None:
    case = desk.file()
    clerk, head = program("clerk"), program("head")
    said = clerk.posts(f"/cases/{case}/comments", {"text": "@head қараңыз"}, 201)
    assert [(each["author"], each["text"]) for each in said["items"]] == [(desk.actor("clerk").name, "@head қараңыз")]
    assert said["items"][0]["names"] == {"head": desk.actor("head").name}
    assert head.gets(f"/cases/{case}/comments")["items"] == said["items"]
    assert any("names you in a comment" in each["sentence"] for each in head.gets("/notices")["items"])
    clerk.posts(f"/cases/{case}/comments", {"text": " "}, 422)
    clerk.posts(f"/cases/{case}/comments", {"text": "ә" * 4001}, 422)
    clerk.posts(f"/cases/{case}/comments", {"text": "a\x00b"}, 422)
    clerk.posts(f"/cases/{case}/comments", {"text": "x", "task": "0" * 32}, 404)


def test_a_comment_sent_again_with_its_key_is_written_once(program: Programs, desk: Desk) -> None:
    case = desk.file()
    clerk = program("clerk")
    first = clerk.posts(f"/cases/{case}/comments", {"text": "бір"}, 201, Idempotency_Key="c-1")
    assert clerk.posts(f"/cases/{case}/comments", {"text": "бір"}, 201, Idempotency_Key="c-1") == first
    assert len(first["items"]) == 1


def test_comments_are_for_the_providers_people_alone(program: Programs, desk: Desk) -> None:
    case = desk.file()
    for login in ("company", "agency"):
        program(login).gets(f"/cases/{case}/comments", 403)
        program(login).posts(f"/cases/{case}/comments", {"text": "x"}, 403)
    assert desk.events(case).count("comment-written") == 0


def test_messages_go_between_office_and_applicant_and_are_new_until_they_are_read(program: Programs, desk: Desk) -> None:
    case = desk.file()
    company, executor = program("company"), program("executor")
    company.posts(f"/cases/{case}/messages", {"text": "Қашан дайын?"}, 201)
    first = executor.gets(f"/cases/{case}/messages")["items"][0]
    assert (first["from_applicant"], first["new"]) == (True, True)
    assert not executor.gets(f"/cases/{case}/messages")["items"][0]["new"]
    desk.clock.move_to(astana(2026, 3, 2, 11))
    executor.posts(f"/cases/{case}/messages", {"text": "Бейсенбіде"}, 201)
    reply = company.gets(f"/cases/{case}/messages")["items"][1]
    assert (reply["text"], reply["author"], reply["new"]) == ("Бейсенбіде", "", True)  # who in the office writes is not told


def test_of_anothers_case_there_are_no_messages(program: Programs, desk: Desk) -> None:
    case = desk.file()
    stranger = program("applicant")
    stranger.gets(f"/cases/{case}/messages", 404)
    stranger.posts(f"/cases/{case}/messages", {"text": "x"}, 404)
    stranger.gets(f"/cases/{'0' * 32}/messages", 404)


def test_once_a_case_has_ended_no_message_is_taken(program: Programs, desk: Desk) -> None:
    case = desk.file()
    company = program("company")
    company.posts(f"/cases/{case}/withdrawal", {"reason": "Қажет емес"})
    company.posts(f"/cases/{case}/messages", {"text": "x"}, 409)
    assert not company.gets(f"/cases/{case}/messages")["may_write"]
