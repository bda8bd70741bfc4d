"""Asking another server over HTTP, within bounds of time and size."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import monotonic
from typing import TypeVar

import httpx

Answer = TypeVar("Answer")

_CONNECT_SECONDS = 3.0


class NoAnswer(Exception):
    """A server gave no answer that can be used; the words are for logs, not for people."""


class TooSlow(NoAnswer):
    """The server did not answer in time."""


class Refused(NoAnswer):
    """The server answered with an HTTP error; `body` is what it said of it."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(f"HTTP {status}")
        self.status, self.body = status, body


class Fetcher:
    """Sends one request and reads the whole answer. Redirects are not followed: each would lead to an address nobody chose."""

    def __init__(self, *, seconds: float) -> None:
        self._seconds = seconds
        timeout = httpx.Timeout(seconds, connect=min(seconds, _CONNECT_SECONDS))
        self._client = httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False)

    def get(self, address: str, *, largest: int) -> bytes:
        """Raises NoAnswer on any other end than 200 with at most this many bytes."""
        return self._ask("GET", address, largest=largest)

    def post(self, address: str, body: bytes, *, media_type: str, largest: int) -> bytes:
        """Raises NoAnswer on any other end than 200 with at most this many bytes."""
        return self._ask("POST", address, largest=largest, body=body, headers={"Content-Type": media_type})

    def _ask(
        self, method: str, address: str, *, largest: int, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> bytes:
        latest = monotonic() + self._seconds
        try:
            with self._client.stream(method, address, content=body, headers=headers) as response:
                answer = bytearray()
                for part in response.iter_bytes():
                    answer += part
                    if len(answer) > largest:
                        raise NoAnswer(f"more than {largest} bytes from {address}")
                    if monotonic() > latest:
                        raise TooSlow(f"still sending after {self._seconds} s: {address}")
        except httpx.TimeoutException as error:
            raise TooSlow(f"no answer within {self._seconds} s: {address}") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NoAnswer(f"{address}: {error}") from error
        if response.status_code != 200:
            raise Refused(response.status_code, bytes(answer))
        return bytes(answer)


def twice(ask: Callable[[], Answer]) -> Answer:
    """The answer of the first or, if there was none, of a second attempt."""
    try:
        return ask()
    except NoAnswer:
        return ask()
