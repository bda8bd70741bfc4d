"""Schemathesis reads the document, and sends whatever it allows and forbids; every answer has to be one the document knows.

Generated identifiers would find nothing, so every other one is replaced by one there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from threading import Thread
from typing import Any

import pytest
import schemathesis
import schemathesis.hooks
from flask import Flask
from schemathesis import Case, HookContext
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from werkzeug.serving import make_server

from app.cases.units import units
from tests.desk import SERVICE, Desk
from tests.scenarios.test_incidents import failed_timer
from tests.web.api.program import Program

CALLERS = {
    "Tasks": "clerk",
    "Cases": "head",
    "Signing": "head",
    "Registration": "clerk",
    "Supervision": "deputy",
    "Absences": "head",
    "Units": "admin",
}
"""Who has something of each kind. Everything else is asked for by the company; so nobody may move the clock."""
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "ignored_auth",
    "unsupported_method",
    "allow_header_conformance",
)


def configuration(tokens: Mapping[str, str]) -> SchemathesisConfig:
    """The same requests in every run."""
    return SchemathesisConfig.from_dict(
        {
            "seed": 20260302,
            "continue-on-failure": True,
            "generation": {"mode": "all", "max-examples": 3, "deterministic": True, "database": "none", "no-shrink": True},
            "phases": {"coverage": {"unexpected-methods": ["PATCH", "TRACE"]}, "stateful": {"enabled": False}},
            "checks": {"enabled": False, **{name: {"enabled": True} for name in CHECKS}},
            "headers": {"Authorization": f"Bearer {tokens['company']}"},
            "operations": [
                {"include-tag": tag, "headers": {"Authorization": f"Bearer {tokens[login]}"}} for tag, login in CALLERS.items()
            ],
            "warnings": False,
        }
    )


@pytest.fixture
def known(program: Callable[..., Program], desk: Desk) -> dict[str, Any]:
    """Identifiers of what there is in the office."""
    company = program("company")
    case = company.files(company.drafts())
    issued = desk.file("company")
    desk.to_the_certificate(issued)
    return {
        "case_id": issued,
        "application_id": company.drafts(),
        "item_id": desk.item(case, "clerk").row.id,
        "document_id": next(each.id for each in desk.case(issued).documents if each.signatures),
        "incident_id": failed_timer(desk)[0],
        "unit_id": units(desk.office, desk.actor("admin"))[0].id,
        "notice_id": company.gets("/notices")["items"][0]["id"],
        "service_id": SERVICE,
        "rule_id": "foreign_trade_contract",
    }


@pytest.fixture
def asked(known: Mapping[str, Any]) -> Iterator[set[str]]:
    """The operations that were asked for, every other time about what there is."""
    calls: list[str] = []

    @schemathesis.hook
    def before_call(_context: HookContext, case: Case, _kwargs: dict[str, Any]) -> None:
        calls.append(case.operation.label)
        for name, value in case.path_parameters.items():
            if name in known and isinstance(value, str) and len(calls) % 2:
                case.path_parameters[name] = known[name]

    labels: set[str] = set()
    yield labels
    labels.update(calls)
    schemathesis.hooks.unregister_all()


@pytest.fixture
def served(app: Flask) -> Iterator[str]:
    """The application's address over a real socket: without one Schemathesis cannot ask again without a token."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    running = Thread(target=server.serve_forever)
    running.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    running.join()
    server.server_close()


def test_every_answer_is_one_the_document_knows(served: str, program: Callable[..., Program], asked: set[str]) -> None:
    tokens = {login: program(login).token for login in ("company", *CALLERS.values())}
    schema = schemathesis.openapi.from_url(f"{served}/api/v1/openapi.json", config=configuration(tokens))
    failed: list[str] = []
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError):
            failed.append(f"{event.label}: {event.value!r}")
        if isinstance(event, events.FatalError):
            raise event.exception
        if isinstance(event, events.ScenarioFinished):
            failed += list(_failures(event))
    assert not failed, f"{len(failed)}\n\n" + "\n\n".join(failed)


def _failures(event: events.ScenarioFinished) -> Iterator[str]:
    for case_id, found in event.recorder.checks.items():
        for check in found:
            if check.failure_info is not None:
                asked = event.recorder.cases[case_id].value.as_curl_command()
                yield f"{event.recorder.label}: {check.failure_info.failure}\n{asked}"
