"""Whatever goes wrong is said as problem details, in the caller's language, never as a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.cases import viewing
from app.domain import errors
from app.domain.errors import RasimError
from app.web.api.problems import pointer
from app.web.errors import page_of
from tests.desk import SERVICE, Desk
from tests.web.api.program import Program
from tests.web.api.test_access import refused

Programs = Callable[..., Program]


NOBODYS = "0" * 32


@pytest.mark.parametrize(
    ("language", "title", "detail"),
    [
        ("kk", "Мұнда ештеңе табылмады", f"«{NOBODYS}» ісі жоқ."),
        ("ru", "Здесь ничего не найдено", f"Дела «{NOBODYS}» нет."),
        ("en", "Nothing found here", f"There is no case '{NOBODYS}'."),
    ],
)
def test_a_problem_is_said_in_the_language_asked_for(program: Programs, language: str, title: str, detail: str) -> None:
    response = program("head", language=language).asks("GET", f"/cases/{NOBODYS}")
    told = refused(response, 404, "not-found")
    assert (told["title"], told["detail"], told["instance"]) == (title, detail, f"/api/v1/cases/{NOBODYS}")
    assert response.headers["Content-Language"] == language


def test_the_address_says_the_language_before_the_header_does_and_kazakh_is_spoken_otherwise(program: Programs) -> None:
    asking = program(None, language="ru")
    assert asking.asks("GET", "/nothing?lang=en").headers["Content-Language"] == "en"
    assert program(None, language="de").asks("GET", "/nothing").headers["Content-Language"] == "kk"
    assert program(None, language="de, en;q=0.5").asks("GET", "/nothing").headers["Content-Language"] == "en"


def test_every_known_error_has_its_kind_of_problem() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, RasimError)]
    named = {kind: page_of(kind("x")).name for kind in kinds if kind is not RasimError}
    assert len(set(named.values())) == len(named) - 3  # what fails inside is one kind for all, and what is hidden is not found


def test_everything_wrong_in_a_body_is_named_at_its_place(program: Programs) -> None:
    told = program("company").posts(f"/services/{SERVICE}/applications", {"channel": "pigeon", "x/y": 1}, 422)
    assert told["errors"] == [
        {"pointer": "#/variant", "detail": "This is required."},
        {"pointer": "#/channel", "detail": "One of these is expected: 'portal', 'provider-office', 'e-licensing'."},
        {"pointer": "#/x~1y", "detail": "This is not known here."},
    ]


def test_a_wrong_parameter_is_named(program: Programs) -> None:
    told = program("clerk").gets("/tasks", 422, page="0", colour="red", view="theirs")
    assert {each["parameter"] for each in told["errors"]} == {"page", "colour", "view"}


def test_what_the_application_lacks_is_named_by_form_and_field(program: Programs) -> None:
    company = program("company")
    application = company.posts(f"/services/{SERVICE}/applications", {"variant": "issue"}, 201)["id"]
    told = company.posts(f"/applications/{application}/prepare", status=422)
    places = {each["pointer"] for each in told["errors"]}
    assert {"#/application/sheets", "#/documents/foreign_trade_contract"} <= places


def test_what_a_step_lacks_is_named_in_the_body_that_was_sent(program: Programs, desk: Desk) -> None:
    case = desk.file()
    desk.register(case)
    head = program("head")
    task = head.task(case)
    body = {"rev": task["rev"], "outcome": "appointed"}
    told = head.posts(f"/tasks/{task['row']['id']}/complete", body, 422)
    assert told["errors"] == [{"pointer": "#/answers/executor", "detail": "Choose a person."}]


@pytest.mark.parametrize(
    ("answers", "pointer"),
    [
        ({"nothing": {}}, "#/answers/nothing"),
        ({"application": {"nothing": ""}}, "#/answers/application/nothing"),
        ({"application": {"decl_secrets": "yes"}}, "#/answers/application/decl_secrets"),
        ({"application": {"sheets": True}}, "#/answers/application/sheets"),
        ({"importer_guarantee": {"annex_table": [{"x": ""}]}}, "#/answers/importer_guarantee/annex_table/0/x"),
    ],
)
def test_answers_to_what_is_not_asked_are_refused(program: Programs, answers: dict[str, Any], pointer: str) -> None:
    company = program("company")
    application = company.posts(f"/services/{SERVICE}/applications", {"variant": "issue"}, 201)["id"]
    told = company.puts(f"/applications/{application}/answers", {"answers": answers}, 422)
    assert [each["pointer"] for each in told["errors"]] == [pointer]


def test_a_body_that_is_no_json_is_told_from_one_of_another_type(program: Programs) -> None:
    company = program("company")
    address = f"/services/{SERVICE}/applications"
    refused(company.asks("POST", address, data="{", content_type="application/json"), 400, "unreadable")
    refused(company.asks("POST", address, data="variant=issue", content_type="text/plain"), 415, "unsupported-media-type")


def test_an_address_names_the_methods_it_takes(program: Programs) -> None:
    response = program("clerk").asks("PATCH", "/tasks")
    refused(response, 405, "method-not-allowed")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD"}


def test_what_is_too_large_is_refused_with_the_limit(app: Flask, program: Programs) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024
    company = program("company")
    response = company.asks(
        "PUT", f"/applications/{'0' * 32}/documents/x?filename=a.pdf", data=b" " * 2**21, content_type="application/pdf"
    )
    assert refused(response, 413, "too-large")["detail"] == "At most 1 MB can be sent at once."


def test_an_unforeseen_error_tells_nothing_of_the_inside(program: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("inside")

    monkeypatch.setattr(viewing, "inbox", breaks)
    response = program("clerk").asks("GET", "/tasks")
    refused(response, 500, "failed")
    assert "inside" not in response.get_data(as_text=True)


def test_problems_of_a_form_stand_at_json_pointers() -> None:
    assert pointer("form.table[12].column") == "#/form/table/12/column"
    assert pointer("documents.contract") == "#/documents/contract"
    assert pointer("#/answers/x") == "#/answers/x"
