"""Handlers and outside calls by name, as diagrams and jobs name them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from app.domain.errors import Misconfigured
from app.domain.handling import Handler, OutsideCall

_handlers: dict[str, Handler] = {}
_outside_calls: dict[str, OutsideCall] = {}


def handler(name: str) -> Callable[[Handler], Handler]:
    """Registers a function under the name a diagram's <rasim:handler name="…"/> uses."""

    def register(function: Handler) -> Handler:
        if name in _handlers:
            raise Misconfigured("Two handlers are called '%(name)s'.", name=name)
        _handlers[name] = function
        return function

    return register


def outside_call(name: str) -> Callable[[OutsideCall], OutsideCall]:
    """Registers what a job of this name does outside any transaction."""

    def register(function: OutsideCall) -> OutsideCall:
        if name in _outside_calls:
            raise Misconfigured("Two outside calls are called '%(name)s'.", name=name)
        _outside_calls[name] = function
        return function

    return register


HANDLERS: Mapping[str, Handler] = MappingProxyType(_handlers)
OUTSIDE_CALLS: Mapping[str, OutsideCall] = MappingProxyType(_outside_calls)
