"""Circles in a diagram that run without a person, a timer or a message: once entered, they would never pause."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.moves import Finding
from app.engine.findings import Rule
from app.engine.graph import Scope, event_of, tag
from app.engine.lint import Diagrams

AUTOMATIC_CYCLE = Rule(
    "bpmn-automatic-cycle", "The circle %(path)s runs without a person, a timer or a message; it would never pause"
)


class Pausing:
    """Which elements surely pause: those at which a person, a timer or a message must come before the token goes on."""

    def __init__(self, diagrams: Diagrams) -> None:
        self._processes = diagrams.processes
        self._inner = {scope.id: scope for scope in diagrams.scopes if scope.parent is not None}
        self._known: dict[str, bool] = {}

    def pauses(self, scope: Scope, identity: str) -> bool:
        node = scope.nodes[identity]
        name = tag(node)
        if name in ("userTask", "intermediateCatchEvent"):
            return True
        if name == "boundaryEvent":
            return event_of(node) != "error"
        if name == "subProcess":
            return self._scope_pauses(self._inner.get(identity))
        if name == "callActivity":
            return self._scope_pauses(self._processes.get(node.get("calledElement", "")))
        return False

    def _scope_pauses(self, scope: Scope | None) -> bool:
        """Whether every way through it pauses. A call that leads back to itself counts as not pausing."""
        if scope is None:
            return False
        if scope.id not in self._known:
            self._known[scope.id] = False
            self._known[scope.id] = not self._has_automatic_way(scope)
        return self._known[scope.id]

    def _has_automatic_way(self, scope: Scope) -> bool:
        waiting = [node.get("id", "") for node in scope.tagged("startEvent")]
        seen: set[str] = set()
        while waiting:
            identity = waiting.pop()
            if identity in seen or self.pauses(scope, identity):
                continue
            if tag(scope.nodes[identity]) == "endEvent":
                return True
            seen.add(identity)
            waiting.extend(_successors(scope, identity))
        return False


def _successors(scope: Scope, identity: str) -> list[str]:
    return [*(flow.target for flow in scope.outgoing(identity)), *scope.boundaries(identity)]


def automatic_circles(scope: Scope, pausing: Pausing) -> Iterator[Finding]:
    """Circles of elements none of which pauses, each told once, at its first element."""
    automatic = {identity for identity in scope.nodes if not pausing.pauses(scope, identity)}
    done: set[str] = set()
    for first in scope.nodes:
        if first not in automatic or first in done:
            continue
        path, on_path = [first], {first}
        ways = [iter(_successors(scope, first))]
        while path:
            following = next(ways[-1], None)
            if following is None:
                last = path.pop()
                on_path.remove(last)
                done.add(last)
                ways.pop()
            elif following in on_path:
                circle = [*path[path.index(following) :], following]
                yield AUTOMATIC_CYCLE.broken_by(scope.file, scope.nodes[following], path=" → ".join(circle))
            elif following in automatic and following not in done:
                path.append(following)
                on_path.add(following)
                ways.append(iter(_successors(scope, following)))
