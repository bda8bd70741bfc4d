"""The OpenAPI 3.1 document, written from the operations: what is checked and what is said of it cannot differ.

Schemas are JSON Schema 2020-12, which OpenAPI 3.1 takes as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, Field
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

from app.web.api.bearer import SAFE
from app.web.api.operations import ID, JSON, PARTS, Header, Operation
from app.web.api.problems import MEDIA_TYPE
from app.web.security import Access

ROOT = "/api/v1"
SCHEMAS = "#/components/schemas/{model}"
EXAMPLES = {"service_id": "guarantee-obligation-end-user-certificate", "rule_id": "foreign_trade_contract", "number": 1}
AN_ID = "0" * 32

INTRODUCTION = """Everything the pages do, for programs: the same use cases and the same permission table.

Every request but those for services and for this document carries `Authorization: Bearer <token>`. A token acts for the person
who made it, on the page `/tokens` or by `rasim token`; one of scope `read` changes nothing. Cookies are ignored.

Errors are problem details (RFC 9457) in the language of `Accept-Language` or `?lang=`; without either it is Kazakh.
Moments are in UTC; days are civil days of Kazakhstan. Identifiers are opaque.
"""

STATUSES = {
    400: "The body is not what its type promises.",
    401: "No token, or one that does not work.",
    403: "The caller may not do this.",
    404: "No such thing, or none the caller may know of.",
    405: "The address does not take such a request.",
    409: "Calmly declined, nothing changed: done already, taken by somebody else, or out of date.",
    412: "What the change builds upon is not what stands there now.",
    413: "Too large.",
    415: "Not a type taken here.",
    422: "Something given is wrong; `errors` names every place.",
    500: "The system met an error.",
    503: "Not available just now; trying later makes sense.",
}


class Fault(BaseModel):
    """One thing that is wrong, at its place."""

    pointer: str | None = Field(default=None, description="Place in the body: a JSON pointer as a URI fragment.")
    parameter: str | None = Field(default=None, description="Or the parameter or header.")
    detail: str


class ProblemDetails(BaseModel):
    """RFC 9457."""

    type: str = Field(description="Names the kind of problem, in every language alike.")
    title: str
    status: int
    detail: str
    instance: str
    errors: list[Fault] = []


class _Schemas(GenerateJsonSchema):
    """Without titles that say a name once more."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


Shapes = Mapping[Any, Mapping[str, Any]]
"""Reference to the schema of (shape, mode)."""


def openapi(operations: Sequence[Operation], access: Mapping[str, Access], version: str) -> dict[str, Any]:
    """`access` says by the operation's name who may call it."""
    shapes, definitions = models_json_schema(
        list(dict.fromkeys(_shapes(operations))), ref_template=SCHEMAS, schema_generator=_Schemas
    )
    paths: dict[str, dict[str, Any]] = {}
    for each in operations:
        paths.setdefault(_path(each.rule), {})[each.method.lower()] = _operation(each, access[each.name], shapes)
    tags = dict.fromkeys(each.tag for each in operations)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Rasim",
            "version": version,
            "description": INTRODUCTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": ROOT}],
        "tags": [{"name": tag} for tag in tags],
        "paths": paths,
        "components": {
            "schemas": _of_bodies(definitions.get("$defs", {})),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _shapes(operations: Iterable[Operation]) -> Iterator[tuple[type[BaseModel], JsonSchemaMode]]:
    yield ProblemDetails, "validation"
    for each in operations:
        yield each.query, "validation"
        if each.body is not None:
            yield each.body, "validation"
        if each.answer is not None:
            yield each.answer, "serialization"


def _of_bodies(schemas: dict[str, Any]) -> dict[str, Any]:
    """Those of parameters stand with the parameters."""
    return {name: schema for name, schema in sorted(schemas.items()) if not name.endswith("Query")}


def _path(rule: str) -> str:
    return re.sub(r"<(?:[a-z]+:)?([a-z_]+)>", r"{\1}", rule)


def _operation(each: Operation, access: Access, shapes: Shapes) -> dict[str, Any]:
    told = {
        "operationId": each.name,
        "tags": [each.tag],
        "summary": each.summary,
        "description": each.description,
        "security": [{"token": ["read" if each.method in SAFE else "write"]}] if access.signed_in else [],
        "parameters": [*_parts(each.rule), *_query(each, shapes), *map(_header, each.headers)],
        "responses": _responses(each, access, shapes),
    }
    if each.body is not None:
        content: dict[str, Any] = {"schema": shapes[each.body, "validation"]}
        if each.example is not None:
            content["example"] = each.example
        told["requestBody"] = {"required": True, "content": {JSON: content}}
    elif each.takes:
        bytes_of = {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in each.takes}
        told["requestBody"] = {"required": True, "content": bytes_of}
    return told


def _parts(rule: str) -> Iterator[dict[str, Any]]:
    for kind, name in re.findall(r"<(?:([a-z]+):)?([a-z_]+)>", rule):
        schema: dict[str, Any] = {"type": "string", "pattern": f"^{PARTS.get(name, ID)}$"}
        if kind == "int":
            schema = {"type": "integer", "minimum": 1, "maximum": 1000}
        yield {"name": name, "in": "path", "required": True, "schema": schema, "example": EXAMPLES.get(name, AN_ID)}


def _query(each: Operation, shapes: Shapes) -> Iterator[dict[str, Any]]:
    shape = each.query.model_json_schema(ref_template=SCHEMAS, schema_generator=_Schemas)
    for name, schema in shape["properties"].items():
        described = {"description": schema.pop("description")} if "description" in schema else {}
        yield {
            "name": name,
            "in": "query",
            "required": name in shape.get("required", ()),
            **described,
            "schema": _without_null(schema),
        }


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter that is not given is not null: it is not there."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    return kinds[0] if len(kinds) == 1 else schema


def _header(each: Header) -> dict[str, Any]:
    return {"name": each.name, "in": "header", "required": False, "description": each.description, "schema": each.schema}


def _responses(each: Operation, access: Access, shapes: Shapes) -> dict[str, Any]:
    done: dict[str, Any] = {"description": "Done."}
    if each.answer is not None:
        done["content"] = {JSON: {"schema": shapes[each.answer, "serialization"]}}
    elif each.media_types:
        done["content"] = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in each.media_types}
    if each.answer_headers:
        done["headers"] = {
            name: {"description": says, "schema": {"type": "string"}} for name, says in each.answer_headers.items()
        }
    answers = {str(each.status): done}
    for status in sorted(set(_problems(each, access))):
        content = {MEDIA_TYPE: {"schema": shapes[ProblemDetails, "validation"]}}
        answers[str(status)] = {"description": STATUSES[status], "content": content}
        if status == 401:
            says = {"description": "How to ask (RFC 6750).", "schema": {"type": "string"}}
            answers[str(status)]["headers"] = {"WWW-Authenticate": says}
    return answers


def _problems(each: Operation, access: Access) -> Iterator[int]:
    yield from (401, 422, 500, 503)
    yield from each.problems
    if access.signed_in:
        yield 403
    if "<" in each.rule:
        yield 404
    if each.body is not None:
        yield from (400, 413, 415)
    elif each.takes:
        yield from (413, 415)
