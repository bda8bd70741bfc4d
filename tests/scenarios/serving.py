"""A real `rasim run`, to be killed and started again many times.

Loading Rasim takes seconds, serving does not: one process loads everything and then forks a server for every command line it
reads. What is killed is a whole process of its own, with its own connections, sessions and sweep.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]
Fields = Iterable[tuple[str, str]]


class Servers:
    """Starts servers one after another at one address, with these settings in the environment."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self._log = log.open("w")
        self._loaded = subprocess.Popen(
            [sys.executable, "-m", "tests.scenarios.serving"],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        self._pid = 0

    def start(self, *options: str) -> None:
        """Begins to start a server; it answers some moments later."""
        arguments = ["run", "--port", str(self.port), "--signer-port", "0", *options]
        self._say(json.dumps(arguments))
        self._pid = int(self._hear())

    def kill(self) -> None:
        """SIGKILL, and waits until the process is gone. Fails if it had ended by itself."""
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        assert (how := self._hear()) == f"ended by signal {signal.SIGKILL.value}", how

    def close(self) -> None:
        assert self._loaded.stdin is not None
        assert self._loaded.stdout is not None
        self._loaded.stdin.close()
        self._loaded.wait(10)
        self._loaded.stdout.close()
        self._log.close()

    def _say(self, line: str) -> None:
        pipe = self._loaded.stdin
        assert pipe is not None
        pipe.write(line + "\n")
        pipe.flush()

    def _hear(self) -> str:
        pipe: IO[str] | None = self._loaded.stdout
        assert pipe is not None
        return pipe.readline().strip()


class Visitor:
    """A person's browser, without pictures: keeps the cookie, sends forms, follows nothing."""

    def __init__(self, port: int, login: str, password: str) -> None:
        self._port, self._cookie, self._token = port, "", ""
        self._look_for_token("/sign-in")
        status, address = self.post("/sign-in", [("login", login), ("password", password)])
        assert status == 302, (login, status)
        self._look_for_token(address)

    def _look_for_token(self, address: str) -> None:
        status, _, page = self._ask("GET", address)
        assert status == 200, (address, status)
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert found is not None, address
        self._token = found[1]

    def post(self, address: str, fields: Fields) -> tuple[int, str]:
        """The status, and the address led to. Raises OSError or HTTPException when the server dies before answering."""
        status, location, _ = self._ask("POST", address, urlencode([("csrf_token", self._token), *fields]))
        return status, location

    def submit(self, address: str, fields: Fields) -> tuple[int, str]:
        """The status, and the page answered."""
        status, _, page = self._ask("POST", address, urlencode([("csrf_token", self._token), *fields]))
        return status, page

    def _ask(self, method: str, address: str, body: str | None = None) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        headers = {"Cookie": self._cookie, "Referer": f"http://127.0.0.1:{self._port}/"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, address, body, headers)
            answer = connection.getresponse()
            page = answer.read().decode()
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            self._cookie = cookie.partition(";")[0]
        return answer.status, answer.headers.get("Location", ""), page


def serve() -> None:
    from app.cli import main

    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
            main(json.loads(line))
        _tell(str(pid))
        _, how = os.waitpid(pid, 0)
        _tell(f"ended by signal {os.WTERMSIG(how)}" if os.WIFSIGNALED(how) else f"ended with {os.WEXITSTATUS(how)}")


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve()
