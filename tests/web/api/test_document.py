"""The document says what there is: every route, every answer, examples that hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from tests.web.api.program import ROOT, Program

BY_HAND = {"api.description", "api.reference"}
"""The document itself and the page that shows it."""


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    response = app.test_client().get(f"{ROOT}/openapi.json")
    assert (response.status_code, response.mimetype) == (200, "application/json")
    return dict(response.get_json())


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def test_the_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    validate(document, cls=OpenAPIV31SpecValidator)


def test_every_route_is_in_the_document_and_everything_in_the_document_is_a_route(app: Flask, document: dict[str, Any]) -> None:
    routes = {
        (method, str(rule).replace("<int:", "<").replace("<", "{").replace(">", "}"))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and rule.endpoint not in BY_HAND
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(method, ROOT + path) for method, path, _ in operations(document)} == routes


def test_every_operation_says_what_it_does_who_may_and_how_it_fails(document: dict[str, Any]) -> None:
    for method, path, told in operations(document):
        assert told["summary"] and told["description"] and told["tags"], path
        assert set(told["responses"]) >= {"401", "422", "500", "503"}, path
        wanted = [{"token": ["read" if method == "GET" else "write"]}]
        assert told["security"] == ([] if path.startswith("/services") and method == "GET" else wanted), path
    names = [told["operationId"] for _, _, told in operations(document)]
    assert len(names) == len(set(names))


def test_what_is_sent_holds_nothing_that_is_not_known(document: dict[str, Any]) -> None:
    shapes = document["components"]["schemas"]
    for _, path, told in operations(document):
        content = told.get("requestBody", {}).get("content", {}).get("application/json")
        if content:
            shape = shapes[content["schema"]["$ref"].rpartition("/")[2]]
            assert shape["additionalProperties"] is False, path


def test_every_example_is_what_its_schema_asks_for(document: dict[str, Any]) -> None:
    checked = 0
    for _, _, told in operations(document):
        examples = [(each["schema"], each["example"]) for each in told["parameters"] if "example" in each]
        examples += [
            (content["schema"], content["example"])
            for content in told.get("requestBody", {}).get("content", {}).values()
            if "example" in content
        ]
        for schema, example in examples:
            whole = {**schema, "components": document["components"]}
            Draft202012Validator(whole).validate(example)
            checked += 1
    assert checked > 30


def test_every_body_that_json_makes_up_has_an_example(document: dict[str, Any]) -> None:
    for _, path, told in operations(document):
        for content in told.get("requestBody", {}).get("content", {}).values():
            if "$ref" in content["schema"]:
                assert "example" in content, path


def test_the_examples_about_services_work(document: dict[str, Any], program: Callable[..., Program]) -> None:
    company = program("company")
    for method, path, told in operations(document):
        if not path.startswith("/services"):
            continue
        for each in told["parameters"]:
            path = path.replace(f"{{{each['name']}}}", str(each.get("example", "")))
        if method == "GET":
            assert company.asks("GET", path).status_code == 200, path
        if told["operationId"] == "start_application":
            company.posts(path, told["requestBody"]["content"]["application/json"]["example"], 201)


def test_people_can_read_it_without_scripts(app: Flask, document: dict[str, Any]) -> None:
    page = app.test_client().get(f"{ROOT}/").get_data(as_text=True)
    for _, path, told in operations(document):
        assert f"{ROOT}{path}" in page and f'id="{told["operationId"]}"' in page


def test_the_example_of_a_duty_works(document: dict[str, Any], program: Callable[..., Program]) -> None:
    told = document["paths"]["/services/{service_id}/duties"]["post"]
    example = told["requestBody"]["content"]["application/json"]["example"]
    admin = program("admin")
    case = admin.posts("/services/information-duty/duties", example, 201)["id"]
    assert admin.gets(f"/cases/{case}")["answers"] == {"announcement": example["answers"]}
    wrong = admin.posts("/services/information-duty/duties", {**example, "answers": {"what": "changes"}}, 422)
    assert "#/answers/order_number" in {each["pointer"] for each in wrong["errors"]}
    program("company").posts("/services/information-duty/duties", example, 403)
