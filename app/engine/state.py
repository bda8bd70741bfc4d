"""The state of a running process as bytes.

Only what can still move is kept: tokens that stand somewhere and the direct parent of each; a join asks by which flow a
token came, an activity which events watch it, and nothing asks further back. So a state does not grow with the rounds of
a loop. Specs stay outside; lists instead of objects keep it small and independent of the order of keys.

    b"RS" + format number + zlib(JSON)
    1: [nonce, last id, [[outside token, spec, flags, [[id, parent, state, spec, internal data, flags, instance], ...]], ...]]

A parent of 0 means the start. An empty list of scopes means that the process has ended.
"""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Iterator
from typing import Any

import orjson

from app.domain.errors import ProcessFailed
from app.domain.moves import CallHandler, HandlerResult, ServiceCall
from app.engine.process import Process
from app.engine.tokens import ProcessInstance, Scope, ScopeMixin, Token

_MAGIC = b"RS"
FORMAT = 1
_HEADER = _MAGIC + bytes([FORMAT])


def new_instance(process: Process, call_handler: CallHandler) -> ProcessInstance:
    return ProcessInstance(process, call_handler, nonce=secrets.token_hex(8))


def encode(instance: ProcessInstance) -> bytes:
    scopes = [] if instance.completed else [_scope_row(scope) for scope in instance.scopes()]
    return _HEADER + zlib.compress(orjson.dumps([instance.nonce, instance.last_id, scopes]), 1)


def _scope_row(scope: ScopeMixin) -> list[Any]:
    outside = scope.outside.id if isinstance(scope, Scope) else 0
    return [outside, scope.spec.name, scope.flags, list(_token_rows(scope))]


def _token_rows(scope: ScopeMixin) -> Iterator[tuple[Any, ...]]:
    kept = {token.id for token in scope.live_tokens()}
    kept |= {token._parent for token in scope.live_tokens() if token._parent is not None}
    kept.discard(scope.task_tree.id)
    for token in scope.tasks.values():
        if token.id in kept:
            parent = token._parent if token._parent in kept else 0
            yield (
                token.id,
                parent,
                token._state,
                token.task_spec.name,
                token.internal_data,
                token.data,
                int(token.triggered),
            )


def decode(process: Process, state: bytes, call_handler: CallHandler) -> ProcessInstance:
    """The running process again, as it was saved. Raises ProcessFailed when the state cannot be read."""
    if state[:2] != _MAGIC or state[2:3] not in _READERS:
        raise ProcessFailed(
            "A state of the process %(process)s begins with %(found)s; known are the formats %(known)s",
            process=process.main,
            found=state[:3].hex(),
            known=", ".join(str(number[0]) for number in _READERS),
        )
    try:
        content = orjson.loads(zlib.decompress(state[3:]))
        return _READERS[state[2:3]](process, content, call_handler)
    except (zlib.error, ValueError, KeyError, TypeError) as error:
        raise ProcessFailed(
            "A state of the process %(process)s (version %(digest)s) cannot be read: %(kind)s: %(error)s",
            process=process.main,
            digest=process.digest[:12],
            kind=type(error).__name__,
            error=error,
        ) from error


def _read_1(process: Process, content: list[Any], call_handler: CallHandler) -> ProcessInstance:
    nonce, last_id, scopes = content
    instance = ProcessInstance(process, call_handler, nonce=nonce, last_id=last_id)
    instance.completed = not scopes
    tokens: dict[int, Token] = {}
    for outside, spec_name, flags, rows in scopes:
        scope: ScopeMixin = instance.open(tokens[outside], spec_name) if outside else instance
        scope.flags = flags
        _fill(scope, rows)
        tokens |= scope.tasks
    return instance


def nothing_runs(call: ServiceCall) -> HandlerResult:
    """Stands for the handlers where a state is only looked at, or carried over to another version."""
    raise AssertionError(f"{call.element.id} was called although nothing moves")


def _fill(scope: ScopeMixin, rows: list[list[Any]]) -> None:
    root = scope.task_tree = Token(scope, scope.spec.start, id=-1)
    for token_id, parent, state, spec_name, internal, flags, triggered in rows:
        token = Token(scope, scope.spec.task_specs[spec_name], scope.tasks[parent] if parent else root, state, token_id)
        token.internal_data = internal
        token.data = flags
        token.triggered = bool(triggered)


_READERS = {b"\x01": _read_1}
