"""Programs over one office."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.cases.office import Office
from app.web import create_app
from tests.desk import Desk
from tests.web.api.program import Program


@pytest.fixture
def app(office: Office) -> Flask:
    return create_app(office, signer_url=None)


@pytest.fixture
def program(app: Flask, desk: Desk) -> Callable[..., Program]:
    return lambda login, **options: Program(app, desk, login, **options)
