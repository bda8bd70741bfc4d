"""The product as a person meets it: `rasim run` in a process of its own, and a real Chromium in front of it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60
expect.set_options(timeout=PATIENCE_SECONDS * 1000 / 2)  # a busy machine is slow, not wrong
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a fresh Rasim serves; its clock begins on Monday 2 March 2026, 10:00 in Astana."""
    port, home = free_port(), tmp_path_factory.mktemp("home")
    command = [sys.executable, "-m", "app.cli", "run", "--port", str(port), "--signer-port", str(free_port())]
    environment = {**os.environ, "RASIM_HOME": str(home)}
    log = home / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*command, "--clock", "2026-03-02T10:00"], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
    try:
        yield _answering(server, f"http://127.0.0.1:{port}", log)
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE_SECONDS)


def _answering(server: subprocess.Popen[bytes], address: str, log: Path) -> str:
    for _ in range(PATIENCE_SECONDS * 5):
        if server.poll() is not None:
            pytest.fail(f"rasim run ended: {log.read_text()}")
        try:
            with urlopen(address, timeout=5):
                return address
        except URLError:
            time.sleep(0.2)  # a server coming up, not a moment of the domain
    pytest.fail(f"rasim run did not answer: {log.read_text()}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield chromium
        chromium.close()
