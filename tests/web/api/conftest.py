"""Programs over one office."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.cases.office import Office
from app.gateways.authority import TestAuthority
from app.web import create_app
from tests.clock import HandClock
from tests.desk import Desk
from tests.press import with_short_letters
from tests.web.api.program import Program


@pytest.fixture
def desk(office: Office, clock: HandClock, authority: TestAuthority) -> Desk:
    return Desk(with_short_letters(office), clock, authority)


@pytest.fixture
def app(desk: Desk) -> Flask:
    return create_app(desk.office, signer_url=None)


@pytest.fixture
def program(app: Flask, desk: Desk) -> Callable[..., Program]:
    return lambda login, **options: Program(app, desk, login, **options)
