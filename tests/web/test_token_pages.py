"""The page on which a person makes tokens for programs, and the command that does the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from app.cases.office import Office
from app.cli import main
from app.gateways.authority import TestAuthority
from app.web import create_app
from tests.web.visitor import Visitor


@pytest.fixture
def app(office: Office) -> Flask:
    return create_app(office, signer_url=None)


def answer(app: Flask, token: str) -> int:
    return app.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code


def test_a_token_made_on_the_page_is_shown_once_works_and_is_revoked(app: Flask) -> None:
    clerk = Visitor(app, "clerk")
    clerk.opens("/tokens")
    page = clerk.sends("/tokens", name="Түнгі көшіру", scope="write", days="7")
    token = page.xpath("string(//code[contains(@class, 'token')])")
    assert token.startswith("rasim_") and answer(app, token) == 200
    assert token not in clerk.opens("/tokens").text_content()
    assert "Түнгі көшіру" in clerk.text and "9 March 2026" in clerk.text  # 7 days after 2 March
    clerk.sends("/revoke")
    assert answer(app, token) == 401
    assert "revoked" in clerk.opens("/tokens").text_content()


def test_a_token_without_a_name_or_for_longer_than_a_year_is_not_made(app: Flask) -> None:
    clerk = Visitor(app, "clerk")
    clerk.opens("/tokens")
    clerk.sends("/tokens", name=" ", days="7")
    assert clerk.status == 422 and "A token needs a name" in clerk.text
    clerk.sends("/tokens", name="export", days="400")
    assert clerk.status == 422 and "1 to 366 days" in clerk.text
    assert clerk.page.xpath("string(//input[@id='name']/@value)") == "export"


def test_nobody_sees_or_revokes_anothers_tokens(app: Flask) -> None:
    clerk, head = Visitor(app, "clerk"), Visitor(app, "head")
    clerk.opens("/tokens")
    page = clerk.sends("/tokens", name="export", days="7")
    address = page.xpath("string(//form[contains(@action, '/revoke')]/@action)")
    head.opens("/tokens")
    assert "export" not in head.text
    assert head.posts(address).status_code == 404


def test_the_command_makes_lists_and_revokes_tokens(
    app: Flask, database: str, tmp_path: Path, authority: TestAuthority, office: Office
) -> None:
    (tmp_path / "roots").mkdir()
    (tmp_path / "roots" / "test.cer").write_bytes(authority.root_certificate)
    settings = {
        "RASIM_HOME": str(tmp_path / "home"),
        "RASIM_DATABASE": database,
        "RASIM_SIGNATURE_ROOTS": str(tmp_path / "roots"),
    }
    rasim: Callable[..., Result] = lambda *arguments: CliRunner().invoke(main, ["token", *arguments], env=settings)  # noqa: E731
    token = rasim("make", "clerk", "export", "--scope", "write", "--days", "300").output.strip()
    assert token.startswith("rasim_") and answer(app, token) == 200
    listed = rasim("list", "clerk").output
    assert "export" in listed and ", works" in listed and token not in listed
    assert rasim("revoke", "clerk", listed.split()[0]).output == "The token is revoked.\n"
    assert answer(app, token) == 401
    unknown = rasim("make", "nobody", "export")
    assert (unknown.exit_code, unknown.output) == (1, "Error: There is no person 'nobody'.\n")
