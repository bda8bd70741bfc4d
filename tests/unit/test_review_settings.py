"""Settings that decide about safety: the mode without an option, and the secret of the sessions."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from app.bootstrap.settings import read_settings
from app.cli import main
from tests.threads import at_once


def test_rasim_run_opens_no_demonstration_where_the_mode_says_production(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Else everybody's password would stand in a production database."""
    monkeypatch.setenv("RASIM_MODE", "production")
    monkeypatch.setenv("RASIM_HOME", str(tmp_path))
    answer = CliRunner().invoke(main, ["run", "--port", "0"])
    assert answer.exit_code == 1
    assert "RASIM_SIGNATURE_ROOTS must name a folder" in answer.output


def test_processes_that_start_at_one_moment_share_one_secret(tmp_path: Path) -> None:
    secrets = at_once([lambda: read_settings({"RASIM_HOME": str(tmp_path)}).secret_key] * 8)
    assert len(set(secrets)) == 1
    assert len(secrets[0]) == 64
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]
