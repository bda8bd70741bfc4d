"""A real HTTP server on this machine, which answers as a test says."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

SILENCE = None
"""In place of an answer: the connection stays open, and nothing comes."""

Answer = Callable[[str, str, bytes], tuple[int, bytes] | None]
"""(method, path, body) → (status, body)."""


class LocalServer:
    """Listens from the beginning of a `with` to its end; `asked` is what was asked, in order."""

    def __init__(self, answer: Answer) -> None:
        self.asked: list[tuple[str, str, bytes]] = []
        self.answer = answer
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def _any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.asked.append((self.command, self.path, body))
                answered = outer.answer(self.command, self.path, body)
                if answered is None:
                    outer._closing.wait()
                    return
                status, content = answered
                try:
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)
                except ConnectionError:
                    return  # the other side had enough

            do_GET = do_POST = _any

            def log_message(self, format: str, *args: Any) -> None:
                """Silent."""

        return Handler
